package reduced

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
	"gonum.org/v1/gonum/mat"
)

// The derivative that was published, from the series that was published, at every time.
func TestPublishedDerivative(t *testing.T) {
	rows := published.CSV(t, "tvr_check_ip3_2p0.csv")
	var raw, want []float64
	for i, row := range rows {
		raw = append(raw, row.Number(t, "b1_raw"))
		if i < len(rows)-1 {
			want = append(want, row.Number(t, "db1"))
		}
	}
	got, err := TotalVariation{Weight: 100}.Differentiate(raw)
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for i := range want {
		worst = max(worst, math.Abs(got[i]-want[i]))
	}
	if worst > 1e-12 {
		t.Errorf("differs by %.2g", worst)
	}
	filtered := Accumulate(raw[0], got)
	for _, row := range published.CSV(t, "params0_raw_and_filtered_every1s.csv") {
		if row["param"] == "b1" && row.Number(t, "ip3_uM") == 2 {
			i := int(math.Round(10 * (row.Number(t, "time_s") - 10)))
			near(t, "filtered b1", filtered[i], row.Number(t, "filtered"), 1e-11) // written with 12 digits
			near(t, "raw b1", raw[i], row.Number(t, "raw"), 1e-11)
		}
	}
}

// At 0.1 µM nothing happens: the published derivative is 0 throughout.
func TestPublishedDerivativeAtRest(t *testing.T) {
	var raw []float64
	for _, row := range published.CSV(t, "raw_mean_counts_ip3_0p1_2p0.csv") {
		raw = append(raw, (row.Number(t, "ca_mean_ip3_0.1")-2118.57855361596)/1934.711856329346)
	}
	got, err := TotalVariation{Weight: 100}.Differentiate(raw)
	if err != nil {
		t.Fatal(err)
	}
	for i, u := range got {
		if u != 0 {
			t.Fatalf("derivative %d is %g, want 0", i, u)
		}
	}
}

// The five diagonals give what the dense equations of the source give.
func TestDifferentiateAgainstDense(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	f := make([]float64, 60)
	for i := range f {
		f[i] = math.Abs(float64(i)-30)/30 + 0.02*rng.NormFloat64()
	}
	for _, v := range []TotalVariation{{Weight: 0.1}, {Weight: 3, Iterations: 4}, {Weight: 100, Softening: 1e-4}} {
		v.Floor = 1e-300
		got, err := v.Differentiate(f)
		if err != nil {
			t.Fatal(err)
		}
		nearAll(t, "derivative", got, dense(v.filled(), f), 1e-11)
	}
}

// dense is the iteration as the source has it: H = AᵀA + αL, u ← u − H⁻¹ g.
func dense(v TotalVariation, f []float64) []float64 {
	m := len(f) - 1
	a, d := mat.NewDense(m, m, nil), mat.NewDense(m-1, m, nil)
	data := mat.NewVecDense(m, nil)
	for i := range m {
		data.SetVec(i, f[i+1]-f[0])
		for j := range i + 1 {
			a.Set(i, j, 1)
		}
		if i < m-1 {
			d.Set(i, i, -1)
			d.Set(i, i+1, 1)
		}
	}
	u := mat.NewVecDense(m, nil)
	for range v.Iterations {
		var du, au, g, lu, s mat.VecDense
		du.MulVec(d, u)
		e := mat.NewDiagDense(m-1, nil)
		for i := range m - 1 {
			e.SetDiag(i, v.Weight/math.Sqrt(du.AtVec(i)*du.AtVec(i)+v.Softening))
		}
		var l, h mat.Dense
		l.Product(d.T(), e, d)
		h.Mul(a.T(), a)
		h.Add(&h, &l)
		au.MulVec(a, u)
		au.SubVec(&au, data)
		g.MulVec(a.T(), &au)
		lu.MulVec(&l, u)
		g.AddVec(&g, &lu)
		if err := s.SolveVec(&h, &g); err != nil {
			panic(err)
		}
		u.SubVec(u, &s)
	}
	return u.RawVector().Data
}

func TestDifferentiateRefuses(t *testing.T) {
	for _, f := range [][]float64{nil, {1, 2, 3}, {1, 2, math.NaN(), 3}} {
		if _, err := (TotalVariation{Weight: 1}).Differentiate(f); !errors.Is(err, ErrSeries) {
			t.Errorf("%v: error %v", f, err)
		}
	}
	if _, err := (TotalVariation{}).Differentiate([]float64{1, 2, 3, 4}); !errors.Is(err, ErrSettings) {
		t.Errorf("no weight: error %v", err)
	}
}

func BenchmarkDifferentiate(b *testing.B) {
	f := make([]float64, 401)
	for i := range f {
		f[i] = math.Sin(float64(i) / 50)
	}
	for b.Loop() {
		if _, err := (TotalVariation{Weight: 100}).Differentiate(f); err != nil {
			b.Fatal(err)
		}
	}
}
