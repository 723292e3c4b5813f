package evolve

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Batch is a weighted set of different states, drawn at the parameters that the
// step had then: averages over it estimate averages over the network.
type Batch struct {
	States  []int32   // [n·L], no two the same
	Weights []float64 // [n], positive, of sum 1

	step  *ExplicitStep
	theta van.Params
	rows  []int     // of step.known
	logp  []float64 // [n] under theta, nil until needed
}

// LogProb returns log P [n] of the states. It must not be written to.
func (b *Batch) LogProb() ([]float64, error) {
	if b.logp == nil {
		b.logp = make([]float64, len(b.rows))
		if err := b.step.problem.model.LogProb(b.logp, b.theta, b.States); err != nil {
			return nil, err
		}
	}
	return b.logp, nil
}

// Misfit returns log P − log target [n]: what the optimiser is to bring to a
// constant. Its mean is the loss of the papers, the divergence from the target.
func (b *Batch) Misfit() ([]float64, error) {
	s := b.step
	if err := s.targets(); err != nil {
		return nil, err
	}
	if b.logp == nil && s.moves == 0 && s.initial == nil {
		b.logp = make([]float64, len(b.rows)) // the network is still the old one
		for i, k := range b.rows {
			b.logp[i] = s.known.logp[s.known.rows[k].state]
		}
	}
	logp, err := b.LogProb()
	if err != nil {
		return nil, err
	}
	r := make([]float64, len(logp))
	for i, k := range b.rows {
		r[i] = logp[i] - s.target[k]
	}
	return r, b.finite(r)
}

// Rate returns d log P/dt = I/P − R [n] of the network at the parameters of the
// batch under the master equation.
func (b *Batch) Rate() ([]float64, error) {
	s := b.step
	if s.initial != nil {
		return nil, fmt.Errorf("%w: the initial law has no time derivative to follow", ErrSettings)
	}
	// The neighbours of this batch alone, each once.
	c := s.known
	at := make(map[int32]int32, 4*len(b.rows))
	var states []int32
	position := func(i int32) int32 {
		if _, ok := at[i]; !ok {
			at[i] = int32(len(at))
			states = append(states, c.state(i)...)
		}
		return at[i]
	}
	for _, k := range b.rows {
		position(c.rows[k].state)
		for _, e := range c.rows[k].inflow {
			position(e.from)
		}
	}
	logp := make([]float64, len(at))
	if err := s.problem.model.LogProb(logp, b.theta, states); err != nil {
		return nil, err
	}
	r := make([]float64, len(b.rows))
	var edges []edge
	var share []float64
	for i, k := range b.rows {
		edges = edges[:0]
		for _, e := range c.rows[k].inflow {
			edges = append(edges, edge{from: at[e.from], propensity: e.propensity})
		}
		share = append(share[:0], make([]float64, len(edges))...)
		r[i] = math.Exp(row{inflow: edges}.logInflow(logp, share)-logp[at[c.rows[k].state]]) - c.rows[k].outflow
	}
	return r, b.finite(r)
}

// finite records the spread of r and refuses what is not finite.
func (b *Batch) finite(r []float64) error {
	s := b.step
	s.loss = rms(r, b.Weights)
	if math.IsNaN(s.loss) || math.IsInf(s.loss, 0) {
		return fmt.Errorf("%w: the loss at t = %g is not finite; use a smaller learning rate or more damping", ErrStep, s.old.Time)
	}
	return nil
}

// Gradient returns Σ w (r − ⟨r⟩) O [P], O the scores ∂ log P/∂θ: the gradient of
// the divergence where r is the misfit. Its mean ⟨r⟩ is the control variate of the
// papers: ⟨O⟩ is 0, so nothing but noise is taken away.
func (b *Batch) Gradient(r []float64) ([]float64, error) {
	g := make([]float64, len(b.theta))
	return g, b.step.problem.model.ScoresVJP(g, b.theta, b.States, b.centred(r))
}

// centred returns w (r − ⟨r⟩) [n].
func (b *Batch) centred(r []float64) []float64 {
	mean := dot(b.Weights, r)
	v := make([]float64, len(r))
	for i, w := range b.Weights {
		v[i] = w * (r[i] - mean)
	}
	return v
}
