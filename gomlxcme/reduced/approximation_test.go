package reduced

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func features(t testing.TB, names []string, p Parameters, candidates ...string) []float64 {
	t.Helper()
	f, err := NewFeatures(names, candidates...)
	if err != nil {
		t.Fatal(err)
	}
	dst := make([]float64, f.Size())
	if err := f.Evaluate(dst, p); err != nil {
		t.Fatal(err)
	}
	return dst
}

var abx = []string{"A", "B", "X"}

// The worked example of the source: moments (300, 200, 500), with σ² by the first variable.
func TestPublishedExample(t *testing.T) {
	p := Parameters{[][]float64{{30. / 70, 20. / 70}}, nil, 90 - 900./70, Frame{[]float64{500}, []float64{70}}}
	p.B = []float64{300 - 500*p.W[0][0], 200 - 500*p.W[0][1]}
	near(t, "σ²", p.Noise, 77.142857142857, 1e-13)
	nearAll(t, "b", p.B, []float64{85.714285714286, 57.142857142857}, 1e-13)
	for text, want := range map[string][]float64{
		"A + B -> 2 A": {1434.2743312012, -1434.2743312012, 60008.571428571, -60008.571428571, 52294.285714286},
		"A -> 2 A":     {3.585685828003181, 0, 300, 0, 227.14285714285714},
		"A -> 0":       {-3.585685828003181, 0, -300, 0, 72.857142857142857},
	} {
		nearAll(t, text, features(t, abx, p, text), want, 1e-13) // printed with 14 digits
	}
}

// Closed forms: decay of the latent variable, and birth of a visible one.
func TestClosedForms(t *testing.T) {
	p := randomParameters(rand.New(rand.NewPCG(13, 14)), 2)
	hat := p.Hat()
	w, m, s := hat.W[0], p.Latent.Mean[0], p.Latent.Var[0]
	square := w[0]*w[0] + w[1]*w[1]
	nearAll(t, "X -> 0", features(t, abx, p, "X -> 0"), []float64{-m * w[0] / (2 * s), -m * w[1] / (2 * s), 0, 0, m * square / (2 * s)}, 1e-13)
	nearAll(t, "A -> 2 A", features(t, abx, p, "A -> 2 A"), []float64{w[0], 0, hat.B[0], 0, hat.Noise + hat.B[0]/2}, 1e-13)
}

// numeric is the route of the source, in numbers: moments, the rule for their derivatives, and a step along them that is projected on the
// family again. Its error is that of a central difference.
func numeric(t *testing.T, c Candidate, p Parameters) []float64 {
	t.Helper()
	mean, cov := p.Moments()
	n := len(mean)
	second := func(i, j int) float64 { return cov[i][j] + mean[i]*mean[j] }
	third := func(i, j, k int) float64 {
		return mean[i]*second(j, k) + mean[j]*second(i, k) + mean[k]*second(i, j) - 2*mean[i]*mean[j]*mean[k]
	}
	var reactants []int
	for i, k := range c.Orders {
		for range k {
			reactants = append(reactants, i)
		}
	}
	a, with := 1.0, func(i int) float64 { return mean[i] }
	switch len(reactants) {
	case 1:
		a, with = mean[reactants[0]], func(i int) float64 { return second(i, reactants[0]) }
	case 2:
		a, with = second(reactants[0], reactants[1]), func(i int) float64 { return third(i, reactants[0], reactants[1]) }
	}
	project := func(eps float64) Parameters {
		m, k := slices.Clone(mean), zeros(n, n)
		for i := range m {
			m[i] += eps * float64(c.Change[i]) * a
		}
		for i := range m {
			for j := range m {
				ci, cj := float64(c.Change[i]), float64(c.Change[j])
				k[i][j] = second(i, j) + eps*(ci*with(j)+cj*with(i)+ci*cj*a) - m[i]*m[j]
			}
		}
		q, err := FromMoments(m, k)
		if err != nil {
			t.Fatal(err)
		}
		return q.Hat()
	}
	const eps = 1e-6
	up, down := project(eps), project(-eps)
	var out []float64
	for i := range up.W[0] {
		out = append(out, (up.W[0][i]-down.W[0][i])/(2*eps))
	}
	for i := range up.B {
		out = append(out, (up.B[i]-down.B[i])/(2*eps))
	}
	return append(out, (up.Noise-down.Noise)/(2*eps))
}

