package kernelext

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
)

// roundTicks marks some four or five round numbers.
type roundTicks struct {
	whole bool // whole numbers only
	few   bool // two or three, for narrow panels
}

// Ticks returns multiples of 1, 2 or 5 times a power of ten.
func (r roundTicks) Ticks(low, high float64) []plot.Tick {
	intervals := 5.5
	if r.few {
		intervals = 3
	}
	power := math.Floor(math.Log10((high - low) / intervals))
	step := 10 * math.Pow(10, power)
	for _, factor := range []float64{1, 2, 5} {
		if s := factor * math.Pow(10, power); (high-low)/s <= intervals {
			step = s
			break
		}
	}
	if r.whole {
		step = math.Max(1, math.Round(step))
	}
	digits := int(math.Max(0, math.Ceil(-math.Log10(step)-1e-9)))
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		label := fmt.Sprintf("%.*f", digits, math.Abs(i*step))
		if i < 0 {
			label = "−" + label
		}
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label})
	}
	return ticks
}

// fewTicks marks zero and one value on each side of a symmetric axis: enough
// for a low panel.
type fewTicks struct{}

// Ticks returns three ticks.
func (fewTicks) Ticks(_, high float64) []plot.Tick {
	v := math.Pow(10, math.Floor(math.Log10(high)))
	for _, factor := range []float64{5, 2} {
		if factor*v <= high {
			v *= factor
			break
		}
	}
	return []plot.Tick{{Value: -v, Label: "−" + number(v)}, {Value: 0, Label: "0"}, {Value: v, Label: number(v)}}
}

// decades marks powers of ten on an axis that holds their logarithms.
type decades struct{}

// Ticks returns one tick a decade.
func (decades) Ticks(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Ceil(low - 1e-9); e <= high+1e-9; e++ {
		label := number(math.Pow(10, e))
		if e < -3 {
			label = fmt.Sprintf("1e−%.0f", -e)
		}
		ticks = append(ticks, plot.Tick{Value: e, Label: label})
	}
	return ticks
}
