package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
)

// isSBML reports whether MODEL is the path of an SBML file and no name of the catalogue.
func isSBML(name string) bool {
	extension := strings.ToLower(filepath.Ext(name))
	return extension == ".xml" || extension == ".sbml"
}

// loadSBML reads an SBML file as if it were an entry of the catalogue, but without a usual end time.
func loadSBML(path string) (systems.Entry, *sbml.Model, error) {
	m, err := sbml.ReadFile(path)
	if err != nil {
		return systems.Entry{}, nil, err
	}
	title := m.Name
	if title == "" {
		title = "no name given"
	}
	return systems.Entry{Name: m.Network.Name, Title: title, Build: m.Network.Clone,
		Source: fmt.Sprintf("%s, SBML Level %d Version %d", path, m.Level, m.Version)}, m, nil
}

// importedLines say what the importer assumed.
type importedLines struct {
	Species     []importedSpecies `json:"species"`
	Observables []observableLine  `json:"observables"`
	Notes       []string          `json:"notes"`
}

type importedSpecies struct {
	Name        string   `json:"name"`
	Role        string   `json:"role"`
	Symbol      string   `json:"symbol"` // what its name means in the file's formulas: amount or concentration
	Initial     float64  `json:"initial_amount"`
	Compartment string   `json:"compartment"`
	Size        *float64 `json:"compartment_size"` // null if the file gives none
	Boundary    bool     `json:"boundary"`
	Constant    bool     `json:"constant"`
}

type observableLine struct {
	Name    string `json:"name"`
	Formula string `json:"formula"`
}

func imported(m *sbml.Model) *importedLines {
	out := &importedLines{Observables: []observableLine{}, Notes: append([]string{}, m.Notes...)}
	for _, s := range m.Species {
		l := importedSpecies{Name: s.ID, Role: string(s.Role), Symbol: "amount", Initial: s.Initial, Compartment: s.Compartment,
			Boundary: s.Boundary, Constant: s.Constant}
		if s.Concentration {
			l.Symbol = "concentration"
		}
		if !math.IsNaN(s.Size) {
			l.Size = &s.Size
		}
		out.Species = append(out.Species, l)
	}
	for _, o := range m.Observables {
		if o.Formula.Op != crn.OpName || o.Formula.Name != o.Name { // a species that is held is no news
			out.Observables = append(out.Observables, observableLine{o.Name, o.Formula.String()})
		}
	}
	return out
}

func printImported(w io.Writer, d *importedLines) error {
	var rows [][]string
	for _, s := range d.Species {
		size := "not given"
		if s.Size != nil {
			size = strconv.FormatFloat(*s.Size, 'g', -1, 64)
		}
		rows = append(rows, []string{s.Name, s.Role, s.Symbol, strconv.FormatFloat(s.Initial, 'g', -1, 64), s.Compartment, size,
			strconv.FormatBool(s.Boundary), strconv.FormatBool(s.Constant)})
	}
	fmt.Fprintln(w, "\nhow the file was read:")
	if err := leftTable(w, []string{"species", "role", "name means", "start", "compartment", "size", "boundary", "constant"}, rows); err != nil {
		return err
	}
	for _, o := range d.Observables {
		fmt.Fprintf(w, "  %s = %s\n", o.Name, o.Formula)
	}
	for _, n := range d.Notes {
		if _, err := fmt.Fprintln(w, "note: "+n); err != nil {
			return err
		}
	}
	return nil
}
