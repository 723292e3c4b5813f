package rare

import (
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// sources lists the states outside the basin from which reaction k leads into it, as regions without a state in common.
func (b Basin) sources(c *crn.Compiled, k int, caps []int) []van.Region {
	inside, err := b.Within(caps)
	if err != nil {
		return nil
	}
	from := van.Region{Low: slices.Clone(inside.Low), High: slices.Clone(inside.High)}
	for i, d := range c.Change(k) {
		// Source and target both lie within the caps.
		from.Low[i] = max(from.Low[i]-d, 0)
		from.High[i] = min(from.High[i]-d, int32(caps[i]))
		if from.Low[i] > from.High[i] {
			return nil
		}
	}
	// The states outside differ first in species 0, or first in species 1, and so on.
	var list []van.Region
	rest := from
	for i := range caps {
		for _, side := range [2][2]int32{{rest.Low[i], min(rest.High[i], inside.Low[i]-1)}, {max(rest.Low[i], inside.High[i]+1), rest.High[i]}} {
			if side[0] <= side[1] {
				r := van.Region{Low: slices.Clone(rest.Low), High: slices.Clone(rest.High)}
				r.Low[i], r.High[i] = side[0], side[1]
				list = append(list, r)
			}
		}
		rest.Low[i], rest.High[i] = max(rest.Low[i], inside.Low[i]), min(rest.High[i], inside.High[i])
		if rest.Low[i] > rest.High[i] {
			break
		}
	}
	return list
}

// Flux returns the probability that enters the set per unit of time in a law, Σ_{x outside} P(x) Σ_k a_k(x, t) [x + s_k inside].
func Flux(law *dist.Table, c *crn.Compiled, s Set, t float64) float64 {
	y := make([]int32, c.NumSpecies())
	flux := 0.0
	for i := range law.Len() {
		x := law.State(i)
		if law.P(i) == 0 || s.Contains(x) {
			continue
		}
		for k := range c.NumReactions() {
			for j, d := range c.Change(k) {
				y[j] = x[j] + d
			}
			if s.Contains(y) {
				flux += law.P(i) * c.Propensity(k, x, t)
			}
		}
	}
	return flux
}
