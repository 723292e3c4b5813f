package kernelext

import (
	"fmt"
	"math"
	"strings"

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
	var ticks []plot.Tick
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		label := stepLabel(math.Abs(i*step), step, high)
		if i < 0 {
			label = "−" + label
		}
		ticks = append(ticks, plot.Tick{Value: i * step, Label: label})
	}
	return ticks
}

// stepLabel writes a multiple of a step with as many digits as the step needs:
// as a power of ten where there would be many.
func stepLabel(v, step, high float64) string {
	digits := int(math.Max(0, math.Ceil(-math.Log10(step)-1e-9)))
	if digits <= 4 && high < 1e6 {
		return fmt.Sprintf("%.*f", digits, v)
	}
	if v < step/2 {
		return "0"
	}
	mantissa := max(0, int(math.Floor(math.Log10(v)+1e-9)-math.Floor(math.Log10(step)+1e-9)))
	number, power, _ := strings.Cut(fmt.Sprintf("%.*e", mantissa, v), "e")
	sign := ""
	if power[0] == '-' {
		sign = "−"
	}
	return number + "e" + sign + strings.TrimLeft(power[1:], "0")
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

// logTicks marks round numbers on an axis that holds logarithms: powers of ten,
// with 2 and 5 between them where there are few, and only some where there are
// many.
type logTicks struct{ few bool }

// Ticks returns at least two ticks where the axis spans a factor of 2.5 or more.
func (l logTicks) Ticks(low, high float64) []plot.Tick {
	most := 7.0
	if l.few {
		most = 4
	}
	factors, step := []float64{1}, 1.0
	switch span := high - low; {
	case span < 0.7:
		return powers(roundTicks{few: l.few}.Ticks(math.Pow(10, low), math.Pow(10, high)))
	case span < 2 && !l.few || span < 1.2:
		factors = []float64{1, 2, 5}
	case span > most:
		step = math.Ceil(span / most)
	}
	var ticks []plot.Tick
	for e := math.Floor(low/step) * step; e <= high; e += step {
		for _, f := range factors {
			if v := e + math.Log10(f); v >= low-1e-9 && v <= high+1e-9 {
				ticks = append(ticks, plot.Tick{Value: v, Label: powerLabel(e, f)})
			}
		}
	}
	return ticks
}

// powers moves ticks to the logarithms of their values.
func powers(ticks []plot.Tick) []plot.Tick {
	var moved []plot.Tick
	for _, t := range ticks {
		if t.Value > 0 {
			moved = append(moved, plot.Tick{Value: math.Log10(t.Value), Label: number(t.Value)})
		}
	}
	return moved
}

// powerLabel writes f · 10^e.
func powerLabel(e, f float64) string {
	switch {
	case e < -3:
		return fmt.Sprintf("%ge−%.0f", f, -e)
	case e > 4:
		return fmt.Sprintf("%ge%.0f", f, e)
	}
	return number(f * math.Pow(10, e))
}
