package stored

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

//go:embed embedded/*.zip
var archives embed.FS

// folder of the archives, and how their names end.
const folder, ending = "embedded", ".zip"

// recordName is the file that makes a directory a result directory.
const recordName = "run.json"

// ErrUnknown marks a name that no stored run has.
var ErrUnknown = errors.New("unknown stored run")

// Names lists the stored runs.
func Names() []string {
	entries, err := archives.ReadDir(folder)
	if err != nil {
		panic(err) // the folder is part of the program
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = strings.TrimSuffix(e.Name(), ending)
	}
	return names
}

// Open writes the result directory of a stored run to dir/NAME, unless it is there, and reads it. What is written can be read
// by "cme compare" and "cme ask" as well.
func Open(dir, name string) (*run.Result, error) {
	data, err := fs.ReadFile(archives, folder+"/"+name+ending)
	if errors.Is(err, fs.ErrNotExist) {
		hint := ""
		if near := crn.Nearest(name, Names()); near != "" {
			hint = fmt.Sprintf("did you mean %q? ", near)
		}
		return nil, fmt.Errorf("%w %q: %sthere are %s", ErrUnknown, name, hint, strings.Join(Names(), ", "))
	}
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, name)
	if err := unpack(path, data); err != nil {
		return nil, fmt.Errorf("cannot unpack the stored run %s: %w", name, err)
	}
	return run.Open(path)
}

// unpack writes the files of an archive that are not there yet, the record last.
func unpack(path string, data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	write := func(f *zip.File) error {
		in, err := f.Open()
		if err != nil {
			return err
		}
		defer in.Close()
		content, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		target := filepath.Join(path, filepath.FromSlash(f.Name))
		if there, err := os.ReadFile(target); err == nil && bytes.Equal(there, content) {
			return nil
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o777); err != nil {
			return err
		}
		return run.WriteFile(target, func(w io.Writer) error {
			_, err := w.Write(content)
			return err
		})
	}
	var record *zip.File
	for _, f := range archive.File {
		switch {
		case !filepath.IsLocal(filepath.FromSlash(f.Name)):
			return fmt.Errorf("%q leads out of the directory", f.Name)
		case f.Name == recordName:
			record = f
		default:
			if err := write(f); err != nil {
				return err
			}
		}
	}
	if record == nil {
		return fmt.Errorf("the archive has no %s", recordName)
	}
	return write(record)
}
