package evolve

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// State is all that a run needs to continue. It is what Settings.Checkpoint
// saves and Settings.Resume takes.
type State struct {
	Network      string  // architecture, for a check at resume
	Scheme       string  // likewise
	Caps         []int   // box on which the network is normalised
	Step         uint64  // steps accepted so far
	Rejected     uint64  // steps tried again with a smaller dt
	Time         float64 // reached
	Next         float64 // proposed dt of the next step, 0 for none
	Slow         float64 // distance of the last step to its solution, 0 if it was not measured
	Damping      float64 // of Levenberg–Marquardt
	Memory       Memory  // of the optimiser
	Limit        float64 // largest dt that kept every step positive, 0 for none
	StartLoss    float64 // rms misfit of log P at the start
	StartOutside float64 // probability at the start of states that the projection does not hold
	Lost         float64 // mass that the starting projection lost
	Leak         float64 // ∫ Σ_x P(x) Blocked(x) dt so far
	Entry        float64 // rate at which what has survived enters the absorbing basin
	Hazard       float64 // −ln of what has survived
	Bound        float64 // total variation of the fit at the start + Σ √(KL/2) so far
	History      []point // newest first
	Outputs      []Output
}

// Output is the network at an output time. At time 0, where the answer is the
// initial law itself, it has no parameters.
type Output struct {
	Time        float64
	Theta       van.Params
	Diagnostics dist.Diagnostics
}

// MarshalBinary encodes the state; equal states give equal bytes.
func (s State) MarshalBinary() ([]byte, error) {
	var b bytes.Buffer
	type plain State // without methods, or gob would call this one again
	if err := gob.NewEncoder(&b).Encode(plain(s)); err != nil {
		return nil, fmt.Errorf("evolve: cannot save the state: %w", err)
	}
	return b.Bytes(), nil
}

// UnmarshalBinary decodes what MarshalBinary wrote.
func (s *State) UnmarshalBinary(data []byte) error {
	type plain State
	var p plain
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&p); err != nil {
		return fmt.Errorf("%w: the saved state cannot be read: %v", ErrResume, err)
	}
	*s = State(p)
	return nil
}
