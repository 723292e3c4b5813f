package rare

import (
	"fmt"
	"math"
	"strings"
)

// Basin is a set of states: those whose counts lie within bounds. It does not change and bears concurrent calls.
type Basin struct {
	bounds []bound
}

// bound keeps one species between low and high, both included.
type bound struct {
	name      string
	species   int
	low, high int32
}

// Contains reports whether state x, one count a species, lies in the basin.
func (b Basin) Contains(x []int32) bool {
	for _, k := range b.bounds {
		if n := x[k.species]; n < k.low || n > k.high {
			return false
		}
	}
	return true
}

// String writes the basin in a form that ParseBasin reads, the same for every spelling of the same bounds: in the order of
// the species, with <=, >= and =.
func (b Basin) String() string {
	var parts []string
	for _, k := range b.bounds {
		switch {
		case k.low == k.high:
			parts = append(parts, fmt.Sprintf("%s=%d", k.name, k.low))
			continue
		case k.low > 0 || k.high == math.MaxInt32:
			parts = append(parts, fmt.Sprintf("%s>=%d", k.name, k.low))
		}
		if k.high < math.MaxInt32 {
			parts = append(parts, fmt.Sprintf("%s<=%d", k.name, k.high))
		}
	}
	return strings.Join(parts, ",")
}
