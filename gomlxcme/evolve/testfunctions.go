package evolve

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// testFunctions are smooth functions of the counts: products of Legendre
// polynomials, one for each species, up to a total degree.
type testFunctions struct {
	tables [][][]float64 // [species][degree−1][count]
	terms  [][]factor
	degree int // total degree of the products
}

// factor is one polynomial of a product.
type factor struct{ species, degree int }

const (
	// mostTests bounds the number of test functions, and with it their degree;
	// mostManyTests is the same for many species, where they decide what these have
	// to do with each other.
	mostTests, mostManyTests = 80, 1000
	// highestDegree is enough to tell two basins in one count apart.
	highestDegree = 8
)

// newTestFunctions returns all products up to the largest total degree for which
// there are at most the given number; with many species those of two species go
// further, and those of one as far as they can. Polynomials run in n for the species that flat
// marks and in √n otherwise, as the inputs and heads of the networks do.
func newTestFunctions(box van.Box, flat func(species int) bool, most int) *testFunctions {
	t := &testFunctions{}
	for i, limit := range box.Caps {
		u := make([]float64, limit+1)
		for n := range u {
			share := float64(n) / float64(max(limit, 1))
			if !flat(i) {
				share = math.Sqrt(share)
			}
			u[n] = 2*share - 1
		}
		// A species with M counts has M−1 functions beside the constant.
		t.tables = append(t.tables, legendre(u, min(limit, highestDegree)))
	}
	for degree := 1; degree <= highestDegree; degree++ {
		terms := t.products(degree, len(box.Caps))
		if len(terms) > most && len(box.Caps) >= manySpecies {
			terms = t.products(degree, 2)
		}
		if degree > 1 && len(terms) > most {
			break
		}
		t.terms, t.degree = terms, degree
	}
	if len(box.Caps) >= manySpecies {
		for i, rows := range t.tables {
			for q := t.degree + 1; q <= len(rows); q++ {
				t.terms = append(t.terms, []factor{{i, q}})
			}
		}
	}
	return t
}

// legendre returns P_1(u) … P_top(u), [top][len(u)].
func legendre(u []float64, top int) [][]float64 {
	rows := make([][]float64, top)
	for q := range rows {
		rows[q] = make([]float64, len(u))
	}
	for n, x := range u {
		below, p := 1.0, x
		for q := range rows {
			rows[q][n] = p
			k := float64(q + 1)
			below, p = p, ((2*k+1)*x*p-k*below)/(k+1)
		}
	}
	return rows
}

// products lists all products of at most so many factors of total degree 1 to degree.
func (t *testFunctions) products(degree, factors int) [][]factor {
	var terms [][]factor
	var extend func(species, left int, now []factor)
	extend = func(species, left int, now []factor) {
		if species == len(t.tables) || len(now) == factors {
			if len(now) > 0 {
				terms = append(terms, append([]factor(nil), now...))
			}
			return
		}
		extend(species+1, left, now)
		for q := 1; q <= min(left, len(t.tables[species])); q++ {
			extend(species+1, left-q, append(now, factor{species, q}))
		}
	}
	extend(0, degree, nil)
	return terms
}

func (t *testFunctions) len() int { return len(t.terms) }

// at writes f(x) of all functions.
func (t *testFunctions) at(dst []float64, x []int32) {
	for k, term := range t.terms {
		v := 1.0
		for _, f := range term {
			v *= t.tables[f.species][f.degree-1][x[f.species]]
		}
		dst[k] = v
	}
}

// generator adds to dst, of value 0, the rate at which f changes along the
// reactions out of x, (W†f)(x) = Σ_k a_k(x) (f(x+s_k) − f(x)), for all functions,
// given f at x. scratch holds as many numbers as there are functions, y a state. Reactions
// into the hole of the box, which may be nil, take f(x) away; their rate is returned.
func (t *testFunctions) generator(dst, f, scratch []float64, y []int32, c *crn.Compiled, hole *van.Region, x []int32, time float64) (entry float64) {
	for k := range c.NumReactions() {
		a := c.Propensity(k, x, time)
		if a == 0 {
			continue
		}
		for s, d := range c.Change(k) {
			y[s] = x[s] + d
		}
		if hole != nil && hole.Contains(y) {
			entry += a
			for i := range dst {
				dst[i] -= a * f[i]
			}
			continue
		}
		t.at(scratch, y)
		for i := range dst {
			dst[i] += a * (scratch[i] - f[i])
		}
	}
	return entry
}
