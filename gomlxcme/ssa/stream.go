package ssa

import "math/rand/v2"

// stream is the source of all randomness of one trajectory.
type stream struct {
	source rand.PCG
	rng    *rand.Rand
}

func newStream() *stream {
	s := &stream{}
	s.rng = rand.New(&s.source)
	return s
}

// begin sets the stream to trajectory index of seed. For one seed the first word is a bijection of the index, so that no two
// trajectories share a stream.
func (s *stream) begin(seed, index uint64) {
	s.source.Seed(mix(seed^mix(index)), mix(index+mix(seed)))
}

// mix is the finaliser of splitmix64 (S. Vigna, after G. Steele, D. Lea and C. Flood, OOPSLA 2014): a bijection in which every bit of
// the argument moves about half of the bits of the result.
func mix(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
