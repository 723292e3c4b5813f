package splitting

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// ForwardFlux estimates the rate of entering a basin from a start. The order parameter is Distance. Of the settings System, Basin and
// Start are needed.
type ForwardFlux struct {
	System *crn.Compiled
	Basin  rare.Basin
	Start  []int32 // [L]; trajectories start here, and again after they have entered the basin
	// Home and Levels of the order parameter: a trajectory is at home from Home on, and its way to the basin leads over the levels, which fall from
	// below Home. Without Levels a pilot run chooses both.
	Home    float64
	Levels  []float64
	Trials  int    // trajectories from every level, and crossings of the first one; 0 means 1000
	Repeats int    // independent repetitions, at least 2; 0 means 8
	Seed    uint64 // of all randomness
	Workers int    // goroutines; results do not depend on it; 0 means 1
}

// Way is what was found out by ForwardFlux.
type Way struct {
	Rate   rare.Estimate
	Home   float64
	Levels []float64
	Rates  []float64   // of each repetition
	Shares [][]float64 // [repetition][level] of the trials that came to the next level, the last one being the basin
}

const (
	pilotTrials = 300
	// pilotShare is the share of trials that a level is placed for.
	pilotShare = 0.25
	// pilotEvents is the number of events per species from which home and the first level are chosen; a tenth of them come before.
	pilotEvents = 20_000
	// firstShare is the share of the time at home that is spent below the first level.
	firstShare = 0.05
	// mostLevels bounds the levels of a pilot run.
	mostLevels = 200
)

