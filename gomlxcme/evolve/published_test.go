package evolve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// smooth is smallGene started from laws that give every state probability, so that
// nothing is softened.
func smooth(t testing.TB) *crn.Compiled {
	t.Helper()
	n := smallGene(t).Network()
	n.Species[0].Initial = crn.Uniform{Low: 0, High: 1}
	n.Species[1].Initial = crn.Poisson{Mean: 1.5}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// exact is a network that can represent any law of smallGene.
var exact = van.NADE{Hidden: 6, Heads: van.Softmax{}}

// sharp is a damping that leaves nothing of note undone, rounding apart.
var sharp = Metric{Damping: 1e-12}

// quick fits an initial law that exact can represent.
var quick = Natural{Rate: 1, Epochs: 60, Metric: sharp, Converged: 1e-9}

// law returns P of all states of the box at the end of a run, and the states.
func law(t testing.TB, r *Result) ([]int32, []float64) {
	t.Helper()
	states, err := r.Model.Box.Enumerate(1000)
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float64, len(states)/r.Model.Box.Species())
	if err := r.Model.LogProb(p, r.State.History[0].Theta, states); err != nil {
		t.Fatal(err)
	}
	for i, v := range p {
		p[i] = math.Exp(v)
	}
	return states, p
}

// generated returns W p over all states of the box at time 0.
func generated(c *crn.Compiled, states []int32, p []float64) []float64 {
	l := c.NumSpecies()
	at := map[string]int{}
	for i := range p {
		at[fmt.Sprint(states[i*l:(i+1)*l])] = i
	}
	out, y := make([]float64, len(p)), make([]int32, l)
	for i, v := range p {
		x := states[i*l : (i+1)*l]
		for k := range c.NumReactions() {
			if a := c.Propensity(k, x, 0); a > 0 {
				for s, d := range c.Change(k) {
					y[s] = x[s] + d
				}
				out[i] -= a * v
				out[at[fmt.Sprint(y)]] += a * v
			}
		}
	}
	return out
}

// taylor advances p by steps of dt by the first terms of exp(dt W): one is
// Euler's method, and thirty are exact where dt R is of order one.
func taylor(c *crn.Compiled, states []int32, p []float64, dt float64, steps, terms int) []float64 {
	for range steps {
		next, term := append([]float64(nil), p...), p
		for k := range terms {
			term = generated(c, states, term)
			for i := range term {
				term[i] *= dt / float64(k+1)
				next[i] += term[i]
			}
		}
		p = next
	}
	return p
}

// initialLaw lists the softened initial law.
func initialLaw(c *crn.Compiled, box van.Box, states []int32) []float64 {
	logp := softened(c, box.Caps, 1e-3)
	l := box.Species()
	p := make([]float64, len(states)/l)
	for i := range p {
		p[i] = math.Exp(logp(states[i*l : (i+1)*l]))
	}
	return p
}

// apart is the Hellinger distance of two lists of probabilities.
func apart(p, q []float64) float64 {
	s := 0.0
	for i := range p {
		d := math.Sqrt(p[i]) - math.Sqrt(q[i])
		s += d * d
	}
	return math.Sqrt(s / 2)
}

// whole takes every state with its own probability as weight.
var whole = FullSum{Weight: -1}

