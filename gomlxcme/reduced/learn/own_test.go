package learn

import (
	"errors"
	"math"
	"os"
	"testing"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// From our own runs to networks, without any published file: the 50 runs a concentration that come with the program, learned from 0.4 to 1.0 µM and
// judged at all of them. So few runs are noisy: outside the training range networks err much more than keeping the first value, or diverge, and
// that is only logged. So is what becomes of a network whose epoch the other concentrations choose.
func TestOwnDataToTheEnd(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("takes long: set CME_LONG=1")
	}
	set, err := datasets.Find("ip3-small")
	if err != nil {
		t.Fatal(err)
	}
	data, err := datasets.Store{Folder: t.TempDir()}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	r := calcium.ReductionIP3()
	if r.Scale, err = reduced.Standardise(data.Sums[0], data.Sums[19]); err != nil {
		t.Fatal(err)
	}
	var series []*reduced.Series
	for _, s := range data.Sums {
		one, err := r.Reduce(s)
		if err != nil {
			t.Fatal(err)
		}
		series = append(series, one)
	}
	f, err := reduced.NewFeatures(calcium.VariablesIP3(), calcium.CandidatesIP3()...)
	if err != nil {
		t.Fatal(err)
	}
	others := append(append([]*reduced.Series{}, series[:3]...), series[10:]...)
	for what, inputs := range map[string][]reduced.Polynomial{"reactions": f.Polynomials(), "parameters": reduced.ParameterPolynomials(2)} {
		p, err := Prepare(r, Inputs{Polynomials: inputs}, series[3:10])
		if err != nil {
			t.Fatal(err)
		}
		for _, validation := range [][]*reduced.Series{nil, others} {
			models, err := TrainSeeds(t.Context(), open(t), p, Settings{Seed: 1, Validation: validation}, 2, 0)
			if err != nil {
				t.Fatal(err)
			}
			learned, kept := 0.0, 0.0
			for i, s := range series {
				still, err := reduced.Euler{}.Follow(reduced.Still, s.Filtered[0], 401)
				if err != nil {
					t.Fatal(err)
				}
				base, err := r.Deviation(still, s.Filtered)
				if err != nil {
					t.Fatal(err)
				}
				worst := 0.0
				for _, m := range models {
					path, err := reduced.Euler{}.Follow(m.Field, s.Filtered[0], 401)
					if outside := i < 3 || i >= 10; outside && errors.Is(err, reduced.ErrDiverged) {
						worst = math.Inf(1)
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					d, err := r.Deviation(path, s.Filtered)
					if err != nil {
						t.Fatal(err)
					}
					worst = math.Max(worst, d)
				}
				if i >= 3 && i < 10 {
					learned += worst / 7
					kept += base / 7
				}
				t.Logf("%s, %.1f µM: worst of two %.1e, first value kept %.1e", what, set.Conditions[i].IP3, worst, base)
			}
			t.Logf("%s, epochs %d and %d of 200: mean over training concentrations %.2e, first value kept %.2e", what, models[0].Epoch, models[1].Epoch, learned, kept)
			if validation == nil && learned > kept/5 {
				t.Errorf("%s: %.2e, not five times better than keeping the first value, %.2e", what, learned, kept)
			}
		}
	}
}
