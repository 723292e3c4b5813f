package evolve

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// startEvents is the expected number of reactions before the network takes
	// over from the projection: enough that probability is no longer a spike,
	// few enough that the projection stays small.
	startEvents = 2.5
	// highEvents is the same for each species that starts high: its law begins
	// with a sharp peak, which must spread over a few splines.
	highEvents = 25.0
	// startGrowth is the ratio of the times at which the history is fitted.
	startGrowth = 1.25
	// startTries is the number of start times that are tried, each half of the one
	// before, with few species.
	startTries = 3
)

// startTime is when the network takes over, at most the last output time.
func (s *solver) startTime() float64 {
	if s.set.StartTime > 0 {
		return s.set.StartTime
	}
	x := make([]int32, s.problem.system.NumSpecies())
	events := 0.0
	for i := range x {
		limit := s.problem.model.Box.Caps[i]
		if startsHigh(s.problem.system, i) {
			events += highEvents
		}
		x[i] = int32(min(math.Round(s.problem.system.Initial(i).Expected(limit)), float64(limit)))
	}
	rate := outflow(s.problem.system, x, 0)
	last := s.set.Times[len(s.set.Times)-1]
	if rate <= 0 {
		return last
	}
	return min(max(events, startEvents)/rate, last)
}

// start projects the initial law onto a small set of states, moves it to a few
// early times, and fits the network to each of them: these are the history of
// the multistep formula. A spike at time 0 has no log-probabilities to fit, and
// samples of it see one state only; a little later both are cured. Output times
// before the start are answered by fits as well.
func (s *solver) start(ctx context.Context) error {
	history, laws, err := s.begins(ctx)
	if err != nil {
		return err
	}
	if laws[len(laws)-1].lost > poorStart && s.set.Absorb == nil {
		return s.drawn(ctx)
	}
	hazards := s.surviving(laws)
	rng := s.stream(0, 0)
	var theta van.Params
	for k, law := range laws {
		t := law.time
		if theta == nil {
			if theta, err = s.problem.first(ctx, law, rng); err != nil {
				return err
			}
		}
		if theta, s.state.StartLoss, err = s.problem.fitReachable(ctx, theta, law, rng); err != nil {
			return err
		}
		if s.state.StartOutside, s.state.Bound, err = s.problem.missed(theta, law.states, law.probability); err != nil {
			return err
		}
		s.state.Time, s.state.Lost, s.state.Leak, s.state.Hazard = t, law.lost, law.leak, hazards[k]
		at := point{Time: t, Theta: append(van.Params(nil), theta...)}
		if slices.Contains(history, t) {
			s.state.History = slices.Insert(s.state.History, 0, at)
		}
		if slices.Contains(s.set.Times, t) {
			var d dist.Diagnostics
			d.Set("kl_bound", s.state.Bound)
			d.Set("start_loss", s.state.StartLoss)
			d.Set("start_outside", s.state.StartOutside)
			d.Set("lost", s.state.Lost)
			d.Set("leak", s.state.Leak)
			s.survival(&d)
			s.state.Outputs = append(s.state.Outputs, Output{Time: t, Theta: at.Theta, Diagnostics: d})
		}
	}
	return nil
}

// begins returns the times of the history, and the laws there and at the outputs before.
// The nearest states will do if they lose little until the network takes over, for
// which few species may do earlier; otherwise it starts from those that probability
// flows to. What is lost is reported.
func (s *solver) begins(ctx context.Context) (history []float64, laws []early, err error) {
	tries := 1
	if s.few() && s.set.StartTime == 0 {
		tries = startTries
	}
	for k := range tries {
		var marks []float64
		history, marks = s.marks(s.startTime() / float64(int(1)<<k))
		if laws, err = s.nearest(ctx, marks); err != nil || laws[len(laws)-1].lost <= startLost {
			return history, laws, err
		}
	}
	history, marks := s.marks(s.startTime())
	if flowing, err := s.flowing(ctx, marks); flowing != nil || err != nil {
		return history, flowing, err
	}
	laws, err = s.nearest(ctx, marks)
	return history, laws, err
}

// marks returns the times of the history of a start at t0, and those at which the law
// is fitted, which rise.
func (s *solver) marks(t0 float64) (history, marks []float64) {
	if s.set.Times[len(s.set.Times)-1] > t0 {
		for j := range s.set.Scheme.depth() {
			history = append(history, t0/math.Pow(startGrowth, float64(j)))
		}
	}
	marks = append(marks, history...)
	s.state.Outputs = nil
	for _, t := range s.set.Times {
		if t == 0 {
			s.state.Outputs = append(s.state.Outputs, Output{})
		} else if t <= t0 {
			marks = append(marks, t)
		}
	}
	slices.Sort(marks)
	return history, slices.Compact(marks)
}

// stream is the random stream of a step: it depends on the seed, the step and
// the attempt alone, so that a resumed run draws the same numbers.
func (s *solver) stream(step, attempt uint64) *rand.Rand {
	return stream(s.set.Seed, step, attempt)
}

func stream(seed, step, attempt uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, step<<8|attempt))
}
