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

// Slope is the rate −Δ ln S/Δt between two points of a survival curve, with the interval that the errors of both leave.
func Slope(a, b Survival, m Method) Estimate {
	dt := b.Time - a.Time
	e := certain(math.Log(a.Value/b.Value)/dt, m, 0)
	error := func(s Survival) float64 { return (s.Bound + 2*s.SE) / s.Value }
	by := error(a) + error(b)
	if a.Bound == 0 && b.Bound == 0 { // what is absorbed between the two is what is uncertain: a difference of shares
		by = 2 * math.Sqrt(math.Abs(b.SE*b.SE-a.SE*a.SE)) / b.Value
	}
	e.Low, e.High = max(0, e.Value-by/dt), e.Value+by/dt
	return e
}

// MeanPassage is the mean time of first passage ∫ S dt from a survival curve that starts with S = 1 at time 0: between two times it falls
// exponentially, and behind the last one as it did before. It lies between the sums with the earlier and the later value
// of every interval as far as the curve goes; the tail is taken as it is. Without an escape it is 0.
func MeanPassage(curve []Survival, m Method) Estimate {
	tail := EscapeRate(curve)
	if tail <= 0 {
		return certain(0, m, 0)
	}
	before := Survival{Value: 1}
	e := certain(0, m, 0)
	for _, s := range curve {
		dt := s.Time - before.Time
		mean := (before.Value + s.Value) / 2
		if r := math.Log(before.Value / s.Value); r > 1e-9 && !math.IsInf(r, 1) {
			mean = (before.Value - s.Value) / r
		}
		e.Value, e.Low, e.High = e.Value+dt*mean, e.Low+dt*s.Value, e.High+dt*before.Value
		before = s
	}
	rest := before.Value / tail
	e.Value, e.Low, e.High = e.Value+rest, e.Low+rest, e.High+rest
	return e
}
