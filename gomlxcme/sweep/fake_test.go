package sweep

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// workerVariable makes the test program a worker of the sweep in that folder, with the solver of these tests.
const workerVariable = "SWEEP_TEST_WORKER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(workerVariable); folder != "" {
		s, err := Open(folder)
		if err == nil {
			r := Runner{Sweep: s, Solve: fake}
			err = r.Work(context.Background(), os.Stdin, os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// worker makes children for Local.
func worker(s *Sweep) func() *exec.Cmd {
	return func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), workerVariable+"="+s.Path)
		return c
	}
}

// fake is a solver: its answer is a law on two states. param.how says what happens: "fail", "refuse", "die", "die once",
// "panic", "full", "wait" (until it is interrupted), "budget" (used up at once).
func fake(ctx context.Context, job Job) error {
	how, value := "", 0.5
	for _, x := range job.Settings {
		if x.Name.Of == "how" {
			how = x.Value.String()
		} else if v, ok := x.Value.Float(); ok {
			value = v
		}
	}
	mark := filepath.Join(filepath.Dir(job.Dir), "mark") // survives the death of a process
	switch how {
	case "fail":
		return errors.New("it does not converge")
	case "refuse":
		return fmt.Errorf("%w: it makes no sense", ErrBadInput)
	case "panic":
		panic("index out of range")
	case "full":
		return fmt.Errorf("write: %w", syscall.ENOSPC)
	case "die once":
		if _, err := os.Stat(mark); err == nil {
			break
		}
		fallthrough
	case "die":
		_ = os.WriteFile(mark, nil, 0o666)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "wait":
		_ = os.WriteFile(mark, nil, 0o666)
		<-ctx.Done()
		return ctx.Err()
	}
	network := crn.New("fake")
	network.AddSpecies("X", crn.Delta(0), 1)
	dir, err := run.Begin(job.Dir, run.Record{Command: "ssa", Model: run.ModelOf(network), Settings: map[string]any{}, Seed: &job.Seed}, true)
	if err != nil {
		return err
	}
	defer dir.Close()
	table, err := dist.NewTable([]string{"X"}, []int32{0, 1}, []float64{1 - value, value}, 0)
	if err != nil {
		return err
	}
	snapshots := []dist.Snapshot{{Time: 1, Dist: table, Diagnostics: dist.Diagnostics{{Name: "leak", Value: 1e-9}}}}
	var cause error
	if how == "budget" {
		cause = fmt.Errorf("%w: the budget was used up", run.ErrTruncated)
	}
	return errors.Join(dir.Finish(snapshots, cause), cause)
}

// anything is a Checker that knows a few names.
type anything struct{ refuse string }

func (anything) Known(k Kind) []string {
	switch k {
	case Option:
		return []string{"times", "runs", "method"}
	case Parameter:
		return []string{"how", "p", "birth", "death"}
	}
	return []string{"X"}
}

func (anything) Outputs() (moments, marginals []string) { return []string{"X", "Y"}, []string{"X"} }

func (a anything) Check(all []Setting) error {
	for _, x := range all {
		if a.refuse != "" && x.Value.String() == a.refuse {
			return fmt.Errorf("the value of %s is %q: refused", x.Name.Of, a.refuse)
		}
	}
	return nil
}

// planned plans a sweep in a new folder.
func planned(t testing.TB, text string) *Sweep {
	t.Helper()
	return plannedIn(t, filepath.Join(t.TempDir(), "sweep"), text)
}

func plannedIn(t testing.TB, folder, text string) *Sweep {
	t.Helper()
	s, err := ParseSpec("a.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Plan(s, folder, "", anything{})
	if err != nil {
		t.Fatal(err)
	}
	return p.Sweep
}

// hows is a sweep over what the fake solver does.
func hows(words ...string) string {
	return "solver: ssa\nmodel: fake\nkeep: {marginals: true}\nvary: {param.how: ['" + strings.Join(words, "', '") + "']}\n"
}

// stands are how all points stand.
func stands(t testing.TB, s *Sweep) string {
	t.Helper()
	c, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	return c.String()
}
