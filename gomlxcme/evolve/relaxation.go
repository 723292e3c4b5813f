package evolve

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// relaxation is the solution of a time step on the states that carry the law, where
// every log P is free. With z the solution at one state while its neighbours stay as
// they are, and g = ∂z/∂log I, Newton's change δ of log P obeys
//
//	δ(x) − g(x) Σ_k q_k(x) δ(x−s_k) = z(x) − log P(x),
//
// where q_k is the share of a source in the inflow. Least squares makes the right
// side small, and so weighs what a step does to a mode that relaxes with rate λ by
// (1+βλ)²: the misfit of fast modes, which the network cannot represent, decides
// slow ones, such as the weights of two basins. Once the equation is solved, the
// distance to the solution weighs all modes alike.
type relaxation struct {
	states  []int32   // [n·L] those to which a network is fitted
	logp    []float64 // [n] of the solution
	weights []float64 // [n] P of the solution, scaled to sum to 1, of all that a state stands for
	tails   []float64 // [n] flattened powers of P, which sum to tailShare, likewise; nil for none
	rare    []rareSum // which count by themselves
	left    float64   // rms change of log P by the last iteration
}

// wanted is how a network should change to become the solution of a step.
type wanted struct {
	change []float64 // [n] of log P, about its mean
	rare   []float64 // of the log of each rare sum
	weight []float64 // [n] the larger of P of the solution and of the network, so that what is too likely counts as well, and the tails
	norm   float64   // Σ weight·change², where large changes count by their size and not its square
	bulk   float64   // the same by P of the solution
}

const (
	// pointSweeps is the number of times that every state is solved by itself, before
	// Newton's method: states that were empty until now then have a likely value.
	pointSweeps = 4
	// newtonSteps and newtonGood, an rms change of log P, end the iteration, and above
	// newtonFair it has failed. In log P it is monotone after the first step, because z
	// is convex in log I.
	newtonSteps, newtonGood, newtonFair = 20, 1e-5, 1e-2
	// krylovSteps and krylovGood end the solution of one linear equation.
	krylovSteps, krylovGood = 300, 1e-6
	// tailShare is the weight of flattened powers of P, down to tailLowest, in the fit:
	// what will be the other basin in a while is a tail now. With many species no small
	// network holds the tails as well, and they would spoil the rest.
	tailShare, tailLowest = 0.3, 0.05
	// changeBend is the change of log P beyond which a state pulls less, and changeMost
	// what one state may ask of one update.
	changeBend, changeMost = 1.0, 2.0
)

// relax solves the step on the states that carry the law, from the network theta. It
// returns nil if they are too many, or if Newton's method fails.
func (p *problem) relax(theta van.Params, batch *cloud, earlier []point, t float64, f rule) (*relaxation, error) {
	floor := tailFloor
	if p.model.Box.Species() >= ManySpecies {
		floor = stateFloor
	}
	s, err := p.carrier(theta, batch.likely(floor), floor, t, f.rate())
	if err != nil || s == nil {
		return nil, err
	}
	c, err := p.draw(s, theta, earlier, t, nil)
	if err != nil {
		return nil, err
	}
	for range pointSweeps {
		for i, v := range c.residuals(c.logp, f, nil).raw {
			c.logp[c.rows[i].state] += v
		}
	}
	var weights []float64
	left := 0.0
	change := make([]float64, len(c.rows))
	for range newtonSteps {
		weights = c.bulk(c.logp)
		a, right := c.linear(c.residuals(c.logp, f, nil), weights)
		clear(change)
		a.solve(change, right, krylovSteps, krylovGood)
		for i, row := range c.rows {
			change[i] /= balance(weights[i])
			c.logp[row.state] += change[i]
		}
		if left = rms(change, weights); left < newtonGood {
			break
		}
	}
	if !(left < newtonFair) { // not a number, too
		return nil, nil
	}
	return p.solution(c, s.mass, left), nil
}

