package evolve

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// definite returns a random positive definite matrix [n·n] with the smallest
// eigenvalue at least 1.
func definite(n int, rng *rand.Rand) []float64 {
	b := mat.NewDense(n, n, nil)
	for i := range n * n {
		b.RawMatrix().Data[i] = rng.NormFloat64()
	}
	s := mat.NewSymDense(n, nil)
	s.SymOuterK(1, b)
	a := make([]float64, n*n)
	for i := range n {
		for j := range n {
			a[i*n+j] = s.At(i, j)
		}
		a[i*n+i]++
	}
	return a
}

// The factor reproduces the matrix and is the same bytes for any number of
// workers; sizes around those of panels and tiles are among them.
func TestFactorise(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{1, 2, 3, 5, 63, 64, 65, 131, 330} {
		a := definite(n, rng)
		one, two := append([]float64(nil), a...), append([]float64(nil), a...)
		if !factorise(one, n, 1) || !factorise(two, n, 3) {
			t.Fatalf("n = %d: not positive definite", n)
		}
		for i := range n {
			for j := range i + 1 {
				if one[i*n+j] != two[i*n+j] {
					t.Fatalf("n = %d: workers change element %d, %d", n, i, j)
				}
				if got := dot(one[i*n:i*n+j+1], one[j*n:j*n+j+1]); math.Abs(got-a[i*n+j]) > 1e-12*float64(n)*math.Sqrt(a[i*n+i]*a[j*n+j]) {
					t.Fatalf("n = %d: element %d, %d is %v, want %v", n, i, j, got, a[i*n+j])
				}
			}
		}
		want, y := make([]float64, n), make([]float64, n)
		for i := range want {
			want[i] = rng.NormFloat64()
		}
		for i := range y {
			y[i] = dot(a[i*n:(i+1)*n], want)
		}
		substitute(one, n, y)
		for i := range y {
			// The condition number is below 4n² + 1.
			if math.Abs(y[i]-want[i]) > 1e-13*float64(4*n*n+1) {
				t.Fatalf("n = %d: solution %d is %v, want %v", n, i, y[i], want[i])
			}
		}
	}
}

// A matrix with a negative eigenvalue is refused wherever it shows.
func TestFactoriseRefusesIndefinite(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, at := range []int{0, 63, 64, 99} {
		a := definite(100, rng)
		a[at*100+at] = -1
		if factorise(a, 100, 2) {
			t.Errorf("a negative element %d on the diagonal is accepted", at)
		}
	}
}

func BenchmarkFactorise(b *testing.B) {
	for _, n := range []int{1000, 2000} {
		a := definite(n, rand.New(rand.NewPCG(3, 3)))
		for _, which := range []string{"ours", "gonum"} {
			b.Run(fmt.Sprintf("%s/n=%d", which, n), func(b *testing.B) {
				s := mat.NewSymDense(n, append([]float64(nil), a...))
				c := make([]float64, n*n)
				for b.Loop() {
					copy(c, a)
					if which == "ours" {
						factorise(c, n, 1)
					} else {
						var f mat.Cholesky
						f.Factorize(s)
					}
				}
			})
		}
	}
}