// Every reaction of at most two reactants does to the parameters what its moments do.
func TestApproximationsFollowTheMoments(t *testing.T) {
	names := []string{"A", "B", "C", "X"}
	rng := rand.New(rand.NewPCG(15, 16))
	for _, text := range []string{
		"0 -> A", "0 -> X", "A -> 0", "X -> 2 X", "B -> C", "A -> X", "X -> A + B", "A -> 3 A",
		"A + B -> 2 A", "A + X -> 2 X", "X + C -> X", "2 A -> B", "2 X -> X", "A + X -> 0", "2 B -> 2 X",
	} {
		c, err := ParseCandidate(text, names)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			p := randomParameters(rng, 3)
			nearAll(t, text, features(t, names, p, text), numeric(t, c, p), 1e-6)
		}
	}
}

// Moments of any order are those of the normal law: for one variable <x⁴> = m⁴ + 6 m² v + 3 v² and <x⁵> = m⁵ + 10 m³ v + 15 m v²; for
// four the published closure.
func TestMomentsOfHighOrder(t *testing.T) {
	p := randomParameters(rand.New(rand.NewPCG(17, 18)), 2)
	g, values := closure{2}, Values(p)
	hat := p.Hat()
	m, v := hat.B[0], hat.W[0][0]*hat.W[0][0]+hat.Noise
	near(t, "<x⁴>", g.moment([]int{0, 0, 0, 0}).Evaluate(values), m*m*m*m+6*m*m*v+3*v*v, 1e-13)
	near(t, "<x⁵>", g.moment([]int{0, 0, 0, 0, 0}).Evaluate(values), m*m*m*m*m+10*m*m*m*v+15*m*v*v, 1e-13)
	n := func(i ...int) float64 { return g.moment(i).Evaluate(values) }
	near(t, "<xyhh>", n(0, 1, 2, 2), n(0, 1)*n(2, 2)+2*n(0, 2)*n(1, 2)-2*n(0)*n(1)*n(2)*n(2), 1e-12)
}

// The law of the product rule: d<x₁h>/dt of parameters that move is that of the moments.
func TestMomentIdentity(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	p, d := randomParameters(rng, 2), randomParameters(rng, 2)
	at := func(eps float64) (x, xh float64) {
		q := p.Clone()
		q.B[0] += eps * d.B[0]
		q.W[0][0] += eps * d.W[0][0]
		q.Latent.Mean[0] += eps * d.Latent.Mean[0]
		q.Latent.Var[0] += eps * d.Latent.Var[0]
		mean, cov := q.Moments()
		return mean[0], cov[0][2] + mean[0]*mean[2]
	}
	const eps = 1e-5
	x1, xh1 := at(eps)
	x0, xh0 := at(-eps)
	b, w, m, s := p.B[0], p.W[0][0], p.Latent.Mean[0], p.Latent.Var[0]
	db, dw, dm, ds := d.B[0], d.W[0][0], d.Latent.Mean[0], d.Latent.Var[0]
	near(t, "d<x>", (x1-x0)/(2*eps), db+dw*m+dm*w, 1e-8)
	near(t, "d<xh>", (xh1-xh0)/(2*eps), b*dm+db*m+dw*m*m+dw*s+ds*w+2*dm*m*w, 1e-8)
}

// Opposite reactions move W and b oppositely, and visible ones do not see the latent law.
func TestRedundancies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		p := randomParameters(rng, 2)
		f, err := NewFeatures(abx, "A + B -> 2 A", "B + A -> 2 B", "A -> 2 A", "A -> 0")
		if err != nil {
			t.Fatal(err)
		}
		got := make([]float64, f.Size())
		if err := f.Evaluate(got, p); err != nil {
			t.Fatal(err)
		}
		for _, first := range []int{0, 10} {
			for i := first; i < first+4; i++ {
				if got[i] != -got[i+5] {
					t.Fatalf("feature %d is %v, its opposite %v", i, got[i], got[i+5])
				}
			}
		}
		other := make([]float64, f.Size())
		if err := f.Evaluate(other, p.In(randomParameters(rng, 2).Latent)); err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if math.Abs(got[i]-other[i]) > 1e-9*max(1, math.Abs(got[i])) {
				t.Fatalf("feature %d of visible reactions depends on the frame: %v, %v", i, got[i], other[i])
			}
		}
	})
}

