package kernelext

import (
	"fmt"
	"io"
	"path/filepath"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Export writes the moments and marginals of an answer to a file that other
// programs read, by its ending: .npz for NumPy, .parquet and .csv for the table
// of marginals (time, species, count, probability).
func Export(path string, a Answer) error {
	if _, err := check([]Answer{a}, nil); err != nil {
		return err
	}
	switch ending := filepath.Ext(path); ending {
	case ".npz":
		return run.WriteFile(path, func(w io.Writer) error { return run.ExportNPZ(w, a.Snapshots) })
	case ".parquet":
		return run.WriteFile(path, func(w io.Writer) error { return run.ExportMarginals(w, a.Snapshots) })
	case ".csv":
		return a.marginalTable().WriteCSV(path)
	default:
		return fmt.Errorf("%w: %s: name a file that ends in .npz, .parquet or .csv", ErrNothing, path)
	}
}

// marginalTable lists every count with a probability above 0.
func (a Answer) marginalTable() Table {
	t := Table{Header: []string{"time", "species", "count", "probability"}}
	exact := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	for _, snap := range a.Snapshots {
		for i, name := range snap.Dist.Species() {
			for n, p := range snap.Dist.Marginal(i).P {
				if p > 0 {
					t.Rows = append(t.Rows, []string{exact(snap.Time), name, strconv.Itoa(n), exact(p)})
				}
			}
		}
	}
	return t
}
