package evolve

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// fitFloor is −log P below which a law is not fitted.
	fitFloor = 400
	// fitBend is the misfit of log P beyond which a state counts less.
	fitBend = 3
	// fitRows bounds the states that enter one fit.
	fitRows = 4000
	// fitUpdates bounds the Gauss–Newton updates of one fit, and fitPatience the
	// updates in a row that gain less than a twentieth. A large network gets as many
	// updates as take fitWork products for its normal equations, and no fewer than
	// fitLeast.
	fitUpdates, fitPatience = 150, 4
	fitWork, fitLeast       = 6e11, 30
	// fitGood is the rms misfit of log P at which a fit ends.
	fitGood = 2e-5
	// fitPull bounds how much the mass outside counts in one row, in units of log P.
	fitPull = 2.0
)

const (
	// deadLogP is the log-probability to which states are pushed that the
	// projection does not list, or that of its least likely one if that is larger.
	deadLogP = -60
	// deadFits bounds the fits with such states.
	deadFits = 6
	// deadMass is how much probability may lie on such states.
	deadMass = 1e-4
)

const (
	// firstGood is the misfit at which a fit from random parameters is kept
	// without trying others, firstFair the same for networks so large that a fit
	// gets fewer than fitUpdates, and firstTries bounds the trials.
	firstGood, firstFair = 0.01, 0.2
	firstTries           = 4
)

// first fits the network from random parameters, from which Gauss–Newton may end
// in a poor minimum: a few starts are tried, and the best one is kept.
func (p *problem) first(ctx context.Context, law early, rng *rand.Rand) (van.Params, error) {
	var best van.Params
	least, good := math.Inf(1), firstGood
	if updates(min(fitRows, len(law.probability)), p.model.Size()) < fitUpdates {
		good = firstFair
	}
	for range firstTries {
		theta, loss, err := p.fit(ctx, p.model.Init(rng), law.states, law.probability)
		if err != nil {
			return nil, err
		}
		if loss < least {
			best, least = theta, loss
		}
		if least < good {
			break
		}
	}
	return best, nil
}

// fitReachable fits the network to a projection and makes sure that it gives no
// mass to states that cannot be reached, of which the probabilities say nothing:
// draws that land there join the fit with a tiny target, until none of
// validationDraws does or less than deadMass is left there.
func (p *problem) fitReachable(ctx context.Context, theta van.Params, law early, rng *rand.Rand) (van.Params, float64, error) {
	l, states, probability := p.model.Box.Species(), law.states, law.probability
	theta, loss, err := p.fit(ctx, theta, states, probability)
	if err != nil {
		return nil, 0, err
	}
	known := newCloud(p.system, p.model.Box, 0)
	for i, v := range probability {
		if v > 0 {
			known.intern(states[i*l : (i+1)*l])
		}
	}
	reachable := len(known.rowOf)
	dead := max(math.Exp(deadLogP), leastPositive(probability))
	for range deadFits {
		draw := Draw{Model: p.model, Params: theta, Rand: rng}
		hit := false
		err := Plain{Draws: validationDraws}.Propose(draw, func(x []int32, _ float64) {
			hit = known.intern(x) >= int32(reachable) || hit
		})
		if err != nil {
			return nil, 0, err
		}
		if !hit {
			return theta, loss, nil
		}
		if outside, _, err := p.missed(theta, law.states, law.probability); err != nil || outside < deadMass {
			return theta, loss, err
		}
		all, target := append([]int32(nil), states...), append([]float64(nil), probability...)
		for k := reachable; k < len(known.rowOf); k++ {
			all = append(all, known.state(int32(k))...)
			target = append(target, dead)
		}
		if theta, loss, err = p.fit(ctx, theta, all, target); err != nil {
			return nil, 0, err
		}
	}
	return theta, loss, nil
}

// fit moves theta towards the given probabilities of states [n·L] by damped
// Gauss–Newton on
//
//	½ Σ w (log p − log P)² + the mass that P has on other states,
//
// which to second order is the divergence of P from p where w = p, and returns the
// remaining rms misfit of log P. Two fifths of the weight lie on flattened powers of
// the law, down to states that are all but impossible.
func (p *problem) fit(ctx context.Context, theta van.Params, states []int32, probability []float64) (van.Params, float64, error) {
	t, err := p.newGoal(states, probability)
	if err != nil {
		return nil, 0, err
	}
	now, err := t.at(p.model, theta)
	if err != nil {
		return nil, 0, err
	}
	damping, idle := 1e-3, 0
	for range updates(len(t.rows), len(theta)) {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := p.equations.assemble(t.cloud, theta, now.weights, now.residuals)
		if err != nil {
			return nil, 0, err
		}
		before := now.loss
		for range 8 {
			if err := ctx.Err(); err != nil { // of a large network each try takes seconds
				return nil, 0, err
			}
			delta, err := n.solve(damping, p.model.Workers)
			if err != nil {
				return nil, 0, err
			}
			trial := make(van.Params, len(theta))
			for i := range trial {
				trial[i] = theta[i] + delta[i]
			}
			next, err := t.at(p.model, trial)
			if err != nil {
				return nil, 0, err
			}
			if next.loss < now.loss {
				theta, now = trial, next
				damping = max(damping/8, 1e-9)
				break
			}
			damping *= 10
		}
		if idle++; now.loss < 0.95*before {
			idle = 0
		}
		if math.Sqrt(now.loss) < fitGood || now.loss == before || idle == fitPatience {
			break
		}
	}
	return theta, math.Sqrt(now.loss), nil
}

// leastPositive returns the smallest value above 0.
func leastPositive(values []float64) float64 {
	least := math.Inf(1)
	for _, v := range values {
		if v > 0 {
			least = min(least, v)
		}
	}
	return least
}

// updates is the number of Gauss–Newton updates of a fit.
func updates(rows, parameters int) int {
	return min(fitUpdates, max(fitLeast, int(fitWork/(float64(rows)*float64(parameters)*float64(parameters)))))
}
