package evolve

import (
	"math"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// conditions are the equation of a time step in weak form. Averaged over P_n with
// a test function f it reads
//
//	m_f = ⟨(f − ⟨f⟩) u⟩ − β ⟨W†f⟩ = 0,
//
// because Σ_x f(x) (W P)(x) = Σ_x P(x) (W†f)(x), with u = log P_n − Σ_j α_j log P_(n−1−j)
// for formulas in log P and u = 1 − Σ_j α_j P_(n−1−j)/P_n for those in P. Least squares weighs what a step
// does to a mode that relaxes with rate λ by (1+βλ)², so that the weights of slow
// modes, such as those of two basins, are decided by the misfit of fast ones. In
// the weak form slow modes come first: the norm is
//
//	mᵀ M⁻¹ m,   M = ⟨φφᵀ⟩ + ⟨(φ − βW†φ)(φ − βW†φ)ᵀ⟩,   φ = f − ⟨f⟩,
//
// which estimates the squared error of log P_n itself, within the span of the
// test functions.
type conditions struct {
	states []int32
	bulk   int // number of the leading states that enter derivatives
	rule   rule
	weight float64      // of the norm against least squares
	base   [][]float64  // [n] log P of the earlier networks
	tests  *mat.Dense   // [n, f] f(x)
	flow   *mat.Dense   // [n, f] β W†f(x)
	entry  []float64    // [n] β times the rate of leaving x into an absorbing basin
	metric mat.Cholesky // of M at the first network
}

// average is the weak form at one network.
type average struct {
	weights   []float64  // [n] P_n, scaled to sum to 1
	slope     []float64  // [n] ∂u/∂log P
	integrand *mat.Dense // [n, f] (f − ⟨f⟩)(u − ⟨u⟩) − β W†f
	centred   *mat.Dense // [n, f] f − ⟨f⟩
	m         *mat.VecDense
	norm      float64 // mᵀ M⁻¹ m
}

const (
	// sumFloor is −log P below which a state adds nothing to an average, and
	// tangentFloor the same for its derivative, which need not be as exact.
	sumFloor, tangentFloor = 18, 14
)

// newConditions lists the states that carry probability, and what the weak form
// needs of them. It returns nil if they are too many.
func (p *problem) newConditions(theta van.Params, batch *cloud, earlier []point, t float64, f rule) (*conditions, error) {
	box := p.model.Box
	l := box.Species()
	all, logp, err := p.carriers(theta, batch, t)
	if all == nil || err != nil {
		return nil, err
	}
	c := &conditions{rule: f, weight: 1}
	if box.Species() >= manySpecies {
		c.weight = manyFormWeight
	}
	// States that matter for the derivative come first.
	for _, band := range [][2]float64{{-tangentFloor, math.Inf(1)}, {-sumFloor, -tangentFloor}} {
		for i, v := range logp {
			if v > band[0] && v <= band[1] {
				c.states = append(c.states, all[i*l:(i+1)*l]...)
			}
		}
		if c.bulk == 0 {
			c.bulk = len(c.states) / l
		}
	}
	n := len(c.states) / l
	c.base = make([][]float64, n)
	pool, old := make([]float64, n*len(earlier)), make([]float64, n)
	for i := range c.base {
		c.base[i] = pool[i*len(earlier) : (i+1)*len(earlier)]
	}
	for j, h := range earlier {
		if err := p.model.LogProb(old, h.Theta, c.states); err != nil {
			return nil, err
		}
		for i, v := range old {
			c.base[i][j] = v
		}
	}
	if p.tests == nil {
		most := mostTests
		if box.Species() >= manySpecies {
			most = mostManyTests
		}
		p.tests = newTestFunctions(box, func(i int) bool { return startsHigh(p.system, i) }, most)
	}
	c.entry = make([]float64, n)
	c.tests, c.flow = mat.NewDense(n, p.tests.len(), nil), mat.NewDense(n, p.tests.len(), nil)
	var wg sync.WaitGroup
	for k := range p.model.Workers {
		lo, hi := n*k/p.model.Workers, n*(k+1)/p.model.Workers
		wg.Go(func() {
			scratch, y := make([]float64, p.tests.len()), make([]int32, l)
			for i := lo; i < hi; i++ {
				x, g := c.states[i*l:(i+1)*l], c.flow.RawRowView(i)
				p.tests.at(c.tests.RawRowView(i), x)
				c.entry[i] = f.rate() * p.tests.generator(g, c.tests.RawRowView(i), scratch, y, p.system, box.Hole, x, t)
				for q := range g {
					g[q] *= f.rate()
				}
			}
		})
	}
	wg.Wait()
	return c, nil
}

// at averages the weak form over the network theta. The first call sets the metric.
func (c *conditions) at(m *van.Model, theta van.Params) (*average, error) {
	n, q := c.tests.Dims()
	logp := make([]float64, n)
	if err := m.LogProb(logp, theta, c.states); err != nil {
		return nil, err
	}
	a := &average{weights: make([]float64, n), slope: make([]float64, n), integrand: mat.NewDense(n, q, nil), centred: mat.NewDense(n, q, nil), m: mat.NewVecDense(q, nil)}
	total := 0.0
	for i, v := range logp {
		a.weights[i] = math.Exp(v)
		total += a.weights[i]
	}
	mean, change, u := mat.NewVecDense(q, nil), 0.0, make([]float64, n)
	for i, v := range logp {
		a.weights[i] /= total
		mean.AddScaledVec(mean, a.weights[i], c.tests.RowView(i))
		u[i], a.slope[i] = c.rule.weak(v, c.base[i])
		change += a.weights[i] * u[i]
	}
	for i := range logp {
		f, flow := c.tests.RawRowView(i), c.flow.RawRowView(i)
		h, phi := a.integrand.RawRowView(i), a.centred.RawRowView(i)
		for k := range h {
			phi[k] = f[k] - mean.AtVec(k)
			// The law of what survives is normalised, which gives back ⟨f⟩ times the rate of absorption.
			h[k] = phi[k]*(u[i]-change) - flow[k] - c.entry[i]*mean.AtVec(k)
		}
		a.m.AddScaledVec(a.m, a.weights[i], a.integrand.RowView(i))
	}
	if c.metric.IsEmpty() && !c.measure(a) {
		return nil, nil
	}
	var x mat.VecDense
	_ = c.metric.SolveVecTo(&x, a.m) // Cond only warns
	a.norm = mat.Dot(&x, a.m)
	return a, nil
}

// measure sets the metric. It reports false where the functions are degenerate.
func (c *conditions) measure(a *average) bool {
	n, q := c.tests.Dims()
	rows := mat.NewDense(2*n, q, nil)
	for i, w := range a.weights {
		s := math.Sqrt(w)
		phi, flow := a.centred.RawRowView(i), c.flow.RawRowView(i)
		one, two := rows.RawRowView(2*i), rows.RawRowView(2*i+1)
		for k, v := range phi {
			one[k] = s * v
			two[k] = s * (v - flow[k])
		}
	}
	m := mat.NewSymDense(q, nil)
	m.SymOuterK(1, rows.T())
	for k := range q {
		// Functions that the states reached so far cannot tell apart.
		m.SetSym(k, k, m.At(k, k)*(1+1e-8)+1e-14)
	}
	return c.metric.Factorize(m)
}

// tangent is how the weak form changes with the parameters, in units of the
// metric: GᵀM⁻¹G and GᵀM⁻¹m with G = ∂m/∂θ.
func (c *conditions) tangent(m *van.Model, theta van.Params, a *average) (*mat.Dense, *mat.VecDense, error) {
	_, q := c.tests.Dims()
	size, l := m.Size(), m.Box.Species()
	g := mat.NewDense(q, size, nil)
	var mu sync.Mutex
	parts := map[int]*mat.Dense{}
	err := m.Scores(make([]float64, c.bulk), theta, c.states[:c.bulk*l], func(lo, hi int, rows []float64) {
		h := mat.NewDense(hi-lo, q, nil)
		for i := lo; i < hi; i++ {
			dst, f, phi := h.RawRowView(i-lo), a.integrand.RawRowView(i), a.centred.RawRowView(i)
			for k := range dst {
				dst[k] = a.weights[i] * (f[k] - a.m.AtVec(k) + phi[k]*a.slope[i])
			}
		}
		part := mat.NewDense(q, size, nil)
		part.Mul(h.T(), mat.NewDense(hi-lo, size, rows))
		mu.Lock()
		defer mu.Unlock()
		parts[lo] = part
	})
	if err != nil {
		return nil, nil, err
	}
	for lo := range c.bulk { // in order, so that sums do not depend on the number of workers
		if part, ok := parts[lo]; ok {
			g.Add(g, part)
		}
	}
	var solved mat.Dense
	_ = c.metric.SolveTo(&solved, g) // Cond only warns
	full, right := mat.NewDense(size, size, nil), mat.NewVecDense(size, nil)
	full.Mul(g.T(), &solved)
	right.MulVec(solved.T(), a.m)
	return full, right, nil
}

const (
	// correctionRidge is the share of a change of log P that counts against a
	// correction: one that gains less than it moves is left out.
	correctionRidge = 0.03
	// correctionDamping is the damping of its first attempt, in units of the
	// mean curvature; it bounds how far parameters go that hardly matter.
	correctionDamping = 1e-4
	// correctionGood is the error of log P that needs no correction.
	correctionGood = 5e-4
	// correctionGain is the share of the objective that a correction must take
	// away for another one to follow.
	correctionGain = 0.3
	// manyFormWeight is the weight of weak forms with many species, where least
	// squares cannot be small everywhere and it is the weak form that keeps
	// probabilities from drifting. manyGain is correctionGain then.
	manyFormWeight, manyGain = 100.0, 0.1
	// correctionReach is the largest rms change of log P by one correction.
	correctionReach = 0.15
	// correctionTries bounds the attempts of one correction.
	correctionTries = 5
)

// correct brings the slow modes of a step to the solution of its weak form, by
// Gauss–Newton on
//
//	weight · mᵀM⁻¹m + L/⟨(1+w)²⟩ + ridge · ⟨(Δ log P)²⟩,
//
// where L is the loss of least squares. Least squares keeps fast modes and tails
// in place, and so does the ridge, whose average is over the batch with its
// flattened draws. It returns the error that is left, √(mᵀM⁻¹m).
func (m Implicit) correct(p *problem, batch *cloud, a *attempt, earlier []point, t float64, f formulas) (float64, error) {
	c, err := p.newConditions(a.theta, batch, earlier, t, f.full)
	if c == nil || err != nil {
		return 0, err
	}
	now, err := c.at(p.model, a.theta)
	if now == nil || err != nil {
		return 0, err
	}
	if now.norm < correctionGood*correctionGood {
		return math.Sqrt(now.norm), nil
	}
	r := batch.residuals(batch.logp, f.full, nil)
	weights := r.unscaled(batch.normalised())
	bend := max(bendAt, bendRatio*rms(r.raw, batch.bulk(batch.logp)))
	stiffness := r.stiffness(weights)
	loss := r.loss(weights, bend) / stiffness
	squares, err := p.equations.assemble(batch, a.theta, r.robust(weights, bend), r)
	if err != nil {
		return 0, err
	}
	fisher, err := p.equations.assemble(batch, a.theta, batch.normalised(), newResiduals(len(batch.rows)))
	if err != nil {
		return 0, err
	}
	squares.centre()
	fisher.centre()
	trace := fisher.trace()
	size := p.model.Size()
	damping, gain := correctionDamping, correctionGain
	if c.weight > 1 {
		gain = manyGain
	}
	lower, delta := make([]float64, size*size), make([]float64, size)
	trial, logp, change := make(van.Params, size), make([]float64, len(batch.logp)), make([]float64, len(batch.rows))
	for range m.Corrections {
		full, right, err := c.tangent(p.model, a.theta, now)
		if err != nil {
			return 0, err
		}
		better := false
		for range correctionTries {
			for i := range size {
				for j := range i + 1 {
					lower[i*size+j] = squares.matrix.At(j, i)/stiffness + c.weight*full.At(i, j) + correctionRidge*fisher.matrix.At(j, i)
				}
				lower[i*size+i] += damping * trace
			}
			if !factorise(lower, size, p.model.Workers) {
				damping *= 10
				continue
			}
			copy(delta, right.RawVector().Data)
			substitute(lower, size, delta)
			for i := range trial {
				trial[i] = a.theta[i] - c.weight*delta[i]
			}
			if err := p.model.LogProb(logp, trial, batch.states); err != nil {
				return 0, err
			}
			for i, row := range batch.rows {
				change[i] = logp[row.state] - batch.logp[row.state]
			}
			next, err := c.at(p.model, trial)
			if err != nil {
				return 0, err
			}
			nextLoss := batch.residuals(logp, f.full, nil).loss(weights, bend) / stiffness
			if rms(change, batch.bulk(batch.logp)) < correctionReach && c.weight*next.norm+nextLoss < c.weight*now.norm+loss {
				better = c.weight*next.norm+nextLoss < (1-gain)*(c.weight*now.norm+loss)
				a.theta, trial = trial, make(van.Params, size)
				copy(batch.logp, logp)
				now, loss = next, nextLoss
				damping /= 4
				break
			}
			damping *= 10
		}
		if !better || now.norm < correctionGood*correctionGood {
			break
		}
	}
	return math.Sqrt(now.norm), nil
}
