package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// childVariable makes the test program behave like cme itself, so that tests can start and kill it.
const childVariable = "CME_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		main()
	}
	os.Exit(m.Run())
}

// outcome is what a command line left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

// cme runs one command line in this process.
func cme(t testing.TB, args ...string) outcome {
	t.Helper()
	return cmeContext(t.Context(), args...)
}

func cmeContext(ctx context.Context, args ...string) outcome {
	var stdout, stderr bytes.Buffer
	code := execute(ctx, args, &stdout, &stderr)
	return outcome{code, stdout.String(), stderr.String()}
}

// succeed runs one command line that must exit with 0.
func succeed(t testing.TB, args ...string) outcome {
	t.Helper()
	o := cme(t, args...)
	if o.code != exitDone {
		t.Fatalf("cme %q: exit status %d\n%s", args, o.code, o.stderr)
	}
	return o
}

// contents reads files of a directory.
func contents(t testing.TB, dir string, names ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, n := range names {
		text, err := os.ReadFile(filepath.Join(dir, n))
		if err != nil {
			t.Fatal(err)
		}
		out[n] = string(text)
	}
	return out
}

// until waits for a condition that another process brings about.
func until(t testing.TB, what string, condition func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	deadline := time.After(20 * time.Second)
	for !condition() {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		}
	}
}
