package ode

import (
	"errors"
	"math"
	"testing"
)

// A turn on the circle has an exact solution.
func TestSolve(t *testing.T) {
	y := []float64{1, 0}
	turn := func(_ float64, dy, y []float64) { dy[0], dy[1] = -y[1], y[0] }
	if err := Solve(turn, y, 0, 10, 1e-10, func(float64, []float64) {}); err != nil {
		t.Fatal(err)
	}
	// Some 500 steps, each with at most the tolerance of error, on a circle that neither grows nor shrinks.
	if math.Abs(y[0]-math.Cos(10)) > 1e-7 || math.Abs(y[1]-math.Sin(10)) > 1e-7 {
		t.Errorf("got %v, want %v, %v", y, math.Cos(10), math.Sin(10))
	}
}

// The equation depends on time: y' = 5 t⁴ is integrated exactly by a method of order 5, from any start.
func TestSolveInTime(t *testing.T) {
	y := []float64{32}
	if err := Solve(func(t float64, dy, _ []float64) { dy[0] = 5 * t * t * t * t }, y, 2, 3, 1e-3, func(float64, []float64) {}); err != nil {
		t.Fatal(err)
	}
	if math.Abs(y[0]-243) > 1e-11 {
		t.Errorf("got %v, want 243", y[0])
	}
}

func TestSolveStopsAtAPole(t *testing.T) {
	err := Solve(func(_ float64, dy, y []float64) { dy[0] = y[0] * y[0] }, []float64{1}, 0, 2, 1e-9, func(float64, []float64) {})
	if !errors.Is(err, ErrStep) {
		t.Errorf("passed the pole of y' = y² at t = 1: error %v", err)
	}
}
