package crn

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Uniform is the law in which every count Low … High is equally probable; a cap below High cuts it there.
type Uniform struct {
	Low, High int
}

// top is the largest count under the cap.
func (u Uniform) top(cap int) int {
	if cap != Unbounded {
		return min(u.High, cap)
	}
	return u.High
}

// Expected is the middle of the range.
func (u Uniform) Expected(cap int) float64 { return (float64(u.Low) + float64(u.top(cap))) / 2 }

// LogProb is minus the logarithm of the number of counts, and −Inf outside the range.
func (u Uniform) LogProb(n, cap int) float64 {
	if n < u.Low || n > u.top(cap) {
		return math.Inf(-1)
	}
	return -math.Log(float64(u.top(cap) - u.Low + 1))
}

// Sample draws one of the counts.
func (u Uniform) Sample(rng *rand.Rand, cap int) int { return u.Low + rng.IntN(u.top(cap)-u.Low+1) }

// Support is the whole range, however small the tail: no count is less probable than another.
func (u Uniform) Support(cap int, _ float64) (lo, hi int) { return u.Low, u.top(cap) }

// Check refuses empty ranges and counts that are negative, above the cap from the first on, or beyond 32 bits.
func (u Uniform) Check(cap int) error {
	switch {
	case u.Low < 0:
		return fmt.Errorf("%w: the uniform law begins at %d: start at 0 or above", ErrInitial, u.Low)
	case u.High < u.Low:
		return fmt.Errorf("%w: the uniform law ends at %d, before it begins at %d: swap them", ErrInitial, u.High, u.Low)
	case u.High > maxCount:
		return fmt.Errorf("%w: count %d does not fit: end the uniform law at %d or below", ErrInitial, u.High, maxCount)
	case cap != Unbounded && u.Low > cap:
		return fmt.Errorf("%w: cap %d lies below the start of the uniform law, %d: raise the cap or lower the start", ErrCap, cap, u.Low)
	}
	return nil
}

// String returns "uniform(low, high)".
func (u Uniform) String() string { return fmt.Sprintf("uniform(%d, %d)", u.Low, u.High) }
