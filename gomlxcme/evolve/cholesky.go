package evolve

import "math"

const (
	// panel is the number of columns that are factorised at once.
	panel = 64
	// tileRows is the number of rows and columns of a product that are computed
	// together.
	tileRows = 4
	// tileDepth is the length of the rows that are multiplied at once: those of a
	// panel stay in the cache.
	tileDepth = 512
)

// factorise replaces the lower half of a symmetric matrix [n·n], row by row, by
// its Cholesky factor. It reports false where the matrix is not positive definite.
//
// Columns are done in panels. What the columns before take away from a panel is a
// product of rows, n³/6 multiplications in all; the rows below the triangle on the
// diagonal are multiplied by its inverse. Both run in vector registers where there
// are any. The result does not depend on the number of workers.
func factorise(a []float64, n, workers int) bool {
	inverse := make([]float64, panel*panel)
	for j0 := 0; j0 < n; j0 += panel {
		j1 := min(j0+panel, n)
		subtractProducts(a, n, j0, j1, workers)
		for j := j0; j < j1; j++ {
			row := a[j*n : j*n+j+1]
			for k := j0; k < j; k++ {
				row[k] = (row[k] - dot(row[j0:k], a[k*n+j0:k*n+k])) / a[k*n+k]
			}
			d := row[j] - dot(row[j0:j], row[j0:j])
			if !(d > 0) {
				return false
			}
			row[j] = math.Sqrt(d)
		}
		if j1 < n {
			invert(inverse, a[j0*n+j0:], n)
			multiplyBelow(a, n, j0, inverse, workers)
		}
	}
	return true
}

// subtractProducts takes A[i, j] −= Σ_(k<j0) A[i, k] A[j, k] for the columns
// j0 … j1−1 and all rows from j0 on.
func subtractProducts(a []float64, n, j0, j1, workers int) {
	tiles := (n - j0 + tileRows - 1) / tileRows
	rowsAtOnce(tiles, workers, func(t int) {
		i0 := j0 + t*tileRows
		i1 := min(i0+tileRows, n)
		for k := 0; k < j0; k += tileDepth {
			depth := min(tileDepth, j0-k)
			for j := j0; j < min(j1, i1); j += tileRows {
				rows := min(tileRows, j1-j)
				sums := products(a[i0*n+k:], a[j*n+k:], n, n, i1-i0, rows, depth)
				for i := i0; i < i1; i++ {
					for q := 0; q < rows && j+q <= i; q++ {
						a[i*n+j+q] -= sums[(i-i0)*tileRows+q]
					}
				}
			}
		}
	})
}

// products returns Σ_(k<depth) a_i[k] b_j[k] of m rows a_i, sa apart, and r rows
// b_j, sb apart, at most tileRows of each.
func products(a, b []float64, sa, sb, m, r, depth int) (sums [tileRows * tileRows]float64) {
	done := 0
	if m == tileRows && r == tileRows {
		done = tileProducts(&sums, a, b, sa, sb, depth)
	}
	if done == depth {
		return sums
	}
	for i := range m {
		for j := range r {
			sums[i*tileRows+j] += dot(a[i*sa+done:i*sa+depth], b[j*sb+done:j*sb+depth])
		}
	}
	return sums
}

// invert writes the inverse of the lower triangle l [panel, panel], whose rows are
// stride apart, into dst.
func invert(dst, l []float64, stride int) {
	clear(dst)
	for i := range panel {
		row := dst[i*panel : i*panel+i+1]
		d := 1 / l[i*stride+i]
		for k := range i {
			f := l[i*stride+k] * d
			for j, v := range dst[k*panel : k*panel+k+1] {
				row[j] -= f * v
			}
		}
		row[i] = d
	}
}

// multiplyBelow multiplies the columns j0 … j0+panel−1 of the rows below them by
// the transpose of a matrix [panel, panel] from the right.
func multiplyBelow(a []float64, n, j0 int, inverse []float64, workers int) {
	first := j0 + panel
	tiles := (n - first + tileRows - 1) / tileRows
	rowsAtOnce(tiles, workers, func(t int) {
		i0 := first + t*tileRows
		m := min(tileRows, n-i0)
		var done [tileRows * panel]float64
		for j := 0; j < panel; j += tileRows {
			sums := products(a[i0*n+j0:], inverse[j*panel:], n, panel, m, tileRows, panel)
			for i := range m {
				copy(done[i*panel+j:], sums[i*tileRows:(i+1)*tileRows])
			}
		}
		for i := range m {
			copy(a[(i0+i)*n+j0:(i0+i)*n+first], done[i*panel:])
		}
	})
}

// substitute replaces y by (L Lᵀ)⁻¹ y.
func substitute(l []float64, n int, y []float64) {
	for i := range n {
		y[i] = (y[i] - dot(l[i*n:i*n+i], y[:i])) / l[i*n+i]
	}
	for i := n - 1; i >= 0; i-- {
		y[i] /= l[i*n+i]
		row := l[i*n : i*n+i]
		for k, v := range row {
			y[k] -= v * y[i]
		}
	}
}
