package stored

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Pack writes the archive of a result directory whose run is not at work, finished or stopped at a later output time: its record, tables and networks, without checkpoints and progress.
// Of files outside it, such as the
// plugin of the backend, the names are kept, not where they lay. Equal directories give equal bytes.
func Pack(w io.Writer, dir string) error {
	result, err := run.Open(dir)
	if err != nil {
		return err
	}
	if s := result.Record.Status; s == run.Running || s == run.Failed {
		return fmt.Errorf("the run in %s is %s: only one that was finished or stopped is stored", dir, s)
	}
	networks, err := filepath.Glob(filepath.Join(dir, networkFolder, "*"+networkEnding))
	if err != nil {
		return err
	}
	slices.Sort(networks)
	archive := zip.NewWriter(w)
	add := func(name string, content []byte) error {
		f, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate}) // no date: equal bytes
		if err != nil {
			return err
		}
		_, err = f.Write(content)
		return err
	}
	for _, path := range append([]string{filepath.Join(dir, "moments.csv"), filepath.Join(dir, "marginals.csv")}, networks...) {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		if err := add(filepath.ToSlash(name), content); err != nil {
			return err
		}
	}
	record := result.Record
	record.Backend = filepath.Base(record.Backend)
	for i, word := range record.CommandLine {
		if filepath.IsAbs(word) {
			record.CommandLine[i] = filepath.Base(word)
		}
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // reactions are read by people: "A -> B"
	e.SetIndent("", "  ")
	if err := e.Encode(record); err != nil {
		return err
	}
	if err := add(recordName, text.Bytes()); err != nil {
		return err
	}
	return archive.Close()
}
