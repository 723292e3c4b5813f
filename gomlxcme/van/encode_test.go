package van

import (
	"bytes"
	"errors"
	"reflect"
	"testing"
)

// Every type that can be written comes back the same, with all its settings.
func TestArchitecturesComeBack(t *testing.T) {
	for _, a := range []Architecture{
		NADE{}, NADE{Hidden: 3, Features: 2, Heads: Softmax{}},
		SharedNADE{Hidden: 5, Heads: Spline{Knots: 9, FreeBelow: 4, Flat: []bool{true, false}}},
		Transformer{DModel: 8, DFF: 9, Layers: 1, AttentionHeads: 4, Features: 3, Heads: Logistic{Components: 2, Scale: []float64{0.1, 7}}},
		GRU{Hidden: 2, Layers: 3}, LSTM{Hidden: 4},
		Ordered{Network: NADE{Heads: Softmax{}}, Order: []int{1, 0}},
	} {
		text, err := MarshalArchitecture(a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := UnmarshalArchitecture(text)
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%#v came back as %#v, error %v", a, b, err)
		}
	}
}

func TestForeignArchitecturesAreRefused(t *testing.T) {
	if _, err := MarshalArchitecture(nil); !errors.Is(err, ErrArchitecture) {
		t.Errorf("nil: %v", err)
	}
	for _, text := range []string{
		``, `{}`, `[]`, `{"type":"Softmax"}`, `{"type":"NADE","Hiden":3}`, `{"type":"NADE","Hidden":"x"}`,
		`{"type":"NADE","Heads":{"type":"GRU"}}`, `{"type":"CNN"}`,
		`{"type":"Ordered","Network":{"type":"Ordered","Network":{"type":"Ordered","Network":{"type":"Ordered","Network":{"type":"Ordered"}}}}}`,
	} {
		if a, err := UnmarshalArchitecture([]byte(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v, error %v", text, a, err)
		}
	}
}

// Whatever a file holds, reading it ends with an architecture that can be written
// again, or with ErrFormat.
func FuzzUnmarshalArchitecture(f *testing.F) {
	f.Add([]byte(`{"type":"Ordered","Network":{"type":"NADE","Heads":{"type":"Spline","Flat":[true]}},"Order":[1,0]}`))
	f.Add([]byte(`{"type":"Transformer","DModel":-1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := UnmarshalArchitecture(data)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		first, err := MarshalArchitecture(a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := UnmarshalArchitecture(first)
		if err != nil {
			t.Fatal(err)
		}
		if second, err := MarshalArchitecture(b); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%s became %s, error %v", first, second, err)
		}
	})
}
