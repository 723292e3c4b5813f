package keep

import (
	"errors"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

func TestSnapshotsComeBackWhole(t *testing.T) {
	species := []string{"A", "B"}
	table, err := dist.NewTable(species, []int32{0, 0, 1, 2, 3, 0}, []float64{0.5, 0.25, 0.25}, 0)
	if err != nil {
		t.Fatal(err)
	}
	later, err := table.WithProbabilities([]float64{0.1, 0.2, 0.7})
	if err != nil {
		t.Fatal(err)
	}
	counts, err := dist.NewCounts(species, [][2]int{{0, 1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range [][]int32{{1, 2}, {1, 2}, {0, 5}} {
		if err := counts.Add(x); err != nil {
			t.Fatal(err)
		}
	}
	in := []dist.Snapshot{
		{Time: 1, Dist: table, Diagnostics: dist.Diagnostics{{Name: "kl", Value: 1e-3}}},
		{Time: 2, Dist: later},
		{Time: 3, Dist: counts, Observables: []dist.Observed{{Name: "A+B", Moment: dist.Moment{Mean: 3}}}},
	}
	data, err := Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range in {
		if out[i].Time != in[i].Time || out[i].Dist.Samples() != in[i].Dist.Samples() {
			t.Errorf("snapshot %d: %v with %v samples", i, out[i].Time, out[i].Dist.Samples())
		}
		for a := range species {
			if out[i].Dist.Moment(a) != in[i].Dist.Moment(a) {
				t.Errorf("snapshot %d, species %d: moments %v, were %v", i, a, out[i].Dist.Moment(a), in[i].Dist.Moment(a))
			}
		}
		p, err := in[i].Dist.Joint(0, 1)
		if err != nil {
			t.Fatal(err)
		}
		q, err := out[i].Dist.Joint(0, 1)
		if err != nil || dist.HellingerJoint(p, q).Value != 0 {
			t.Errorf("snapshot %d: the joint law differs: %v", i, err)
		}
	}
	if v, ok := out[0].Diagnostics.Get("kl"); !ok || v != 1e-3 {
		t.Error("diagnostics are lost")
	}
	if len(out[2].Observables) != 1 || out[2].Observables[0].Moment.Mean != 3 {
		t.Error("observables are lost")
	}
	if _, err := Decode(data[:len(data)/2]); !errors.Is(err, ErrFormat) {
		t.Errorf("half a file: %v", err)
	}
	if _, err := Encode([]dist.Snapshot{{Dist: other{}}}); !errors.Is(err, ErrKind) {
		t.Errorf("another kind: %v", err)
	}
}

type other struct{ dist.Distribution }
