package sweep

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// collect fills a result with what the sweep keeps of a result directory. One without results leaves it empty.
func (s *Sweep) collect(dir string, r *Result) error {
	record, err := run.ReadRecord(dir)
	if errors.Is(err, run.ErrNoRun) {
		return nil
	}
	if err != nil {
		return err
	}
	r.CPUSeconds = record.CPUSeconds
	if s.Head.Solver == Train {
		return s.collectLosses(dir, r)
	}
	result, err := run.Open(dir)
	if errors.Is(err, run.ErrNoResults) {
		return nil
	}
	if err != nil {
		return err
	}
	keep := s.Head.Keep
	for _, at := range result.Snapshots {
		for i, name := range at.Dist.Species() {
			row := Row{Time: at.Time, Name: name}
			if keep.Moments.Has(name) {
				m := Moments(at.Dist.Moment(i))
				row.Moments = &m
			}
			if keep.Marginals.Has(name) {
				row.Marginal = at.Dist.Marginal(i).P
			}
			if row.Moments != nil || row.Marginal != nil {
				r.Rows = append(r.Rows, row)
			}
		}
		for _, o := range at.Observables {
			if keep.Moments.Has(o.Name) {
				m := Moments(o.Moment)
				r.Rows = append(r.Rows, Row{Time: at.Time, Name: o.Name, Moments: &m})
			}
		}
		if keep.Diagnostics {
			for _, d := range at.Diagnostics {
				if !math.IsNaN(d.Value) && !math.IsInf(d.Value, 0) { // JSON has no word for them
					r.Diagnostics = append(r.Diagnostics, Indicator{at.Time, d.Name, d.Value})
				}
			}
		}
	}
	return nil
}

// Outputs of reduced train: what losses.csv says of the epochs that were kept, over the networks.
const (
	lossOutput       = "loss"
	validationOutput = "validation"
)

// TrainOutputs are the outputs of [Train].
func TrainOutputs() []string { return []string{lossOutput, validationOutput} }

// collectLosses takes mean and spread of the networks' losses, under the time 0.
func (s *Sweep) collectLosses(dir string, r *Result) error {
	f, err := os.Open(filepath.Join(dir, "losses.csv"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		return errors.Join(err, fmt.Errorf("%w: losses.csv of %s", ErrDamaged, dir))
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	kept := column("kept")
	for _, name := range TrainOutputs() {
		var values []float64
		at := column(name)
		if at < 0 || kept < 0 {
			return fmt.Errorf("%w: losses.csv of %s has no column %q", ErrDamaged, dir, name)
		}
		for _, row := range rows[1:] {
			if row[kept] != "true" || row[at] == "" {
				continue
			}
			v, err := strconv.ParseFloat(row[at], 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
				return fmt.Errorf("%w: losses.csv of %s: %q is not a finite number", ErrDamaged, dir, row[at])
			}
			values = append(values, v)
		}
		if len(values) > 0 && s.Head.Keep.Moments.Has(name) {
			m := momentsOf(values)
			r.Rows = append(r.Rows, Row{Name: name, Moments: &m})
		}
	}
	return nil
}

// momentsOf are the moments of a few equally good numbers; the error of the spread is that of a normal law.
func momentsOf(values []float64) Moments {
	n := float64(len(values))
	var m Moments
	for _, v := range values {
		m.Mean += v / n
	}
	if n < 2 {
		return m
	}
	for _, v := range values {
		m.SD += (v - m.Mean) * (v - m.Mean) / (n - 1)
	}
	m.SD = math.Sqrt(m.SD)
	m.MeanSE, m.SDSE = m.SD/math.Sqrt(n), m.SD/math.Sqrt(2*(n-1))
	return m
}
