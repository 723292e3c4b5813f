package ssa_test

import (
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
