package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// The gradient through five steps of paths is that of central differences, and the paths are those of reduced.Euler.
func TestGradientThroughSteps(t *testing.T) {
	for _, reactions := range []bool{true, false} {
		p := problem(t, reactions)
		b := open(t)
		m, err := Train(t.Context(), b, p, Settings{Hidden: []int{4}, Epochs: 1, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		series := learned(t)[:2]
		r, err := Rollout{Steps: 5, Starts: 2}.filled()
		if err != nil {
			t.Fatal(err)
		}
		f := &refinement{Rollout: r, model: m, train: series}
		if f.roller, err = m.roller(b); err != nil {
			t.Fatal(err)
		}
		f.prepare()
		starts := &paths{at: []int{0, 10, 200, 300}}
		for i, at := range starts.at {
			starts.state = append(starts.state, p.moving(series[i/2].Filtered[at])...)
		}
		got, scratch := make([]float64, len(m.Theta)), make([]float64, len(m.Theta))
		loss, err := f.gradient(got, starts)
		if err != nil {
			t.Fatal(err)
		}
		path, err := reduced.Euler{}.Follow(func(dw, db []float64, hat reduced.Parameters, step float64) error {
			return m.Field(dw, db, hat, step+10)
		}, series[0].Filtered[10], 6)
		if err != nil {
			t.Fatal(err)
		}
		state := slices.Clone(starts.state)
		for step := range 5 {
			next, err := f.roller.step.Call1(append(f.inputs(starts, step, state), m.net.tensors(nil, m.Theta)...)...)
			if err != nil {
				t.Fatal(err)
			}
			if err := next.ConstFlatData(func(flat any) { copy(state, flat.([]float64)) }); err != nil {
				t.Fatal(err)
			}
			want := p.moving(path[step+1])
			near(t, "b after a step", state[2], want[0], 1e-10)
			near(t, "W after a step", state[3], want[1], 1e-10)
		}
		if !(loss > 0) {
			t.Errorf("loss %v", loss)
		}
		for i := range m.Theta {
			if i%5 != 0 && i > 24 {
				continue
			}
			const eps = 1e-5
			at := func(v float64) float64 {
				kept := m.Theta[i]
				m.Theta[i] += v
				loss, err := f.gradient(scratch, starts)
				if err != nil {
					t.Fatal(err)
				}
				m.Theta[i] = kept
				return loss
			}
			want := (at(eps) - at(-eps)) / (2 * eps)
			if math.Abs(got[i]-want) > 1e-6*(1e-3+math.Abs(want)) { // losses of 1e-4 round at 1e-20, over 2 eps 1e-15
				t.Errorf("gradient %d: %.9g, want %.9g", i, got[i], want)
			}
		}
	}
}

// Refining lowers the error of whole paths, leaves the network that it began with as it was, and is repeatable.
func TestRefine(t *testing.T) {
	p := tiny(t)
	b := open(t)
	m, err := Train(t.Context(), b, p, Settings{Epochs: 3, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	before := slices.Clone(m.Theta)
	series := learned(t)[:3]
	deviation := func(m *Model) (sum float64) {
		for _, s := range series {
			path, err := reduced.Euler{}.Follow(m.Field, s.Filtered[0], 401)
			if err != nil {
				t.Fatal(err)
			}
			d, err := p.Reduction.Deviation(path, s.Filtered)
			if err != nil {
				t.Fatal(err)
			}
			sum += d
		}
		return sum
	}
	first := deviation(m)
	r := Rollout{Steps: 20, Starts: 3, Updates: 40, Kick: 0.05, Shrink: -1, Seed: 4}
	var last *Model
	for range 2 {
		got, err := Refine(t.Context(), b, m, series, r)
		if err != nil {
			t.Fatal(err)
		}
		if last != nil && !slices.Equal(got.Theta, last.Theta) {
			t.Error("the same settings gave another network")
		}
		last = got
	}
	if !slices.Equal(m.Theta, before) {
		t.Error("the network that it began with has changed")
	}
	if after := deviation(last); !(after < first/2) {
		t.Errorf("paths err by %v, then by %v", first, after)
	}
	both, err := RefineSeeds(t.Context(), b, []*Model{m, m}, series, Rollout{Steps: 20, Starts: 3, Updates: 40, Kick: 0.05, Shrink: -1, Seed: 3}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(both[0].Theta, last.Theta) || !slices.Equal(both[1].Theta, last.Theta) {
		t.Error("refined beside another it is another network")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Refine(ctx, b, m, series, r); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: error %v", err)
	}
	for _, r := range []Rollout{{Steps: -1}, {Steps: 401}, {Starts: -1}, {Updates: -1}, {Rate: -1}, {Clip: -1}, {Shrink: 1e4}, {Kick: -1}} {
		if _, err := Refine(t.Context(), b, m, series, r); !errors.Is(err, ErrSettings) {
			t.Errorf("%s: error %v", fmt.Sprintf("%+v", r), err)
		}
	}
}
