package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
)

// sweepFile writes a sweep file into a new folder.
func sweepFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sweep.yaml")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// program makes children of sweeps behave like cme.
func program(t testing.TB) { t.Setenv(childVariable, "1") }

// rowsOf asks runs.sqlite.
func rowsOf(t testing.TB, spec, query string) string {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(sweep.DefaultFolder(spec), "runs.sqlite"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

const exactSweep = "solver: fsp\nmodel: birth-death\nsettings: {times: [10, 400]}\nvary:\n  param.birth: [0.05, 0.1]\n  param.death: [0.01, 0.02]\nkeep: {marginals: true}\n"

// The table of a sweep has the closed form: from one molecule on, the mean at t is birth/death (1 − e^(−death t)) + e^(−death t).
func TestSweepGivesTheClosedForm(t *testing.T) {
	program(t)
	spec := sweepFile(t, exactSweep)
	if out := succeed(t, "sweep", "plan", spec).stdout; !strings.HasPrefix(out, "4 points: 4 waiting") {
		t.Errorf("planned: %s", out)
	}
	succeed(t, "sweep", "local", spec, "-j", "2")
	if out := succeed(t, "sweep", "status", spec).stdout; out != "4 points: 4 complete\n" {
		t.Errorf("status: %s", out)
	}
	succeed(t, "sweep", "merge", spec)
	got := rowsOf(t, spec, `SELECT printf('%.6f', mean - "param.birth"/"param.death"*(1-exp(-"param.death"*time)) - exp(-"param.death"*time)) FROM moments JOIN points ON point = "index"`)
	if strings.ReplaceAll(got, "-", "") != strings.TrimSpace(strings.Repeat("0.000000 ", 8)) {
		t.Errorf("differences to the closed form: %s", got)
	}
	var status struct {
		sweep.Count
		List []pointLine
	}
	if err := json.Unmarshal([]byte(succeed(t, "sweep", "status", spec, "--json").stdout), &status); err != nil || status.Complete != 4 || len(status.List) != 4 {
		t.Errorf("%+v, %v", status, err)
	}
	// Done is done; another file wants another plan.
	succeed(t, "sweep", "local", spec)
	if err := os.WriteFile(spec, []byte(strings.Replace(exactSweep, "0.02", "0.03", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if o := cme(t, "sweep", "merge", spec); o.code != exitUsage || !strings.Contains(o.stderr, "changed since it was planned") {
		t.Errorf("changed: %d, %s", o.code, o.stderr)
	}
	if out := succeed(t, "sweep", "plan", spec).stdout; !strings.HasPrefix(out, "4 points: 2 complete, 2 waiting") {
		t.Errorf("planned again: %s", out)
	}
	if o := cme(t, "sweep", "merge", spec); o.code != exitFailed || !strings.Contains(o.stderr, "point 1 (param.birth = 0.05, param.death = 0.03) waiting") {
		t.Errorf("incomplete: %d, %s", o.code, o.stderr)
	}
}

// A point gives the same numbers as the solver's command.
func TestAPointIsTheCommand(t *testing.T) {
	program(t)
	for solver, settings := range map[string]string{
		"ssa":   "{times: [5], runs: 300, param.decay: 1.5, init.Px: 3, cap.Py: 60, method: tau-leap}",
		"solve": "{times: [0.05], cap: 9, hidden: 2, param.decay: 1.5, start-time: 0.04, backend: go}",
	} {
		spec := sweepFile(t, fmt.Sprintf("solver: %s\nmodel: toggle-switch\nsettings: %s\nvary: {param.synthesis: [2]}\n", solver, settings))
		succeed(t, "sweep", "local", spec, "-j", "1", "--quiet")
		succeed(t, "sweep", "merge", spec, "--quiet")
		seed := rowsOf(t, spec, "SELECT seed FROM points")
		out := filepath.Join(t.TempDir(), "out")
		args := []string{solver, "toggle-switch", "--seed", seed, "--param", "synthesis=2", "--param", "decay=1.5", "--out", out, "--quiet"}
		if solver == "ssa" {
			args = append(args, "--times", "5", "--runs", "300", "--init", "Px=3", "--cap", "Py=60", "--method", "tau-leap")
		} else {
			args = append(args, "--times", "0.05", "--cap", "9", "--hidden", "2", "--start-time", "0.04", "--backend", "go")
		}
		succeed(t, args...)
		r, err := run.Open(out)
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range r.Record.Model.Species {
			m := r.Snapshots[0].Dist.Moment(i)
			if got := rowsOf(t, spec, "SELECT mean FROM moments WHERE name = '"+name+"'"); got != fmt.Sprint(m.Mean) {
				t.Errorf("%s: the mean of %s is %s, and %v by the command", solver, name, got, m.Mean)
			}
		}
	}
}

// Bad sweep files are refused in one message with file and line, exit status 2, and nothing is written.
func TestBadSweepsAreRefused(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{strings.Replace(exactSweep, "param.birth", "param.brith", 1), []string{"sweep.yaml:5:", `did you mean "birth"`}},
		{strings.Replace(exactSweep, "birth-death", "birth-deth", 1), []string{"sweep.yaml", `did you mean "birth-death"`}},
		{strings.Replace(exactSweep, "times", "tims", 1), []string{"sweep.yaml:3:", `did you mean "times"`}},
		{strings.Replace(exactSweep, "[10, 400]", "[10, 5]", 1), []string{"sweep.yaml:3:", "sort the times"}},
		{strings.Replace(exactSweep, "0.02]", "-1]", 1), []string{"sweep.yaml:6:", "param.death = -1"}},
		{strings.Replace(exactSweep, "0.02]", "0.01]", 1), []string{"sweep.yaml:6:", "twice"}},
		{strings.Replace(exactSweep, "solver: fsp", "solver: fps", 1), []string{"sweep.yaml:1:", `did you mean "fsp"`}},
		{"solver: reduced train\nstudy: nowhere\nvary: {hidden: [1]}\n", []string{"sweep.yaml", "cme reduced fit"}},
		{"solver: ssa\nmodel: nowhere.xml\nvary: {runs: [1]}\n", []string{"nowhere.xml"}},
	} {
		spec := sweepFile(t, c.text)
		o := cme(t, "sweep", "plan", spec)
		if o.code != exitUsage {
			t.Errorf("exit status %d, %s", o.code, o.stderr)
		}
		for _, w := range c.want {
			if !strings.Contains(o.stderr, w) {
				t.Errorf("%q is missing in %s", w, o.stderr)
			}
		}
		if _, err := os.Stat(sweep.DefaultFolder(spec)); err == nil {
			t.Error("something was written")
		}
	}
	spec := sweepFile(t, exactSweep)
	succeed(t, "sweep", "plan", spec)
	t.Setenv("SLURM_ARRAY_TASK_ID", "")
	t.Setenv("JOB_COMPLETION_INDEX", "")
	for args, want := range map[string]string{
		"run":              "give --index I",
		"run --index 4":    "no task 4",
		"run --index x":    "whole number",
		"sunr":             "unknown command",
		"retry --index 9":  "0 to 3",
		"retry --what now": "failed or truncated or all",
	} {
		fields := append([]string{"sweep"}, strings.Fields(args)...)
		if o := cme(t, append(fields, spec)...); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: exit status %d, %s", args, o.code, o.stderr)
		}
	}
	if o := cme(t, "sweep", "status", t.TempDir()); o.code != exitUsage || !strings.Contains(o.stderr, "plan it") {
		t.Errorf("no sweep: %d, %s", o.code, o.stderr)
	}
}

// The index of a task comes from the scheduler; blocks of points cover the sweep.
func TestTasksOfJobArrays(t *testing.T) {
	spec := sweepFile(t, exactSweep)
	succeed(t, "sweep", "plan", spec)
	t.Setenv("JOB_COMPLETION_INDEX", "1")
	succeed(t, "sweep", "run", spec)
	t.Setenv("SLURM_ARRAY_TASK_ID", "1")
	t.Setenv("JOB_COMPLETION_INDEX", "")
	if out := succeed(t, "sweep", "run", spec, "--per-task", "3").stdout; !strings.HasPrefix(out, "point 3 ") {
		t.Errorf("the second block of three: %s", out)
	}
	if out := succeed(t, "sweep", "status", spec).stdout; out != "4 points: 2 complete, 2 waiting\n" {
		t.Errorf("status: %s", out)
	}
	t.Setenv("SLURM_ARRAY_TASK_ID", "one")
	if o := cme(t, "sweep", "run", spec); o.code != exitUsage {
		t.Errorf("exit status %d, %s", o.code, o.stderr)
	}
	// The array that is written has what is left.
	succeed(t, "sweep", "slurm", spec)
	text := contents(t, filepath.Join(sweep.DefaultFolder(spec), "slurm"), "array.sh")["array.sh"]
	if !strings.Contains(text, "--array=0,2\n") {
		t.Errorf("array.sh is\n%s", text)
	}
	if out := succeed(t, "sweep", "kubernetes", spec, "--image", "cme:1", "--claim", "data").stdout; !strings.Contains(out, "4 points in 4 pods") {
		t.Errorf("kubernetes: %s", out)
	}
	if o := cme(t, "sweep", "kubernetes", spec, "--image", "cme:1"); o.code != exitUsage {
		t.Errorf("no claim: %d, %s", o.code, o.stderr)
	}
}

// Budgets truncate, retry goes on, and failures are told by merge with exit status 1.
func TestBudgetsAndFailures(t *testing.T) {
	program(t)
	const quick = "solver: solve\nmodel: birth-death\nsettings: {times: [0.5, 2], start-time: 0.25, cap: 15, batch: 16, backend: go}\nvary: {param.birth: [0.1]}\n"
	whole, spec := sweepFile(t, quick), sweepFile(t, quick+"budget: {steps: 12}\n")
	succeed(t, "sweep", "local", spec, "-j", "1")
	if out := succeed(t, "sweep", "status", spec).stdout; !strings.HasPrefix(out, "1 points: 1 truncated\n") {
		t.Errorf("status: %s", out)
	}
	succeed(t, "sweep", "retry", spec, "--what", "truncated")
	if out := succeed(t, "sweep", "status", spec).stdout; !strings.HasPrefix(out, "1 points: 1 waiting\n") {
		t.Errorf("status: %s", out)
	}
	succeed(t, "sweep", "merge", spec)
	if got := rowsOf(t, spec, "SELECT count(*) FROM moments"); got != "1" {
		t.Errorf("of the two times the truncated point has %s", got)
	}
	for n := 0; !strings.Contains(succeed(t, "sweep", "status", spec).stdout, "complete"); n++ {
		if n == 20 {
			t.Fatal("it does not end")
		}
		succeed(t, "sweep", "retry", spec, "--what", "truncated")
		succeed(t, "sweep", "local", spec, "-j", "1")
	}
	succeed(t, "sweep", "local", whole, "-j", "1")
	for _, s := range []string{spec, whole} {
		succeed(t, "sweep", "merge", s)
	}
	const all = "SELECT mean || ' ' || sd FROM moments"
	if a, b := rowsOf(t, spec, all), rowsOf(t, whole, all); a != b {
		t.Errorf("in pieces %s, in one %s", a, b)
	}
	wall := sweepFile(t, "solver: ssa\nmodel: toggle-switch\nsettings: {times: [40], runs: 10000000}\nvary: {param.decay: [1]}\nbudget: {wall_seconds: 0.1}\n")
	succeed(t, "sweep", "local", wall, "-j", "1")
	if out := succeed(t, "sweep", "status", wall).stdout; !strings.HasPrefix(out, "1 points: 1 truncated\n") {
		t.Errorf("status: %s", out)
	}
	failing := sweepFile(t, "solver: ssa\nmodel: toggle-switch\nsettings: {times: [40], runs: 10}\nvary: {max-events: [10, 1000000]}\n")
	if o := cme(t, "sweep", "local", failing, "-j", "1"); o.code != exitFailed || !strings.Contains(o.stderr, "1 of 2 points failed") {
		t.Errorf("exit status %d, %s", o.code, o.stderr)
	}
	if o := cme(t, "sweep", "merge", failing); o.code != exitFailed || !strings.Contains(o.stderr, "max-events = 10") {
		t.Errorf("exit status %d, %s", o.code, o.stderr)
	}
}

// start runs cme in a process of its own.
func start(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), childVariable+"=1")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

const longSweep = "solver: ssa\nmodel: toggle-switch\nsettings: {times: [20], runs: 3000}\nvary: {param.decay: [1, 1.1, 1.2, 1.3]}\n"

// A local sweep that is killed, or interrupted, goes on and ends with the bytes of one that was left alone.
func TestSweepsSurviveKills(t *testing.T) {
	program(t)
	whole := sweepFile(t, longSweep)
	succeed(t, "sweep", "local", whole, "-j", "1", "--quiet")
	succeed(t, "sweep", "merge", whole, "--quiet")
	const all = `SELECT mean || ' ' || sd FROM moments ORDER BY point, name`
	want := rowsOf(t, whole, all)
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGINT} {
		spec := sweepFile(t, longSweep)
		folder := sweep.DefaultFolder(spec)
		c := start(t, "sweep", "local", spec, "-j", "2", "--quiet")
		until(t, "a point has a checkpoint", func() bool {
			found, _ := filepath.Glob(filepath.Join(folder, "points", "*", "*", "run", "checkpoint", "state"))
			return len(found) > 0
		})
		if err := c.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		err := c.Wait()
		if code := c.ProcessState.ExitCode(); signal == syscall.SIGINT && code != exitInterrupted {
			t.Errorf("exit status %d, %v", code, err)
		}
		until(t, "the children have ended", func() bool {
			o := cme(t, "sweep", "status", folder)
			return o.code == 0 && !strings.Contains(o.stdout, "running")
		})
		succeed(t, "sweep", "local", spec, "-j", "2", "--quiet")
		succeed(t, "sweep", "merge", spec, "--quiet")
		if got := rowsOf(t, spec, all); got != want {
			t.Errorf("%v: other numbers than without it", signal)
		}
	}
}

// A task that is told to stop exits with 130 and goes on when it is called again.
func TestATaskThatIsStoppedGoesOn(t *testing.T) {
	spec := sweepFile(t, longSweep)
	succeed(t, "sweep", "plan", spec)
	c := start(t, "sweep", "run", spec, "--index", "2")
	until(t, "the point has a checkpoint", func() bool {
		found, _ := filepath.Glob(filepath.Join(sweep.DefaultFolder(spec), "points", "*", "*", "run", "checkpoint", "state"))
		return len(found) > 0
	})
	if o := cme(t, "sweep", "run", spec, "--index", "2"); o.code != exitDone || !strings.Contains(o.stderr, "another runner") {
		t.Errorf("a second runner: %d, %s", o.code, o.stderr)
	}
	if err := c.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait()
	if code := c.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit status %d", code)
	}
	if out := succeed(t, "sweep", "run", spec, "--index", "2").stdout; !strings.Contains(out, "complete") {
		t.Errorf("gone on: %s", out)
	}
	if out := succeed(t, "sweep", "run", spec, "--index", "2").stdout; !strings.Contains(out, "complete") {
		t.Errorf("once more: %s", out)
	}
}

