package van

import (
	"fmt"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// SharedNADE is the neural autoregressive distribution estimator as published
// (Larochelle and Murray, AISTATS 2011): all conditionals share the weights of the
// counts,
//
//	h_i = tanh(c_i + Σ_{j<i} W_j φ_j(x_j)),   coefficients_i = s_i + V_i h_i,
//
// so that the number of parameters grows linearly with the number of species, and
// the sum is carried from species to species.
type SharedNADE struct {
	Hidden   int   // hidden units, H; 0 means 24
	Features int   // polynomials of a count; 0 means 6
	Heads    Heads // nil means Spline{}
}

func (a SharedNADE) defaults() SharedNADE {
	set(&a.Hidden, 24)
	set(&a.Features, 6)
	if a.Heads == nil {
		a.Heads = Spline{}
	}
	return a
}

func (a SharedNADE) String() string {
	a = a.defaults()
	return fmt.Sprintf("shared-nade(hidden=%d, features=%d, heads=%v)", a.Hidden, a.Features, a.Heads)
}

func (a SharedNADE) build(sites []site) (network, error) {
	a = a.defaults()
	if a.Hidden < 1 || a.Features < 1 {
		return nil, fmt.Errorf("%w: %v; use at least one hidden unit and one feature", ErrArchitecture, a)
	}
	e, err := newEnds(sites, a.Features, a.Hidden, a.Heads)
	if err != nil {
		return nil, err
	}
	return &sharedNADE{e}, nil
}

type sharedNADE struct{ *ends }

func (net *sharedNADE) walk(t *tape, n int) walk {
	var sum *mlx.Node
	i := -1
	return func(before *mlx.Node) *mlx.Node {
		i++
		// The biases of the tokens add up to c_i.
		if token := net.enter(t, i, before, n); i == 0 {
			sum = token
		} else {
			sum = mlx.Add(sum, token)
		}
		return t.apply(net.output[i], mlx.Tanh(fence(sum)), n)
	}
}

func (net *sharedNADE) init(rng *rand.Rand) []float64 {
	theta := make([]float64, net.params.size)
	net.fill(theta, rng)
	return theta
}
