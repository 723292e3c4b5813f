package psis

import (
	"cmp"
	"math"
	"slices"
)

// Smooth returns log-weights whose tail is that of the fitted Pareto law, and its index k̂, for the logarithms of weights of single
// draws. The m weights of the tail, in their order, become the quantiles (j − ½)/m of the fit, none above the largest
// weight that was there. Weights whose tail cannot be fitted, or is bounded well within the others, are returned as
// they are. Above k̂ = 0.7 averages by the smoothed weights are not reliable either.
func Smooth(logs []float64) (smoothed []float64, k float64) {
	smoothed = slices.Clone(logs)
	order := make([]int, len(logs))
	for i, v := range logs {
		if math.IsNaN(v) || math.IsInf(v, 1) {
			return smoothed, math.Inf(1)
		}
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(logs[a], logs[b]) })
	sorted := make([]float64, len(logs))
	for j, i := range order {
		sorted[j] = logs[i]
	}
	at, excess := tail(sorted)
	switch {
	case at < 0:
		return smoothed, math.Inf(-1)
	case len(excess) < fewestTail:
		return smoothed, math.Inf(1)
	}
	k, sigma := fitPareto(excess)
	top := sorted[len(sorted)-1]
	threshold := math.Exp(sorted[at-1] - top)
	m := float64(len(sorted) - at)
	for j, i := range order[at:] {
		p := (float64(j) + 0.5) / m
		x := -sigma * math.Log1p(-p)
		if k != 0 {
			x = sigma * math.Expm1(-k*math.Log1p(-p)) / k
		}
		smoothed[i] = top + min(0, math.Log(threshold+x))
	}
	return smoothed, k
}

// Effective is the effective number of draws (Σw)²/Σw² of weights with the given logarithms.
func Effective(logs []float64) float64 {
	if len(logs) == 0 {
		return 0
	}
	top := slices.Max(logs)
	sum, square := 0.0, 0.0
	for _, v := range logs {
		w := math.Exp(v - top)
		sum += w
		square += w * w
	}
	return sum * sum / square
}
