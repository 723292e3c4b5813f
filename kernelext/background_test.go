package kernelext_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/kernelext"
)

// folderVariable tells the process that Start makes of this test program where
// the runs are.
const folderVariable = "CME_TEST_RUNS"

// TestMain lets the program, when it is the process in the background, come to
// the same calls of Start as the test.
func TestMain(m *testing.M) {
	if folder := os.Getenv(folderVariable); folder != "" {
		for _, j := range []patient{{name: "other"}, {name: "quick"}, {name: "patient", waits: true}} {
			if _, err := kernelext.Start(folder, j); err != nil {
				os.Exit(3)
			}
		}
		os.Exit(4) // not for any of them
	}
	os.Exit(m.Run())
}

// patient is a job that does nothing until it is stopped, or nothing at all.
type patient struct {
	name  string
	waits bool
}

func (j patient) Label() string { return j.name }

func (j patient) Record() (run.Record, error) {
	return run.Record{Command: "wait", Model: run.Model{Name: j.name, Species: []string{"X"}, Propensity: "falling-factorial"}, Settings: map[string]any{}}, nil
}

func (j patient) Do(ctx context.Context, _ *run.Dir, hook run.Hook) ([]dist.Snapshot, error) {
	hook.Start(run.Start{Solver: "wait", Model: j.name})
	hook.Step(run.Step{Fraction: 0.5})
	var err error
	if j.waits {
		<-ctx.Done()
		err = ctx.Err()
	}
	hook.Done(run.Done{Err: err})
	table, failure := dist.NewTable([]string{"X"}, []int32{0}, []float64{1}, 0)
	return []dist.Snapshot{{Time: 1, Dist: table}}, errors.Join(err, failure)
}

func TestARunInTheBackgroundGoesOnUntilItIsStopped(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(folderVariable, folder)
	job := patient{name: "patient", waits: true}
	dir, err := kernelext.Start(folder, job)
	if err != nil {
		t.Fatal(err)
	}
	list, err := kernelext.Runs(folder)
	if err != nil || len(list) != 1 || !list[0].Running || list[0].Holder.PID == os.Getpid() {
		t.Fatalf("runs: %+v, %v", list, err)
	}
	if again, err := kernelext.Start(folder, job); err != nil || again != dir {
		t.Errorf("started again: %s, %v", again, err)
	}
	table, err := kernelext.RunTable(folder)
	if err != nil || !strings.Contains(table.String(), "running (process ") {
		t.Errorf("the table says\n%s%v", table, err)
	}
	if err := kernelext.Stop(dir); err != nil {
		t.Fatal(err)
	}
	// Follow ends when the process has let the directory go.
	if err := kernelext.Follow(context.Background(), dir, run.Silence{}); err != nil {
		t.Fatal(err)
	}
	if r, err := run.ReadRecord(dir); err != nil || r.Status != run.Interrupted {
		t.Errorf("the record says %q, %v", r.Status, err)
	}
	if err := kernelext.Stop(dir); !errors.Is(err, kernelext.ErrNotRunning) {
		t.Errorf("stopped twice: %v", err)
	}
}

func TestAQuickRunInTheBackgroundIsCompleteWhenFollowed(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(folderVariable, folder)
	job := patient{name: "quick"}
	if _, err := kernelext.Start(folder, job); err != nil {
		t.Fatal(err)
	}
	a, err := kernelext.Run(context.Background(), folder, job, run.Silence{})
	if err != nil || len(a.Snapshots) != 1 {
		t.Fatalf("got %+v, %v", a, err)
	}
	table, err := kernelext.RunTable(folder)
	if err != nil || !strings.Contains(table.String(), "complete") {
		t.Errorf("the table says\n%s%v", table, err)
	}
	if none, err := kernelext.Runs(filepath.Join(folder, "none")); len(none) != 0 || err != nil {
		t.Errorf("a folder that is not there: %v, %v", none, err)
	}
}

// A program that never comes to the call is an error that shows what it printed.
func TestAProcessThatEndsAtOnceIsReported(t *testing.T) {
	folder := t.TempDir()
	t.Setenv(folderVariable, folder)
	if _, err := kernelext.Start(folder, patient{name: "unknown"}); err == nil || !strings.Contains(err.Error(), "ended at once (exit status 4)") {
		t.Errorf("got %v", err)
	}
}
