package evolve

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// HistoryBias spreads a batch evenly along an order parameter s(x) = Σ_i c_i x_i,
// from one basin to another one, as flat-histogram methods do.
//
// Candidates come from the mixture b of the network P and of three powers of its
// conditionals. How they spread over bins of s is first learned from candidates of
// the network at the beginning of the step; then each new candidate is kept with the
// probability α of its bin, inverse to what the history has there, so that all bins
// get about as many states. The weights P/(b α) make averages those over P without a
// normalisation of the biased law being known (Horvitz and Thompson, J. Am. Stat.
// Assoc. 47, 663, 1952), and whatever the bias is, because it was learned from other draws.
type HistoryBias struct {
	Along      []float64 // c_i [L], not all 0
	Draws      int       // expected states kept; 0 means 2000
	Candidates int       // 0 means 4 times Draws
	Bins       int       // 0 means 40; never narrower than the smallest |c_i|
	Weighting  Weighting
}

// candidatePowers are those of the conditionals from which candidates come, as many
// from each; 1 is P itself.
var candidatePowers = [...]van.Power{1, 0.6, 0.3, 0.1}

func (p HistoryBias) defaults() HistoryBias {
	set(&p.Draws, publishedBatch)
	set(&p.Candidates, 4*p.Draws)
	set(&p.Bins, 40)
	return p
}

func (p HistoryBias) String() string {
	p = p.defaults()
	return fmt.Sprintf("history-bias(along=%v, draws=%d, candidates=%d, bins=%d, weights=%v)", p.Along, p.Draws, p.Candidates, p.Bins, p.Weighting)
}

func (p HistoryBias) check(species int) error {
	if len(p.Along) != species || !slices.ContainsFunc(p.Along, func(c float64) bool { return c != 0 }) {
		return fmt.Errorf("%w: an order parameter with the coefficients %v for %d species; give one for each, not all 0", ErrSettings, p.Along, species)
	}
	for _, c := range p.Along {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return fmt.Errorf("%w: an order parameter with the coefficients %v; they must be finite", ErrSettings, p.Along)
		}
	}
	if p.Draws < 1 || p.Candidates < p.Draws || p.Bins < 1 {
		return fmt.Errorf("%w: %v; use at least one bin and one draw, and as many candidates as draws", ErrSettings, p)
	}
	return p.Weighting.check()
}

// Propose keeps about Draws of the candidates.
func (p HistoryBias) Propose(d Draw, add func(x []int32, weight float64)) error {
	p = p.defaults()
	if err := p.check(d.Model.Box.Species()); err != nil {
		return err
	}
	begin := d.Old
	if begin == nil {
		begin = d.Params
	}
	earlier, err := p.candidates(d, begin)
	if err != nil {
		return err
	}
	keep := p.acceptance(d.Model.Box, earlier)
	list, err := p.candidates(d, d.Params)
	if err != nil {
		return err
	}
	l := d.Model.Box.Species()
	c := newCloud(d.System, d.Model.Box, d.Time)
	for k := 0; k < len(list); k += l {
		if x := list[k : k+l]; d.Rand.Float64() < keep(x) {
			c.bare(x, 1)
		}
	}
	if p.Weighting != Unweighted {
		logp, b, err := p.density(d.Model, d.Params, c.states)
		if err != nil {
			return err
		}
		for i := range c.rows {
			// In units in which the weights of all draws sum to about their number.
			share := keep(c.state(c.rows[i].state)) * float64(p.Candidates) / float64(p.Draws)
			ratio := p.Weighting.ratio(math.Exp(logp[i]-b[i]) / share)
			if d.Ratio != nil && ratio > 0 {
				d.Ratio(math.Log(ratio), c.rows[i].weight)
			}
			c.rows[i].weight *= ratio
		}
	}
	for _, r := range c.rows {
		if r.weight > 0 {
			add(c.state(r.state), r.weight)
		}
	}
	return nil
}

// candidates draws from the mixture b of a network.
func (p HistoryBias) candidates(d Draw, theta van.Params) ([]int32, error) {
	l := d.Model.Box.Species()
	x := make([]int32, p.Candidates*l)
	for k, power := range candidatePowers {
		lo, hi := p.Candidates*k/len(candidatePowers), p.Candidates*(k+1)/len(candidatePowers)
		part, u := x[lo*l:hi*l], uniforms(d, hi-lo, false)
		var err error
		if power == 1 {
			err = d.Model.Sample(part, theta, u, nil)
		} else {
			err = d.Model.SampleBent(part, theta, u, power)
		}
		if err != nil {
			return nil, err
		}
	}
	return x, nil
}

// density returns log P and log b of states.
func (p HistoryBias) density(m *van.Model, theta van.Params, states []int32) (logp, logb []float64, err error) {
	n := len(states) / m.Box.Species()
	logp, logb = make([]float64, n), make([]float64, n)
	for i := range logb {
		logb[i] = math.Inf(-1)
	}
	part := make([]float64, n)
	for k, power := range candidatePowers {
		if power == 1 {
			err = m.LogProb(part, theta, states)
			copy(logp, part)
		} else {
			err = m.LogProbBent(part, theta, states, power)
		}
		if err != nil {
			return nil, nil, err
		}
		count := p.Candidates*(k+1)/len(candidatePowers) - p.Candidates*k/len(candidatePowers)
		for i, v := range part {
			logb[i] = logSum(logb[i], v+math.Log(float64(count)/float64(p.Candidates)))
		}
	}
	return logp, logb, nil
}

// acceptance returns the probability with which a candidate is kept: 1 in bins that
// the earlier candidates left empty, and elsewhere so that no bin is expected to have
// more states than another one with enough candidates, and all together Draws.
func (p HistoryBias) acceptance(box van.Box, earlier []int32) func(x []int32) float64 {
	low, high, unit := 0.0, 0.0, math.Inf(1)
	for i, c := range p.Along {
		reach := c * float64(box.Caps[i])
		low, high = low+min(0, reach), high+max(0, reach)
		if c != 0 {
			unit = min(unit, math.Abs(c))
		}
	}
	width := max((high-low)/float64(p.Bins), unit)
	bin := func(x []int32) int {
		s := -low
		for i, c := range p.Along {
			s += c * float64(x[i])
		}
		return min(int(s/width), p.Bins-1)
	}
	count := make([]float64, p.Bins)
	l := box.Species()
	for k := 0; k < len(earlier); k += l {
		count[bin(earlier[k:k+l])]++
	}
	// The level at which Σ min(count, level) is Draws.
	level, left, bins := 0.0, float64(p.Draws), float64(p.Bins)
	sorted := slices.Clone(count)
	slices.Sort(sorted)
	for _, n := range sorted {
		if n*bins > left {
			level = left / bins
			break
		}
		left, bins, level = left-n, bins-1, n
	}
	keep := make([]float64, p.Bins)
	for j, n := range count {
		keep[j] = min(1, level/max(n, 1))
		if n == 0 {
			keep[j] = 1
		}
	}
	return func(x []int32) float64 { return keep[bin(x)] }
}
