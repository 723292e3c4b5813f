package rare

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// Survival is the probability that the basin has not been entered by Time.
type Survival struct {
	Time  float64
	Value float64
	SE    float64 // standard error; 0 for exact results
	Bound float64 // the exact value lies within Value ± Bound; 0 for sampled results, of which SE speaks
}

// SampledSurvival estimates the survival at times up to p.End. The standard error is that of a share of (k + ½)/(n + 1), k of n
// trajectories having survived, so that it is not 0 where none or all have.
func SampledSurvival(p *ssa.Passages, times []float64) []Survival {
	n := float64(len(p.Times))
	curve := make([]Survival, len(times))
	for i, t := range times {
		entered, _ := p.Probability(t)
		share := ((1-entered)*n + 0.5) / (n + 1)
		curve[i] = Survival{Time: t, Value: 1 - entered, SE: math.Sqrt(share * (1 - share) / (n + 1))}
	}
	return curve
}

// ProjectedSurvival takes the survival from a projection that was solved with fsp.Settings.Absorb: the middle between its two bounds.
func ProjectedSurvival(r *fsp.Result) []Survival {
	bounds := r.Survival()
	curve := make([]Survival, len(bounds))
	for i, b := range bounds {
		curve[i] = Survival{Time: b.Time, Value: (b.Low + b.High) / 2, Bound: (b.High - b.Low) / 2}
	}
	return curve
}

// EscapeRate is −Δ ln S/Δt between the last two times of a survival curve: the rate of the escape, once it has become steady. It is 0
// if there are fewer than two times or nothing survives.
func EscapeRate(curve []Survival) float64 {
	n := len(curve)
	if n < 2 || !(curve[n-1].Value > 0) {
		return 0
	}
	a, b := curve[n-2], curve[n-1]
	return math.Log(a.Value/b.Value) / (b.Time - a.Time)
}
