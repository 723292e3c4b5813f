package datasets

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// ErrUnknown marks a name that no data set has.
var ErrUnknown = errors.New("unknown data set")

// generator is the version of the simulator's draws: a change that makes other runs of the same seed is a new one, and needs new versions of
// the sets.
const generator = "calcium-1"

// Set is a data set and how it is made: Runs runs in each condition, recorded every Every seconds from From to TEnd.
type Set struct {
	Name       string              `json:"name"`
	Version    int                 `json:"version"`
	Title      string              `json:"title"`
	Generator  string              `json:"generator"`
	Seed       uint64              `json:"seed"`
	Runs       int                 `json:"runs"`
	From       float64             `json:"from_s"`
	TEnd       float64             `json:"t_end_s"`
	Every      float64             `json:"every_s"`
	Conditions []calcium.Condition `json:"conditions"`
}

// All returns the data sets.
func All() []Set {
	return []Set{
		window("ip3-small", "20 concentrations of IP3, 100 subunits, 50 runs each: comes with the program", 50, concentrations(1), 100),
		window("ip3", "20 concentrations of IP3, 100 subunits, 1200 runs each, as in the source", 1200, concentrations(1), 100),
		window("receptors", "500 to 5000 subunits at 7 concentrations of IP3, 100 runs each, as in the source", 100, concentrations(3),
			500, 600, 700, 800, 900, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000),
		window("receptors-train", "500, 700 and 1000 subunits at 7 concentrations of IP3, 20 runs each: half of what the source trained with, and fewer runs", 20,
			concentrations(3), 500, 700, 1000),
		window("receptors-small", "2000, 3500 and 5000 subunits at 7 concentrations of IP3, 20 runs each: what the source judged by, but fewer runs", 20, concentrations(3),
			2000, 3500, 5000),
	}
}

// window is the set of calcium runs recorded from 10 s to 50 s.
func window(name, title string, runs int, ip3 []float64, receptors ...int) Set {
	s := Set{Name: name, Version: 1, Title: title, Generator: generator, Seed: 1, Runs: runs, From: 10, TEnd: 50, Every: 0.1}
	for _, n := range receptors {
		for _, c := range ip3 {
			s.Conditions = append(s.Conditions, calcium.Condition{Volume: 1e-14, Receptors: n, IP3: c})
		}
	}
	return s
}

// concentrations are 0.1 µM and every step tenths above it to 2.0 µM.
func concentrations(step int) (ip3 []float64) {
	for i := 1; i <= 20; i += step {
		ip3 = append(ip3, float64(i)/10)
	}
	return ip3
}

// Find returns the set of that name.
func Find(name string) (Set, error) {
	var names []string
	for _, s := range All() {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	hint := ""
	if near := crn.Nearest(name, names); near != "" {
		hint = fmt.Sprintf("did you mean %q? ", near)
	}
	return Set{}, fmt.Errorf("%w %q: %sthere are %s", ErrUnknown, name, hint, strings.Join(names, ", "))
}

// ErrSet marks a set that cannot be made.
var ErrSet = errors.New("bad data set")

// Custom completes a set of one's own, which no catalogue has, and checks it; the error says what cannot be made.
func Custom(s Set) (Set, error) {
	s.Version, s.Generator = 1, generator
	if s.Name == "" || len(s.Conditions) == 0 || s.Runs < 2 {
		return s, fmt.Errorf("%w: name %q, %d conditions, %d runs each: give 2 runs or more, for means and covariances", ErrSet, s.Name, len(s.Conditions), s.Runs)
	}
	if !(s.From >= 0) || !(s.From < s.TEnd) {
		return s, fmt.Errorf("%w: records from %v s of runs to %v s: give a first time of 0 or later, before the last", ErrSet, s.From, s.TEnd)
	}
	if err := s.settings().Check(); err != nil {
		return s, err
	}
	for _, c := range s.Conditions {
		if err := c.Check(); err != nil {
			return s, err
		}
	}
	return s, nil
}

// stem is the name of the files without their endings.
func (s Set) stem() string { return fmt.Sprintf("%s-v%d", s.Name, s.Version) }

// settings of the runs.
func (s Set) settings() calcium.Settings {
	return calcium.Settings{TEnd: s.TEnd, Every: s.Every, Seed: s.Seed}
}
