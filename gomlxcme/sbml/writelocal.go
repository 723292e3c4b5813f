package sbml

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// local takes apart the name of a parameter that can be local to a reaction: it is called reaction.name, and neither other
// reactions nor events use it.
func (w *writer) local(parameter string) (reaction, short string, ok bool) {
	reaction, short, ok = strings.Cut(parameter, ".")
	if !ok || !isID(short) {
		return "", "", false
	}
	found := false
	for _, r := range w.n.Reactions {
		if r.Name == reaction {
			found = true
			continue
		}
		if law, err := w.law(r); err == nil && slices.Contains(law.Names(), parameter) {
			return "", "", false
		}
	}
	for _, e := range w.n.Events {
		formulas := []crn.Formula{e.Trigger, e.Delay, e.Priority}
		for _, a := range e.Assignments {
			formulas = append(formulas, a.Value)
		}
		for _, f := range formulas {
			if slices.Contains(f.Names(), parameter) {
				return "", "", false
			}
		}
	}
	return reaction, short, found
}

// shorten writes the local parameters of a reaction, and their short names into its law.
func (w *writer) shorten(out *outputReaction, reaction string, law crn.Formula) (crn.Formula, error) {
	locals := w.locals[reaction]
	if locals == nil {
		return law, nil
	}
	out.Law.Locals = &outputLocals{}
	with := map[string]crn.Formula{}
	for _, p := range locals {
		if slices.Contains(law.Names(), p.Name) {
			return law, fmt.Errorf("the local parameter %s.%s would hide the other %s in its law: rename one", reaction, p.Name, p.Name)
		}
		out.Law.Locals.List = append(out.Law.Locals.List, outputLocal{p.Name, p.Value})
		with[reaction+"."+p.Name] = crn.Name(p.Name)
	}
	return law.Replace(func(name string) (crn.Formula, bool) {
		f, ok := with[name]
		return f, ok
	}), nil
}
