package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Checker knows what a solver and a model can be asked for.
type Checker interface {
	// Known are the names of a kind that can be set.
	Known(Kind) []string
	// Outputs are the names that moments are kept of, and those that marginals are kept of.
	Outputs() (moments, marginals []string)
	// Check refuses settings that do not go together; the text says what is wrong with which value.
	Check([]Setting) error
}

// Planned says what a plan did.
type Planned struct {
	Sweep   *Sweep
	Merged  int // points that were drawn twice, and planned once
	Changed bool
}

// maxChecked bounds how many values of one name are tried out while planning.
const maxChecked = 256

// inputName is the copy of an input.
var inputNames = map[Solver]string{SSA: "model.xml", FSP: "model.xml", Network: "model.xml", Train: "study.json"}

// Plan checks a sweep with all its names and values, and writes its manifest into a folder, which it makes. input is the
// path of the SBML file or of study.json, "" for a model of the catalogue. Nothing is written when it refuses. Results of
// points that an earlier plan had as well stay; others are left alone.
func Plan(s *Spec, folder, input string, checker Checker) (*Planned, error) {
	if err := s.check(checker); err != nil {
		return nil, err
	}
	h, content, err := s.head(input)
	if err != nil {
		return nil, err
	}
	merged, err := s.count(h)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(folder, pointsFolder), 0o777); err != nil {
		return nil, fmt.Errorf("%w: %w; choose another folder with --out", ErrSpec, err)
	}
	lock, err := run.Acquire(folder)
	if err != nil {
		return nil, err
	}
	defer lock.Release()
	planned := &Planned{Sweep: &Sweep{Path: folder, Head: *h}, Merged: merged}
	if old, err := Open(folder); err == nil {
		planned.Changed = old.Head.Spec != h.Spec
	}
	if content != nil {
		path := filepath.Join(folder, h.InputPath)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return nil, fmt.Errorf("sweep: %w", err)
		}
		if err := run.WriteFile(path, func(w io.Writer) error { _, err := w.Write(content); return err }); err != nil {
			return nil, Full(folder, err)
		}
	}
	text, err := os.ReadFile(s.document.file)
	if err == nil { // a sweep that was not read from a file has no copy
		copyName := filepath.Join(folder, specCopy+filepath.Ext(s.document.file))
		if err := run.WriteFile(copyName, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
			return nil, Full(folder, err)
		}
	}
	err = run.WriteFile(filepath.Join(folder, manifestName), func(w io.Writer) error { return writeManifest(w, h, s.points(h)) })
	if err != nil {
		return nil, Full(folder, err)
	}
	return planned, nil
}

// head makes the head of the manifest and reads the input.
func (s *Spec) head(input string) (h *Head, content []byte, err error) {
	h = &Head{Schema: manifestSchema, Title: s.Title, Solver: s.Solver, Model: s.Model, Settings: s.Settings, Names: s.Varied(), PerPoint: s.Seeds.PerPoint,
		SeedBase: s.Seeds.Base, Keep: s.Keep, Budget: s.Budget, Attempts: s.Attempts, Spec: s.Hash()}
	for i := range h.Names {
		h.Numeric = append(h.Numeric, s.numeric(i))
	}
	if input != "" {
		if content, err = os.ReadFile(input); err != nil {
			return nil, nil, s.document.at(s.document.line("solver"), "%v", err)
		}
		sum := sha256.Sum256(content)
		h.Input, h.InputPath = hex.EncodeToString(sum[:]), filepath.Join(inputFolder, inputNames[s.Solver])
		h.Model = filepath.Base(filepath.Clean(s.Model + s.Study))
	}
	return h, content, nil
}

// Hash is the SHA-256 of what the sweep file says.
func (s *Spec) Hash() string {
	sum := sha256.New()
	write := func(v any) { fmt.Fprintf(sum, "%#v\n", v) }
	for _, v := range []any{s.Title, s.Solver, s.Model, s.Study, s.Settings, s.Sampling, s.Points, s.Seeds, s.Keep, s.Budget, s.Attempts} {
		write(v)
	}
	for _, a := range s.Vary {
		write(a.Name)
		write(a.List)
		if a.Range != nil {
			write(*a.Range)
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// numeric reports whether all values of the i-th varied name are numbers.
func (s *Spec) numeric(i int) bool {
	isNumber := func(v Value) bool { _, ok := v.Float(); return ok }
	if len(s.Points) > 0 {
		return !slices.ContainsFunc(s.Points, func(p []Setting) bool { return !isNumber(p[i].Value) })
	}
	return s.Vary[i].Range != nil || !slices.ContainsFunc(s.Vary[i].List, func(v Value) bool { return !isNumber(v) })
}

// points are those of the manifest: each once, with its repetitions one after the other.
func (s *Spec) points(h *Head) iter.Seq2[*Point, error] {
	return func(yield func(*Point, error) bool) {
		seen := make(map[string]bool)
		index := 0
		for values := range s.values() {
			for r := range s.Seeds.PerPoint {
				p := &Point{Index: index, Replicate: r, Values: values}
				if err := h.identify(p); err != nil {
					yield(nil, err)
					return
				}
				if seen[p.ID] {
					continue
				}
				seen[p.ID] = true
				if !yield(p, nil) {
					return
				}
				index++
			}
		}
	}
}

// count fills in the number of points; points that are written one by one must differ.
func (s *Spec) count(h *Head) (merged int, err error) {
	for p, err := range s.points(h) {
		if err != nil {
			return 0, err
		}
		h.Points = p.Index + 1
	}
	merged = int(s.combinations())*s.Seeds.PerPoint - h.Points
	if merged > 0 && len(s.Points) > 0 {
		return 0, s.duplicate()
	}
	return merged, nil
}

// duplicate names the first two points that are the same.
func (s *Spec) duplicate() error {
	d := s.document
	list, _ := d.node("points")
	lines := map[string]int{}
	for i, p := range s.Points {
		key := ""
		for _, x := range p {
			key += x.String() + "\n"
		}
		line := list.Content[i].Line
		if first, twice := lines[key]; twice {
			return d.at(line, "this point is the same as that in line %d; keep one of them (repetitions are seeds: {per_point: N})", first)
		}
		lines[key] = line
	}
	return errors.New("sweep: two points have the same id")
}
