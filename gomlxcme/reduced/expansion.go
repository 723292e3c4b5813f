package reduced

import (
	"fmt"
	"slices"
)

// Expansion sorts polynomials by powers of a few live variables: μ_h and √Σ_h, which a network learns, and, if asked for, parameters that move. With
// the others known, input k is Σ_p C_kp Π_v x_v^n_pv, linear in a few monomials of the live variables x.
type Expansion struct {
	Powers  [][]int // [P]: n_p of μ_h, √Σ_h, and then of the b̂ and Ŵ that are live; all 0 in the first
	live    []int   // variables of the polynomials
	inputs  []Polynomial
	place   [][]int // of each monomial of each input
	visible int
}

// NewExpansion expands polynomials over v visible variables. The b̂ and Ŵ of the visible variables in b and w are live too.
func NewExpansion(v int, inputs []Polynomial, b, w []int) (*Expansion, error) {
	x := variables(v)
	e := &Expansion{live: []int{x.mean(), x.spread()}, inputs: inputs, visible: v}
	for _, i := range b {
		e.live = append(e.live, x.b(i))
	}
	for _, i := range w {
		e.live = append(e.live, x.w(i))
	}
	e.Powers = [][]int{make([]int, len(e.live))}
	for k, p := range inputs {
		var places []int
		for _, m := range p {
			if len(m.Powers) != x.count() {
				return nil, fmt.Errorf("%w: polynomial %d is not over %d visible variables", ErrSettings, k, v)
			}
			power := make([]int, len(e.live))
			for i, l := range e.live {
				power[i] = m.Powers[l]
			}
			at := slices.IndexFunc(e.Powers, func(q []int) bool { return slices.Equal(q, power) })
			if at < 0 {
				at = len(e.Powers)
				e.Powers = append(e.Powers, power)
			}
			places = append(places, at)
		}
		e.place = append(e.place, places)
	}
	return e, nil
}

// Inputs is the number of polynomials, K.
func (e *Expansion) Inputs() int { return len(e.inputs) }

// Coefficients writes C [K·P] for parameters in the standard frame into dst.
func (e *Expansion) Coefficients(dst []float64, hat Parameters) {
	clear(dst)
	values := Values(hat)
	for _, l := range e.live {
		values[l] = 1 // left to the caller
	}
	for k, p := range e.inputs {
		row := dst[k*len(e.Powers) : (k+1)*len(e.Powers)]
		for i := range p {
			row[e.place[k][i]] += p[i : i+1].Evaluate(values)
		}
	}
}

// Polynomials of the features, in their order.
func (f *Features) Polynomials() (all []Polynomial) {
	for _, a := range f.Approximations {
		block := make([]Polynomial, a.Size())
		a.each(func(i int, p Polynomial) { block[i] = p })
		all = append(all, block...)
	}
	return all
}

// ParameterPolynomials are the parameters themselves, in the frame of the latent law, as inputs for a network without reactions:
// W_1 … W_V, Σ_h, σ², μ_h, b_1 … b_V, for which W = Ŵ/√Σ_h and b = b̂ − W μ_h.
func ParameterPolynomials(v int) (all []Polynomial) {
	x := variables(v)
	w := func(i int) Polynomial { return x.power(x.w(i), 1).times(x.power(x.spread(), -1)) }
	for i := range v {
		all = append(all, w(i))
	}
	all = append(all, x.power(x.spread(), 2), x.power(x.noise(), 1), x.power(x.mean(), 1))
	for i := range v {
		all = append(all, sum(x.power(x.b(i), 1), w(i).times(x.power(x.mean(), 1)).scaled(-1, 1)))
	}
	return all
}
