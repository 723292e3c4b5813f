package run_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/parquet-go/parquet-go"
	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

func exported(t *testing.T) []dist.Snapshot {
	t.Helper()
	var list []dist.Snapshot
	for i, p := range [][]float64{{0.5, 0.5, 0}, {0.25, 0.25, 0.5}} {
		d, err := dist.NewTable([]string{"A", "B"}, []int32{0, 1, 2, 0, 1, 4}, p, 0)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, dist.Snapshot{Time: float64(i + 1), Dist: d})
	}
	return list
}

func TestNPZHoldsEveryNumber(t *testing.T) {
	snapshots := exported(t)
	var b bytes.Buffer
	if err := run.ExportNPZ(&b, snapshots); err != nil {
		t.Fatal(err)
	}
	r, err := npz.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var times []float64
	var mean, marginal mat.Dense
	for name, v := range map[string]any{"times.npy": &times, "mean.npy": &mean, "marginal_B.npy": &marginal} {
		if err := r.Read(name, v); err != nil {
			t.Fatal(name, err)
		}
	}
	if len(times) != 2 || times[1] != 2 {
		t.Errorf("times %v", times)
	}
	for i, s := range snapshots {
		for j := range 2 {
			if got, want := mean.At(i, j), s.Dist.Moment(j).Mean; got != want {
				t.Errorf("mean of species %d at time %g: %v, want %v", j, s.Time, got, want)
			}
		}
		for n, p := range s.Dist.Marginal(1).P {
			if got := marginal.At(i, n); got != p {
				t.Errorf("P(B=%d) at time %g: %v, want %v", n, s.Time, got, p)
			}
		}
	}
}

func TestParquetHoldsEveryNumber(t *testing.T) {
	snapshots := exported(t)
	var moments, marginals bytes.Buffer
	if err := run.ExportMoments(&moments, snapshots); err != nil {
		t.Fatal(err)
	}
	if err := run.ExportMarginals(&marginals, snapshots); err != nil {
		t.Fatal(err)
	}
	m, err := parquet.Read[run.MomentRow](bytes.NewReader(moments.Bytes()), int64(moments.Len()))
	if err != nil || len(m) != 4 || m[3].Species != "B" || m[3].Mean != snapshots[1].Dist.Moment(1).Mean {
		t.Errorf("moments %+v, error %v", m, err)
	}
	p, err := parquet.Read[run.MarginalRow](bytes.NewReader(marginals.Bytes()), int64(marginals.Len()))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, r := range p {
		if r.Time == 2 && r.Species == "A" {
			sum += r.Probability
		}
	}
	if sum != 1 {
		t.Errorf("P(A) at time 2 sums to %v", sum)
	}
}

func TestNothingToExport(t *testing.T) {
	if err := run.ExportNPZ(&bytes.Buffer{}, nil); !errors.Is(err, run.ErrNothing) {
		t.Errorf("got %v", err)
	}
	if err := run.ExportMoments(&bytes.Buffer{}, nil); !errors.Is(err, run.ErrNothing) {
		t.Errorf("got %v", err)
	}
}
