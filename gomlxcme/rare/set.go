package rare

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Set is a set of states. A Basin is one by bounds on counts, which can be drawn from; any other one is a Predicate.
type Set interface {
	fmt.Stringer
	// Contains reports whether state x, one count a species, lies in the set. It must be pure and bear concurrent calls.
	Contains(x []int32) bool
}

// Predicate is a set by a function of the state.
type Predicate struct {
	Name string
	In   func(x []int32) bool
}

// Contains calls In.
func (p Predicate) Contains(x []int32) bool { return p.In(x) }

// String returns the name.
func (p Predicate) String() string { return p.Name }

// Within returns the basin as a region of the box 0 … caps[i], crn.Unbounded where there is no cap. The error wraps ErrBasin if no
// state of the box lies in the basin.
func (b Basin) Within(caps []int) (van.Region, error) {
	r := van.Region{Low: make([]int32, len(caps)), High: make([]int32, len(caps))}
	for i, cap := range caps {
		r.High[i] = math.MaxInt32
		if cap != crn.Unbounded {
			r.High[i] = int32(cap)
		}
	}
	for _, k := range b.bounds {
		if top := r.High[k.species]; k.low > top {
			return r, fmt.Errorf("rare: %w %q: no count of %s from %d on is kept, its cap is %d: lower the bound or raise the cap", ErrBasin, b, k.name, k.low, top)
		}
		r.Low[k.species], r.High[k.species] = k.low, min(k.high, r.High[k.species])
	}
	return r, nil
}

// Everything reports whether the basin bounds nothing within the caps.
func (b Basin) Everything(caps []int) bool {
	for _, k := range b.bounds {
		if k.low > 0 || caps[k.species] == crn.Unbounded && k.high < math.MaxInt32 || caps[k.species] != crn.Unbounded && int(k.high) < caps[k.species] {
			return false
		}
	}
	return true
}

// size is the number of states of a region, as a floating-point number.
func size(r van.Region) float64 {
	n := 1.0
	for i, low := range r.Low {
		n *= float64(r.High[i]) - float64(low) + 1
	}
	return n
}

// states lists the states of a region, flat [n·L].
func states(r van.Region) []int32 {
	l := len(r.Low)
	n := int(size(r))
	flat := make([]int32, 0, n*l)
	x := append([]int32(nil), r.Low...)
	for range n {
		flat = append(flat, x...)
		for i := l - 1; i >= 0; i-- {
			if x[i]++; x[i] <= r.High[i] {
				break
			}
			x[i] = r.Low[i]
		}
	}
	return flat
}

// Symmetric reports whether a permutation of the species, which takes species i to p[i], makes the basin of itself.
func (b Basin) Symmetric(p []int) bool {
	of := map[int][2]int32{}
	for _, k := range b.bounds {
		of[k.species] = [2]int32{k.low, k.high}
	}
	for i, to := range p {
		here, one := of[i]
		if there, other := of[to]; one != other || here != there {
			return false
		}
	}
	return true
}
