package study

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// Column of a report: the summaries of networks of one kind.
type Column struct {
	Name      string
	Summaries []Summary
	Published []float64 // by place of the summaries, if there are any; NaN where there is none
}

// Report writes a table in Markdown: a row for each value, with median, mean and band of every column and the error of its networks together, beside the
// error of keeping the first value.
// Values at which networks were trained are marked. Means over the values that were learned from, and over those that were not, follow.
func (e Experiment) Report(w io.Writer, columns []Column) error {
	var out strings.Builder
	head, rule := "| "+e.Unit()+" | first value kept |", "| --- | --- |"
	for _, c := range columns {
		head += fmt.Sprintf(" %s: median | mean ± band | together |", c.Name)
		rule += " --- | --- | --- |"
		if c.Published != nil {
			head += " published mean |"
			rule += " --- |"
		}
	}
	fmt.Fprintf(&out, "%s\n%s\n", head, rule)
	for i, first := range columns[0].Summaries {
		mark := map[Role]string{Learned: " learned", Validated: " validated"}[first.Role]
		fmt.Fprintf(&out, "| %.4g%s | %s |", first.Value, mark, brief(first.Kept))
		for _, c := range columns {
			s, found := c.at(first.Value)
			if !found {
				out.WriteString(" | | |")
			} else {
				fmt.Fprintf(&out, " %s%s | %s ± %s%s | %s%s |", brief(s.Median), better(s.Median, s.Kept), brief(s.Mean), brief(s.Band), lostOnes(s), brief(s.Together), better(s.Together, s.Kept))
			}
			if c.Published != nil {
				out.WriteString(" " + c.publishedAt(i) + " |")
			}
		}
		out.WriteString("\n")
	}
	for _, role := range []Role{Learned, Validated, Unseen} {
		e.total(&out, role, columns)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// ReportSwing writes a table in Markdown of how far calcium swings, lowest and highest mean ∓ sd in µM: by the known parameters, and by the networks of
// every column with 95 % bands.
func (e Experiment) ReportSwing(w io.Writer, columns []Column) error {
	var out strings.Builder
	head, rule := "| "+e.Unit()+" | known |", "| --- | --- |"
	for _, c := range columns {
		head += " " + c.Name + " |"
		rule += " --- |"
	}
	fmt.Fprintf(&out, "%s\n%s\n", head, rule)
	for _, first := range columns[0].Summaries {
		fmt.Fprintf(&out, "| %.4g | %.3f … %.3f |", first.Value, first.Known.Min, first.Known.Max)
		for _, c := range columns {
			if s, found := c.at(first.Value); found {
				fmt.Fprintf(&out, " %.3f ± %.3f … %.3f ± %.3f |", s.Swing.Min, s.SwingBand.Min, s.Swing.Max, s.SwingBand.Max)
			} else {
				out.WriteString(" |")
			}
		}
		out.WriteString("\n")
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// total is the row of means over all values of one role.
func (e Experiment) total(out *strings.Builder, role Role, columns []Column) {
	over := func(c Column, get func(Summary) float64) (sum float64, n int) {
		for _, s := range c.Summaries {
			if s.Role == role {
				sum += get(s)
				n++
			}
		}
		return sum / float64(n), n
	}
	kept, n := over(columns[0], func(s Summary) float64 { return s.Kept })
	if n == 0 {
		return
	}
	fmt.Fprintf(out, "| mean of %d %s | %s |", n, role, brief(kept))
	for _, c := range columns {
		median, _ := over(c, func(s Summary) float64 { return s.Median })
		mean, _ := over(c, func(s Summary) float64 { return s.Mean })
		together, _ := over(c, func(s Summary) float64 { return s.Together })
		fmt.Fprintf(out, " %s%s | %s | %s%s |", brief(median), better(median, kept), brief(mean), brief(together), better(together, kept))
		if c.Published != nil {
			sum, m := 0.0, 0
			for i, s := range c.Summaries {
				if s.Role == role && i < len(c.Published) && !math.IsNaN(c.Published[i]) {
					sum += c.Published[i]
					m++
				}
			}
			if m == n {
				fmt.Fprintf(out, " %s |", brief(sum/float64(m)))
			} else {
				out.WriteString(" |")
			}
		}
	}
	out.WriteString("\n")
}

// better marks what beats the baseline by nothing, and what does not by a cross.
func better(v, kept float64) string {
	if v >= kept {
		return " ✗"
	}
	return ""
}

// lostOnes says how many networks are not in the mean.
func lostOnes(s Summary) string {
	if s.Diverged == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of %d diverged", s.Diverged, s.Networks)
}

func (c Column) at(value float64) (Summary, bool) {
	for _, s := range c.Summaries {
		if s.Value == value {
			return s, true
		}
	}
	return Summary{}, false
}

func (c Column) publishedAt(i int) string {
	if i >= len(c.Published) || math.IsNaN(c.Published[i]) {
		return ""
	}
	return brief(c.Published[i])
}

// brief prints an error with two digits.
func brief(v float64) string {
	switch {
	case math.IsNaN(v):
		return "–"
	case math.IsInf(v, 0):
		return "diverged"
	}
	return fmt.Sprintf("%.1e", v)
}

// PublishedReceptorErrors are the mean errors of the source's 40 networks by number of receptors, with reactions or without; 0 if there is none.
func PublishedReceptorErrors(receptors int, reactions bool) float64 {
	for _, row := range []struct {
		receptors             int
		parameters, reactions float64
	}{
		{500, 2.21e-3, 2.41e-3}, {600, 2.04e-3, 2.44e-3}, {700, 1.48e-3, 2.10e-3}, {800, 1.43e-3, 2.10e-3}, {900, 1.38e-3, 2.19e-3}, {1000, 1.17e-3, 1.41e-3},
		{1500, 1.22e-2, 2.63e-3}, {2000, 2.13e-2, 4.08e-3}, {2500, 2.84e-2, 5.45e-3}, {3000, 3.65e-2, 8.45e-3}, {3500, 3.89e-2, 9.72e-3}, {4000, 4.53e-2, 1.13e-2},
		{4500, 5.13e-2, 1.27e-2}, {5000, 5.95e-2, 1.49e-2},
	} {
		if row.receptors == receptors && reactions {
			return row.reactions
		} else if row.receptors == receptors {
			return row.parameters
		}
	}
	return 0
}
