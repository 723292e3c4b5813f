package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// preface explains the table; the measured rows follow.
const preface = `# Accuracy of the network

Made by "make accuracy" (gomlxcme/cmd/cmeaccuracy); do not edit. Every row is a system of the catalogue, solved by
"cme solve SYSTEM OPTIONS" with the settings that it chooses by itself, and compared with a reference: finite state
projection (fsp), which has no noise, or trajectories (ssa), whose sampling noise gives the floor. The worst of all seeds,
output times and species counts.

- distance: largest Hellinger distance of a marginal, and where; floor: what the sampling of both results alone would give there.
- mean, sd: largest difference, in units of the reference's standard deviation; noise: the standard error of the mean in that unit.
- wall, CPU: seconds of the slowest seed, on a computer that other programs used as well, so that wall seconds are upper bounds.
- bound: the largest kl_bound, the network's own bound on the total variation that its projections add up to.

`

// printTable writes the whole file: measured rows, and the systems that wait for their turn.
func printTable(w io.Writer, list []row, all []preset) error {
	var text strings.Builder
	text.WriteString(preface)
	text.WriteString("| system | until t | seeds | distance | where | floor | mean | sd | noise | wall s | CPU s | bound | measured |\n")
	text.WriteString("|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	var missing, notes []string
	for _, p := range all {
		groups := groupsOf(list, p.system)
		if len(groups) == 0 {
			missing = append(missing, p.system)
		}
		for _, g := range groups {
			text.WriteString(g.line())
			notes = append(notes, g.note(p))
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(&text, "\nNot measured yet: %s.\n", strings.Join(missing, ", "))
	}
	text.WriteString("\n## Settings, references and the published programs\n\n")
	for _, n := range notes {
		text.WriteString(n)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// group is what was measured for one question with several seeds.
type group struct {
	good, bad []row
	first     row
}

// groupsOf sorts the rows of a system by question, short ones first.
func groupsOf(list []row, system string) []group {
	var groups []group
	for _, r := range list {
		if r.System != system {
			continue
		}
		k := slices.IndexFunc(groups, func(g group) bool { return g.first.Options == r.Options && g.first.Reference == r.Reference })
		if k < 0 {
			k = len(groups)
			groups = append(groups, group{first: r})
		}
		if r.Failure == "" {
			groups[k].good = append(groups[k].good, r)
		} else {
			groups[k].bad = append(groups[k].bad, r)
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(a.first.Until, b.first.Until) })
	return groups
}

// line is the row of the table.
func (g group) line() string {
	seeds := fmt.Sprint(len(g.good))
	if len(g.bad) > 0 {
		seeds += fmt.Sprintf(", and %d failed", len(g.bad))
	}
	if len(g.good) == 0 {
		return fmt.Sprintf("| %s | %g | %s | failed | | | | | | | | | %s |\n", g.first.System, g.first.Until, seeds, g.first.Date)
	}
	worst := slices.MaxFunc(g.good, func(a, b row) int { return cmp.Compare(a.Hellinger, b.Hellinger) })
	top := func(value func(row) float64) float64 {
		v := 0.0
		for _, r := range g.good {
			v = max(v, value(r))
		}
		return v
	}
	last := slices.MaxFunc(g.good, func(a, b row) int { return cmp.Compare(a.Date, b.Date) })
	return fmt.Sprintf("| %s | %g | %s | %.4f | %s | %.4f | %.2g | %.2g | %.1g | %.3g | %.3g | %.2g | %s |\n",
		g.first.System, g.first.Until, seeds, worst.Hellinger, worst.Where, worst.Floor,
		top(func(r row) float64 { return r.Mean }), top(func(r row) float64 { return r.SD }), top(func(r row) float64 { return r.Noise }),
		top(func(r row) float64 { return r.Wall }), top(func(r row) float64 { return r.CPU }), top(func(r row) float64 { return r.Bound }), last.Date)
}

// note says what the row of the table has no room for.
func (g group) note(p preset) string {
	text := fmt.Sprintf("- %s to t = %g: `cme solve %s %s`", p.system, g.first.Until, p.system, g.first.Options)
	if len(g.good) > 0 && g.good[0].Network != "" {
		text += "; network " + g.good[0].Network
	}
	if len(g.good) > 0 && g.good[0].Revision != "" {
		text += "; revision " + g.good[0].Revision
	}
	text += fmt.Sprintf("; reference `cme %s`; published: %s.\n", strings.Replace(g.first.Reference, " ", " "+p.system+" ", 1), p.original)
	for _, r := range g.bad {
		text += fmt.Sprintf("  - seed %d failed: %s\n", r.Seed, r.Failure)
	}
	return text
}
