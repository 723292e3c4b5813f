package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/spf13/cobra"
)

// systemLine is one system in the list.
type systemLine struct {
	Name         string   `json:"name"`
	Title        string   `json:"title"`
	Species      int      `json:"species"`
	SpeciesNames []string `json:"species_names"`
	Reactions    int      `json:"reactions"`
	TEnd         float64  `json:"t_end"`
	TimeUnit     string   `json:"time_unit,omitempty"` // where the source names one
	Source       string   `json:"source"`
	// Options are the choices behind a colon, as in "schlogl:sites=3"; empty for most systems.
	Options []optionLine `json:"options"`
}

// optionLine is one option of a system.
type optionLine struct {
	Name    string `json:"name"`
	Value   string `json:"value"` // in use
	Allowed string `json:"allowed"`
	Help    string `json:"help"`
}

func optionLines(e systems.Entry) []optionLine {
	lines := make([]optionLine, len(e.Options))
	for i, o := range e.Options {
		lines[i] = optionLine(o)
	}
	return lines
}

func newSystems() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "systems",
		Short: "List the catalogue of models",
		Long: "systems lists the catalogue. Options of a system are shown with their usual values and are given behind a colon, as in\n" +
			"\"cme describe schlogl:sites=3\"; describe shows what they allow.",
		Args: exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var lines []systemLine
			for _, e := range systems.All() {
				n := e.Build()
				l := systemLine{Name: e.Name, Title: e.Title, Species: len(n.Species), Reactions: len(n.Reactions), TEnd: e.TEnd, TimeUnit: e.TimeUnit, Source: e.Source,
					Options: optionLines(e)}
				for _, s := range n.Species {
					l.SpeciesNames = append(l.SpeciesNames, s.Name)
				}
				lines = append(lines, l)
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), lines)
			}
			return printSystems(cmd.OutOrStdout(), lines)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printSystems(w io.Writer, lines []systemLine) error {
	rows := make([][]string, len(lines))
	for i, l := range lines {
		end := short(l.TEnd)
		if l.TimeUnit != "" {
			end += " " + l.TimeUnit
		}
		rows[i] = []string{l.Name, strconv.Itoa(l.Species), strconv.Itoa(l.Reactions), end, l.Title, shortSource(l.Source), optionText(l.Options)}
	}
	if err := leftTable(w, []string{"name", "species", "reactions", "t-end", "title", "source", "options"}, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, "\n\"cme describe NAME\" shows reactions, parameters, what the options allow, and the source in full")
	return err
}

// firstAuthors finds the first surname of a citation, and the second one if there are two.
var firstAuthors = regexp.MustCompile(`^(?:\p{L}\. )+((?:van )?[\p{L}-]+)(?: and (?:\p{L}\. )+((?:van )?[\p{L}-]+)|(, (?:\p{L}\. )))?`)

var firstYear = regexp.MustCompile(`\((\d{4})\)`)

// shortSource names the first work of a citation by its authors and year.
func shortSource(citation string) string {
	names, year := firstAuthors.FindStringSubmatch(citation), firstYear.FindStringSubmatch(citation)
	if names == nil || year == nil {
		return citation
	}
	switch {
	case names[2] != "":
		return names[1] + " and " + names[2] + " " + year[1]
	case names[3] != "":
		return names[1] + " et al. " + year[1]
	}
	return names[1] + " " + year[1]
}

// optionText writes options as they are typed after the name of the system.
func optionText(options []optionLine) string {
	if len(options) == 0 {
		return "-"
	}
	parts := make([]string, len(options))
	for i, o := range options {
		parts[i] = o.Name + "=" + o.Value
	}
	return ":" + strings.Join(parts, ",")
}

// printJSON prints any value, indented.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
