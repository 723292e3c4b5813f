package evolve

import (
	"fmt"
	"math"
	"sync"
)

// Metric says how the equations of a natural gradient are solved: (S + λ) δ = F,
// with S = Σ w (O−⟨O⟩)(O−⟨O⟩)ᵀ the Fisher metric of the batch. S and F are
// centred, which subtracts the noise of ⟨O⟩, whose exact value is 0.
type Metric struct {
	Damping  float64 // λ; 0 means 0.001, as in the papers, unless Relative is given
	Relative float64 // share of the trace of S that is added to λ
	Space    Space   // in which to solve
}

// Space is where a natural gradient is solved: both give the same δ.
type Space int

const (
	// AutomaticSpace chooses the smaller system.
	AutomaticSpace Space = iota
	// SampleSpace solves δ = Aᵀ (A Aᵀ + λ)⁻¹ r with one row of A = √w (O−⟨O⟩) for
	// each state (minSR: Chen and Heyl, Nature Physics 2024,
	// doi:10.1038/s41567-024-02566-1). A itself is never formed.
	SampleSpace
	// ParameterSpace solves δ = (AᵀA + λ)⁻¹ Aᵀ r.
	ParameterSpace
)

func (s Space) String() string {
	switch s {
	case AutomaticSpace:
		return "automatic"
	case SampleSpace:
		return "samples"
	case ParameterSpace:
		return "parameters"
	}
	return fmt.Sprintf("Space(%d)", int(s))
}

const defaultDamping = 1e-3

func (m Metric) defaults() Metric {
	if m.Relative == 0 {
		set(&m.Damping, defaultDamping)
	}
	return m
}

func (m Metric) String() string {
	m = m.defaults()
	return fmt.Sprintf("metric(damping=%g, relative=%g, space=%v)", m.Damping, m.Relative, m.Space)
}

func (m Metric) check() error {
	m = m.defaults()
	if !(m.Damping >= 0) || !(m.Relative >= 0) || math.IsInf(m.Damping+m.Relative, 0) {
		return fmt.Errorf("%w: damping %g and relative damping %g; use finite numbers of at least 0", ErrSettings, m.Damping, m.Relative)
	}
	if m.Space < AutomaticSpace || m.Space > ParameterSpace {
		return fmt.Errorf("%w: a natural gradient is solved in %v; use AutomaticSpace, SampleSpace or ParameterSpace", ErrSettings, m.Space)
	}
	return nil
}

// Fit returns the change of the parameters that makes log P change by r, up to a
// constant, as well as it can on the batch:
//
//	argmin_δ Σ w [(O−⟨O⟩)·δ − (r−⟨r⟩)]² + λ |δ − prior|².
//
// prior [P] may be nil for 0.
func (b *Batch) Fit(m Metric, r, prior []float64) ([]float64, error) {
	m = m.defaults()
	n, p := len(b.rows), len(b.theta)
	if m.Space == SampleSpace || m.Space == AutomaticSpace && n < p {
		return b.fitSamples(m, r, prior)
	}
	if p > maxParameters {
		return nil, fmt.Errorf("%w: the network has %d parameters; a natural gradient in their space takes at most %d: solve in the space of samples, or use fewer", ErrSettings, p, maxParameters)
	}
	return b.fitParameters(m, r, prior)
}

// fitSamples solves in the space of samples. For n different states it takes
// about n² (Σ over layers of the cheaper of in+out and in·out) multiplications for
// the Gram matrix (van.Model.Gram), n³/6 for the factorisation, and for Aᵀy one
// pass backwards through the network. No product of order P² occurs.
func (b *Batch) fitSamples(m Metric, r, prior []float64) ([]float64, error) {
	n, model := len(b.rows), b.step.problem.model
	k := b.step.problem.matrix(n * n)
	if err := model.Gram(k, b.theta, b.States); err != nil {
		return nil, err
	}
	root := make([]float64, n)
	for i, w := range b.Weights {
		root[i] = math.Sqrt(w)
	}
	trace := centre(k, b.Weights, root, model.Workers)
	y := make([]float64, n)
	mean := dot(b.Weights, r)
	for i := range y {
		y[i] = root[i] * (r[i] - mean)
	}
	if prior != nil {
		along, err := b.along(prior)
		if err != nil {
			return nil, err
		}
		mean := dot(b.Weights, along)
		for i := range y {
			y[i] -= root[i] * (along[i] - mean)
		}
	}
	if err := solveDamped(k, n, y, m.Damping+m.Relative*trace, model.Workers); err != nil {
		return nil, err
	}
	// Aᵀy = Oᵀ(√w y − w Σ √w y)
	sum := dot(root, y)
	for i := range y {
		y[i] = root[i]*y[i] - b.Weights[i]*sum
	}
	delta := make([]float64, len(b.theta))
	if err := model.ScoresVJP(delta, b.theta, b.States, y); err != nil {
		return nil, err
	}
	for i, v := range prior {
		delta[i] += v
	}
	return delta, nil
}

