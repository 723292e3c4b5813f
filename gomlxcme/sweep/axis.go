package sweep

import (
	"math"
)

// Axis is a name that is varied: over a list of values, or over a range.
type Axis struct {
	Name  Name
	List  []Value
	Range *Range
}

// Range is the numbers between two ends, which it includes.
type Range struct {
	Log      bool // equal ratios in place of equal differences
	From, To float64
	Points   int  // of a grid, 0 if none are given
	Whole    bool // rounded to whole numbers
}

// readAxis takes an axis that the schema has passed.
func (s *Spec) readAxis(n Name, v any, line int) (Axis, error) {
	d := s.document
	a := Axis{Name: n}
	if list, ok := v.([]any); ok {
		for _, x := range list {
			value, err := valueOf(x)
			if err != nil {
				return a, d.at(line, "%s: %s", n, err)
			}
			a.List = append(a.List, value)
		}
		return a, nil
	}
	m, _ := v.(map[string]any)
	linear, isLinear := m["linear"].(map[string]any)
	log, isLog := m["log"].(map[string]any)
	if isLinear == isLog {
		return a, d.at(line, "%s needs either linear or log: {from: …, to: …}, or a list of values", n)
	}
	kind, ends := "linear", linear
	if isLog {
		kind, ends = "log", log
	}
	from, _ := ends["from"].(float64)
	to, _ := ends["to"].(float64)
	rounded, _ := m["whole"].(bool)
	r := &Range{Log: isLog, From: from, To: to, Points: whole(ends["points"], 0), Whole: rounded}
	line = d.line("vary", n.String(), kind)
	switch {
	case from == to:
		return a, d.at(line, "%s goes from %v to %v, which is one value; put it into settings", n, Number(from), Number(to))
	case isLog && !(from > 0 && to > 0):
		return a, d.at(line, "%s goes from %v to %v by a logarithm; both ends must be above 0", n, Number(from), Number(to))
	case math.IsInf(to-from, 0):
		return a, d.at(line, "%s goes from %v to %v, which is too far", n, Number(from), Number(to))
	}
	a.Range = r
	return a, nil
}

// At is the value at a share of the range, 0 to 1; the ends are met exactly.
func (r *Range) At(share float64) Value {
	v := r.From + share*(r.To-r.From)
	if r.Log {
		if v = r.From * math.Pow(r.To/r.From, share); math.IsInf(v, 0) || v == 0 { // the ratio is not a number of this kind
			v = math.Exp(math.Log(r.From) + share*(math.Log(r.To)-math.Log(r.From)))
		}
	}
	switch share {
	case 0:
		v = r.From
	case 1:
		v = r.To
	}
	if r.Whole {
		v = math.Round(v)
	}
	return Number(v)
}

// grid is the values of an axis in a grid.
func (a Axis) grid() []Value {
	if a.Range == nil {
		return a.List
	}
	values := make([]Value, a.Range.Points)
	for i := range values {
		values[i] = a.Range.At(float64(i) / float64(len(values)-1))
	}
	return values
}

// at is the value of an axis at a random number in [0, 1).
func (a Axis) at(u float64) Value {
	if a.Range == nil {
		return a.List[min(int(u*float64(len(a.List))), len(a.List)-1)]
	}
	return a.Range.At(u)
}
