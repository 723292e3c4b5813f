package crn_test

import (
	"math"
	"testing"
)

// switches lists the times up to 100 at which a trigger changes in the state P = 4, Q = 30, as trajectories look for them.
func switches(t *testing.T, text string) []float64 {
	t.Helper()
	n := eventNetwork()
	n.AddEvent("e", text, nil)
	c, err := n.Compile()
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	trigger, x := c.Events()[0].Trigger, []int32{4, 30}
	var times []float64
	now := trigger.After(x, 0)
	for at, asked := trigger.Next(x, 0), 0; at <= 100; at = trigger.Next(x, at) {
		if asked++; asked > 10_000 {
			t.Fatalf("%s: no end at t = %v", text, at)
		}
		for _, v := range []bool{trigger.Now(x, at), trigger.After(x, at)} {
			if v != now {
				times, now = append(times, at), v
			}
		}
	}
	return times
}

func TestCurvesSwitchWhereTheyCross(t *testing.T) {
	for text, want := range map[string][]float64{
		"time()^2 >= 50":                                   {math.Sqrt(50)},
		"(time() - 7) * (time() - 20) < 0":                 {7, 20},
		"sin(2 * 3.141592653589793 * time() / 40) > 0.5":   {10.0 / 3, 50.0 / 3, 130.0 / 3, 170.0 / 3, 250.0 / 3, 290.0 / 3},
		"cos(time() / 30) <= 0":                            {15 * math.Pi},
		"exp(-time() / P) < 0.01":                          {4 * math.Log(100)},
		"rem(time(), 24) < 1":                              {1, 24, 25, 48, 49, 72, 73, 96, 97},
		"time() - Q * floor(time() / Q) >= 29":             {29, 30, 59, 60, 89, 90},
		"quotient(7, 2) * sqrt(time()) > 30":               {100},
		"1 / (time() - 50) > 0":                            {50},
		"abs(time() - 40) < 5 && sin(time()) < 2":          {35, 45},
		"tan(time() / 40) > 1":                             {10 * math.Pi, 20 * math.Pi},
		"max(time(), 30) > 60 || ln(1 + time()) < ln(11)":  {10, 60},
		"piecewise(time(), time() < 20, 40 - time()) > 15": {15, 25},
		"sin(time()) > 1":                                  nil,
		"sin(time()) + cos(time()) > 1.5":                  nil,
		"time()^2 + 1 < 0":                                 nil,
		"exp(-time()) < 0":                                 nil,
		"sin(time()) - sin(time()) > 0":                    nil,
		"0 * sin(time()) > 1":                              nil,
		"cosh(time() - 50) < cosh(10)":                     {40, 60},
		"atan(time()) * tanh(time()) + asinh(time()) > 5":  {0},
	} {
		got := switches(t, text)
		if text == "atan(time()) * tanh(time()) + asinh(time()) > 5" { // against bisection without spans
			low, high := 1.0, 100.0
			for range 200 {
				if m := (low + high) / 2; math.Atan(m)*math.Tanh(m)+math.Asinh(m) > 5 {
					high = m
				} else {
					low = m
				}
			}
			want = []float64{high}
		}
		same := len(got) == len(want)
		for i := range want {
			same = same && math.Abs(got[i]-want[i]) <= 1e-9*want[i]
		}
		if !same {
			t.Errorf("%s switches at %v, want %v", text, got, want)
		}
	}
}

// Jumps are found to the last bit: an event every day happens at the whole hour.
func TestJumpsAreExact(t *testing.T) {
	for _, at := range switches(t, "rem(time(), 24) < 1") {
		if at != math.Round(at) {
			t.Errorf("%.17g", at)
		}
	}
}

// Whatever can be compiled as a trigger is searched to an end, and each search goes on in time.
func FuzzTrigger(f *testing.F) {
	for _, text := range []string{"time() >= 25 && Q > 3", "sin(time()) > 0.5", "rem(time(), 24) < 1", "P / (time() - 3) > tan(time())", "time()^P < exp(Q) || xor(time() > 1)",
		"piecewise(time(), time() < 20, 40 - time()) > 15"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := eventNetwork()
		n.AddEvent("e", text, nil)
		c, err := n.Compile()
		if err != nil {
			return
		}
		trigger := c.Events()[0].Trigger
		for _, x := range [][]int32{{0, 0}, {4, 30}} {
			at := 0.0
			for range 20 {
				trigger.Now(x, at)
				trigger.After(x, at)
				next := trigger.Next(x, at)
				if !(next > at) {
					t.Fatalf("%q in state %v: %v follows %v", text, x, next, at)
				}
				if at = next; at > 1e300 {
					break
				}
			}
		}
	})
}
