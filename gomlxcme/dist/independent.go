package dist

// Independent returns the law with the same marginals in which the two counts do not depend on each other. Its distance from
// the joint law tells how much they do.
func (j Joint) Independent() Joint {
	var b []float64
	for _, row := range j.P {
		for n, p := range row {
			if n == len(b) {
				b = append(b, 0)
			}
			b[n] += p
		}
	}
	out := Joint{A: j.A, B: j.B, N: j.N, P: make([][]float64, len(j.P))}
	for i, row := range j.P {
		var a float64
		for _, p := range row {
			a += p
		}
		out.P[i] = make([]float64, len(b))
		for n, p := range b {
			out.P[i][n] = a * p
		}
	}
	return out
}
