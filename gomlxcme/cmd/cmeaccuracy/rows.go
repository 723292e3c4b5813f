package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// row is one measured run, or one that failed.
type row struct {
	System    string  `json:"system"`
	Seed      uint64  `json:"seed"`
	Options   string  `json:"options"`            // of cme solve, output times among them
	Reference string  `json:"reference"`          // command and options
	Until     float64 `json:"until"`              // last output time
	Date      string  `json:"date"`               // day of the measurement
	Revision  string  `json:"revision,omitempty"` // of the program, "+" behind it where files had been changed
	Failure   string  `json:"failure,omitempty"`
	Wall      float64 `json:"wall_seconds"`
	CPU       float64 `json:"cpu_seconds"`
	Network   string  `json:"network,omitempty"` // with all defaults
	Bound     float64 `json:"kl_bound"`          // the largest of all output times
	deviation
}

// same reports whether two rows answer the same question.
func (r row) same(o row) bool {
	return r.System == o.System && r.Seed == o.Seed && r.Options == o.Options && r.Reference == o.Reference
}

// rows is the file that keeps what was measured.
type rows struct {
	path string
	list []row
}

// openRows reads the file; one that does not exist is empty.
func openRows(path string) (*rows, error) {
	r := &rows{path: path}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.list, err = parseRows(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

func parseRows(text []byte) ([]row, error) {
	var list []row
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		var one row
		if err := json.Unmarshal(lines.Bytes(), &one); err != nil {
			return nil, fmt.Errorf("line %d: %w; remove the line to have it measured again", n, err)
		}
		list = append(list, one)
	}
	return list, lines.Err()
}

// done reports whether the row was measured with success.
func (r *rows) done(question row) bool {
	for _, old := range r.list {
		if old.same(question) && old.Failure == "" {
			return true
		}
	}
	return false
}

// put adds a row in the place of an older one, and writes the file.
func (r *rows) put(one row) error {
	replaced := false
	for i, old := range r.list {
		if old.same(one) {
			r.list[i], replaced = one, true
		}
	}
	if !replaced {
		r.list = append(r.list, one)
	}
	return run.WriteFile(r.path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		for _, one := range r.list {
			if err := e.Encode(one); err != nil {
				return err
			}
		}
		return nil
	})
}