// Run does all repetitions.
func (f ForwardFlux) Run(ctx context.Context) (*Way, error) {
	if f.Trials == 0 {
		f.Trials = 1000
	}
	if f.Repeats == 0 {
		f.Repeats = 8
	}
	order, err := Distance(f.Basin, f.System.Caps())
	switch {
	case err != nil:
		return nil, err
	case len(f.Start) != f.System.NumSpecies() || order(f.Start) == 0:
		return nil, fmt.Errorf("splitting: %w: start %v: give one count a species, outside of %s", ErrSettings, f.Start, f.Basin)
	case f.Trials < 2 || f.Repeats < 2:
		return nil, fmt.Errorf("splitting: %w: %d trials, %d repetitions: give at least 2 of each", ErrSettings, f.Trials, f.Repeats)
	}
	events := 0
	if len(f.Levels) == 0 {
		if events, err = f.pilot(ctx, order); err != nil {
			return nil, err
		}
	}
	if err := levelsFall(f.Levels); err != nil {
		return nil, err
	}
	if !(f.Home > f.Levels[0]) || order(f.Start) < f.Home {
		return nil, fmt.Errorf("splitting: %w: home from %v on, with a first level of %v and a start at %v: it must lie between these", ErrSettings, f.Home, f.Levels[0], order(f.Start))
	}
	w := &Way{Home: f.Home, Levels: f.Levels, Rates: make([]float64, f.Repeats), Shares: make([][]float64, f.Repeats)}
	costs := make([]int, f.Repeats)
	err = repeat(f.Repeats, f.Workers, func(i int) (err error) {
		w.Rates[i], w.Shares[i], costs[i], err = f.once(ctx, order, uint64(i)+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.Rate = rare.Averaged(w.Rates, rare.ForwardFlux)
	w.Rate.Cost = events
	for _, c := range costs {
		w.Rate.Cost += c
	}
	return w, nil
}

// pilot chooses home and levels: home is the median of the order parameter, the first level its lower quantile, and each further one is such
// that a quarter of the trajectories from the one before come to it.
func (f *ForwardFlux) pilot(ctx context.Context, order func(x []int32) float64) (events int, err error) {
	w, err := newWalker(f.System, order, f.Seed, 0)
	if err != nil {
		return 0, err
	}
	var seen []float64
	want := pilotEvents * len(f.Start)
	end := func(o float64) bool {
		seen = append(seen, o)
		return o == 0 || len(seen) >= want
	}
	if _, _, err := w.run(f.Start, math.Inf(1), end); err != nil {
		return 0, err
	}
	seen = seen[len(seen)/10:]
	slices.Sort(seen)
	f.Home = min(seen[len(seen)/2], order(f.Start))
	f.Levels = []float64{min(seen[int(firstShare*float64(len(seen)))], f.Home-1)}
	if f.Levels[0] < 1 {
		f.Levels[0], f.Home = 1, max(f.Home, 2)
	}
	states, _, err := f.leave(ctx, w, pilotTrials)
	if err != nil {
		return 0, err
	}
	for len(f.Levels) < mostLevels {
		last := f.Levels[len(f.Levels)-1]
		nearest, paths := make([]float64, pilotTrials), make([][]int32, pilotTrials)
		for k := range nearest {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			x := states[w.rng.IntN(len(states))]
			best := last
			_, _, err := w.run(x, math.Inf(1), func(o float64) bool {
				best = min(best, o)
				return o >= f.Home || o == 0
			})
			if err != nil {
				return 0, err
			}
			nearest[k], paths[k] = best, x
		}
		sorted := slices.Clone(nearest)
		slices.Sort(sorted)
		next := min(sorted[int(pilotShare*pilotTrials)], last-1)
		if next <= 0 {
			return w.events, nil
		}
		f.Levels = append(f.Levels, next)
		var more [][]int32
		for tries := 0; len(more) < pilotTrials/4; tries++ {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			_, _, err := w.run(states[w.rng.IntN(len(states))], math.Inf(1), func(o float64) bool { return o >= f.Home || o <= next })
			if err != nil {
				return 0, err
			}
			if order(w.last) <= next {
				more = append(more, slices.Clone(w.last))
			}
			if tries > 100*pilotTrials {
				return 0, fmt.Errorf("splitting: %w: no way from level %v to %v was found in %d trials: give levels", ErrSettings, last, next, tries)
			}
		}
		states = more
	}
	return 0, fmt.Errorf("splitting: %w: more than %d levels to %s: give levels", ErrSettings, mostLevels, f.Basin)
}

// leave collects states in which trajectories from home come to the first level, and how often they do.
func (f *ForwardFlux) leave(ctx context.Context, w *walker, n int) (states [][]int32, rate float64, err error) {
	first := f.Levels[0]
	x, total := slices.Clone(f.Start), 0.0
	home := true
	for len(states) < n {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		end := func(o float64) bool { return o <= first }
		if !home {
			end = func(o float64) bool { return o >= f.Home || o == 0 }
		}
		passed, _, err := w.run(x, math.Inf(1), end)
		if err != nil {
			return nil, 0, err
		}
		total += passed
		x = append(x[:0], w.last...)
		switch {
		case home:
			states = append(states, slices.Clone(x))
			home = false
			if w.order(x) == 0 { // one step over all levels
				x, home = append(x[:0], f.Start...), true
			}
		case w.order(x) == 0:
			x, home = append(x[:0], f.Start...), true
		default:
			home = true
		}
	}
	// The way back home after the last departure belongs to the time as well.
	if !home {
		passed, _, err := w.run(x, math.Inf(1), func(o float64) bool { return o >= f.Home || o == 0 })
		if err != nil {
			return nil, 0, err
		}
		total += passed
	}
	return states, float64(n) / total, nil
}

// once makes one estimate of the rate.
func (f ForwardFlux) once(ctx context.Context, order func(x []int32) float64, stream uint64) (rate float64, shares []float64, events int, err error) {
	w, err := newWalker(f.System, order, f.Seed, stream)
	if err != nil {
		return 0, nil, 0, err
	}
	states, rate, err := f.leave(ctx, w, f.Trials)
	if err != nil {
		return 0, nil, 0, err
	}
	for i := range f.Levels {
		next := 0.0
		if i+1 < len(f.Levels) {
			next = f.Levels[i+1]
		}
		var reached [][]int32
		for range f.Trials {
			if err := ctx.Err(); err != nil {
				return 0, nil, 0, err
			}
			x := states[w.rng.IntN(len(states))]
			if order(x) > next {
				if _, _, err := w.run(x, math.Inf(1), func(o float64) bool { return o >= f.Home || o <= next }); err != nil {
					return 0, nil, 0, err
				}
				x = slices.Clone(w.last)
			}
			if order(x) <= next {
				reached = append(reached, x)
			}
		}
		share := float64(len(reached)) / float64(f.Trials)
		rate, shares, states = rate*share, append(shares, share), reached
		if share == 0 {
			break
		}
	}
	return rate, shares, w.events, nil
}
