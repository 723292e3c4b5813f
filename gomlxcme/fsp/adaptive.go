package fsp

import (
	"context"
	"errors"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// adaptive is the law on a set of states that follows the probability.
type adaptive struct {
	reg     *registry
	ids     []int32   // states of the projection, as numbers of reg
	p       []float64 // [len(ids)]
	g       *generator
	limit   int
	workers int

	lost     float64 // left the set
	pruned   float64 // given up with states that were dropped
	leak     float64
	series   float64 // bound of the cut and of the rounding of the time steps
	products int
	steps    int
	most     int // largest number of states held
}

func newAdaptive(c *crn.Compiled, absorbs func(x []int32) bool, limit, workers int) (*adaptive, error) {
	s, p := newSpace(c, limit)
	if s.full {
		return nil, errFull
	}
	a := &adaptive{reg: newRegistry(c, absorbs), limit: limit, workers: workers, lost: startLost(p)}
	for i, v := range p {
		a.enter(a.reg.add(s.set.State(i)))
		a.p[i] = v
	}
	return a, nil
}

// errFull says that there is no room for a state.
var errFull = errors.New("no room for more states")

// spent is what has been used up of the tolerance.
func (a *adaptive) spent() float64 { return a.lost + a.pruned + a.series }

// enter takes a state into the projection, with probability 0.
func (a *adaptive) enter(id int32) {
	a.reg.row[id] = int32(len(a.ids))
	a.ids = append(a.ids, id)
	a.p = append(a.p, 0)
	a.g = nil
	a.most = max(a.most, len(a.ids))
}

// grow takes in states until the flow out of the set in a time dt is expected to stay below budget. A state outside is ranked by
// the flow into it, which is guessed from p, and passes on what does not stay: of a flow F the share
// a_k / (Σ a + 1/dt) goes to the next state. So several layers are added at once where probability rushes through.
func (a *adaptive) grow(p []float64, dt, budget float64) error {
	r := a.reg
	rest := 0.0
	var touched []int32
	spread := func(id int32, flow float64) {
		target, rate := r.edges(id)
		for e, to := range target {
			if r.row[to] < 0 {
				if r.flow[to] == 0 {
					touched = append(touched, to)
				}
				r.flow[to] += flow * rate[e]
				rest += flow * rate[e]
			}
		}
	}
	for i := range p { // not ids, which grows
		if p[i] > 0 {
			spread(a.ids[i], p[i]*dt)
		}
	}
	defer func() {
		for _, id := range touched {
			r.flow[id] = 0
		}
	}()
	for cut := budget / 8; rest > budget; cut /= 4 {
		rest = 0 // added up anew, because differences lose digits
		for _, id := range touched {
			if r.row[id] < 0 {
				rest += r.flow[id]
			}
		}
		if rest <= budget {
			return nil
		}
		// States are taken round by round, largest flows first up to a factor, which needs no heap and is the same every time.
		for i := 0; i < len(touched); i++ {
			id := touched[i]
			flow := r.flow[id]
			if flow <= cut || r.row[id] >= 0 {
				continue
			}
			if len(a.ids) >= a.limit {
				return errFull
			}
			a.enter(id)
			rest -= flow
			r.flow[id] = 0
			if rest <= budget {
				break
			}
			r.edges(id) // fills in out
			spread(id, flow/(r.out[id]+1/dt))
		}
	}
	return nil
}

// advance tries the step dt. It returns errShorten if the step is too long for the series.
func (a *adaptive) advance(ctx context.Context, dt, tol float64) (*series, float64, error) {
	if a.g == nil {
		a.g = a.reg.generator(a.ids)
	}
	if a.reg.err != nil {
		return nil, 0, a.reg.err
	}
	if a.g.rate == 0 {
		return &series{p: slices.Clone(a.p), integral: []float64{dt * a.g.leak.of(a.p)}}, 0, nil
	}
	t := newTeam(a.g, a.workers)
	defer t.close()
	s, err := chebyshev(ctx, t, a.p, a.g.rate*dt, tol, []*functional{&a.g.leak})
	if s != nil {
		a.products += s.products
	}
	if err != nil {
		return nil, 0, err
	}
	before, after := mass(a.p), mass(s.p)
	s.bound += clamp(s.p)
	return s, max(0, before-after), nil
}

func (a *adaptive) commit(s *series, lost float64) {
	a.p = s.p
	a.lost += lost
	a.leak += s.integral[0]
	a.series += s.bound
	a.steps++
}

// prune drops the states through which least probability goes in a time dt, so far as the budget allows and if that makes a
// difference.
func (a *adaptive) prune(dt, budget float64) {
	type candidate struct {
		through float64
		row     int32
	}
	var list []candidate
	for i, id := range a.ids {
		if through := a.p[i] * (1 + dt*a.reg.out[id]); through <= budget {
			list = append(list, candidate{through, int32(i)})
		}
	}
	slices.SortFunc(list, func(x, y candidate) int {
		switch {
		case x.through < y.through:
			return -1
		case x.through > y.through:
			return 1
		}
		return int(x.row - y.row)
	})
	n := 0
	for total := 0.0; n < len(list) && total+list[n].through <= budget; n++ {
		total += list[n].through
	}
	if n < len(a.ids)/8 {
		return
	}
	drop := make([]bool, len(a.ids))
	for _, c := range list[:n] {
		drop[c.row] = true
		a.pruned += a.p[c.row]
	}
	kept := 0
	for i, id := range a.ids {
		if drop[i] {
			a.reg.row[id] = -1
			continue
		}
		a.reg.row[id] = int32(kept)
		a.ids[kept], a.p[kept] = id, a.p[i]
		kept++
	}
	a.ids, a.p, a.g = a.ids[:kept], a.p[:kept], nil
	a.compact()
}

// compact forgets the states outside when they have become many more than those inside.
func (a *adaptive) compact() {
	if a.reg.set.Len() < (1+outsiders)*len(a.ids)+100_000 {
		return
	}
	old := a.reg
	a.reg = newRegistry(old.c, old.absorbs)
	for i, id := range a.ids {
		n := a.reg.add(old.set.State(int(id)))
		a.reg.row[n] = int32(i)
		a.ids[i] = n
	}
	a.g = nil
}

// table copies the law.
func (a *adaptive) table() (*dist.Table, error) {
	l := a.reg.c.NumSpecies()
	states := make([]int32, 0, len(a.ids)*l)
	for _, id := range a.ids {
		states = append(states, a.reg.set.State(int(id))...)
	}
	return dist.NewTable(a.reg.c.SpeciesNames(), states, slices.Clone(a.p), 0)
}

func mass(p []float64) float64 {
	total := 0.0
	for _, v := range p {
		total += v
	}
	return total
}
