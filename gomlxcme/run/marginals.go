package run

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// marginalsName is the file of distributions of single species.
const marginalsName = "marginals.csv"

// marginalsHeader is its first line.
var marginalsHeader = []string{"time", "species", "count", "probability"}

// maxCells bounds the memory that a damaged or hostile file can ask for: all marginals of a file together may span as many
// counts (8 bytes each).
const maxCells = 1 << 27

// marginalRow is one line of marginals.csv.
type marginalRow struct {
	time        float64
	species     string
	count       int
	probability float64
}

// marginalsWriter writes marginals.csv: every count with probability > 0, sorted by time, order of the species, count.
func marginalsWriter(snapshots []dist.Snapshot) func(io.Writer) error {
	return func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(marginalsHeader); err != nil {
			return err
		}
		for _, s := range snapshots {
			at := shortest(s.Time)
			for i, name := range s.Dist.Species() {
				for n, p := range s.Dist.Marginal(i).P {
					if !finite(p) {
						return fmt.Errorf("run: the probability of %d %s at time %v is %v", n, name, s.Time, p)
					}
					if p <= 0 {
						continue
					}
					if err := out.Write([]string{at, name, strconv.Itoa(n), shortest(p)}); err != nil {
						return err
					}
				}
			}
		}
		out.Flush()
		return out.Error()
	}
}

// readMarginals calls row for every line of marginals.csv.
func readMarginals(r io.Reader, row func(marginalRow) error) error {
	return readTable(r, marginalsHeader, func(fields []string) error {
		t, err := strconv.ParseFloat(fields[0], 64)
		if err != nil || !finite(t) {
			return fmt.Errorf("time %q is not a finite number", fields[0])
		}
		n, err := strconv.ParseInt(fields[2], 10, 32)
		if err != nil || n < 0 {
			return fmt.Errorf("count %q is not a count", fields[2])
		}
		p, err := strconv.ParseFloat(fields[3], 64)
		if err != nil || !(p > 0 && p <= 1+1e-9) {
			return fmt.Errorf("probability %q does not lie in (0, 1]", fields[3])
		}
		return row(marginalRow{t, fields[1], int(n), p})
	})
}
