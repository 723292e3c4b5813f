package main

import (
	"encoding/json"
	"io"
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
				l := systemLine{Name: e.Name, Title: e.Title, Species: len(n.Species), Reactions: len(n.Reactions), TEnd: e.TEnd, Source: e.Source,
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
		rows[i] = []string{l.Name, strconv.Itoa(l.Species), strconv.Itoa(l.Reactions), short(l.TEnd), optionText(l.Options), l.Title, l.Source}
	}
	return leftTable(w, []string{"name", "species", "reactions", "t-end", "options", "title", "source"}, rows)
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
