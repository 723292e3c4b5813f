package dist

import "math"

// Moment returns mean and standard deviation of the law. The probabilities are normalised first, so that mass that a
// projection has lost does not count as zeros. For N samples the variance is the unbiased one, N/(N−1) times that of the
// histogram, and with μ₄ the fourth central moment
//
//	SE(mean) = SD/√N        SE(SD) = √( (μ₄ − SD⁴ (N−3)/(N−1)) / N ) / (2 SD)
//
// (the second from the variance of the sample variance by the delta method). An exact law has no standard errors; a single
// sample says nothing about them, and they are +Inf.
func (m Marginal) Moment() Moment {
	var mass, first float64
	for n, p := range m.P {
		mass += p
		first += float64(n) * p
	}
	if mass == 0 {
		return Moment{}
	}
	mean := first / mass
	var second, fourth float64
	for n, p := range m.P {
		d := float64(n) - mean
		d *= d
		second += d * p
		fourth += d * d * p
	}
	return moment(mean, second/mass, fourth/mass, m.N)
}

// moment adds the standard errors to mean, variance and fourth central moment of a histogram.
func moment(mean, variance, fourth, samples float64) Moment {
	out := Moment{Mean: mean, SD: math.Sqrt(variance)}
	if samples == 0 {
		return out
	}
	if samples <= 1 {
		out.MeanSE, out.SDSE = math.Inf(1), math.Inf(1)
		return out
	}
	variance *= samples / (samples - 1)
	out.SD = math.Sqrt(variance)
	out.MeanSE = out.SD / math.Sqrt(samples)
	if variance > 0 {
		// For two-point laws at p = ½ the leading terms cancel and rounding may leave a tiny negative number.
		spread := max(0, fourth-variance*variance*(samples-3)/(samples-1))
		out.SDSE = math.Sqrt(spread/samples) / (2 * out.SD)
	}
	return out
}
