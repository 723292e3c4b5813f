package evolve

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// correctionWeight is the weight of the change that the network lacks where the
	// law is, against least squares, which reaches into the tails.
	correctionWeight = 100.0
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
	correctionGain = 0.05
	// correctionReach is the largest rms change of log P by one correction.
	correctionReach = 1.0
	// correctionTries bounds the attempts of one correction.
	correctionTries = 5
)

// correct brings the network to the solution of its step where the law is, by
// Gauss–Newton on
//
//	weight · ⟨δ²⟩ + L/⟨(1+w)²⟩ + ridge · ⟨(Δ log P)²⟩,
//
// where δ is the change that relaxation asks for and L the loss of least squares,
// which keeps the tails in place; so does the ridge, whose average is over the batch
// with its flattened draws. It returns √⟨δ²⟩ that is left, and false if the law is
// spread over too many states.
func (m Implicit) correct(p *problem, batch *cloud, a *attempt, earlier []point, t float64, f formulas) (float64, bool, error) {
	c, err := p.relax(a.theta, batch, earlier, t, f.full)
	if c == nil || err != nil {
		return 0, false, err
	}
	now, err := c.lacks(p.model, a.theta)
	if err != nil {
		return 0, false, err
	}
	// Least squares may have gone astray; then the network before it is the better start.
	before, err := c.lacks(p.model, earlier[0].Theta)
	if err != nil {
		return 0, false, err
	}
	if before.norm < now.norm {
		now, a.theta = before, slices.Clone(earlier[0].Theta)
		if err := p.model.LogProb(batch.logp, a.theta, batch.states); err != nil {
			return 0, false, err
		}
	}
	if now.norm < correctionGood*correctionGood {
		return math.Sqrt(now.bulk), true, nil
	}
	r := batch.residuals(batch.logp, f.full, nil)
	weights := r.unscaled(batch.normalised())
	bend := max(bendAt, bendRatio*rms(r.raw, batch.bulk(batch.logp)))
	stiffness := r.stiffness(weights)
	loss := r.loss(weights, bend) / stiffness
	squares, err := p.equations.assemble(batch, a.theta, r.robust(weights, bend), r)
	if err != nil {
		return 0, false, err
	}
	fisher, err := p.equations.assemble(batch, a.theta, batch.normalised(), newResiduals(len(batch.rows)))
	if err != nil {
		return 0, false, err
	}
	squares.centre()
	fisher.centre()
	trace := fisher.trace()
	size := p.model.Size()
	damping := correctionDamping
	lower, delta, moved := make([]float64, size*size), make([]float64, size), mat.NewVecDense(size, nil)
	trial, logp, change := make(van.Params, size), make([]float64, len(batch.logp)), make([]float64, len(batch.rows))
	var pull mat.VecDense
	for range m.Corrections {
		full, err := c.tangent(p, a.theta, now)
		if err != nil {
			return 0, false, err
		}
		// Least squares is taken as quadratic about where it was left.
		pull.MulVec(squares.matrix, moved)
		better := false
		for range correctionTries {
			for i := range size {
				for j := range i + 1 {
					lower[i*size+j] = squares.matrix.At(j, i)/stiffness + correctionWeight*full.matrix.At(j, i) + correctionRidge*fisher.matrix.At(j, i)
				}
				lower[i*size+i] += damping * trace
			}
			if !factorise(lower, size, p.model.Workers) {
				damping *= 10
				continue
			}
			for i := range delta {
				delta[i] = correctionWeight*full.right[i] + (squares.right[i]-pull.AtVec(i))/stiffness
			}
			substitute(lower, size, delta)
			for i := range trial {
				trial[i] = a.theta[i] + delta[i]
			}
			if err := p.model.LogProb(logp, trial, batch.states); err != nil {
				return 0, false, err
			}
			for i, row := range batch.rows {
				change[i] = logp[row.state] - batch.logp[row.state]
			}
			next, err := c.lacks(p.model, trial)
			if err != nil {
				return 0, false, err
			}
			nextLoss := batch.residuals(logp, f.full, nil).loss(weights, bend) / stiffness
			was, after := correctionWeight*now.norm+loss, correctionWeight*next.norm+nextLoss
			if rms(change, batch.bulk(batch.logp)) < correctionReach && after < was {
				better = after < (1-correctionGain)*was
				a.theta, trial = trial, make(van.Params, size)
				copy(batch.logp, logp)
				moved.AddVec(moved, mat.NewVecDense(size, delta))
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
	return math.Sqrt(now.bulk), true, nil
}