// A disk that runs full is told once, loses nothing, and the sweep goes on when there is room.
func TestAFullDiskLosesNothing(t *testing.T) {
	program(t)
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=128k"); err != nil {
		t.Skipf("no small disk can be made here: %v", err)
	}
	defer func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) }()
	spec := filepath.Join(disk, "sweep.yaml")
	text := "solver: ssa\nmodel: birth-death\nsettings: {times: [10], runs: 10}\nvary: {param.birth: {linear: {from: 0.1, to: 1, points: 40}}}\n"
	if err := os.WriteFile(spec, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	o := cme(t, "sweep", "local", spec, "-j", "2")
	if o.code != exitFailed || strings.Count(o.stderr, "make room") != 1 || strings.Count(o.stderr, "\n") != 1 {
		t.Fatalf("exit status %d, %s", o.code, o.stderr)
	}
	count := countOf(t, spec)
	if count.Failed != 0 || count.Complete == 0 || count.Complete == 40 {
		t.Errorf("%+v", count)
	}
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	succeed(t, "sweep", "local", spec, "-j", "2")
	if after := countOf(t, spec); after.Complete != 40 || after.Damaged != 0 {
		t.Errorf("%+v", after)
	}
	succeed(t, "sweep", "merge", spec)
	// A merge that runs full keeps the tables that were there.
	var now syscall.Statfs_t
	if err := syscall.Statfs(disk, &now); err != nil {
		t.Fatal(err)
	}
	used := (int64(now.Blocks)-int64(now.Bfree))*now.Bsize + 16<<10
	if err := syscall.Mount("tmpfs", disk, "tmpfs", syscall.MS_REMOUNT, fmt.Sprintf("size=%d", used)); err != nil {
		t.Fatal(err)
	}
	if o := cme(t, "sweep", "merge", spec); o.code == exitDone || rowsOf(t, spec, "SELECT count(*) FROM points") != "40" {
		t.Errorf("exit status %d, %s", o.code, o.stderr)
	} else if !strings.Contains(o.stderr, "full") {
		t.Errorf("the message is %s", o.stderr)
	}
}

