package datasets

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Options of Make; the zero value works.
type Options struct {
	Workers int      // goroutines; 0 means one a core; the numbers do not depend on it
	Hook    run.Hook // progress; nil is silent
	Again   bool     // make it anew, whatever is there
}

// progress is what an unfinished set has got: sums over the first Runs runs of each condition.
type progress struct {
	Set  Set
	Sums []*reduced.Sums
}

// Make makes a set in the store, or goes on with one that is unfinished, and returns it. One that is there already is verified and returned;
// one that comes with the program is written into the store. After an interruption what has been made is kept.
func (s Store) Make(ctx context.Context, set Set, o Options) (*Data, error) {
	if o.Hook == nil {
		o.Hook = run.Silence{}
	}
	if state := s.State(set); !o.Again && (state == Made || state == Embedded) {
		d, err := s.Load(set)
		if err != nil || state == Made {
			return d, err
		}
		return s.finish(set, d.Sums)
	}
	if err := os.MkdirAll(s.Folder, 0o777); err != nil {
		return nil, fmt.Errorf("cannot keep data sets: %w; name another folder", err)
	}
	p, err := s.begun(set, o.Again)
	if err != nil {
		return nil, err
	}
	o.Hook.Start(run.Start{Solver: "data", Model: set.Name, TEnd: set.TEnd})
	err = s.draw(ctx, p, o)
	o.Hook.Done(run.Done{Err: err})
	if err != nil {
		return nil, errors.Join(err, s.keep(p))
	}
	d, err := s.finish(set, p.Sums)
	if err != nil {
		return nil, err
	}
	if err := os.Remove(s.partial(set)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return d, nil
}

// begun reads what has been made of an unfinished set.
func (s Store) begun(set Set, again bool) (*progress, error) {
	text, err := os.ReadFile(s.partial(set))
	if again || errors.Is(err, fs.ErrNotExist) {
		return &progress{Set: set, Sums: make([]*reduced.Sums, 0, len(set.Conditions))}, nil
	}
	if err != nil {
		return nil, err
	}
	p := &progress{}
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(p); err != nil || !reflect.DeepEqual(p.Set, set) || len(p.Sums) > len(set.Conditions) {
		return nil, fmt.Errorf("%w: %s is not what was made of %s so far; start anew with \"cme data make --again %s\"", ErrCorrupt, s.partial(set), set.Name, set.Name)
	}
	return p, nil
}

// How often what has been made is kept.
const keepEvery = 5 * time.Second

// draw simulates the runs that are missing.
func (s Store) draw(ctx context.Context, p *progress, o Options) error {
	workers := o.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	kept := time.Now()
	all := float64(p.Set.Runs * len(p.Set.Conditions))
	for i, c := range p.Set.Conditions {
		for len(p.Sums) <= i || p.Sums[i].Runs < p.Set.Runs {
			first := 0
			if len(p.Sums) > i {
				first = p.Sums[i].Runs
			}
			block := calcium.Batch{First: first, Runs: min(8*workers, p.Set.Runs-first), Workers: workers, Settings: p.Set.settings()}
			sums, err := calcium.Moments(ctx, c, block, p.Set.From)
			if err != nil {
				return err
			}
			if len(p.Sums) <= i {
				p.Sums = append(p.Sums, sums)
			} else if err := p.Sums[i].Merge(sums); err != nil {
				return err
			}
			done := p.Set.Runs*i + p.Sums[i].Runs
			o.Hook.Step(run.Step{Time: p.Set.TEnd, Fraction: float64(done) / all, Fields: dist.Diagnostics{{Name: "runs", Value: float64(done)}}})
			if time.Since(kept) > keepEvery {
				if err := s.keep(p); err != nil {
					return err
				}
				kept = time.Now()
			}
		}
	}
	return nil
}

// keep writes what has been made.
func (s Store) keep(p *progress) error {
	return run.WriteFile(s.partial(p.Set), func(w io.Writer) error { return gob.NewEncoder(w).Encode(p) })
}

// finish writes the files of a set, the description last: a set without one is not there.
func (s Store) finish(set Set, sums []*reduced.Sums) (*Data, error) {
	var archive bytes.Buffer
	if err := writeArchive(&archive, set, sums); err != nil {
		return nil, err
	}
	d := Description{
		Set: set, Source: source, Visible: sums[0].Visible, Times: len(sums[0].Times), Go: runtime.Version(), Processor: runtime.GOARCH,
		Numbers: digest(sums), Archive: checksum(archive.Bytes()),
	}
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.Folder, 0o777); err != nil {
		return nil, fmt.Errorf("cannot keep data sets: %w; name another folder", err)
	}
	for _, f := range []struct {
		path    string
		content []byte
	}{{s.Archive(set), archive.Bytes()}, {s.Description(set), append(text, '\n')}} {
		if err := run.WriteFile(f.path, func(w io.Writer) error { _, err := w.Write(f.content); return err }); err != nil {
			return nil, fmt.Errorf("cannot write %s: %w", filepath.Base(f.path), err)
		}
	}
	return s.Load(set)
}

// Verify checks the files of a set, or the set that comes with the program, against their checksums. With remake it draws all runs
// once more, in a temporary folder, and compares the numbers, which on the kind of processor where the set was made must be the same.
func (s Store) Verify(ctx context.Context, set Set, remake bool, o Options) (*Data, error) {
	d, err := s.Load(set)
	if err != nil || !remake {
		return d, err
	}
	folder, err := os.MkdirTemp("", "cme-data-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	o.Again = true
	made, err := Store{folder}.Make(ctx, set, o)
	if err != nil {
		return nil, err
	}
	if a, b := made.Description, d.Description; a.Numbers != b.Numbers {
		return nil, fmt.Errorf("%w: %s made again on %s has the numbers %s, not %s of %s", ErrCorrupt, set.stem(), a.Processor, a.Numbers, b.Numbers, b.Processor)
	}
	return d, nil
}
