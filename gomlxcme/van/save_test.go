package van

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

func TestParametersAreReadBackAsWritten(t *testing.T) {
	for name, m := range testModels(t) {
		theta := roughParams(m, 11)
		var b bytes.Buffer
		if err := m.Save(&b, theta); err != nil {
			t.Fatal(err)
		}
		got, err := m.Load(bytes.NewReader(b.Bytes()))
		if err != nil || !slices.Equal(got, theta) {
			t.Errorf("%s: error %v, equal %v", name, err, slices.Equal(got, theta))
		}
	}
}

func TestParametersOfAnotherModelAreRefused(t *testing.T) {
	models := testModels(t)
	for name, m := range models {
		var b bytes.Buffer
		if err := m.Save(&b, roughParams(m, 1)); err != nil {
			t.Fatal(err)
		}
		for other, o := range models {
			if other == name {
				continue
			}
			if _, err := o.Load(bytes.NewReader(b.Bytes())); !errors.Is(err, ErrFormat) {
				t.Errorf("%s took the parameters of %s: %v", other, name, err)
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	be, err := backend.Open("go")
	if err != nil {
		f.Fatal(err)
	}
	m, err := New(be, Box{Caps: []int{3, 2}}, nil, 1)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Save(&b, roughParams(m, 1)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:40])
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		theta, err := m.Load(bytes.NewReader(data))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("an error of another kind: %v", err)
			}
			return
		}
		var again bytes.Buffer
		if err := m.Save(&again, theta); err != nil || len(theta) != m.Size() {
			t.Fatalf("%d parameters, error %v", len(theta), err)
		}
	})
}
