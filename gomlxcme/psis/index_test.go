package psis

import (
	"math"
	"math/rand/v2"
	"testing"
)

// ones gives every weight one draw.
func ones(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 1
	}
	return v
}

// Fits to the quantiles of Pareto laws, against ArviZ 0.8.0 (arviz_stats,
// _gpdfit), which is an independent implementation.
func TestFitParetoAgainstArviZ(t *testing.T) {
	for k, want := range map[float64][2]float64{
		-0.5: {-0.37893669836592, 0.9680880739962848},
		0.2:  {0.24125049859613745, 0.980905467035649},
		0.7:  {0.6800359881006424, 0.9960797306451112},
		1.5:  {1.3821684336036106, 1.0211938489028578},
	} {
		x := make([]float64, 100)
		for i := range x {
			p := (float64(i) + 0.5) / 100
			x[i] = (math.Pow(1-p, -k) - 1) / k
		}
		got, sigma := fitPareto(x)
		if math.Abs(got-want[0]) > 1e-11 || math.Abs(sigma-want[1]) > 1e-11 {
			t.Errorf("k = %g: fit %.14g, %.14g, want %v", k, got, sigma, want)
		}
	}
}

// Tails of Pareto weights, against psislw of ArviZ 0.8.0 (8 digits).
func TestTailIndexAgainstArviZ(t *testing.T) {
	const n = 1000
	for k, want := range map[float64]float64{0.3: 0.32341961, 0.5: 0.49663018, 0.9: 0.84321863} {
		logs := make([]float64, n)
		for i := range logs {
			logs[i] = -k*math.Log(1-(float64(i)+0.5)/n) + 50 // a factor changes nothing
		}
		if got := Index(logs, ones(n)); math.Abs(got-want) > 1e-7 {
			t.Errorf("k = %g: %.9g, want %.9g", k, got, want)
		}
	}
	logs := make([]float64, 2*n)
	for i := range logs {
		_, g := math.Modf(math.Sin(12.9898*float64(i+1)) * 43758.5453)
		if g < 0 {
			g++
		}
		logs[i] = 2*g + 0.8*math.Pow(g, 8)
	}
	if got := Index(logs, ones(2*n)); math.Abs(got+0.80721498) > 1e-6 {
		t.Errorf("bounded weights: %.9g", got)
	}
}

// Draws that share a state count as often as they were drawn.
func TestTailIndexCountsDraws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var logs, draws, single []float64
	for range 300 {
		v, times := rng.NormFloat64(), 1+rng.IntN(4)
		logs, draws = append(logs, v), append(draws, float64(times))
		for range times {
			single = append(single, v)
		}
	}
	if a, b := Index(logs, draws), Index(single, ones(len(single))); a != b {
		t.Errorf("%v with numbers of draws, %v one by one", a, b)
	}
}

func TestTailIndexOfExtremes(t *testing.T) {
	same := make([]float64, 100)
	if k := Index(same, ones(100)); !math.IsInf(k, -1) {
		t.Errorf("equal weights: %v", k)
	}
	outlier := make([]float64, 100)
	outlier[7] = 30
	if k := Index(outlier, ones(100)); !math.IsInf(k, 1) {
		t.Errorf("one weight above all others: %v", k)
	}
	outlier[7] = math.NaN()
	if k := Index(outlier, ones(100)); !math.IsInf(k, 1) {
		t.Errorf("a weight that is no number: %v", k)
	}
	if k := Index(nil, nil); !math.IsInf(k, -1) {
		t.Errorf("no weights: %v", k)
	}
}
