//go:build amd64 && goexperiment.simd

package evolve

import "simd/archsimd"

// tileProducts writes Σ_k a_i[k] b_j[k] of tileRows rows a_i and b_j, which start
// sa and sb apart, into sums, for the first elements below depth, and returns how
// many. Half a tile is done at a time: the compiler knows 15 registers, and what it
// has to move out of them takes longer than loading a row twice.
func tileProducts(sums *[tileRows * tileRows]float64, a, b []float64, sa, sb, depth int) (done int) {
	switch {
	case archsimd.X86.AVX512():
		tile512(sums, a, b, sa, sb, depth, 0)
		done = tile512(sums, a, b, sa, sb, depth, 2)
	case archsimd.X86.AVX2() && archsimd.X86.FMA():
		tile256(sums, a, b, sa, sb, depth, 0)
		done = tile256(sums, a, b, sa, sb, depth, 2)
	default:
		return 0
	}
	archsimd.ClearAVXUpperBits()
	return done
}

// total is the sum of four numbers.
func total(v archsimd.Float64x4) float64 {
	var lanes [2]float64
	v.GetLo().Add(v.GetHi()).Store(&lanes)
	return lanes[0] + lanes[1]
}

// tile512 does 4 rows and 2 columns, 8 elements at a time.
func tile512(sums *[tileRows * tileRows]float64, a, b []float64, sa, sb, depth, column int) int {
	var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float64x8
	a0 := a[0*sa : 0*sa+depth]
	a1 := a[1*sa : 1*sa+depth]
	a2 := a[2*sa : 2*sa+depth]
	a3 := a[3*sa : 3*sa+depth]
	b0 := b[(column+0)*sb : (column+0)*sb+depth]
	b1 := b[(column+1)*sb : (column+1)*sb+depth]
	k := 0
	for ; k+8 <= depth; k += 8 {
		y0 := archsimd.LoadFloat64x8((*[8]float64)(b0[k:]))
		y1 := archsimd.LoadFloat64x8((*[8]float64)(b1[k:]))
		x0 := archsimd.LoadFloat64x8((*[8]float64)(a0[k:]))
		s00 = x0.MulAdd(y0, s00)
		s01 = x0.MulAdd(y1, s01)
		x1 := archsimd.LoadFloat64x8((*[8]float64)(a1[k:]))
		s10 = x1.MulAdd(y0, s10)
		s11 = x1.MulAdd(y1, s11)
		x2 := archsimd.LoadFloat64x8((*[8]float64)(a2[k:]))
		s20 = x2.MulAdd(y0, s20)
		s21 = x2.MulAdd(y1, s21)
		x3 := archsimd.LoadFloat64x8((*[8]float64)(a3[k:]))
		s30 = x3.MulAdd(y0, s30)
		s31 = x3.MulAdd(y1, s31)
	}
	sums[0*tileRows+column+0] = total(s00.GetLo().Add(s00.GetHi()))
	sums[0*tileRows+column+1] = total(s01.GetLo().Add(s01.GetHi()))
	sums[1*tileRows+column+0] = total(s10.GetLo().Add(s10.GetHi()))
	sums[1*tileRows+column+1] = total(s11.GetLo().Add(s11.GetHi()))
	sums[2*tileRows+column+0] = total(s20.GetLo().Add(s20.GetHi()))
	sums[2*tileRows+column+1] = total(s21.GetLo().Add(s21.GetHi()))
	sums[3*tileRows+column+0] = total(s30.GetLo().Add(s30.GetHi()))
	sums[3*tileRows+column+1] = total(s31.GetLo().Add(s31.GetHi()))
	return k
}

// tile256 does 4 rows and 2 columns, 4 elements at a time.
func tile256(sums *[tileRows * tileRows]float64, a, b []float64, sa, sb, depth, column int) int {
	var s00, s01, s10, s11, s20, s21, s30, s31 archsimd.Float64x4
	a0 := a[0*sa : 0*sa+depth]
	a1 := a[1*sa : 1*sa+depth]
	a2 := a[2*sa : 2*sa+depth]
	a3 := a[3*sa : 3*sa+depth]
	b0 := b[(column+0)*sb : (column+0)*sb+depth]
	b1 := b[(column+1)*sb : (column+1)*sb+depth]
	k := 0
	for ; k+4 <= depth; k += 4 {
		y0 := archsimd.LoadFloat64x4((*[4]float64)(b0[k:]))
		y1 := archsimd.LoadFloat64x4((*[4]float64)(b1[k:]))
		x0 := archsimd.LoadFloat64x4((*[4]float64)(a0[k:]))
		s00 = x0.MulAdd(y0, s00)
		s01 = x0.MulAdd(y1, s01)
		x1 := archsimd.LoadFloat64x4((*[4]float64)(a1[k:]))
		s10 = x1.MulAdd(y0, s10)
		s11 = x1.MulAdd(y1, s11)
		x2 := archsimd.LoadFloat64x4((*[4]float64)(a2[k:]))
		s20 = x2.MulAdd(y0, s20)
		s21 = x2.MulAdd(y1, s21)
		x3 := archsimd.LoadFloat64x4((*[4]float64)(a3[k:]))
		s30 = x3.MulAdd(y0, s30)
		s31 = x3.MulAdd(y1, s31)
	}
	sums[0*tileRows+column+0] = total(s00)
	sums[0*tileRows+column+1] = total(s01)
	sums[1*tileRows+column+0] = total(s10)
	sums[1*tileRows+column+1] = total(s11)
	sums[2*tileRows+column+0] = total(s20)
	sums[2*tileRows+column+1] = total(s21)
	sums[3*tileRows+column+0] = total(s30)
	sums[3*tileRows+column+1] = total(s31)
	return k
}
