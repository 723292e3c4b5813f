package backend

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// lay writes empty files and returns the folder that they are in.
func lay(t *testing.T, folder string, files ...string) {
	t.Helper()
	for _, f := range files {
		path := filepath.Join(folder, f)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Plugins of wheels are found from anywhere inside a checkout, behind them those
// that were fetched and those of go-xla; CUDA comes before all others.
func TestPluginsAreFoundInTheirOrder(t *testing.T) {
	root, home := t.TempDir(), t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", "")
	t.Setenv("VIRTUAL_ENV", "")
	t.Setenv(searchVariable, "")
	packages := filepath.Join(".venv", "lib", "python3.11", "site-packages")
	lay(t, root,
		filepath.Join(packages, "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so"),
		filepath.Join(packages, "xla_cpu_pjrt-0.0.1.dist-info/METADATA"),
		"notebooks/sub/x.ipynb")
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module "+modulePath+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	lay(t, home,
		".local/lib/go-xla/pjrt_c_api_cpu_v0.98_plugin.so",
		".local/lib/go-xla/nvidia/pjrt_c_api_cuda_plugin.so",
		".local/share/gomlx-cme/plugins/cuda/jax_plugins/xla_cuda13/xla_cuda_plugin.so",
		".local/share/gomlx-cme/plugins/cuda/jax_cuda13_pjrt-0.12.0.1.dist-info/METADATA",
		".local/share/gomlx-cme/plugins/.new-cpu/xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so")
	t.Chdir(filepath.Join(root, "notebooks", "sub"))
	var got [][3]string
	for _, p := range Plugins() {
		// The test program itself lies outside any checkout.
		base, err := filepath.Rel(home, p.Path)
		if err != nil || base[0] == '.' && base[1] == '.' {
			base = filepath.Base(p.Path)
		}
		got = append(got, [3]string{p.Device, p.Version, base})
	}
	want := [][3]string{
		{"cuda", "0.12.0.1", ".local/share/gomlx-cme/plugins/cuda/jax_plugins/xla_cuda13/xla_cuda_plugin.so"},
		{"cuda", "", ".local/lib/go-xla/nvidia/pjrt_c_api_cuda_plugin.so"},
		{"cpu", "0.0.1", "xla_cpu_pjrt.so"},
		{"cpu", "", ".local/lib/go-xla/pjrt_c_api_cpu_v0.98_plugin.so"},
	}
	if _, err := os.Stat("/usr/local/lib/go-xla"); err == nil {
		t.Skip("this computer has plugins of its own in /usr/local/lib/go-xla")
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%v, want\n%v", got, want)
	}
	t.Setenv(searchVariable, filepath.Join(home, ".local/lib/go-xla"))
	if only := Plugins(); len(only) != 1 || only[0].Place != searchVariable {
		t.Errorf("%s does not limit the search: %v", searchVariable, only)
	}
}
