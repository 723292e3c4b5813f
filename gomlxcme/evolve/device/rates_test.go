package device

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// boxed returns a network with a cap for every species.
func boxed(t testing.TB, n *crn.Network) *crn.Compiled {
	t.Helper()
	for _, s := range n.Species {
		if s.Cap == crn.Unbounded {
			must(t, n.SetCap(s.Name, 150))
		}
	}
	c, err := n.Compile()
	must(t, err)
	return c
}

// Propensities of all systems of the catalogue, under both laws, as graphs: what leaves
// a state, what comes in, and what the caps hold back.
func TestPropensitiesOfTheCatalogue(t *testing.T) {
	on, err := backend.Open("go")
	must(t, err)
	for _, e := range systems.All() {
		for _, law := range []crn.Law{crn.FallingFactorial, crn.Power} {
			n := e.Build()
			n.Law = law
			c := boxed(t, n)
			box := van.Box{Caps: c.Caps()}
			r, err := newRates(c, box)
			must(t, err)
			const time = 0.7
			values, err := r.listValues(c, time)
			must(t, err)
			graph, err := mlx.NewExec(on.Backend, func(states, values *mlx.Node) *mlx.Node {
				counts := columns(states)
				list := []*mlx.Node{r.outflow(counts, values), r.blocked(counts, values)}
				for k := range r.reactions {
					list = append(list, r.inflow(k, counts, values))
				}
				return mlx.Stack(list, 0)
			})
			must(t, err)
			const batch = 40
			l := c.NumSpecies()
			x := make([]int32, batch*l)
			rng := rand.New(rand.NewPCG(1, 2))
			for i := range x {
				x[i] = int32(rng.IntN(min(box.Caps[i%l], 3+rng.IntN(40)) + 1)) // low counts, where reactants run out, and caps
			}
			out, err := graph.Call1(tensors.FromFlatDataAndDimensions(x, batch, l), tensors.FromFlatDataAndDimensions(values, len(values)))
			must(t, err)
			got, err := fetch[float64](out)
			must(t, err)
			a, y := make([]float64, c.NumReactions()), make([]int32, l)
			for i := range batch {
				state := x[i*l : (i+1)*l]
				want := []float64{c.Propensities(a, state, time), c.Blocked(state, time)}
				for k := range a {
					for s, d := range c.Change(k) {
						y[s] = state[s] - d
					}
					inflow := 0.0
					if box.Contains(y) {
						inflow = c.Propensity(k, y, time)
					}
					want = append(want, inflow)
				}
				for q, w := range want {
					if v := got[q*batch+i]; !(math.Abs(v-w) <= 1e-12*max(math.Abs(w), 1e-300)) {
						t.Fatalf("%s, %v, state %v: number %d is %g, want %g", e.Name, law, state, q, v, w)
					}
				}
			}
		}
	}
}

// A rate that depends on too many counts to be listed stays on the host.
func TestRatesThatCannotBeListed(t *testing.T) {
	n := crn.New("wide")
	n.Param("k", 1)
	for _, name := range []string{"A", "B", "C"} {
		n.AddSpecies(name, crn.Delta(1), 200)
	}
	f, err := crn.ParseFormula("k*A*B/(1+C)")
	must(t, err)
	n.ReactWith("A + B -> C", crn.Expression{Formula: f})
	c, err := n.Compile()
	must(t, err)
	if _, err := newRates(c, van.Box{Caps: c.Caps()}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("8 million values: %v", err)
	}
}

// small is a birth and death with two species.
func small() *crn.Network {
	n := crn.New("small")
	n.Param("in", 2)
	n.Param("out", 1)
	n.AddSpecies("A", crn.Delta(0), 4)
	n.AddSpecies("B", crn.Delta(0), 4)
	n.React("0 -> A", "in")
	n.React("A -> B", "out")
	n.React("B -> 0", "out")
	return n
}
