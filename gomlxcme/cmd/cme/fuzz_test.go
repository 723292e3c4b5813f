package main

import (
	"math"
	"strings"
	"testing"
)

// FuzzAssignment: what is accepted has a name and a value that can be written again.
func FuzzAssignment(f *testing.F) {
	for _, s := range []string{"k=1", "=1", "k=", "k", "k=1=2", " k = 1e-4 ", "k=NaN", "17", "X=none"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		params := assignments[float64]{kind: "NAME=VALUE", parse: parseNumber}
		if params.Set(text) == nil {
			a := params.list[0]
			if a.name == "" || !strings.Contains(text, "=") || math.IsNaN(a.value) || math.IsInf(a.value, 0) {
				t.Errorf("%q gives %+v", text, a)
			}
			if params.Set(text) == nil {
				t.Errorf("%q is accepted twice", text)
			}
		}
		caps := assignments[int]{kind: "SPECIES=COUNT|COUNT", nameless: true, parse: parseCap}
		if caps.Set(text) == nil {
			if a := caps.list[0]; (a.value < 0 && a.value != unlimited) || a.value > maxCap {
				t.Errorf("%q gives %+v", text, a)
			}
		}
	})
}

// FuzzTimes: what is accepted is finite, not negative and rising.
func FuzzTimes(f *testing.F) {
	for _, s := range []string{"1", "0,0.5,1", "1,1", "2,1", "-1", "", ",", "NaN", "1e309", "1 , 2", "0x1p-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		times, err := parseTimes(text)
		if err != nil {
			return
		}
		last := math.Inf(-1)
		for _, v := range times {
			if !(v > last) || v < 0 || math.IsInf(v, 0) {
				t.Fatalf("%q gives %v", text, times)
			}
			last = v
		}
		if len(times) != 1+strings.Count(text, ",") {
			t.Errorf("%q gives %d times", text, len(times))
		}
	})
}

// FuzzNames: what is accepted are different names, none of them empty, as many as there are fields.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"Px", "Px,Py", " Px , Py ", "Px,Px", "", ",", "a,,b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := parseNames(text)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, n := range names {
			if n == "" || n != strings.TrimSpace(n) || strings.Contains(n, ",") || seen[n] {
				t.Errorf("%q gives %q", text, names)
			}
			seen[n] = true
		}
		if len(names) != 1+strings.Count(text, ",") {
			t.Errorf("%q gives %d names", text, len(names))
		}
	})
}
