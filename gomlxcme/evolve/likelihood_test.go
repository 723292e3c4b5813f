package evolve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// An exact law is fitted in log P, a law of draws by their likelihood: then the distance is what
// the noise of 50,000 draws explains.
func TestFit(t *testing.T) {
	c := smallGene(t)
	exact, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{1}})
	if err != nil {
		t.Fatal(err)
	}
	law := exact.Snapshots[0].Dist.(*dist.Table)
	set := Settings{Seed: 3, Backend: openGo(t), Network: van.NADE{}}
	n, err := Fit(t.Context(), c, set, law, 1)
	if err != nil {
		t.Fatal(err)
	}
	distance := func(n *Network) float64 {
		sum := 0.0
		logp := make([]float64, law.Len())
		var states []int32
		for i := range law.Len() {
			states = append(states, law.State(i)...)
		}
		if err := n.Model.LogProb(logp, n.Theta, states); err != nil {
			t.Fatal(err)
		}
		for i, v := range logp {
			sum += math.Sqrt(math.Exp(v) * law.P(i))
		}
		return math.Sqrt(max(0, 1-sum))
	}
	if d := distance(n); d > 0.002 {
		t.Errorf("exact law: distance %v", d)
	}
	s := &solver{set: Settings{Seed: 5, Workers: 1, Times: []float64{1}}, problem: newProblem(t, c, Plain{Draws: 1})}
	states, frequency, err := s.ensemble(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := dist.NewTable(c.SpeciesNames(), states, frequency, startDraws)
	if err != nil {
		t.Fatal(err)
	}
	n, err = Fit(t.Context(), c, set, drawn, 1)
	if err != nil {
		t.Fatal(err)
	}
	// With all parameters free the square of the distance would be P/8N on average.
	bound := 3 * math.Sqrt(float64(n.Model.Size())/(8*startDraws))
	if d := distance(n); d > bound {
		t.Errorf("draws: distance %v, above %v", d, bound)
	} else {
		t.Logf("draws: distance %.4f, bound %.4f, %d parameters", d, bound, n.Model.Size())
	}
	// The network starts a run.
	if _, err := Run(t.Context(), c, Settings{Times: []float64{1, 1.1}, Backend: set.Backend, Network: set.Network, From: n}); err != nil {
		t.Error(err)
	}
}

func TestFitRefusals(t *testing.T) {
	c := smallGene(t)
	table := func(species []string, x []int32) *dist.Table {
		d, err := dist.NewTable(species, x, []float64{1}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for name, law := range map[string]*dist.Table{
		"species": table([]string{"A", "P"}, []int32{0, 0}),
		"caps":    table(c.SpeciesNames(), []int32{0, 99}),
	} {
		if _, err := Fit(t.Context(), c, Settings{Backend: openGo(t), Network: van.NADE{}}, law, 1); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Three species with wide initial laws: 90 states do not hold them, so that the run starts from an
// ensemble. They do not react with each other, and each stays Poissonian.
func TestStartFromEnsemble(t *testing.T) {
	n := crn.New("births and deaths")
	n.Param("birth", 6)
	n.Param("death", 1)
	const species, start = 3, 3.0
	for i := range species {
		name := fmt.Sprintf("X%d", i+1)
		n.AddSpecies(name, crn.Poisson{Mean: start}, 12)
		n.React("0 -> "+name, "birth")
		n.React(name+" -> 0", "death")
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	times := []float64{0.02, 0.04}
	r, err := Run(t.Context(), c, Settings{Times: times, Seed: 1, Backend: openGo(t), StartStates: 30, Network: van.NADE{Hidden: 2, Heads: van.Spline{}}})
	if err != nil {
		t.Fatal(err)
	}
	mean := 6 + (start-6)*math.Exp(-times[1])
	worst := 0.0
	for i := range species {
		m := r.Snapshots[1].Dist.Marginal(i)
		sum := 0.0
		for k, p := range m.P {
			v, _ := math.Lgamma(float64(k) + 1)
			sum += math.Sqrt(p * math.Exp(float64(k)*math.Log(mean)-mean-v))
		}
		worst = max(worst, math.Sqrt(max(0, 1-sum)))
	}
	t.Logf("largest distance of a marginal %.4f, %d steps, %d parameters", worst, r.State.Step, r.Model.Size())
	// 50,000 draws leave some 0.005; the network says a little more, of three species the worst.
	if worst > 0.02 {
		t.Errorf("distance %v", worst)
	}
}
