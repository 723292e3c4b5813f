package evolve

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Where history says that a state without inflow grows, or falls faster than it can be
// left, the rule keeps to what flows; elsewhere it is the formula.
func TestLogRuleKeepsToWhatFlows(t *testing.T) {
	at := []float64{1, 0.9, 0.8}
	r := newLogRules(1.1, at, false).full
	formula := newBDF(1.1, at)
	rng := rand.New(rand.NewPCG(1, 2))
	inside := 0
	for range 1000 {
		last := -10 * rng.Float64()
		trend := 3 * rng.NormFloat64()
		base := []float64{last, last - trend, last - 2*trend}
		outflow, logInflow := 2*rng.Float64(), last+3*rng.NormFloat64()
		s := r.solve(base, outflow, logInflow)
		least, most := last-2*0.1*outflow, math.Log(math.Exp(last)+2*0.1*math.Exp(logInflow))
		z, _ := target(dot(formula.alpha, base), formula.beta, outflow, logInflow)
		want := max(least, min(most, z))
		if math.Abs(s.z-want) > 1e-12*(1+math.Abs(want)) {
			t.Fatalf("log P = %v, want %v between %v and %v", s.z, want, least, most)
		}
		if z == want {
			inside++
		}
		const h = 1e-6
		slope := (r.solve(base, outflow, logInflow+h).z - r.solve(base, outflow, logInflow-h).z) / (2 * h)
		if math.Abs(slope-s.gain) > 1e-5 && math.Abs(z-least) > 1e-4 && math.Abs(z-most) > 1e-4 {
			t.Fatalf("gain %v, differences say %v", s.gain, slope)
		}
	}
	if inside < 100 || inside > 900 {
		t.Errorf("the formula held in %d of 1000 cases: they do not test both sides", inside)
	}
}
