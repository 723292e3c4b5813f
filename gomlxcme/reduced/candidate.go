package reduced

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// ErrCandidate marks a reaction that cannot be a candidate.
var ErrCandidate = errors.New("bad candidate reaction")

// MaxReactants is the largest number of molecules that react in a candidate. Moments of two more than that are closed.
const MaxReactants = 4

// Candidate is a reaction between the visible variables and the latent one, which is the last. Its propensity is the product of its
// reactants, x² for two of one kind, at unit rate.
type Candidate struct {
	Equation crn.Equation
	Orders   []int // [V+1]: how many of each variable react
	Change   []int // [V+1]: how many there are more afterwards
}

// ParseCandidate reads a reaction such as "A + B -> 2 B" between the named variables, the latent one last.
func ParseCandidate(text string, names []string) (Candidate, error) {
	e, err := crn.ParseReaction(text)
	if err != nil {
		return Candidate{}, fmt.Errorf("%w: %w", ErrCandidate, err)
	}
	if len(names) < 2 {
		return Candidate{}, fmt.Errorf("%w: %d variables: give one visible variable or more, and the latent one", ErrCandidate, len(names))
	}
	c := Candidate{Equation: e, Orders: make([]int, len(names)), Change: make([]int, len(names))}
	total := 0
	for side, terms := range [][]crn.NamedTerm{e.Reactants, e.Products} {
		for _, t := range terms {
			i := slices.Index(names, t.Species)
			if i < 0 {
				return Candidate{}, fmt.Errorf("%w %q: there is no variable %q; there are %v", ErrCandidate, text, t.Species, names)
			}
			if side == 0 {
				c.Orders[i] += t.Order
				c.Change[i] -= t.Order
				total += t.Order
				continue
			}
			c.Change[i] += t.Order
		}
	}
	if total > MaxReactants {
		return Candidate{}, fmt.Errorf("%w %q: %d molecules react; give at most %d", ErrCandidate, text, total, MaxReactants)
	}
	for i, d := range c.Change {
		if d > maxChange || d < -maxChange {
			return Candidate{}, fmt.Errorf("%w %q: %d of %s at once; give at most %d", ErrCandidate, text, d, names[i], maxChange)
		}
	}
	if !slices.ContainsFunc(c.Change, func(d int) bool { return d != 0 }) {
		return Candidate{}, fmt.Errorf("%w %q: it changes nothing", ErrCandidate, text)
	}
	return c, nil
}

// maxChange keeps the coefficients of the formulas far inside 64 bits.
const maxChange = 1000
