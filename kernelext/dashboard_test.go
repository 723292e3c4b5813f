package kernelext

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// theatre is a notebook with a clock that the test moves.
type theatre struct {
	pictures [][]byte
	time     time.Time
	drawing  time.Duration // what one picture takes
}

func (s *theatre) hook(names ...string) *Dashboard {
	s.time = time.Unix(1_000_000, 0)
	return newDashboard(Style{TimeUnit: "s"}, names, func() time.Time { return s.time }, func(svg []byte) {
		s.pictures = append(s.pictures, svg)
		s.time = s.time.Add(s.drawing)
	})
}

// steps plays a run of 1000 steps in 20 seconds.
func (s *theatre) steps(d *Dashboard) {
	d.Start(run.Start{Solver: "solve", Model: "toggle-switch", TEnd: 2})
	for i := range 1000 {
		s.time = s.time.Add(20 * time.Millisecond)
		x := float64(i) / 500
		d.Step(run.Step{Time: x, Fraction: float64(i+1) / 1000, Fields: dist.Diagnostics{
			{Name: "loss", Value: math.Exp(-x)}, {Name: "ess", Value: 900 - 100*x}, {Name: "leak", Value: 1e-9 * math.Exp(5*x)}, {Name: "D(X)", Value: 0.001 * x}, {Name: "tail", Value: math.Inf(-1)},
		}})
	}
}

