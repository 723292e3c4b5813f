package dist

import (
	"fmt"
	"slices"
)

// StateSet numbers distinct states in the order in which they were added. It is a hash table with open addressing over one
// flat array: about 4·L + 8 bytes a state. Reading is safe for concurrent use while nothing is added.
type StateSet struct {
	l      int
	states []int32 // [n*L]
	slots  []int32 // index + 1, 0 for an empty slot; a power of two, at most half full
}

// NewStateSet returns an empty set of states with l species.
func NewStateSet(l int) *StateSet {
	if l < 1 {
		panic(fmt.Sprintf("dist: a state of %d species", l))
	}
	return &StateSet{l: l, slots: make([]int32, 64)}
}

// Len is the number of states.
func (s *StateSet) Len() int { return len(s.states) / s.l }

// State returns state i; it must not be written to and may go stale with the next Add.
func (s *StateSet) State(i int) []int32 { return s.states[i*s.l : (i+1)*s.l : (i+1)*s.l] }

// Clone returns an independent copy.
func (s *StateSet) Clone() *StateSet {
	return &StateSet{l: s.l, states: slices.Clone(s.states), slots: slices.Clone(s.slots)}
}

// Flat returns all states one after another, [n*L]; it must not be written to.
func (s *StateSet) Flat() []int32 { return s.states }

// Index returns the number of state x, and whether it is in the set.
func (s *StateSet) Index(x []int32) (int, bool) {
	i := s.slots[s.find(x)]
	return int(i) - 1, i != 0
}

// Add returns the number of x, after adding it if it is new.
func (s *StateSet) Add(x []int32) (index int, added bool) {
	at := s.find(x)
	if i := s.slots[at]; i != 0 {
		return int(i) - 1, false
	}
	s.states = append(s.states, x[:s.l]...)
	n := s.Len()
	s.slots[at] = int32(n)
	if 2*n > len(s.slots) {
		s.grow()
	}
	return n - 1, true
}

func (s *StateSet) grow() {
	s.slots = make([]int32, 4*len(s.slots))
	for i := range s.Len() {
		s.slots[s.find(s.State(i))] = int32(i + 1)
	}
}

// find returns the slot of x, or the empty slot where it would go.
func (s *StateSet) find(x []int32) int {
	h := uint64(14695981039346656037)
	for _, v := range x[:s.l] {
		h ^= uint64(uint32(v))
		h *= 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	mask := len(s.slots) - 1
	at := int(h>>16) & mask
	for {
		i := s.slots[at]
		if i == 0 || slices.Equal(s.State(int(i)-1), x[:s.l]) {
			return at
		}
		at = (at + 1) & mask
	}
}
