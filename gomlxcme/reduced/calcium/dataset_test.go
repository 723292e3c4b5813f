package calcium_test

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/datasets"
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
