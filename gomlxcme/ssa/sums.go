package ssa

import "sort"

// blockLength is the number of propensities that are added up together.
const blockLength = 8

// sums holds the propensities and their sum in two levels, so that after a change only the blocks that it touches are added up
// again, and a reaction is found without looking at all. Nothing is ever subtracted or carried on from one event to the next: the
// sums depend on the propensities alone, and rounding cannot pile up.
type sums struct {
	a    []float64 // propensities, filled up with zeros to whole blocks
	base []float64 // base[b] is the sum of the blocks before b, the last one the sum of all
}

func newSums(reactions int) *sums {
	blocks := (reactions + blockLength - 1) / blockLength
	return &sums{a: make([]float64, blocks*blockLength), base: make([]float64, blocks+1)}
}

// block adds up block b.
func (s *sums) block(b int) float64 {
	a := (*[blockLength]float64)(s.a[b*blockLength:])
	return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]))
}

// add sums up from block b on, before which no propensity has changed, and returns the sum of all.
func (s *sums) add(b int) (total float64) {
	total = s.base[b]
	for ; b < len(s.base)-1; b++ {
		total += s.block(b)
		s.base[b+1] = total
	}
	return total
}

// total is the sum of all.
func (s *sums) total() float64 { return s.base[len(s.base)-1] }

// share is the part of the sum before end, in units of certain. It rises with end.
func share(end, total float64) int64 { return int64(end / total * certain) }

// choose returns the reaction into whose share of the sum the choice falls: the first block whose end is above it, and in this the first
// reaction whose end is, or the last possible one if rounding has left something.
func (s *sums) choose(choice int64) int {
	total := s.total()
	b := sort.Search(len(s.base)-2, func(b int) bool { return choice < share(s.base[b+1], total) })
	last, end := 0, s.base[b]
	for k := b * blockLength; k < (b+1)*blockLength; k++ {
		if s.a[k] == 0 {
			continue
		}
		last = k
		if end += s.a[k]; choice < share(end, total) {
			break
		}
	}
	return last
}

// shares lists the possible reactions and where their shares of the sum end, such that the first one whose end is above a
// choice is choose of it.
func (s *sums) shares(reactions []int32, ends []int64) ([]int32, []int64) {
	total := s.total()
	for b := range len(s.base) - 1 {
		end, top := s.base[b], s.base[b+1]
		for k, a := range s.a[b*blockLength : (b+1)*blockLength] {
			if a > 0 {
				end += a
				reactions, ends = append(reactions, int32(b*blockLength+k)), append(ends, share(min(end, top), total))
			}
		}
		if top > s.base[b] {
			ends[len(ends)-1] = share(top, total)
		}
	}
	return reactions, ends
}

// choose returns the reaction into whose part of the sum of propensities the number u falls.
func choose(propensities []float64, u float64) int {
	last := 0
	for k, a := range propensities {
		if a == 0 {
			continue
		}
		if last = k; u < a {
			break
		}
		u -= a
	}
	return last // the last possible one, if rounding has left something of u
}
