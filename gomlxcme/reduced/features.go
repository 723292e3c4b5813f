package reduced

import "fmt"

// Features are the approximations of a list of candidates, one block of 2V + 1 numbers each, in the order of the list.
type Features struct {
	Approximations []*Approximation
	visible        int
}

// NewFeatures reads candidates such as "A + B -> 2 B" between the named variables, the latent one last.
func NewFeatures(names []string, candidates ...string) (*Features, error) {
	if len(candidates) == 0 {
		return nil, fmt.Errorf("%w: there is none", ErrCandidate)
	}
	f := &Features{visible: len(names) - 1}
	for _, text := range candidates {
		c, err := ParseCandidate(text, names)
		if err != nil {
			return nil, err
		}
		a, err := Approximate(c, names)
		if err != nil {
			return nil, err
		}
		f.Approximations = append(f.Approximations, a)
	}
	return f, nil
}

// Size is the number of features: (2V + 1) times that of candidates.
func (f *Features) Size() int { return len(f.Approximations) * (2*f.visible + 1) }

// Evaluate writes the features of parameters with one latent variable, in whatever frame, into dst [Size].
func (f *Features) Evaluate(dst []float64, p Parameters) error {
	if len(dst) != f.Size() || len(p.B) != f.visible || len(p.W) != 1 {
		return fmt.Errorf("%w: %d features of %d visible and %d latent variables into %d numbers: want %d of %d and 1", ErrSettings,
			f.Size(), len(p.B), len(p.W), len(dst), f.Size(), f.visible)
	}
	values := Values(p)
	for k, a := range f.Approximations {
		block := dst[k*a.Size():]
		a.each(func(i int, p Polynomial) { block[i] = p.Evaluate(values) })
	}
	return nil
}
