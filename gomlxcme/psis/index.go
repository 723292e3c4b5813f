package psis

import (
	"math"
	"slices"
)

const (
	// fewestTail is the number of weights below which a tail cannot be fitted.
	fewestTail = 5
	// priorWeights and priorIndex pull the index of short tails to 1/2.
	priorWeights, priorIndex = 10.0, 0.5
)

// Index returns the Pareto index k̂ of importance weights, given their
// logarithms and how many draws have each: weights beyond a high threshold follow
// a generalised Pareto law whose moments exist up to order 1/k. Averages with the
// weights are reliable up to k̂ = 0.7 (Vehtari, Simpson, Gelman, Yao and Gabry,
// Pareto smoothed importance sampling, JMLR 25, 1, 2024), and an index below 0
// says that the weights are bounded.
//
// The tail is the largest ⌊min(n/5, 3√n)⌋ of the weights of n draws. Where draws
// have the threshold in common, it is lowered below them, so that none is left out. It is
// −Inf where all weights are the same, and +Inf where one is not finite or
// hardly any stand out of many equal ones, so that the tail cannot be judged.
func Index(logs, draws []float64) float64 {
	var list []float64
	for i, v := range logs {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			return math.Inf(1)
		}
		for range int(math.Round(draws[i])) {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	at, excess := tail(list)
	switch {
	case at < 0:
		return math.Inf(-1)
	case len(excess) < fewestTail:
		return math.Inf(1)
	}
	k, _ := fitPareto(excess)
	return k
}

// tail returns where the tail of sorted log-weights begins, and by how much its weights exceed
// the threshold, the largest one below it, in units of the largest weight. It is −1 where all weights
// are the same.
func tail(list []float64) (at int, excess []float64) {
	n := len(list)
	if n == 0 || list[0] == list[n-1] {
		return -1, nil
	}
	size := max(1, int(min(float64(n)/5, 3*math.Sqrt(float64(n)))))
	at = n - size // first of the tail
	for at > 0 && list[at-1] == list[n-size] {
		at--
	}
	if at == 0 { // everything down to the smallest weight is tail
		for list[at] == list[0] {
			at++
		}
	}
	top, threshold := list[n-1], math.Exp(list[at-1]-list[n-1])
	for _, v := range list[at:] {
		if x := math.Exp(v-top) - threshold; x > 0 { // rounding may leave nothing
			excess = append(excess, x)
		}
	}
	return at, excess
}

// fitPareto fits a generalised Pareto law
//
//	P(X > x) = (1 + k x/σ)^(−1/k)
//
// to sorted positive numbers by the quasi-Bayesian estimate of Zhang and Stephens
// (Technometrics 51, 316, 2009), with the weak prior on k of Vehtari et al.
func fitPareto(x []float64) (k, sigma float64) {
	n := float64(len(x))
	points := 30 + int(math.Sqrt(n))
	quarter := x[int(math.Floor(n/4+0.5))-1]
	theta, profile := make([]float64, points), make([]float64, points)
	shape := func(theta float64) float64 {
		sum := 0.0
		for _, v := range x {
			sum += math.Log1p(-theta * v)
		}
		return sum / n
	}
	for j := range theta {
		theta[j] = 1/x[len(x)-1] + (1-math.Sqrt(float64(points)/(float64(j)+0.5)))/(3*quarter)
		k := shape(theta[j])
		profile[j] = n * (math.Log(-theta[j]/k) - k - 1)
	}
	best := slices.Max(profile)
	mean, sum := 0.0, 0.0
	for j, v := range profile {
		if w := math.Exp(v - best); w > 0 { // leaves out points where the likelihood does not exist
			mean += w * theta[j]
			sum += w
		}
	}
	mean /= sum
	k = shape(mean)
	sigma = -k / mean
	return (n*k + priorWeights*priorIndex) / (n + priorWeights), sigma
}
