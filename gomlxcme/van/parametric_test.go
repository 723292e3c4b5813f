package van

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// A cap of a million costs no more than one of a hundred, all probabilities sum
// to 1, and draws invert the distribution function that log P implies.
func TestMixtureWithAVeryLargeCap(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(b, Box{Caps: []int{1_000_000}}, NADE{Heads: Logistic{Components: 4, Scale: []float64{3000}}}, 2)
	if err != nil {
		t.Fatal(err)
	}
	theta := m.Init(rand.New(rand.NewPCG(1, 1)))
	for i := range theta {
		theta[i] += 0.7 * float64(i%5-2)
	}
	// With s ≤ 3000·e^1.4/4, the law beyond 100,000 is below e^(−30).
	const listed = 100_000
	x, logp := make([]int32, listed), make([]float64, listed)
	for i := range x {
		x[i] = int32(i)
	}
	if err := m.LogProb(logp, theta, x); err != nil {
		t.Fatal(err)
	}
	cdf, sum := make([]float64, listed), 0.0
	for i, v := range logp {
		sum += math.Exp(v)
		cdf[i] = sum
	}
	// 10⁵ terms that are good to 1e-16 each, summed up one by one.
	if math.Abs(sum-1) > 1e-10 {
		t.Errorf("probabilities sum to %v", sum)
	}
	rng := rand.New(rand.NewPCG(2, 2))
	u, draws := make([]float64, 1000), make([]int32, 1000)
	for i := range u {
		u[i] = rng.Float64()
	}
	if err := m.Sample(draws, theta, u, nil); err != nil {
		t.Fatal(err)
	}
	for i, n := range draws {
		if u[i] > cdf[n]+1e-10 || n > 0 && u[i] < cdf[n-1]-1e-10 {
			t.Fatalf("u = %v gave %d, where the distribution function is %v", u[i], n, cdf[n])
		}
	}
	last := make([]float64, 1)
	if err := m.LogProb(last, theta, []int32{1_000_000}); err != nil || !(last[0] < -100) || math.IsInf(last[0], 0) {
		t.Errorf("log P of the cap is %v, error %v; want it finite and far down", last[0], err)
	}
}

// Far out in the tail log P keeps its digits: ratios of neighbours approach
// e^(−1/s) of the widest component.
func TestMixtureTailsFallLikeALogisticLaw(t *testing.T) {
	b, _ := backend.Open("go")
	m, err := New(b, Box{Caps: []int{200_000}}, NADE{Heads: Logistic{Components: 1, Scale: []float64{50}}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	logp := make([]float64, 2)
	if err := m.LogProb(logp, make(Params, m.Size()), []int32{100_000, 100_001}); err != nil {
		t.Fatal(err)
	}
	if d := logp[1] - logp[0]; math.Abs(d+1.0/50) > 1e-10 {
		t.Errorf("log P falls by %v a count, want %v", -d, 1.0/50)
	}
}

// Tempered draws of a single component are draws of a logistic law that is wider
// by the inverse of the power.
func TestTemperedMixturesAreWider(t *testing.T) {
	b, _ := backend.Open("go")
	const limit, scale, power = 5000, 40.0, 0.25
	m, err := New(b, Box{Caps: []int{limit}}, NADE{Heads: Logistic{Components: 1, Scale: []float64{scale}}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 3))
	u, powers, x := make([]float64, 500), make([]float64, 500), make([]int32, 500)
	for i := range u {
		u[i], powers[i] = rng.Float64(), power
	}
	if err := m.Sample(x, make(Params, m.Size()), u, powers); err != nil {
		t.Fatal(err)
	}
	for i, v := range u {
		// With all coefficients 0 the mean and the width are the scale. Draws within
		// 1e-9 of a boundary do not occur with these numbers.
		edge := scale + scale/power*math.Log(v/(1-v)) - 0.5
		if want := min(max(math.Ceil(edge), 0), limit); float64(x[i]) != want {
			t.Fatalf("u = %v gave %d, want %v", v, x[i], want)
		}
	}
}
