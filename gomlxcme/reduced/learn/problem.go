package learn

import (
	"errors"
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// ErrSettings marks settings or series that cannot be learned from.
var ErrSettings = errors.New("bad settings for learning")

const (
	varianceOffset = reduced.VarianceOffset
	negligible     = 1e-5 // standardised inputs below it are 0, as in reduced.Scale
	inputGuard     = 1e-5 // means and deviations of inputs below it are rounding, unless said
	harmonics      = 6    // of the latent law, unless said
	targetGuard    = 1e-6 // those of targets
)

// Inputs of a network.
type Inputs struct {
	Polynomials []reduced.Polynomial // of reduced.Features or reduced.ParameterPolynomials
	Harmonics   int                  // of the latent law; 0 means 6, as in the source
	Group       int                  // inputs in a row that belong to one reaction, 2V + 1 of reduced.Features; 0 means there are no groups
	Guard       float64              // means and deviations of inputs below it count as 0 and 1; 0 means 1e-5
}

// Problem is what is to be learned: series of parameters, the polynomials that are the inputs, and how both are standardised.
type Problem struct {
	Reduction reduced.Reduction // which parameters move
	Harmonics int               // of the latent law, F
	Steps     int               // of a series, the period of the first harmonic
	In        reduced.Scale     // of inputs at the trial latents
	Out       reduced.Scale     // of targets: the derivatives of the moving b, then of the moving W

	inputs    []reduced.Polynomial
	group     int // of inputs that belong together
	expansion *reduced.Expansion
	train     *points
}

// points are what is learned from or tested by, one a step and series.
type points struct {
	steps        []float64
	coefficients []float64 // [N][K·P], standardised
	targets      []float64 // [N][O], standardised
}

// Prepare takes the standardisations from the series to learn from, which have equally many steps.
func Prepare(r reduced.Reduction, in Inputs, train []*reduced.Series) (*Problem, error) {
	set(&in.Harmonics, harmonics)
	set(&in.Guard, inputGuard)
	inputs := in.Polynomials
	if in.Group < 0 || in.Group > 0 && len(inputs)%in.Group != 0 {
		return nil, fmt.Errorf("%w: %d inputs are no whole groups of %d", ErrSettings, len(inputs), in.Group)
	}
	if len(train) == 0 || len(inputs) == 0 || in.Harmonics < 1 || !(in.Guard > 0) || len(r.MovingB)+len(r.MovingW) == 0 {
		return nil, fmt.Errorf("%w: %d series, %d inputs, %d harmonics, guard %v, %d moving parameters: give 1 or more of each", ErrSettings,
			len(train), len(inputs), in.Harmonics, in.Guard, len(r.MovingB)+len(r.MovingW))
	}
	p := &Problem{Reduction: r, Harmonics: in.Harmonics, Steps: len(train[0].Filtered), inputs: inputs, group: in.Group}
	var err error
	if p.expansion, err = reduced.NewExpansion(len(train[0].Filtered[0].B), inputs, nil, nil); err != nil {
		return nil, err
	}
	trial := reduced.Trial(p.Harmonics, p.Steps)
	var rows, out [][]float64
	for i, s := range train {
		if len(s.Filtered) != p.Steps {
			return nil, fmt.Errorf("%w: series %d has %d steps, the first %d", ErrSettings, i, len(s.Filtered), p.Steps)
		}
		for t, hat := range s.Filtered {
			frame, err := trial.Frame(float64(t + 1))
			if err != nil {
				return nil, err
			}
			row := make([]float64, len(inputs))
			values := reduced.Values(hat.In(frame))
			for k, q := range inputs {
				row[k] = q.Evaluate(values)
			}
			rows = append(rows, row)
			if t < p.Steps-1 {
				out = append(out, p.derivatives(s, t))
			}
		}
	}
	if p.In, err = reduced.ScaleOf(rows, in.Guard); err != nil {
		return nil, err
	}
	if p.Out, err = reduced.ScaleOf(out, targetGuard); err != nil {
		return nil, err
	}
	p.train = p.points(train)
	return p, nil
}

// derivatives of the moving parameters at time index t.
func (p *Problem) derivatives(s *reduced.Series, t int) (d []float64) {
	for _, i := range p.Reduction.MovingB {
		d = append(d, s.DB[i][t])
	}
	for _, i := range p.Reduction.MovingW {
		d = append(d, s.DW[i][t])
	}
	return d
}

func (p *Problem) points(series []*reduced.Series) *points {
	out := &points{}
	for _, s := range series {
		for t := range len(s.Filtered) - 1 {
			out.steps = append(out.steps, float64(t+1))
			out.coefficients = append(out.coefficients, p.coefficients(s.Filtered[t])...)
			y := p.derivatives(s, t)
			p.Out.Apply(y, y)
			out.targets = append(out.targets, y...)
		}
	}
	return out
}

// coefficients of the standardised inputs: the mean goes into the monomial 1.
func (p *Problem) coefficients(hat reduced.Parameters) []float64 { return p.scaled(p.expansion, hat) }

// scaled are those of an expansion.
func (p *Problem) scaled(e *reduced.Expansion, hat reduced.Parameters) []float64 {
	n := len(e.Powers)
	c := make([]float64, e.Inputs()*n)
	e.Coefficients(c, hat)
	for k, sd := range p.In.SD {
		row := c[k*n : (k+1)*n]
		row[0] -= p.In.Mean[k]
		for i := range row {
			row[i] /= sd
		}
	}
	return c
}

// waves are the sines and cosines of a step [2F].
func (p *Problem) waves(step float64) []float64 {
	w := make([]float64, 2*p.Harmonics)
	for k, f := range reduced.Harmonics(p.Harmonics, p.Steps) {
		w[k], w[p.Harmonics+k] = math.Sincos(f * (step - 1))
	}
	return w
}

func (p *Problem) shape(s Settings) shape {
	return shape{p.expansion.Inputs(), len(p.expansion.Powers), p.Harmonics, s.Hidden, len(p.Out.Mean), s.Activation}
}

// net compiles the graphs, once for all networks alike on a backend.
func (p *Problem) net(b *backend.Backend, s Settings) (*net, error) {
	shape := p.shape(s)
	key := fmt.Sprintf("learn %v %v %v", shape, s.Single, p.expansion.Powers)
	return backend.Kept(b, key, func() (*net, error) { return newNet(b, shape, s.Single, p.expansion.Powers) })
}
