package van

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// twoGenes is the law of a gene that is on with probability 0.3, of a protein with
// a Poisson law of mean 9 or 2, and of molecules that the protein binds: each of 6
// with probability p/(p+4). It has two modes and all three counts depend on each
// other.
func twoGenes(x []int32) float64 {
	on, mean := 0.3, 9.0
	if x[0] == 0 {
		on, mean = 0.7, 2
	}
	p, b := float64(x[1]), float64(x[2])
	poisson, _ := math.Lgamma(p + 1)
	choose, _ := math.Lgamma(7)
	down, _ := math.Lgamma(b + 1)
	up, _ := math.Lgamma(7 - b)
	bound := (p + 0.5) / (p + 4.5)
	return math.Log(on) + p*math.Log(mean) - mean - poisson + choose - down - up + b*math.Log(bound) + (6-b)*math.Log(1-bound)
}

// updates makes Gauss–Newton updates of log P towards the target at the states,
// each weighted by its probability, in the space of states: with K = O Oᵀ,
//
//	δ = Oᵀ√w (√w K √w + λ)⁻¹ √w (target − log P),
//
// where λ follows the success of the last update. It returns the divergence
// Σ p (log p − log P).
func updates(t testing.TB, m *Model, theta Params, states []int32, target []float64, count int) float64 {
	n := len(target)
	logp, trial, gram := make([]float64, n), make([]float64, n), make([]float64, n*n)
	loss := func(logp []float64) (sum, kl float64) {
		for i, v := range target {
			sum += math.Exp(v) * (v - logp[i]) * (v - logp[i])
			kl += math.Exp(v) * (v - logp[i])
		}
		return sum, kl
	}
	damping, kl := 1e-2, 0.0
	for range count {
		if err := m.LogProb(logp, theta, states); err != nil {
			t.Fatal(err)
		}
		if err := m.Gram(gram, theta, states); err != nil {
			t.Fatal(err)
		}
		before, _ := loss(logp)
		k, right, v := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil), make([]float64, n)
		for i := range n {
			wi := math.Exp(target[i] / 2)
			right.SetVec(i, wi*(target[i]-logp[i]))
			for j := i; j < n; j++ {
				k.SetSym(i, j, wi*math.Exp(target[j]/2)*gram[i*n+j])
			}
		}
		trace := mat.Trace(k)
		for range 8 {
			a := mat.NewSymDense(n, nil)
			a.CopySym(k)
			for i := range n {
				a.SetSym(i, i, a.At(i, i)+damping*trace)
			}
			var chol mat.Cholesky
			var alpha mat.VecDense
			if !chol.Factorize(a) {
				damping *= 10
				continue
			}
			_ = chol.SolveVecTo(&alpha, right) // the condition number is bounded by the damping
			for i := range v {
				v[i] = math.Exp(target[i]/2) * alpha.AtVec(i)
			}
			step := make([]float64, m.Size())
			if err := m.ScoresVJP(step, theta, states, v); err != nil {
				t.Fatal(err)
			}
			for i := range step {
				step[i] += theta[i]
			}
			if err := m.LogProb(trial, step, states); err != nil {
				t.Fatal(err)
			}
			if after, divergence := loss(trial); after < before {
				copy(theta, step)
				kl = divergence
				damping = max(damping/10, 1e-12)
				break
			}
			damping *= 10
		}
	}
	return kl
}

// normalise shifts log-probabilities so that they belong to a law.
func normalise(logp []float64) {
	sum := 0.0
	for _, v := range logp {
		sum += math.Exp(v)
	}
	for i := range logp {
		logp[i] -= math.Log(sum)
	}
}

// Every network learns a law with two modes in twelve updates, to a divergence of
// 0.01, which a hundred samples could not tell from the truth. A mixture of
// logistic laws has another tail than a Poisson law and gets half as close.
func TestNetworksLearn(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	box := Box{Caps: []int{1, 25, 6}}
	all, _ := box.Enumerate(1000)
	var states []int32
	var target []float64
	for k := 0; k < len(all); k += 3 {
		if v := twoGenes(all[k : k+3]); v > -25 {
			states, target = append(states, all[k:k+3]...), append(target, v)
		}
	}
	normalise(target)
	for _, c := range []struct {
		arch Architecture
		want float64
	}{
		{NADE{}, 0.01},
		{NADE{Heads: Softmax{}}, 0.01},
		{Transformer{DModel: 8, Layers: 1}, 0.01},
		{SharedNADE{Hidden: 12}, 0.01},
		{GRU{Hidden: 8}, 0.01},
		{LSTM{Hidden: 8}, 0.01},
		{NADE{Heads: Logistic{Scale: []float64{0, 5}}}, 0.02},
	} {
		m, err := New(b, box, c.arch, 2)
		if err != nil {
			t.Fatal(err)
		}
		kl := updates(t, m, m.Init(rand.New(rand.NewPCG(71, 72))), states, target, 12)
		t.Logf("%v: %d parameters, divergence %.2g", m.Arch, m.Size(), kl)
		if !(kl < c.want) || kl < -1e-12 {
			t.Errorf("%v: divergence %v, want below %v", m.Arch, kl, c.want)
		}
	}
}
