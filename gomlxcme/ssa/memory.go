package ssa

import (
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// memory keeps what the direct method has worked out about states: which reactions can run, the sums of their propensities, and
// the states to which they lead. A trajectory that comes back to a state computes nothing. What is kept of a state depends on the
// state alone, so that neither the contents of the memory nor how often it was emptied changes a trajectory.
//
// The row of a state with n possible reactions begins at a multiple of eight, o. There share[o] holds the bits of the sum of all propensities,
// share[o+1+j] is where the share of the j-th of them ends, j < n−1, and certain fills the rest up to a multiple of eight, so that a block
// is one line of the processor's cache. to[o+j] is the row to which the j-th leads, or ^k while that has not been looked up for
// reaction k.
type memory struct {
	c     *crn.Compiled
	sums  *sums
	set   *dist.StateSet
	row   []int32 // of each state of set
	share []int64
	to    []int32
	state []int32 // number in set, of each block that begins a row
	more  []uint8 // blocks after the first, likewise
	limit int     // most blocks

	reactions []int32 // scratch
	ends      []int64
}

// Empty blocks.
var (
	noShares = [blockLength]int64{certain, certain, certain, certain, certain, certain, certain, certain}
	nowhere  [blockLength]int32
)

const (
	// mostReactions is the number of reactions above which states hardly ever repeat, and rows are long.
	mostReactions = 64
	// firstBlocks is the room to begin with.
	firstBlocks = 1024
	// memoryBytes is what the memory of one worker holds at most, about.
	memoryBytes = 16 << 20
)

func newMemory(c *crn.Compiled, s *sums) *memory {
	m := &memory{c: c, sums: s}
	blocks := 1 + c.NumReactions()/(2*blockLength)
	m.limit = blocks * memoryBytes / (blocks*(12*blockLength+5) + 4*c.NumSpecies() + 16)
	m.forget()
	return m
}

// forget empties the memory.
func (m *memory) forget() {
	m.set = dist.NewStateSet(m.c.NumSpecies())
	m.row, m.share, m.to, m.state, m.more = m.row[:0], m.share[:0], m.to[:0], m.state[:0], m.more[:0]
}

// full says that the next row may not fit.
func (m *memory) full() bool { return len(m.state) >= m.limit }

// at returns the state of row o; it must not be written to.
func (m *memory) at(o int32) []int32 { return m.set.State(int(m.state[o/blockLength])) }

// find returns the row of state x, if there is one. If not, the next call must be add or forget.
func (m *memory) find(x []int32) (o int32, ok bool) {
	i, added := m.set.Add(x)
	if added {
		return 0, false
	}
	return m.row[i], true
}

// add makes the row of the state that find did not find, whose propensities are in sums.
func (m *memory) add() (o int32) {
	m.reactions, m.ends = m.sums.shares(m.reactions[:0], m.ends[:0])
	n := len(m.reactions)
	blocks := max(1, (n+blockLength-1)/blockLength)
	begin := len(m.share)
	o = int32(begin)
	if begin+blocks*blockLength > cap(m.share) {
		m.grow()
	}
	for b := range blocks {
		m.share, m.to = append(m.share, noShares[:]...), append(m.to, nowhere[:]...)
		m.state, m.more = append(m.state, int32(len(m.row))), append(m.more, uint8(blocks-1-b))
	}
	m.row = append(m.row, o)
	share, to := m.share[begin:], m.to[begin:]
	share[0] = int64(math.Float64bits(m.sums.total()))
	if n > 0 {
		copy(share[1:], m.ends[:n-1])
	}
	for j, k := range m.reactions {
		to[j] = ^k
	}
	return o
}

// grow doubles the room for blocks; append would copy more often.
func (m *memory) grow() {
	blocks := max(firstBlocks, len(m.state))
	m.share, m.to = slices.Grow(m.share, blocks*blockLength), slices.Grow(m.to, blocks*blockLength)
	m.state, m.more, m.row = slices.Grow(m.state, blocks), slices.Grow(m.more, blocks), slices.Grow(m.row, blocks)
}

// total is the sum of all propensities of row o.
func (m *memory) total(o int) float64 { return math.Float64frombits(uint64(m.share[o])) }

// passed counts which of the shares from the i-th on, four of them, end at the choice or before. It does so without a branch, which
// no processor could foresee.
func passed(share []int64, i int, choice int64) int {
	s := (*[4]int64)(share[i:])
	return 4 + int((choice-s[0])>>63+(choice-s[1])>>63+(choice-s[2])>>63+(choice-s[3])>>63)
}

// passedFirst does so for the first half of a row, which begins with the sum.
func passedFirst(share []int64, o int, choice int64) int {
	s := (*[4]int64)(share[o:])
	return 3 + int((choice-s[1])>>63+(choice-s[2])>>63+(choice-s[3])>>63)
}

// further counts in the blocks of row o after the first.
func (m *memory) further(o int, choice int64) (n int) {
	if m.more[o/blockLength] > 0 {
		n = m.rest(o, choice)
	}
	return n
}

func (m *memory) rest(o int, choice int64) (n int) {
	for range m.more[o/blockLength] {
		o += blockLength
		n += passed(m.share, o, choice) + passed(m.share, o+4, choice)
	}
	return n
}