// runPublished runs a scheme in full-sum mode with heads that represent any law.
func runPublished(t testing.TB, c *crn.Compiled, m Published, end float64) *Result {
	t.Helper()
	m.Start = quick
	r, err := Run(context.Background(), c, Settings{Times: []float64{end}, Seed: 1, Backend: openGo(t), Proposal: whole, Network: exact, Scheme: m})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// In full-sum mode, with a network that can represent any law, nothing is left but
// how far the optimiser gets: the natural gradient reaches (1 + dt W)ⁿ P(0) to the
// rounding of its equations, gradient descent as far as its epochs go.
func TestProjectionReachesTheExplicitStep(t *testing.T) {
	const dt, steps = 0.02, 4
	for _, c := range []struct {
		optimiser Optimiser
		tolerance float64
	}{
		{Natural{Rate: 1, Epochs: 4, Metric: sharp}, 1e-6},
		// Half the way five times leaves 1/32 of every step undone.
		{Natural{Metric: sharp}, 0.01},
		{Adam{Rate: 0.003, Epochs: 100, Schedule: Cosine{}}, 0.01},
		{SGD{Rate: 0.3, Epochs: 100, Momentum: 0.9}, 0.02},
	} {
		system := smooth(t)
		r := runPublished(t, system, Published{Optimiser: c.optimiser, Dt: dt}, dt*steps)
		states, got := law(t, r)
		want := taylor(system, states, initialLaw(system, r.Model.Box, states), dt, steps, 1)
		if d := apart(got, want); d > c.tolerance {
			t.Errorf("%v: distance %.2g to the explicit steps", c.optimiser, d)
		}
		if r.State.Step != steps {
			t.Errorf("%v: %d steps", c.optimiser, r.State.Step)
		}
	}
}

// The error of TDVP falls with the step as the order of the method says: by 2
// and by 4 for half the step, in the limit; the bounds leave room for the steps
// there are.
func TestOrderOfTDVP(t *testing.T) {
	c := smooth(t)
	const end = 0.1
	distance := func(o TDVP, dt float64) float64 {
		o.Metric = sharp
		r := runPublished(t, c, Published{Optimiser: o, Dt: dt}, end)
		states, got := law(t, r)
		return apart(got, taylor(c, states, initialLaw(c, r.Model.Box, states), end/8, 8, 30))
	}
	for o, bounds := range map[TDVP][2]float64{{Order: 1}: {1.8, 2.2}, {Order: 1, Log: true}: {1.8, 2.2}, {Order: 2}: {3.5, 4.7}} {
		coarse, fine := distance(o, 0.01), distance(o, 0.005)
		if ratio := coarse / fine; ratio < bounds[0] || ratio > bounds[1] {
			t.Errorf("%v: distances %.3g and %.3g, ratio %.2f", o, coarse, fine, ratio)
		}
	}
}

// A step that is not positive is refused by name, or reduced and counted.
func TestPositivity(t *testing.T) {
	c := smooth(t)
	set := Settings{Times: []float64{0.5}, Seed: 1, Backend: openGo(t), Proposal: whole, Network: exact}
	set.Scheme = Published{Optimiser: TDVP{}, Start: quick, Dt: 0.25}
	r, err := Run(context.Background(), c, set)
	// The largest outflow is that of G=1, P=12: 0.8 + 12, the cap holds back production.
	if !errors.Is(err, ErrStep) || !strings.Contains(fmt.Sprint(err), "G=1, P=11") || !strings.Contains(fmt.Sprint(err), "0.0675676") {
		t.Fatalf("error %v", err)
	}
	if r == nil || len(r.State.History) != 1 || r.State.Time != 0 {
		t.Fatal("the last good state is lost")
	}
	set.Scheme = Published{Optimiser: TDVP{}, Start: quick, Dt: 0.25, Reduce: true}
	if r, err = Run(context.Background(), c, set); err != nil {
		t.Fatal(err)
	}
	dt, _ := r.Snapshots[0].Diagnostics.Get("dt")
	rejected, _ := r.Snapshots[0].Diagnostics.Get("rejected")
	if rejected != 1 || dt > 0.0675676 {
		t.Errorf("dt %g after %g reductions", dt, rejected)
	}
	set.Scheme = Published{Optimiser: TDVP{}, Start: quick}
	if r, err = Run(context.Background(), c, set); err != nil {
		t.Fatal(err)
	}
	if rate, _ := r.Snapshots[0].Diagnostics.Get("dt_rate"); rate <= 0 || rate > positiveShare {
		t.Errorf("a dt chosen automatically has dt·R = %g", rate)
	}
}

// What an optimiser remembers is part of the state: a run that is stopped after
// any step and resumed ends with the same bytes, with any number of workers.
func TestPublishedResumes(t *testing.T) {
	c := smallGene(t)
	for _, o := range []Optimiser{
		Adam{Epochs: 5}, SGD{Epochs: 5, Momentum: 0.9}, Natural{Epochs: 2, Momentum: 0.9}, TDVP{Order: 2},
	} {
		set := Settings{Times: []float64{0, 0.05, 0.12}, Seed: 3, Backend: openGo(t), Workers: 1, Proposal: Vanilla{Draws: 600}, Scheme: Published{Optimiser: o, Dt: 0.03}}
		var saved [][]byte
		set.Checkpoint = func(s State) error {
			b, err := s.MarshalBinary()
			saved = append(saved, b)
			return err
		}
		if _, err := Run(context.Background(), c, set); err != nil {
			t.Fatal(o, err)
		}
		want := saved[len(saved)-1]
		for _, at := range []int{0, 2} {
			var state State
			if err := state.UnmarshalBinary(saved[at]); err != nil {
				t.Fatal(err)
			}
			again := set
			again.Workers, again.Resume = 2, &state
			r, err := Run(context.Background(), c, again)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := r.State.MarshalBinary(); !bytes.Equal(got, want) {
				t.Errorf("%v: resumed after checkpoint %d, the end differs", o, at)
			}
		}
	}
}

// broken moves the parameters by what is not a number.
type broken struct{ SGD }

func (broken) Step(s *ExplicitStep) error {
	delta := make([]float64, len(s.Theta))
	delta[0] = math.NaN()
	return s.Move(delta, 1)
}

// Updates that are not finite end the run with the last good state.
func TestPublishedStopsWhenNotFinite(t *testing.T) {
	r, err := Run(context.Background(), smallGene(t), Settings{Times: []float64{1}, Seed: 1, Backend: openGo(t), Proposal: whole, Scheme: Published{Optimiser: broken{}, Dt: 0.01}})
	if !errors.Is(err, ErrStep) || !strings.Contains(fmt.Sprint(err), "not finite") || r == nil || len(r.State.History) != 1 {
		t.Fatalf("error %v", err)
	}
	for _, v := range r.State.History[0].Theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Fatal("the state that is left is not finite")
		}
	}
}

