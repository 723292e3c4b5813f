// Command cmeprobe is a cell of a notebook as a program: "cmekernel doctor"
// builds and runs it to see that cells can be built, which backend computes, and
// that figures carry their fonts.
//
// It prints one line for each: a name, a tab, and what was found.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/kernelext"
)

func main() {
	if err := probe(); err != nil {
		fmt.Fprintln(os.Stderr, "cmeprobe:", err)
		os.Exit(1)
	}
}

func probe() error {
	svg, err := kernelext.DrawChart(kernelext.Style{}, kernelext.Chart{
		X: "time (µs)", Y: "Δ", Series: []kernelext.Series{{X: []float64{0, 1}, Y: []float64{0, 1}}},
	})
	if err != nil {
		return err
	}
	if !bytes.Contains(svg, []byte("@font-face")) {
		return errors.New("a figure does not carry its fonts")
	}
	fmt.Printf("fonts\tembedded in figures (a small one has %.0f kB)\n", float64(len(svg))/1000)
	b, err := backend.Open("")
	if err != nil {
		return err
	}
	fmt.Printf("backend\t%s\n", b.Line())
	return nil
}
