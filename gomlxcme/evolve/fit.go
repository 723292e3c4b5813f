package evolve

import (
	"context"
	"fmt"
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
	fitRows = 6000
	// fitUpdates bounds the Gauss–Newton updates of one fit, and fitPatience the
	// updates in a row that gain less than a twentieth.
	fitUpdates, fitPatience = 150, 4
	// fitGood is the rms misfit of log P at which a fit ends.
	fitGood = 2e-5
)

const (
	// deadLogP is the log-probability that states are pushed to which the
	// projection does not reach.
	deadLogP = -60
	// deadFits bounds the fits with such states.
	deadFits = 6
)

const (
	// firstGood is the misfit at which a fit from random parameters is kept
	// without trying others, and firstTries bounds the trials.
	firstGood  = 0.01
	firstTries = 4
)

// first fits the network from random parameters, from which Gauss–Newton may end
// in a poor minimum: a few starts are tried, and the best one is kept.
func (p *problem) first(ctx context.Context, states []int32, probability []float64, rng *rand.Rand) (van.Params, error) {
	var best van.Params
	least := math.Inf(1)
	for range firstTries {
		theta, loss, err := p.fit(ctx, p.model.Init(rng), states, probability)
		if err != nil {
			return nil, err
		}
		if loss < least {
			best, least = theta, loss
		}
		if least < firstGood {
			break
		}
	}
	return best, nil
}

// fitReachable fits the network to a projection and makes sure that it gives no
// mass to states that cannot be reached, of which the probabilities say nothing:
// draws that land there join the fit with a tiny target, until none of
// validationDraws does.
func (p *problem) fitReachable(ctx context.Context, theta van.Params, states []int32, probability []float64, rng *rand.Rand) (van.Params, float64, error) {
	l := p.model.Box.Species()
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
		all, target := append([]int32(nil), states...), append([]float64(nil), probability...)
		for k := reachable; k < len(known.rowOf); k++ {
			all = append(all, known.state(int32(k))...)
			target = append(target, math.Exp(deadLogP))
		}
		if theta, loss, err = p.fit(ctx, theta, all, target); err != nil {
			return nil, 0, err
		}
	}
	return theta, loss, nil
}

// fit moves theta towards the given probabilities of states [n·L] by damped
// Gauss–Newton in log P, and returns the remaining rms misfit. Two fifths of the
// weight lie on flattened powers of the law, down to states that are all but
// impossible.
func (p *problem) fit(ctx context.Context, theta van.Params, states []int32, probability []float64) (van.Params, float64, error) {
	l := p.model.Box.Species()
	var kept []int32
	var logp []float64
	for i, v := range probability {
		if lp := math.Log(v); lp > -fitFloor {
			kept = append(kept, states[i*l:(i+1)*l]...)
			logp = append(logp, lp)
		}
	}
	if len(logp) == 0 {
		return nil, 0, fmt.Errorf("%w: the start has no probability", ErrStep)
	}
	weights := flattened(logp, 0.05, 0.4)
	c := newCloud(p.system, p.model.Box, 0)
	var want []float64
	for _, i := range thin(weights, fitRows) {
		c.rows = append(c.rows, row{state: c.intern(kept[i*l : (i+1)*l]), weight: weights[i]})
		want = append(want, logp[i])
	}
	weights = c.normalised()
	current := make([]float64, len(want))
	misfit := func(theta van.Params) (*residuals, error) {
		if err := p.model.LogProb(current, theta, c.states); err != nil {
			return nil, err
		}
		r := newResiduals(len(want))
		for i := range want {
			r.set(i, want[i]-current[i], 0)
		}
		return r, nil
	}
	r, err := misfit(theta)
	if err != nil {
		return nil, 0, err
	}
	loss, damping := r.lossAbout(0, weights, fitBend), 1e-3
	idle := 0
	for range fitUpdates {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := p.equations.assemble(c, theta, r.robust(weights, fitBend), r)
		if err != nil {
			return nil, 0, err
		}
		before := loss
		for range 8 {
			delta, err := n.solve(damping, p.model.Workers)
			if err != nil {
				return nil, 0, err
			}
			trial := make(van.Params, len(theta))
			for i := range trial {
				trial[i] = theta[i] + delta[i]
			}
			after, err := misfit(trial)
			if err != nil {
				return nil, 0, err
			}
			if l := after.lossAbout(0, weights, fitBend); l < loss {
				theta, r, loss = trial, after, l
				damping = max(damping/8, 1e-9)
				break
			}
			damping *= 10
		}
		if idle++; loss < 0.95*before {
			idle = 0
		}
		if math.Sqrt(loss) < fitGood || loss == before || idle == fitPatience {
			break
		}
	}
	return theta, math.Sqrt(loss), nil
}

// thin returns the indices of at most n entries: all of them, or those that
// systematic resampling by weight hits, with the largest always among them.
func thin(weights []float64, n int) []int {
	var kept []int
	if len(weights) <= n {
		for i := range weights {
			kept = append(kept, i)
		}
		return kept
	}
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	step := sum / float64(n)
	at, next := 0.0, step/2
	for i, w := range weights {
		at += w
		if at > next {
			kept = append(kept, i)
			for at > next {
				next += step
			}
		}
	}
	return kept
}
