package ssa_test

import (
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// benchmarks are the systems on which methods are timed, each up to one time from its usual start.
var benchmarks = []struct {
	name  string
	until float64
	runs  int
}{{"birth-death", 1000, 1000}, {"toggle-switch", 4, 200}, {"mapk", 10_000, 100}, {"cascade1:species=200", 4, 200}}

// BenchmarkMethods times one worker; the metric is events per second, which tau-leaping counts as firings.
func BenchmarkMethods(b *testing.B) {
	for _, m := range methods {
		for _, test := range benchmarks {
			b.Run(m.String()+"/"+test.name, func(b *testing.B) {
				c := compile(b, system(b, test.name))
				events, seed := uint64(0), uint64(0)
				for b.Loop() {
					seed++
					events += ensemble(b, c, ssa.Settings{Times: []float64{test.until}, Runs: test.runs, Workers: 1, Seed: seed, Method: m}).Events
				}
				b.ReportMetric(float64(events)/b.Elapsed().Seconds()/1e6, "Mevents/s")
			})
		}
	}
}

// BenchmarkTauLeap times tau-leaping against the direct method where it pays: a thousand times the counts of birth-death.
func BenchmarkTauLeap(b *testing.B) {
	n := crn.New("many")
	n.AddSpecies("X", crn.Delta(1000), crn.Unbounded)
	n.ReactWith("0 -> X", crn.Number(1e4))
	n.ReactWith("X -> 0", crn.Number(1))
	c := compile(b, n)
	for _, m := range []ssa.Method{ssa.Direct{}, ssa.TauLeap{}} {
		b.Run(m.String(), func(b *testing.B) {
			for b.Loop() {
				ensemble(b, c, ssa.Settings{Times: []float64{4}, Runs: 20, Workers: 1, Method: m})
			}
		})
	}
}

// BenchmarkHandWritten is the yardstick: the direct method for one system each, with its reactions written out, the same source of
// randomness and nothing else. It counts states as Run does.
func BenchmarkHandWritten(b *testing.B) {
	for i, run := range []func(rng *rand.Rand, until float64) (events uint64, x int){birthDeathByHand, toggleSwitchByHand, mapkByHand} {
		test := benchmarks[i]
		b.Run(test.name, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			events, counts := uint64(0), make([]uint64, 1000)
			for b.Loop() {
				for range test.runs {
					n, x := run(rng, test.until)
					events += n
					counts[x]++
				}
			}
			b.ReportMetric(float64(events)/b.Elapsed().Seconds()/1e6, "Mevents/s")
		})
	}
}

func birthDeathByHand(rng *rand.Rand, until float64) (events uint64, state int) {
	x := (crn.Poisson{Mean: 1}).Sample(rng, 39)
	for t := 0.0; ; events++ {
		birth, death := 0.1, 0.01*float64(x)
		if x == 39 {
			birth = 0
		}
		total := birth + death
		if t += rng.ExpFloat64() / total; t > until {
			return events, x
		}
		if rng.Float64()*total < birth {
			x++
		} else {
			x--
		}
	}
}

func toggleSwitchByHand(rng *rand.Rand, until float64) (events uint64, state int) {
	gx, gy, px, py := 1, 1, 0, 0
	var a [8]float64
	for t := 0.0; ; events++ {
		fx, fy := float64(px), float64(py)
		a = [8]float64{2: fx, 3: fy}
		if px < 79 {
			a[0] = 50 * float64(gx)
		}
		if py < 79 {
			a[1] = 50 * float64(gy)
		}
		if gy == 1 {
			a[4] = 1e-4 * fx * (fx - 1)
		} else if px <= 77 {
			a[6] = 0.1
		}
		if gx == 1 {
			a[5] = 1e-4 * fy * (fy - 1)
		} else if py <= 77 {
			a[7] = 0.1
		}
		total := a[0] + a[1] + a[2] + a[3] + a[4] + a[5] + a[6] + a[7]
		if t += rng.ExpFloat64() / total; t > until {
			return events, px
		}
		k, u := 0, rng.Float64()*total
		for ; k < 7 && u >= a[k]; k++ {
			u -= a[k]
		}
		switch k {
		case 0:
			px++
		case 1:
			py++
		case 2:
			px--
		case 3:
			py--
		case 4:
			gy, px = 0, px-2
		case 5:
			gx, py = 0, py-2
		case 6:
			gy, px = 1, px+2
		case 7:
			gx, py = 1, py+2
		}
	}
}

// mapkSteps are reactants and products of the 35 reactions, −1 for none.
var mapkSteps = [35][4]int8{
	{-1, -1, 0, -1}, {0, -1, -1, -1}, {5, -1, 0, 5}, {-1, -1, 2, -1}, {2, -1, -1, -1}, {3, -1, -1, -1}, {4, -1, -1, -1}, {5, -1, -1, -1},
	{0, 2, 6, -1}, {6, -1, 0, 2}, {6, -1, 0, 3}, {0, 3, 8, -1}, {8, -1, 0, 3}, {8, -1, 0, 5}, {0, 2, 7, -1}, {7, -1, 0, 2}, {7, -1, 0, 4},
	{0, 4, 9, -1}, {9, -1, 0, 4}, {9, -1, 0, 5}, {1, 5, 10, -1}, {10, -1, 1, 5}, {10, -1, 12, -1}, {12, -1, 1, 4}, {1, 4, 12, -1}, {1, 4, 13, -1},
	{13, -1, 1, 4}, {13, -1, 14, -1}, {14, -1, 1, 2}, {1, 2, 14, -1}, {1, 3, 11, -1}, {11, -1, 1, 3}, {11, -1, 15, -1}, {15, -1, 1, 2}, {1, 2, 15, -1},
}

var mapkRates = [35]float64{0.001, 0.15, 0.005, 0.00024, 0.0001, 0.0001, 0.0001, 0.0001, 0.375, 1, 0.06, 0.375, 1, 4.5, 0.375, 1, 0.06, 0.375, 1, 4.5,
	0.015, 1, 0.032, 0.31, 0.01, 0.01, 1, 0.5, 0.086, 0.0011, 0.01, 1, 0.47, 0.14, 0.0018}

// mapkByHand computes all 35 propensities after each event, from tables.
func mapkByHand(rng *rand.Rand, until float64) (events uint64, state int) {
	var x [16]int32
	x[1], x[2] = 1, 3
	var a [35]float64
	for t := 0.0; ; events++ {
		total := 0.0
		for k := range a {
			s := &mapkSteps[k]
			v := mapkRates[k]
			if s[0] >= 0 {
				v *= float64(x[s[0]])
			}
			if s[1] >= 0 {
				v *= float64(x[s[1]])
			}
			if (s[2] >= 0 && x[s[2]] == 9 && s[2] != s[0] && s[2] != s[1]) || (s[3] >= 0 && x[s[3]] == 9 && s[3] != s[0] && s[3] != s[1]) {
				v = 0
			}
			a[k] = v
			total += v
		}
		if t += rng.ExpFloat64() / total; t > until {
			return events, int(x[5])
		}
		k, u := 0, rng.Float64()*total
		for ; k < 34 && u >= a[k]; k++ {
			u -= a[k]
		}
		for i, s := range mapkSteps[k] {
			if s < 0 {
				continue
			}
			if i < 2 {
				x[s]--
			} else {
				x[s]++
			}
		}
	}
}
