package study

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"
)

// How far the last condition of the source lies beyond those that it trained with, in widths of these: by hand from the two formulas.
func TestMeasuresBringConditionsCloser(t *testing.T) {
	beyond := func(m Measure, e Experiment, from, to, at float64) float64 {
		return (m.of(e, at) - m.of(e, to)) / (m.of(e, to) - m.of(e, from))
	}
	bounded := func(c float64) float64 { return c / (c + 0.13) }
	for _, c := range []struct {
		got, want float64
	}{
		{beyond(Logarithmic, IP3, 0.4, 1, 2), math.Log(2) / math.Log(2.5)},
		{beyond(Bounded, IP3, 0.4, 1, 2), (bounded(2) - bounded(1)) / (bounded(1) - bounded(0.4))},
		{beyond(Logarithmic, Receptors, 500, 1000, 5000), math.Log(5) / math.Log(2)},
		{beyond(Bounded, Receptors, 500, 1000, 5000), 0.8},
		{Bounded.of(IP3, 0.1), -1}, {Logarithmic.of(IP3, 2), 1}, {Bounded.of(Receptors, 100), -1}, {Logarithmic.of(Receptors, 5000), 1},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

// Only b of the value in which conditions differ is another one; the original stays as it is, errors are the same, and the study is read as written.
func TestAnotherMeasureChangesNothingElse(t *testing.T) {
	d := loaded(t, "receptors-small")
	s, err := Reduce(Receptors, d, false)
	if err != nil {
		t.Fatal(err)
	}
	first := s.Cases[0].Series.Filtered[0].Clone()
	m, err := s.In(Bounded)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Cases[0].Series.Filtered[0], first) {
		t.Error("the linear study has changed")
	}
	for i, c := range m.Cases {
		p, was := c.Series.Filtered[7].Clone(), s.Cases[i].Series.Filtered[7]
		if p.B[2] != Bounded.of(Receptors, float64(c.Condition.Receptors)) || c.Series.Raw[7].B[2] != p.B[2] {
			t.Errorf("%s: b of the receptors is %v, raw %v", c.Name(), p.B[2], c.Series.Raw[7].B[2])
		}
		if p.B[2] = was.B[2]; !reflect.DeepEqual(p, was) {
			t.Errorf("%s: %v, not %v", c.Name(), p, was)
		}
		got, err := m.Kept(c)
		want, err2 := s.Kept(s.Cases[i])
		if err := errors.Join(err, err2); err != nil || got != want {
			t.Errorf("%s: keeping the first value errs by %v, not %v (error %v)", c.Name(), got, want, err)
		}
	}
	var file bytes.Buffer
	if err := m.Write(&file); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(&file); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("read as another study, error %v", err)
	}
	for _, to := range []Measure{Linear, Logarithmic, "cubic"} {
		if _, err := m.In(to); !errors.Is(err, ErrStudy) {
			t.Errorf("measured once more, %q: error %v", to, err)
		}
	}
	if same, err := s.In(Linear); err != nil || same != s {
		t.Errorf("linear as it is: error %v", err)
	}
	if _, err := Read(bytes.NewReader([]byte(`{"experiment":"ip3","measure":"cubic","cases":[{}]}`))); !errors.Is(err, ErrStudy) {
		t.Errorf("read in a measure that is none: error %v", err)
	}
}
