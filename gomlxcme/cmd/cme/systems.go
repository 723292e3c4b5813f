package main

import (
	"encoding/json"
	"io"
	"strconv"

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
}

func newSystems() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "systems",
		Short: "List the catalogue of models",
		Args:  exactly(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var lines []systemLine
			for _, e := range systems.All() {
				n := e.Build()
				l := systemLine{Name: e.Name, Title: e.Title, Species: len(n.Species), Reactions: len(n.Reactions), TEnd: e.TEnd, Source: e.Source}
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
		rows[i] = []string{l.Name, strconv.Itoa(l.Species), strconv.Itoa(l.Reactions), short(l.TEnd), l.Title, l.Source}
	}
	return leftTable(w, []string{"name", "species", "reactions", "t-end", "title", "source"}, rows)
}

// printJSON prints any value, indented.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
