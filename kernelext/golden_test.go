package kernelext_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/kernelext"
)

// structure says what a figure is made of: its size, how many elements of each
// kind, the colours of lines and areas, and its texts in their order. Two
// figures of one structure may differ in where their curves run.
func structure(t *testing.T, svg []byte) string {
	t.Helper()
	counts, colours := map[string]int{}, map[string]bool{}
	var texts []string
	size := ""
	d := xml.NewDecoder(bytes.NewReader(svg))
	inText := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			counts[e.Name.Local]++
			inText = e.Name.Local == "text"
			for _, a := range e.Attr {
				if e.Name.Local == "svg" && a.Name.Local == "viewBox" {
					var w, h float64
					if _, err := fmt.Sscanf(a.Value, "0 0 %f %f", &w, &h); err != nil {
						t.Fatal(err)
					}
					size = fmt.Sprintf("%.0f × %.0f", w, h)
				}
				if a.Name.Local == "style" {
					for _, part := range strings.Split(a.Value, ";") {
						name, value, _ := strings.Cut(part, ":")
						if (name == "fill" || name == "stroke") && value != "none" {
							colours[value] = true
						}
					}
				}
			}
		case xml.CharData:
			if inText {
				texts = append(texts, string(e))
			}
		case xml.EndElement:
			inText = false
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, "size", size)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintln(&b, name, counts[name])
	}
	fmt.Fprintln(&b, "colours", strings.Join(slices.Sorted(maps.Keys(colours)), " "))
	for _, text := range texts {
		fmt.Fprintln(&b, "|", text)
	}
	return b.String()
}

