package study

// Floor is the error that the true parameters have beside those of a case, because these were found from a limited number of runs: the noise floor of
// Follow. Under a normal law the mean of n runs has the variance (W² + σ²)/n, and W, a standard deviation, W²/2(n−1); σ² is far smaller than W² here.
// The mean is taken over the times and over the parameters that move, as for the error. Filtering makes the noise somewhat smaller; a path that begins at
// a noisy value carries the noise of that one along.
func (s *Study) Floor(c Case, runs int) float64 {
	sum, n := 0.0, 0
	for _, p := range c.Series.Filtered {
		for _, v := range s.Reduction.MovingB {
			sum += (p.W[0][v]*p.W[0][v] + p.Noise) / float64(runs)
			n++
		}
		for _, v := range s.Reduction.MovingW {
			sum += p.W[0][v] * p.W[0][v] / float64(2*(runs-1))
			n++
		}
	}
	return sum / float64(n)
}
