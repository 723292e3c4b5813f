package splitting

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// ErrSettings is returned for settings that make no sense; nothing was simulated.
var ErrSettings = errors.New("bad settings")

// Distance is an order parameter: by how many molecules a state misses the bounds of the basin, summed over the species; 0 inside.
func Distance(b rare.Basin, caps []int) (func(x []int32) float64, error) {
	r, err := b.Within(caps)
	if err != nil {
		return nil, err
	}
	return func(x []int32) float64 {
		d := int32(0)
		for i, n := range x {
			d += max(r.Low[i]-n, 0) + max(n-r.High[i], 0)
		}
		return float64(d)
	}, nil
}

// walker draws pieces of trajectories.
type walker struct {
	sim    ssa.Simulator
	rng    *rand.Rand
	order  func(x []int32) float64
	last   []int32 // state at which the piece ended
	events int
}

func newWalker(c *crn.Compiled, order func(x []int32) float64, seed, stream uint64) (*walker, error) {
	sim, err := ssa.Direct{}.New(c)
	if err != nil {
		return nil, err
	}
	return &walker{sim: sim, rng: rand.New(rand.NewPCG(seed, stream)), order: order}, nil
}

// look is the number of events between two looks at whether a piece has ended.
const look = 16

// run moves from x until the order parameter satisfies end, or until the time limit; it returns the time that passed and whether
// it ended so. Events after that were drawn in vain, and are forgotten.
func (w *walker) run(x []int32, limit float64, end func(order float64) bool) (passed float64, ended bool, err error) {
	if err := w.sim.Start(x, w.rng); err != nil {
		return 0, false, err
	}
	w.last = append(w.last[:0], x...)
	seen := func(t float64, x []int32) {
		if !ended && end(w.order(x)) {
			passed, ended = t, true
			w.last = append(w.last[:0], x...)
		}
	}
	for {
		done, reached, err := w.sim.Advance(limit, look, seen)
		w.events += int(done)
		switch {
		case err != nil:
			return 0, false, err
		case ended:
			return passed, true, nil
		case reached:
			w.last = append(w.last[:0], w.sim.State()...)
			return limit, false, nil
		}
	}
}

// repeat does a job n times with a number of workers, and returns the first error.
func repeat(n, workers int, job func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var group sync.WaitGroup
	for range max(1, min(workers, n)) {
		group.Go(func() {
			for i := range next {
				errs[i] = job(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
	return errors.Join(errs...)
}

// levelsFall refuses levels that do not fall, or reach 0, where the basin is.
func levelsFall(levels []float64) error {
	if len(levels) == 0 || !slices.IsSortedFunc(levels, func(a, b float64) int {
		if a > b {
			return -1
		}
		return 1
	}) || levels[len(levels)-1] <= 0 {
		return fmt.Errorf("splitting: %w: levels %v: give at least one, falling and above 0", ErrSettings, levels)
	}
	return nil
}
