package calcium_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// The parameters of 50 runs are those published for 1200, within four standard errors of b = W/√50; that of W itself is W/√100 for a normal
// law and up to twice that for these. Below 0.6 µM calcium comes in rare bursts, of which 50 runs say too little.
func TestDataSetAgainstPublished(t *testing.T) {
	set, err := datasets.Find("ip3-small")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Store{Folder: t.TempDir()}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	sum := map[string]float64{} // of deviations in b over standard errors, by time
	for _, row := range published.CSV(t, "params0_raw_every2s.csv") {
		ip3, at := row.Number(t, "ip3_uM"), row.Number(t, "time_s")
		if ip3 < 0.55 || (row["param"] != "b1" && row["param"] != "W11" && row["param"] != "b2") {
			continue
		}
		i, k := int(math.Round(10*ip3))-1, int(math.Round(10*(at-10)))
		cov, err := d.Sums[i].Covariance(k)
		if err != nil {
			t.Fatal(err)
		}
		mean := d.Sums[i].Mean(k)
		r := calcium.ReductionIP3()
		r.Scale.Moments(mean, cov)
		p, err := r.PPCA.Identify(mean, cov)
		if err != nil {
			t.Fatal(err)
		}
		got, tolerance := p.B[0], 4/math.Sqrt(50)*math.Abs(p.W[0][0])
		switch row["param"] {
		case "W11":
			got = p.W[0][0]
		case "b2": // sd of IP3 is 6 of 5726, and that of free receptors less
			got, tolerance = p.B[1], 4/math.Sqrt(50)*10/5726
		}
		checked++
		if row["param"] == "b1" {
			sum[row["time_s"]] += (got - row.Number(t, "value")) / (tolerance / 4)
		}
		if want := row.Number(t, "value"); math.Abs(got-want) > tolerance {
			t.Errorf("%s at %v µM, %v s: %.4f, published %.4f, tolerance %.4f", row["param"], ip3, at, got, want, tolerance)
		}
	}
	// The 15 conditions are independent, so that the mean of their deviations is a standard normal over √15.
	for at, z := range sum {
		if math.Abs(z)/math.Sqrt(15) > 4 {
			t.Errorf("b at %s s is off by %.2f standard errors of all conditions together", at, z/math.Sqrt(15))
		}
		t.Logf("%s s: %.2f", at, z/math.Sqrt(15))
	}
	if checked != 3*15*21 {
		t.Errorf("%d values compared, want %d", checked, 3*15*21)
	}
}

// The range of oscillations of 50 runs is that published for 100, from 10 s to 50 s, within five standard errors of both. They are correlated
// over time, so that the extremes are little more extreme than one time's.
func TestPublishedOscillations(t *testing.T) {
	set, err := datasets.Find("ip3-small")
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Store{Folder: t.TempDir()}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	rows := published.Numbers(t, "repo/stochastic_simulations/oscillation_range/oscillation_range_data/vol_14_no_ip3r_100.txt")
	for i, row := range rows[:20] {
		o, err := calcium.OscillationOf(d.Sums[i], set.Conditions[i], 400)
		if err != nil {
			t.Fatal(err)
		}
		if low := math.Hypot(o.MinSE, row[2]); math.Abs(o.Min-row[1]) > 5*low {
			t.Errorf("%v µM: lowest %.4f ± %.4f, published %.4f ± %.4f", row[0], o.Min, o.MinSE, row[1], row[2])
		}
		if high := math.Hypot(o.MaxSE, row[4]); math.Abs(o.Max-row[3]) > 5*high {
			t.Errorf("%v µM: highest %.4f ± %.4f, published %.4f ± %.4f", row[0], o.Max, o.MaxSE, row[3], row[4])
		}
	}
}
