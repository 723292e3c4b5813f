package ssa

import (
	"math"
	"math/rand/v2"
)

// generator is xoshiro256++ (D. Blackman and S. Vigna, ACM Trans. Math. Softw. 47, 36, 2021): 256 bits of state, no multiplication. It
// is a value, so that a loop can hold it in registers; every draw returns the next one.
type generator struct{ a, b, c, d uint64 }

// newGenerator takes its state from a stream. Two streams give the same one with probability 2^−256.
func newGenerator(rng *rand.Rand) generator {
	return generator{rng.Uint64(), rng.Uint64(), rng.Uint64(), rng.Uint64() | 1} // all zero would stay so for ever
}

// next returns 64 random bits.
func (g generator) next() (uint64, generator) {
	s := g.a + g.d
	c, d := g.c^g.a, g.d^g.b
	return (s<<23 | s>>41) + g.a, generator{g.a ^ d, g.b ^ c, c ^ g.b<<17, d<<45 | d>>19}
}

// unit turns 64 random bits into a number from 0 to below 1, by the upper 53 of them.
func unit(bits uint64) float64 { return float64(int64(bits>>11)) * 0x1p-53 }

// layers is the number of layers of the ziggurat.
const layers = 256

// ziggurat covers the density e^{−x} by layers of equal area (G. Marsaglia and W. W. Tsang, J. Stat. Softw. 5, 8, 2000). Layer i is
// a rectangle from 0 to edge[i]; layer 0 is the part of height e^{−edge[1]} and the tail beyond edge[1].
type ziggurat struct {
	width  [layers]float64 // edge[i] · 2^−53
	inside [layers]int64   // below this one of 2^53 parts of the width, a point lies under the density for certain
	height [layers + 1]float64
	tail   float64 // edge[1]
}

// exponential is the table of the ziggurat; nothing writes to it.
var exponential = newZiggurat()

// newZiggurat builds the layers downwards from the start of the tail, which is the number for which 256 of them end at height 1.
func newZiggurat() *ziggurat {
	const tail = 7.697117470131049720307
	z := &ziggurat{tail: tail}
	area := (tail + 1) * math.Exp(-tail) // of the rectangle up to the tail, and of the tail itself
	edge := area / math.Exp(-tail)
	next := tail
	for i := range layers {
		z.width[i] = edge * 0x1p-53
		z.inside[i] = int64(next / edge * 0x1p53)
		z.height[i] = math.Exp(-edge)
		edge = next
		if i < layers-2 {
			next = -math.Log(math.Exp(-edge) + area/edge)
		} else {
			next = 0
		}
	}
	z.height[0] = 0
	z.height[layers] = 1
	return z
}

// quick turns 64 random bits into a number with density e^{−x}. In one case of a hundred it cannot, and seldom must. The lower 8 bits
// choose the layer and the upper 53 the place in it, so that the two have no bit in common.
func (z *ziggurat) quick(bits uint64) (x float64, ok bool) {
	i, place := bits%layers, int64(bits>>11)
	return float64(place) * z.width[i], place < z.inside[i]
}

// seldom does what quick does, at the edges of layers and in the tail as well, for which it takes more bits from the generator.
func (z *ziggurat) seldom(bits uint64, g generator) (float64, generator) {
	for shift := 0.0; ; {
		x, ok := z.quick(bits)
		if ok {
			return shift + x, g
		}
		var v uint64
		if i := bits % layers; i == 0 { // beyond its start the tail looks like the whole
			shift += z.tail
		} else if v, g = g.next(); z.height[i]+unit(v)*(z.height[i+1]-z.height[i]) < math.Exp(-x) {
			return shift + x, g
		}
		bits, g = g.next()
	}
}

// chunk is the largest number of draws made ahead.
const chunk = 32

// certain is the share of a reaction that is certain to fire, in units in which reactions are chosen: 62 bits, so that shares are signed
// numbers.
const certain = 1 << 62

// draws are random numbers made ahead: for each event the waiting time before it, with density e^{−x}, and the number from 0 to below
// certain that chooses its reaction. They come from different words of the generator.
type draws struct {
	generator generator
	next, end int
	wait      [chunk]float64
	choice    [chunk]int64
}

// begin starts a stream of its own.
func (d *draws) begin(rng *rand.Rand) {
	d.generator = newGenerator(rng)
	d.next, d.end = 0, 0
}

// fill makes the next draws, few for a trajectory that may be short.
func (d *draws) fill() {
	d.next, d.end = 0, min(max(4, 2*d.end), chunk)
	g, bits := d.generator, uint64(0)
	for i := range d.wait[:d.end] {
		bits, g = g.next()
		w, ok := exponential.quick(bits)
		if !ok {
			w, g = exponential.seldom(bits, g)
		}
		d.wait[i] = w
		bits, g = g.next()
		d.choice[i] = int64(bits >> 2)
	}
	d.generator = g
}

// take returns the place of the numbers of the next event.
func (d *draws) take() (i int) {
	if d.next == d.end {
		d.fill()
	}
	d.next++
	return d.next - 1
}
