package evolve

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

func openGo(t testing.TB) *backend.Backend {
	t.Helper()
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// smallGene is a gene that switches and makes a protein in small numbers: two
// species, 26 states, both kinds of heads.
func smallGene(t testing.TB) *crn.Compiled {
	t.Helper()
	n := crn.New("small gene")
	n.Param("on", 0.5)
	n.Param("off", 0.8)
	n.Param("make", 3)
	n.Param("decay", 1)
	n.AddSpecies("G", crn.Delta(1), 1)
	n.AddSpecies("P", crn.Delta(0), 12)
	n.React("0 -> G", "on", crn.While("G", 0))
	n.React("G -> 0", "off")
	n.React("G -> G + P", "make")
	n.React("P -> 0", "decay")
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newProblem(t testing.TB, c *crn.Compiled, proposal Proposal) *problem {
	t.Helper()
	set, err := Settings{Times: []float64{1}, Backend: openGo(t), Proposal: proposal, Network: van.NADE{}}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSolver(c, set)
	if err != nil {
		t.Fatal(err)
	}
	return s.problem
}

// The gradient of a scaled residual is checked against finite differences of
// the residual itself: z − log P, times its scale, changes by minus the row.
func TestRowsAgainstFiniteDifferences(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	rng := rand.New(rand.NewPCG(1, 2))
	var earlier []point
	for k := range 3 {
		earlier = append(earlier, point{Time: 0.5 - 0.1*float64(k), Theta: p.model.Init(rng)})
	}
	theta := p.model.Init(rng)
	for name, f := range map[string]formulas{
		"log":        newLogRules(0.6, times(earlier), false),
		"linear":     newLinearRules(0.6, times(earlier), false),
		"Richardson": {full: extrapolation{}},
	} {
		t.Run(name, func(t *testing.T) { checkRows(t, p, theta, earlier, f) })
	}
}

func checkRows(t *testing.T, p *problem, theta van.Params, earlier []point, f formulas) {
	c, err := p.draw(p.proposal, theta, earlier, 0.6, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		t.Fatal(err)
	}
	raw := func(theta van.Params) []float64 {
		logp := make([]float64, len(c.logp))
		if err := p.model.LogProb(logp, theta, c.states); err != nil {
			t.Fatal(err)
		}
		return c.residuals(logp, f.full, nil).raw
	}
	r := c.residuals(c.logp, f.full, nil)
	tl := newTile(c, p.model.Size())
	if n := tl.fill(c.ordered()); n != len(c.rows) {
		t.Fatalf("%d of %d rows fit into a tile", n, len(c.rows))
	}
	if err := tl.score(p.model, theta); err != nil {
		t.Fatal(err)
	}
	size := p.model.Size()
	rows := make([]float64, len(tl.rows)*size)
	tl.combine(tl.rows, r, rows, 2)
	const h = 1e-5
	for j := 0; j < size; j += 7 {
		keep := theta[j]
		theta[j] = keep + h
		up := raw(theta)
		theta[j] = keep - h
		down := raw(theta)
		theta[j] = keep
		for q, i := range tl.rows {
			// The scale is held fixed.
			want := -r.scale[i] * (up[i] - down[i]) / (2 * h)
			if got := rows[q*size+j]; math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
				t.Fatalf("parameter %d, state %v: %v, want %v", j, c.state(c.rows[i].state), got, want)
			}
		}
	}
}

// Normal equations that are summed up in blocks equal those of the whole J.
func TestNormalEquations(t *testing.T) {
	p := newProblem(t, smallGene(t), FullSum{})
	rng := rand.New(rand.NewPCG(3, 4))
	earlier := []point{{Time: 0.5, Theta: p.model.Init(rng)}}
	theta := p.model.Init(rng)
	c, err := p.draw(p.proposal, theta, earlier, 0.6, rng)
	if err != nil {
		t.Fatal(err)
	}
	f := newLogRules(0.6, times(earlier), false)
	r := c.residuals(c.logp, f.full, nil)
	weights := c.normalised()
	n, err := p.equations.assemble(c, theta, weights, r)
	if err != nil {
		t.Fatal(err)
	}
	n.centre()
	size := p.model.Size()
	tl := newTile(c, size)
	tl.fill(c.ordered())
	if err := tl.score(p.model, theta); err != nil {
		t.Fatal(err)
	}
	rows := make([]float64, len(tl.rows)*size)
	tl.combine(tl.rows, r, rows, 1)
	mean, meanRight := make([]float64, size), 0.0
	for q, i := range tl.rows {
		for j := range size {
			mean[j] += weights[i] * rows[q*size+j]
		}
		meanRight += weights[i] * r.right[i]
	}
	for a := 0; a < size; a += 11 {
		right := 0.0
		for q, i := range tl.rows {
			right += weights[i] * (rows[q*size+a] - mean[a]) * (r.right[i] - meanRight)
		}
		if math.Abs(right-n.right[a]) > 1e-10*(1+math.Abs(right)) {
			t.Errorf("right side %d: %v, want %v", a, n.right[a], right)
		}
		for b := a; b < size; b += 13 {
			want := 0.0
			for q, i := range tl.rows {
				want += weights[i] * (rows[q*size+a] - mean[a]) * (rows[q*size+b] - mean[b])
			}
			if got := n.matrix.At(a, b); math.Abs(got-want) > 1e-10*(1+math.Abs(want)) {
				t.Errorf("element %d, %d: %v, want %v", a, b, got, want)
			}
		}
	}
}

// A fit to an exact law reaches it in log P, far down into the tail.
func TestFitReachesTheTails(t *testing.T) {
	c := smallGene(t)
	p := newProblem(t, c, FullSum{})
	exact, err := fsp.NewProjection(c, 1000)
	if err != nil {
		t.Fatal(err)
	}
	exact.SetTail(startTail)
	if err := exact.Advance(context.Background(), 0, 0.3); err != nil {
		t.Fatal(err)
	}
	theta, loss, err := p.fit(context.Background(), p.model.Init(rand.New(rand.NewPCG(5, 6))), exact.States(), exact.Probabilities())
	if err != nil || loss > 0.05 {
		t.Fatalf("loss %v, error %v", loss, err)
	}
	logp := make([]float64, exact.Len())
	if err := p.model.LogProb(logp, theta, exact.States()); err != nil {
		t.Fatal(err)
	}
	for i, v := range exact.Probabilities() {
		// Five times the rms leaves room for single states of the far tail.
		if v > 0 && math.Abs(logp[i]-math.Log(v)) > 0.25 {
			t.Errorf("state %v: log P %v, want %v", exact.States()[2*i:2*i+2], logp[i], math.Log(v))
		}
	}
}

// Flattened weights keep nearly all weight on the law and give every state some.
func TestFlattenedWeights(t *testing.T) {
	logp := []float64{math.Log(0.9), math.Log(0.1), -40}
	w := flattened(logp, 0.1, 0.05)
	sum := 0.0
	for _, v := range w {
		sum += v
	}
	if math.Abs(sum-1) > 1e-12 || w[0] < 0.85 || w[2] < 1e-5 {
		t.Errorf("weights %v", w)
	}
}

// Merging clouds keeps each state once and adds up weights.
func TestCloudsMerge(t *testing.T) {
	c := smallGene(t)
	box := van.Box{Caps: c.Caps()}
	a, b := newCloud(c, box, 0), newCloud(c, box, 0)
	a.add([]int32{1, 3}, 1)
	a.add([]int32{1, 4}, 2)
	b.add([]int32{0, 4}, 1)
	b.add([]int32{1, 4}, 5)
	for _, x := range []*cloud{a, b} {
		x.logp = make([]float64, len(x.rowOf))
		for i := range x.logp {
			s := x.state(int32(i))
			x.logp[i] = -float64(s[0]) - 10*float64(s[1])
		}
	}
	a.merge(b)
	if len(a.rows) != 3 || a.rows[1].weight != 7 {
		t.Fatalf("rows %+v", a.rows)
	}
	for i, v := range a.logp {
		s := a.state(int32(i))
		if want := -float64(s[0]) - 10*float64(s[1]); v != want {
			t.Errorf("state %v: log P %v, want %v", s, v, want)
		}
	}
	for _, r := range a.rows {
		x := a.state(r.state)
		inflow := 0.0
		for _, e := range r.inflow {
			inflow += e.propensity
		}
		want := 0.0
		for k := range c.NumReactions() {
			y := []int32{x[0] - c.Change(k)[0], x[1] - c.Change(k)[1]}
			if box.Contains(y) {
				want += c.Propensity(k, y, 0)
			}
		}
		if math.Abs(inflow-want) > 1e-12 {
			t.Errorf("state %v: inflow propensities sum to %v, want %v", x, inflow, want)
		}
	}
}
