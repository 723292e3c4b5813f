package sweep

import (
	"iter"
	"math/rand/v2"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Method is how points are taken from axes.
type Method string

// The methods.
const (
	Grid           Method = "grid"            // every combination of values
	Random         Method = "random"          // independent, uniform on each axis (on its logarithm)
	LatinHypercube Method = "latin-hypercube" // each axis is cut into as many parts as there are points, and each part is met once
)

// Sampling is a method and what it needs.
type Sampling struct {
	Method Method
	Points int    // for Random and LatinHypercube
	Seed   uint64 // likewise
}

// MaxPoints bounds the points of a sweep, repetitions included.
const MaxPoints = 1_000_000

// checkSampling refuses axes that do not suit the method.
func (s *Spec) checkSampling() error {
	d := s.document
	if len(s.Vary) == 0 && s.Sampling.Method != Grid {
		return d.at(d.line("sampling"), "%s sampling needs vary", s.Sampling.Method)
	}
	for _, a := range s.Vary {
		name := a.Name.String()
		if a.Range != nil {
			line := d.line("vary", name, "linear")
			if a.Range.Log {
				line = d.line("vary", name, "log")
			}
			if s.Sampling.Method != Grid && a.Range.Points > 0 {
				return d.at(line, "%s: a range has points in grids only; %s sampling has them in sampling", name, s.Sampling.Method)
			}
			if s.Sampling.Method == Grid && a.Range.Points == 0 {
				return d.at(line, "%s: a range of a grid needs the number of its values; add points: N", name)
			}
		}
		if s.Sampling.Method != Grid {
			continue
		}
		seen := map[string]bool{}
		for i, v := range a.grid() {
			line := d.line("vary", name)
			if a.Range == nil {
				line = d.line("vary", name, Number(float64(i)).String())
			}
			if seen[v.String()] {
				return d.at(line, "%s has the value %v twice, which would give the same points; leave one out", name, v)
			}
			seen[v.String()] = true
		}
	}
	return nil
}

// checkCount refuses sweeps with too many points.
func (s *Spec) checkCount() error {
	if n := s.combinations() * float64(s.Seeds.PerPoint); n > MaxPoints {
		place := "vary"
		if s.Sampling.Method != Grid {
			place = "sampling"
		}
		return s.document.at(s.document.line(place), "%.6g points are too many; at most %d can be planned at once", n, MaxPoints)
	}
	return nil
}

// combinations is the number of points before repetitions.
func (s *Spec) combinations() float64 {
	switch {
	case len(s.Points) > 0:
		return float64(len(s.Points))
	case s.Sampling.Method != Grid:
		return float64(s.Sampling.Points)
	}
	n := 1.0
	for _, a := range s.Vary {
		if a.Range != nil {
			n *= float64(max(a.Range.Points, 1))
		} else {
			n *= float64(len(a.List))
		}
	}
	return n
}

// values are the values of the varied names, point by point; the last name changes fastest in grids. The slice is used
// again.
func (s *Spec) values() iter.Seq[[]Value] {
	switch {
	case len(s.Points) > 0:
		return func(yield func([]Value) bool) {
			row := make([]Value, len(s.Points[0]))
			for _, p := range s.Points {
				for i, x := range p {
					row[i] = x.Value
				}
				if !yield(row) {
					return
				}
			}
		}
	case s.Sampling.Method == Grid:
		return s.gridValues()
	}
	return s.sampledValues()
}

func (s *Spec) gridValues() iter.Seq[[]Value] {
	return func(yield func([]Value) bool) {
		axes := make([][]Value, len(s.Vary))
		for i, a := range s.Vary {
			axes[i] = a.grid()
		}
		at, row := make([]int, len(axes)), make([]Value, len(axes))
		for {
			for i, a := range axes {
				row[i] = a[at[i]]
			}
			if !yield(row) {
				return
			}
			k := len(at) - 1
			for ; k >= 0; k-- {
				if at[k]++; at[k] < len(axes[k]) {
					break
				}
				at[k] = 0
			}
			if k < 0 {
				return
			}
		}
	}
}

// sampledValues draws; each axis has a stream of its own, so that another axis does not change it.
func (s *Spec) sampledValues() iter.Seq[[]Value] {
	return func(yield func([]Value) bool) {
		n := s.Sampling.Points
		streams, parts := make([]*rand.Rand, len(s.Vary)), make([][]int, len(s.Vary))
		for i := range s.Vary {
			streams[i] = rand.New(rand.NewPCG(s.Sampling.Seed, uint64(i)))
			if s.Sampling.Method == LatinHypercube {
				parts[i] = streams[i].Perm(n)
			}
		}
		row := make([]Value, len(s.Vary))
		for k := range n {
			for i, a := range s.Vary {
				u := streams[i].Float64()
				if parts[i] != nil {
					u = (float64(parts[i][k]) + u) / float64(n)
				}
				row[i] = a.at(u)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// nearest is the part of a message that helps after an unknown name.
func nearest(typed string, known []string) string {
	if near := crn.Nearest(typed, known); near != "" {
		return "did you mean \"" + near + "\"? "
	}
	return ""
}
