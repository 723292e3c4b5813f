package learn

import (
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// known is a published filtered series: its first parameters, and W and b of calcium every second.
type known struct {
	first reduced.Parameters
	w, b  []float64
}

// all returns the published series at 0.1 to 2.0 µM. b of IP3 is the mean over time, here of every second second.
func all(t *testing.T) []known {
	t.Helper()
	out := make([]known, 20)
	b2 := make([]float64, 20)
	for _, row := range published.CSV(t, "params0_raw_every2s.csv") {
		if row["param"] == "b2" {
			b2[int(math.Round(10*row.Number(t, "ip3_uM")))-1] += row.Number(t, "value") / 21
		}
	}
	for _, row := range published.CSV(t, "params0_raw_and_filtered_every1s.csv") {
		k := &out[int(math.Round(10*row.Number(t, "ip3_uM")))-1]
		switch v := row.Number(t, "filtered"); row["param"] {
		case "W11":
			k.w = append(k.w, v)
		case "b1":
			k.b = append(k.b, v)
		}
	}
	for i := range out {
		if len(out[i].w) != 41 || len(out[i].b) != 41 {
			t.Fatalf("%d and %d values at %.1f µM, want 41", len(out[i].w), len(out[i].b), 0.1*float64(i+1))
		}
		out[i].first = reduced.Parameters{W: [][]float64{{out[i].w[0], 5e-5}}, B: []float64{out[i].b[0], b2[i]}, Noise: 1.5e-6, Latent: reduced.StandardFrame(1)}
	}
	return out
}

// deviation of 401 Euler steps from the series, at every tenth of them.
func (k *known) deviation(t *testing.T, f reduced.Field) float64 {
	t.Helper()
	path, err := reduced.Euler{}.Follow(f, k.first, 401)
	if err != nil {
		t.Fatal(err)
	}
	square := 0.0
	for i := range k.w {
		p := path[10*i]
		square += math.Pow(p.W[0][0]-k.w[i], 2) + math.Pow(p.B[0]-k.b[i], 2)
	}
	return square / float64(2*len(k.w))
}

func median(x []float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// Ten networks of each shallow kind, after the last of 200 epochs. With reactions the integrated errors are below 1e-3 on average over the
// training concentrations, below those without, and by their median within a factor of two of the published means, or better, from 0.1 to
// 1.3 µM.
func TestTrained(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("takes long: set CME_LONG=1")
	}
	conditions := all(t)
	paper := map[string][]float64{}
	for _, row := range published.CSV(t, "mse_learn_ip3.csv") {
		paper[row["model"]] = append(paper[row["model"]], row.Number(t, "mse_mean"))
	}
	middle, average := map[bool][]float64{}, map[bool]float64{}
	for _, reactions := range []bool{true, false} {
		start := time.Now()
		models, err := TrainSeeds(t.Context(), open(t), problem(t, reactions), Settings{Seed: 1}, 10, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("reactions %v: ten networks in %.1f s", reactions, time.Since(start).Seconds())
		for i := range conditions {
			var d []float64
			for _, m := range models {
				d = append(d, conditions[i].deviation(t, m.Field))
				if i >= 3 && i < 10 {
					average[reactions] += d[len(d)-1] / 70
				}
			}
			middle[reactions] = append(middle[reactions], median(d))
		}
	}
	for i := range conditions {
		still := conditions[i].deviation(t, reduced.Still)
		t.Logf("%.1f µM: reactions %.1e (published mean %.1e), parameters %.1e (%.1e), first value kept %.1e", 0.1*float64(i+1),
			middle[true][i], paper["rxns_shallow"][i], middle[false][i], paper["params_shallow"][i], still)
		if i < 13 && middle[true][i] > 2*paper["rxns_shallow"][i] {
			t.Errorf("%.1f µM: median %.2e, more than twice the published %.2e", 0.1*float64(i+1), middle[true][i], paper["rxns_shallow"][i])
		}
	}
	t.Logf("means over training concentrations: reactions %.2e, parameters %.2e", average[true], average[false])
	if average[true] > 1e-3 || average[true] > average[false] {
		t.Errorf("mean over training concentrations %.2e with reactions, %.2e without", average[true], average[false])
	}
}
