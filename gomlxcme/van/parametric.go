package van

import (
	"fmt"
	"math/bits"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	mlx "github.com/gomlx/gomlx/core/graph"
)

// Logistic gives conditionals that are mixtures of discretised logistic laws
// (Salimans et al., ICLR 2017, for pixels),
//
//	P(n) = Σ_k w_k [F((n+½−μ_k)/s_k) − F((n−½−μ_k)/s_k)],   F(z) = 1/(1+e^(−z)),
//
// with 3 coefficients a component, whatever the cap: log P costs Components terms
// and a draw log₂ cap steps instead of one logit for every count, so a cap may be
// as large as a count ever gets. What a component has below 0 belongs to 0, and
// what it has above the cap to the cap, so that the sum over all counts is exactly
// 1. Tails fall like e^(−n/s), as those of bursty gene expression do; a Poisson
// tail falls faster, and Spline follows it better.
//
// Tempered draws stretch the widths s_k by the inverse of the power instead of
// raising P to it: as flat in the tails, and without a sum over all counts. Where
// a conservation law concerns a species, all its counts are listed and masked as
// with other heads, up to 4096 of them. Species with at most 12 counts get Softmax
// heads.
type Logistic struct {
	Components int       // of the mixture, K; 0 means 3
	Scale      []float64 // per species, a count that it typically reaches; nil or 0 means a quarter of the cap
}

func (a Logistic) defaults() Logistic {
	set(&a.Components, 3)
	return a
}

func (a Logistic) String() string {
	a = a.defaults()
	return fmt.Sprintf("logistic(components=%d, scale=%v)", a.Components, a.Scale)
}

func (a Logistic) head(species, cap int) (head, error) {
	a = a.defaults()
	if a.Components < 1 {
		return nil, fmt.Errorf("%w: %v; use at least one component", ErrArchitecture, a)
	}
	if cap < indicatorsUpTo {
		return freeLogits(cap), nil
	}
	scale := float64(cap) / 4
	if species < len(a.Scale) && a.Scale[species] != 0 {
		scale = a.Scale[species]
	}
	if !(scale > 0) {
		return nil, fmt.Errorf("%w: species %d has the typical count %v; it must be positive", ErrArchitecture, species, scale)
	}
	return mixture{cap: cap, components: a.Components, scale: scale}, nil
}

// mixture is the head of one species. With all coefficients 0, the components lie
// evenly between 0 and twice the scale.
type mixture struct {
	cap, components int
	scale           float64
}

// maxListed is the number of counts up to which a conservation law may concern a
// species with a mixture.
const maxListed = 4096

// widest bounds the logarithm of a component's width, so that no parameters make
// log P overflow.
const widest = 12

func (h mixture) size() int { return 3 * h.components }

// parts returns log w, μ and 1/s of the components, each [n, K].
func (h mixture) parts(a *mlx.Node) (logw, mean, inverse *mlx.Node) {
	k := h.components
	logw = columns(a, 0, k)
	logw = mlx.Sub(logw, mlx.InsertAxes(logSumExp(logw), -1))
	start := make([]float64, k)
	for i := range start {
		start[i] = 2 * (float64(i) + 0.5) / float64(k)
	}
	mean = mlx.MulScalar(mlx.Add(columns(a, k, 2*k), mlx.InsertAxes(mlx.Const(a.Graph(), start), 0)), h.scale)
	width := mlx.MulScalar(mlx.Tanh(mlx.DivScalar(columns(a, 2*k, 3*k), widest)), -widest)
	return logw, mean, mlx.MulScalar(mlx.Exp(width), float64(k)/h.scale)
}

