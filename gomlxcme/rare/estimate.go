package rare

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Method says where an estimate comes from.
type Method string

// Methods of estimates.
const (
	FullSum      Method = "full-sum"     // of the network over all states of the set
	Importance   Method = "importance"   // sampled from the network within the set, weighed
	Projection   Method = "projection"   // finite state projection, within its bound
	Trajectories Method = "trajectories" // share of simulated trajectories
	ForwardFlux  Method = "forward-flux"
	Ensemble     Method = "weighted-ensemble"
	Hazard       Method = "hazard" // of the network: its flux into the basin, summed up over the time steps
)

// Estimate is a number, with the interval in which the exact one lies: for sampled methods with a confidence of 95 per cent, for a
// projection always. What a network is asked for is the answer of the network: the interval speaks of sampling it, and not of how
// far the network is from the model.
type Estimate struct {
	Value     float64
	Low, High float64
	Method    Method
	Effective float64 // effective number of weighted draws, 0 where nothing was drawn
	Tail      float64 // Pareto index of their weights: above 0.7 the interval cannot be trusted; 0 where nothing was drawn
	Cost      int     // states at which the network was evaluated, or events that were simulated
}

// certain is an estimate without an interval.
func certain(v float64, m Method, cost int) Estimate {
	return Estimate{Value: v, Low: v, High: v, Method: m, Cost: cost}
}

// confidence is that of the intervals.
const confidence = 0.95

// Averaged is the mean of independent repetitions of an unbiased estimate of a positive number, with an interval by
// Student's law. The interval is one of ln v, so that it does not reach below 0: for small errors the two are the same.
func Averaged(values []float64, m Method) Estimate {
	n := float64(len(values))
	mean, square := 0.0, 0.0
	for _, v := range values {
		mean += v / n
	}
	for _, v := range values {
		square += (v - mean) * (v - mean)
	}
	e := certain(mean, m, 0)
	if mean > 0 && n > 1 {
		se := math.Sqrt(square / (n - 1) / n)
		e.widen(se / mean * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile((1+confidence)/2))
	}
	return e
}

// widen sets the interval to a factor e^{±by}.
func (e *Estimate) widen(by float64) { e.Low, e.High = e.Value*math.Exp(-by), e.Value*math.Exp(by) }

// Over is e/d, with an interval for independent errors of the two.
func (e Estimate) Over(d Estimate) Estimate {
	r := Estimate{Value: e.Value / d.Value, Method: e.Method, Effective: min(e.Effective, d.Effective), Tail: max(e.Tail, d.Tail), Cost: e.Cost + d.Cost}
	if e.Method == Projection { // bounds, not deviations
		r.Low, r.High = e.Low/d.High, e.High/d.Low
		return r
	}
	up := math.Hypot(math.Log(e.High/e.Value), math.Log(d.Value/d.Low))
	down := math.Hypot(math.Log(e.Value/e.Low), math.Log(d.High/d.Value))
	r.Low, r.High = r.Value*math.Exp(-down), r.Value*math.Exp(up)
	return r
}

// Share estimates a probability from k hits among n independent trajectories, with the interval of Clopper and Pearson, which holds
// for any k: without a hit it ends at 3.7/n.
func Share(k, n int) Estimate {
	e := certain(float64(k)/float64(n), Trajectories, 0)
	const half = (1 - confidence) / 2
	if e.Low = 0; k > 0 {
		e.Low = mathext.InvRegIncBeta(float64(k), float64(n-k+1), half)
	}
	if e.High = 1; k < n {
		e.High = mathext.InvRegIncBeta(float64(k+1), float64(n-k), 1-half)
	}
	e.Effective = float64(n)
	return e
}

// sum adds estimates with independent errors.
func sum(parts []Estimate, m Method) Estimate {
	var total Estimate
	var low, high float64
	total.Method = FullSum
	for _, p := range parts {
		total.Value += p.Value
		total.Cost += p.Cost
		low += (p.Value - p.Low) * (p.Value - p.Low)
		high += (p.High - p.Value) * (p.High - p.Value)
		if p.Method != FullSum {
			total.Method = m
			total.Tail = max(total.Tail, p.Tail)
			total.Effective += p.Effective
		}
	}
	total.Low, total.High = max(0, total.Value-math.Sqrt(low)), total.Value+math.Sqrt(high)
	return total
}
