package splitting

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// WeightedEnsemble estimates the probability of a basin at several times. The order parameter is Distance. Of the settings System, Basin, Start and
// Times are needed.
type WeightedEnsemble struct {
	System   *crn.Compiled
	Basin    rare.Basin
	Start    []int32   // [L]
	Times    []float64 // rising, above 0
	Absorb   bool      // what enters the basin stays, so that the probability is that of having entered
	Levels   []float64 // falling: bounds of the bins; nil means every second value from the start on, and the basin
	Walkers  int       // of each bin; 0 means 40
	Interval float64   // between two resamplings; 0 means 1/50 of the first time. It must divide all times, nearly
	Repeats  int       // independent repetitions, at least 2; 0 means 8
	Seed     uint64    // of all randomness
	Workers  int       // goroutines; results do not depend on it; 0 means 1
}

// weighed is a walker that stands somewhere.
type weighed struct {
	x      []int32
	weight float64
	order  float64
}

// Run does all repetitions, and returns one estimate for each time.
func (e WeightedEnsemble) Run(ctx context.Context) ([]rare.Estimate, error) {
	order, err := Distance(e.Basin, e.System.Caps())
	if err != nil {
		return nil, err
	}
	if err := e.fill(order); err != nil {
		return nil, err
	}
	values, costs := make([][]float64, e.Repeats), make([]int, e.Repeats)
	err = repeat(e.Repeats, e.Workers, func(i int) (err error) {
		values[i], costs[i], err = e.once(ctx, order, uint64(i)+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	list := make([]rare.Estimate, len(e.Times))
	for k := range list {
		at := make([]float64, e.Repeats)
		for i, v := range values {
			at[i] = v[k]
		}
		list[k] = rare.Averaged(at, rare.Ensemble)
		for _, c := range costs {
			list[k].Cost += c
		}
	}
	return list, nil
}

// fill puts defaults in place of zeros.
func (e *WeightedEnsemble) fill(order func(x []int32) float64) error {
	if e.Walkers == 0 {
		e.Walkers = 40
	}
	if e.Repeats == 0 {
		e.Repeats = 8
	}
	if len(e.Start) != e.System.NumSpecies() || order(e.Start) == 0 {
		return fmt.Errorf("splitting: %w: start %v: give one count a species, outside of %s", ErrSettings, e.Start, e.Basin)
	}
	if len(e.Times) == 0 || !(e.Times[0] > 0) || !slices.IsSorted(e.Times) {
		return fmt.Errorf("splitting: %w: times %v: give at least one, above 0 and rising", ErrSettings, e.Times)
	}
	if e.Interval == 0 {
		e.Interval = e.Times[0] / 50
	}
	if e.Walkers < 2 || e.Repeats < 2 || !(e.Interval > 0) {
		return fmt.Errorf("splitting: %w: %d walkers, %d repetitions, interval %v: give at least 2 of each, and an interval above 0", ErrSettings, e.Walkers, e.Repeats, e.Interval)
	}
	if len(e.Levels) == 0 {
		for v := math.Floor(order(e.Start)); v > 1; v -= 2 {
			e.Levels = append(e.Levels, v)
		}
		e.Levels = append(e.Levels, 1)
	}
	return levelsFall(e.Levels)
}

// once returns the probability of the basin at each time.
func (e WeightedEnsemble) once(ctx context.Context, order func(x []int32) float64, stream uint64) (values []float64, events int, err error) {
	w, err := newWalker(e.System, order, e.Seed, stream)
	if err != nil {
		return nil, 0, err
	}
	walkers := []weighed{{x: slices.Clone(e.Start), weight: 1, order: order(e.Start)}}
	absorbed, now := 0.0, 0.0
	end := func(float64) bool { return false }
	if e.Absorb {
		end = func(o float64) bool { return o == 0 }
	}
	for _, t := range e.Times {
		steps := max(1, int(math.Round((t-now)/e.Interval)))
		dt := (t - now) / float64(steps)
		for range steps {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			walkers = e.resample(walkers, w)
			kept := walkers[:0]
			for _, v := range walkers {
				_, ended, err := w.run(v.x, dt, end)
				if err != nil {
					return nil, 0, err
				}
				if ended {
					absorbed += v.weight
					continue
				}
				v.x = slices.Clone(w.last)
				v.order = order(v.x)
				kept = append(kept, v)
			}
			walkers = kept
		}
		now = t
		p := absorbed
		for _, v := range walkers {
			if v.order == 0 {
				p += v.weight
			}
		}
		values = append(values, p)
	}
	return values, w.events, nil
}

// resample makes the wanted number of walkers of equal weight in every bin that has any, by systematic resampling along the order
// parameter.
func (e WeightedEnsemble) resample(walkers []weighed, w *walker) []weighed {
	bins := make([][]weighed, len(e.Levels)+1)
	for _, v := range walkers {
		// The bin of the first level that is not below the walker.
		k, _ := slices.BinarySearchFunc(e.Levels, v.order, func(level, order float64) int { return cmp.Compare(order, level) })
		bins[k] = append(bins[k], v)
	}
	var out []weighed
	for _, bin := range bins {
		total := 0.0
		for _, v := range bin {
			total += v.weight
		}
		if total == 0 {
			continue
		}
		slices.SortStableFunc(bin, func(a, b weighed) int { return cmp.Compare(a.order, b.order) })
		step := total / float64(e.Walkers)
		next, at := w.rng.Float64()*step, 0.0
		for i, v := range bin {
			at += v.weight
			last := i == len(bin)-1
			for next < at || last && next < total*(1-1e-12) {
				out = append(out, weighed{x: v.x, weight: step, order: v.order})
				next += step
			}
		}
	}
	return out
}
