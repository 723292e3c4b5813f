package sweep

import (
	"fmt"
	"slices"
	"strings"
)

// check refuses names that the model and the solver do not have, and values that they do not take.
func (s *Spec) check(checker Checker) error {
	if err := s.checkNames(checker); err != nil {
		return err
	}
	if err := s.checkKeep(checker); err != nil {
		return err
	}
	base := slices.Clone(s.Settings)
	from := len(base)
	for i, n := range s.Varied() {
		base = append(base, Setting{n, s.tried(i)[0]})
	}
	if err := checker.Check(base); err != nil {
		return s.document.at(s.blamed(err, base), "%s", oneLine(err))
	}
	for i, n := range s.Varied() {
		for _, v := range s.tried(i)[1:] {
			one := slices.Clone(base)
			one[from+i].Value = v
			if err := checker.Check(one); err != nil {
				return s.document.at(s.lineOf(n), "%s = %v: %s", n, v, oneLine(err))
			}
		}
	}
	return nil
}

// blamed is the line of the setting that an error speaks of, or that of the solver.
func (s *Spec) blamed(err error, settings []Setting) int {
	for _, x := range settings {
		if words := strings.FieldsFunc(err.Error(), func(r rune) bool { return strings.ContainsRune(" \"':;,=", r) }); slices.Contains(words, x.Name.Of) || slices.Contains(words, "--"+x.Name.Of) {
			return s.lineOf(x.Name)
		}
	}
	return s.document.line("solver")
}

// checkNames looks all names up.
func (s *Spec) checkNames(checker Checker) error {
	what := map[Kind]string{Option: "option of " + string(s.Solver), Parameter: "parameter of " + s.Model, Start: "species of " + s.Model, Cap: "species of " + s.Model}
	names := s.Varied()
	for _, x := range s.Settings {
		names = append(names, x.Name)
	}
	for _, n := range names {
		known := checker.Known(n.Kind)
		if slices.Contains(known, n.Of) {
			continue
		}
		text := fmt.Sprintf("unknown %s %q; ", what[n.Kind], n.Of)
		if n.Kind == Option { // it may be a parameter without its prefix
			for _, kind := range []Kind{Parameter, Start} {
				if slices.Contains(checker.Known(kind), n.Of) {
					return s.document.at(s.lineOf(n), "%sdid you mean %q?", text, Name{kind, n.Of}.String())
				}
			}
		}
		list := strings.Join(known, ", ")
		if len(known) == 0 {
			list = "none"
		}
		return s.document.at(s.lineOf(n), "%s%sknown are %s", text, nearest(n.Of, known), list)
	}
	return nil
}

// checkKeep looks the outputs up.
func (s *Spec) checkKeep(checker Checker) error {
	moments, marginals := checker.Outputs()
	for _, x := range []struct {
		name   string
		chosen Selection
		known  []string
	}{{"moments", s.Keep.Moments, moments}, {"marginals", s.Keep.Marginals, marginals}} {
		for i, name := range x.chosen.Some {
			if !slices.Contains(x.known, name) {
				return s.document.at(s.document.line("keep", x.name, fmt.Sprint(i)), "there are no %s of %q; %sthere are those of %s", x.name, name, nearest(name, x.known), strings.Join(x.known, ", "))
			}
		}
	}
	return nil
}

// tried are the values of the i-th varied name that are tried out: all of a list or grid unless they are many, and the ends.
func (s *Spec) tried(i int) []Value {
	var all []Value
	switch {
	case len(s.Points) > 0:
		seen := map[string]bool{}
		for _, p := range s.Points {
			if v := p[i].Value; !seen[v.String()] {
				seen[v.String()] = true
				all = append(all, v)
			}
		}
	case s.Vary[i].Range != nil && s.Sampling.Method != Grid:
		all = []Value{s.Vary[i].at(0), s.Vary[i].at(0.37), s.Vary[i].Range.At(1)}
	default:
		all = s.Vary[i].grid()
	}
	if len(all) > maxChecked {
		some := make([]Value, maxChecked)
		for k := range some {
			some[k] = all[k*(len(all)-1)/(maxChecked-1)]
		}
		return some
	}
	return all
}

// oneLine is an error's text without line ends.
func oneLine(err error) string {
	return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
}