func TestDashboardIsDrawnSeldom(t *testing.T) {
	var s theatre
	d := s.hook()
	s.steps(d)
	d.Done(run.Done{})
	if n := len(s.pictures); n < 36 || n > 42 {
		t.Errorf("%d pictures in twenty seconds", n)
	}
	last := string(s.pictures[len(s.pictures)-1])
	for _, want := range []string{"solve toggle-switch: done, in 20 s", ">loss<", ">ess<", ">leak<", ">D(X)<", "time (s)"} {
		if !strings.Contains(last, want) {
			t.Errorf("%q is not in the last picture", want)
		}
	}
	if half := string(s.pictures[len(s.pictures)/2]); !strings.Contains(half, "10 s left") {
		t.Error("the time left is missing half way")
	}
	if dir := os.Getenv("CME_FIGURES"); dir != "" {
		for name, svg := range map[string][]byte{"half": s.pictures[len(s.pictures)/2], "end": s.pictures[len(s.pictures)-1]} {
			if err := os.WriteFile(filepath.Join(dir, "dashboard-"+name+".svg"), svg, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A leak of next to nothing gets an axis on which it is nothing; one that grows
// from there begins at the last digit of 1.
func TestPanelOfALeakBeginsAtTheLastDigit(t *testing.T) {
	for leak, want := range map[float64][]string{1.78e-112: {">1.0e−16<", ">0<"}, 1e-6: {">1e−16<", ">1e−6<"}} {
		var s theatre
		d := s.hook()
		d.Start(run.Start{Solver: "solve", Model: "m", TEnd: 1})
		for i, v := range []float64{1.78e-112, 1.78e-112, leak} {
			s.time = s.time.Add(time.Second)
			d.Step(run.Step{Time: float64(i), Fields: dist.Diagnostics{{Name: "leak", Value: v}}})
		}
		last := string(s.pictures[len(s.pictures)-1])
		if strings.Contains(last, "e−112") {
			t.Errorf("the axis shows digits of %g", 1.78e-112)
		}
		for _, text := range want {
			if !strings.Contains(last, text) {
				t.Errorf("up to %g: no tick %s", leak, text)
			}
		}
	}
}

// With distances and moments of two species there is still room for what tells
// how far steps may be trusted.
func TestDashboardShowsTheErrorOfSteps(t *testing.T) {
	h := history{}
	var d dist.Diagnostics
	for _, name := range []string{"kl", "states", "D(X)", "D(Y)", "mean(X)", "mean(Y)", "loss", "ess", "leak", "kl_bound", "local_error"} {
		d.Set(name, 1)
	}
	h.add(1, d)
	want := []string{"D(X)", "D(Y)", "mean(X)", "mean(Y)", "loss", "ess", "leak", "kl_bound", "local_error"}
	if got := h.chosen(nil); !slices.Equal(got, want) {
		t.Errorf("panels %v, want %v", got, want)
	}
}

func TestDashboardTakesATwentiethOfTheTimeAtMost(t *testing.T) {
	s := theatre{drawing: time.Second}
	d := s.hook("loss")
	s.steps(d)
	if n := len(s.pictures); n != 2 { // at the start and at the first step
		t.Errorf("%d pictures of one second each in twenty seconds", n)
	}
}

func TestDashboardSaysHowToGoOn(t *testing.T) {
	var s theatre
	d := s.hook()
	d.Start(run.Start{Solver: "ssa", Model: "m", TEnd: 1})
	resumable{d}.Done(run.Done{Err: context.Canceled})
	if text := string(s.pictures[len(s.pictures)-1]); !strings.Contains(text, "run the cell again to go on") {
		t.Error("the picture does not say how to go on")
	}
}

func TestProgressOfARunDirectoryIsDrawn(t *testing.T) {
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, progressFile))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	log := run.NewLog(file)
	log.Start(run.Start{Solver: "solve", Model: "m", TEnd: 3})
	for _, time := range []float64{1, 2, 1.5, 3} { // taken up again from 1
		log.Step(run.Step{Time: time, Fraction: 1, Fields: dist.Diagnostics{{Name: "loss", Value: time}}})
	}
	svg, err := DrawProgress(Style{TimeUnit: "s"}, dir)
	if err != nil || !strings.Contains(string(svg), ">loss<") {
		t.Errorf("no panel of the loss: %v", err)
	}
	r := &recorder{}
	f := follower{dir: dir, hook: &started{Hook: r}}
	if err := f.read(); err != nil || len(r.past.at) != 3 || r.past.at[1] != 1.5 {
		t.Errorf("times %v, %v", r.past.at, err)
	}
	if _, err := DrawProgress(Style{}, t.TempDir()); err == nil {
		t.Error("a picture of nothing")
	}
}

func TestFollowEndsWithTheRun(t *testing.T) {
	dir := t.TempDir()
	record := run.Record{Command: "ssa", Model: run.Model{Name: "m", Species: []string{"X"}, Propensity: "falling-factorial"}, Settings: map[string]any{}}
	d, err := run.Begin(dir, record, false)
	if err != nil {
		t.Fatal(err)
	}
	hook := d.Progress()
	hook.Start(run.Start{Solver: "ssa", Model: "m", TEnd: 1})
	told := make(chan string, 10)
	followed := make(chan error)
	go func() { followed <- Follow(context.Background(), dir, teller(told)) }()
	if s := <-told; s != "start" {
		t.Fatalf("told %q first", s)
	}
	hook.Step(run.Step{Time: 0.5, Fraction: 0.5})
	if s := <-told; s != "step" {
		t.Fatalf("told %q then", s)
	}
	// It goes without a word, as if it had been killed.
	d.Close()
	if s := <-told; s != "gone" {
		t.Errorf("told %q at the end", s)
	}
	if err := <-followed; err != nil {
		t.Error(err)
	}
}

func TestFollowLeavesTheRunWhenTheContextEnds(t *testing.T) {
	dir := t.TempDir()
	d, err := run.Begin(dir, run.Record{Command: "ssa", Model: run.Model{Name: "m", Species: []string{"X"}, Propensity: "falling-factorial"}, Settings: map[string]any{}}, false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := Follow(ctx, dir, run.Silence{}); err == nil || !strings.Contains(err.Error(), "goes on") {
		t.Errorf("got %v", err)
	}
}

// teller says what it is told.
type teller chan string

func (c teller) Start(run.Start) { c <- "start" }
func (c teller) Step(run.Step)   { c <- "step" }
func (c teller) Done(d run.Done) {
	if d.Err == nil {
		c <- "done"
		return
	}
	c <- "gone"
}
