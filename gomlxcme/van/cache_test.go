package van

import (
	"math/rand/v2"
	"slices"
	"testing"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// plainSampler draws without carrying anything from site to site: for each
// species it evaluates the network on all counts drawn so far, from the start.
type plainSampler struct {
	m     *Model
	steps []*mlx.Exec
}

func newPlainSampler(t testing.TB, m *Model) *plainSampler {
	p := &plainSampler{m: m}
	for i, s := range m.sites {
		step, err := mlx.NewExec(m.backend, func(theta, u, x *mlx.Node) *mlx.Node {
			n := x.Shape().Dimensions[0]
			counts := make([]*mlx.Node, len(m.sites))
			for k, s := range m.sites {
				counts[k] = mlx.Reshape(mlx.Slice(x, mlx.AxisRange(), mlx.AxisElem(s.species)), n)
			}
			a := coefficients(m.net, newTape(m.net.layout(), theta), counts)[i]
			ui := mlx.Reshape(mlx.Slice(u, mlx.AxisRange(), mlx.AxisElem(s.species)), n)
			return m.net.heads()[i].draw(a, ui, mlx.OnesLike(ui), m.drawn.mask(u.Graph(), counts[:i], n))
		})
		if err != nil {
			t.Fatal(err)
		}
		p.steps = append(p.steps, step)
	}
	return p
}

// sample draws Chunk states.
func (p *plainSampler) sample(t testing.TB, theta Params, u []float64) []int32 {
	l := len(p.m.sites)
	x := make([]int32, Chunk*l)
	th, ut := tensors.FromFlatDataAndDimensions(theta, len(theta)), tensors.FromFlatDataAndDimensions(u, Chunk, l)
	for i, s := range p.m.sites {
		out, err := p.steps[i].Call1(th, ut, tensors.FromFlatDataAndDimensions(slices.Clone(x), Chunk, l))
		if err != nil {
			t.Fatal(err)
		}
		out.MustConstFlatData(func(flat any) {
			for k, v := range flat.([]int32) {
				x[k*l+s.species] = v
			}
		})
		out.FinalizeAll()
	}
	return x
}

// What is carried from site to site must not change a single draw: the same
// uniform numbers give the same states as evaluating the network anew for every
// species. Both sum in different orders, so draws could differ where u is within
// 1e-12 of a boundary; with the fixed seeds none does.
func TestCarriedStateDrawsTheSameAsPlainEvaluation(t *testing.T) {
	for name, m := range testModels(t) {
		theta := roughParams(m, 21)
		rng := rand.New(rand.NewPCG(22, 23))
		u := make([]float64, Chunk*m.Box.Species())
		for i := range u {
			u[i] = rng.Float64()
		}
		got := make([]int32, len(u))
		if err := m.Sample(got, theta, u, nil); err != nil {
			t.Fatal(err)
		}
		if want := newPlainSampler(t, m).sample(t, theta, u); !slices.Equal(got, want) {
			t.Errorf("%s: carrying the state changes the draws", name)
		}
	}
}

// The coefficients of a walk and of an evaluation of all sites together agree to
// rounding. The bound is 10³ units in the last place of numbers of order 1.
func TestWalkAgreesWithParallelEvaluation(t *testing.T) {
	for name, m := range testModels(t) {
		p, ok := m.net.(parallel)
		if !ok {
			continue
		}
		all, _ := m.Box.Enumerate(10000)
		l := len(m.sites)
		n := min(100, len(all)/l)
		e, err := mlx.NewExec(m.backend, func(theta, x *mlx.Node) *mlx.Node {
			t := newTape(m.net.layout(), theta)
			counts := make([]*mlx.Node, l)
			for i := range counts {
				counts[i] = mlx.Reshape(mlx.Slice(x, mlx.AxisRange(), mlx.AxisElem(m.sites[i].species)), n)
			}
			together := p.coefficients(t, counts)
			next := m.net.walk(newTape(m.net.layout(), theta), n)
			worst := mlx.Const(theta.Graph(), 0.0)
			var before *mlx.Node
			for i := range counts {
				worst = mlx.Max(worst, mlx.ReduceAllMax(mlx.Abs(mlx.Sub(next(before), together[i]))))
				before = counts[i]
			}
			return worst
		})
		if err != nil {
			t.Fatal(err)
		}
		out, err := e.Call1([]float64(roughParams(m, 24)), tensors.FromFlatDataAndDimensions(all[:n*l], n, l))
		if err != nil {
			t.Fatal(name, err)
		}
		if worst := out.Value().(float64); worst > 1e-13 {
			t.Errorf("%s: the coefficients differ by %v", name, worst)
		}
	}
}

// The cost of drawing 1000 states of 16 species with counts 0..9, carrying what
// earlier sites computed against evaluating anew for every species. One worker.
func BenchmarkDraw16(b *testing.B) {
	for _, m := range wide(b, 1) {
		theta := m.Init(rand.New(rand.NewPCG(1, 2)))
		const n = 2 * Chunk
		u := make([]float64, n*16)
		NewSequence(make([]float64, 16)).Next(u)
		x := make([]int32, len(u))
		plain := newPlainSampler(b, m)
		b.Run(m.name()+"/carried", func(b *testing.B) {
			for b.Loop() {
				if err := m.Sample(x, theta, u, nil); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/state")
		})
		b.Run(m.name()+"/plain", func(b *testing.B) {
			for b.Loop() {
				plain.sample(b, theta, u[:len(u)/2])
				plain.sample(b, theta, u[len(u)/2:])
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/n, "µs/state")
		})
	}
}
