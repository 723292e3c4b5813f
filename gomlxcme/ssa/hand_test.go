package ssa

import (
	"context"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// cpuSeconds is the time that this process has computed for, garbage collection included: what others do on the computer hardly matters.
func cpuSeconds(b *testing.B) float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}

// BenchmarkByHand compares with the yardstick: the direct method for one system each, with its reactions written out, the same source of
// randomness and nothing else. It counts states as Run does. Both take turns; the metric "times" is how often slower a method is, by
// medians. "unknown" is the direct method without its memory of states.
func BenchmarkByHand(b *testing.B) {
	for _, test := range []struct {
		name  string
		until float64
		runs  int
		hand  func(r *draws, rng *rand.Rand, until float64) (events uint64, state int)
	}{
		{"birth-death", 1000, 1000, birthDeathByHand},
		{"toggle-switch", 4, 200, toggleSwitchByHand},
		{"mapk", 10_000, 100, mapkByHand},
		{"cascade1:species=200", 4, 200, nil},
	} {
		c := lookup(b, test.name)
		for _, m := range []Method{Direct{}, unknown{}, NextReaction{}} {
			b.Run(m.String()+"/"+test.name, func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, 2))
				var r draws
				r.begin(rng)
				var times [2][]float64 // seconds an event
				counts, seed := make([]uint64, 1000), uint64(0)
				for b.Loop() {
					if test.hand != nil {
						start, events := cpuSeconds(b), uint64(0)
						for range test.runs {
							n, x := test.hand(&r, rng, test.until)
							events += n
							counts[x]++
						}
						times[0] = append(times[0], (cpuSeconds(b)-start)/float64(events))
					}
					seed++
					start := cpuSeconds(b)
					result, err := Run(context.Background(), c, Settings{Times: []float64{test.until}, Runs: test.runs, Workers: 1, Seed: seed, Method: m})
					if err != nil {
						b.Fatal(err)
					}
					times[1] = append(times[1], (cpuSeconds(b)-start)/float64(result.Events))
				}
				middle := func(i int) float64 {
					slices.Sort(times[i])
					return times[i][len(times[i])/2]
				}
				b.ReportMetric(1e-6/middle(1), "Mevents/s")
				if test.hand != nil {
					b.ReportMetric(1e-6/middle(0), "hand-Mevents/s")
					b.ReportMetric(middle(1)/middle(0), "times")
				}
			})
		}
	}
}

func birthDeathByHand(r *draws, rng *rand.Rand, until float64) (events uint64, state int) {
	x := (crn.Poisson{Mean: 1}).Sample(rng, 39)
	for t := 0.0; ; events++ {
		birth, death := 0.1, 0.01*float64(x)
		if x == 39 {
			birth = 0
		}
		total := birth + death
		i := r.take() % chunk
		if t += r.wait[i] / total; t > until {
			return events, x
		}
		if float64(r.choice[i])/certain*total < birth {
			x++
		} else {
			x--
		}
	}
}

func toggleSwitchByHand(r *draws, rng *rand.Rand, until float64) (events uint64, state int) {
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
		i := r.take() % chunk
		if t += r.wait[i] / total; t > until {
			return events, px
		}
		k, u := 0, float64(r.choice[i])/certain*total
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
func mapkByHand(r *draws, rng *rand.Rand, until float64) (events uint64, state int) {
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
		i := r.take() % chunk
		if t += r.wait[i] / total; t > until {
			return events, int(x[5])
		}
		k, u := 0, float64(r.choice[i])/certain*total
		for ; k < 34 && u >= a[k]; k++ {
			u -= a[k]
		}
		for side, s := range mapkSteps[k] {
			if s < 0 {
				continue
			}
			if side < 2 {
				x[s]--
			} else {
				x[s]++
			}
		}
	}
}
