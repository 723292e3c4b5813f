package rare

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/psis"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Evaluation asks a network for probabilities, however small they are. But for the model and its parameters the zero value works.
//
// A set of at most Sum states is summed up. From a larger basin half of the draws come from the conditionals of the network within the basin,
// and half from the network itself; x has the weight P/q by the balance heuristic,
//
//	P(x)/q(x) = 2 / (1 + 1/M(x))     in the basin, M(x) = P(x)/q_within(x) as in van.Model.SampleWithin,
//
// which is at most 2. From a Predicate draws come from the network and from three powers of its conditionals, in equal parts.
// Draws are quasi-random, and the interval is that of Blocks independently shifted repetitions.
type Evaluation struct {
	Model *van.Model
	Theta van.Params
	Sum   int    // 0 means 100,000, a negative number that nothing is summed up
	Draws int    // of one block; 0 means 2048
	Block int    // number of blocks, at least 2; 0 means 16
	Seed  uint64 // of all randomness
}

func (e Evaluation) filled() Evaluation {
	if e.Sum == 0 {
		e.Sum = 100_000
	}
	if e.Draws == 0 {
		e.Draws = 2048
	}
	if e.Block == 0 {
		e.Block = 16
	}
	e.Block = max(e.Block, 2)
	return e
}

// Probability returns P(set). The error wraps ErrBasin where no state of the network's box lies in a basin.
func (e Evaluation) Probability(s Set) (Estimate, error) {
	e = e.filled()
	if b, ok := s.(Basin); ok {
		r, err := b.Within(e.Model.Box.Caps)
		if err != nil {
			return Estimate{}, err
		}
		return e.expect(r, func([]int32) float64 { return 1 })
	}
	if n, ok := e.Model.Box.States(); ok && float64(n) <= float64(e.Sum) {
		all := van.Region{Low: make([]int32, len(e.Model.Box.Caps)), High: make([]int32, len(e.Model.Box.Caps))}
		for i, cap := range e.Model.Box.Caps {
			all.High[i] = int32(cap)
		}
		return e.sum(all, indicator(s))
	}
	return e.powers(s)
}

func indicator(s Set) func(x []int32) float64 {
	return func(x []int32) float64 {
		if s.Contains(x) {
			return 1
		}
		return 0
	}
}

// expect returns Σ_{x in r} P(x) f(x) for f ≥ 0.
func (e Evaluation) expect(r van.Region, f func(x []int32) float64) (Estimate, error) {
	if size(r) <= float64(e.Sum) {
		return e.sum(r, f)
	}
	return e.sampled(r, f)
}

// sum goes through all states of the region.
func (e Evaluation) sum(r van.Region, f func(x []int32) float64) (Estimate, error) {
	list, l := states(r), len(r.Low)
	logp := make([]float64, len(list)/l)
	if err := e.Model.LogProb(logp, e.Theta, list); err != nil {
		return Estimate{}, fmt.Errorf("rare: %w", err)
	}
	total := 0.0
	for k, v := range logp {
		if x := list[k*l : (k+1)*l]; e.Model.Box.Contains(x) {
			total += math.Exp(v) * f(x)
		}
	}
	return certain(total, FullSum, len(logp)), nil
}

// sampled draws from the region.
func (e Evaluation) sampled(r van.Region, f func(x []int32) float64) (Estimate, error) {
	l, half := len(r.Low), max(1, e.Draws/2)
	x, mass := make([]int32, 2*half*l), make([]float64, 2*half)
	weights := &tally{}
	for block := range e.Block {
		u := e.uniforms(block, 2*half)
		if err := errors.Join(e.Model.Sample(x[:half*l], e.Theta, u[:half*l], nil),
			e.Model.SampleWithin(x[half*l:], mass[half:], e.Theta, u[half*l:], r),
			e.Model.LogMassWithin(mass[:half], e.Theta, x[:half*l], r)); err != nil {
			return Estimate{}, fmt.Errorf("rare: %w", err)
		}
		for k, m := range mass {
			value := 0.0
			if s := x[k*l : (k+1)*l]; r.Contains(s) && e.Model.Box.Contains(s) {
				value = 2 / (1 + math.Exp(-m)) * f(s)
			}
			weights.add(value)
		}
		weights.end(2 * half)
	}
	return weights.estimate(e.Block*2*half, e.Block*half), nil
}

