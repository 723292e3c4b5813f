package van

import (
	"fmt"
	"math"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// Heads say how the logits of one conditional follow from a few coefficients.
type Heads interface {
	fmt.Stringer
	// head returns the head of species i, with counts 0..cap.
	head(i, cap int) head
}

// head is linear in its coefficients a: logits = base + Ψ a. It is an
// exponential family, so log P is concave in a.
type head struct {
	base []float64 // [M] fixed part of the logits
	psi  []float64 // [M, R] basis
	m, r int
}

// logits returns [n, M] from coefficients [n, R].
func (h head) logits(a *mlx.Node) *mlx.Node {
	g := a.Graph()
	psi := mlx.Const(g, transpose(h.psi, h.m, h.r))
	return mlx.Add(mlx.MatMul(a, psi), mlx.InsertAxes(mlx.Const(g, h.base), 0))
}

// at returns the logits at counts x [n] alone, as [n]: the row of Ψ that belongs
// to a count is looked up instead of selecting one of M logits.
func (h head) at(a, x *mlx.Node) *mlx.Node {
	g := a.Graph()
	index := mlx.InsertAxes(x, -1)
	row := mlx.Gather(mlx.Const(g, matrix(h.psi, h.m, h.r)), index)
	return mlx.Add(mlx.ReduceSum(mlx.Mul(a, row), -1), mlx.Gather(mlx.Const(g, h.base), index))
}

// Softmax gives every count but 0 a free logit, so that it can represent any
// conditional, at the price of M−1 coefficients whose values at counts that are
// never sampled are arbitrary.
type Softmax struct{}

func (Softmax) String() string { return "softmax" }

func (Softmax) head(_, cap int) head {
	m, r := cap+1, max(cap, 1) // a species with one count keeps one idle coefficient
	h := head{base: make([]float64, m), psi: make([]float64, m*r), m: m, r: r}
	for k := 1; k < m; k++ {
		h.psi[k*r+k-1] = 1
	}
	return h
}

// Spline gives smooth conditionals: the logits are a base measure plus a linear,
// a quadratic and Knots cubic B-spline terms in the count. The base measure is
// −log n!, with which a Poisson law needs the linear term alone. Counts that were never
// sampled are extrapolated instead of being arbitrary. Species with at most
// FreeBelow counts get Softmax heads, whose few logits need no smoothing.
type Spline struct {
	Knots     int    // B-splines per head; 0 means 14
	FreeBelow int    // number of counts up to which logits are free; 0 means 12
	Flat      []bool // per species: no base measure, and splines in n instead of √n, for counts that start high; nil means none
}

func (s Spline) defaults() Spline {
	if s.Knots == 0 {
		s.Knots = 14
	}
	if s.FreeBelow == 0 {
		s.FreeBelow = 12
	}
	return s
}

func (s Spline) String() string {
	s = s.defaults()
	var flat []int
	for i, f := range s.Flat {
		if f {
			flat = append(flat, i)
		}
	}
	return fmt.Sprintf("spline(knots=%d, free-below=%d, flat=%v)", s.Knots, s.FreeBelow, flat)
}

func (s Spline) head(i, cap int) head {
	s = s.defaults()
	m := cap + 1
	if m <= s.FreeBelow || m <= 6 {
		return Softmax{}.head(i, cap)
	}
	knots := max(4, min(s.Knots, m/2))
	flat := i < len(s.Flat) && s.Flat[i]
	r := 2 + knots
	h := head{base: make([]float64, m), psi: make([]float64, m*r), m: m, r: r}
	for n := range m {
		row := h.psi[n*r : (n+1)*r]
		// The linear and quadratic terms are scaled so that a unit of each
		// coefficient moves log P by a similar amount over the box: the damping
		// of Gauss–Newton treats all parameters alike.
		u := (float64(n) - float64(m)/2) / (float64(m) / 8)
		row[0], row[1] = u, u*u/4
		v := float64(n) / float64(cap)
		if !flat {
			v = math.Sqrt(v)
			lg, _ := math.Lgamma(float64(n) + 1)
			h.base[n] = -lg
		}
		v *= float64(knots - 3)
		for q := range knots {
			row[2+q] = bspline(v-float64(q-1)) / 2
		}
	}
	return h
}

// bspline is the cubic B-spline with knots −2, −1, 0, 1, 2.
func bspline(x float64) float64 {
	x = math.Abs(x)
	switch {
	case x >= 2:
		return 0
	case x >= 1:
		return (2 - x) * (2 - x) * (2 - x) / 6
	}
	return 2.0/3 - x*x + x*x*x/2
}

// matrix returns rows of a as GoMLX takes constants.
func matrix(a []float64, n, m int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = a[i*m : (i+1)*m]
	}
	return rows
}

func transpose(a []float64, n, m int) [][]float64 {
	t := make([][]float64, m)
	for j := range t {
		t[j] = make([]float64, n)
		for i := range n {
			t[j][i] = a[i*m+j]
		}
	}
	return t
}
