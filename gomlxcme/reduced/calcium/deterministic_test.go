package calcium

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// The De Young–Keizer curve that was published with the source. At rest only the integration errs; on the limit cycle the published
// extremes are those of sampled times, and at its edges transients are slow.
func TestDeterministicLimit(t *testing.T) {
	low := published.Numbers(t, "repo/stochastic_simulations/oscillation_range/oscillation_range_data/diff_eq_min.txt")
	high := published.Numbers(t, "repo/stochastic_simulations/oscillation_range/oscillation_range_data/diff_eq_max.txt")
	for _, i := range []int{0, 15, 35, 45, 65, 95, 195} { // 0.05, 0.2, 0.4, 0.5, 0.7, 1 and 2 µM
		ip3 := low[i][0]
		d := Deterministic{DeYoungKeizer(), ip3}
		got, err := d.Range(400, 600)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 1e-5
		if ip3 > 0.36 && ip3 < 0.64 {
			tolerance = 5e-4
		}
		if math.Abs(got.Min-low[i][1]) > tolerance || math.Abs(got.Max-high[i][1]) > tolerance {
			t.Errorf("%.2f µM: %.6f to %.6f, published %.6f to %.6f", ip3, got.Min, got.Max, low[i][1], high[i][1])
		}
	}
}

// A path begins and ends where it should, and over its last third has the span of Range, less what lies between two of its points.
func TestDeterministicPath(t *testing.T) {
	for ip3, tolerance := range map[float64]float64{0.5: 2e-2, 0.8: 1e-6} { // calcium moves by 0.2 µM/s at most
		d := Deterministic{DeYoungKeizer(), ip3}
		times, ca, err := d.Path(300)
		if err != nil {
			t.Fatal(err)
		}
		if times[0] != 0 || ca[0] != startCa || times[len(times)-1] != 300 || len(ca) != len(times) {
			t.Errorf("%v µM: %d times from %v to %v, calcium from %v", ip3, len(times), times[0], times[len(times)-1], ca[0])
		}
		want, err := d.Range(200, 300)
		if err != nil {
			t.Fatal(err)
		}
		low, high := math.Inf(1), math.Inf(-1)
		for i, at := range times {
			if at >= 200 {
				low, high = min(low, ca[i]), max(high, ca[i])
			}
		}
		if low < want.Min || high > want.Max || low-want.Min > tolerance || want.Max-high > tolerance {
			t.Errorf("%v µM: the path spans %v to %v, its range %v", ip3, low, high, want)
		}
	}
}
