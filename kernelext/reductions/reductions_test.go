package reductions_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/gomlx-cme/cme/kernelext/reductions"
)

// From the data that come with the program to figures: two networks of one epoch in three conditions, one of which they learned from.
func TestNetworksAreJudgedAndDrawn(t *testing.T) {
	set, err := datasets.Find("ip3-small")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Store{}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	s, err := study.Reduce(study.IP3, d, true)
	if err != nil {
		t.Fatal(err)
	}
	cases, err := s.Select([]float64{0.5, 0.7, 2})
	if err != nil {
		t.Fatal(err)
	}
	train := cases[1:2]
	p, err := learn.Prepare(s.Reduction, learn.Inputs{Polynomials: s.Experiment.Parameters()}, study.Series(train))
	if err != nil {
		t.Fatal(err)
	}
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	models, err := learn.TrainSeeds(t.Context(), b, p, learn.Settings{Epochs: 1, Seed: 1}, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	k, err := reductions.Judge(t.Context(), s, cases, train, "parameters", models)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.Scores) != 6 || len(k.Together) != 3 {
		t.Fatalf("%d scores and %d together", len(k.Scores), len(k.Together))
	}
	table := reductions.Table(s, set.Runs, k)
	if text := table.String(); len(table.Rows) != 5 || strings.Count(text, "learned") != 2 {
		t.Errorf("the table is\n%s", text)
	}
	for v, floor := range reductions.Floors(s, set.Runs) {
		if !(floor > 0 && floor < 0.02) {
			t.Errorf("%g µM: floor %g", v, floor)
		}
	}
	for name, draw := range map[string]func() ([]byte, error){
		"errors": func() ([]byte, error) {
			return kernelext.DrawChart(kernelext.Style{}, reductions.Errors(s, set.Runs, k))
		},
		"paths": func() ([]byte, error) {
			return kernelext.DrawChart(kernelext.Style{}, reductions.Paths(s, cases, k)...)
		},
		"swings": func() ([]byte, error) {
			return kernelext.DrawRanges(kernelext.Style{}, "IP3 (µM)", "calcium (µM)", reductions.Swings(s.Experiment, k)...)
		},
		"parameters": func() ([]byte, error) {
			return kernelext.DrawChart(kernelext.Style{}, reductions.Parameters("b", func(p reduced.Parameters) float64 { return p.B[0] }, cases...))
		},
	} {
		svg, err := draw()
		if err != nil || !bytes.Contains(svg, []byte("aria-label")) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if swings := reductions.Swings(s.Experiment, k); math.Abs(swings[0].Ranges[1].High-0.543) > 1e-3 {
		t.Errorf("simulated at 0.7 µM up to %g µM, 0.543 by cme reduced report", swings[0].Ranges[1].High)
	}
	if _, err := reductions.Judge(t.Context(), s, cases, train, "none", nil); err == nil {
		t.Error("no networks were judged")
	}
}
