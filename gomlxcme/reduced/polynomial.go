package reduced

import (
	"cmp"
	"math"
	"slices"
)

// Polynomial is a sum of monomials in the parameters of one latent variable; powers of Σ_h may be negative and half whole.
// Variables are counted b̂_1 … b̂_V, Ŵ_1 … Ŵ_V, σ², μ_h, √Σ_h.
type Polynomial []Monomial

// Monomial is Numerator/Denominator · Π variable^power.
type Monomial struct {
	Numerator, Denominator int64 // without common factors, the denominator above 0
	Powers                 []int // [2V+3]
}

// variables of the polynomials over v visible ones.
type variables int

func (v variables) count() int   { return 2*int(v) + 3 }
func (v variables) b(i int) int  { return i }
func (v variables) w(i int) int  { return int(v) + i }
func (v variables) noise() int   { return 2 * int(v) }
func (v variables) mean() int    { return 2*int(v) + 1 }
func (v variables) spread() int  { return 2*int(v) + 2 } // √Σ_h
func (v variables) latent() int  { return int(v) }       // index of the latent variable among all
func (v variables) visible() int { return int(v) }

// power is the variable x to the power k.
func (v variables) power(x, k int) Polynomial {
	p := make([]int, v.count())
	p[x] = k
	return Polynomial{{1, 1, p}}
}

// sum adds polynomials and collects what is alike.
func sum(all ...Polynomial) Polynomial {
	terms := slices.Concat(all...)
	slices.SortStableFunc(terms, func(a, b Monomial) int { return slices.CompareFunc(b.Powers, a.Powers, cmp.Compare) })
	var out Polynomial
	for _, m := range terms {
		if n := len(out); n > 0 && slices.Equal(out[n-1].Powers, m.Powers) {
			last := &out[n-1]
			last.Numerator = last.Numerator*m.Denominator + m.Numerator*last.Denominator
			last.Denominator *= m.Denominator
			last.reduce()
			continue
		}
		out = append(out, m)
	}
	return slices.DeleteFunc(out, func(m Monomial) bool { return m.Numerator == 0 })
}

// times multiplies two polynomials.
func (p Polynomial) times(q Polynomial) Polynomial {
	var out Polynomial
	for _, a := range p {
		for _, b := range q {
			m := Monomial{a.Numerator * b.Numerator, a.Denominator * b.Denominator, slices.Clone(a.Powers)}
			for i, k := range b.Powers {
				m.Powers[i] += k
			}
			m.reduce()
			out = append(out, m)
		}
	}
	return sum(out)
}

// scaled multiplies by a fraction.
func (p Polynomial) scaled(numerator, denominator int64) Polynomial {
	out := slices.Clone(p)
	for i := range out {
		out[i].Numerator *= numerator
		out[i].Denominator *= denominator
		out[i].reduce()
	}
	return slices.DeleteFunc(out, func(m Monomial) bool { return m.Numerator == 0 })
}

// reduce takes out common factors.
func (m *Monomial) reduce() {
	a, b := m.Numerator, m.Denominator
	for b != 0 {
		a, b = b, a%b
	}
	if a < 0 {
		a = -a
	}
	if a > 1 {
		m.Numerator /= a
		m.Denominator /= a
	}
}

// Evaluate computes the polynomial from the values of its variables [2V+3].
func (p Polynomial) Evaluate(values []float64) float64 {
	total := 0.0
	for _, m := range p {
		x := float64(m.Numerator) / float64(m.Denominator)
		for i, k := range m.Powers {
			switch k {
			case 0:
			case 1:
				x *= values[i]
			case 2:
				x *= values[i] * values[i]
			default:
				x *= math.Pow(values[i], float64(k))
			}
		}
		total += x
	}
	return total
}
