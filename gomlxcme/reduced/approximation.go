package reduced

import (
	"fmt"
	"math"
)

// Approximation is what a candidate at unit rate does to the parameters in the standard frame: their derivatives, as formulas in the
// parameters. In the frame of the latent variable with the mean μ_h and the variance Σ_h, mean and covariance of all variables are
// b̂, μ_h and ŴŴᵀ + σ² I, √Σ_h Ŵ, Σ_h.
type Approximation struct {
	Candidate Candidate
	Names     []string     // of the visible variables and of the latent one
	DW        []Polynomial // [V]
	DB        []Polynomial // [V]
	DNoise    Polynomial   // of σ²
}

// Approximate derives the approximation of one candidate.
func Approximate(c Candidate, names []string) (*Approximation, error) {
	n := len(c.Orders)
	if len(names) != n || len(c.Change) != n || n < 2 {
		return nil, fmt.Errorf("%w: orders of %d and changes of %d variables with %d names", ErrCandidate, n, len(c.Change), len(names))
	}
	v := variables(n - 1)
	d := closure{v}.derivatives(c)
	a := &Approximation{Candidate: c, Names: names, DW: make([]Polynomial, v), DB: make([]Polynomial, v)}
	h := v.latent()
	// The projection of moments on the family (FromMoments), differentiated, in the standard frame, with C = √Σ Ŵ:
	// db̂ = dμ, dŴ = dC/√Σ − Ŵ dΣ/(2 Σ), dσ² = (tr dCov − 2 Ŵ·dŴ)/V.
	var noise []Polynomial
	for i := range v.visible() {
		a.DB[i] = d.mean[i]
		a.DW[i] = sum(
			d.cov(i, h).times(v.power(v.spread(), -1)),
			v.power(v.w(i), 1).times(d.cov(h, h)).times(v.power(v.spread(), -2)).scaled(-1, 2),
		)
		noise = append(noise, d.cov(i, i), v.power(v.w(i), 1).times(a.DW[i]).scaled(-2, 1))
	}
	a.DNoise = sum(noise...).scaled(1, int64(v))
	return a, nil
}

// closure knows the moments of the Gaussian as polynomials.
type closure struct{ variables }

// mean of variable i.
func (g closure) mean(i int) Polynomial {
	if i == g.latent() {
		return g.power(g.variables.mean(), 1)
	}
	return g.power(g.b(i), 1)
}

// cov is the covariance of variables i and j.
func (g closure) cov(i, j int) Polynomial {
	if i > j {
		i, j = j, i
	}
	h := g.latent()
	switch {
	case i == h:
		return g.power(g.spread(), 2)
	case j == h:
		return g.power(g.spread(), 1).times(g.power(g.w(i), 1))
	}
	c := g.power(g.w(i), 1).times(g.power(g.w(j), 1))
	if i == j {
		c = sum(c, g.power(g.noise(), 1))
	}
	return c
}

// moment is the mean of a product of variables, by Stein's lemma: <x_i f> = <x_i><f> + Σ_j Cov_ij <∂f/∂x_j>.
func (g closure) moment(product []int) Polynomial {
	if len(product) == 0 {
		return Polynomial{{1, 1, make([]int, g.count())}}
	}
	i, rest := product[0], product[1:]
	out := g.mean(i).times(g.moment(rest))
	for k, j := range rest {
		others := append(append([]int{}, rest[:k]...), rest[k+1:]...)
		out = sum(out, g.cov(i, j).times(g.moment(others)))
	}
	return out
}

// change is how fast moments change.
type change struct {
	mean []Polynomial
	cov  func(i, j int) Polynomial
}

// derivatives is the one rule for all reactions: d<x_i> = c_i <a> and d<x_i x_j> = c_i <x_j a> + c_j <x_i a> + c_i c_j <a>.
func (g closure) derivatives(c Candidate) change {
	var reactants []int
	for i, order := range c.Orders {
		for range order {
			reactants = append(reactants, i)
		}
	}
	a := g.moment(reactants)
	with := make([]Polynomial, len(c.Change)) // <x_i a>
	d := change{mean: make([]Polynomial, len(c.Change))}
	for i, ci := range c.Change {
		with[i] = g.moment(append([]int{i}, reactants...))
		d.mean[i] = a.scaled(int64(ci), 1)
	}
	d.cov = func(i, j int) Polynomial {
		ci, cj := int64(c.Change[i]), int64(c.Change[j])
		return sum(
			with[j].scaled(ci, 1), with[i].scaled(cj, 1), a.scaled(ci*cj, 1),
			d.mean[i].times(g.mean(j)).scaled(-1, 1), d.mean[j].times(g.mean(i)).scaled(-1, 1),
		)
	}
	return d
}

// Size is the number of features of an approximation: 2V + 1.
func (a *Approximation) Size() int { return 2*len(a.DB) + 1 }

// each calls f with the formulas in the order of the features: dŴ_1 … dŴ_V, db̂_1 … db̂_V, dσ².
func (a *Approximation) each(f func(i int, p Polynomial)) {
	v := len(a.DB)
	for i := range v {
		f(i, a.DW[i])
		f(v+i, a.DB[i])
	}
	f(2*v, a.DNoise)
}

// Values returns the variables of the polynomials for parameters with one latent variable, in whatever frame: [2V+3].
func Values(p Parameters) []float64 {
	hat := p.Hat()
	values := append(append([]float64{}, hat.B...), hat.W[0]...)
	return append(values, p.Noise, p.Latent.Mean[0], math.Sqrt(p.Latent.Var[0]))
}
