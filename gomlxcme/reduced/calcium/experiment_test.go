package calcium

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// trained returns the published parameters of an experiment at all 401 steps of all conditions, as rows of features at the trial latents.
func trained(t *testing.T, stem string, out reduced.Scale, features func(p reduced.Parameters) []float64) (rows [][]float64) {
	t.Helper()
	constants := published.CSV(t, stem+"_constants.csv")
	lines := published.CSV(t, stem+".csv")
	trial := reduced.Trial(6, 401)
	row := func(c published.Row, b1, w11, step float64) {
		f, err := trial.Frame(step)
		if err != nil {
			t.Fatal(err)
		}
		hat := reduced.Parameters{
			W: [][]float64{{w11, c.Number(t, "W12")}}, B: []float64{b1, c.Number(t, "b2")},
			Noise: c.Number(t, "sig2"), Latent: reduced.StandardFrame(1),
		}
		if _, three := c["b3"]; three {
			hat.W[0] = append(hat.W[0], c.Number(t, "W13"))
			hat.B = append(hat.B, c.Number(t, "b3"))
		}
		rows = append(rows, features(hat.In(f)))
	}
	for i, line := range lines {
		c := constants[int(line.Number(t, "cond"))]
		b1, w11, step := line.Number(t, "b1"), line.Number(t, "W11"), line.Number(t, "tpt")
		row(c, b1, w11, step)
		if i == len(lines)-1 || lines[i+1]["cond"] != line["cond"] { // the last step follows from the derivative before it
			d := []float64{line.Number(t, "db1_std"), line.Number(t, "dW11_std")}
			out.Undo(d, d)
			row(c, b1+d[0], w11+d[1], step+1)
		}
	}
	return rows
}

const (
	paramsIP3 = "repo/learn_ip3/train/training_data/training_data_params/"
	rxnsIP3   = "repo/learn_ip3/train/training_data/training_data_rxns/"
	receptors = "repo/learn_ip3r/train/training_data/training_data/"
)

func outScale(t *testing.T, folder string) reduced.Scale {
	t.Helper()
	return reduced.Scale{Mean: published.Column(t, folder+"out_mean.txt"), SD: published.Column(t, folder+"out_std.txt")}
}

func all(t *testing.T, names, candidates []string) func(p reduced.Parameters) []float64 {
	t.Helper()
	f, err := reduced.NewFeatures(names, candidates...)
	if err != nil {
		t.Fatal(err)
	}
	return func(p reduced.Parameters) []float64 {
		dst := make([]float64, f.Size())
		if err := f.Evaluate(dst, p); err != nil {
			t.Fatal(err)
		}
		return dst
	}
}

func agree(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, published %d", what, len(got), len(want))
	}
	worst := 0.0
	for i := range got {
		d := math.Abs(got[i] - want[i])
		if worst = max(worst, d); !(d <= tolerance) {
			t.Errorf("%s of feature %d: %.10g, published %.10g", what, i+1, got[i], want[i])
		}
	}
	t.Logf("%s: %d values within %.1e", what, len(got), worst)
}

// The published means and standard deviations of the features at all 2807 training points: 60 of the reactions, 7 of the parameters.
func TestPublishedFeatures(t *testing.T) {
	out := outScale(t, rxnsIP3)
	rows := trained(t, "learn_ip3_train", out, all(t, VariablesIP3(), CandidatesIP3()))
	if len(rows) != 2807 || len(rows[0]) != 60 {
		t.Fatalf("%d points of %d features, want 2807 of 60", len(rows), len(rows[0]))
	}
	s, err := reduced.ScaleOf(rows, 1e-5)
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "mean", s.Mean, published.Column(t, rxnsIP3+"std_m.txt"), 1e-7)
	agree(t, "sd", s.SD, published.Column(t, rxnsIP3+"std_v.txt"), 1e-7)

	plain := func(p reduced.Parameters) []float64 {
		return []float64{p.W[0][0], p.W[0][1], p.Latent.Var[0], p.Noise, p.Latent.Mean[0], p.B[0], p.B[1]}
	}
	if s, err = reduced.ScaleOf(trained(t, "learn_ip3_train", out, plain), 1e-5); err != nil {
		t.Fatal(err)
	}
	agree(t, "mean of parameters", s.Mean, published.Column(t, paramsIP3+"std_m.txt"), 1e-7)
	agree(t, "sd of parameters", s.SD, published.Column(t, paramsIP3+"std_v.txt"), 1e-7)
}

// The 105 features of the other experiment were published for a random 4000 of the 16842 points. Their mean scatters by sd/√4000
// · √(1 − 4000/16842), and their sd by no more than that times √(kurtosis − 1)/2; six of these in 210 values are a false alarm below
// 1e-6.
func TestPublishedFeaturesOfReceptors(t *testing.T) {
	rows := trained(t, "learn_ip3r_train", outScale(t, receptors), all(t, VariablesReceptors(), CandidatesReceptors()))
	if len(rows) != 16842 || len(rows[0]) != 105 {
		t.Fatalf("%d points of %d features, want 16842 of 105", len(rows), len(rows[0]))
	}
	s, err := reduced.ScaleOf(rows, 1e-3)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := published.Column(t, receptors+"std_rxns_m.txt"), published.Column(t, receptors+"std_rxns_v.txt")
	if len(mean) != 105 || len(sd) != 105 {
		t.Fatalf("%d means, %d deviations", len(mean), len(sd))
	}
	for i := range mean {
		fourth := 0.0
		for _, row := range rows {
			fourth += math.Pow((row[i]-s.Mean[i])/s.SD[i], 4) / float64(len(rows))
		}
		one := s.SD[i] * math.Sqrt((1-4000./16842)/4000)
		if d := math.Abs(s.Mean[i] - mean[i]); d > 6*one+1e-3*boolean(mean[i] == 0) {
			t.Errorf("mean of feature %d: %.6g, published %.6g, standard error %.2g", i+1, s.Mean[i], mean[i], one)
		}
		if d := math.Abs(s.SD[i] - sd[i]); d > 6*one*math.Sqrt(max(0, fourth-1))/2 {
			t.Errorf("sd of feature %d: %.6g, published %.6g", i+1, s.SD[i], sd[i])
		}
	}
}

// boolean is 1 if b: a published mean below 1e-3 was set to 0.
func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
