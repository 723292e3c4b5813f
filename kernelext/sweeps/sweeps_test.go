package sweeps

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/gomlx-cme/cme/kernelext"
)

// anything is a Checker that knows all that these tests set.
type anything struct{}

func (anything) Known(sweep.Kind) []string              { return []string{"a", "b", "c", "word"} }
func (anything) Outputs() (moments, marginals []string) { return []string{"X"}, []string{"X"} }
func (anything) Check([]sweep.Setting) error            { return nil }

// grid is a sweep of 2 × 3 × 2 points with made-up results: the mean of X at time 1 is a + 10 b, its law has two peaks where c is 2.
func grid(t *testing.T) *Points {
	t.Helper()
	spec, err := sweep.ParseSpec("a.yaml", []byte("solver: fsp\nmodel: m\nvary: {param.a: [1, 2], param.b: [1, 2, 3], param.c: [1, 2], word: [x]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "sweep")
	p, err := sweep.Plan(spec, folder, "", anything{})
	if err != nil {
		t.Fatal(err)
	}
	for point, err := range p.Sweep.Points() {
		if err != nil {
			t.Fatal(err)
		}
		a, _ := point.Values[0].Float()
		b, _ := point.Values[1].Float()
		c, _ := point.Values[2].Float()
		law := []float64{0.25, 0.5, 0.25}
		if c == 2 {
			law = []float64{0.4, 0.1, 0.5}
		}
		row := sweep.Row{Time: 1, Name: "X", Moments: &sweep.Moments{Mean: a + 10*b, SD: 2}, Marginal: law}
		r := &sweep.Result{ID: point.ID, Status: sweep.Complete, Rows: []sweep.Row{row}, Diagnostics: []sweep.Indicator{{Time: 1, Name: "leak", Value: 1e-9}}}
		if err := p.Sweep.Store(r); err != nil {
			t.Fatal(err)
		}
	}
	ps, err := Read(folder)
	if err != nil {
		t.Fatal(err)
	}
	return ps
}

func TestQuantities(t *testing.T) {
	ps := grid(t)
	if ps.Count.Complete != 12 || len(ps.List) != 12 {
		t.Fatalf("%+v", ps.Count)
	}
	p := ps.List[3] // a = 1, b = 2, c = 2
	for want, q := range map[float64]Quantity{21: Mean("X", 1), 4.0 / 21: Fano("X", 1), 0.5: Below("X", 2, 1), 0.75: Modes("X", 1)} {
		if got, err := q.Of(p); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v, %v, expected %v", q.Label, got, err, want)
		}
	}
	if got, err := Modes("X", 1).Of(ps.List[0]); err != nil || got != 0 {
		t.Errorf("one peak: %v, %v", got, err)
	}
	if _, err := Mean("Y", 1).Of(p); !errors.Is(err, ErrName) {
		t.Errorf("no such output: %v", err)
	}
	a, err := p.Answer()
	if err != nil {
		t.Fatal(err)
	}
	if leak, _ := a.Snapshots[0].Diagnostics.Get("leak"); len(a.Snapshots) != 1 || a.Snapshots[0].Dist.Marginal(0).P[2] != 0.5 || leak != 1e-9 {
		t.Errorf("answer %+v", a)
	}
}

// An answer holds the species whose marginals were kept, with their moments; without any there is none.
func TestAnswerOfWhatWasKept(t *testing.T) {
	point := func(rows ...sweep.Row) Point { return Point{result: &sweep.Result{Rows: rows}} }
	onlyMoments := sweep.Row{Time: 1, Name: "X", Moments: &sweep.Moments{Mean: 3, SD: 2}}
	a, err := point(onlyMoments, sweep.Row{Time: 1, Name: "Y", Marginal: []float64{0.25, 0.5, 0.25}}).Answer()
	if err != nil || len(a.Snapshots) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	law := a.Snapshots[0].Dist
	if m := law.Moment(0); len(law.Species()) != 1 || law.Species()[0] != "Y" || m.Mean != 1 || m.SD != math.Sqrt(0.5) {
		t.Errorf("%v: %+v", law.Species(), m)
	}
	if _, err := point(onlyMoments).Answer(); !errors.Is(err, ErrName) || !strings.Contains(err.Error(), "keep: {marginals: true}") {
		t.Errorf("no marginals: %v", err)
	}
	if err := (&Points{List: []Point{point(onlyMoments)}}).ShowSelect(kernelext.Style{}, 1); !errors.Is(err, ErrName) {
		t.Errorf("a list of points without marginals: %v", err)
	}
}

func TestFigures(t *testing.T) {
	ps := grid(t)
	m, err := ps.table(must(ps.axis("param.a")), must(ps.axis("param.b")), Mean("X", 1), func(Point) bool { return true })
	if err != nil || m.Values[2][1] != 32 || len(m.Values) != 3 {
		t.Errorf("%+v, %v", m, err)
	}
	s := kernelext.Style{Title: "A sweep"}
	for name, draw := range map[string]func() ([]byte, error){
		"map":      func() ([]byte, error) { return ps.DrawMap(s, "param.a", "param.b", Mean("X", 1)) },
		"maps":     func() ([]byte, error) { return ps.DrawMaps(s, "param.a", "param.b", "param.c", Modes("X", 1)) },
		"parallel": func() ([]byte, error) { return ps.DrawParallel(s, Mean("X", 1)) },
		"line":     func() ([]byte, error) { return ps.DrawLine(s, "param.b", Mean("X", 1)) },
	} {
		svg, err := draw()
		if err != nil || !strings.Contains(string(svg), "</svg>") || !strings.Contains(string(svg), "A sweep") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ps.ShowSelect(s, 1); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"param.q", "word"} {
		if _, err := ps.DrawMap(s, "param.a", name, Mean("X", 1)); !errors.Is(err, ErrName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func must(a kernelext.Axis, err error) kernelext.Axis {
	if err != nil {
		panic(err)
	}
	return a
}

// told counts what a hook is told.
type told struct {
	run.Silence
	fraction float64
	done     int
}

func (h *told) Step(s run.Step) { h.fraction = s.Fraction }
func (h *told) Done(run.Done)   { h.done++ }

// A sweep is computed by the program, once, and its mistakes are told as it tells them.
func TestCompute(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	spec := filepath.Join(t.TempDir(), "a", "sweep.yaml")
	text := "\nsolver: fsp\nmodel: birth-death\nsettings: {times: [10]}\nvary: {param.birth: [0.1, 0.2]}\n"
	if err := Write(spec, text); err != nil {
		t.Fatal(err)
	}
	h := &told{}
	if err := Compute(t.Context(), spec, 1, h); err != nil {
		t.Fatal(err)
	}
	if h.fraction != 1 || h.done != 1 {
		t.Errorf("the hook was told %+v", h)
	}
	ps, err := Read(spec)
	if err != nil || len(ps.List) != 2 {
		t.Fatalf("%+v, %v", ps, err)
	}
	again := &told{}
	if err := Compute(t.Context(), spec, 1, again); err != nil || again.done != 0 {
		t.Errorf("again: %+v, %v", again, err)
	}
	if err := Follow(t.Context(), spec, again); err != nil || again.done != 1 {
		t.Errorf("followed: %+v, %v", again, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Plan(ctx, spec); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if err := os.WriteFile(spec, []byte(strings.Replace(text, "birth:", "brith:", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := Compute(t.Context(), spec, 1); err == nil || !strings.Contains(err.Error(), `did you mean "birth"`) {
		t.Errorf("a mistake: %v", err)
	}
}
