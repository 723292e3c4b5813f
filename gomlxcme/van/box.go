package van

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
)

var (
	// ErrBox is returned for a box without species or with a negative cap.
	ErrBox = errors.New("van: bad box")
	// ErrTooLarge is returned when a box holds too many states to enumerate.
	ErrTooLarge = errors.New("van: too many states to enumerate")
)

// Box is the set of states 0 ≤ x_i ≤ Caps[i] that meet all Laws and lie outside the
// Hole, on which a network is normalised.
type Box struct {
	Caps []int // largest count of each species
	Laws []Law
	Hole *Region `json:",omitempty"` // states without probability; nil for none
}

// NewBox returns the box with the given largest counts and laws.
func NewBox(caps []int, laws ...Law) (Box, error) {
	b := Box{Caps: append([]int(nil), caps...), Laws: laws}
	return b, b.check()
}

// NewBoxWithout returns the box without the states of the hole.
func NewBoxWithout(caps []int, hole Region, laws ...Law) (Box, error) {
	b := Box{Caps: append([]int(nil), caps...), Laws: laws, Hole: &hole}
	return b, b.check()
}

func (b Box) check() error {
	if len(b.Caps) == 0 {
		return fmt.Errorf("%w: no species", ErrBox)
	}
	for i, c := range b.Caps {
		if c < 0 {
			return fmt.Errorf("%w: species %d has cap %d; a network needs a finite cap of at least 0", ErrBox, i, c)
		}
	}
	if err := b.checkHole(); err != nil {
		return err
	}
	return b.checkLaws()
}

// Species is the number of species, L.
func (b Box) Species() int { return len(b.Caps) }

// States is the number of states within the caps, whether or not they meet the
// laws or lie in the hole, and false if it exceeds 2⁶³−1.
func (b Box) States() (uint64, bool) {
	n := uint64(1)
	for _, c := range b.Caps {
		hi, lo := bits.Mul64(n, uint64(c)+1)
		if hi != 0 || lo > math.MaxInt64 {
			return 0, false
		}
		n = lo
	}
	return n, true
}

// Contains reports whether x lies within the caps and outside the hole.
func (b Box) Contains(x []int32) bool {
	for i, c := range b.Caps {
		if x[i] < 0 || int(x[i]) > c {
			return false
		}
	}
	return b.Hole == nil || !b.Hole.Contains(x)
}

// Enumerate lists every state of the box as a flat array [n·L], the last species
// running fastest. It returns ErrTooLarge when there are more than limit states
// within the caps.
func (b Box) Enumerate(limit int) ([]int32, error) {
	n, ok := b.States()
	if !ok || n > uint64(limit) {
		return nil, fmt.Errorf("%w: the box %v is larger than the limit of %d states", ErrTooLarge, b.Caps, limit)
	}
	l := b.Species()
	flat := make([]int32, 0, int(n)*l)
	x := make([]int32, l)
	for range n {
		if b.meetsLaws(x) && (b.Hole == nil || !b.Hole.Contains(x)) {
			flat = append(flat, x...)
		}
		for i := l - 1; i >= 0; i-- {
			if x[i]++; int(x[i]) <= b.Caps[i] {
				break
			}
			x[i] = 0
		}
	}
	return flat, nil
}

func (b Box) meetsLaws(x []int32) bool {
	for _, l := range b.Laws {
		if !l.holds(x) {
			return false
		}
	}
	return true
}