func countOf(t testing.TB, spec string) sweep.Count {
	t.Helper()
	s, err := sweep.Open(sweep.DefaultFolder(spec))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Count()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// All points of a process share the backend, and so the compiled graphs.
func TestPointsShareTheBackend(t *testing.T) {
	spec := sweepFile(t, "solver: solve\nmodel: birth-death\nsettings: {times: [0.5], start-time: 0.25, cap: 15, batch: 16, backend: go}\nvary: {param.birth: [0.1, 0.2, 0.3]}\n")
	succeed(t, "sweep", "plan", spec)
	s, err := sweep.Open(sweep.DefaultFolder(spec))
	if err != nil {
		t.Fatal(err)
	}
	var solver pointSolver
	r := sweep.Runner{Sweep: s, Solve: solver.solve}
	b, err := solver.pool.OpenFor("go", 16)
	if err != nil {
		t.Fatal(err)
	}
	var shelved []int
	for p, err := range s.Points() {
		if err != nil {
			t.Fatal(err)
		}
		if result, err := r.Point(context.Background(), p); err != nil || result.Status != sweep.Complete {
			t.Fatalf("%+v, %v", result, err)
		}
		shelved = append(shelved, b.Shelved())
	}
	if shelved[0] == 0 || shelved[2] != shelved[0] {
		t.Errorf("sets of graphs after each point: %v", shelved)
	}
}
