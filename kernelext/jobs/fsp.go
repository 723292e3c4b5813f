package jobs

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
)

var _ kernelext.Job = FSP{}

// FSP is the exact law by finite state projection. It keeps no checkpoint: an
// interrupted one begins again.
type FSP struct {
	Network  *crn.Network
	Settings fsp.Settings // Hook is not used
	Name     string       // for legends; empty for "exact (FSP)"
}

// Label is the name for legends.
func (j FSP) Label() string { return given(j.Name, "exact (FSP)") }

// Record says what is computed. A function to absorb states by cannot be
// recorded and is refused.
func (j FSP) Record() (run.Record, error) {
	s := j.Settings
	if s.Absorb != nil {
		return run.Record{}, fmt.Errorf("%w: Absorb is a function, and a change of it would not be seen; call fsp.Solve", ErrSettings)
	}
	return record("fsp", j.Network, s.Times, map[string]any{
		"tolerance": s.Tolerance, "max-states": s.MaxStates, "set": fmt.Sprint(s.Set), "stepper": fmt.Sprintf("%#v", s.Stepper),
	})
}

// Do solves.
func (j FSP) Do(ctx context.Context, _ *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	c, err := j.Network.Compile()
	if err != nil {
		return nil, err
	}
	s := j.Settings
	s.Hook = hook
	r, err := fsp.Solve(ctx, c, s)
	if r == nil {
		return nil, err
	}
	return r.Snapshots, err
}
