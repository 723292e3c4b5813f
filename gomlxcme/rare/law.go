package rare

import (
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// InLaw returns the probability of the set in a law that lists states: that of a projection, with its bound, or of
// trajectories. It reports false for a law that does not.
func InLaw(s dist.Snapshot, set Set) (e Estimate, ok bool) {
	law, ok := s.Dist.(*dist.Table)
	if !ok {
		return Estimate{}, false
	}
	hits := 0.0
	for i := range law.Len() {
		if set.Contains(law.State(i)) {
			hits += law.P(i)
		}
	}
	if n := law.Samples(); n > 0 {
		return Share(int(hits*n+0.5), int(n)), true
	}
	// The projected law lies below the exact one, by what it lost in total.
	e = certain(hits, Projection, law.Len())
	bound, _ := s.Diagnostics.Get("truncation_bound")
	e.Low, e.High = max(0, hits-bound), min(1, hits+bound)
	return e, true
}