// along returns O·v [n].
func (b *Batch) along(v []float64) ([]float64, error) {
	out, p := make([]float64, len(b.rows)), len(v)
	err := b.step.problem.model.Scores(make([]float64, len(b.rows)), b.theta, b.States, func(lo, hi int, rows []float64) {
		for i := lo; i < hi; i++ {
			out[i] = dot(rows[(i-lo)*p:(i-lo+1)*p], v)
		}
	})
	return out, err
}

// fitParameters solves in the space of parameters: n P² multiplications for S and
// P³/6 for the factorisation.
func (b *Batch) fitParameters(m Metric, r, prior []float64) ([]float64, error) {
	problem, p := b.step.problem, len(b.theta)
	c := newCloud(problem.system, problem.model.Box, 0)
	res := newResiduals(len(b.rows))
	l := problem.model.Box.Species()
	for i := range b.rows {
		c.bare(b.States[i*l:(i+1)*l], b.Weights[i])
		res.set(i, r[i], 0)
	}
	n, err := problem.equations.assemble(c, b.theta, b.Weights, res)
	if err != nil {
		return nil, err
	}
	n.centre()
	k, y := problem.matrix(p*p), append([]float64(nil), n.right...)
	for i := range p {
		for j := range i + 1 {
			v := n.matrix.At(j, i)
			k[i*p+j], k[j*p+i] = v, v
			if prior != nil {
				y[i] -= v * prior[j]
				if i != j {
					y[j] -= v * prior[i]
				}
			}
		}
	}
	if err := solveDamped(k, p, y, m.Damping+m.Relative*n.trace(), problem.model.Workers); err != nil {
		return nil, err
	}
	for i, v := range prior {
		y[i] += v
	}
	return y, nil
}

// matrix returns room for n numbers, which the next call takes again.
func (p *problem) matrix(n int) []float64 {
	if cap(p.room) < n {
		p.room = make([]float64, n)
	}
	return p.room[:n]
}

// centre turns K = O Oᵀ [n·n] into A Aᵀ with A = √w (O−⟨O⟩) and returns the trace.
func centre(k, weights, root []float64, workers int) float64 {
	n := len(weights)
	mean, whole := make([]float64, n), 0.0
	rowsAtOnce(n, workers, func(i int) { mean[i] = dot(weights, k[i*n:(i+1)*n]) })
	whole = dot(weights, mean)
	rowsAtOnce(n, workers, func(i int) {
		row := k[i*n : (i+1)*n]
		for j, v := range row {
			row[j] = root[i] * root[j] * (v - (mean[i] + mean[j]) + whole)
		}
	})
	trace := 0.0
	for i := range n {
		trace += k[i*n+i]
	}
	return trace
}

// rowsAtOnce calls do for 0 … n−1, dealt out to the workers in turn.
func rowsAtOnce(n, workers int, do func(i int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// solveDamped replaces y by (K + λ)⁻¹ y, for a symmetric K [n·n], whose diagonal and
// lower half it destroys. Rounding can make K slightly indefinite: λ grows until the
// matrix can be factorised.
func solveDamped(k []float64, n int, y []float64, damping float64, workers int) error {
	diagonal := make([]float64, n)
	largest := 0.0
	for i := range diagonal {
		diagonal[i] = k[i*n+i]
		largest = max(largest, diagonal[i])
	}
	if largest == 0 && damping == 0 {
		clear(y) // nothing can change
		return nil
	}
	for range 8 {
		for i, v := range diagonal {
			k[i*n+i] = v + damping
		}
		if factorise(k, n, workers) {
			substitute(k, n, y)
			return nil
		}
		for i := range n { // the upper half is as it was
			for j := range i {
				k[i*n+j] = k[j*n+i]
			}
		}
		damping = 10*damping + 1e-15*largest
	}
	return fmt.Errorf("%w: the equations of a natural gradient cannot be factorised; use more damping", ErrStep)
}
