// Command keep makes the archive of a stored run from a result directory:
//
//	go run ./datasets/stored/keep out/accuracy/mapk-10000/seed-1 mapk
//
// It is run at the top of the project.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/datasets/stored"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "keep: give a result directory and the name to store it by")
		os.Exit(2)
	}
	path := filepath.Join("datasets", "stored", "embedded", os.Args[2]+".zip")
	if err := run.WriteFile(path, func(w io.Writer) error { return stored.Pack(w, os.Args[1]) }); err != nil {
		fmt.Fprintln(os.Stderr, "keep:", err)
		os.Exit(1)
	}
}
