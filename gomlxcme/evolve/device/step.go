package device

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
)

// Step is one step of length dt on the device: from the network with parameters old
// to the target. The caller draws a batch (Draw or Load), asks how far the network is
// from the target there (Misfit), and changes the parameters (Natural or Descend),
// as often as it likes. Close gives all memory back.
type Step struct {
	kernel *Kernel
	held   bag // for the whole step
	batch  bag // for one batch

	theta, old    *tensors.Tensor // [P]
	values        *tensors.Tensor // of the rates
	first, second *tensors.Tensor // memory of Adam or a momentum [P]; nil for none
	dt            float64

	chunks []chunk
	sums   *tensors.Tensor
	stage  stage
}

// stage is how far a batch is.
type stage int

const (
	none stage = iota
	drawn
	compared
)

// chunk is a part of a batch on the device, of C states.
type chunk struct {
	states, weights, outflow, misfit *tensors.Tensor
}

// NewStep begins a step at a time, at which propensities are taken.
func (k *Kernel) NewStep(old []float64, time, dt float64) (*Step, error) {
	values, err := k.rates.listValues(k.system, time)
	if err != nil {
		return nil, err
	}
	s := &Step{kernel: k, dt: dt}
	if s.old, err = send(k, &s.held, old, len(old)); err == nil {
		s.values, err = send(k, &s.held, values, len(values))
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	s.theta = s.old
	return s, nil
}

// Close gives the memory of the step back.
func (s *Step) Close() {
	s.batch.empty()
	s.held.empty()
}

// Draw draws a batch from the network at uniform numbers u [n·L], of equal weights.
func (s *Step) Draw(u []float64) error {
	k, l := s.kernel, s.kernel.model.Box.Species()
	n := len(u) / l
	return s.fill(n, func(b *bag, lo, hi int) (states, weights *tensors.Tensor, err error) {
		block, w := make([]float64, k.chunk*l), make([]float64, k.chunk)
		copy(block, u[lo*l:hi*l])
		for i := range hi - lo {
			w[i] = 1 / float64(n)
		}
		numbers, err := send(k, b, block, k.chunk, l)
		if err != nil {
			return nil, nil, err
		}
		if states, err = b.call1(k.sample, s.theta, numbers); err != nil {
			return nil, nil, err
		}
		b.drop(numbers)
		weights, err = send(k, b, w, k.chunk)
		return states, weights, err
	})
}

// Load takes states [n·L] with weights [n], of sum 1, for a batch.
func (s *Step) Load(states []int32, weights []float64) error {
	k, l := s.kernel, s.kernel.model.Box.Species()
	return s.fill(len(weights), func(b *bag, lo, hi int) (x, w *tensors.Tensor, err error) {
		block, part := make([]int32, k.chunk*l), make([]float64, k.chunk)
		copy(block, states[lo*l:hi*l])
		copy(part, weights[lo:hi])
		if x, err = send(k, b, block, k.chunk, l); err == nil {
			w, err = send(k, b, part, k.chunk)
		}
		return x, w, err
	})
}

// fill makes a batch of n states, chunk by chunk.
func (s *Step) fill(n int, get func(b *bag, lo, hi int) (states, weights *tensors.Tensor, err error)) error {
	k := s.kernel
	s.batch.empty()
	s.stage = none
	s.chunks = make([]chunk, (n+k.chunk-1)/k.chunk)
	err := k.each(len(s.chunks), func(i int) (err error) {
		c := &s.chunks[i]
		c.states, c.weights, err = get(&s.batch, i*k.chunk, min(n, (i+1)*k.chunk))
		return err
	})
	if err == nil {
		s.stage = drawn
	}
	return err
}

// Misfit says how far the network is from the target on a batch.
type Misfit struct {
	Mean    float64 // ⟨r⟩ of r = log P − log target: the divergence of the papers
	Spread  float64 // root of ⟨(r − ⟨r⟩)²⟩
	ESS     float64 // effective number of states, 1/Σ w²
	Outflow float64 // largest R(x); the step is positive where Outflow·dt < 1
}

// Misfit compares the network with the target on the batch. It returns an error where
// what it finds is not finite.
func (s *Step) Misfit() (Misfit, error) {
	k := s.kernel
	if s.stage != drawn {
		return Misfit{}, fmt.Errorf("device: a batch is compared with its target once after it is drawn")
	}
	// log P, and the target as exp(top)·sum.
	logp, top, sum := make([]*tensors.Tensor, len(s.chunks)), make([]*tensors.Tensor, len(s.chunks)), make([]*tensors.Tensor, len(s.chunks))
	var b bag
	defer b.empty()
	err := k.each(len(s.chunks), func(i int) (err error) {
		if top[i], sum[i], err = s.target(&b, &s.chunks[i]); err == nil {
			logp[i], err = b.call1(k.logp, s.theta, s.chunks[i].states)
		}
		return err
	})
	if err != nil {
		return Misfit{}, err
	}
	if s.sums, err = k.zeros(&s.batch, 4); err != nil {
		return Misfit{}, err
	}
	for i := range s.chunks {
		c := &s.chunks[i]
		out, err := s.batch.call(k.misfit, logp[i], top[i], sum[i], c.outflow, c.weights, s.sums)
		if err != nil {
			return Misfit{}, err
		}
		c.misfit, s.sums = out[0], out[1]
	}
	v, err := fetch[float64](s.sums)
	if err != nil {
		return Misfit{}, err
	}
	s.stage = compared
	m := Misfit{Mean: v[0], Spread: math.Sqrt(max(0, v[1]-v[0]*v[0])), ESS: 1 / v[2], Outflow: v[3]}
	return m, finite("the misfit of a batch", v)
}

// target returns the target of a chunk as exp(top)·sum, both [C], in the bag.
func (s *Step) target(b *bag, c *chunk) (top, sum *tensors.Tensor, err error) {
	k := s.kernel
	factors, err := s.batch.call(k.terms, c.states, s.values, s.dt)
	if err != nil {
		return nil, nil, err
	}
	c.outflow = factors[1]
	defer s.batch.drop(factors[0])
	lowest := make([]float64, k.chunk)
	for i := range lowest {
		lowest[i] = never
	}
	if top, err = send(k, b, lowest, k.chunk); err != nil {
		return nil, nil, err
	}
	if sum, err = k.zeros(b, k.chunk); err != nil {
		return nil, nil, err
	}
	for j := range len(k.rates.reactions) + 1 {
		out, err := b.call(k.shifted, s.old, c.states, factors[0], int32(j), top, sum)
		if err != nil {
			return nil, nil, err
		}
		b.drop(top)
		b.drop(sum)
		top, sum = out[0], out[1]
	}
	return top, sum, nil
}

// Fastest returns the state of the batch that is left at the largest rate.
func (s *Step) Fastest() (state []int32, rate float64, err error) {
	l := s.kernel.model.Box.Species()
	for _, c := range s.chunks {
		outflow, err := fetch[float64](c.outflow)
		if err != nil {
			return nil, 0, err
		}
		states, err := fetch[int32](c.states)
		if err != nil {
			return nil, 0, err
		}
		weights, err := fetch[float64](c.weights)
		if err != nil {
			return nil, 0, err
		}
		for i, r := range outflow {
			if weights[i] > 0 && (state == nil || r > rate) {
				state, rate = states[i*l:(i+1)*l], r
			}
		}
	}
	return state, rate, nil
}

// Params returns the parameters as they are now.
func (s *Step) Params() ([]float64, error) {
	theta, err := fetch[float64](s.theta)
	if err != nil {
		return nil, err
	}
	return theta, finite("an update of the parameters", theta)
}

// Check draws a batch by the uniform numbers u [n·L] from the network as it is now and
// returns the misfits [n] of the draws, the mean of what the caps disable at them, in
// 1/time, and the largest R(x).
func (s *Step) Check(u []float64) (misfits []float64, leak, outflow float64, err error) {
	if err := s.Draw(u); err != nil {
		return nil, 0, 0, err
	}
	m, err := s.Misfit()
	if err != nil {
		return nil, 0, 0, err
	}
	k := s.kernel
	n := len(u) / k.model.Box.Species()
	sum, err := k.zeros(&s.batch)
	if err != nil {
		return nil, 0, 0, err
	}
	for i, c := range s.chunks {
		blocked, err := s.batch.call1(k.blocked, c.states, s.values)
		if err != nil {
			return nil, 0, 0, err
		}
		if sum, err = s.batch.call1(k.inner, blocked, c.weights, sum); err != nil {
			return nil, 0, 0, err
		}
		r, err := fetch[float64](c.misfit)
		if err != nil {
			return nil, 0, 0, err
		}
		misfits = append(misfits, r[:min(k.chunk, n-i*k.chunk)]...)
	}
	total, err := fetch[float64](sum)
	if err != nil {
		return nil, 0, 0, err
	}
	return misfits, total[0], m.Outflow, nil
}
