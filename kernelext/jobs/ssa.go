package jobs

import (
	"context"
	"errors"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext"
)

var _ kernelext.Job = SSA{}

// SSA is an ensemble of trajectories.
type SSA struct {
	Network  *crn.Network
	Settings ssa.Settings // Hook, Checkpoint and Resume are not used
	Name     string       // for legends; empty for "SSA"
}

// Label is the name for legends.
func (j SSA) Label() string { return given(j.Name, "SSA") }

// Record says what is computed. Observables are functions, which cannot be
// recorded, and are refused.
func (j SSA) Record() (run.Record, error) {
	s := j.Settings
	if len(s.Observables) > 0 {
		return run.Record{}, fmt.Errorf("%w: observables are functions, and a change of them would not be seen; call ssa.Run", ErrSettings)
	}
	method := "direct"
	if s.Method != nil {
		method = fmt.Sprintf("%#v", s.Method)
	}
	r, err := record("ssa", j.Network, s.Times, map[string]any{"runs": s.Runs, "method": method, "pairs": s.Pairs, "max-events": s.MaxEvents})
	r.Seed = &s.Seed
	return r, err
}

// Do draws trajectories, from the checkpoint on if there is one.
func (j SSA) Do(ctx context.Context, dir *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	c, err := j.Network.Compile()
	if err != nil {
		return nil, err
	}
	s, keep := j.Settings, &store{dir: dir}
	s.Hook = hook
	var state ssa.State
	found, err := keep.load(&state)
	if err != nil {
		return nil, err
	}
	if s.Resume = nil; found {
		s.Resume = &state
	}
	s.Checkpoint = func(state *ssa.State) error { return keep.save(state) }
	r, err := ssa.Run(ctx, c, s)
	if r == nil {
		return nil, err
	}
	return r.Snapshots, errors.Join(err, keep.flush())
}
