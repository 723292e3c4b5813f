package fsp

import (
	"sync"
)

// generator is Q in compressed rows by target: what flows into state i from states column[j].
type generator struct {
	rate   float64   // Λ, the largest outflow of a state
	stay   []float64 // diagonal of 1 + Q/Λ
	row    []int64   // [n+1] bounds in column and value
	column []int32
	value  []float64 // a_k / Λ

	leak   functional   // flow that the caps of the model hold back
	lost   functional   // flow out of the projection
	beyond []functional // the part of lost that crosses the growing cap of each species
}

// functional is a linear function of p that is zero in most states.
type functional struct {
	index []int32
	value []float64
}

func (f *functional) add(i int, v float64) {
	if v != 0 {
		f.index = append(f.index, int32(i))
		f.value = append(f.value, v)
	}
}

func (f *functional) of(p []float64) float64 {
	sum := 0.0
	for j, i := range f.index {
		sum += f.value[j] * p[i]
	}
	return sum
}

func newGenerator(s *space) *generator {
	n, kinds := s.set.Len(), s.c.NumReactions()
	g := &generator{stay: make([]float64, n), row: make([]int64, n+1), beyond: make([]functional, s.c.NumSpecies())}
	for _, target := range s.targets {
		if target >= 0 {
			g.row[target+1]++
		}
	}
	for i := range n {
		g.row[i+1] += g.row[i]
	}
	g.column, g.value = make([]int32, g.row[n]), make([]float64, g.row[n])
	next := append([]int64(nil), g.row[:n]...)
	over := make([]float64, s.c.NumSpecies())
	for i := range n {
		x := s.set.State(i)
		out, lost := 0.0, 0.0
		clear(over)
		for k, target := range s.targets[i*kinds : (i+1)*kinds] {
			if target == nowhere {
				continue
			}
			a := s.c.Propensity(k, x, 0)
			out += a
			if target >= 0 {
				g.column[next[target]], g.value[next[target]] = int32(i), a
				next[target]++
				continue
			}
			lost += a
			for j, d := range s.c.Change(k) {
				if target == beyond && x[j]+d > s.soft[j] {
					over[j] += a
				}
			}
		}
		g.stay[i] = out
		g.rate = max(g.rate, out)
		g.lost.add(i, lost)
		g.leak.add(i, s.c.Blocked(x, 0))
		for j, v := range over {
			g.beyond[j].add(i, v)
		}
	}
	g.uniformise()
	return g
}

// uniformise turns outflows and propensities into the elements of 1 + Q/Λ.
func (g *generator) uniformise() {
	if g.rate == 0 {
		return
	}
	for i, out := range g.stay {
		g.stay[i] = 1 - out/g.rate
	}
	for j := range g.value {
		g.value[j] /= g.rate
	}
}

// multiply writes (1 + Q/Λ) p into dst for states lo … hi−1 and adds weight times it to sum.
func (g *generator) multiply(dst, p, sum []float64, weight float64, lo, hi int) {
	for i := lo; i < hi; i++ {
		v := g.stay[i] * p[i]
		first, last := g.row[i], g.row[i+1]
		column, value := g.column[first:last], g.value[first:last]
		value = value[:len(column)]
		for j, c := range column {
			v += value[j] * p[c]
		}
		dst[i] = v
		sum[i] += weight * v
	}
}

// team multiplies with several goroutines, each with its own rows; the result does not depend on their number.
type team struct {
	g      *generator
	bounds []int // worker w has rows bounds[w] … bounds[w+1]−1
	jobs   []chan job
	wait   sync.WaitGroup
}

type job struct {
	dst, p, sum []float64
	weight      float64
}

// smallest number of matrix elements for which a second goroutine pays.
const worthSharing = 1 << 14

func newTeam(g *generator, workers int) *team {
	n := len(g.stay)
	elements := int64(n) + g.row[n]
	workers = max(1, min(workers, int(elements/worthSharing)))
	t := &team{g: g, bounds: []int{0}}
	for w, i := 1, 0; w < workers; w++ {
		for i < n && (int64(i)+g.row[i])*int64(workers) < elements*int64(w) {
			i++
		}
		t.bounds = append(t.bounds, i)
	}
	t.bounds = append(t.bounds, n)
	for w := 1; w < workers; w++ {
		jobs := make(chan job, 1)
		t.jobs = append(t.jobs, jobs)
		go func() {
			for j := range jobs {
				g.multiply(j.dst, j.p, j.sum, j.weight, t.bounds[w], t.bounds[w+1])
				t.wait.Done()
			}
		}()
	}
	return t
}

func (t *team) multiply(dst, p, sum []float64, weight float64) {
	t.wait.Add(len(t.jobs))
	for _, jobs := range t.jobs {
		jobs <- job{dst, p, sum, weight}
	}
	t.g.multiply(dst, p, sum, weight, t.bounds[0], t.bounds[1])
	t.wait.Wait()
}

// close ends the goroutines.
func (t *team) close() {
	for _, jobs := range t.jobs {
		close(jobs)
	}
}
