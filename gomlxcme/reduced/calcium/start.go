package calcium

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// How a run begins.
const (
	startCa     = 0.25  // mean calcium in the cytosol, µM
	startSpread = 0.001 // standard deviation of calcium and IP3, µM
	settleEvery = 0.1   // the receptors bind at fixed concentrations and are looked at so often, s
	settleFrom  = 40    // their mean numbers are taken from this look on, at 4 s,
	settleLast  = 100   // to this one, at 10 s
)

// start draws the state at time 0. Calcium and IP3 are rounded normal numbers; all the other calcium is in the ER. The receptors begin
// empty, bind at these concentrations, which stay as they are, and start with their mean numbers between 4 s and 10 s, rounded so
// that none is lost. The rounding of the source may lose one or two.
func (s *state) start(c Condition, k *Constants, rng *rand.Rand) {
	omega := c.Omega()
	draw := func(mean float64) int {
		return max(0, int(math.Round(math.Round(mean*omega)+startSpread*omega*rng.NormFloat64())))
	}
	s.ca, s.ip3 = draw(startCa), draw(c.IP3)
	s.er = int(math.Round((k.Total - startCa) * omega))
	s.sub = [8]int{c.Receptors}
	s.sub = largestRemainder(s.settle(rng), c.Receptors)
}

// settle simulates the binding at fixed concentrations and returns mean numbers of subunits.
func (s *state) settle(rng *rand.Rand) (mean [8]float64) {
	held := *s
	held.rate[release], held.rate[refill] = 0, 0
	samples, t := 0, 0.0
	for next := 0; next <= settleLast; {
		var p [numGroups]float64
		total := held.propensities(&p)
		t += rng.ExpFloat64() / total
		for ; next <= settleLast && float64(next)*settleEvery < t; next++ {
			if next < settleFrom {
				continue
			}
			samples++
			for i, n := range held.sub {
				mean[i] += float64(n)
			}
		}
		held.fire(held.choose(rng, &p, total))
		held.ca, held.ip3 = s.ca, s.ip3
	}
	for i := range mean {
		mean[i] /= float64(samples)
	}
	return mean
}

// largestRemainder rounds numbers whose sum is total so that it stays the sum: down, and those with the largest remainders up.
func largestRemainder(x [8]float64, total int) (n [8]int) {
	order := [8]int{0, 1, 2, 3, 4, 5, 6, 7}
	left := total
	for i, v := range x {
		n[i] = int(v)
		left -= n[i]
	}
	rest := func(i int) float64 { return x[i] - math.Floor(x[i]) }
	slices.SortStableFunc(order[:], func(i, j int) int { return cmp.Compare(rest(j), rest(i)) })
	for i := range left {
		n[order[i]]++
	}
	return n
}
