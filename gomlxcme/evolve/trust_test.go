package evolve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// isomers is a law that turns over within a total of 6.
func isomers(t testing.TB) *crn.Compiled {
	t.Helper()
	n := crn.New("isomers")
	n.Param("there", 1)
	n.Param("back", 0.5)
	n.AddSpecies("A", crn.Delta(6), 6)
	n.AddSpecies("B", crn.Delta(0), 6)
	n.React("A -> B", "there")
	n.React("B -> A", "back")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Every output time says how far it can be trusted, for both families.
func TestDiagnosticsOfTrust(t *testing.T) {
	for name, scheme := range map[string]Scheme{"implicit": Implicit{}, "published": Published{Dt: 0.02}} {
		set := Settings{Times: []float64{0.1, 0.3}, Seed: 1, Backend: openGo(t), Scheme: scheme}
		if name == "published" {
			set.Proposal = Mixture{Draws: 500}
		} else {
			set.StartTime = 0.1
		}
		r, err := Run(context.Background(), smallGene(t), set)
		if err != nil {
			t.Fatal(name, err)
		}
		d := r.Snapshots[1].Diagnostics
		for _, want := range []string{"kl", "kl_bound", "ess", "tail", "leak", "mass_error", "forbidden", "start_outside"} {
			if v, ok := d.Get(want); !ok || math.IsNaN(v) {
				t.Errorf("%s: diagnostic %s is %v", name, want, v)
			}
		}
		if mass, _ := d.Get("mass_error"); mass > 1e-12 {
			t.Errorf("%s: conditionals sum to 1 within %g", name, mass)
		}
		if v, ok := d.Get("batch_tail"); ok != (name == "published") || v > 0.5 {
			// Balanced weights are bounded, so that their tail is light.
			t.Errorf("%s: tail index of the batch %v, %t", name, v, ok)
		}
	}
}

// States that break a conservation law have probability 0, and the check looks
// at such states.
func TestMassesWithALaw(t *testing.T) {
	p := newProblem(t, isomers(t), FullSum{})
	if len(p.model.Box.Laws) != 1 {
		t.Fatalf("laws %v", p.model.Box.Laws)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	m, err := p.masses(p.model.Init(rng), rng)
	if err != nil || m.conditional > 1e-12 || m.forbidden != 0 || m.check() != nil {
		t.Errorf("%+v, error %v", m, err)
	}
	if list := unlawful(p.model.Box, []int32{6, 0}); len(list) != 4 { // 5, 0 and 6, 1
		t.Errorf("neighbours that break the law: %v", list)
	}
}

func TestMassesThatAreWrong(t *testing.T) {
	for _, m := range []masses{{conditional: 1e-6}, {conditional: math.NaN()}, {forbidden: 1e-6}, {forbidden: math.NaN()}} {
		if err := m.check(); !errors.Is(err, ErrStep) {
			t.Errorf("%+v: %v", m, err)
		}
	}
}

// damaged solves steps until it yields what is no number.
type damaged struct {
	Implicit
	after int
	harm  func(*attempt)
}

func (d *damaged) step(ctx context.Context, p *problem, earlier []point, t float64, rng *rand.Rand) (*attempt, error) {
	a, err := d.Implicit.step(ctx, p, earlier, t, rng)
	if d.after--; d.after < 0 && err == nil {
		d.harm(a)
	}
	return a, err
}

// A step that yields what is no number stops the run. The error says where; the
// checkpoint before it is good, and a sound scheme goes on from it to the same
// bytes as if nothing had happened.
func TestNotANumberKeepsTheLastGoodState(t *testing.T) {
	c := smallGene(t)
	set := Settings{Times: []float64{0.05, 0.5}, Seed: 1, Backend: openGo(t), Proposal: FullSum{}, StartTime: 0.05}
	whole, err := Run(context.Background(), c, set)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := whole.State.MarshalBinary()
	for name, harm := range map[string]func(*attempt){
		"parameter":  func(a *attempt) { a.theta[3] = math.NaN() },
		"divergence": func(a *attempt) { a.validation.KL = math.NaN() },
		"leak":       func(a *attempt) { a.validation.Leak = math.Inf(1) },
	} {
		var saved []byte
		broken := set
		broken.Scheme = &damaged{after: 2, harm: harm}
		broken.Checkpoint = func(s State) (err error) {
			saved, err = s.MarshalBinary()
			return err
		}
		r, err := Run(context.Background(), c, broken)
		if !errors.Is(err, ErrStep) || !strings.Contains(fmt.Sprint(err), "step 3") || !strings.Contains(fmt.Sprint(err), name) || !strings.Contains(fmt.Sprint(err), "checkpoint") {
			t.Errorf("%s: error %v", name, err)
		}
		if r == nil || r.State.Step != 2 || len(r.Snapshots) != 1 {
			t.Fatalf("%s: the last good state is lost", name)
		}
		var state State
		if err := state.UnmarshalBinary(saved); err != nil {
			t.Fatal(err)
		}
		again := set
		again.Resume = &state
		if r, err = Run(context.Background(), c, again); err != nil {
			t.Fatal(err)
		}
		if got, _ := r.State.MarshalBinary(); !bytes.Equal(got, want) {
			t.Errorf("%s: resumed from the last good state, the end differs", name)
		}
	}
}

// The probability of states that a fit has not seen is found, and the total
// variation with it.
func TestMissed(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	theta := p.model.Init(rand.New(rand.NewPCG(1, 2)))
	all, err := p.model.Box.Enumerate(100)
	if err != nil {
		t.Fatal(err)
	}
	law := make([]float64, len(all)/2)
	if err := p.model.LogProb(law, theta, all); err != nil {
		t.Fatal(err)
	}
	for i, v := range law {
		law[i] = math.Exp(v)
	}
	rest, variation, err := p.missed(theta, all, law)
	if err != nil || rest > 1e-12 || variation > 1e-12 {
		t.Errorf("the network beside its own law: %g, variation %g, error %v", rest, variation, err)
	}
	// All states but the first, one of them with 0.1 too much.
	law[1] += 0.1
	rest, variation, err = p.missed(theta, all[2:], law[1:])
	if err != nil || math.Abs(rest-law[0]) > 1e-12 || math.Abs(variation-(law[0]+0.1)/2) > 1e-12 {
		t.Errorf("outside of all states but one: %g, want %g; variation %g, error %v", rest, law[0], variation, err)
	}
}
