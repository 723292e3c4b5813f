package crn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Initial is the law of one species' count at time 0. Every method takes the cap of the species (Unbounded for none) and
// speaks of the law conditioned on counts 0 … cap. Values are plain data and safe for concurrent use.
type Initial interface {
	// Expected is the mean count.
	Expected(cap int) float64
	// LogProb is the natural logarithm of the probability of count n, −Inf where it is zero.
	LogProb(n, cap int) float64
	// Sample draws a count.
	Sample(rng *rand.Rand, cap int) int
	// Support is the smallest range lo … hi that holds every count whose probability is at least tail.
	Support(cap int, tail float64) (lo, hi int)
	// Check says what is wrong with the law under this cap, nil if nothing is.
	Check(cap int) error
	// String names the law, as in "delta(2)".
	String() string
}

// Delta is the law that is certain of one count.
type Delta int

// Expected is the count itself.
func (d Delta) Expected(int) float64 { return float64(d) }

// LogProb is 0 at the count and −Inf elsewhere.
func (d Delta) LogProb(n, _ int) float64 {
	if n == int(d) {
		return 0
	}
	return math.Inf(-1)
}

// Sample returns the count.
func (d Delta) Sample(*rand.Rand, int) int { return int(d) }

// Support is the count alone.
func (d Delta) Support(int, float64) (lo, hi int) { return int(d), int(d) }

// Check refuses negative counts, counts above the cap and counts beyond 32 bits.
func (d Delta) Check(cap int) error {
	switch {
	case d < 0:
		return fmt.Errorf("%w: count %d is negative: start at 0 or above", ErrInitial, int(d))
	case d > maxCount:
		return fmt.Errorf("%w: count %d does not fit: start at %d or below", ErrInitial, int(d), maxCount)
	case cap != Unbounded && int(d) > cap:
		return fmt.Errorf("%w: cap %d lies below the start %d: raise the cap or lower the start", ErrCap, cap, int(d))
	}
	return nil
}

// String returns "delta(n)".
func (d Delta) String() string { return fmt.Sprintf("delta(%d)", int(d)) }

// Poisson is the law P(n) ∝ Mean^n / n!, cut at the cap and normalised there.
type Poisson struct {
	Mean float64 // of the law without a cap; 0 or above
}

// Expected is the mean under the cap: Mean · P(N ≤ cap−1) / P(N ≤ cap).
func (p Poisson) Expected(cap int) float64 {
	if cap == Unbounded {
		return p.Mean
	}
	if cap == 0 {
		return 0
	}
	return p.Mean * math.Exp(p.logCumulative(cap-1)-p.logCumulative(cap))
}

// LogProb is n ln Mean − Mean − ln n! − ln P(N ≤ cap).
func (p Poisson) LogProb(n, cap int) float64 {
	if n < 0 || (cap != Unbounded && n > cap) {
		return math.Inf(-1)
	}
	l := p.logWeight(n)
	if cap != Unbounded {
		l -= p.logCumulative(cap)
	}
	return l
}

// logWeight is the logarithm of the uncut probability of n ≥ 0.
func (p Poisson) logWeight(n int) float64 {
	if p.Mean == 0 {
		if n == 0 {
			return 0
		}
		return math.Inf(-1)
	}
	lg, _ := math.Lgamma(float64(n) + 1)
	return float64(n)*math.Log(p.Mean) - p.Mean - lg
}

// logCumulative is ln P(N ≤ n), summed downwards from the largest term.
func (p Poisson) logCumulative(n int) float64 {
	if p.Mean == 0 {
		return 0
	}
	if float64(n) > p.Mean+40*math.Sqrt(p.Mean)+60 { // what lies above is below the rounding of 1
		return 0
	}
	top := min(n, int(p.Mean))
	sum, term := 1.0, 1.0
	for i := top; i > 0; i-- {
		term *= float64(i) / p.Mean
		sum += term
		if term < 1e-18*sum {
			break
		}
	}
	term = 1
	for i := top + 1; i <= n; i++ {
		term *= p.Mean / float64(i)
		sum += term
		if term < 1e-18*sum {
			break
		}
	}
	return min(0, p.logWeight(top)+math.Log(sum))
}

// Sample draws by inversion, walking outwards from the mode, so that any mean is drawn in O(√Mean) steps.
func (p Poisson) Sample(rng *rand.Rand, cap int) int {
	mode := int(p.Mean)
	if cap != Unbounded {
		mode = min(mode, cap)
	}
	u := rng.Float64()
	centre := math.Exp(p.LogProb(mode, cap))
	if u -= centre; u < 0 {
		return mode
	}
	up, down := centre, centre
	for i := 1; ; i++ {
		hi, lo := mode+i, mode-i
		if cap != Unbounded && hi > cap {
			up = 0
		} else {
			up *= p.Mean / float64(hi)
		}
		if u -= up; u < 0 {
			return hi
		}
		if lo < 0 {
			down = 0
		} else {
			down *= float64(lo+1) / p.Mean
		}
		if u -= down; u < 0 {
			return lo
		}
		if up == 0 && down == 0 { // only rounding is left of u
			return mode
		}
	}
}

// Support walks from the mode to both sides while the probability is at least tail.
func (p Poisson) Support(cap int, tail float64) (lo, hi int) {
	limit := math.Log(tail)
	lo = int(p.Mean)
	if cap != Unbounded {
		lo = min(lo, cap)
	}
	hi = lo
	for lo > 0 && p.LogProb(lo-1, cap) >= limit {
		lo--
	}
	for p.LogProb(hi+1, cap) >= limit {
		hi++
	}
	return lo, hi
}

// Check refuses means that are negative, not finite, above the cap or too large for 32-bit counts.
func (p Poisson) Check(cap int) error {
	switch {
	case math.IsNaN(p.Mean) || math.IsInf(p.Mean, 0) || p.Mean < 0:
		return fmt.Errorf("%w: Poisson mean %v: give a finite mean of 0 or above", ErrInitial, p.Mean)
	case p.Mean > maxCount/2:
		return fmt.Errorf("%w: Poisson mean %v does not fit: give a mean of %d or below", ErrInitial, p.Mean, maxCount/2)
	case cap != Unbounded && p.Mean > float64(cap):
		return fmt.Errorf("%w: cap %d lies below the Poisson mean %v of the start: raise the cap or lower the mean", ErrCap, cap, p.Mean)
	}
	return nil
}

// String returns "poisson(mean)".
func (p Poisson) String() string { return fmt.Sprintf("poisson(%v)", p.Mean) }
