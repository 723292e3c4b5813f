package evolve

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
	"gonum.org/v1/gonum/mat"
)

// What a rare sum adds to the normal equations is the gradient of its logarithm.
func TestRareSumAgainstFiniteDifferences(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	rng := rand.New(rand.NewPCG(1, 2))
	theta := p.model.Init(rng)
	set, err := rare.ParseBasin("P>=2", p.system.SpeciesNames())
	if err != nil {
		t.Fatal(err)
	}
	box := p.model.Box
	r := van.Region{Low: make([]int32, box.Species()), High: make([]int32, box.Species())}
	n := 1
	for i, cap := range box.Caps {
		r.High[i] = int32(cap)
		n *= cap + 1
	}
	var states []int32
	probability := make([]float64, n)
	for i := range n {
		k := i
		for _, cap := range box.Caps {
			states = append(states, int32(k%(cap+1)))
			k /= cap + 1
		}
		probability[i] = 1 / float64(n)
	}
	b, _ := newRareSum(within(set), states, probability)
	if want := math.Log(float64(len(b.factor)) / float64(n)); math.Abs(b.log-want) > 1e-12 {
		t.Errorf("log of the probability %v, want %v", b.log, want)
	}
	size := p.model.Size()
	eq := &normal{matrix: mat.NewSymDense(size, nil), right: make([]float64, size)}
	lack, err := b.lack(p.model, theta)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.pull(eq, p.model, theta, lack); err != nil {
		t.Fatal(err)
	}
	of := func(theta van.Params) float64 {
		_, sum, err := b.terms(p.model, theta)
		if err != nil {
			t.Fatal(err)
		}
		return math.Log(sum)
	}
	if math.Abs(lack-(b.log-of(theta))) > 1e-12 {
		t.Errorf("lack %v, want %v", lack, b.log-of(theta))
	}
	const h = 1e-6
	for i := range size {
		shifted := append(van.Params(nil), theta...)
		shifted[i] += h
		up := of(shifted)
		shifted[i] -= 2 * h
		slope := (up - of(shifted)) / (2 * h)
		if got := eq.right[i] / (rareShare * lack); math.Abs(got-slope) > 1e-7 {
			t.Errorf("parameter %d: %v, want %v", i, got, slope)
		}
		if got := eq.matrix.At(i, i); math.Abs(got-rareShare*slope*slope) > 1e-6 {
			t.Errorf("parameter %d: curvature %v, want %v", i, got, slope*slope)
		}
	}
}

// A basin that the run is told of keeps its probability, from 1e-4 on. Full sums, so
// that nothing depends on chance but the start.
func TestBasinsThatCount(t *testing.T) {
	e, err := systems.Lookup("schlogl:sites=1")
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	low, err := rare.ParseBasin("X1<=15", c.SpeciesNames())
	if err != nil {
		t.Fatal(err)
	}
	times := []float64{0.03, 0.1}
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: times})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), c, Settings{Times: times, Backend: openGo(t), Proposal: FullSum{}, Basins: []rare.Basin{low},
		Network: van.NADE{Heads: van.Spline{Flat: []bool{true}}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range r.Snapshots {
		got := sumOver(s.Dist.(*dist.Table), low) / sumOver(exact.Snapshots[i].Dist.(*dist.Table), low)
		t.Logf("t = %g: %.4f of the exact probability", s.Time, got)
		if math.Abs(got-1) > 0.01 {
			t.Errorf("t = %g: %v of the exact probability", s.Time, got)
		}
	}
}

func sumOver(d *dist.Table, set rare.Set) float64 {
	sum := 0.0
	for i := range d.Len() {
		if set.Contains(d.State(i)) {
			sum += d.P(i)
		}
	}
	return sum
}
