package kernelspec_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext/kernelspec"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// ourModule makes what is taken for our module.
func ourModule(t *testing.T, dir string) {
	t.Helper()
	write(t, filepath.Join(dir, "go.mod"), "module "+kernelspec.ModulePath+"\n\ngo 1.26\n")
	write(t, filepath.Join(dir, "kernelext", "doc.go"), "package kernelext\n")
}

func TestFindModuleTakesTheNearestThatQualifies(t *testing.T) {
	top := t.TempDir()
	ours := filepath.Join(top, "ours")
	ourModule(t, ours)
	user := filepath.Join(ours, "sub", "user")
	write(t, filepath.Join(user, "go.mod"), "module example.org/mine\n\nrequire "+kernelspec.ModulePath+" v0.1.0\n")
	other := filepath.Join(ours, "sub", "other")
	write(t, filepath.Join(other, "go.mod"), "module example.org/unrelated\n")
	write(t, filepath.Join(user, "notebooks", "a.ipynb"), "{}")
	stray := filepath.Join(ours, "stray") // our go.mod, copied to where our packages are not
	write(t, filepath.Join(stray, "go.mod"), "module "+kernelspec.ModulePath+"\n")

	for _, c := range []struct{ from, want string }{
		{filepath.Join(user, "notebooks"), user}, // requires us
		{other, ours},                            // passes by an unrelated go.mod
		{stray, ours},
		{filepath.Join(ours, "sub"), ours},
	} {
		got, err := kernelspec.FindModule(c.from)
		if err != nil || got != c.want {
			t.Errorf("FindModule(%s) = %s, %v; want %s", c.from, got, err, c.want)
		}
	}
	if got, err := kernelspec.FindModule(top, "", ours); err != nil || got != ours {
		t.Errorf("the recorded module: got %s, %v; want %s", got, err, ours)
	}
	if _, err := kernelspec.FindModule(top); !errors.Is(err, kernelspec.ErrNoModule) {
		t.Errorf("no module: got error %v", err)
	}
}

func TestWorkspaceAddsOurModuleToOneThatRequiresIt(t *testing.T) {
	top := t.TempDir()
	ours, user, other := filepath.Join(top, "ours"), filepath.Join(top, "user"), filepath.Join(top, "other")
	ourModule(t, ours)
	write(t, filepath.Join(user, "go.mod"), "module example.org/mine\n\nrequire "+kernelspec.ModulePath+" v0.1.0\n")
	write(t, filepath.Join(other, "go.mod"), "module example.org/unrelated\n")
	for _, c := range []struct {
		from, root string
		want       []string
	}{
		{ours, ours, []string{ours}},
		{user, ours, []string{user, ours}},
		{user, "", []string{user}},
		{user, other, []string{user}},
		{other, ours, []string{ours}}, // a course of its own that says nothing of us
		{top, ours, []string{ours}},
	} {
		got, err := kernelspec.Workspace(c.from, c.root)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Workspace(%s, %s) = %v, %v; want %v", c.from, c.root, got, err, c.want)
		}
	}
	if _, err := kernelspec.Workspace(other, ""); !errors.Is(err, kernelspec.ErrNoModule) {
		t.Errorf("no module: got error %v", err)
	}
}

func TestEnvironReplacesWhatWouldBreakTheWorkspace(t *testing.T) {
	base := []string{"PATH=/usr/bin", "GOFLAGS=-mod=mod", "GOWORK=off", "GOEXPERIMENT=jsonv2", "HOME=/home/u"}
	env := kernelspec.Environ(base, kernelspec.Toolbox{Bin: []string{"/venv/bin", ""}, Backend: "go"})
	for _, want := range []string{
		"PATH=/venv/bin:/usr/bin", "GOFLAGS=-ldflags=-w", "GOPROXY=off", "GOEXPERIMENT=jsonv2,simd", "GOMLX_BACKEND=go", "HOME=/home/u",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing in %v", want, env)
		}
	}
	if slices.ContainsFunc(env, func(e string) bool { return strings.HasPrefix(e, "GOWORK=") }) {
		t.Error("GOWORK was kept")
	}
	if base[1] != "GOFLAGS=-mod=mod" {
		t.Error("the caller's list was changed")
	}
	chosen := kernelspec.Environ([]string{"GOMLX_BACKEND=xla"}, kernelspec.Toolbox{Backend: "go"})
	if !slices.Contains(chosen, "GOMLX_BACKEND=xla") {
		t.Error("the user's backend was overruled")
	}
}

func TestInstallReadUninstall(t *testing.T) {
	prefix := t.TempDir()
	spec := kernelspec.New(kernelspec.Launch{Program: "/venv/bin/cmekernel", Root: "/home/u/cme"})
	for range 2 { // a second time changes nothing
		if _, err := kernelspec.Install(prefix, spec); err != nil {
			t.Fatal(err)
		}
	}
	got, file, err := kernelspec.Installed(prefix)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(prefix, "share", "jupyter", "kernels", "gomlx-cme", "kernel.json"); file != want {
		t.Errorf("installed at %s, want %s", file, want)
	}
	if !slices.Equal(got.Argv, spec.Argv) || got.DisplayName != kernelspec.DisplayName {
		t.Errorf("read back %+v, wrote %+v", got, spec)
	}
	if _, err := kernelspec.Uninstall(prefix); err != nil {
		t.Fatal(err)
	}
	if _, err := kernelspec.Uninstall(prefix); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("second uninstall: %v", err)
	}
}

func TestUninstallLeavesAForeignKernel(t *testing.T) {
	prefix := t.TempDir()
	spec := kernelspec.New(kernelspec.Launch{Program: "/bin/true"})
	spec.Metadata = nil
	if _, err := kernelspec.Install(prefix, spec); err != nil {
		t.Fatal(err)
	}
	if _, err := kernelspec.Uninstall(prefix); !errors.Is(err, kernelspec.ErrForeign) {
		t.Errorf("got %v, want ErrForeign", err)
	}
	if _, _, err := kernelspec.Installed(prefix); err != nil {
		t.Errorf("it was removed: %v", err)
	}
}

func ExampleNew() {
	spec := kernelspec.New(kernelspec.Launch{Program: "/venv/bin/cmekernel", Root: "/home/u/cme"})
	fmt.Println(spec.DisplayName)
	fmt.Println(strings.Join(spec.Argv, " "))
	// Output:
	// Go (GoNB, GoMLX-CME)
	// /venv/bin/cmekernel start --root /home/u/cme --kernel {connection_file}
}
