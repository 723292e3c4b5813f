package van

import (
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// The formulas of the package comment, for three species with 1, 6 and 6 inputs
// and Softmax heads of 1, 20 and 30 coefficients.
func TestParameterCounts(t *testing.T) {
	b, err := backend.Open("go")
	if err != nil {
		t.Fatal(err)
	}
	const h, d, dff, layers = 5, 6, 7, 2
	ends := func(d int) int { return d + (d+1)*1 + (1+1)*d + (d+1)*20 + (6+1)*d + (d+1)*30 }
	for _, c := range []struct {
		arch Architecture
		want int
	}{
		{NADE{Hidden: h, Heads: Softmax{}}, 1 + (1+1)*h + (h+1)*20 + (1+6+1)*h + (h+1)*30},
		{SharedNADE{Hidden: h, Heads: Softmax{}}, ends(h)},
		{GRU{Hidden: h, Layers: layers, Heads: Softmax{}}, ends(h) + layers*3*h*(2*h+1)},
		{LSTM{Hidden: h, Layers: layers, Heads: Softmax{}}, ends(h) + layers*4*h*(2*h+1)},
		{Transformer{DModel: d, DFF: dff, Layers: layers, Heads: Softmax{}}, ends(d) + layers*(4*d*d+2*d*dff+5*d+dff)},
	} {
		m, err := New(b, Box{Caps: []int{1, 20, 30}}, c.arch, 1)
		if err != nil {
			t.Fatal(err)
		}
		if m.Size() != c.want {
			t.Errorf("%v: %d parameters, want %d", c.arch, m.Size(), c.want)
		}
	}
}
