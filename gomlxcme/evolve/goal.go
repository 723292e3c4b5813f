package evolve

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// massFloor is −log P below which a state adds nothing to the mass of a law.
const massFloor = 20

// goal is a law to which a network is fitted.
type goal struct {
	states  []int32   // [n·L] those that carry the law, and the rows
	logp    []float64 // [n]
	cloud   *cloud    // of the rows: the states that enter the equations
	rows    []int     // their numbers among the states
	weights []float64 // of the rows
}

// misfit is how a network differs from a goal.
type misfit struct {
	residuals *residuals // log p − log P in the rows, with the pull of the mass outside
	weights   []float64  // of the rows, which count less where they are far off
	loss      float64    // Huber loss of the rows plus twice the mass outside
}

func (p *problem) newGoal(states []int32, probability []float64) (*goal, error) {
	l := p.model.Box.Species()
	var listed []int
	var logp []float64
	for i, v := range probability {
		if lp := math.Log(v); lp > -fitFloor {
			listed, logp = append(listed, i), append(logp, lp)
		}
	}
	if len(listed) == 0 {
		return nil, fmt.Errorf("%w: the start has no probability", ErrStep)
	}
	rows, weights := thin(flattened(logp, 0.05, 0.4), fitRows)
	t := &goal{cloud: newCloud(p.system, p.model.Box, 0)}
	for i, lp := range logp {
		chosen := len(t.rows) < len(rows) && rows[len(t.rows)] == i
		if !chosen && lp <= -massFloor {
			continue
		}
		x := states[listed[i]*l : (listed[i]+1)*l]
		if chosen {
			t.cloud.rows = append(t.cloud.rows, row{state: t.cloud.intern(x), weight: weights[len(t.rows)]})
			t.rows = append(t.rows, len(t.logp))
		}
		t.states, t.logp = append(t.states, x...), append(t.logp, lp)
	}
	t.weights = t.cloud.normalised()
	return t, nil
}

// at compares the goal with the network theta.
func (t *goal) at(m *van.Model, theta van.Params) (*misfit, error) {
	logp := make([]float64, len(t.logp))
	if err := m.LogProb(logp, theta, t.states); err != nil {
		return nil, err
	}
	inside := 0.0
	for _, v := range logp {
		inside += math.Exp(v)
	}
	r := newResiduals(len(t.rows))
	for k, i := range t.rows {
		r.set(k, t.logp[i]-logp[i], 0)
	}
	f := &misfit{residuals: r, weights: r.robust(t.weights, fitBend), loss: r.lossAbout(0, t.weights, fitBend) + 2*max(0, 1-inside)}
	// The gradient of the mass outside is −Σ P O over the states inside, since that
	// over all states is 0.
	for k, i := range t.rows {
		r.right[k] += min(math.Exp(logp[i])/f.weights[k], fitPull)
	}
	return f, nil
}

// thin returns n of the entries, in order, and what each stands for: half are those
// of the largest weight, the others are drawn from the rest by systematic resampling
// and share its weight. Fewer entries are all kept.
func thin(weights []float64, n int) (kept []int, weight []float64) {
	order := make([]int, len(weights))
	for i := range order {
		order[i] = i
	}
	if len(weights) <= n {
		return order, slices.Clone(weights)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	top := n / 2
	chosen := map[int]float64{}
	for _, i := range order[:top] {
		chosen[i] = weights[i]
	}
	rest := order[top:]
	slices.Sort(rest)
	sum := 0.0
	for _, i := range rest {
		sum += weights[i]
	}
	// None of the rest weighs more than the mean of the top, so few are hit twice.
	step := sum / float64(n-top)
	at, next := 0.0, step/2
	for _, i := range rest {
		for at += weights[i]; at > next; next += step {
			chosen[i] += step
		}
	}
	for i := range weights {
		if w, ok := chosen[i]; ok {
			kept, weight = append(kept, i), append(weight, w)
		}
	}
	return kept, weight
}
