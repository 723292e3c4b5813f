package van

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// middle is a region in the middle of a box, with one bound on each side.
func middle(b Box) Region {
	r := Region{}
	for i, cap := range b.Caps {
		low, high := int32(0), int32(cap)
		if i%2 == 0 {
			high = int32(cap / 2)
		} else {
			low = int32(cap / 3)
		}
		r.Low, r.High = append(r.Low, low), append(r.High, high)
	}
	return r
}

// Draws from a region: every one lies in it, its mass is what the enumerated
// conditionals say, the law P/M sums to 1, and states are drawn as often as it says.
// The bound of six standard deviations is passed by chance by one state in 10⁹.
func TestDrawsFromARegion(t *testing.T) {
	for name, m := range testModels(t) {
		l := len(m.sites)
		theta := roughParams(m, 61)
		for i := range theta {
			theta[i] *= 0.3
		}
		all, err := m.Box.Enumerate(20000)
		if err != nil {
			t.Fatal(err)
		}
		n := len(all) / l
		logp, mass := make([]float64, n), make([]float64, n)
		r := middle(m.Box)
		if err := errors.Join(m.LogProb(logp, theta, all), m.LogMassWithin(mass, theta, all, r)); err != nil {
			t.Fatal(name, err)
		}
		table := conditionals(m, all, logp)
		q, total, inside := map[string]float64{}, 0.0, 0.0
		for k := range n {
			x := all[k*l : (k+1)*l]
			want := 0.0
			for i, s := range m.sites {
				p, sum, part := table[prefix(m, x, i)], 0.0, 0.0
				for c, v := range p {
					sum += v
					if int32(c) >= r.Low[s.species] && int32(c) <= r.High[s.species] {
						part += v
					}
				}
				want += math.Log(part / sum)
			}
			// Parts that the laws leave nothing of are forbidden, which is not quite 0.
			if math.Abs(mass[k]-want) > 1e-9*(1+math.Abs(want)) && !(math.IsInf(want, -1) && mass[k] < forbidden/2) {
				t.Fatalf("%s: log M(%v) = %v, want %v", name, x, mass[k], want)
			}
			if r.Contains(x) {
				q[fmt.Sprint(x)] = math.Exp(logp[k] - mass[k])
				total += math.Exp(logp[k] - mass[k])
				inside += math.Exp(logp[k])
			}
		}
		if len(m.Box.Laws) == 0 && math.Abs(total-1) > 1e-9 {
			t.Errorf("%s: the law of the draws sums to %v", name, total)
		}
		const draws = 4000
		u, x := make([]float64, draws*l), make([]int32, draws*l)
		rng := rand.New(rand.NewPCG(63, 64))
		for i := range u {
			u[i] = rng.Float64()
		}
		logMass, again := make([]float64, draws), make([]float64, draws)
		if err := errors.Join(m.SampleWithin(x, logMass, theta, u, r), m.LogMassWithin(again, theta, x, r)); err != nil {
			t.Fatal(name, err)
		}
		count, mean, square := map[string]float64{}, 0.0, 0.0
		for k := range draws {
			state := x[k*l : (k+1)*l]
			if !r.Contains(state) || math.Abs(logMass[k]-again[k]) > 1e-9*(1+math.Abs(again[k])) {
				t.Fatalf("%s: drew %v with log M %v, which is %v", name, state, logMass[k], again[k])
			}
			count[fmt.Sprint(state)] += 1. / draws
			v := math.Exp(logMass[k])
			mean += v / draws
			square += v * v / draws
		}
		for s, p := range q {
			if math.Abs(count[s]-p) > 6*math.Sqrt(p/draws)+2./draws {
				t.Errorf("%s: share of %s is %v, want %v", name, s, count[s], p)
			}
		}
		// With a law nearly all draws may end where it leaves nothing, so that 4000 see too little.
		if se := math.Sqrt(math.Max(0, square-mean*mean) / draws); len(m.Box.Laws) == 0 && math.Abs(mean-inside) > 6*se+1e-9 {
			t.Errorf("%s: the region has probability %v ± %v, exactly %v", name, mean, se, inside)
		}
	}
}

