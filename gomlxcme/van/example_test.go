package van_test

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// A network over two counts: its probabilities sum to 1, and quasi-random
// numbers turn into samples.
func ExampleModel() {
	b, err := backend.Open("go")
	if err != nil {
		fmt.Println(err)
		return
	}
	box, err := van.NewBox([]int{1, 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := van.New(b, box, van.NADE{Hidden: 4}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	theta := m.Init(rand.New(rand.NewPCG(1, 1)))

	all, _ := box.Enumerate(100)
	logp := make([]float64, len(all)/2)
	if err := m.LogProb(logp, theta, all); err != nil {
		fmt.Println(err)
		return
	}
	sum := 0.0
	for _, v := range logp {
		sum += math.Exp(v)
	}

	u, x := make([]float64, 2*1000), make([]int32, 2*1000)
	van.NewSequence([]float64{0.5, 0.5}).Next(u)
	if err := m.Sample(x, theta, u, nil); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v\n%d states, total probability %.6f, %d samples\n", m.Arch, len(logp), sum, len(x)/2)
	// Output:
	// nade(hidden=4, features=6, heads=spline(knots=14/24, free-below=12, flat=[]))
	// 62 states, total probability 1.000000, 1000 samples
}

// A recurrent network learns a law that is known on 62 states by ten natural
// gradient steps in the space of states: δ = Oᵀ(O Oᵀ + λ)⁻¹(log p − log P), where
// the scores O are never held.
func ExampleModel_Gram() {
	b, err := backend.Open("go")
	if err != nil {
		fmt.Println(err)
		return
	}
	box, _ := van.NewBox([]int{1, 30})
	m, err := van.New(b, box, van.GRU{Hidden: 6}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	// A gene that is on half of the time, and Poisson laws of mean 12 and 4.
	states, _ := box.Enumerate(100)
	n := len(states) / 2
	want := make([]float64, n)
	for k := range want {
		mean, count := 4+8*float64(states[2*k]), float64(states[2*k+1])
		lg, _ := math.Lgamma(count + 1)
		want[k] = math.Log(0.5) + count*math.Log(mean) - mean - lg
	}

	theta := m.Init(rand.New(rand.NewPCG(1, 1)))
	logp, gram, step := make([]float64, n), make([]float64, n*n), make([]float64, m.Size())
	divergence := func() (kl float64) {
		_ = m.LogProb(logp, theta, states)
		for k, v := range want {
			kl += math.Exp(v) * (v - logp[k])
		}
		return kl
	}
	before := divergence()
	for range 10 {
		_ = m.LogProb(logp, theta, states)
		_ = m.Gram(gram, theta, states)
		k, missing := mat.NewSymDense(n, gram), mat.NewVecDense(n, nil)
		for i, v := range want {
			missing.SetVec(i, v-logp[i])
			k.SetSym(i, i, k.At(i, i)+0.1)
		}
		var chol mat.Cholesky
		var alpha mat.VecDense
		if !chol.Factorize(k) || chol.SolveVecTo(&alpha, missing) != nil {
			fmt.Println("the Gram matrix cannot be factorised")
			return
		}
		_ = m.ScoresVJP(step, theta, states, alpha.RawVector().Data)
		for i, v := range step {
			theta[i] += v
		}
	}
	after := divergence()
	fmt.Printf("divergence above 0.1 before: %v, below 0.001 after: %v\n", before > 0.1, after < 1e-3)
	// Output:
	// divergence above 0.1 before: true, below 0.001 after: true
}
