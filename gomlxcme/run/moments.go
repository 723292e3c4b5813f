package run

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// momentsName is the file of means and standard deviations.
const momentsName = "moments.csv"

// momentsHeader is its first line.
var momentsHeader = []string{"time", "species", "mean", "sd", "mean_se", "sd_se"}

// momentRow is one line of moments.csv.
type momentRow struct {
	time    float64
	species string
	moment  dist.Moment
}

// shortest prints the fewest digits that read back as the same number.
func shortest(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// momentsWriter writes moments.csv: sorted by time, then in the order of the species and of the observables.
func momentsWriter(snapshots []dist.Snapshot) func(io.Writer) error {
	return func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(momentsHeader); err != nil {
			return err
		}
		for _, s := range snapshots {
			for i, name := range s.Dist.Species() {
				if err := writeMoment(out, s.Time, name, s.Dist.Moment(i)); err != nil {
					return err
				}
			}
			for _, o := range s.Observables {
				if err := writeMoment(out, s.Time, o.Name, o.Moment); err != nil {
					return err
				}
			}
		}
		out.Flush()
		return out.Error()
	}
}

func writeMoment(out *csv.Writer, time float64, name string, m dist.Moment) error {
	// One sample has no standard error; a mean that is not finite is never a result.
	if !finite(m.Mean) || !finite(m.SD) {
		return fmt.Errorf("run: the moments of %s at time %v are not finite: mean %v, sd %v", name, time, m.Mean, m.SD)
	}
	return out.Write([]string{shortest(time), name, shortest(m.Mean), shortest(m.SD), shortest(m.MeanSE), shortest(m.SDSE)})
}

// readMoments reads moments.csv.
func readMoments(r io.Reader) ([]momentRow, error) {
	var rows []momentRow
	err := readTable(r, momentsHeader, func(fields []string) error {
		var v [5]float64
		for i, f := range []int{0, 2, 3, 4, 5} {
			var err error
			if v[i], err = strconv.ParseFloat(fields[f], 64); err != nil {
				return fmt.Errorf("%s %q is not a number", momentsHeader[f], fields[f])
			}
		}
		if !finite(v[0]) || !finite(v[1]) || !(v[2] >= 0) || !finite(v[2]) || v[3] < 0 || v[4] < 0 {
			return fmt.Errorf("time, mean and sd must be finite, sd and standard errors not negative")
		}
		rows = append(rows, momentRow{v[0], fields[1], dist.Moment{Mean: v[1], SD: v[2], MeanSE: v[3], SDSE: v[4]}})
		return nil
	})
	return rows, err
}

// readTable calls row for every line of a table after its header; errors carry the line.
func readTable(r io.Reader, header []string, row func([]string) error) error {
	in := csv.NewReader(r)
	in.FieldsPerRecord = len(header)
	in.ReuseRecord = true
	first, err := in.Read()
	if err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if !slices.Equal(first, header) {
		return fmt.Errorf("header is %q, expected %q", first, header)
	}
	for {
		fields, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := row(fields); err != nil {
			line, _ := in.FieldPos(0)
			return fmt.Errorf("line %d: %w", line, err)
		}
	}
}