// candidatePowers are those of the conditionals from which a predicate is looked for, as many draws from each; 1 is the network.
var candidatePowers = [...]van.Power{1, 0.6, 0.3, 0.1}

// powers draws from a mixture of powers of the conditionals.
func (e Evaluation) powers(s Set) (Estimate, error) {
	l, part := e.Model.Box.Species(), max(1, e.Draws/len(candidatePowers))
	n := part * len(candidatePowers)
	x, logp, logq := make([]int32, n*l), make([]float64, n), make([]float64, n)
	weights := &tally{}
	for block := range e.Block {
		u := e.uniforms(block, n)
		for k, power := range candidatePowers {
			if err := e.Model.SampleBent(x[k*part*l:(k+1)*part*l], e.Theta, u[k*part*l:(k+1)*part*l], power); err != nil {
				return Estimate{}, fmt.Errorf("rare: %w", err)
			}
		}
		ratio := make([]float64, n) // q/P
		if err := e.Model.LogProb(logp, e.Theta, x); err != nil {
			return Estimate{}, fmt.Errorf("rare: %w", err)
		}
		for _, power := range candidatePowers {
			if err := e.Model.LogProbBent(logq, e.Theta, x, power); err != nil {
				return Estimate{}, fmt.Errorf("rare: %w", err)
			}
			for i := range ratio {
				ratio[i] += math.Exp(logq[i]-logp[i]) / float64(len(candidatePowers))
			}
		}
		for i, v := range ratio {
			value := 0.0
			if s.Contains(x[i*l : (i+1)*l]) {
				value = 1 / v
			}
			weights.add(value)
		}
		weights.end(n)
	}
	return weights.estimate(e.Block*n*(1+len(candidatePowers)), e.Block*part), nil
}

// uniforms returns n points of [0, 1)^L for a block, [n·L].
func (e Evaluation) uniforms(block, n int) []float64 {
	l := e.Model.Box.Species()
	rng := rand.New(rand.NewPCG(e.Seed, uint64(block)))
	shift, u := make([]float64, l), make([]float64, n*l)
	// The two halves of a block must not be one sequence, or their points would be alike.
	for _, part := range [][]float64{u[:n/2*l], u[n/2*l:]} {
		for i := range shift {
			shift[i] = rng.Float64()
		}
		van.NewSequence(shift).Next(part)
	}
	return u
}

// tally gathers weighted hits, block by block.
type tally struct {
	blocks []float64
	logs   []float64 // of the values above 0
	sum    float64
}

func (t *tally) add(v float64) {
	t.sum += v
	if v > 0 {
		t.logs = append(t.logs, math.Log(v))
	}
}

func (t *tally) end(draws int) {
	t.blocks = append(t.blocks, t.sum/float64(draws))
	t.sum = 0
}

// estimate averages the blocks. Where nothing was hit, the interval ends at 3/n for the n draws that came from the network itself.
func (t *tally) estimate(cost, plain int) Estimate {
	e := Averaged(t.blocks, Importance)
	e.Cost, e.Effective = cost, psis.Effective(t.logs)
	one := make([]float64, len(t.logs))
	for i := range one {
		one[i] = 1
	}
	if e.Tail = psis.Index(t.logs, one); len(t.logs) == 0 {
		e.Tail, e.High = math.Inf(1), min(1, 3/float64(plain))
	}
	return e
}

// Flux returns the probability that enters the basin per unit of time, Σ_{x outside} P(x) Σ_k a_k(x) [x + s_k inside], at time t.
func (e Evaluation) Flux(c *crn.Compiled, b Basin, t float64) (Estimate, error) {
	e = e.filled()
	if _, err := b.Within(e.Model.Box.Caps); err != nil {
		return Estimate{}, err
	}
	var parts []Estimate
	for k := range c.NumReactions() {
		for _, r := range b.sources(c, k, e.Model.Box.Caps) {
			p, err := e.expect(r, func(x []int32) float64 { return c.Propensity(k, x, t) })
			if err != nil {
				return Estimate{}, err
			}
			parts = append(parts, p)
		}
	}
	return sum(parts, Importance), nil
}
