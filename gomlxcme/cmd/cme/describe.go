package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/spf13/cobra"
)

// description is a model in full.
type description struct {
	Name          string              `json:"name"`
	Title         string              `json:"title"`
	Source        string              `json:"source"`
	TEnd          float64             `json:"t_end"` // 0 if the model has no usual one
	TimeUnit      string              `json:"time_unit,omitempty"`
	Propensity    string              `json:"propensity"`
	Species       []speciesLine       `json:"species"`
	Reactions     []reactionLine      `json:"reactions"`
	Events        []eventLine         `json:"events,omitempty"`
	Parameters    []parameterLine     `json:"parameters"`
	Conservations []conservationsLine `json:"conservation_laws"`
	Imported      *importedLines      `json:"imported,omitempty"` // for SBML files
	Options       []optionLine        `json:"options"`
}

type speciesLine struct {
	Name    string `json:"name"`
	Initial string `json:"initial"`
	Cap     *int   `json:"cap"` // null for none
}

type reactionLine struct {
	Name       string `json:"name"`
	Equation   string `json:"equation"`
	Rate       string `json:"rate"`
	Propensity string `json:"propensity"`
	While      string `json:"while,omitempty"`
}

type eventLine struct {
	Name  string `json:"name"`
	Event string `json:"event"` // "when P2 > 30: P2 = 0"
}

type parameterLine struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

type conservationsLine struct {
	Law     string `json:"law"`
	Weights []int  `json:"weights"` // one a species
}

func newDescribe() *cobra.Command {
	var asJSON bool
	var model modelOptions
	cmd := &cobra.Command{
		Use:     "describe MODEL",
		Short:   "Show species, reactions, parameters and conservation laws of a model",
		Example: "  cme describe toggle-switch --propensity power\n  cme describe schlogl:sites=3",
		Args:    exactly("MODEL"),
		RunE: func(cmd *cobra.Command, args []string) error {
			entry, n, _, err := model.load(args[0])
			if err != nil {
				return err
			}
			d, err := describe(entry, n)
			if err != nil {
				return err
			}
			if model.sbml != nil {
				d.Imported = imported(model.sbml)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), d)
			}
			return printDescription(cmd.OutOrStdout(), d)
		},
	}
	model.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func describe(e systems.Entry, n *crn.Network) (*description, error) {
	d := &description{Name: n.Name, Title: e.Title, Source: e.Source, TEnd: e.TEnd, TimeUnit: e.TimeUnit, Propensity: n.Law.String(),
		Conservations: []conservationsLine{}, Options: optionLines(e)}
	for _, s := range n.Species {
		l := speciesLine{Name: s.Name, Initial: s.Initial.String()}
		if s.Cap != crn.Unbounded {
			l.Cap = &s.Cap
		}
		d.Species = append(d.Species, l)
	}
	for _, r := range n.Reactions {
		l := reactionLine{Name: r.Name, Equation: r.Format(n), Rate: r.Rate.String(), Propensity: propensity(n, r)}
		var conditions []string
		for _, m := range r.Masks {
			conditions = append(conditions, fmt.Sprintf("%s = %d", n.Species[m.Species].Name, m.Count))
		}
		l.While = strings.Join(conditions, ", ")
		d.Reactions = append(d.Reactions, l)
	}
	for _, e := range n.Events {
		d.Events = append(d.Events, eventLine{e.Name, e.Format(n)})
	}
	for _, p := range n.Parameters {
		d.Parameters = append(d.Parameters, parameterLine(p))
	}
	laws, err := n.ConservationLaws()
	if err != nil {
		return nil, err
	}
	for _, law := range laws {
		d.Conservations = append(d.Conservations, conservationsLine{law.Format(n), law.Weights})
	}
	return d, nil
}

// propensity writes the propensity as a formula: with the factors of the reactants, unless the rate is the whole of it.
func propensity(n *crn.Network, r crn.Reaction) string {
	switch rate := r.Rate.(type) {
	case crn.MassAction, crn.Sinusoid:
	case crn.Hill:
		if !rate.Reactants {
			return rate.String()
		}
	case crn.Expression:
		if !rate.Factors {
			return rate.String()
		}
	default:
		return r.Rate.String()
	}
	factors := []string{r.Rate.String()}
	if _, ok := r.Rate.(crn.Expression); ok {
		factors[0] = "(" + factors[0] + ")"
	}
	for _, t := range r.Reactants {
		name := n.Species[t.Species].Name
		switch {
		case t.Order > 1 && n.Law == crn.Power:
			factors = append(factors, fmt.Sprintf("%s^%d", name, t.Order))
		default:
			factors = append(factors, name)
			for i := 1; i < t.Order; i++ {
				factors = append(factors, fmt.Sprintf("(%s-%d)", name, i))
			}
		}
	}
	return strings.Join(factors, " ")
}

func printDescription(w io.Writer, d *description) error {
	end := "no usual end time"
	if d.TEnd > 0 {
		end = strings.TrimRight("usual end time "+short(d.TEnd)+" "+d.TimeUnit, " ")
	}
	if _, err := fmt.Fprintf(w, "%s: %s\n%s\n%s; propensity law %s\n\n", d.Name, d.Title, d.Source, end, d.Propensity); err != nil {
		return err
	}
	var rows [][]string
	for _, o := range d.Options {
		rows = append(rows, []string{o.Name, o.Value, o.Allowed, o.Help})
	}
	if rows != nil {
		if err := leftTable(w, []string{"option", "value", "allowed", "meaning"}, rows); err != nil {
			return err
		}
		fmt.Fprintln(w)
	}
	rows = nil
	for _, s := range d.Species {
		limit := "none"
		if s.Cap != nil {
			limit = strconv.Itoa(*s.Cap)
		}
		rows = append(rows, []string{s.Name, s.Initial, limit})
	}
	if err := leftTable(w, []string{"species", "initial", "cap"}, rows); err != nil {
		return err
	}
	rows = nil
	for _, r := range d.Reactions {
		rows = append(rows, []string{r.Name, r.Equation, r.Propensity, r.While})
	}
	fmt.Fprintln(w)
	if err := leftTable(w, []string{"reaction", "equation", "propensity", "only while"}, rows); err != nil {
		return err
	}
	if d.Events != nil {
		rows = nil
		for _, e := range d.Events {
			rows = append(rows, []string{e.Name, e.Event})
		}
		fmt.Fprintln(w)
		if err := leftTable(w, []string{"event", "what it does"}, rows); err != nil {
			return err
		}
	}
	rows = nil
	for _, p := range d.Parameters {
		rows = append(rows, []string{p.Name, strconv.FormatFloat(p.Value, 'g', -1, 64)})
	}
	fmt.Fprintln(w)
	if err := leftTable(w, []string{"parameter", "value"}, rows); err != nil {
		return err
	}
	heading := "\nno conservation laws"
	if len(d.Conservations) > 0 {
		heading = "\nconserved:"
	}
	if _, err := fmt.Fprintln(w, heading); err != nil {
		return err
	}
	for _, c := range d.Conservations {
		if _, err := fmt.Fprintln(w, "  "+c.Law); err != nil {
			return err
		}
	}
	if d.Imported != nil {
		return printImported(w, d.Imported)
	}
	return nil
}
