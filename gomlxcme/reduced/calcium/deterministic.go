package calcium

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/ode"
)

// Deterministic is the model without noise, for infinitely many receptors that take no ligand away: eight fractions of subunits by
// 4i + 2j + k, and calcium in the cytosol in µM as the last component.
type Deterministic struct {
	Constants Constants
	IP3       float64 // µM, constant
}

// deterministicSize is the number of components.
const deterministicSize = 9

// Start is the state in which all receptors are empty and calcium is 0.25 µM.
func (Deterministic) Start() []float64 {
	y := make([]float64, deterministicSize)
	y[0], y[8] = 1, startCa
	return y
}

// Derivative writes dy/dt, per s, into dy; it does not depend on the time.
func (d *Deterministic) Derivative(_ float64, dy, y []float64) {
	k := &d.Constants
	ca := y[8]
	clear(dy)
	for x := range 8 {
		if x&hasIP3 == 0 {
			n := 0 // d1 without inhibiting calcium, d3 with it
			if x&inhibited != 0 {
				n = 2
			}
			d.pass(dy, y, x, x|hasIP3, n, d.IP3)
		}
		if x&inhibited == 0 {
			n := 3 // d4 without IP3, d2 with it
			if x&hasIP3 != 0 {
				n = 1
			}
			d.pass(dy, y, x, x|inhibited, n, ca)
		}
		if x&activated == 0 {
			d.pass(dy, y, x, x|activated, 4, ca)
		}
	}
	er := (k.Total - ca) / k.ER
	x := y[open]
	dy[8] = k.ER*(k.Channel*x*x*x+k.Leak)*(er-ca) - k.Pump*ca*ca/(ca*ca+k.PumpHalf*k.PumpHalf)
}

// pass adds the flow of subunits from state a to b by binding n.
func (d *Deterministic) pass(dy, y []float64, a, b, n int, ligand float64) {
	flow := d.Constants.On[n] * (ligand*y[a] - d.Constants.Affinity[n]*y[b])
	dy[a] -= flow
	dy[b] += flow
}

// Span is the lowest and the highest concentration of calcium, in µM.
type Span struct{ Min, Max float64 }

// Range integrates to time end and returns the span of calcium from time from on: one point where it is at rest, two where it
// oscillates.
func (d *Deterministic) Range(from, end float64) (Span, error) {
	s := Span{}
	first := true
	see := func(t float64, y []float64) {
		if t < from {
			return
		}
		if first {
			s, first = Span{y[8], y[8]}, false
		}
		s.Min, s.Max = min(s.Min, y[8]), max(s.Max, y[8])
	}
	if err := ode.Solve(d.Derivative, d.Start(), 0, end, 1e-9, see); err != nil {
		return s, fmt.Errorf("deterministic model at %v µM of IP3: %w", d.IP3, err)
	}
	return s, nil
}

// Path integrates to time end, in s, and returns the times and the concentrations of calcium there, in µM, at the steps that the integration
// took, thinned to one every tenth of a second at most.
func (d *Deterministic) Path(end float64) (times, ca []float64, err error) {
	see := func(t float64, y []float64) {
		if n := len(times); n == 0 || t >= times[n-1]+0.1 || t == end {
			times, ca = append(times, t), append(ca, y[8])
		}
	}
	if err := ode.Solve(d.Derivative, d.Start(), 0, end, 1e-9, see); err != nil {
		return nil, nil, fmt.Errorf("deterministic model at %v µM of IP3: %w", d.IP3, err)
	}
	return times, ca, nil
}
