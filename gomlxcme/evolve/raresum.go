package evolve

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// rareShare is the weight of the square of what the log of a rare sum lacks,
	// beside that of log P of all states, which weigh 1 together.
	rareShare = 1.0
	// rareFloor is the probability of the states of a rare sum below which it does not
	// count yet: so far out the fit of the start is not good enough to be kept.
	rareFloor = 1e-12
	// rareStates bounds the states that stand for those of one.
	rareStates = 5000
)

// counted gives the factor with which a state counts in a rare sum, 0 for none.
type counted func(x []int32) float64

// within counts the states of a set.
func within(set rare.Basin) counted {
	return func(x []int32) float64 {
		if set.Contains(x) {
			return 1
		}
		return 0
	}
}

// entering counts states by the rate at which reactions lead from them into a set.
// Rates that depend on time are taken at the given one.
func entering(c *crn.Compiled, set rare.Basin, time float64) counted {
	y := make([]int32, c.NumSpecies())
	return func(x []int32) float64 {
		rate := 0.0
		for k := range c.NumReactions() {
			for s, d := range c.Change(k) {
				y[s] = x[s] + d
			}
			if set.Contains(y) && !set.Contains(x) {
				rate += c.Propensity(k, x, time)
			}
		}
		return rate
	}
}

// rare returns the sums that count by themselves in a step that ends at the given time.
func (p *problem) rare(time float64) []counted {
	var list []counted
	for _, set := range p.basins {
		list = append(list, within(set))
	}
	if p.absorb != nil {
		list = append(list, entering(p.system, *p.absorb, time))
	}
	return list
}

// rareSum is Σ c(x) P(x) by the solution of a step, where c ≥ 0 picks out few states:
// the probability of a basin, or the flux into it. What a fit leaves at single states
// may add up there.
type rareSum struct {
	states []int32   // [n·L] those that stand for it
	factor []float64 // [n] c(x), times the number of states that this one stands for
	log    float64   // log of the sum by the solution
}

// newRareSum looks for the states that count, whose probabilities by the solution are
// given; false if they are too rare.
func newRareSum(of counted, states []int32, probability []float64) (rareSum, bool) {
	l := len(states) / len(probability)
	var found []int
	var factor, weights []float64
	mass, sum := 0.0, 0.0
	for i, p := range probability {
		x := states[i*l : (i+1)*l]
		if c := of(x); p > 0 && c > 0 {
			found, factor, weights = append(found, i), append(factor, c), append(weights, c*p)
			mass += p
			sum += c * p
		}
	}
	r := rareSum{log: math.Log(sum)}
	kept, stand := thin(weights, rareStates)
	for k, i := range kept {
		r.states = append(r.states, states[found[i]*l:(found[i]+1)*l]...)
		r.factor = append(r.factor, factor[i]*stand[k]/weights[i])
	}
	return r, mass > rareFloor
}

// terms returns c(x) P(x) of the network theta, and their sum.
func (r rareSum) terms(m *van.Model, theta van.Params) ([]float64, float64, error) {
	p := make([]float64, len(r.factor))
	if err := m.LogProb(p, theta, r.states); err != nil {
		return nil, 0, err
	}
	sum := 0.0
	for i, v := range p {
		p[i] = r.factor[i] * math.Exp(v)
		sum += p[i]
	}
	return p, sum, nil
}

// lack is the change of the log of the sum that the network theta lacks, at most
// changeMost.
func (r rareSum) lack(m *van.Model, theta van.Params) (float64, error) {
	_, sum, err := r.terms(m, theta)
	return max(-changeMost, min(changeMost, r.log-math.Log(sum))), err
}

// pull adds to the normal equations what the sum lacks.
func (r rareSum) pull(n *normal, m *van.Model, theta van.Params, lack float64) error {
	p, sum, err := r.terms(m, theta)
	if err != nil || sum == 0 {
		return err
	}
	for i := range p {
		p[i] /= sum
	}
	row := make([]float64, m.Size())
	if err := m.ScoresVJP(row, theta, r.states, p); err != nil {
		return err
	}
	j, right := mat.NewVecDense(len(row), row), mat.NewVecDense(len(row), n.right)
	n.matrix.SymRankOne(n.matrix, rareShare, j)
	right.AddScaledVec(right, rareShare*lack, j)
	return nil
}
