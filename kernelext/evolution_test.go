package kernelext_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext"
)

// holds checks a figure for its texts.
func holds(t *testing.T, svg []byte, err error, wants ...string) {
	t.Helper()
	text := picture(t, svg, err)
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
}

func TestWaterfallHasARidgeForEveryTime(t *testing.T) {
	exact := poisson(t, 0, 0.5, 1, 1.5, 2, 4, 8)
	svg, err := kernelext.DrawWaterfall(kernelext.Style{TimeUnit: "s", Title: "Growing"}, nil, exact, sampled(t, exact, 3000))
	holds(t, svg, err, "Growing", "time (s)", "A, highest peak 0.28", "0.5", "sampled, N = 3,000", "count of B (molecules)")
	svg, err = kernelext.DrawWaterfall(kernelext.Style{Species: []string{"A"}}, []float64{1, 8}, exact)
	holds(t, svg, err, "A, highest peak", "8")
	if _, err := kernelext.DrawWaterfall(kernelext.Style{}, []float64{7}, exact); !errors.Is(err, kernelext.ErrTime) {
		t.Errorf("a time that is not there: %v", err)
	}
}

func TestBandsShowTheSpread(t *testing.T) {
	exact := poisson(t, 0, 1, 2, 3, 5, 8)
	svg, err := kernelext.DrawBands(kernelext.Style{TimeUnit: "s"}, exact, sampled(t, exact, 400))
	holds(t, svg, err, "exact: mean, band ±1 standard deviation", "sampled, N = 400: mean, bars ±1 standard deviation", "count (molecules)", "time (s)")
}

func TestParityTellsTheRMSDifference(t *testing.T) {
	exact := poisson(t, 1, 2)
	shifted := poisson(t, 2, 3) // the mean of A is larger by 1
	for i := range shifted.Snapshots {
		shifted.Snapshots[i].Time--
	}
	shifted.Label = "shifted"
	svg, err := kernelext.DrawParity(kernelext.Style{Species: []string{"A"}}, exact, shifted)
	sd := func(mean float64) float64 { return math.Sqrt(mean) }
	miss := math.Sqrt(((sd(4)-sd(3))*(sd(4)-sd(3)) + (sd(5)-sd(4))*(sd(5)-sd(4))) / 2)
	holds(t, svg, err, fmt.Sprintf("shifted: rms difference 1 (mean), %.2g (standard deviation)", miss), "mean, exact")
	if _, err := kernelext.DrawParity(kernelext.Style{}, exact); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("nothing to compare with: %v", err)
	}
	shifted.Snapshots = shifted.Snapshots[:1]
	shifted.Snapshots[0].Time = 77
	if _, err := kernelext.DrawParity(kernelext.Style{}, exact, shifted); !errors.Is(err, kernelext.ErrTime) {
		t.Errorf("no common time: %v", err)
	}
}

func TestDistancesStandBesideTheirFloors(t *testing.T) {
	exact := poisson(t, 0, 1, 2, 4)
	svg, err := kernelext.DrawDistances(kernelext.Style{TimeUnit: "s"}, exact, sampled(t, exact, 200), sampled(t, exact, 20_000))
	holds(t, svg, err, "sampled, N = 200, dashed: noise floor", "Hellinger distance", "0.05")
	svg, err = kernelext.DrawDistances(kernelext.Style{}, exact, exact)
	holds(t, svg, err, "Hellinger distance") // all 0
}

func TestDiagnosticsGetAPanelEach(t *testing.T) {
	a := poisson(t, 1, 2, 3, 4)
	for i := range a.Snapshots {
		d := &a.Snapshots[i].Diagnostics
		d.Set("kl", math.Pow(10, -6+float64(i)))
		d.Set("ess", 900-float64(i))
		d.Set("tail", math.Inf(-1))
		d.Set("loss", 0.01)
		d.Set("leak", 0)
	}
	svg, err := kernelext.DrawDiagnostics(kernelext.Style{TimeUnit: "s"}, nil, a)
	holds(t, svg, err, "kl", "ess", "loss", "leak", "1e−6", "time (s)")
	svg, err = kernelext.DrawDiagnostics(kernelext.Style{}, []string{"ess"}, a)
	holds(t, svg, err, "ess")
	if _, err := kernelext.DrawDiagnostics(kernelext.Style{}, []string{"entropy"}, a); !errors.Is(err, kernelext.ErrNothing) || !strings.Contains(err.Error(), "ess") {
		t.Errorf("a name that is not there: %v", err)
	}
	if _, err := kernelext.DrawDiagnostics(kernelext.Style{}, nil, poisson(t, 1)); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("no diagnostics: %v", err)
	}
}