// Every drawing function gives a figure of the structure that was looked at and
// kept. CME_GOLDEN=write keeps the present one: look at it first, with
// CME_FIGURES=DIR.
func TestFiguresHaveTheStructureThatWasKept(t *testing.T) {
	exact := poisson(t, 0, 1, 2, 4)
	for i := range exact.Snapshots {
		exact.Snapshots[i].Diagnostics.Set("leak", math.Pow(10, -9+float64(i)))
		exact.Snapshots[i].Diagnostics.Set("ess", 1000-float64(i))
	}
	samples := sampled(t, exact, 2000)
	path := &ssa.Path{Species: []string{"A", "B"}, Times: []float64{0, 0.5, 1.5, 1.7}, States: []int32{0, 0, 1, 0, 1, 3, 2, 3}, End: 2}
	s := kernelext.Style{Title: "Two counts", TimeUnit: "s"}
	one := kernelext.Style{TimeUnit: "s", Species: []string{"A"}}
	network := crn.New("dimers")
	network.Param("k", 1)
	network.AddSpecies("A", crn.Delta(9), 9)
	network.AddSpecies("B", crn.Delta(0), 9)
	network.React("2 A -> B", "k", crn.Named("binding"))
	network.React("B -> 2 A", "k", crn.Named("unbinding"))
	network.React("0 -> A", "k", crn.While("B", 0), crn.Named("birth"))
	for name, draw := range map[string]func() ([]byte, error){
		"chart": func() ([]byte, error) {
			return kernelext.DrawChart(s, kernelext.Chart{X: "runs", Y: "D", LogX: true, LogY: true, Series: []kernelext.Series{
				{Label: "SSA", X: []float64{10, 100, 1000}, Y: []float64{0.3, 0.1, 0.03}, Bars: []float64{0.1, 0.02, 0.01}, Points: true},
				{Label: "floor", X: []float64{10, 1000}, Y: []float64{0.3, 0.03}, Low: []float64{0.2, 0.02}, High: []float64{0.4, 0.04}}}})
		},
		"moments":     func() ([]byte, error) { return kernelext.DrawMoments(s, exact, samples) },
		"bands":       func() ([]byte, error) { return kernelext.DrawBands(s, exact, samples) },
		"waterfall":   func() ([]byte, error) { return kernelext.DrawWaterfall(s, nil, exact, samples) },
		"marginals":   func() ([]byte, error) { return kernelext.DrawMarginals(s, 2, exact, samples) },
		"joint":       func() ([]byte, error) { return kernelext.DrawJoint(s, 2, "A", "B", exact, samples) },
		"comparison":  func() ([]byte, error) { return kernelext.DrawComparison(one, []float64{1}, exact, samples) },
		"distances":   func() ([]byte, error) { return kernelext.DrawDistances(s, exact, samples) },
		"parity":      func() ([]byte, error) { return kernelext.DrawParity(s, exact, samples) },
		"diagnostics": func() ([]byte, error) { return kernelext.DrawDiagnostics(s, nil, exact) },
		"paths":       func() ([]byte, error) { return kernelext.DrawPaths(s, path) },
		"phase-plane": func() ([]byte, error) { return kernelext.DrawPhasePlane(s, "A", "B", path) },
		"network":     func() ([]byte, error) { return kernelext.DrawNetwork(s, network) },
		"lattice": func() ([]byte, error) {
			return kernelext.DrawLattice(s, kernelext.Lattice{{"A", "B"}}, []float64{1, 4}, exact)
		},
		"kymograph": func() ([]byte, error) { return kernelext.DrawKymograph(s, kernelext.Lattice{{"A", "B"}}, exact) },
		"bifurcation": func() ([]byte, error) {
			return kernelext.DrawBifurcation(s, "k", "A", 2, kernelext.Point{Value: 1, Answer: exact})
		},
		"map": func() ([]byte, error) {
			return kernelext.DrawMap(s, kernelext.Map{Label: "modes", X: kernelext.Axis{Name: "a", Values: []float64{1, 2}}, Y: kernelext.Axis{Name: "b", Values: []float64{1}}, Values: [][]float64{{1, 2}}})
		},
		"maps": func() ([]byte, error) {
			a, b := kernelext.Axis{Name: "a", Values: []float64{1, 2}}, kernelext.Axis{Name: "b", Values: []float64{1}}
			return kernelext.DrawMaps(s, kernelext.Map{Title: "c = 1", Label: "modes", X: a, Y: b, Values: [][]float64{{1, 2}}}, kernelext.Map{Title: "c = 2", X: a, Y: b, Values: [][]float64{{3, math.NaN()}}},
				kernelext.Map{Title: "c = 3", X: a, Y: b, Values: [][]float64{{3, 4}}}, kernelext.Map{Title: "c = 4", X: a, Y: b, Values: [][]float64{{5, 4}}})
		},
		"parallel": func() ([]byte, error) {
			return kernelext.DrawParallel(s, kernelext.ParallelAxis{Name: "k", Values: []float64{0.1, 1, 10, 0}, Log: true}, kernelext.ParallelAxis{Name: "mean", Values: []float64{4, 5, 3, 1}})
		},
		"matrix": func() ([]byte, error) {
			return kernelext.DrawMatrix(s, kernelext.Matrix{Label: "size", Rows: []string{"a", "b"}, Columns: []string{"c", "d", "e"}, Values: [][]float64{{1, 2, 3}, {4, 5, math.NaN()}}})
		},
		"ranges": func() ([]byte, error) {
			return kernelext.DrawRanges(s, "IP3 (µM)", "calcium (µM)", kernelext.Ranges{Label: "runs", Ranges: []kernelext.Range{{At: 1, Low: 0.1, High: 0.5, LowSE: 0.01, HighSE: 0.02}, {At: 2, Low: 0.1, High: 0.7}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			svg, err := draw()
			picture(t, svg, err)
			got := structure(t, svg)
			file := filepath.Join("testdata", "golden", name+".txt")
			if os.Getenv("CME_GOLDEN") == "write" {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the structure has changed. It was\n%s\nand is\n%s", want, got)
			}
		})
	}
}
