package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// Schema is the version of run.json that this package writes. Readers take this version and older ones.
const Schema = 1

// recordName is the file that makes a directory a result directory.
const recordName = "run.json"

// ErrNoRun says that a directory holds no run.
var ErrNoRun = errors.New("run: no run here")

// Record is the content of run.json: all that is needed to know what was computed, to repeat it, and to trust it.
type Record struct {
	Schema      int               `json:"schema"`
	Command     string            `json:"command"` // "ssa", "fsp", "solve"
	CommandLine []string          `json:"command_line,omitempty"`
	Model       Model             `json:"model"`
	Settings    map[string]any    `json:"settings"` // every setting after defaults, by the name of its option
	Seed        *uint64           `json:"seed"`     // actually used; null for computations without chance
	Backend     string            `json:"backend,omitempty"`
	Versions    map[string]string `json:"versions"`
	Status      Status            `json:"status"`
	Error       string            `json:"error,omitempty"`
	Started     time.Time         `json:"start"`
	Ended       *time.Time        `json:"end"` // null while it runs
	WallSeconds float64           `json:"wall_seconds"`
	CPUSeconds  float64           `json:"cpu_seconds"`
	Resumed     int               `json:"resumed"` // how often the run was taken up again
	Fingerprint string            `json:"fingerprint"`
	Times       []TimeRecord      `json:"times"`
}

// TimeRecord is what run.json says of one output time.
type TimeRecord struct {
	Time        float64          `json:"time"`
	Samples     float64          `json:"samples"` // effective number of samples, 0 for an exact answer
	Diagnostics dist.Diagnostics `json:"diagnostics"`
}

// ReadRecord reads the record of a result directory. The error wraps ErrNoRun if there is none, ErrCorrupt if it cannot be
// understood.
func ReadRecord(dir string) (Record, error) {
	path := filepath.Join(dir, recordName)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Record{}, fmt.Errorf("%w: %s does not exist; name a directory that was given to --out", ErrNoRun, path)
	}
	if err != nil {
		return Record{}, fmt.Errorf("run: cannot read the record: %w", err)
	}
	r, err := parseRecord(text)
	if err != nil {
		return Record{}, fmt.Errorf("%w: %s: %v", ErrCorrupt, path, err)
	}
	return r, nil
}

// parseRecord reads run.json and checks what other code relies on.
func parseRecord(text []byte) (Record, error) {
	var version struct {
		Schema int `json:"schema"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return Record{}, err
	}
	if version.Schema < 1 || version.Schema > Schema {
		return Record{}, fmt.Errorf("schema version %d is not known here (newest is %d); use a newer cme", version.Schema, Schema)
	}
	var r Record
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // settings keep the digits that were written
	if err := dec.Decode(&r); err != nil {
		return Record{}, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Record{}, errors.New("something follows the record")
	}
	return r, r.check()
}

func (r *Record) check() error {
	if r.Command == "" {
		return errors.New("it names no command")
	}
	if !r.Status.known() {
		return fmt.Errorf("status %q is none of running, complete, interrupted, truncated, failed", string(r.Status))
	}
	seen := map[string]bool{}
	for _, s := range r.Model.Species {
		if s == "" || seen[s] {
			return fmt.Errorf("species name %q is empty or used twice", s)
		}
		seen[s] = true
	}
	if len(seen) == 0 {
		return errors.New("the model has no species")
	}
	for _, o := range r.Model.Observables {
		if o.Name == "" || seen[o.Name] {
			return fmt.Errorf("the name %q of an observable is empty or used twice", o.Name)
		}
		seen[o.Name] = true
	}
	last := math.Inf(-1)
	for _, t := range r.Times {
		if !(t.Time > last) || !(t.Samples >= 0) {
			return fmt.Errorf("output time %v does not follow %v, or its samples %v are negative", t.Time, last, t.Samples)
		}
		last = t.Time
	}
	return nil
}

// writeRecord puts run.json in place.
func writeRecord(dir string, r Record) error {
	return WriteFile(filepath.Join(dir, recordName), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false) // reactions are read by people: "A -> B"
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}
