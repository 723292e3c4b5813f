package van

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// conditionals returns, for the beginning of each state of the box in drawing
// order, the probabilities of the next count, summed up from the enumerated box.
func conditionals(m *Model, all []int32, logp []float64) map[string][]float64 {
	l := len(m.sites)
	table := map[string][]float64{}
	for k, lp := range logp {
		x := all[k*l : (k+1)*l]
		for i, s := range m.sites {
			key := prefix(m, x, i)
			if table[key] == nil {
				table[key] = make([]float64, s.cap+1)
			}
			table[key][x[s.species]] += math.Exp(lp)
		}
	}
	return table
}

// prefix names the counts of x before site i.
func prefix(m *Model, x []int32, i int) string {
	key := ""
	for _, s := range m.sites[:i] {
		key += fmt.Sprint(x[s.species], " ")
	}
	return key
}

// Every count that is drawn is the inverse of the distribution function of its
// conditional, as the enumerated probabilities have it. Numbers within 1e-9 of a
// boundary are left out: sums in another order may fall on either side.
func TestDrawsInvertTheConditionals(t *testing.T) {
	for name, m := range testModels(t) {
		l := len(m.sites)
		theta := m.Init(rand.New(rand.NewPCG(51, 52)))
		all, err := m.Box.Enumerate(20000)
		if err != nil {
			t.Fatal(err)
		}
		logp := make([]float64, len(all)/l)
		if err := m.LogProb(logp, theta, all); err != nil {
			t.Fatal(err)
		}
		table := conditionals(m, all, logp)
		rng := rand.New(rand.NewPCG(53, 54))
		const n = 400
		u, x := make([]float64, n*l), make([]int32, n*l)
		for i := range u {
			u[i] = rng.Float64()
		}
		if err := m.Sample(x, theta, u, nil); err != nil {
			t.Fatal(err)
		}
		checked := 0
		for k := range n {
			state := x[k*l : (k+1)*l]
			for i, s := range m.sites {
				p := table[prefix(m, state, i)]
				total := 0.0
				for _, v := range p {
					total += v
				}
				below, got := 0.0, int(state[s.species])
				for _, v := range p[:got] {
					below += v / total
				}
				v := u[k*l+s.species]
				if math.Abs(v-below) < 1e-9 || math.Abs(v-below-p[got]/total) < 1e-9 {
					continue
				}
				checked++
				if v < below || v > below+p[got]/total {
					t.Fatalf("%s: species %d at u = %v: drew %d, whose interval is [%v, %v)", name, s.species, v, got, below, below+p[got]/total)
				}
			}
		}
		if checked < n*l*9/10 {
			t.Errorf("%s: only %d of %d draws were checked", name, checked, n*l)
		}
	}
}

// Parameters far outside what a fit finds, at the corners of the box, still give
// finite log P and scores.
func TestExtremesStayFinite(t *testing.T) {
	for name, m := range testModels(t) {
		l, p := m.Box.Species(), m.Size()
		all, _ := m.Box.Enumerate(20000)
		x := append([]int32(nil), all[:l]...)
		x = append(x, all[len(all)-l:]...)
		for i := range m.Box.Caps {
			x = append(x, make([]int32, l)...)
			x[len(x)-l+i] = int32(m.Box.Caps[i])
		}
		for _, size := range []float64{0, 1, 30} {
			theta := roughParams(m, 55)
			for i := range theta {
				theta[i] *= size
			}
			logp := make([]float64, len(x)/l)
			err := m.Scores(logp, theta, x, func(lo, hi int, rows []float64) {
				for i, v := range rows[:(hi-lo)*p] {
					if math.IsNaN(v) || math.IsInf(v, 0) {
						t.Errorf("%s: parameters times %v: score %d of state %d is %v", name, size, i%p, lo+i/p, v)
						return
					}
				}
			})
			if err != nil {
				t.Fatal(name, err)
			}
			for k, v := range logp {
				if math.IsNaN(v) || math.IsInf(v, 0) || v > 1e-9 {
					t.Errorf("%s: parameters times %v: log P of state %v is %v", name, size, x[k*l:(k+1)*l], v)
				}
			}
		}
	}
}
