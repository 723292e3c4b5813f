package kernelext_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/kernelext"
)

func TestComparisonShowsMomentsMarginalsAndDistances(t *testing.T) {
	exact := poisson(t, 0.5, 1, 3)
	samples := sampled(t, exact, 2000)
	style := kernelext.Style{Title: "two counts", TimeUnit: "s"}
	svg, err := kernelext.DrawComparison(style, []float64{0.5, 3}, exact, samples)
	text := picture(t, svg, err)
	wants := []string{"two counts", "exact", "sampled, N = 2,000", "mean count (molecules)", "standard deviation", "time (s)",
		"count of A (molecules)", "difference", "±2 standard errors of 2,000 samples"}
	for _, i := range []int{0, 2} {
		d := dist.Hellinger(exact.Snapshots[i].Dist.Marginal(1), samples.Snapshots[i].Dist.Marginal(1))
		wants = append(wants, fmt.Sprintf("B at t = %g s", exact.Snapshots[i].Time), fmt.Sprintf("D = %.2g (noise %.2g)", d.Value, d.Floor))
	}
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
	again, err := kernelext.DrawComparison(style, []float64{0.5, 3}, exact, samples)
	if err != nil || !bytes.Equal(svg, again) {
		t.Errorf("the same input gives other bytes: %v", err)
	}
}

// Noise of both sides counts: the band of two ensembles is wider than that of one, and the legend says so.
func TestComparisonOfTwoEnsemblesNamesBoth(t *testing.T) {
	exact := poisson(t, 1)
	svg, err := kernelext.DrawComparison(kernelext.Style{}, []float64{1}, sampled(t, exact, 500), sampled(t, exact, 2000))
	text := picture(t, svg, err)
	if !strings.Contains(text, "±2 standard errors of the difference of 500 and 2,000 samples") {
		t.Errorf("the band is not explained:\n%s", text)
	}
	if strings.Contains(text, "standard deviation") {
		t.Errorf("a curve through one time:\n%s", text)
	}
}

func TestComparisonRefusals(t *testing.T) {
	exact := poisson(t, 1)
	if _, err := kernelext.DrawComparison(kernelext.Style{}, []float64{2}, exact, exact); !errors.Is(err, kernelext.ErrTime) {
		t.Errorf("a time that is not there: %v", err)
	}
	if _, err := kernelext.DrawComparison(kernelext.Style{Species: []string{"C"}}, []float64{1}, exact, exact); !errors.Is(err, kernelext.ErrSpecies) {
		t.Errorf("a species that is not there: %v", err)
	}
	if _, err := kernelext.DrawComparison(kernelext.Style{}, nil, exact, exact); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("neither times nor moments: %v", err)
	}
	if _, err := kernelext.DrawComparison(kernelext.Style{Species: []string{"A", "B", "A", "B", "A"}}, nil, exact, exact); !errors.Is(err, kernelext.ErrNothing) {
		t.Errorf("five columns: %v", err)
	}
}
