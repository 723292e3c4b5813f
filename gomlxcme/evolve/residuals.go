package evolve

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// residuals tell, row by row, how far a network is from solving a time step.
type residuals struct {
	raw   []float64   // z − log P: what is missing in log P
	right []float64   // (1+w)·raw, clipped: the right side of Gauss–Newton
	share []float64   // w
	edges [][]float64 // share of each source in the inflow
	lower []float64   // |z_p − z_{p−1}|: what one order less would change
}

// clip bounds what one row asks for in one iteration. Far from the solution the
// linearisation is not to be trusted beyond a factor of e³.
const clip = 3

// evaluate computes the residuals of theta for the formula at all rows. The
// lower formula, one order below, gives the error estimate; it may be nil.
func evaluate(c *cloud, m *van.Model, theta van.Params, formula bdf, lower *bdf) (*residuals, error) {
	logp := make([]float64, len(c.rowOf))
	if err := m.LogProb(logp, theta, c.states); err != nil {
		return nil, err
	}
	n := len(c.rows)
	r := &residuals{
		raw: make([]float64, n), right: make([]float64, n), share: make([]float64, n),
		edges: make([][]float64, n), lower: make([]float64, n),
	}
	total := 0
	for _, row := range c.rows {
		total += len(row.inflow)
	}
	pool := make([]float64, total)
	for i, row := range c.rows {
		q := pool[:len(row.inflow):len(row.inflow)]
		pool = pool[len(row.inflow):]
		logInflow := row.logInflow(logp, q)
		base := dot(formula.alpha, row.base)
		z, w := target(base, formula.beta, row.outflow, logInflow)
		r.raw[i] = z - logp[row.state]
		r.share[i] = w
		r.edges[i] = q
		r.right[i] = (1 + w) * max(-clip, min(clip, r.raw[i]))
		if lower != nil {
			zl, _ := target(dot(lower.alpha, row.base), lower.beta, row.outflow, logInflow)
			r.lower[i] = math.Abs(z - zl)
		}
	}
	return r, nil
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

// loss is the Huber loss of the centred, scaled residuals: quadratic up to clip
// in log P, linear beyond. Its root is in units of log P.
func (r *residuals) loss(weights []float64) float64 {
	mean := 0.0
	for i, w := range weights {
		mean += w * r.right[i]
	}
	sum := 0.0
	for i, w := range weights {
		s := 1 + r.share[i]
		v := math.Abs(r.raw[i] - mean/s)
		if v > clip {
			v = clip * (2*v - clip)
		} else {
			v *= v
		}
		sum += w * s * s * v
	}
	return sum
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

// meanScale is ⟨1+w⟩, the mean stiffness of the rows.
func (r *residuals) meanScale(weights []float64) float64 {
	s := 0.0
	for i, w := range weights {
		s += w * (1 + r.share[i])
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
