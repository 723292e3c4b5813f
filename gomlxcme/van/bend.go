package van

import (
	"fmt"
	"math"
	"sync"

	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Bend changes every conditional of a network in the same way, so that states can
// be drawn from a law Q that reaches where P hardly goes, and whose probabilities
// are as exact as those of P.
type Bend interface {
	fmt.Stringer
	check() error
	// weights returns Q(n | …) [n, M] of all counts, not yet normalised, from the
	// logits [n, M]; mask, which may be nil, is added to logits that are forbidden.
	weights(logits, mask *mlx.Node) *mlx.Node
}

// Power raises every conditional to a power and normalises it again (tempering): 1
// is P itself, smaller powers are flatter, 0 is uniform over the counts that the
// conservation laws leave. It is not the power of the joint law.
type Power float64

func (p Power) String() string { return fmt.Sprintf("power(%g)", float64(p)) }

func (p Power) check() error {
	if !(p >= 0) || math.IsInf(float64(p), 0) {
		return fmt.Errorf("%w: %v of conditionals; use a finite number of at least 0", ErrArchitecture, p)
	}
	return nil
}

func (p Power) weights(logits, mask *mlx.Node) *mlx.Node {
	logits = mlx.MulScalar(logits, float64(p))
	if mask != nil {
		logits = mlx.Add(logits, mask)
	}
	return mlx.Exp(mlx.Sub(logits, fence(mlx.ReduceAndKeep(logits, mlx.ReduceMax, -1))))
}

// Blur moves every count by a whole number that is uniform in −Blur … Blur, and
// reflects it at 0 and at the cap: the diffusive sampling of NNCME-2. A species
// with M counts moves by at most M/2.
type Blur int

func (b Blur) String() string { return fmt.Sprintf("blur(%d)", int(b)) }

func (b Blur) check() error {
	if b < 0 {
		return fmt.Errorf("%w: %v of conditionals; use at least 0", ErrArchitecture, b)
	}
	return nil
}

func (b Blur) weights(logits, mask *mlx.Node) *mlx.Node {
	p := Power(1).weights(logits, mask)
	q := mlx.MatMul(p, mlx.Const(logits.Graph(), b.kernel(logits.Shape().Dimensions[1])))
	if mask != nil {
		q = mlx.Mul(q, mlx.Exp(mask))
	}
	return q
}

// kernel returns K with K[n][m] the probability that count n becomes m.
func (b Blur) kernel(m int) [][]float64 {
	r := min(int(b), m/2)
	k := make([][]float64, m)
	for n := range k {
		k[n] = make([]float64, m)
		for d := -r; d <= r; d++ {
			to := n + d
			if to < 0 {
				to = -1 - to
			}
			if to >= m {
				to = 2*m - 1 - to
			}
			k[n][to] += 1 / float64(2*r+1)
		}
	}
	return k
}

// bends are the graphs of bent laws, built when first used.
type bends struct {
	mu     sync.Mutex
	graphs map[string]bent
}

type bent struct{ sample, logp *mlx.Exec }

func (m *Model) bent(b Bend) (bent, error) {
	if err := b.check(); err != nil {
		return bent{}, err
	}
	m.bends.mu.Lock()
	defer m.bends.mu.Unlock()
	if g, ok := m.bends.graphs[b.String()]; ok {
		return g, nil
	}
	if err := m.listable(b.String()); err != nil {
		return bent{}, err
	}
	var g bent
	var err error
	if g.sample, err = mlx.NewExec(m.backend, func(theta, u *mlx.Node) *mlx.Node { return m.bentSampleGraph(b, theta, u) }); err != nil {
		return g, err
	}
	if g.logp, err = mlx.NewExec(m.backend, func(theta, x *mlx.Node) *mlx.Node { return m.bentLogpGraph(b, theta, x) }); err != nil {
		return g, err
	}
	if m.bends.graphs == nil {
		m.bends.graphs = map[string]bent{}
	}
	m.bends.graphs[b.String()] = g
	return g, nil
}

// listed returns the logits [n, M] of all counts of a head.
func listed(h head, a *mlx.Node) *mlx.Node {
	if x, ok := h.(mixture); ok {
		return x.list(a)
	}
	return h.(linear).logits(a)
}

func (m *Model) bentLogpGraph(b Bend, theta, x *mlx.Node) *mlx.Node {
	n, l := x.Shape().Dimensions[0], m.Box.Species()
	columns := make([]*mlx.Node, l)
	for i := range columns {
		columns[i] = mlx.Reshape(mlx.Slice(x, mlx.AxisRange(), mlx.AxisElem(m.sites[i].species)), n)
	}
	var total *mlx.Node
	for i, a := range coefficients(m.net, newTape(m.net.layout(), theta), columns) {
		w := b.weights(listed(m.net.heads()[i], a), m.drawn.mask(theta.Graph(), columns[:i], n))
		term := mlx.Sub(mlx.Log(pick(w, columns[i])), mlx.Log(mlx.ReduceSum(w, -1)))
		if total == nil {
			total = term
		} else {
			total = mlx.Add(total, term)
		}
	}
	return total
}

func (m *Model) bentSampleGraph(b Bend, theta, u *mlx.Node) *mlx.Node {
	n := u.Shape().Dimensions[0]
	next := m.net.walk(newTape(m.net.layout(), theta), n)
	var counts []*mlx.Node
	out := make([]*mlx.Node, len(m.sites))
	for i, h := range m.net.heads() {
		var before *mlx.Node
		if i > 0 {
			before = counts[i-1]
		}
		s := m.sites[i].species
		ui := mlx.Reshape(mlx.Slice(u, mlx.AxisRange(), mlx.AxisElem(s)), n)
		x := drawWeights(b.weights(listed(h, next(before)), m.drawn.mask(u.Graph(), counts, n)), ui)
		counts = append(counts, x)
		out[s] = mlx.Reshape(x, n, 1)
	}
	return join(out)
}

// SampleBent draws n states from the bent law by inverting its conditionals at the
// uniform numbers u [n·L] in [0, 1), and writes them into dst [n·L].
func (m *Model) SampleBent(dst []int32, theta Params, u []float64, b Bend) error {
	g, err := m.bent(b)
	if err != nil {
		return err
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	l := m.Box.Species()
	return m.parallel(len(u)/l, Chunk, func(lo, hi int) error {
		block := make([]float64, Chunk*l)
		copy(block, u[lo*l:hi*l])
		ut := tensors.FromFlatDataAndDimensions(block, Chunk, l)
		defer ut.FinalizeAll()
		out, err := g.sample.Call1(th, ut)
		if err != nil {
			return fmt.Errorf("van: sampling from %v: %w", b, err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo*l:hi*l], flat.([]int32)[:(hi-lo)*l]) })
	})
}

// LogProbBent writes log Q(x) of the states [n·L] under the bent law into dst [n];
// it may be −Inf.
func (m *Model) LogProbBent(dst []float64, theta Params, states []int32, b Bend) error {
	g, err := m.bent(b)
	if err != nil {
		return err
	}
	th, err := m.params(theta)
	if err != nil {
		return err
	}
	defer th.FinalizeAll()
	return m.chunks(states, Chunk, func(x *tensors.Tensor, lo, hi int) error {
		out, err := g.logp.Call1(th, x)
		if err != nil {
			return fmt.Errorf("van: log-probability under %v: %w", b, err)
		}
		defer out.FinalizeAll()
		return out.ConstFlatData(func(flat any) { copy(dst[lo:hi], flat.([]float64)) })
	})
}
