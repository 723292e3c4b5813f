package merge

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/parquet-go/parquet-go"
)

// known is a Checker that knows all that these tests set.
type known struct{}

func (known) Known(k sweep.Kind) []string {
	if k == sweep.Option {
		return []string{"runs", "method"}
	}
	return []string{"p", "q"}
}
func (known) Outputs() (moments, marginals []string) { return []string{"X", "Y"}, []string{"X", "Y"} }
func (known) Check([]sweep.Setting) error            { return nil }

// planned plans a sweep.
func planned(t testing.TB, text string) *sweep.Sweep {
	t.Helper()
	s, err := sweep.ParseSpec("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := sweep.Plan(s, filepath.Join(t.TempDir(), "sweep"), "", known{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Sweep
}

// result is made up: two species at two times, numbers from which the point can be told.
func result(p *sweep.Point, marginals bool) *sweep.Result {
	r := &sweep.Result{ID: p.ID, Status: sweep.Complete, Attempts: 1, WallSeconds: 0.5, CPUSeconds: 0.25}
	for _, at := range []float64{1, 2} {
		for k, name := range []string{"X", "Y"} {
			row := sweep.Row{Time: at, Name: name, Moments: &sweep.Moments{Mean: float64(p.Index), SD: at, MeanSE: float64(k)}}
			if marginals {
				row.Marginal = []float64{0.25, 0, 0.75}
			}
			r.Rows = append(r.Rows, row)
		}
		r.Diagnostics = append(r.Diagnostics, sweep.Indicator{Time: at, Name: "leak", Value: 1e-9})
	}
	return r
}

// fill stores made-up results for all points, as a runner does.
func fill(t testing.TB, s *sweep.Sweep, make func(*sweep.Point) *sweep.Result) {
	t.Helper()
	for p, err := range s.Points() {
		if err != nil {
			t.Fatal(err)
		}
		if r := make(p); r != nil {
			if err := s.Store(r); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// row is a line of results.parquet of the sweep in TestTables.
type row struct {
	Point     string    `parquet:"point"`
	Index     int32     `parquet:"index"`
	Replicate int32     `parquet:"replicate"`
	Seed      int64     `parquet:"seed"`
	Status    string    `parquet:"status"`
	P         float64   `parquet:"param.p"`
	Method    string    `parquet:"method"`
	Time      float64   `parquet:"time"`
	Name      string    `parquet:"name"`
	Mean      *float64  `parquet:"mean,optional"`
	SD        *float64  `parquet:"sd,optional"`
	MeanSE    *float64  `parquet:"mean_se,optional"`
	SDSE      *float64  `parquet:"sd_se,optional"`
	Marginal  []float64 `parquet:"marginal,list"`
}

// Both tables have every row of every point, once, under the names of the sweep.
func TestTables(t *testing.T) {
	s := planned(t, "title: It's a test\nsolver: ssa\nmodel: m\nsettings: {runs: 5}\nvary: {param.p: {linear: {from: 0, to: 1, points: 5}}, method: [direct, tau-leap]}\nseeds: {per_point: 2}\n")
	fill(t, s, func(p *sweep.Point) *sweep.Result { return result(p, p.Index == 3) })
	for range 2 { // again gives the same
		count, err := Run(s, "")
		if err != nil || count.Complete != 20 {
			t.Fatalf("%+v, %v", count, err)
		}
	}
	rows, err := parquet.ReadFile[row](filepath.Join(s.Path, ParquetName))
	if err != nil || len(rows) != 80 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	r := rows[4*13+1]
	p, err := s.Point(13)
	if err != nil {
		t.Fatal(err)
	}
	if r.Point != p.ID || r.Index != 13 || r.Replicate != 1 || r.Seed != int64(p.Seed) || r.Status != "complete" || r.P != 0.75 || r.Method != "direct" || r.Time != 1 ||
		r.Name != "Y" || *r.Mean != 13 || *r.SD != 1 || *r.MeanSE != 1 || *r.SDSE != 0 || len(r.Marginal) != 0 {
		t.Errorf("row %+v", r)
	}
	if m := rows[4*3].Marginal; len(m) != 3 || m[2] != 0.75 {
		t.Errorf("marginal %v", m)
	}
	db, err := sql.Open("sqlite", filepath.Join(s.Path, SQLiteName))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		`SELECT count(*) FROM points WHERE status = 'complete'`:                "20",
		`SELECT count(*) FROM moments`:                                         "80",
		`SELECT count(*) FROM diagnostics`:                                     "40",
		`SELECT count(*) FROM marginals`:                                       "8",
		`SELECT sum(probability) FROM marginals WHERE name = 'X' AND time = 2`: "1",
		`SELECT max(mean) FROM moments JOIN points ON point = "index" WHERE "param.p" = 0.75 AND method = 'direct'`: "13",
		`SELECT value FROM sweep WHERE key = 'title'`:                                                               "It's a test",
		`SELECT value FROM sweep WHERE key = 'runs'`:                                                                "5",
		`PRAGMA integrity_check`:                                                                                    "ok",
	} {
		var got string
		if err := db.QueryRow(query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v, expected %q", query, got, err, want)
		}
	}
}

// What failed or is missing is named, and the tables have the rest.
func TestMissingPointsAreNamed(t *testing.T) {
	s := planned(t, "solver: ssa\nmodel: m\nvary: {param.p: [1, 2, 3, 4]}\n")
	fill(t, s, func(p *sweep.Point) *sweep.Result {
		r := result(p, false)
		switch p.Index {
		case 1:
			return &sweep.Result{ID: p.ID, Status: sweep.Failed, Error: "it does not converge", Attempts: 9}
		case 2:
			return nil
		case 3:
			r.Status = sweep.Truncated
		}
		return r
	})
	count, err := Run(s, "")
	if !errors.Is(err, ErrIncomplete) || count != (sweep.Count{Points: 4, Complete: 1, Truncated: 1, Failed: 1, Waiting: 1}) {
		t.Errorf("%+v, %v", count, err)
	}
	for _, w := range []string{"point 1 (param.p = 2) failed: it does not converge", "point 2 (param.p = 3) waiting"} {
		if err == nil || !strings.Contains(err.Error(), w) {
			t.Errorf("%q is missing in %v", w, err)
		}
	}
	rows, err := parquet.ReadFile[struct {
		Status string `parquet:"status"`
	}](filepath.Join(s.Path, ParquetName))
	if err != nil || len(rows) != 8 || rows[4].Status != "truncated" {
		t.Errorf("%v, %v", rows, err)
	}
}

// 10,000 points are planned and merged in 10 s, and the memory of a merge does not grow with the number of points. The results
// are made up, so that only planning and merging are measured; storing them is what runners do, each on its own.
func TestLargeSweeps(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("long; set CME_LONG=1")
	}
	heaps := map[int]float64{}
	for _, n := range []int{10_000, 100_000} {
		began := time.Now()
		s := planned(t, fmt.Sprintf("solver: ssa\nmodel: m\nsampling: {method: latin-hypercube, points: %d}\nvary: {param.p: {linear: {from: 0, to: 1}}, param.q: {log: {from: 1, to: 10}}}\n", n))
		planning := time.Since(began)
		fill(t, s, func(p *sweep.Point) *sweep.Result { return result(p, false) })
		ctx, cancel := context.WithCancel(t.Context())
		peak := peakHeap(ctx)
		began = time.Now()
		if count, err := Run(s, ""); err != nil || count.Complete != n {
			t.Fatalf("%+v, %v", count, err)
		}
		merging := time.Since(began)
		cancel()
		heaps[n] = <-peak
		t.Logf("%d points: planned in %.2f s, merged in %.2f s, heap at most %.0f MB", n, planning.Seconds(), merging.Seconds(), heaps[n])
		if limit := 10 * time.Second; n == 10_000 && planning+merging > limit {
			t.Errorf("%v and %v, over %v", planning, merging, limit)
		}
	}
	if heaps[100_000] > 2*heaps[10_000]+64 {
		t.Errorf("the heap grows with the sweep: %v MB", heaps)
	}
}

// peakHeap watches the heap until the context ends, and then says how large it was at most, in MB.
func peakHeap(ctx context.Context) <-chan float64 {
	out := make(chan float64, 1)
	go func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		peak := 0.0
		for {
			select {
			case <-tick.C:
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				peak = math.Max(peak, float64(m.HeapInuse)/1e6)
			case <-ctx.Done():
				out <- peak
				return
			}
		}
	}()
	return out
}
