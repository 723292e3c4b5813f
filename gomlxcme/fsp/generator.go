package fsp

// generator is Q in compressed rows by target: what flows into state i from states column[j]. Rows are filled up to a multiple of
// four elements by zeros from state 0, so that the loop over a row is mostly of the length that the processor expects: a fifth faster.
type generator struct {
	rate   float64   // Λ, the largest outflow of a state
	stay   []float64 // diagonal of 1 + Q/Λ
	row    []int64   // [n+1] bounds in column and value
	column []int32
	value  []float64 // a_k / Λ

	negative bool // a propensity came out below 0, see moments

	leak   functional   // flow that the caps of the model hold back
	lost   functional   // flow out of the projection
	beyond []functional // the part of lost that crosses the growing cap of each species
}

// filled is the length of a row of n elements.
func filled(n int64) int64 { return (n + 3) &^ 3 }

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

// newGenerator works with the propensities that at gives.
func newGenerator(s *space, at moments) *generator {
	n, kinds := s.set.Len(), s.c.NumReactions()
	g := &generator{stay: make([]float64, n), row: make([]int64, n+1), beyond: make([]functional, s.c.NumSpecies())}
	for _, target := range s.targets {
		if target >= 0 {
			g.row[target+1]++
		}
	}
	for i := range n {
		g.row[i+1] = g.row[i] + filled(g.row[i+1])
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
			a := at.propensity(s.c, k, x)
			g.negative = g.negative || a < 0
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
		if s.absorbs == nil || !s.absorbs(x) {
			g.leak.add(i, at.blocked(s.c, x))
		}
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

// size is the number of states.
func (g *generator) size() int { return len(g.stay) }

// lambda is Λ.
func (g *generator) lambda() float64 { return g.rate }

func (g *generator) diagonal(i int) float64 { return g.stay[i] }

// multiply does a job for states lo … hi−1.
func (g *generator) multiply(j job, lo, hi int) {
	p := j.p
	for i := lo; i < hi; i++ {
		v := g.stay[i] * j.p[i]
		first, last := g.row[i], g.row[i+1]
		column, value := g.column[first:last], g.value[first:last]
		for len(column) >= 4 && len(value) >= 4 {
			v += (value[0]*p[column[0]] + value[1]*p[column[1]]) + (value[2]*p[column[2]] + value[3]*p[column[3]])
			column, value = column[4:], value[4:]
		}
		j.finish(i, v)
	}
}

// split shares the rows out so that every worker has about as many elements.
func (g *generator) split(workers int) []int {
	n := len(g.stay)
	elements := int64(n) + g.row[n]
	workers = max(1, min(workers, int(elements/worthSharing)))
	bounds := []int{0}
	for w, i := 1, 0; w < workers; w++ {
		for i < n && (int64(i)+g.row[i])*int64(workers) < elements*int64(w) {
			i++
		}
		bounds = append(bounds, i)
	}
	return append(bounds, n)
}
