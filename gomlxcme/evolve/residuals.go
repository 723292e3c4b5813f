package evolve

import "math"

// residuals tell, row by row, how far a network is from solving a time step.
type residuals struct {
	raw   []float64   // z − log P: what is missing in log P
	right []float64   // scale·raw: the right side of Gauss–Newton
	scale []float64   // stiffness of the equation
	share []float64   // scale·∂z/∂log I: what of the row belongs to the neighbours
	edges [][]float64 // share of each source in the inflow
	lower []float64   // z_p − z_{p−1}: what one order less would change
	other int         // rows that the rule could not solve
}

// residuals computes what the rule asks for at all rows, given log P at the states.
// The lower rule, one order below, gives the error estimate; it may be nil.
func (c *cloud) residuals(logp []float64, full, lower rule) *residuals {
	n := len(c.rows)
	r := newResiduals(n)
	total := 0
	for _, row := range c.rows {
		total += len(row.inflow)
	}
	pool := make([]float64, total)
	for i, row := range c.rows {
		q := pool[:len(row.inflow):len(row.inflow)]
		pool = pool[len(row.inflow):]
		logInflow := row.logInflow(logp, q)
		s := full.solve(row.base, row.outflow, logInflow)
		r.stiff(i, s.z-logp[row.state], s.scale, s.scale*s.gain)
		r.edges[i] = q
		if s.other {
			r.other++
		}
		if lower != nil {
			r.lower[i] = s.z - lower.solve(row.base, row.outflow, logInflow).z
		}
	}
	return r
}

func newResiduals(n int) *residuals {
	r := &residuals{
		raw: make([]float64, n), right: make([]float64, n), scale: make([]float64, n), share: make([]float64, n),
		edges: make([][]float64, n), lower: make([]float64, n),
	}
	for i := range r.scale {
		r.scale[i] = 1
	}
	return r
}

// set records one row of stiffness 1 + share: what is missing in log P, and the
// share of the neighbours.
func (r *residuals) set(i int, raw, share float64) { r.stiff(i, raw, 1+share, share) }

// stiff records one row with its stiffness.
func (r *residuals) stiff(i int, raw, scale, share float64) {
	r.raw[i], r.scale[i], r.share[i] = raw, scale, share
	r.right[i] = scale * raw
}

// logInflow returns log I(x) and writes the share of each source into q.
func (r row) logInflow(logp, q []float64) float64 {
	top := math.Inf(-1)
	for k, e := range r.inflow {
		q[k] = math.Log(e.propensity) + logp[e.from]
		top = max(top, q[k])
	}
	if math.IsInf(top, -1) {
		return top
	}
	sum := 0.0
	for k := range q {
		q[k] = math.Exp(q[k] - top)
		sum += q[k]
	}
	for k := range q {
		q[k] /= sum
	}
	return top + math.Log(sum)
}

// loss is the Huber loss of the scaled residuals about their mean: quadratic in
// log P up to bend, linear beyond. Its root is in units of log P.
func (r *residuals) loss(weights []float64, bend float64) float64 {
	mean := 0.0
	for i, w := range r.robust(weights, bend) {
		mean += w * r.right[i]
	}
	return r.lossAbout(mean, weights, bend)
}

// lossAbout is the same about a given value.
func (r *residuals) lossAbout(mean float64, weights []float64, bend float64) float64 {
	sum := 0.0
	for i, w := range weights {
		s := r.scale[i]
		v := math.Abs(r.raw[i] - mean/s)
		if v > bend {
			v = bend * (2*v - bend)
		} else {
			v *= v
		}
		sum += w * s * s * v
	}
	return sum
}

// robust returns the weights that make least squares minimise the Huber loss:
// rows beyond the bend count less, in proportion to their residual. A state in
// the tail that the network cannot fit then pulls with bounded force instead of
// bending the bulk.
func (r *residuals) robust(weights []float64, bend float64) []float64 {
	out := make([]float64, len(weights))
	sum := 0.0
	for i, w := range weights {
		out[i] = w
		if v := math.Abs(r.raw[i]); v > bend {
			out[i] = w * bend / v
		}
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// rms is the root of the weighted mean square of values about their mean.
func rms(values, weights []float64) float64 {
	mean, square := 0.0, 0.0
	for i, w := range weights {
		mean += w * values[i]
	}
	for i, w := range weights {
		square += w * (values[i] - mean) * (values[i] - mean)
	}
	return math.Sqrt(square)
}

// unscaled returns weights that take the scale out of the rows again, w/scale²: rows
// are scaled so that a change of P as a whole is the same in all of them, but what
// counts is how far log P is from its solution. By the scale, states that are left at
// once would count (1 + hR)² times more than those that hold the probability.
func (r *residuals) unscaled(weights []float64) []float64 {
	out := make([]float64, len(weights))
	sum := 0.0
	for i, w := range weights {
		out[i] = w / (r.scale[i] * r.scale[i])
		sum += out[i]
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

// stiffness is ⟨scale²⟩, by which fast modes of the equation weigh more than slow
// ones.
func (r *residuals) stiffness(weights []float64) float64 {
	s := 0.0
	for i, w := range weights {
		s += w * r.scale[i] * r.scale[i]
	}
	return s
}

func dot(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}
