package evolve

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// exactSteps is the equation of a time step on all states of a small box, solved
// without a network: what is left is the error of the formula alone.
type exactSteps struct {
	c     *cloud
	exact *fsp.Projection
	now   float64
}

func newExactSteps(t testing.TB, system *crn.Compiled) *exactSteps {
	t.Helper()
	box := van.Box{Caps: system.Caps()}
	all, err := box.Enumerate(40_000)
	if err != nil {
		t.Fatal(err)
	}
	s := &exactSteps{c: newCloud(system, box, 0)}
	l := box.Species()
	for i := 0; i < len(all); i += l {
		s.c.add(all[i:i+l], 1)
	}
	if s.exact, err = fsp.NewProjection(system, 40_000); err != nil {
		t.Fatal(err)
	}
	s.exact.SetTail(startTail)
	return s
}

// law advances the projection and returns log P at all states.
func (s *exactSteps) law(t testing.TB, time float64) []float64 {
	t.Helper()
	if err := s.exact.Advance(context.Background(), s.now, time); err != nil {
		t.Fatal(err)
	}
	s.now = time
	l := s.c.box.Species()
	logp := make([]float64, len(s.c.rowOf))
	for i := range logp {
		logp[i] = math.Inf(-1)
	}
	for i, v := range s.exact.Probabilities() {
		if v > 0 {
			logp[s.c.index[s.c.key(s.exact.States()[i*l:(i+1)*l])]] = math.Log(v)
		}
	}
	return logp
}

// run takes the steps of a formula through times, the first of which are those of
// the history, newest first, and returns log P at the end.
func (s *exactSteps) run(t testing.TB, f Formula, history [][]float64, times []float64) []float64 {
	t.Helper()
	depth := len(history)
	c := s.c
	for k := depth; k < len(times); k++ {
		var earlier []point
		for j := range depth {
			earlier = append(earlier, point{Time: times[k-1-j]})
		}
		at, err := f.at(nil, earlier, times[k], rand.New(rand.NewPCG(1, 1)))
		if err != nil {
			t.Fatal(err)
		}
		z := append([]float64(nil), history[0]...)
		base, q := make([]float64, depth), make([]float64, c.system.NumReactions())
		// Gauss and Seidel, to and fro.
		for sweep := range 4000 {
			worst := 0.0
			for i := range c.rows {
				if sweep%2 == 1 {
					i = len(c.rows) - 1 - i
				}
				row := c.rows[i]
				state := row.state
				for j := range base {
					base[j] = history[j][state]
				}
				if math.IsInf(base[0], -1) {
					continue // out of reach
				}
				p := at.full.solve(base, row.outflow, row.logInflow(z, q[:len(row.inflow)]))
				worst = max(worst, math.Exp(z[state]/2)*math.Abs(p.z-z[state]))
				z[state] = p.z
			}
			if worst < 1e-12 {
				break
			}
		}
		sum := 0.0
		for _, v := range z {
			sum += math.Exp(v)
		}
		for i := range z {
			z[i] -= math.Log(sum)
		}
		history = append([][]float64{z}, history[:depth-1]...)
	}
	return history[0]
}

// hellinger is the distance of two laws given by their logarithms.
func hellinger(a, b []float64) float64 {
	d := 0.0
	for i, v := range a {
		h := math.Exp(v/2) - math.Exp(b[i]/2)
		d += h * h
	}
	return math.Sqrt(d / 2)
}

// grid returns n+1 times from begin to end in equal ratios.
func grid(begin, end float64, n int) []float64 {
	t := make([]float64, n+1)
	for k := range t {
		t[k] = begin * math.Pow(end/begin, float64(k)/float64(n))
	}
	return t
}