// A box with a hole: nothing is drawn from it, it has no probability to speak of,
// and the rest of the box has all, for every kind of network and head.
func TestHoles(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	for _, arch := range []Architecture{NADE{Hidden: 4}, SharedNADE{Hidden: 4, Heads: Softmax{}}, GRU{Hidden: 3}, Transformer{DModel: 4, AttentionHeads: 2, Layers: 1},
		NADE{Hidden: 3, Heads: Logistic{}}, Ordered{Network: NADE{Hidden: 4}, Order: []int{2, 0, 1}}} {
		for _, hole := range []Region{
			{Low: []int32{0, 0, 0}, High: []int32{4, 2, 3}},
			{Low: []int32{2, 1, 0}, High: []int32{4, 1, 99}}, // bounds two species
			{Low: []int32{0, 0, 6}, High: []int32{14, 5, 99}},
		} {
			box := Box{Caps: []int{14, 5, 13}, Hole: &hole}
			m, err := New(b, box, arch, 2)
			if err != nil {
				t.Fatal(arch, err)
			}
			theta := roughParams(m, 65)
			full, err := Box{Caps: box.Caps}.Enumerate(20000)
			if err != nil {
				t.Fatal(err)
			}
			logp := make([]float64, len(full)/3)
			if err := m.LogProb(logp, theta, full); err != nil {
				t.Fatal(err)
			}
			sum, left := 0.0, 0
			for k, v := range logp {
				x := full[3*k : 3*k+3]
				if hole.Contains(x) {
					if v > forbidden/2 {
						t.Fatalf("%v without %v: log P(%v) = %v", arch, hole, x, v)
					}
					continue
				}
				left++
				sum += math.Exp(v)
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Errorf("%v without %v: probability %v", arch, hole, sum)
			}
			if list, err := box.Enumerate(20000); err != nil || len(list) != 3*left {
				t.Errorf("%d states, want %d; %v", len(list)/3, left, err)
			}
			rng := rand.New(rand.NewPCG(66, 67))
			u, x := make([]float64, 3*1000), make([]int32, 3*1000)
			for i := range u {
				u[i] = rng.Float64()
			}
			for _, draw := range []func() error{
				func() error { return m.Sample(x, theta, u, nil) },
				func() error { return m.SampleBent(x, theta, u, Power(0.1)) },
				func() error { return m.SampleBent(x, theta, u, Blur(3)) },
			} {
				if err := draw(); err != nil {
					t.Fatal(arch, err)
				}
				for k := 0; k < len(x); k += 3 {
					if !box.Contains(x[k : k+3]) {
						t.Fatalf("%v without %v: drew %v", arch, hole, x[k:k+3])
					}
				}
			}
		}
	}
}

func TestBadRegions(t *testing.T) {
	box := Box{Caps: []int{5, 5}}
	for _, r := range []Region{{}, {Low: []int32{3, 0}, High: []int32{2, 5}}, {Low: []int32{6, 0}, High: []int32{9, 5}}, {Low: []int32{-3, 0}, High: []int32{-1, 5}}} {
		if err := r.check(box.Caps); !errors.Is(err, ErrBox) {
			t.Errorf("%v: %v", r, err)
		}
	}
	all := Region{Low: []int32{0, 0}, High: []int32{5, 9}}
	if err := (Box{Caps: box.Caps, Hole: &all}).check(); !errors.Is(err, ErrBox) {
		t.Errorf("a hole that is the whole box: %v", err)
	}
	low := Region{Low: []int32{0, 0}, High: []int32{2, 2}}
	if err := (Box{Caps: box.Caps, Hole: &low, Laws: []Law{{Weights: []int{1, 1}, Total: 5}}}).check(); !errors.Is(err, ErrBox) {
		t.Errorf("a hole that a law concerns: %v", err)
	}
}
