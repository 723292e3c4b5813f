package jobs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
)

var _ kernelext.Job = Network{}

// Network is the law by an autoregressive network.
type Network struct {
	Network  *crn.Network
	Settings evolve.Settings // Hook, Checkpoint and Resume are not used
	Name     string          // for legends; empty for "network"
	// Reference, if given, is what the network is compared with at each of its output
	// times while it runs: hooks are told the Hellinger distance of every species, as
	// "D(X)". It does not change the result.
	Reference []dist.Snapshot
}

// Label is the name for legends.
func (j Network) Label() string { return given(j.Name, "network") }

// Record says what is computed, on which backend.
func (j Network) Record() (run.Record, error) {
	s := j.Settings
	b := s.Backend
	if b == nil {
		var err error
		if b, err = backend.Open(""); err != nil {
			return run.Record{}, err
		}
	}
	times, seed := s.Times, s.Seed
	settings := map[string]any{"max-steps": s.MaxSteps, "max-wall": s.MaxWall.String()}
	if s.From != nil {
		var file bytes.Buffer
		if err := s.From.Save(&file); err != nil {
			return run.Record{}, err
		}
		sum := sha256.Sum256(file.Bytes())
		settings["from"] = hex.EncodeToString(sum[:])
	}
	if s.Absorb != nil { // by what it says: printed, a pointer is an address
		settings["absorb"], s.Absorb = s.Absorb.String(), nil
	}
	// What does not change the result, or stands elsewhere, stays out of the text.
	s.Times, s.Seed, s.Workers, s.Backend, s.Hook, s.Output, s.Checkpoint, s.Resume, s.From, s.MaxSteps, s.MaxWall = nil, 0, 0, nil, nil, nil, nil, nil, nil, 0, 0
	settings["settings"] = fmt.Sprintf("%#v", s)
	r, err := record("solve", j.Network, times, settings)
	r.Seed, r.Backend = &seed, b.Config
	return r, err
}

// Do solves, from the checkpoint on if there is one.
func (j Network) Do(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	c, err := j.Network.Compile()
	if err != nil {
		return nil, err
	}
	s, keep := j.Settings, &store{dir: dir}
	if s.Backend == nil { // the one that the record names
		if s.Backend, err = backend.Open(""); err != nil {
			return nil, err
		}
	}
	watch := &witness{Hook: hook, reference: j.Reference, seed: s.Seed}
	s.Hook = watch
	var state evolve.State
	found, err := keep.load(&state)
	if err != nil {
		return nil, err
	}
	if s.Resume = nil; found {
		s.Resume = &state
	}
	s.Checkpoint = func(state evolve.State) error { return keep.save(state) }
	if also := s.Output; len(j.Reference) > 0 {
		s.Output = func(n *evolve.Network) error {
			if also != nil {
				if err := also(n); err != nil {
					return err
				}
			}
			return watch.compare(n)
		}
	}
	r, err := evolve.Run(ctx, c, s)
	if r == nil {
		return nil, err
	}
	return r.Snapshots, errors.Join(err, keep.flush())
}

// witness is a hook that adds the newest distances to every step.
type witness struct {
	run.Hook
	reference []dist.Snapshot
	seed      uint64
	found     dist.Diagnostics
	told      bool // what was found
	last      run.Step
}

// compare measures the network beside the reference of its time, if there is one.
func (w *witness) compare(n *evolve.Network) error {
	at := slices.IndexFunc(w.reference, func(s dist.Snapshot) bool { return run.SameTime(s.Time, n.Time) })
	if at < 0 {
		return nil
	}
	law, err := n.Distribution(w.seed)
	if err != nil {
		return err
	}
	w.told, w.last.Time = false, n.Time
	exact := w.reference[at].Dist
	names := exact.Species()
	for i, name := range n.Species {
		if k := slices.Index(names, name); k >= 0 {
			w.found.Set("D("+name+")", dist.Hellinger(exact.Marginal(k), law.Marginal(i)).Value)
			w.found.Set("mean("+name+")", law.Moment(i).Mean)
		}
	}
	return nil
}

// Step passes the step on, with what was found last.
func (w *witness) Step(s run.Step) {
	s.Fields = append(slices.Clone(s.Fields), w.found...)
	w.told, w.last = true, s
	w.Hook.Step(s)
}

// Done tells what was found after the last step, before it passes the end on.
func (w *witness) Done(d run.Done) {
	if !w.told && len(w.found) > 0 {
		w.Hook.Step(run.Step{Time: w.last.Time, Fraction: w.last.Fraction, Fields: w.found})
	}
	w.Hook.Done(d)
}
