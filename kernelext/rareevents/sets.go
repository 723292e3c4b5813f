package rareevents

import (
	"fmt"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/kernelext"
)

// Everywhere is the basin of the states in which the same bound, such as "<=15", holds for every species.
func Everywhere(n *crn.Network, bound string) (rare.Basin, error) {
	names, parts := make([]string, len(n.Species)), make([]string, len(n.Species))
	for i, s := range n.Species {
		names[i], parts[i] = s.Name, s.Name+bound
	}
	return rare.ParseBasin(strings.Join(parts, ","), names)
}

// Inside is the probability of a set at each time of an answer: that of a projection, or of a network whose box is small, as it is, and
// that of trajectories with an interval of 95 per cent. The laws must list states, or be of one species, or of two whose joint law was kept.
func Inside(a kernelext.Answer, s rare.Set) ([]rare.Estimate, error) {
	list := make([]rare.Estimate, len(a.Snapshots))
	for i, snap := range a.Snapshots {
		if e, ok := rare.InLaw(snap, s); ok {
			list[i] = e
			continue
		}
		p, err := summed(snap.Dist, s)
		if err != nil {
			return nil, fmt.Errorf("rareevents: %s at t = %g: %w", a.Label, snap.Time, err)
		}
		if n := snap.Dist.Samples(); n > 0 {
			list[i] = rare.Share(int(math.Round(p*n)), int(n))
		} else {
			list[i] = rare.Estimate{Value: p, Low: p, High: p}
		}
	}
	return list, nil
}

// summed adds up a law of one or two species over a set.
func summed(law dist.Distribution, s rare.Set) (p float64, err error) {
	switch len(law.Species()) {
	case 1:
		for n, v := range law.Marginal(0).P {
			if s.Contains([]int32{int32(n)}) {
				p += v
			}
		}
		return p, nil
	case 2:
		joint, err := law.Joint(0, 1)
		for n, row := range joint.P {
			for m, v := range row {
				if s.Contains([]int32{int32(n), int32(m)}) {
					p += v
				}
			}
		}
		return p, err
	}
	return 0, fmt.Errorf("%w: the law of %d species lists no states", kernelext.ErrNothing, len(law.Species()))
}

// Text is an estimate with its interval, if it has one.
func Text(e rare.Estimate) string {
	if e.High-e.Low <= 1e-6*e.Value {
		return fmt.Sprintf("%.4g", e.Value)
	}
	return fmt.Sprintf("%.3g (%.2g to %.2g)", e.Value, e.Low, e.High)
}
