package evolve

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// startEvents is the expected number of reactions before the network takes
	// over from the projection: enough that probability is no longer a spike,
	// few enough that the projection stays small.
	startEvents = 2.5
	// startGrowth is the ratio of the times at which the history is fitted.
	startGrowth = 1.25
	// startFloor is −log P below which the projection is not fitted. It is deep
	// because what the network says of states that are all but impossible now
	// becomes real mass later.
	startFloor = 400
	// startTail cuts the series of the projection far below e^−startFloor.
	startTail = 1e-290
	// startBend is the misfit of log P beyond which a state counts less.
	startBend = 3
	// startRows bounds the states that enter one fit.
	startRows = 6000
	// startFits bounds the Gauss–Newton updates of one fit.
	startFits = 60
)

// startTime is when the network takes over.
func (s *solver) startTime() float64 {
	if s.set.StartTime > 0 {
		return s.set.StartTime
	}
	x := make([]int32, s.system.NumSpecies())
	for i := range x {
		x[i] = int32(math.Round(s.system.Initial(i).Expected(s.model.Box.Caps[i])))
		x[i] = min(x[i], int32(s.model.Box.Caps[i]))
	}
	rate := 0.0
	for k := range s.system.NumReactions() {
		rate += s.system.Propensity(k, x, 0)
	}
	first := s.set.Times[0]
	if first == 0 {
		first = s.set.Times[min(1, len(s.set.Times)-1)]
	}
	if rate <= 0 {
		return first
	}
	return min(startEvents/rate, first)
}

// start projects the initial law onto a small set of states, moves it to a few
// early times, and fits the network to each of them: these are the history of
// the multistep formula. A spike at time 0 has no log-probabilities to fit, and
// samples of it see one state only; a little later both are cured.
func (s *solver) start(ctx context.Context) error {
	p, err := fsp.NewProjection(s.system, s.set.StartStates)
	if err != nil {
		return fmt.Errorf("evolve: no projection to start from: %w", err)
	}
	p.SetTail(startTail)
	t0 := s.startTime()
	rng := s.stream(0, 0)
	theta := s.model.Init(rng)
	now := 0.0
	for j := s.set.Order - 1; j >= 0; j-- {
		t := t0 / math.Pow(startGrowth, float64(j))
		if err := p.Advance(ctx, now, t); err != nil {
			return fmt.Errorf("evolve: start: %w", err)
		}
		now = t
		if theta, s.state.StartLoss, err = s.fit(ctx, theta, p.States(), p.Probabilities()); err != nil {
			return err
		}
		s.state.History = append([]point{{Time: t, Theta: append(van.Params(nil), theta...)}}, s.state.History...)
	}
	s.state.Time = t0
	s.state.Dt = t0 * (1 - 1/startGrowth)
	s.state.Lost = p.Lost()
	return nil
}

// fit moves theta towards the given log-probabilities by damped Gauss–Newton and
// returns the remaining rms difference of log P.
func (s *solver) fit(ctx context.Context, theta van.Params, states []int32, p []float64) (van.Params, float64, error) {
	l := s.model.Box.Species()
	var kept []int32
	var logp []float64
	for i, v := range p {
		if v > 0 && math.Log(v) > -startFloor {
			kept = append(kept, states[i*l:(i+1)*l]...)
			logp = append(logp, math.Log(v))
		}
	}
	if len(logp) == 0 {
		return nil, 0, fmt.Errorf("%w: the start has no probability", ErrStep)
	}
	weights := flattened(logp, 0.05, 0.4)
	c := newCloud(s.system, s.model.Box, 0)
	var want []float64
	for _, i := range thin(weights, startRows) {
		state := c.intern(kept[i*l : (i+1)*l])
		c.rows = append(c.rows, row{state: state, weight: weights[i]})
		want = append(want, logp[i])
	}
	weights = c.normalised()
	current := make([]float64, len(want))
	misfit := func(theta van.Params) (*residuals, error) {
		if err := s.model.LogProb(current, theta, c.states); err != nil {
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
	loss, damping := r.loss(weights, startBend), 1e-3
	trial := make(van.Params, len(theta))
	for range startFits {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		n, err := s.equations.assemble(c, theta, r.robust(weights, startBend), r)
		if err != nil {
			return nil, 0, err
		}
		improved := false
		if s.debug {
			fmt.Printf("    fit rows %d loss %.4g damping %.2g\n", len(want), math.Sqrt(loss), damping)
		}
		for range 8 {
			delta, err := n.solve(damping)
			if err != nil {
				return nil, 0, err
			}
			for i := range trial {
				trial[i] = theta[i] + delta[i]
			}
			after, err := misfit(trial)
			if err != nil {
				return nil, 0, err
			}
			if after.loss(weights, startBend) < loss {
				improved = after.loss(weights, startBend) < 0.9*loss
				r, loss = after, after.loss(weights, startBend)
				theta = append(van.Params(nil), trial...)
				damping = max(damping/8, 1e-9)
				break
			}
			damping *= 10
		}
		if math.Sqrt(loss) < 1e-3 || !improved {
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
	at, next := 0.0, sum/float64(n)/2
	for i, w := range weights {
		at += w
		if at > next {
			kept = append(kept, i)
			for at > next {
				next += sum / float64(n)
			}
		}
	}
	return kept
}

// stream is the random stream of a step: it depends on the seed and the step
// alone, so that a resumed run draws the same numbers.
func (s *solver) stream(step, attempt uint64) *rand.Rand {
	return rand.New(rand.NewPCG(s.set.Seed, step<<8|attempt))
}
