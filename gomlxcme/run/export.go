package run

import (
	"errors"
	"fmt"
	"io"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/parquet-go/parquet-go"
	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

// ErrNothing is returned when there is no snapshot to export.
var ErrNothing = errors.New("run: nothing to export")

// ExportNPZ writes snapshots as a NumPy archive: "times" [T]; "mean", "sd", "mean_se", "sd_se" [T, L]; and for each species a
// "marginal_NAME" [T, counts] with the probability of count n in column n.
func ExportNPZ(w io.Writer, snapshots []dist.Snapshot) error {
	if len(snapshots) == 0 {
		return ErrNothing
	}
	species := snapshots[0].Dist.Species()
	rows, columns := len(snapshots), len(species)
	times := make([]float64, rows)
	names := []string{"mean", "sd", "mean_se", "sd_se"}
	moments := make([]*mat.Dense, len(names))
	for k := range moments {
		moments[k] = mat.NewDense(rows, columns, nil)
	}
	width := make([]int, columns)
	for i, s := range snapshots {
		times[i] = s.Time
		for j := range species {
			m := s.Dist.Moment(j)
			for k, v := range []float64{m.Mean, m.SD, m.MeanSE, m.SDSE} {
				moments[k].Set(i, j, v)
			}
			width[j] = max(width[j], len(s.Dist.Marginal(j).P))
		}
	}
	out := npz.NewWriter(w)
	write := func(name string, v any) error {
		if err := out.Write(name+".npy", v); err != nil {
			return fmt.Errorf("run: cannot write array %q: %w", name, err)
		}
		return nil
	}
	if err := write("times", times); err != nil {
		return err
	}
	for k, name := range names {
		if err := write(name, moments[k]); err != nil {
			return err
		}
	}
	for j, name := range species {
		p := mat.NewDense(rows, max(width[j], 1), nil)
		for i, s := range snapshots {
			for n, v := range s.Dist.Marginal(j).P {
				p.Set(i, n, v)
			}
		}
		if err := write("marginal_"+name, p); err != nil {
			return err
		}
	}
	return out.Close()
}

// MomentRow is one row of the Parquet table of moments; its columns are those of moments.csv.
type MomentRow struct {
	Time    float64 `parquet:"time"`
	Species string  `parquet:"species,dict"`
	Mean    float64 `parquet:"mean"`
	SD      float64 `parquet:"sd"`
	MeanSE  float64 `parquet:"mean_se"`
	SDSE    float64 `parquet:"sd_se"`
}

// MarginalRow is one row of the Parquet table of marginals; its columns are those of marginals.csv.
type MarginalRow struct {
	Time        float64 `parquet:"time"`
	Species     string  `parquet:"species,dict"`
	Count       int32   `parquet:"count"`
	Probability float64 `parquet:"probability"`
}

// ExportMoments writes the table of moments as Parquet.
func ExportMoments(w io.Writer, snapshots []dist.Snapshot) error {
	var rows []MomentRow
	for _, s := range snapshots {
		for j, name := range s.Dist.Species() {
			m := s.Dist.Moment(j)
			rows = append(rows, MomentRow{s.Time, name, m.Mean, m.SD, m.MeanSE, m.SDSE})
		}
		for _, o := range s.Observables {
			rows = append(rows, MomentRow{s.Time, o.Name, o.Moment.Mean, o.Moment.SD, o.Moment.MeanSE, o.Moment.SDSE})
		}
	}
	return writeParquet(w, rows)
}

// ExportMarginals writes the table of marginals as Parquet: every count with probability > 0.
func ExportMarginals(w io.Writer, snapshots []dist.Snapshot) error {
	var rows []MarginalRow
	for _, s := range snapshots {
		for j, name := range s.Dist.Species() {
			for n, p := range s.Dist.Marginal(j).P {
				if p > 0 {
					rows = append(rows, MarginalRow{s.Time, name, int32(n), p})
				}
			}
		}
	}
	return writeParquet(w, rows)
}

func writeParquet[T any](w io.Writer, rows []T) error {
	if len(rows) == 0 {
		return ErrNothing
	}
	out := parquet.NewGenericWriter[T](w, parquet.Compression(&parquet.Zstd))
	if _, err := out.Write(rows); err != nil {
		return fmt.Errorf("run: cannot write Parquet: %w", err)
	}
	return out.Close()
}
