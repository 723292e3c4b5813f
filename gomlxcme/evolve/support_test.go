package evolve

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// The support holds exactly the states of the box above the floor, if they hang
// together, and the likeliest ones if they are too many.
func TestSupportAgainstEnumeration(t *testing.T) {
	c := smallGene(t)
	p := newProblem(t, c, FullSum{})
	theta := p.model.Init(rand.New(rand.NewPCG(1, 2)))
	all, err := p.model.Box.Enumerate(1000)
	if err != nil {
		t.Fatal(err)
	}
	logp := make([]float64, len(all)/2)
	if err := p.model.LogProb(logp, theta, all); err != nil {
		t.Fatal(err)
	}
	sorted := slices.Clone(logp)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	for _, limit := range []int{len(logp), 10} {
		floor := -sorted[18]
		s, err := p.support(theta, []int32{1, 0}, floor, limit, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		want := min(18, limit-1) // of the states that count, the last lies on the floor
		mass := 0.0
		for _, v := range sorted[:want] {
			mass += math.Exp(v)
		}
		if len(s.logp) != want || math.Abs(s.mass-mass) > 1e-12 {
			t.Errorf("limit %d: %d states with mass %g, want %d with %g", limit, len(s.logp), s.mass, want, mass)
		}
	}
}

// With a low floor the support is the whole box.
func TestSupportCarriesTheLaw(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	theta := p.model.Init(rand.New(rand.NewPCG(1, 2)))
	s, err := p.support(theta, []int32{1, 0}, 200, 1000, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.logp) != 26 || math.Abs(s.mass-1) > 1e-12 {
		t.Errorf("%d states with mass %g, want all 26", len(s.logp), s.mass)
	}
}

// States for which the network has next to nothing belong to the support if
// reactions bring enough there within the step, over several of them as well.
func TestSupportSeesWhatReactionsBring(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	rng := rand.New(rand.NewPCG(1, 2))
	theta, _, err := p.fit(t.Context(), p.model.Init(rng), []int32{1, 0, 1, 1}, []float64{0.5, 0.5})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dt   float64
		want int
	}{
		{0, 2},
		// With the outflow of the state, at most 7, a protein costs about log 3 − 5 = −3.9
		// and the gene's switch log 0.8 − 5 = −5.2. From log ½ for one protein, −12 suffices
		// for three of them, and for two or fewer with the gene off.
		{math.Exp(-5), 7},
	} {
		s, err := p.support(theta, []int32{1, 0}, 12, 1000, 0, c.dt)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.logp) != c.want {
			t.Errorf("dt = %g: %d states %v, want %d", c.dt, len(s.logp), s.states, c.want)
		}
	}
}

// Half of the entries are the largest, the others stand for the rest.
func TestThin(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	weights := make([]float64, 1000)
	for i := range weights {
		weights[i] = math.Exp(4 * rng.NormFloat64())
	}
	sorted := slices.Clone(weights)
	slices.Sort(sorted)
	kept, got := thin(weights, 100)
	if len(kept) > 100 || len(kept) < 60 || !slices.IsSorted(kept) {
		t.Fatalf("%d entries", len(kept))
	}
	all, some := 0.0, 0.0
	for _, w := range weights {
		all += w
	}
	for k, i := range kept {
		some += got[k]
		if weights[i] >= sorted[950] && got[k] != weights[i] {
			t.Errorf("a large weight %g became %g", weights[i], got[k])
		}
	}
	if math.Abs(some/all-1) > 1e-3 { // systematic resampling may miss half a step at either end
		t.Errorf("weights sum to %g, want %g", some, all)
	}
	if kept, _ := thin(weights[:50], 100); len(kept) != 50 {
		t.Errorf("%d of 50 entries", len(kept))
	}
}

// A law on a narrow ridge, of which the projection lists a few states only: the fit
// leaves next to nothing on the others, although no target is given for them.
func TestFitLeavesNoMassOutside(t *testing.T) {
	n := crn.New("exchange")
	n.Param("rate", 1)
	n.AddSpecies("A", crn.Delta(4), 8)
	n.AddSpecies("B", crn.Delta(4), 8)
	n.React("A -> B", "rate")
	n.React("B -> A", "rate")
	n.React("A -> 0", "rate") // no conservation law, so that no mask helps
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	p := newProblem(t, c, FullSum{})
	var states []int32
	var probability []float64
	for b := range int32(9) {
		states = append(states, 8-b, b)
		probability = append(probability, binomial(8, int(b))/256)
	}
	theta, _, err := p.fit(t.Context(), p.model.Init(rand.New(rand.NewPCG(1, 1))), states, probability)
	if err != nil {
		t.Fatal(err)
	}
	outside, _, err := p.missed(theta, states, probability)
	if err != nil {
		t.Fatal(err)
	}
	// The misfit of the states that are listed ends near 2e-5.
	if outside > 1e-5 {
		t.Errorf("%g of the mass lies outside", outside)
	}
}

func binomial(n, k int) float64 {
	v := 1.0
	for i := range k {
		v *= float64(n-i) / float64(i+1)
	}
	return v
}

// The network that suits a model depends on the number of species, and so do
// settings that are left open; those that are given stay.
func TestSettingsThatSuitTheModel(t *testing.T) {
	few := smallGene(t)
	n := crn.New("chain")
	n.Param("rate", 1)
	for _, s := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
		n.AddSpecies(s, crn.Delta(0), 3)
		n.React("0 -> "+s, "rate")
	}
	many, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	e, err := systems.Lookup("cascade1")
	if err != nil {
		t.Fatal(err)
	}
	long, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		model *crn.Compiled
		want  string
	}{
		{few, van.NADE{Heads: DefaultHeads(few)}.String()},
		{many, van.SharedNADE{Hidden: 16, Heads: DefaultHeads(many)}.String()},
		{long, van.SharedNADE{Hidden: 8, Heads: DefaultHeads(long)}.String()}, // 9 would be more than 2,000 parameters
	} {
		s, err := Settings{Times: []float64{10}}.Suited(t.Context(), c.model)
		if err != nil {
			t.Fatal(err)
		}
		if s.Network.String() != c.want {
			t.Errorf("%v instead of %s", s.Network, c.want)
		}
	}
	if s := (Settings{}).suited(few); s.Scheme != nil || s.Proposal != nil || s.Tolerance != 0 {
		t.Errorf("settings for few species changed: %+v", s)
	}
	s := Settings{Scheme: Implicit{Iterations: 7}, Proposal: Tempered{Weight: 0.5}, Tolerance: 0.1}.suited(many)
	if s.Scheme.(Implicit).Iterations != 7 || s.Proposal != (Tempered{Unique: manyUnique, Weight: 0.5}) || s.Tolerance != 0.1 {
		t.Errorf("given settings changed: %+v", s)
	}
	if s := (Settings{Proposal: Plain{}, Scheme: Published{}}).suited(many); s.Proposal != (Plain{}) || s.Tolerance != 0 {
		t.Errorf("settings of another scheme changed: %+v", s)
	}
}
