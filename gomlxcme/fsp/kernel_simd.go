//go:build amd64 && goexperiment.simd

package fsp

import "simd/archsimd"

// The functions of this file do the first elements of a loop, in chunks, and return how many. Multiplication and addition are rounded one
// after the other, as in the plain loops, so that results do not depend on the processor. All slices have the same length.

// chunk is the elements between two checks of bounds, which would take longer than the arithmetic.
type chunk [16]float64

// at is the chunk from element i on.
func at(x []float64, i int) *chunk { return (*chunk)(x[i:]) }

// load reads elements i … i+3, where i is known to the compiler.
func (c *chunk) load(i int) archsimd.Float64x4 {
	return archsimd.LoadFloat64x4((*[4]float64)(c[i : i+4]))
}

// store writes them.
func (c *chunk) store(i int, v archsimd.Float64x4) { v.Store((*[4]float64)(c[i : i+4])) }

func setProductWide(dst, x, z []float64) (i int) {
	if !archsimd.X86.AVX2() {
		return 0
	}
	for ; i+len(chunk{}) <= len(dst); i += len(chunk{}) {
		d, x, z := at(dst, i), at(x, i), at(z, i)
		d.store(0, x.load(0).Mul(z.load(0)))
		d.store(4, x.load(4).Mul(z.load(4)))
		d.store(8, x.load(8).Mul(z.load(8)))
		d.store(12, x.load(12).Mul(z.load(12)))
	}
	archsimd.ClearAVXUpperBits()
	return i
}

func addScaledWide(y, x []float64, a float64) (i int) {
	if !archsimd.X86.AVX2() {
		return 0
	}
	f := archsimd.BroadcastFloat64x4(a)
	for ; i+len(chunk{}) <= len(x); i += len(chunk{}) {
		y, x := at(y, i), at(x, i)
		y.store(0, y.load(0).Add(f.Mul(x.load(0))))
		y.store(4, y.load(4).Add(f.Mul(x.load(4))))
		y.store(8, y.load(8).Add(f.Mul(x.load(8))))
		y.store(12, y.load(12).Add(f.Mul(x.load(12))))
	}
	archsimd.ClearAVXUpperBits()
	return i
}

func addProductWide(y, x, z []float64) (i int) {
	if !archsimd.X86.AVX2() {
		return 0
	}
	for ; i+len(chunk{}) <= len(x); i += len(chunk{}) {
		y, x, z := at(y, i), at(x, i), at(z, i)
		y.store(0, y.load(0).Add(x.load(0).Mul(z.load(0))))
		y.store(4, y.load(4).Add(x.load(4).Mul(z.load(4))))
		y.store(8, y.load(8).Add(x.load(8).Mul(z.load(8))))
		y.store(12, y.load(12).Add(x.load(12).Mul(z.load(12))))
	}
	archsimd.ClearAVXUpperBits()
	return i
}

func finishWide(dst, old, sum, acc []float64, scale, weight float64) (i int) {
	if !archsimd.X86.AVX2() {
		return 0
	}
	s, w := archsimd.BroadcastFloat64x4(scale), archsimd.BroadcastFloat64x4(weight)
	for ; i+len(chunk{}) <= len(acc); i += len(chunk{}) {
		d, o, sum, acc := at(dst, i), at(old, i), at(sum, i), at(acc, i)
		for k := 0; k < len(d); k += 4 {
			v := s.Mul(acc.load(k)).Sub(o.load(k))
			d.store(k, v)
			sum.store(k, sum.load(k).Add(w.Mul(v)))
		}
	}
	archsimd.ClearAVXUpperBits()
	return i
}
