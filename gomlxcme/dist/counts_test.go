package dist_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"pgregory.net/rapid"
)

func counts(t interface{ Fatal(...any) }, pairs ...[2]int) *dist.Counts {
	c, err := dist.NewCounts([]string{"A", "B", "C"}, pairs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func stored(t interface{ Fatal(...any) }, c *dist.Counts) []byte {
	b, err := c.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestMergingInAnyOrderGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pairs := [][2]int{{0, 1}, {2, 0}}
		whole := counts(t, pairs...)
		parts := []*dist.Counts{counts(t, pairs...), counts(t, pairs...), counts(t, pairs...)}
		for range rapid.IntRange(0, 30).Draw(t, "states") {
			x := rapid.SliceOfN(rapid.Int32Range(0, 50), 3, 3).Draw(t, "x")
			part := parts[rapid.IntRange(0, 2).Draw(t, "worker")]
			if err := errors.Join(whole.Add(x), part.Add(x)); err != nil {
				t.Fatal(err)
			}
		}
		order := rapid.Permutation([]int{0, 1, 2}).Draw(t, "order")
		merged := counts(t, pairs...)
		for _, i := range order {
			if err := merged.Merge(parts[i]); err != nil {
				t.Fatal(err)
			}
		}
		b := stored(t, whole)
		if !bytes.Equal(b, stored(t, merged)) || !bytes.Equal(b, stored(t, merged.Clone())) {
			t.Fatal("the order shows")
		}
		var back dist.Counts
		if err := back.UnmarshalBinary(b); err != nil || !bytes.Equal(b, stored(t, &back)) {
			t.Fatalf("stored and read back: %v", err)
		}
	})
}

func TestCountsAnswer(t *testing.T) {
	c := counts(t, [2]int{2, 0})
	for _, x := range [][]int32{{0, 1, 2}, {0, 1, 2}, {3, 1, 0}, {1, 1, 2}} {
		if err := c.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	if m := c.Marginal(0); fmt.Sprint(m) != "{[0.5 0.25 0 0.25] 4}" {
		t.Errorf("marginal %v", m)
	}
	if m := c.Moment(1); m.Mean != 1 || m.SD != 0 {
		t.Errorf("moment %v", m)
	}
	j, err := c.Joint(0, 2)
	if err != nil || j.A != "A" || j.B != "C" || j.P[0][2] != 0.5 || j.P[3][0] != 0.25 || j.P[1][2] != 0.25 || j.N != 4 {
		t.Errorf("joint %+v, %v", j, err)
	}
	if j, err := c.Joint(2, 0); err != nil || j.P[2][0] != 0.5 {
		t.Errorf("transposed joint %+v, %v", j, err)
	}
	if _, err := c.Joint(0, 1); !errors.Is(err, dist.ErrPair) {
		t.Errorf("pair that was not kept: %v", err)
	}
	c.Reset()
	if c.Samples() != 0 || len(c.Histogram(0)) != 0 {
		t.Error("reset leaves something")
	}
}

func TestCountsRefuse(t *testing.T) {
	c := counts(t)
	for name, test := range map[string]struct{ got, want error }{
		"negative count":   {c.Add([]int32{0, -1, 0}), dist.ErrCount},
		"huge count":       {c.Add([]int32{0, 1 << 30, 0}), dist.ErrCount},
		"length":           {c.Add([]int32{0}), dist.ErrShape},
		"merge with pairs": {c.Merge(counts(t, [2]int{0, 1})), dist.ErrShape},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v", name, test.got)
		}
	}
	if c.Samples() != 0 {
		t.Error("a refused state was counted")
	}
	if _, err := dist.NewCounts([]string{"A"}, [][2]int{{0, 1}}); !errors.Is(err, dist.ErrShape) {
		t.Errorf("pair outside: %v", err)
	}
}

func FuzzUnmarshalCounts(f *testing.F) {
	for _, pairs := range [][][2]int{nil, {{0, 1}}, {{2, 1}, {0, 1}}} {
		c := counts(f, pairs...)
		f.Add(stored(f, c))
		if err := c.Add([]int32{1, 300, 2}); err != nil {
			f.Fatal(err)
		}
		f.Add(stored(f, c))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var c dist.Counts
		if err := c.UnmarshalBinary(data); err != nil {
			if !errors.Is(err, dist.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		var again dist.Counts
		b := stored(t, &c)
		if err := again.UnmarshalBinary(b); err != nil || !bytes.Equal(b, stored(t, &again)) {
			t.Fatalf("not the same after storing: %v", err)
		}
		for s := range c.Species() {
			c.Moment(s)
		}
	})
}
