package evolve

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve/device"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// swinging is smooth with a Hill rate, a rate that swings in time, and an order of
// two.
func swinging(t testing.TB) *crn.Compiled {
	t.Helper()
	n := smooth(t).Network()
	for name, v := range map[string]float64{"gain": 2, "half": 4, "pair": 0.05, "swing": 0.5, "period": 0.3, "feed": 1} {
		n.Param(name, v)
	}
	n.ReactWith("0 -> P", crn.Hill{Species: "P", Gain: "gain", Half: "half", Repress: true})
	n.ReactWith("0 -> P", crn.Sinusoid{Rate: "feed", Amplitude: "swing", Period: "period"})
	n.React("2 P -> P", "pair")
	c, err := n.Compile()
	must(t, err)
	return c
}

// Steps on the device end with the law of steps on the host: full sums, draws, and
// weighted draws; both spaces of a natural gradient, Adam and SGD. The random numbers
// are the same, and what differs is the order of sums: 1e-15 in a number, times the
// condition of the equations, up to 1e5 here.
func TestDeviceAndHostAgree(t *testing.T) {
	for name, c := range map[string]struct {
		system    *crn.Compiled
		network   van.Architecture
		proposal  Proposal
		optimiser Optimiser
	}{
		"full sum, samples":             {smooth(t), exact, whole, Natural{Metric: Metric{Space: SampleSpace}}},
		"full sum, parameters":          {smooth(t), exact, whole, Natural{Metric: Metric{Space: ParameterSpace}}},
		"full sum, rates of all kinds":  {swinging(t), exact, whole, Natural{}},
		"draws, samples":                {smooth(t), exact, Vanilla{Draws: 700}, Natural{Metric: Metric{Space: SampleSpace}}},
		"draws, relative damping":       {swinging(t), van.NADE{Hidden: 3}, Vanilla{Draws: 600, Independent: true}, Natural{Epochs: 2, Metric: Metric{Relative: 1e-3}}},
		"draws, Transformer":            {smooth(t), van.Transformer{DModel: 4, AttentionHeads: 2, Layers: 1}, Vanilla{Draws: 100}, Natural{Epochs: 2, Metric: Metric{Space: SampleSpace}}},
		"weighted draws":                {smooth(t), exact, Alpha{Draws: 600}, Natural{Epochs: 3}},
		"Adam":                          {smooth(t), exact, Vanilla{Draws: 300}, Adam{Epochs: 20}},
		"SGD with momentum, no clip":    {smooth(t), exact, whole, SGD{Epochs: 20, Clip: -1, Momentum: 0.5}},
		"a schedule, and the last word": {smooth(t), exact, whole, Natural{Schedule: Cosine{Final: 0.1}, Converged: 0.02}},
	} {
		t.Run(name, func(t *testing.T) {
			set := Settings{
				Times: []float64{0.02, 0.05}, Seed: 5, Workers: 2, Backend: openGo(t), Network: c.network, Proposal: c.proposal,
				Scheme: Published{Optimiser: c.optimiser, Start: quick, Dt: 0.01},
			}
			var ends [2]*Result
			for i, place := range []Place{OnHost, OnDevice} {
				set.Step = place
				var err error
				ends[i], err = Run(context.Background(), c.system, set)
				must(t, err)
			}
			host, dev := ends[0], ends[1]
			_, p := law(t, host)
			_, q := law(t, dev)
			if d := apart(p, q); !(d < 1e-8) {
				t.Errorf("the laws are %.2g apart", d)
			}
			for k := range host.State.Outputs {
				a, b := host.State.Outputs[k].Diagnostics, dev.State.Outputs[k].Diagnostics
				for _, field := range []string{"dt", "kl", "kl_bound", "dt_rate", "loss", "leak", "iterations", "tail", "batch_tail"} {
					x, hasX := a.Get(field)
					y, hasY := b.Get(field)
					if hasX != hasY || !(x == y || math.Abs(x-y) <= 1e-6*max(math.Abs(x), 1e-3)) {
						t.Errorf("t = %g: %s is %g on the host and %g on the device", host.State.Outputs[k].Time, field, x, y)
					}
				}
			}
			if fmt.Sprint(len(host.State.Memory.Vectors)) != fmt.Sprint(len(dev.State.Memory.Vectors)) || host.State.Memory.Count != dev.State.Memory.Count {
				t.Errorf("the optimiser remembers %d vectors on the host and %d on the device", len(host.State.Memory.Vectors), len(dev.State.Memory.Vectors))
			}
		})
	}
}

// A step that would not be positive names its state on the device as well, or is
// reduced.
func TestDeviceRefusesLongSteps(t *testing.T) {
	set := Settings{
		Times: []float64{1}, Seed: 1, Backend: openGo(t), Network: exact, Proposal: whole, Step: OnDevice,
		Scheme: Published{Optimiser: Natural{Epochs: 1}, Start: quick, Dt: 1},
	}
	_, onDevice := Run(context.Background(), smooth(t), set)
	set.Step = OnHost
	_, onHost := Run(context.Background(), smooth(t), set)
	if onDevice == nil || onHost == nil || onDevice.Error() != onHost.Error() || !errors.Is(onDevice, ErrStep) {
		t.Errorf("device: %v\nhost: %v", onDevice, onHost)
	}
}

// What only the host can do is refused where the device was asked for.
func TestDeviceRefuses(t *testing.T) {
	for name, scheme := range map[string]Scheme{
		"momentum": Published{Optimiser: Natural{Momentum: 0.5}}, "TDVP": Published{Optimiser: TDVP{}}, "implicit": Implicit{},
	} {
		_, err := Run(context.Background(), smooth(t), Settings{Times: []float64{0.1}, Backend: openGo(t), Network: exact, Scheme: scheme, Step: OnDevice})
		if !errors.Is(err, ErrSettings) || !errors.Is(err, device.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Run(context.Background(), smooth(t), Settings{Times: []float64{0.1}, Backend: openGo(t), Step: 9}); !errors.Is(err, ErrSettings) {
		t.Errorf("place 9: %v", err)
	}
	if _, err := ParsePlace("moon"); !errors.Is(err, ErrSettings) {
		t.Errorf("the moon: %v", err)
	}
}
