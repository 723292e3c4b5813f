package dist_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

func TestMomentOfPoisson(t *testing.T) {
	m := poisson(9, 80).Moment()
	if math.Abs(m.Mean-9) > 1e-12 || math.Abs(m.SD-3) > 1e-12 || m.MeanSE != 0 || m.SDSE != 0 {
		t.Errorf("%+v", m)
	}
	// A projection that has lost mass still answers for what it has.
	half := poisson(9, 80)
	for n := range half.P {
		half.P[n] /= 2
	}
	if h := half.Moment(); math.Abs(h.Mean-9) > 1e-12 || math.Abs(h.SD-3) > 1e-12 {
		t.Errorf("half the mass: %+v", h)
	}
}

// TestStandardErrorsAreThoseOfRepeatedSampling draws 400 ensembles: their spread has a relative standard error of 3.5 %, so
// that a deviation of 20 % is a false alarm with probability below 1e-7.
func TestStandardErrorsAreThoseOfRepeatedSampling(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for name, law := range map[string]dist.Marginal{
		"Poisson": poisson(4, 40),
		"bimodal": {P: []float64{0.3, 0.1, 0, 0, 0, 0, 0, 0, 0.2, 0.4}},
	} {
		var means, sds, meanSE, sdSE []float64
		for range 400 {
			m := draw(law, 500, rng).Moment()
			means, sds = append(means, m.Mean), append(sds, m.SD)
			meanSE, sdSE = append(meanSE, m.MeanSE), append(sdSE, m.SDSE)
		}
		if r := spread(means) / average(meanSE); r < 0.8 || r > 1.2 {
			t.Errorf("%s: means spread %.2f times their standard error", name, r)
		}
		if r := spread(sds) / average(sdSE); r < 0.8 || r > 1.2 {
			t.Errorf("%s: SDs spread %.2f times their standard error", name, r)
		}
		if d := average(sds) - law.Moment().SD; math.Abs(d) > 0.01 {
			t.Errorf("%s: SD is biased by %v", name, d)
		}
	}
}

func average(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func spread(v []float64) float64 {
	mean, sum := average(v), 0.0
	for _, x := range v {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / float64(len(v)-1))
}

func TestFewSamplesSaySo(t *testing.T) {
	if m := (dist.Marginal{P: []float64{0, 1}, N: 1}).Moment(); m.Mean != 1 || !math.IsInf(m.MeanSE, 1) || !math.IsInf(m.SDSE, 1) {
		t.Errorf("one sample: %+v", m)
	}
	if m := (dist.Marginal{P: []float64{0, 1}, N: 10}).Moment(); m.SD != 0 || m.MeanSE != 0 || m.SDSE != 0 {
		t.Errorf("ten equal samples: %+v", m)
	}
	if m := (dist.Marginal{}).Moment(); m != (dist.Moment{}) {
		t.Errorf("nothing: %+v", m)
	}
	if m := (dist.Marginal{P: []float64{0.5, 0.5}, N: 1000}).Moment(); math.IsNaN(m.SDSE) || m.SDSE < 0 {
		t.Errorf("coin: %+v", m)
	}
}
