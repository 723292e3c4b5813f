package fsp

// addScaled adds a · x to y.
func addScaled(y, x []float64, a float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

// addProduct adds x · z, element by element, to y.
func addProduct(y, x, z []float64) {
	y, z = y[:len(x)], z[:len(x)]
	for i, v := range x {
		y[i] += v * z[i]
	}
}

// finishRow stores the rows from i on, whose products with the matrix are acc.
func (j *job) finishRow(acc []float64, i int) {
	dst, sum := j.dst[i:i+len(acc)], j.sum[i:i+len(acc)]
	if j.old == nil {
		for n, v := range acc {
			dst[n] = v
			sum[n] += j.weight * v
		}
		return
	}
	old := j.old[i : i+len(acc)]
	for n, v := range acc {
		v = j.scale*v - old[n]
		dst[n] = v
		sum[n] += j.weight * v
	}
}