// Bad settings are refused before anything is computed.
func TestPublishedSettings(t *testing.T) {
	for name, s := range map[string]Scheme{
		"dt":          Published{Dt: -1},
		"softening":   Published{Softening: 2},
		"start":       Published{Start: TDVP{}},
		"order":       Published{Optimiser: TDVP{Order: 3}},
		"logarithm":   Published{Optimiser: TDVP{Order: 2, Log: true}},
		"rate":        Published{Optimiser: Adam{Rate: -1}},
		"decay":       Published{Optimiser: Adam{First: 1}},
		"momentum":    Published{Optimiser: SGD{Momentum: 1}},
		"spring":      Published{Optimiser: Natural{Momentum: 1}},
		"epochs":      Published{Optimiser: Natural{Epochs: -1}},
		"damping":     Published{Optimiser: Natural{Metric: Metric{Damping: math.NaN()}}},
		"space":       Published{Optimiser: Natural{Metric: Metric{Space: 7}}},
		"convergence": Published{Optimiser: Natural{Converged: -1}},
	} {
		_, err := Run(context.Background(), smallGene(t), Settings{Times: []float64{1}, Backend: openGo(t), Scheme: s})
		if !errors.Is(err, ErrSettings) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// Two steps of a system with time-dependent rates, of one with sixteen species, and,
// where there is time, of every other one of the catalogue that the network takes.
func TestPublishedOnEverySystem(t *testing.T) {
	for _, e := range systems.All() {
		if os.Getenv("CME_LONG") == "" && e.Name != "epidemic" && e.Name != "mapk" {
			continue
		}
		c, err := e.Build().Compile()
		if err != nil {
			t.Fatal(err)
		}
		if c.RefuseEvents("") != nil {
			continue
		}
		t.Run(e.Name, func(t *testing.T) {
			x := make([]int32, c.NumSpecies())
			for i, limit := range c.Caps() {
				x[i] = int32(c.Initial(i).Expected(limit))
			}
			rate := c.Propensities(make([]float64, c.NumReactions()), x, 0)
			end := 0.02 / max(rate, 0.02)
			r, err := Run(context.Background(), c, Settings{
				Times: []float64{end}, Seed: 1, Backend: openGo(t), Network: van.SharedNADE{Hidden: 2, Heads: van.Logistic{Components: 2}}, Proposal: Alpha{Draws: 64, Exponent: 0.9},
				Scheme: Published{Optimiser: Natural{Epochs: 1}, Start: Natural{Epochs: 2}, Dt: end / 2, Reduce: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			if kl, ok := r.Snapshots[0].Diagnostics.Get("kl"); !ok || math.IsNaN(kl) || r.State.Step < 2 {
				t.Errorf("kl %v after %d steps", kl, r.State.Step)
			}
		})
	}
}

// Every network makes a step by every optimiser.
func TestPublishedWithEveryNetwork(t *testing.T) {
	c := smooth(t)
	for name, network := range networks {
		for _, o := range []Optimiser{Adam{Epochs: 2}, SGD{Epochs: 2}, Natural{Epochs: 2, Momentum: 0.8}, TDVP{Order: 2}} {
			r, err := Run(context.Background(), c, Settings{
				Times: []float64{0.02}, Seed: 1, Backend: openGo(t), Network: network, Proposal: Diffusive{Draws: 100, Radius: 1},
				Scheme: Published{Optimiser: o, Start: Natural{Epochs: 3}, Dt: 0.01},
			})
			if err != nil {
				t.Fatalf("%s, %v: %v", name, o, err)
			}
			if r.State.Step != 2 {
				t.Errorf("%s, %v: %d steps", name, o, r.State.Step)
			}
		}
	}
}
