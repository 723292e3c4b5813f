package main

import (
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

func TestFreeMemoryIsRead(t *testing.T) {
	if got := meminfo([]byte("MemTotal:       24000000 kB\nMemFree:  5 kB\nMemAvailable:   2000 kB\n")); got != 2_048_000 {
		t.Errorf("%v bytes are free, want 2,048,000", got)
	}
	for _, text := range []string{"", "MemAvailable:", "MemAvailable: much kB"} {
		if got := meminfo([]byte(text)); !math.IsInf(got, 1) {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What may be asked for is predicted, and cut to what fits, before anything is allocated.
func TestStatesAreCutToTheMemory(t *testing.T) {
	e, err := systems.Lookup("mapk")
	if err != nil {
		t.Fatal(err)
	}
	c, err := e.Build().Compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []fsp.Set{fsp.AutomaticSet, fsp.ReachableSet, fsp.AdaptiveSet} {
		const wanted, memory = 2_000_000_000, 8e9
		n := statesWithin(c, set, wanted, memory)
		if n >= wanted || n < 1_000_000 || fsp.Bytes(c, set, n) > 1.001*memory {
			t.Errorf("%v: %d states in %g bytes, predicted are %g", set, n, memory, fsp.Bytes(c, set, n))
		}
		if n := statesWithin(c, set, 1000, memory); n != 1000 {
			t.Errorf("%v: 1000 states are cut to %d", set, n)
		}
	}
}
