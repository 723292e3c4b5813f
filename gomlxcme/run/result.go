package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// ErrNoResults says that a run has not come far enough to leave results.
var ErrNoResults = errors.New("run: no results yet")

// Result is a run as it was stored. Snapshots are in the order of time; their distributions answer everything but joint
// distributions. A run that was interrupted or failed may have the snapshots of its first output times, or those of the
// trajectories that were done; Record.Status tells.
type Result struct {
	Path      string
	Record    Record
	Snapshots []dist.Snapshot
}

// Open reads a result directory. The error wraps ErrNoRun if there is no record, ErrNoResults if there are no tables yet,
// and ErrCorrupt, with file and line, if a file is not what was written.
func Open(dir string) (*Result, error) {
	record, err := ReadRecord(dir)
	if err != nil {
		return nil, err
	}
	if len(record.Times) == 0 {
		return nil, fmt.Errorf("%w: the run in %s is %s; let it finish, or take it up again with --resume", ErrNoResults, dir, record.Status)
	}
	b := newBuilder(record, maxCells)
	if err := b.file(dir, momentsName, b.moments); err != nil {
		return nil, err
	}
	if err := b.file(dir, marginalsName, b.marginals); err != nil {
		return nil, err
	}
	return &Result{Path: dir, Record: record, Snapshots: b.snapshots()}, nil
}

// builder puts the tables together, and checks that they belong to the record.
type builder struct {
	record  Record
	times   map[float64]int
	species map[string]int
	stored  []*stored
	seen    [][]bool // [time][species] has moments
	cells   int      // that marginals may still take
	observe []string // names of the observables
}

func newBuilder(record Record, cells int) *builder {
	b := &builder{record: record, times: map[float64]int{}, species: map[string]int{}, cells: cells}
	for i, name := range record.Model.Species {
		b.species[name] = i
	}
	n := len(record.Model.Species)
	for i, o := range record.Model.Observables {
		b.observe = append(b.observe, o.Name)
		b.species[o.Name] = n + i
	}
	all := n + len(b.observe)
	for i, t := range record.Times {
		b.times[t.Time] = i
		b.stored = append(b.stored, &stored{
			species:   record.Model.Species,
			moments:   make([]dist.Moment, all),
			marginals: make([]dist.Marginal, n),
			samples:   t.Samples,
		})
		b.seen = append(b.seen, make([]bool, all))
	}
	return b
}

func (b *builder) file(dir, name string, read func(io.Reader) error) error {
	path := filepath.Join(dir, name)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is missing", ErrCorrupt, path)
	}
	if err != nil {
		return fmt.Errorf("run: cannot read results: %w", err)
	}
	defer f.Close()
	if err := read(f); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrCorrupt, path, err)
	}
	return nil
}

// place finds time and species of a row in the record.
func (b *builder) place(time float64, species string) (t, s int, err error) {
	t, ok := b.times[time]
	if !ok {
		return 0, 0, fmt.Errorf("time %v is not in the record", time)
	}
	s, ok = b.species[species]
	if !ok {
		return 0, 0, fmt.Errorf("species %q is not in the record", species)
	}
	return t, s, nil
}

func (b *builder) moments(r io.Reader) error {
	rows, err := readMoments(r)
	if err != nil {
		return err
	}
	for _, row := range rows {
		t, s, err := b.place(row.time, row.species)
		if err != nil {
			return err
		}
		if b.seen[t][s] {
			return fmt.Errorf("species %q has two rows at time %v", row.species, row.time)
		}
		b.seen[t][s] = true
		b.stored[t].moments[s] = row.moment
	}
	for t, seen := range b.seen {
		if s := slices.Index(seen, false); s >= 0 {
			return fmt.Errorf("species %q has no row at time %v", slices.Concat(b.record.Model.Species, b.observe)[s], b.record.Times[t].Time)
		}
	}
	return nil
}

func (b *builder) marginals(r io.Reader) error {
	err := readMarginals(r, func(row marginalRow) error {
		t, s, err := b.place(row.time, row.species)
		if err != nil {
			return err
		}
		if s >= len(b.record.Model.Species) {
			return fmt.Errorf("%q is no species of the record", row.species)
		}
		m := &b.stored[t].marginals[s]
		grow := row.count + 1 - len(m.P)
		if grow <= 0 { // rows are sorted: a count at or below the last one is out of place
			return fmt.Errorf("count %d of %q at time %v does not follow %d", row.count, row.species, row.time, len(m.P)-1)
		}
		if b.cells -= grow; b.cells < 0 {
			return fmt.Errorf("counts of %q up to %d take too much memory", row.species, row.count)
		}
		m.P = append(m.P, make([]float64, grow)...)
		m.P[row.count] = row.probability
		m.N = b.record.Times[t].Samples
		return nil
	})
	if err != nil {
		return err
	}
	for t, d := range b.stored {
		for s, m := range d.marginals {
			var sum float64
			for _, p := range m.P {
				sum += p
			}
			if !(sum > 0 && sum <= 1+1e-6) { // below 1 is fine: a projection may have lost some
				return fmt.Errorf("the probabilities of %q at time %v add up to %v", d.species[s], b.record.Times[t].Time, sum)
			}
		}
	}
	return nil
}

func (b *builder) snapshots() []dist.Snapshot {
	out := make([]dist.Snapshot, len(b.stored))
	for i, d := range b.stored {
		out[i] = dist.Snapshot{Time: b.record.Times[i].Time, Dist: d, Diagnostics: b.record.Times[i].Diagnostics}
		n := len(d.species)
		for k, name := range b.observe {
			out[i].Observables = append(out[i].Observables, dist.Observed{Name: name, Moment: d.moments[n+k]})
		}
	}
	return out
}
