package kernelext

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// backgroundVariable names, in a process that Start made, the directory of the
// run that it is for.
const backgroundVariable = "CME_BACKGROUND_RUN"

// startTimeout is how long Start waits for the process to begin its work.
const startTimeout = 30 * time.Second

// Start computes a job in a process of its own, which goes on when the cell has
// ended and survives the kernel. It returns the run's directory as soon as the
// work has begun, or at once if the run is complete or under way. Run with the
// same job follows it and returns the result; ShowRuns lists it, and Stop stops
// it.
//
// The process is this program once more, from its beginning up to this call,
// without a notebook: what stands before the call in a cell is done twice. What
// it prints goes to a file beside the directory, with the ending .log.
func Start(folder string, job Job) (dir string, err error) {
	if dir, err = Dir(folder, job); err != nil {
		return "", err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", fmt.Errorf("kernelext: %w", err)
	}
	switch os.Getenv(backgroundVariable) {
	case "":
	case dir: // this is the process
		if _, err := attempt(Interruptible(), dir, job, run.Silence{}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	default: // this is the process of another run, which stands further down
		return dir, nil
	}
	if begun(dir) {
		return dir, nil
	}
	return dir, spawn(dir)
}

// begun says whether the run is complete or under way: whoever holds the
// directory has written its record.
func begun(dir string) bool {
	r, err := run.ReadRecord(dir)
	if err != nil {
		return false
	}
	_, running, err := run.HolderOf(dir)
	return r.Status == run.Complete || err == nil && running
}

// logOf is where the process of a run writes: beside its directory, which must
// be empty when the run begins.
func logOf(dir string) string { return dir + ".log" }

// spawn starts the process and waits until it works.
func spawn(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	log, err := os.Create(logOf(dir))
	if err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	defer log.Close()
	program := "/proc/self/exe" // also when the file of a cell has been replaced
	if _, err := os.Stat(program); err != nil {
		if program, err = os.Executable(); err != nil {
			return fmt.Errorf("kernelext: %w", err)
		}
	}
	c := exec.Command(program, os.Args[1:]...)
	c.Stdout, c.Stderr = log, log
	c.Env = append(withoutNotebook(os.Environ()), backgroundVariable+"="+dir)
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // signals for the kernel do not reach it
	if err := c.Start(); err != nil {
		return fmt.Errorf("kernelext: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	ticker := time.NewTicker(pollInterval / 4)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			if begun(dir) {
				return nil // it was quick
			}
			text, _ := os.ReadFile(logOf(dir))
			return fmt.Errorf("kernelext: the process for %s ended at once (%v): %s", dir, err, lastLines(string(text)))
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("kernelext: the process for %s did not begin its work within %s; see %s", dir, startTimeout, logOf(dir)), syscall.Kill(c.Process.Pid, syscall.SIGTERM))
		case <-ticker.C:
			if begun(dir) {
				return nil
			}
		}
	}
}

// withoutNotebook is an environment in which nothing is displayed.
func withoutNotebook(env []string) []string {
	var kept []string
	for _, e := range env {
		if !strings.HasPrefix(e, "GONB_") && !strings.HasPrefix(e, backgroundVariable+"=") {
			kept = append(kept, e)
		}
	}
	return kept
}

// lastLines are the last few lines of a text.
func lastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}