// solution takes down what the rows of the cloud say, which hold a given share of the
// law.
func (p *problem) solution(c *cloud, mass, left float64) *relaxation {
	weights, states := c.bulk(c.logp), c.rowStates(0, len(c.rows))
	logp := make([]float64, len(c.rows))
	for i, row := range c.rows {
		logp[i] = c.logp[row.state]
	}
	both, tails := slices.Clone(weights), make([]float64, len(weights))
	few := p.model.Box.Species() < ManySpecies
	if few {
		tails = flattened(logp, tailLowest, 1)
		floats.Scale(tailShare, tails)
		floats.Add(both, tails)
	}
	r := &relaxation{left: left}
	l := p.model.Box.Species()
	kept, stand := thin(both, mostStates)
	for k, i := range kept {
		r.states, r.logp = append(r.states, states[i*l:(i+1)*l]...), append(r.logp, logp[i])
		share := 1.0
		if both[i] > 0 {
			share = stand[k] / both[i]
		}
		r.weights = append(r.weights, weights[i]*share)
		if few {
			r.tails = append(r.tails, tails[i]*share)
		}
	}
	floats.Scale(mass, weights)
	for _, of := range p.rare(c.time) {
		if sum, ok := newRareSum(of, states, weights); ok {
			r.rare = append(r.rare, sum)
		}
	}
	return r
}

// lacks returns what the network theta lacks.
func (r *relaxation) lacks(m *van.Model, theta van.Params) (*wanted, error) {
	w := &wanted{change: make([]float64, len(r.logp)), weight: make([]float64, len(r.logp))}
	if err := m.LogProb(w.change, theta, r.states); err != nil {
		return nil, err
	}
	mean := 0.0
	for i, v := range w.change {
		w.change[i] = r.logp[i] - v
		mean += r.weights[i] * max(-changeBend, min(changeBend, w.change[i]))
	}
	for i := range w.change {
		w.change[i] -= mean
		v := math.Abs(w.change[i])
		if v > changeBend {
			v = math.Sqrt(changeBend * (2*v - changeBend))
		}
		w.weight[i] = r.weights[i]
		if w.change[i] < 0 && r.weights[i] > 0 {
			w.weight[i] *= math.Exp(-w.change[i])
		}
		if r.tails != nil {
			w.weight[i] += r.tails[i]
		}
		w.norm += w.weight[i] * v * v
		w.bulk += r.weights[i] * v * v
	}
	for _, sum := range r.rare {
		lack, err := sum.lack(m, theta)
		if err != nil {
			return nil, err
		}
		w.rare = append(w.rare, lack)
		w.norm += rareShare * lack * lack
	}
	return w, nil
}

// linear returns the equation of Newton's change, each state scaled by the balance of
// its weight. Sources that are not rows stay as they are.
func (c *cloud) linear(res *residuals, weights []float64) (a *sparse, right []float64) {
	n := len(c.rows)
	a = &sparse{start: make([]int32, n+1), diagonal: make([]float64, n)}
	right = make([]float64, n)
	for i, row := range c.rows {
		gain := res.share[i] / res.scale[i]
		a.diagonal[i] = 1
		for k, e := range row.inflow {
			if j, v := c.rowOf[e.from], gain*res.edges[i][k]; j >= 0 && v > 0 {
				a.column = append(a.column, j)
				a.value = append(a.value, -v*balance(weights[i]/weights[j]))
			}
		}
		a.start[i+1] = int32(len(a.column))
		right[i] = balance(weights[i]) * res.raw[i]
	}
	return a, right
}

// tangent returns the normal equations of the change that the network lacks.
func (r *relaxation) tangent(p *problem, theta van.Params, w *wanted) (*normal, error) {
	l := p.model.Box.Species()
	kept, weights := thin(w.weight, fitRows)
	c := newCloud(p.system, p.model.Box, 0)
	res := newResiduals(len(kept))
	for k, i := range kept {
		c.rows = append(c.rows, row{state: c.intern(r.states[i*l : (i+1)*l]), weight: weights[k]})
		res.set(k, max(-changeMost, min(changeMost, w.change[i])), 0)
	}
	n, err := p.equations.assemble(c, theta, res.robust(c.normalised(), changeBend), res)
	if err != nil {
		return nil, err
	}
	n.centre()
	for k, sum := range r.rare {
		if err := sum.pull(n, p.model, theta, w.rare[k]); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// balance scales the unknown of a state of the given probability: by its fourth
// root, so that a bound on the residual holds the likely states to many digits and
// the others to some.
func balance(weight float64) float64 { return math.Sqrt(math.Sqrt(weight)) }
