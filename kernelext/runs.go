package kernelext

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Kept is a run directory and how it stands.
type Kept struct {
	Dir     string
	Record  run.Record
	Running bool // somebody works on it now
	Holder  run.Holder
}

// Runs lists the run directories below a folder, in the order of their names. A
// folder that is not there has none.
func Runs(folder string) ([]Kept, error) {
	records, err := filepath.Glob(filepath.Join(folder, "*", "run.json"))
	if err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	var list []Kept
	for _, file := range records {
		k := Kept{Dir: filepath.Dir(file)}
		if k.Record, err = run.ReadRecord(k.Dir); err != nil {
			return nil, err
		}
		if k.Holder, k.Running, err = run.HolderOf(k.Dir); err != nil {
			return nil, err
		}
		k.Running = k.Running && k.Record.Status != run.Complete // it only closes the door
		list = append(list, k)
	}
	return list, nil
}

// RunTable is the list of runs below a folder.
func RunTable(folder string) (Table, error) {
	list, err := Runs(folder)
	if err != nil {
		return Table{}, err
	}
	t := Table{Caption: "Runs in " + folder, Header: []string{"directory", "model", "solver", "status", "started", "seconds"}}
	for _, k := range list {
		status := string(k.Record.Status)
		switch {
		case k.Running:
			status = fmt.Sprintf("running (process %d)", k.Holder.PID)
		case k.Record.Status == run.Running:
			status = "killed; its cell goes on from the last checkpoint"
		}
		t.Add(filepath.Base(k.Dir), k.Record.Model.Name, k.Record.Command, status, k.Record.Started.Local().Format(time.DateTime), k.Record.WallSeconds)
	}
	return t, nil
}

// ShowRuns displays RunTable in the output of the cell.
func ShowRuns(folder string) error {
	t, err := RunTable(folder)
	if err != nil {
		return err
	}
	return ShowTable(t)
}

// ErrNotRunning says that there is nothing to stop.
var ErrNotRunning = errors.New("kernelext: nobody works on this run")

// Stop asks the process that works on the run in a directory to stop: it keeps
// a checkpoint, from which the run goes on when its cell is run again. A process
// on another computer cannot be reached.
func Stop(dir string) error {
	h, running, err := run.HolderOf(dir)
	if err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	if !running {
		return fmt.Errorf("%w: %s", ErrNotRunning, dir)
	}
	host, err := os.Hostname()
	if err != nil || h.PID <= 0 || h.Host != host {
		return fmt.Errorf("kernelext: %s is written by process %d on %s: stop it there", dir, h.PID, h.Host)
	}
	if err := syscall.Kill(h.PID, syscall.SIGINT); err != nil {
		return fmt.Errorf("kernelext: %s: process %d: %w", dir, h.PID, err)
	}
	return nil
}
