package calcium

import (
	"math"
	"math/rand/v2"
)

// newRNG returns the source of all randomness of one run. It depends on the seed, the condition and the index of the run, and on
// nothing else: neither on the other conditions of an experiment nor on the number of workers.
func newRNG(seed uint64, c Condition, index uint64) *rand.Rand {
	key := mix(seed)
	for _, part := range []uint64{math.Float64bits(c.Volume), uint64(c.Receptors), math.Float64bits(c.IP3)} {
		key = mix(key ^ part)
	}
	// For one condition the first word is a bijection of the index: no two runs share a stream.
	return rand.New(rand.NewPCG(mix(key^mix(index)), mix(index+mix(key))))
}

// mix is the finaliser of splitmix64 (S. Vigna, after G. Steele, D. Lea and C. Flood, OOPSLA 2014): a bijection in which every bit of
// the argument moves about half of the bits of the result.
func mix(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}
