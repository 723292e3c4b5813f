package kernelext

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

var (
	// ErrNothing is returned when there is no answer to draw.
	ErrNothing = errors.New("kernelext: nothing to draw")
	// ErrTime is returned when an answer has no snapshot at the time asked for.
	ErrTime = errors.New("kernelext: no snapshot at this time")
	// ErrSpecies is returned for a species that an answer does not have.
	ErrSpecies = errors.New("kernelext: unknown species")
	// ErrShape is returned for lists that do not fit together.
	ErrShape = errors.New("kernelext: lengths do not fit")
)

// Answer is what one solver says about a model, in rising order of time.
type Answer struct {
	Label     string // for legends: "exact (FSP)", "SSA", "network"
	Snapshots []dist.Snapshot
}

// At returns the snapshot at time t; the last digits of t may differ.
func (a Answer) At(t float64) (dist.Snapshot, error) {
	times := make([]string, len(a.Snapshots))
	for i, s := range a.Snapshots {
		if near(t)(s.Time) {
			return s, nil
		}
		times[i] = number(s.Time)
	}
	return dist.Snapshot{}, fmt.Errorf("%w: %s has none at %s, only at %s", ErrTime, a.Label, number(t), strings.Join(times, ", "))
}

// near tells times that are equal but for their last digits.
func near(t float64) func(float64) bool {
	return func(v float64) bool { return math.Abs(v-t) <= 1e-9*max(math.Abs(v), math.Abs(t)) }
}

// index finds a species in a distribution.
func (a Answer) index(d dist.Distribution, species string) (int, error) {
	names := d.Species()
	i := slices.Index(names, species)
	if i < 0 {
		return 0, fmt.Errorf("%w: %s has no %q, only %s", ErrSpecies, a.Label, species, strings.Join(names, ", "))
	}
	return i, nil
}

// samples is the label of the answer with the number of its samples.
func (a Answer) samples() string {
	if len(a.Snapshots) == 0 {
		return a.Label
	}
	n := a.Snapshots[len(a.Snapshots)-1].Dist.Samples()
	if n == 0 {
		return a.Label
	}
	return a.Label + ", N = " + thousands(n)
}

// check returns the species to draw: those named, or all of the first answer.
func check(answers []Answer, species []string) ([]string, error) {
	if len(answers) == 0 {
		return nil, fmt.Errorf("%w: give at least one answer", ErrNothing)
	}
	for _, a := range answers {
		if len(a.Snapshots) == 0 {
			return nil, fmt.Errorf("%w: %s has no snapshots", ErrNothing, a.Label)
		}
	}
	if len(species) > 0 {
		return species, nil
	}
	return answers[0].Snapshots[0].Dist.Species(), nil
}

// checkColumns is check for figures in which every species has a column.
func checkColumns(answers []Answer, species []string) ([]string, error) {
	species, err := check(answers, species)
	if err != nil {
		return nil, err
	}
	return species, fit(species)
}

// fit says whether there is room for a column a species.
func fit(species []string) error {
	if len(species) > maxColumns {
		return fmt.Errorf("%w: %d species do not fit side by side: name at most %d in Style.Species", ErrNothing, len(species), maxColumns)
	}
	return nil
}

// number writes a value with four digits, without trailing zeros.
func number(v float64) string { return fmt.Sprintf("%.4g", v) }

// thousands writes a whole number in groups of three digits.
func thousands(v float64) string {
	s := fmt.Sprintf("%.0f", v)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// apart writes a distance beside its noise floor.
func apart(d dist.Distance) string {
	if d.Floor == 0 {
		return fmt.Sprintf("%.2g", d.Value)
	}
	return fmt.Sprintf("%.2g (noise %.2g)", d.Value, d.Floor)
}
