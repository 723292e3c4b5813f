package backend_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// step is one update of a natural gradient in the space of N draws (minSR), taken
// apart. All of it goes through the network's graphs but the neighbours and
// propensities of target, and solve, which are the host's.
type step struct {
	system *crn.Compiled
	arch   van.Architecture
	n      int
	theta  van.Params
	u      []float64
	drawn  []int32
	states []int32 // N of them, evenly from the whole box: a network that knows nothing yet draws few different ones
	around []int32 // these and the states from which probability flows into them
	gram   []float64
}

var parts = []string{"sample", "target", "scores", "Gram", "solve", "update"}

func newStep(b *testing.B, model string, n int, arch func(van.Heads) van.Architecture) *step {
	e, err := systems.Lookup(model)
	must(b, err)
	c, err := e.Build().Compile()
	must(b, err)
	s := &step{system: c, arch: arch(evolve.DefaultHeads(c)), n: n, gram: make([]float64, n*n)}
	rng := rand.New(rand.NewPCG(1, 2))
	s.u = make([]float64, n*len(c.Caps()))
	for i := range s.u {
		s.u[i] = rng.Float64()
	}
	s.states, s.drawn = make([]int32, len(s.u)), make([]int32, len(s.u))
	for i := range s.states {
		s.states[i] = int32(rng.IntN(c.Caps()[i%len(c.Caps())] + 1))
	}
	return s
}

// model compiles the network for a backend. The box has no conservation laws.
func (s *step) model(b *testing.B, on *backend.Backend, workers int) *van.Model {
	m, err := van.New(on, van.Box{Caps: s.system.Caps()}, s.arch, workers)
	must(b, err)
	if s.theta == nil {
		s.theta = m.Init(rand.New(rand.NewPCG(3, 4)))
	}
	return m
}

