package sweeps

import (
	"fmt"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/kernelext"
)

// average collects a quantity over points that share a place.
type average struct{ sum, n float64 }

func (a average) value() float64 { return a.sum / a.n } // NaN for none

// axis lists the different values of a name.
func (ps *Points) axis(name string) (kernelext.Axis, error) {
	a := kernelext.Axis{Name: name}
	for _, p := range ps.List {
		v, err := p.Value(name)
		if err != nil {
			return a, err
		}
		a.Values = append(a.Values, v)
	}
	slices.Sort(a.Values)
	a.Values = slices.Compact(a.Values)
	return a, nil
}

// table averages a quantity over all points with the same two values.
func (ps *Points) table(x, y kernelext.Axis, q Quantity, chosen func(Point) bool) (kernelext.Map, error) {
	m := kernelext.Map{Label: q.Label, X: x, Y: y, Log: q.Log}
	cells := make([][]average, len(y.Values))
	for i := range cells {
		cells[i] = make([]average, len(x.Values))
	}
	for _, p := range ps.List {
		if !chosen(p) {
			continue
		}
		v, err := q.Of(p)
		if err != nil {
			return m, err
		}
		at, err := p.Value(x.Name)
		if err != nil {
			return m, err
		}
		up, err := p.Value(y.Name)
		if err != nil {
			return m, err
		}
		c := &cells[slices.Index(y.Values, up)][slices.Index(x.Values, at)]
		c.sum, c.n = c.sum+v, c.n+1
	}
	for _, row := range cells {
		values := make([]float64, len(row))
		for j, c := range row {
			values[j] = c.value()
		}
		m.Values = append(m.Values, values)
	}
	return m, nil
}

// DrawMap draws a quantity over two varied names as a heat map: the mean over all
// points that share the two values. It wants a grid; points that chance has drawn
// want DrawParallel.
func (ps *Points) DrawMap(s kernelext.Style, x, y string, q Quantity) ([]byte, error) {
	across, err := ps.axis(x)
	if err != nil {
		return nil, err
	}
	up, err := ps.axis(y)
	if err != nil {
		return nil, err
	}
	m, err := ps.table(across, up, q, func(Point) bool { return true })
	if err != nil {
		return nil, err
	}
	return kernelext.DrawMap(s, m)
}

// DrawMaps draws small multiples: the heat map of a quantity over two varied
// names, once for each value of a third.
func (ps *Points) DrawMaps(s kernelext.Style, x, y, each string, q Quantity) ([]byte, error) {
	var axes [3]kernelext.Axis
	for i, name := range []string{x, y, each} {
		var err error
		if axes[i], err = ps.axis(name); err != nil {
			return nil, err
		}
	}
	var maps []kernelext.Map
	for _, v := range axes[2].Values {
		m, err := ps.table(axes[0], axes[1], q, func(p Point) bool { at, err := p.Value(each); return err == nil && at == v })
		if err != nil {
			return nil, err
		}
		m.Title = fmt.Sprintf("%s = %.4g", each, v)
		maps = append(maps, m)
	}
	return kernelext.DrawMaps(s, maps...)
}

// DrawParallel draws parallel coordinates: a line for every point over the names
// that are varied, those given or all that are numbers, and a quantity, which
// colours it.
func (ps *Points) DrawParallel(s kernelext.Style, q Quantity, names ...string) ([]byte, error) {
	if len(names) == 0 {
		for i, n := range ps.Sweep.Head.Names {
			if ps.Sweep.Head.Numeric[i] {
				names = append(names, n.String())
			}
		}
	}
	var axes []kernelext.ParallelAxis
	for _, name := range names {
		a := kernelext.ParallelAxis{Name: name}
		for _, p := range ps.List {
			v, err := p.Value(name)
			if err != nil {
				return nil, err
			}
			a.Values = append(a.Values, v)
		}
		if len(a.Values) > 0 {
			low, high := slices.Min(a.Values), slices.Max(a.Values)
			a.Log = low > 0 && high/low > 30
		}
		axes = append(axes, a)
	}
	last := kernelext.ParallelAxis{Name: q.Label, Log: q.Log}
	for _, p := range ps.List {
		v, err := q.Of(p)
		if err != nil {
			return nil, err
		}
		last.Values = append(last.Values, v)
	}
	return kernelext.DrawParallel(s, append(axes, last)...)
}

// DrawLine draws a quantity against one varied name, the mean over all points that
// share its value.
func (ps *Points) DrawLine(s kernelext.Style, x string, q Quantity) ([]byte, error) {
	across, err := ps.axis(x)
	if err != nil {
		return nil, err
	}
	cells := make([]average, len(across.Values))
	for _, p := range ps.List {
		v, err := q.Of(p)
		if err != nil {
			return nil, err
		}
		at, err := p.Value(x)
		if err != nil {
			return nil, err
		}
		c := &cells[slices.Index(across.Values, at)]
		c.sum, c.n = c.sum+v, c.n+1
	}
	series := kernelext.Series{X: across.Values}
	for _, c := range cells {
		series.Y = append(series.Y, c.value())
	}
	logarithmic := len(across.Values) > 0 && across.Values[0] > 0 && slices.Max(across.Values)/across.Values[0] > 30
	return kernelext.DrawChart(s, kernelext.Chart{X: x, Y: q.Label, LogX: logarithmic, LogY: q.Log, Series: []kernelext.Series{series}})
}

// maxSelected is how many points a list to choose from has at most.
const maxSelected = 40

// ShowSelect displays the marginal laws of a point at a time, below a list of
// points to choose from; of many points every second, third … is listed.
func (ps *Points) ShowSelect(s kernelext.Style, t float64) error {
	step := int(math.Ceil(float64(len(ps.List)) / maxSelected))
	texts, answers := []string{}, map[string]kernelext.Answer{}
	for i := 0; i < len(ps.List); i += step {
		answer, err := ps.List[i].Answer()
		if err != nil {
			return err
		}
		text := ps.List[i].short()
		texts, answers[text] = append(texts, text), answer
	}
	if len(texts) == 0 {
		return fmt.Errorf("%w: no point has a result yet", kernelext.ErrNothing)
	}
	return kernelext.ShowSelect("point", texts, func(choice string) ([]byte, error) {
		return kernelext.DrawMarginals(s, t, answers[choice])
	})
}

// short is the point in the words of a list.
func (p Point) short() string {
	text := fmt.Sprintf("%d:", p.Index)
	for i, v := range p.Values {
		separator := ", "
		if i == 0 {
			separator = " "
		}
		if f, ok := v.Float(); ok {
			text += fmt.Sprintf("%s%.4g", separator, f)
		} else {
			text += separator + v.String()
		}
	}
	return text
}
