package sweep

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// resultName is the file with the result of a point.
const resultName = "result.jsonl"

// resultSchema is its version.
const resultSchema = 1

// Status says how a point stands.
type Status string

// The values of Status. The first three are final and stand in results.
const (
	Complete  Status = "complete"
	Truncated Status = "truncated" // its budget was used up
	Failed    Status = "failed"
	Running   Status = "running" // somebody computes it now
	Waiting   Status = "waiting" // it was not begun, or was interrupted
	Damaged   Status = "damaged" // its result cannot be read; it is computed again
)

// Result is what is kept of a point.
type Result struct {
	ID          string      `json:"id"`
	Status      Status      `json:"status"`
	Error       string      `json:"error,omitempty"`
	BadInput    bool        `json:"bad_input,omitempty"` // it fails however often it is tried
	Attempts    int         `json:"attempts"`
	Again       bool        `json:"again,omitempty"` // somebody asked to have it computed again, or on
	WallSeconds float64     `json:"wall_seconds"`
	CPUSeconds  float64     `json:"cpu_seconds"`
	Overhead    float64     `json:"overhead_seconds"` // of the wall time, what the solver did not have
	Rows        []Row       `json:"rows"`
	Diagnostics []Indicator `json:"diagnostics,omitempty"`
}

// Row is one output at one time.
type Row struct {
	Time     float64   `json:"time"`
	Name     string    `json:"name"`               // of a species or observable
	Moments  *Moments  `json:"moments,omitempty"`  // nil if they are not kept
	Marginal []float64 `json:"marginal,omitempty"` // probability of the counts 0, 1, …; nil if it is not kept
}

// Moments are mean, standard deviation, and their standard errors, which are 0 for exact results.
type Moments struct {
	Mean   float64 `json:"mean"`
	SD     float64 `json:"sd"`
	MeanSE float64 `json:"mean_se"`
	SDSE   float64 `json:"sd_se"`
}

// Moment is m as package dist has it.
func (m Moments) Moment() dist.Moment { return dist.Moment(m) }

// Indicator is a number that says how far a result can be trusted.
type Indicator struct {
	Time  float64 `json:"time"`
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// seal is the first line of the file.
type seal struct {
	Schema int    `json:"schema"`
	SHA256 string `json:"sha256"` // of the second line
}

// Store puts the result of a point in place in one step. Runners call it under the lock of the point.
func (s *Sweep) Store(r *Result) error {
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	sum := sha256.Sum256(body)
	head, err := json.Marshal(seal{resultSchema, hex.EncodeToString(sum[:])})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	if err := os.MkdirAll(s.pointFolder(r.ID), 0o777); err != nil {
		return Full(s.Path, fmt.Errorf("sweep: %w", err))
	}
	path := filepath.Join(s.pointFolder(r.ID), resultName)
	err = run.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(append(append(append(head, '\n'), body...), '\n'))
		return err
	})
	return Full(s.Path, err)
}

// Result reads the result of a point. The error wraps ErrDamaged if it is not what was written; found is false if there is
// none.
func (s *Sweep) Result(id string) (r *Result, found bool, err error) {
	text, err := os.ReadFile(filepath.Join(s.pointFolder(id), resultName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("sweep: %w", err)
	}
	if r, err = parseResult(text); err == nil && r.ID != id {
		err = errors.New("it is the result of another point")
	}
	if err != nil {
		return nil, true, fmt.Errorf("%w: %s: %w", ErrDamaged, filepath.Join(s.pointFolder(id), resultName), err)
	}
	return r, true, nil
}

// parseResult checks and reads a result.
func parseResult(text []byte) (*Result, error) {
	head, body, ok := bytes.Cut(text, []byte("\n"))
	var s seal
	if !ok || json.Unmarshal(head, &s) != nil || len(body) == 0 || body[len(body)-1] != '\n' {
		return nil, errors.New("it is cut off")
	}
	if s.Schema != resultSchema {
		return nil, fmt.Errorf("it is of version %d, and this program reads %d", s.Schema, resultSchema)
	}
	body = body[:len(body)-1]
	if sum := sha256.Sum256(body); s.SHA256 != hex.EncodeToString(sum[:]) {
		return nil, errors.New("its check sum is wrong")
	}
	r := &Result{}
	if err := json.Unmarshal(body, r); err != nil {
		return nil, err
	}
	switch r.Status {
	case Complete, Truncated, Failed:
		return r, nil
	}
	return nil, fmt.Errorf("its status is %q", r.Status)
}

// pending reports whether there is something left to compute at a point with this result, nil for none.
func (h *Head) pending(r *Result) bool {
	switch {
	case r == nil || r.Again:
		return true
	case r.Status == Failed:
		return !r.BadInput && r.Attempts < h.Attempts
	}
	return false
}
