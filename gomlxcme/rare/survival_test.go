package rare_test

import (
	"context"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// Of a survival that falls exponentially, slope and mean passage are exact on any grid, and their intervals hold them.
func TestSlopeAndMeanPassage(t *testing.T) {
	const k = 0.7
	var curve []rare.Survival
	for _, at := range []float64{0.5, 1, 3, 4} {
		curve = append(curve, rare.Survival{Time: at, Value: math.Exp(-k * at), Bound: 1e-4})
	}
	e := rare.Slope(curve[1], curve[2], rare.Projection)
	if math.Abs(e.Value-k) > 1e-12 || math.Abs(e.High-e.Value-(1e-4/curve[1].Value+1e-4/curve[2].Value)/2) > 1e-12 || e.Low >= e.Value {
		t.Errorf("slope %+v", e)
	}
	m := rare.MeanPassage(curve, rare.Projection)
	if math.Abs(m.Value-1/k) > 1e-12 || m.Low >= m.Value || m.High <= m.Value {
		t.Errorf("mean passage %+v, want %v", m, 1/k)
	}
	if m := rare.MeanPassage(curve[:1], rare.Projection); m.Value != 0 {
		t.Errorf("from one time: %+v", m)
	}
	// What is absorbed between two times is what is uncertain of shares: with 10⁴ trajectories, of which 100 enter, 10 per cent.
	share := func(at, v float64) rare.Survival {
		return rare.Survival{Time: at, Value: v, SE: math.Sqrt(v * (1 - v) / 1e4)}
	}
	if e := rare.Slope(share(1, 0.99), share(2, 0.98), rare.Trajectories); math.Abs((e.High-e.Value)/e.Value-0.2) > 0.02 {
		t.Errorf("slope of shares %+v", e)
	}
}

// The rate of entering by the flux is the slope of the survival: exactly, by differences over 1e-3, whose error is some 1e-6 of it.
func TestFluxIsTheSlope(t *testing.T) {
	c := lattice(t)
	b := basin(t, "X1<=2,X2<=2,X3<=3", "X1", "X2", "X3")
	const at, h = 0.4, 1e-3
	r, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{at - h, at, at + h}, Absorb: b.Contains, Tolerance: 1e-13})
	if err != nil {
		t.Fatal(err)
	}
	s := rare.ProjectedSurvival(r)
	flux := rare.Flux(r.Snapshots[1].Dist.(*dist.Table), c, b, at) / s[1].Value
	if slope := rare.Slope(s[0], s[2], rare.Projection).Value; math.Abs(flux/slope-1) > 1e-4 || !(flux > 1e-6) {
		t.Errorf("flux %v, slope %v", flux, slope)
	}
}

// Ratios carry the errors of both numbers.
func TestRatios(t *testing.T) {
	a := rare.Estimate{Value: 4, Low: 4 * math.Exp(-0.3), High: 4 * math.Exp(0.3)}
	b := rare.Estimate{Value: 2, Low: 2 * math.Exp(-0.4), High: 2 * math.Exp(0.4)}
	if r := a.Over(b); r.Value != 2 || math.Abs(math.Log(r.High/2)-0.5) > 1e-12 || math.Abs(math.Log(2/r.Low)-0.5) > 1e-12 {
		t.Errorf("%+v", r)
	}
	a.Method = rare.Projection
	if r := a.Over(b); math.Abs(math.Log(r.High/2)-0.7) > 1e-12 || math.Abs(math.Log(2/r.Low)-0.7) > 1e-12 {
		t.Errorf("of bounds: %+v", r)
	}
}