// logs returns log P of counts x, an array of shape […, 1], under components of
// shape […, K], reduced over these.
//
// With F(b) − F(a) = F(b) F(−a) (1 − e^(a−b)) nothing is subtracted that is
// nearly equal: log P keeps its digits far out in the tails.
func (h mixture) logs(x, logw, mean, inverse *mlx.Node) *mlx.Node {
	above := notEqual(x, h.cap) // what lies above the cap belongs to it
	below := notEqual(x, 0)
	z := mlx.Mul(mlx.Sub(mlx.ConvertDType(x, mean.DType()), mean), inverse)
	half := mlx.MulScalar(inverse, 0.5)
	t := mlx.Tanh(half)
	between := mlx.Log(mlx.Div(mlx.MulScalar(t, 2), mlx.AddScalar(t, 1))) // log(1 − e^(−1/s))
	term := mlx.Add(mlx.Mul(logLogistic(mlx.Add(z, half)), above), mlx.Mul(logLogistic(mlx.Sub(half, z)), below))
	term = mlx.Add(mlx.Add(term, mlx.Mul(between, mlx.Mul(above, below))), logw)
	top := mlx.StopGradient(mlx.ReduceAndKeep(term, mlx.ReduceMax, -1))
	sum := mlx.ReduceSum(mlx.Exp(mlx.Sub(term, top)), -1)
	return mlx.Add(mlx.Log(sum), mlx.Squeeze(top, -1))
}

// notEqual is 1 where x differs from the count v, and 0 where it does not.
func notEqual(x *mlx.Node, v int) *mlx.Node {
	return mlx.ConvertDType(mlx.NotEqual(x, mlx.ConstAsDType(x.Graph(), x.DType(), v)), dtypes.Float64)
}

// logLogistic is log 1/(1+e^(−z)), without overflow on either side.
func logLogistic(z *mlx.Node) *mlx.Node {
	size := mlx.Abs(z)
	return mlx.Sub(mlx.MulScalar(mlx.Sub(z, size), 0.5), mlx.Log1P(mlx.Exp(mlx.Neg(size))))
}

// list returns log P of all counts, [n, M].
func (h mixture) list(a *mlx.Node) *mlx.Node {
	logw, mean, inverse := h.parts(a)
	counts := mlx.Iota(a.Graph(), shapes.Make(dtypes.Int32, 1, h.cap+1, 1), 1)
	spread := func(x *mlx.Node) *mlx.Node { return mlx.InsertAxes(x, 1) }
	return h.logs(counts, spread(logw), spread(mean), spread(inverse))
}

func (h mixture) logp(a, x, mask *mlx.Node) *mlx.Node {
	if mask != nil {
		logits := mlx.Add(h.list(a), mask)
		return mlx.Sub(pick(logits, x), logSumExp(logits))
	}
	logw, mean, inverse := h.parts(a)
	return h.logs(mlx.InsertAxes(x, -1), logw, mean, inverse)
}

// draw finds the smallest count whose distribution function exceeds u, by halving
// the range of counts.
func (h mixture) draw(a, u, power, mask *mlx.Node) *mlx.Node {
	if mask != nil {
		return drawLogits(h.list(a), u, power, mask)
	}
	logw, mean, inverse := h.parts(a)
	weight := mlx.Exp(logw)
	inverse = mlx.Mul(inverse, mlx.InsertAxes(power, -1))
	low := mlx.ZerosLike(mlx.ConvertDType(u, dtypes.Int32))
	high := mlx.AddScalar(low, float64(h.cap))
	for range bits.Len(uint(h.cap)) {
		middle := mlx.Div(mlx.Add(low, high), mlx.ConstAsDType(u.Graph(), dtypes.Int32, 2))
		edge := mlx.AddScalar(mlx.InsertAxes(mlx.ConvertDType(middle, u.DType()), -1), 0.5)
		below := mlx.ReduceSum(mlx.Mul(weight, logistic(mlx.Mul(mlx.Sub(edge, mean), inverse))), -1)
		found := mlx.GreaterThan(below, u)
		// The cap takes what is left, and is found if nothing below it is.
		low, high = mlx.Where(found, low, mlx.Min(mlx.AddScalar(middle, 1.0), high)), mlx.Where(found, middle, high)
	}
	return low
}
