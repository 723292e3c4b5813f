package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	c := command()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	err := c.Execute()
	return out.String(), err
}

func TestInstallThenUninstallBelowAPrefix(t *testing.T) {
	prefix := t.TempDir()
	out, err := run(t, "install", "--prefix", prefix)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(prefix, "share", "jupyter", "kernels", "gomlx-cme", "kernel.json")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out, filepath.Dir(file)) {
		t.Errorf("install does not say where: %q", out)
	}
	if !strings.Contains(string(text), "{connection_file}") {
		t.Errorf("kernel.json passes no connection file:\n%s", text)
	}
	if _, err := run(t, "uninstall", "--prefix", prefix); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("kernel.json is still there: %v", err)
	}
}

func TestBadUsage(t *testing.T) {
	for _, args := range [][]string{
		{"start"},
		{"install", "--nonsense"},
		{"install", "--prefix", t.TempDir(), "--root", t.TempDir()},
	} {
		if _, err := run(t, args...); !errors.Is(err, errUsage) {
			t.Errorf("cmekernel %s: got %v, want bad usage", strings.Join(args, " "), err)
		}
	}
}

func TestDoctorNamesWhatIsMissing(t *testing.T) {
	out, err := run(t, "doctor", "--quick", "--prefix", t.TempDir())
	if !errors.Is(err, errSick) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out, "FAIL  kernelspec") || !strings.Contains(out, "cmekernel install") {
		t.Errorf("the report does not name the missing kernelspec:\n%s", out)
	}
	if !strings.Contains(out, "ok    go ") || !strings.Contains(out, "ok    cache ") || strings.Contains(out, "backend") {
		t.Errorf("go and the cache are there, and no cell was to be built:\n%s", out)
	}
}
