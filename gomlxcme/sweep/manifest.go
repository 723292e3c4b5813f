package sweep

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// Names of files in the folder of a sweep.
const (
	manifestName = "manifest.jsonl"
	pointsFolder = "points"
	inputFolder  = "input"
	specCopy     = "sweep"
)

// manifestSchema is the version of the manifest.
const manifestSchema = 1

var (
	// ErrNotPlanned says that a folder holds no sweep.
	ErrNotPlanned = errors.New("sweep: not planned")
	// ErrDamaged says that a file of a sweep is not what was written.
	ErrDamaged = errors.New("sweep: damaged file")
	// ErrIndex says that a sweep has no point with this index.
	ErrIndex = errors.New("sweep: no such point")
)

// Head is the first line of a manifest: all that the points have in common.
type Head struct {
	Schema    int       `json:"schema"`
	Title     string    `json:"title,omitempty"`
	Solver    Solver    `json:"solver"`
	Model     string    `json:"model"`                // name of the catalogue, or of the file
	Input     string    `json:"input,omitempty"`      // SHA-256 of the SBML file or the study
	InputPath string    `json:"input_path,omitempty"` // where its copy lies, from the folder on
	Settings  []Setting `json:"settings"`
	Names     []Name    `json:"names"`   // what is varied
	Numeric   []bool    `json:"numeric"` // whether all its values are numbers
	PerPoint  int       `json:"per_point"`
	SeedBase  uint64    `json:"seed_base"`
	Keep      Keep      `json:"keep"`
	Budget    Budget    `json:"budget"`
	Attempts  int       `json:"attempts"`
	Points    int       `json:"points"`
	Spec      string    `json:"spec"` // SHA-256 of the sweep file
}

// Sweep is a sweep that was planned, in its folder.
type Sweep struct {
	Path string
	Head Head
}

// DefaultFolder is the folder of the sweep of a file, unless another one is chosen: the file's name without its ending.
func DefaultFolder(spec string) string {
	return strings.TrimSuffix(spec, filepath.Ext(spec))
}

// Open reads the head of the manifest in a folder.
func Open(folder string) (*Sweep, error) {
	f, err := os.Open(filepath.Join(folder, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s has no %s; plan it with \"cme sweep plan SPEC\"", ErrNotPlanned, folder, manifestName)
	}
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	if err != nil {
		return nil, damaged(folder, "its head is cut off")
	}
	s := &Sweep{Path: folder}
	if err := json.Unmarshal(line, &s.Head); err != nil {
		return nil, damaged(folder, err.Error())
	}
	if h := &s.Head; h.Schema != manifestSchema || h.Points < 1 || len(h.Names) != len(h.Numeric) {
		return nil, damaged(folder, fmt.Sprintf("it is of version %d with %d points", h.Schema, h.Points))
	}
	return s, nil
}

func damaged(folder, why string) error {
	return fmt.Errorf("%w: %s: %s; plan the sweep again, results are kept", ErrDamaged, filepath.Join(folder, manifestName), why)
}

// Points are the points in the order of their indices. The point is used again. After an error there are no more.
func (s *Sweep) Points() iter.Seq2[*Point, error] {
	return func(yield func(*Point, error) bool) {
		f, err := os.Open(filepath.Join(s.Path, manifestName))
		if err != nil {
			yield(nil, fmt.Errorf("sweep: %w", err))
			return
		}
		defer f.Close()
		lines := bufio.NewReaderSize(f, 1<<16)
		if _, err := skipLine(lines); err != nil {
			yield(nil, damaged(s.Path, "its head is cut off"))
			return
		}
		for i := range s.Head.Points {
			p, err := s.next(lines, i)
			if !yield(p, err) || err != nil {
				return
			}
		}
	}
}

// Point reads one point.
func (s *Sweep) Point(index int) (*Point, error) {
	if index < 0 || index >= s.Head.Points {
		return nil, fmt.Errorf("%w: %d; the points of %s are 0 to %d", ErrIndex, index, s.Path, s.Head.Points-1)
	}
	f, err := os.Open(filepath.Join(s.Path, manifestName))
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 1<<16)
	for range index + 1 {
		if _, err := skipLine(lines); err != nil {
			return nil, damaged(s.Path, "it ends too soon")
		}
	}
	return s.next(lines, index)
}

// next reads the line of a point.
func (s *Sweep) next(lines *bufio.Reader, index int) (*Point, error) {
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return nil, damaged(s.Path, fmt.Sprintf("it ends before point %d", index))
	}
	p := &Point{}
	if err := json.Unmarshal(line, p); err != nil {
		return nil, damaged(s.Path, fmt.Sprintf("point %d: %v", index, err))
	}
	if p.Index != index || len(p.ID) != 16 || strings.Trim(p.ID, "0123456789abcdef") != "" || len(p.Values) != len(s.Head.Names) {
		return nil, damaged(s.Path, fmt.Sprintf("point %d is not what was written", index))
	}
	return p, nil
}

// skipLine reads to the end of a line, whatever its length.
func skipLine(lines *bufio.Reader) (n int, err error) {
	for {
		part, err := lines.ReadSlice('\n')
		n += len(part)
		if !errors.Is(err, bufio.ErrBufferFull) {
			return n, err
		}
	}
}

// writeManifest writes the head and the points.
func writeManifest(w io.Writer, h *Head, points iter.Seq2[*Point, error]) error {
	line := func(v any) error {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return err
		}
		_, err := w.Write(b.Bytes())
		return err
	}
	if err := line(h); err != nil {
		return err
	}
	for p, err := range points {
		if err != nil {
			return err
		}
		if err := line(p); err != nil {
			return err
		}
	}
	return nil
}

// pointFolder is where a point is computed and its result lies.
func (s *Sweep) pointFolder(id string) string {
	return filepath.Join(s.Path, pointsFolder, id[:2], id)
}

// RunFolder is the result directory of a point while it is computed, and after it where the sweep keeps directories.
func (s *Sweep) RunFolder(p *Point) string { return filepath.Join(s.pointFolder(p.ID), "run") }

// InputFile is the path of the model's file or of the study's directory for the solver's command, or the model's name.
func (s *Sweep) InputFile() string {
	switch {
	case s.Head.InputPath == "":
		return s.Head.Model
	case s.Head.Solver == Train:
		return filepath.Join(s.Path, inputFolder)
	}
	return filepath.Join(s.Path, s.Head.InputPath)
}
