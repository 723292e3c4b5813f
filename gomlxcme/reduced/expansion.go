package reduced

import (
	"fmt"
	"slices"
)

// Expansion sorts polynomials by powers of the latent law: with the parameters in the standard frame known, input k is
// Σ_p C_kp μ_h^a_p √Σ_h^b_p, linear in a few monomials of the two numbers that a network learns.
type Expansion struct {
	Powers  [][2]int // [P]: a_p and b_p, the first both 0
	inputs  []Polynomial
	place   [][]int // of each monomial of each input
	visible int
}

// NewExpansion expands polynomials over v visible variables.
func NewExpansion(v int, inputs []Polynomial) (*Expansion, error) {
	x := variables(v)
	e := &Expansion{Powers: [][2]int{{0, 0}}, inputs: inputs, visible: v}
	for k, p := range inputs {
		var places []int
		for _, m := range p {
			if len(m.Powers) != x.count() {
				return nil, fmt.Errorf("%w: polynomial %d is not over %d visible variables", ErrSettings, k, v)
			}
			power := [2]int{m.Powers[x.mean()], m.Powers[x.spread()]}
			at := slices.Index(e.Powers, power)
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
	x := variables(e.visible)
	values := Values(hat)
	values[x.mean()], values[x.spread()] = 1, 1 // left to the caller
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
