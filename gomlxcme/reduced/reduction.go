package reduced

import (
	"errors"
	"fmt"
	"slices"
)

// ErrSettings marks settings that make no sense.
var ErrSettings = errors.New("bad settings")

// ErrDiverged says that parameters left what a field can be followed through.
var ErrDiverged = errors.New("the reduced model diverged")

// Reduction says how an ensemble becomes a series of parameters. Some of them move; the others are constant in time.
type Reduction struct {
	Scale   Standardisation
	PPCA    PPCA
	Smooth  TotalVariation
	MovingW []int // visible variables whose W moves
	MovingB []int // visible variables whose b moves
	// FixedW and FixedNoise give constants their values; without them they are means over time. 0 is no value of FixedNoise.
	FixedW     map[int]float64
	FixedNoise float64
}

// Series are the parameters of one condition over time, in the standard frame of one latent variable.
type Series struct {
	Times    []float64
	Raw      []Parameters // [T], as identified at each time
	Filtered []Parameters // [T], constants and integrated derivatives
	DW, DB   [][]float64  // [V][T−1]: derivatives per step; zeros where a parameter is constant
}

// Reduce identifies the parameters at every time, differentiates those that move, and integrates them again.
func (r Reduction) Reduce(s *Sums) (*Series, error) {
	v := len(s.Visible)
	if len(r.Scale.Mean) != v || len(r.Scale.SD) != v {
		return nil, fmt.Errorf("%w: a standardisation of %d counts for sums of %d", ErrSettings, len(r.Scale.Mean), v)
	}
	for _, i := range slices.Concat(r.MovingW, r.MovingB) {
		if i < 0 || i >= v {
			return nil, fmt.Errorf("%w: visible variable %d moves, but there are %d", ErrSettings, i, v)
		}
	}
	out := &Series{Times: s.Times}
	for t := range s.Times {
		cov, err := s.Covariance(t)
		if err != nil {
			return nil, err
		}
		mean := s.Mean(t)
		r.Scale.Moments(mean, cov)
		p, err := r.PPCA.Identify(mean, cov)
		if err != nil {
			return nil, fmt.Errorf("at t = %.4g: %w", s.Times[t], err)
		}
		out.Raw = append(out.Raw, p)
	}
	return out, r.filter(out)
}

// filter fills all but Raw.
func (r Reduction) filter(s *Series) error {
	v, n := len(s.Raw[0].B), len(s.Raw)
	s.DW, s.DB = zeros(v, n-1), zeros(v, n-1)
	for _, p := range s.Raw {
		s.Filtered = append(s.Filtered, p.Clone())
	}
	series := func(moving []int, value func(p *Parameters) []float64, derivative [][]float64, fixed map[int]float64) error {
		for i := range v {
			raw := make([]float64, n)
			for t := range raw {
				raw[t] = value(&s.Raw[t])[i]
			}
			var smooth []float64
			if slices.Contains(moving, i) {
				u, err := r.Smooth.Differentiate(raw)
				if err != nil {
					return err
				}
				derivative[i] = u
				smooth = Accumulate(raw[0], u)
			} else {
				constant, given := fixed[i]
				if !given {
					constant = mean(raw)
				}
				smooth = Accumulate(constant, derivative[i])
			}
			for t := range smooth {
				value(&s.Filtered[t])[i] = smooth[t]
			}
		}
		return nil
	}
	w := func(p *Parameters) []float64 { return p.W[0] }
	b := func(p *Parameters) []float64 { return p.B }
	if err := errors.Join(series(r.MovingW, w, s.DW, r.FixedW), series(r.MovingB, b, s.DB, nil)); err != nil {
		return err
	}
	noise := r.FixedNoise
	if noise == 0 {
		all := make([]float64, n)
		for t := range all {
			all[t] = s.Raw[t].Noise
		}
		noise = mean(all)
	}
	for t := range s.Filtered {
		s.Filtered[t].Noise = noise
	}
	return nil
}

func zeros(rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
	}
	return m
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
