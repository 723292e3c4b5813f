package van

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/gomlx/compute"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// Params are the parameters of a network: a flat vector of length Model.Size.
type Params []float64

// Model is an architecture compiled for one box of counts on one backend. It
// holds no parameters and is safe for concurrent use.
//
// Graphs are compiled once for batches of Chunk states. Longer batches are cut
// and shorter ones padded, so that nothing is compiled again during a run, and
// Workers chunks run at once. Results do not depend on Workers. Models of the same
// architecture and box on the same backend share their graphs, so that a sweep
// compiles once.
type Model struct {
	Box     Box
	Arch    Architecture
	Workers int // chunks that run at once

	backend  compute.Backend
	products compute.Backend // for products of large matrices: Go in the place of XLA on the CPU, see backend.Products
	quick    bool            // whether graphs are compiled in no time
	net      network
	sites    []site // in the order in which species are drawn
	drawn    Box    // the box in that order

	*graphs
}

// graphs are those of an architecture on a box.
type graphs struct {
	logp, score, sample   *mlx.Exec
	product, factor, gram *mlx.Exec
	factors               *mlx.Exec // of log P
	within, mass          *mlx.Exec // of regions
	bends                 bends
}

// Chunk is the number of states that one execution of a graph takes. It bounds
// the memory of every path: about Chunk·(Σ M_i + outputs of all layers) numbers
// for a worker, and maxRows more where scores of single states are asked for.
const Chunk = 512

// New compiles an architecture for a box. Workers below 1 mean 1.
func New(b *backend.Backend, box Box, arch Architecture, workers int) (*Model, error) {
	if arch == nil {
		arch = NADE{}
	}
	sites, net, err := build(arch, box)
	if err != nil {
		return nil, err
	}
	m := &Model{Box: box, Arch: arch, Workers: max(1, workers), backend: b.Backend, quick: b.Kind == backend.Go, net: net, sites: sites, drawn: box.reordered(sites)}
	for i, h := range net.heads() {
		if x, ok := h.(mixture); ok && x.cap >= maxListed && m.drawn.concerned(i) {
			return nil, fmt.Errorf("%w: a conservation law or a hole concerns species %d, whose %d counts are too many for %v; lower its cap to %d", ErrArchitecture, sites[i].species, x.cap+1, arch, maxListed-1)
		}
	}
	on, err := b.Products()
	if err != nil {
		return nil, err
	}
	m.products = on.Backend
	key := fmt.Sprintf("van: %v on %v with %v", arch, box.Caps, box.Laws)
	if box.Hole != nil {
		key += fmt.Sprintf(" without %v", *box.Hole)
	}
	if m.graphs, err = backend.Kept(b, key, m.prepare); err != nil {
		return nil, fmt.Errorf("van: cannot prepare %v for box %v: %w", arch, box.Caps, err)
	}
	return m, nil
}

func build(arch Architecture, box Box) ([]site, network, error) {
	if err := box.check(); err != nil {
		return nil, nil, err
	}
	sites, err := sitesOf(arch, box)
	if err != nil {
		return nil, nil, err
	}
	net, err := arch.build(sites)
	return sites, net, err
}

// Parameters returns the number of parameters that a network on the box has, which
// New need not be called for. Errors are those of New.
func Parameters(arch Architecture, box Box) (int, error) {
	_, net, err := build(arch, box)
	if err != nil {
		return 0, err
	}
	return net.layout().size, nil
}

// prepare names the graphs; each is built and compiled when it is first used.
func (m *Model) prepare() (*graphs, error) {
	var g graphs
	var errs [9]error
	g.logp, errs[0] = mlx.NewExec(m.backend, m.logpGraph)
	g.score, errs[1] = mlx.NewExec(m.backend, m.scoreGraph)
	g.product, errs[2] = mlx.NewExec(m.backend, m.productGraph)
	g.factor, errs[3] = mlx.NewExec(m.backend, m.factorGraph)
	g.gram, errs[4] = mlx.NewExec(m.products, m.gramGraph)
	g.sample, errs[5] = mlx.NewExec(m.backend, m.sampleGraph)
	g.factors, errs[6] = mlx.NewExec(m.backend, m.conditionalsGraph)
	g.within, errs[7] = mlx.NewExec(m.backend, m.withinGraph)
	g.mass, errs[8] = mlx.NewExec(m.backend, m.massGraph)
	return &g, errors.Join(errs[:]...)
}

// Size is the number of parameters, P.
func (m *Model) Size() int { return m.net.layout().size }

// Init draws starting parameters.
func (m *Model) Init(rng *rand.Rand) Params { return m.net.init(rng) }

// logpNodes builds log P(x) [n] of states [n, L], on a tape.
func (m *Model) logpNodes(theta, x *mlx.Node) (*tape, *mlx.Node) {
	t, factors := m.factorNodes(theta, x)
	total := factors[0]
	for _, term := range factors[1:] {
		total = mlx.Add(total, term)
	}
	return t, total
}

// factorNodes builds the factors log P(x_i | …) [n] in the order in which species
// are drawn, on a tape.
func (m *Model) factorNodes(theta, x *mlx.Node) (*tape, []*mlx.Node) {
	n := x.Shape().Dimensions[0]
	t := newTape(m.net.layout(), theta)
	columns, factors := make([]*mlx.Node, len(m.sites)), make([]*mlx.Node, len(m.sites))
	for i, s := range m.sites {
		columns[i] = mlx.Reshape(mlx.Slice(x, mlx.AxisRange(), mlx.AxisElem(s.species)), n)
	}
	for i, a := range coefficients(m.net, t, columns) {
		factors[i] = m.net.heads()[i].logp(a, columns[i], m.drawn.mask(theta.Graph(), columns[:i], n))
	}
	return t, factors
}

func (m *Model) logpGraph(theta, x *mlx.Node) *mlx.Node {
	_, logp := m.logpNodes(theta, x)
	return logp
}

// LogProb writes log P(x) of the states [n·L] into dst [n].
func (m *Model) LogProb(dst []float64, theta Params, states []int32) error {
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	return m.chunks(states, Chunk, func(x *tensors.Tensor, lo, hi int) error {
		out, err := m.logp.Call1(th, x)
		if err != nil {
			return fmt.Errorf("van: log-probability: %w", err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo:hi], flat.([]float64)) })
	})
}

func (m *Model) params(theta Params) (*tensors.Tensor, error) {
	if len(theta) != m.Size() {
		return nil, fmt.Errorf("van: %d parameters given for %v, which has %d", len(theta), m.Arch, m.Size())
	}
	t := tensors.FromFlatDataAndDimensions(theta, len(theta))
	// Moved to the device here, once: chunks that run at once must not race to do it.
	if err := t.MaterializeOnDevice(m.backend, true, 0); err != nil {
		return nil, fmt.Errorf("van: cannot move the parameters to the device: %w", err)
	}
	return t, nil
}
