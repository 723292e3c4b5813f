package fsp

// The loops over a row. The functions whose names end in Wide do the first elements with vector registers, where there are any, and
// return how many.

// setProduct fills dst with x · z, element by element.
func setProduct(dst, x, z []float64) {
	x, z = x[:len(dst)], z[:len(dst)]
	n := setProductWide(dst, x, z)
	x = x[n:]
	dst, z = dst[n:][:len(x)], z[n:][:len(x)]
	for i, v := range x {
		dst[i] = v * z[i]
	}
}

// addScaled adds a · x to y.
func addScaled(y, x []float64, a float64) {
	y = y[:len(x)]
	n := addScaledWide(y, x, a)
	x = x[n:]
	y = y[n:][:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

// addProduct adds x · z, element by element, to y.
func addProduct(y, x, z []float64) {
	y, z = y[:len(x)], z[:len(x)]
	n := addProductWide(y, x, z)
	x = x[n:]
	y, z = y[n:][:len(x)], z[n:][:len(x)]
	for i, v := range x {
		y[i] += v * z[i]
	}
}

// finishRow stores the rows from i on, whose products with the matrix are acc.
func (j *job) finishRow(acc []float64, i int) {
	dst, sum := j.dst[i:i+len(acc)], j.sum[i:i+len(acc)]
	if j.old == nil {
		copy(dst, acc)
		addScaled(sum, acc, j.weight)
		return
	}
	old := j.old[i : i+len(acc)]
	n := finishWide(dst, old, sum, acc, j.scale, j.weight)
	acc = acc[n:]
	dst, old, sum = dst[n:][:len(acc)], old[n:][:len(acc)], sum[n:][:len(acc)]
	for i, v := range acc {
		v = j.scale*v - old[i]
		dst[i] = v
		sum[i] += j.weight * v
	}
}
