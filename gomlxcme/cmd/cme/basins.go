package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/rare"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/spf13/cobra"
)

// rareName is the file that --basin and --absorb add to a result directory.
const rareName = "rare.csv"

// basins is --basin: named sets of states whose probabilities are reported.
type basins struct {
	texts assignments[string]
	list  []namedBasin
	rows  []rareRow
}

type namedBasin struct {
	name  string
	basin rare.Basin
}

// rareRow is a line of rare.csv.
type rareRow struct {
	time     float64
	quantity string
	rare.Estimate
}

func (b *basins) register(cmd *cobra.Command) {
	b.texts = assignments[string]{kind: "NAME=BASIN", parse: parseBasinText}
	cmd.Flags().Var(&b.texts, "basin", "report the probability of the set of states 'X1<=15,X2<=15' under a name, as in 'B=X1<=15,X2<=15' (repeatable); with several, ratios to the first as well")
}

// parseBasinText takes the text as it is; what it says depends on the model.
func parseBasinText(text string) (string, error) { return text, nil }

var basinNames = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

// read understands the basins of a task, and says so in the record's settings.
func (b *basins) read(t *task, settings map[string]any) error {
	if err := b.readFor(t.compiled.SpeciesNames(), t.compiled.Caps()); err != nil {
		return err
	}
	record := map[string]string{}
	for _, n := range b.list {
		record[n.name] = n.basin.String()
	}
	if len(record) > 0 {
		settings["basin"] = record
	}
	return nil
}

// readFor understands the basins for species with caps.
func (b *basins) readFor(species []string, caps []int) error {
	for _, a := range b.texts.list {
		if !basinNames.MatchString(a.name) {
			return usagef("--basin %s=%s: %q is no name of a basin; begin with one of letters, digits, - and _, as in --basin B='X1<=15'", a.name, a.value, a.name)
		}
		basin, err := readBasin("--basin "+a.name, a.value, species, caps)
		if err != nil {
			return err
		}
		b.list = append(b.list, namedBasin{a.name, basin})
	}
	return nil
}

// find returns the basin of a name.
func (b *basins) find(name string) (rare.Basin, bool) {
	for _, n := range b.list {
		if n.name == name {
			return n.basin, true
		}
	}
	return rare.Basin{}, false
}

// sets returns the basins in the order given.
func (b *basins) sets() []rare.Basin {
	var list []rare.Basin
	for _, n := range b.list {
		list = append(list, n.basin)
	}
	return list
}

// observables are the basins as functions of the state, 1 inside.
func (b *basins) observables() []ssa.Observable {
	var list []ssa.Observable
	for _, n := range b.list {
		list = append(list, ssa.Observable{Name: "P(" + n.name + ")", Value: func(x []int32, _ float64) float64 {
			if n.basin.Contains(x) {
				return 1
			}
			return 0
		}})
	}
	return list
}

// note adds an estimate to the rows, and its value to the diagnostics of the snapshot.
func (b *basins) note(s *dist.Snapshot, quantity string, e rare.Estimate) {
	b.rows = append(b.rows, rareRow{s.Time, quantity, e})
	s.Diagnostics = s.Diagnostics.Clone()
	s.Diagnostics.Set(quantity, e.Value)
}

// measure asks of for the probability of every basin, and adds the ratios to the first one.
func (b *basins) measure(s *dist.Snapshot, of func(rare.Basin) (rare.Estimate, error)) error {
	var first rare.Estimate
	for i, n := range b.list {
		e, err := of(n.basin)
		if err != nil {
			return err
		}
		if b.note(s, "P("+n.name+")", e); i == 0 {
			first = e
		} else if first.Low > 0 && e.Value > 0 {
			b.note(s, "P("+n.name+")/P("+b.list[0].name+")", e.Over(first))
		}
	}
	return nil
}

// project measures the basins in the laws of a projection.
func (b *basins) project(snapshots []dist.Snapshot) error {
	for i := range snapshots {
		err := b.measure(&snapshots[i], func(basin rare.Basin) (rare.Estimate, error) {
			e, ok := rare.InLaw(snapshots[i], basin)
			if !ok {
				return e, errors.New("the law lists no states")
			}
			return e, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// draw measures the basins in the observables of an ensemble, which end with them, and takes these out again.
func (b *basins) draw(snapshots []dist.Snapshot, runs int) error {
	for i := range snapshots {
		s := &snapshots[i]
		if len(b.list) == 0 || len(s.Observables) < len(b.list) {
			continue
		}
		keep := len(s.Observables) - len(b.list)
		shares, at := s.Observables[keep:], 0
		if s.Observables = s.Observables[:keep]; keep == 0 {
			s.Observables = nil
		}
		err := b.measure(s, func(rare.Basin) (rare.Estimate, error) {
			at++
			return rare.Share(int(math.Round(shares[at-1].Moment.Mean*float64(runs))), runs), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ask measures the basins by the networks of a result; at time 0, in the law itself.
func (b *basins) ask(r *evolve.Result, snapshots []dist.Snapshot, seed uint64) error {
	for i := range snapshots {
		s := &snapshots[i]
		n, err := r.At(s.Time)
		err = b.measure(s, func(basin rare.Basin) (rare.Estimate, error) {
			if s.Time == 0 {
				e, _ := rare.InLaw(*s, basin)
				return e, nil
			}
			if err != nil {
				return rare.Estimate{}, err
			}
			return rare.Evaluation{Model: n.Model, Theta: n.Theta, Seed: seed}.Probability(basin)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// write adds the file to the result directory, if there is one and anything to tell.
func (b *basins) write(dir *run.Dir) error {
	if dir == nil || len(b.rows) == 0 {
		return nil
	}
	return writeCSV(dir, rareName, b.table())
}

func (b *basins) table() [][]string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	rows := [][]string{{"time", "quantity", "value", "lower", "upper", "method"}}
	for _, r := range b.rows {
		rows = append(rows, []string{number(r.time), r.quantity, number(r.Value), number(r.Low), number(r.High), string(r.Method)})
	}
	return rows
}

// print writes the rows as CSV.
func (b *basins) print(w io.Writer) error { return csv.NewWriter(w).WriteAll(b.table()) }

// report prints the rows.
func (b *basins) report(w io.Writer) error {
	if len(b.rows) == 0 {
		return nil
	}
	fmt.Fprintln(w)
	rows := make([][]string, len(b.rows))
	for i, r := range b.rows {
		rows[i] = []string{short(r.time), r.quantity, short(r.Value), rough(r.Low), rough(r.High), string(r.Method)}
	}
	return table(w, []string{"time", "quantity", "value", "lower", "upper", "method"}, rows)
}
