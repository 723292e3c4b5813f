package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// likelyUpdates bounds the updates of a fit to draws, and likelyPatience those in a
	// row without gain on the draws that were held back.
	likelyUpdates, likelyPatience = 60, 3
	// likelyHeld is the share of the draws that is held back to end the fit before it
	// learns their noise.
	likelyHeld = 0.1
	// likelyDamping is the damping of the first update, in units of the mean curvature.
	likelyDamping = 1e-3
)

// Fit returns the network that fits a law best, as the law at the given time of the model c: one
// from which a run can start (Settings.From). An exact table is fitted in log P, down to its rarest
// states, as at the start of a run. A table of draws (dist.Table.Samples) is fitted by maximum
// likelihood, until a tenth of the draws, which is held back, gets no likelier; the network is then
// wrong by the noise of the draws, and its tails are guesses. Of the settings Network, Backend, Seed and
// Workers count, and Times where caps are missing. Errors wrap ErrSettings, ErrStep or those of van and backend.
func Fit(ctx context.Context, c *crn.Compiled, settings Settings, law *dist.Table, time float64) (*Network, error) {
	if !slices.Equal(law.Species(), c.SpeciesNames()) {
		return nil, fmt.Errorf("%w: the law is over the species %v, the model has %v", ErrSettings, law.Species(), c.SpeciesNames())
	}
	if len(settings.Times) == 0 {
		settings.Times = []float64{max(time, math.SmallestNonzeroFloat64)}
	}
	s, err := settings.solver(ctx, c)
	if err != nil {
		return nil, err
	}
	var states []int32
	var probability []float64
	for i := range law.Len() {
		x := law.State(i)
		switch {
		case law.P(i) == 0:
		case s.problem.model.Box.Contains(x):
			states, probability = append(states, x...), append(probability, law.P(i))
		default:
			return nil, fmt.Errorf("%w: state %v of the law lies outside of the caps %v or breaks a conservation law; raise the caps", ErrSettings, x, s.state.Caps)
		}
	}
	if len(probability) == 0 {
		return nil, fmt.Errorf("%w: the law has no probability", ErrSettings)
	}
	floats.Scale(1/floats.Sum(probability), probability)
	n := &Network{Time: time, Species: c.SpeciesNames(), Model: s.problem.model}
	rng := s.stream(0, 0)
	if law.Samples() > 0 {
		n.Theta, _, err = s.problem.likeliest(ctx, states, probability, law.Samples(), rng)
		return n, err
	}
	if n.Theta, err = s.problem.first(ctx, early{states: states, probability: probability}, rng); err != nil {
		return nil, err
	}
	n.Theta, _, err = s.problem.fitReachable(ctx, n.Theta, early{states: states, probability: probability}, rng)
	return n, err
}

// likeliest fits the network to the frequencies of states [n·L] among so many draws, by the natural gradient
// of the log-likelihood: the Fisher matrix is averaged over some of the states, the gradient over
// all. It returns the parameters that are best on the draws held back, and by how much
// the others are likelier there on average, which is the size of the noise that was learned.
func (p *problem) likeliest(ctx context.Context, states []int32, frequency []float64, draws float64, rng *rand.Rand) (van.Params, float64, error) {
	learned, held := p.holdBack(states, frequency, draws, rng)
	mean := func(of *cloud, theta van.Params) (float64, error) {
		logp := make([]float64, len(of.rows))
		if err := p.model.LogProb(logp, theta, of.states); err != nil {
			return 0, err
		}
		return dot(of.normalised(), logp), nil
	}
	theta := p.model.Init(rng)
	now, err := mean(learned, theta)
	if err != nil {
		return nil, 0, err
	}
	best, most, gap, idle := theta, math.Inf(-1), 0.0, 0
	damping := likelyDamping
	for range likelyUpdates {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := p.likelihood(learned, theta, rng)
		if err != nil {
			return nil, 0, err
		}
		moved := false
		for range dampingTries {
			delta, err := n.solve(damping, p.model.Workers)
			if err != nil {
				return nil, 0, err
			}
			trial := slices.Clone(theta)
			floats.Add(trial, delta)
			next, err := mean(learned, trial)
			if err != nil {
				return nil, 0, err
			}
			if next > now {
				theta, now, moved = trial, next, true
				damping = max(damping/5, 1e-6)
				break
			}
			damping *= 10
		}
		there, err := mean(held, theta)
		if err != nil {
			return nil, 0, err
		}
		if idle++; there > most {
			best, most, gap, idle = theta, there, now-there, 0
		}
		if !moved || idle == likelyPatience {
			break
		}
	}
	return best, max(0, gap), nil
}

// holdBack parts so many draws, of which the frequencies of states [n·L] are given, into those
// that are learned and those that judge.
func (p *problem) holdBack(states []int32, frequency []float64, draws float64, rng *rand.Rand) (learned, held *cloud) {
	learned, held = newCloud(p.system, p.model.Box, 0), newCloud(p.system, p.model.Box, 0)
	l := p.model.Box.Species()
	for i, w := range frequency {
		x := states[i*l : (i+1)*l]
		back := 0
		for range int(math.Round(w * draws)) {
			if rng.Float64() < likelyHeld {
				back++
			}
		}
		if left := w - float64(back)/draws; left > 0.5/draws {
			learned.rows = append(learned.rows, row{state: learned.intern(x), weight: left})
		}
		if back > 0 {
			held.rows = append(held.rows, row{state: held.intern(x), weight: float64(back) / draws})
		}
	}
	switch { // of very few draws all serve for both
	case len(held.rows) == 0:
		held = learned
	case len(learned.rows) == 0:
		learned = held
	}
	return learned, held
}

// likelihood returns the normal equations whose solution is the natural gradient of the mean log-likelihood.
func (p *problem) likelihood(of *cloud, theta van.Params, rng *rand.Rand) (*normal, error) {
	some := newCloud(p.system, p.model.Box, 0)
	for _, i := range rng.Perm(len(of.rows))[:min(fitRows, len(of.rows))] {
		r := of.rows[i]
		some.rows = append(some.rows, row{state: some.intern(of.state(r.state)), weight: r.weight})
	}
	n, err := p.equations.assemble(some, theta, some.normalised(), newResiduals(len(some.rows)))
	if err != nil {
		return nil, err
	}
	return n, p.model.ScoresVJP(n.right, theta, of.states, of.normalised())
}