func TestCandidatesRefused(t *testing.T) {
	for _, text := range []string{"", "A -> A", "A -> 2 C", "A + B", "5 A -> 0", "A -> 2000 A", "A + X -> X + A"} {
		if _, err := ParseCandidate(text, abx); !errors.Is(err, ErrCandidate) {
			t.Errorf("%q: error %v", text, err)
		}
	}
	if _, err := NewFeatures(abx); !errors.Is(err, ErrCandidate) {
		t.Errorf("no candidates: error %v", err)
	}
	f, err := NewFeatures(abx, "A -> 0")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Evaluate(make([]float64, 4), Parameters{}); !errors.Is(err, ErrSettings) {
		t.Errorf("no parameters: error %v", err)
	}
}

// Whatever is read as a candidate can be approximated.
func FuzzParseCandidate(f *testing.F) {
	for _, text := range []string{"A + B -> 2 B", "0 -> X", "2 A -> X", "A -> ∅", "4 A -> 1000 B"} {
		f.Add(text)
	}
	p := randomParameters(rand.New(rand.NewPCG(21, 22)), 2)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCandidate(text, abx)
		if err != nil {
			return
		}
		a, err := Approximate(c, abx)
		if err != nil {
			t.Fatal(err)
		}
		a.each(func(i int, q Polynomial) {
			if v := q.Evaluate(Values(p)); math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("feature %d of %q is %v", i, text, v)
			}
		})
	})
}

func BenchmarkFeatures60(b *testing.B) {
	f, err := NewFeatures(abx, "A + B -> 2 A", "B + A -> 2 B", "A + X -> 2 A", "X + A -> 2 X", "B + X -> 2 B", "X + B -> 2 X",
		"A -> 2 A", "B -> 2 B", "X -> 2 X", "A -> 0", "B -> 0", "X -> 0")
	if err != nil {
		b.Fatal(err)
	}
	p := randomParameters(rand.New(rand.NewPCG(23, 24)), 2)
	dst := make([]float64, f.Size())
	for b.Loop() {
		if err := f.Evaluate(dst, p); err != nil {
			b.Fatal(err)
		}
	}
}

// What a predator that grows by eating its prey does to the effective distribution.
func ExampleApproximation_String() {
	f, err := NewFeatures([]string{"Ca", "IP3", "X"}, "X -> 0", "Ca + IP3 -> 2 Ca")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range f.Approximations {
		fmt.Print(a)
	}
	fmt.Println(f.Approximations[0].LaTeX()[0].Right)
	// Output:
	// X -> 0
	//   dW_Ca/dt = -W_Ca μ_X/(2 Σ_X)
	//   dW_IP3/dt = -W_IP3 μ_X/(2 Σ_X)
	//   db_Ca/dt = 0
	//   db_IP3/dt = 0
	//   dσ²/dt = W_Ca^2 μ_X/(2 Σ_X) + W_IP3^2 μ_X/(2 Σ_X)
	// Ca + IP3 -> 2 Ca
	//   dW_Ca/dt = b_Ca W_IP3 + b_IP3 W_Ca
	//   dW_IP3/dt = -b_Ca W_IP3 - b_IP3 W_Ca
	//   db_Ca/dt = b_Ca b_IP3 + W_Ca W_IP3
	//   db_IP3/dt = -b_Ca b_IP3 - W_Ca W_IP3
	//   dσ²/dt = b_Ca b_IP3 - b_Ca σ² + b_IP3 σ² + W_Ca W_IP3
	// -\frac{\hat W_{\mathrm{Ca}}\,\mu_{\mathrm{X}}}{2\,\Sigma_{\mathrm{X}}}
}