// neighbours lists the states and all that lead to them, each once.
func (s *step) neighbours(box van.Box) {
	l := box.Species()
	seen := map[string]bool{}
	s.around = s.around[:0]
	key := make([]byte, 4*l)
	add := func(x []int32) {
		for i, v := range x {
			key[4*i], key[4*i+1], key[4*i+2], key[4*i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
		}
		if !seen[string(key)] {
			seen[string(key)] = true
			s.around = append(s.around, x...)
		}
	}
	from := make([]int32, l)
	for i := range s.n {
		x := s.states[i*l : (i+1)*l]
		add(x)
		for k := range s.system.NumReactions() {
			for j, d := range s.system.Change(k) {
				from[j] = x[j] - d
			}
			if box.Contains(from) && s.system.Propensity(k, from, 0) > 0 {
				add(from)
			}
		}
	}
}

// run runs one part.
func (s *step) run(b *testing.B, m *van.Model, part string) {
	ones := make([]float64, s.n)
	switch part {
	case "sample":
		must(b, m.Sample(s.drawn, s.theta, s.u, nil))
	case "target":
		s.neighbours(m.Box)
		must(b, m.LogProb(make([]float64, len(s.around)/m.Box.Species()), s.theta, s.around))
	case "scores":
		must(b, m.Scores(ones, s.theta, s.states, func(int, int, []float64) {}))
	case "Gram":
		must(b, m.Gram(s.gram, s.theta, s.states))
	case "solve":
		k := mat.NewSymDense(s.n, nil)
		for i := range s.n {
			for j := i; j < s.n; j++ {
				k.SetSym(i, j, s.gram[i*s.n+j])
			}
			k.SetSym(i, i, k.At(i, i)*1.001+1)
		}
		var c mat.Cholesky
		if !c.Factorize(k) {
			b.Fatal("the Gram matrix cannot be factorised")
		}
		must(b, c.SolveVecTo(mat.NewVecDense(s.n, nil), mat.NewVecDense(s.n, ones)))
	case "update":
		must(b, m.ScoresVJP(make([]float64, m.Size()), s.theta, s.states, ones))
	}
}

// floor is the least time in which a device could do a part: operations over what
// it multiplies and adds in a second, or bytes over what it copies.
//
// Operations of log P for a state: 2 for each use of a parameter, of which a NADE
// uses each once and a Transformer those of its body once for each of L species,
// and 4 L² D a layer for the attention; 2 M R for the logits of a species with M
// counts and R coefficients; 20 M for the exponentials. A gradient takes three
// times as much. Scores are written, 8 N P bytes. A Gram matrix takes N² P, half of
// it being enough; taken by parts of a layer it can take less. Cholesky takes N³/3.
func (s *step) floor(m *van.Model, part string, r roof) float64 {
	n, p := float64(s.n), float64(m.Size())
	caps := s.system.Caps()
	l := float64(len(caps))
	logp := 2 * p
	if t, ok := m.Arch.(van.Transformer); ok {
		d, dff, layers := float64(t.DModel), float64(t.DFF), float64(t.Layers)
		body := layers * (4*d*d + 2*d*dff + 5*d + dff)
		logp = 2*(p-body+l*body) + 4*l*l*d*layers
	}
	for _, cap := range caps {
		counts, coefficients := float64(cap+1), 16.0
		if cap < 12 {
			coefficients = float64(cap)
		}
		logp += 2*counts*coefficients + 20*counts
	}
	switch part {
	case "sample":
		return n * logp / r.flops
	case "target":
		return float64(len(s.around)) / l * logp / r.flops
	case "scores":
		return max(n*3*logp/r.flops, 8*n*p/r.bytes)
	case "Gram":
		return max((n*n*p+n*3*logp)/r.flops, 8*n*n/r.bytes)
	case "solve":
		return n * n * n / 3 / r.flops
	}
	return n * 3 * logp / r.flops
}

// roof is what a device can do at most: multiplications and additions in float64,
// and bytes read and written, in a second of the clock that measures.
type roof struct{ flops, bytes float64 }

// measureRoof times products of matrices and copies of vectors on the backend. A number
// of the result is waited for: XLA goes on by itself when a graph has been started.
func measureRoof(b *testing.B, on *backend.Backend, now clock) roof {
	const n, long = 1024, 1 << 23
	product, err := graph.NewExec(on.Backend, func(x *graph.Node) *graph.Node { return graph.ReduceAllMax(graph.MatMul(x, x)) })
	must(b, err)
	negative, err := graph.NewExec(on.Backend, func(x *graph.Node) *graph.Node { return graph.Neg(x) })
	must(b, err)
	first, err := graph.NewExec(on.Backend, func(x *graph.Node) *graph.Node {
		return graph.Slice(graph.Reshape(x, -1), graph.AxisRange(0, 1))
	})
	must(b, err)
	at := func(e *graph.Exec, x *tensors.Tensor) float64 {
		must(b, x.MaterializeOnDevice(on.Backend, true, 0))
		call := func() {
			out, err := e.Call1(x)
			must(b, err)
			number, err := first.Call1(out)
			must(b, err)
			must(b, number.ConstFlatData(func(any) {}))
			number.FinalizeAll()
			out.FinalizeAll()
		}
		call()
		return now.best(3, call)
	}
	x := make([]float64, long)
	for i := range x {
		x[i] = float64(i%7) / 7
	}
	return roof{
		flops: 2 * n * n * n / at(product, tensors.FromFlatDataAndDimensions(x[:n*n], n, n)),
		bytes: 16 * long / at(negative, tensors.FromFlatDataAndDimensions(x, long)),
	}
}

func workers() int { return runtime.GOMAXPROCS(0) }

// cases are the systems and batches that are measured.
var cases = []struct {
	model string
	n     int
}{{"toggle-switch", 1000}, {"toggle-switch", 2000}, {"mapk", 2000}, {"schlogl:sites=4", 2000}, {"schlogl-2d:rows=3,cols=3", 1000}}

// measured are the networks that are measured.
var measured = []struct {
	name string
	arch func(van.Heads) van.Architecture
}{
	{"NADE", func(h van.Heads) van.Architecture { return van.NADE{Heads: h} }},
	{"Transformer", func(h van.Heads) van.Architecture {
		return van.Transformer{DModel: 16, DFF: 32, Layers: 2, AttentionHeads: 2, Heads: h}
	}},
}

// Each part of a step on each backend, as rows of a table: milliseconds of the clock
// that is named above it, in brackets the time over that of the Go backend and the time
// over the floor of the device (of the better backend, where two share the CPU). All
// backends take turns; each time is the least of three.
func BenchmarkBackends(b *testing.B) {
	list := present(b)
	now := clockFor(list)
	top := map[string]roof{}
	for _, on := range list {
		r := measureRoof(b, on.Backend, now)
		fmt.Printf("%s: %.1f GFLOP/s, %.1f GB/s, by %s\n", on.name, r.flops/1e9, r.bytes/1e9, now.name)
		best := top[on.Device]
		top[on.Device] = roof{max(best.flops, r.flops), max(best.bytes, r.bytes)}
	}
	fmt.Printf("| system, network, N | P | states | backend | %s | step |\n", strings.Join(parts, " | "))
	for _, c := range cases {
		for _, network := range measured {
			b.Run(fmt.Sprintf("%s-%d/%s", c.model, c.n, network.name), func(b *testing.B) {
				s := newStep(b, c.model, c.n, network.arch)
				models := make([]*van.Model, len(list))
				times := make([]map[string]float64, len(list))
				for i, on := range list {
					models[i], times[i] = s.model(b, on.Backend, workers()), map[string]float64{}
				}
				for _, part := range parts {
					for range 2 {
						for i, m := range models {
							if _, ok := times[i][part]; !ok {
								s.run(b, m, part) // compile
								times[i][part] = now.best(1, func() { s.run(b, m, part) })
							}
							times[i][part] = min(times[i][part], now.best(1, func() { s.run(b, m, part) }))
						}
					}
				}
				fmt.Println()
				for i, on := range list {
					row := fmt.Sprintf("| %s, %s, %d | %d | %d | %s |", c.model, network.name, c.n, models[i].Size(), len(s.around)/models[i].Box.Species(), on.name)
					sum, host, floor := 0.0, 0.0, 0.0
					for _, part := range parts {
						t, least := times[i][part], s.floor(models[i], part, top[on.Device])
						sum, host, floor = sum+t, host+times[0][part], floor+least
						row += fmt.Sprintf(" %.0f (%.2f, %.1f) |", 1e3*t, t/times[0][part], t/least)
					}
					fmt.Printf("%s %.0f (%.2f, %.1f) |\n", row, 1e3*sum, sum/host, sum/floor)
				}
			})
		}
	}
}
