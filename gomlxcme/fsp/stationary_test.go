package fsp_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

func TestStationaryBirthDeathIsPoisson(t *testing.T) {
	_, n := build(t, "birth-death", crn.FallingFactorial)
	s, err := fsp.Stationary(context.Background(), compile(t, n), fsp.StationarySettings{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	d := 0.0
	for x, p := range s.Dist.Marginal(0).P {
		d += math.Abs(p - math.Exp(crn.Poisson{Mean: 10}.LogProb(x, 39)))
	}
	if d > 1e-10 || math.Abs(s.Dist.Mass()-1) > 1e-14 || s.Residual > 1e-10 {
		t.Errorf("difference %v, mass %v, residual %v", d, s.Dist.Mass(), s.Residual)
	}
}

// TestStationaryKeepsBothBasins: the law of one voxel has two peaks, and by detailed balance π(x+1)/π(x) = b(x)/d(x+1).
func TestStationaryKeepsBothBasins(t *testing.T) {
	n := schlogl(1)
	c := compile(t, n)
	s, err := fsp.Stationary(context.Background(), c, fsp.StationarySettings{})
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 85)
	total := 0.0
	want[0] = 1
	for x := range want {
		if x > 0 {
			at := func(k, x int) float64 { return c.Propensity(k, []int32{int32(x)}, 0) }
			want[x] = want[x-1] * (at(0, x-1) + at(2, x-1)) / (at(1, x) + at(3, x))
		}
		total += want[x]
	}
	d := 0.0
	for x, p := range s.Dist.Marginal(0).P {
		d += math.Abs(p - want[x]/total)
	}
	if d > 1e-8 || s.Error > 1e-8 {
		t.Errorf("difference %v, estimated error %v", d, s.Error)
	}
	if s.Gap < 0.5 || s.Gap > 5 {
		t.Errorf("slowest rate %v", s.Gap)
	}
}

func TestStationaryOfAnAbsorbingEndIsThatEnd(t *testing.T) {
	n := crn.New("decay")
	n.AddSpecies("X", crn.Delta(5), 5)
	n.ReactWith("X -> 0", crn.Number(2))
	s, err := fsp.Stationary(context.Background(), compile(t, n), fsp.StationarySettings{})
	if err != nil {
		t.Fatal(err)
	}
	if p := s.Dist.LogProb([]int32{0}); math.Abs(p) > 1e-8 {
		t.Errorf("ln P(0) = %v", p)
	}
}

func TestStationaryRefusals(t *testing.T) {
	free := crn.New("birth-death")
	free.AddSpecies("X", crn.Delta(5), crn.Unbounded)
	free.ReactWith("X -> 0", crn.Number(2))
	if _, err := fsp.Stationary(context.Background(), compile(t, free), fsp.StationarySettings{}); !errors.Is(err, fsp.ErrSettings) {
		t.Errorf("without a cap: %v", err)
	}
	slow := crn.New("slow")
	slow.AddSpecies("A", crn.Delta(1), 1)
	slow.AddSpecies("B", crn.Delta(0), 1)
	slow.ReactWith("A -> B", crn.Number(1))
	slow.ReactWith("B -> A", crn.Number(1))
	if _, err := fsp.Stationary(context.Background(), compile(t, slow), fsp.StationarySettings{MaxTime: 1e-3}); !errors.Is(err, fsp.ErrNotStationary) {
		t.Errorf("too little time: %v", err)
	}
}
