package van

import (
	"fmt"
	"math"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// Heads say how one conditional follows from a few coefficients.
type Heads interface {
	fmt.Stringer
	// head returns the head of a species, by its number in the caller's order,
	// with counts 0..cap.
	head(species, cap int) (head, error)
}

// head is the law of one count, given R coefficients a [n, R]. A mask [n, M] is
// added to its logits: what conservation laws forbid; nil forbids nothing.
type head interface {
	size() int // R
	// logp returns log P [n] of counts x [n].
	logp(a, x, mask *mlx.Node) *mlx.Node
	// draw inverts the distribution function at u [n] and returns counts [n]. The
	// law is raised to the given power [n] and normalised again.
	draw(a, u, power, mask *mlx.Node) *mlx.Node
}

// Softmax gives every count but 0 a free logit, so that it can represent any
// conditional, at the price of M−1 coefficients whose values at counts that are
// never sampled are arbitrary.
type Softmax struct{}

func (Softmax) String() string { return "softmax" }

func (Softmax) head(_, cap int) (head, error) { return freeLogits(cap), nil }

func freeLogits(cap int) linear {
	m, r := cap+1, max(cap, 1) // a species with one count keeps one idle coefficient
	h := linear{base: make([]float64, m), psi: make([]float64, m*r), m: m, r: r}
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
	Knots     int    // B-splines per head; 0 means 14, and 24 where Flat, whose peaks have no base measure
	FreeBelow int    // number of counts up to which logits are free; 0 means 12
	Flat      []bool // per species: no base measure, and splines in n instead of √n, for counts that start high; nil means none
}

func (s Spline) defaults() Spline {
	set(&s.FreeBelow, 12)
	return s
}

// knots is the number of B-splines of a species.
func (s Spline) knots(flat bool) int {
	switch {
	case s.Knots != 0:
		return s.Knots
	case flat:
		return 24
	}
	return 14
}

func (s Spline) String() string {
	s = s.defaults()
	var flat []int
	for i, f := range s.Flat {
		if f {
			flat = append(flat, i)
		}
	}
	return fmt.Sprintf("spline(knots=%d/%d, free-below=%d, flat=%v)", s.knots(false), s.knots(true), s.FreeBelow, flat)
}

func (s Spline) head(species, cap int) (head, error) {
	s = s.defaults()
	flat := species < len(s.Flat) && s.Flat[species]
	if s.knots(flat) < 4 {
		return nil, fmt.Errorf("%w: %v; use at least 4 knots", ErrArchitecture, s)
	}
	m := cap + 1
	if m <= s.FreeBelow || m <= 6 {
		return freeLogits(cap), nil
	}
	knots := max(4, min(s.knots(flat), m/2))
	r := 2 + knots
	h := linear{base: make([]float64, m), psi: make([]float64, m*r), m: m, r: r}
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
	return h, nil
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
