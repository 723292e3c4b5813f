package fetch

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wheel makes a wheel that pip accepts, with one plugin in it.
func wheel(t *testing.T, name, plugin, content string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	var record strings.Builder
	info := name + "-0.0.1.dist-info/"
	for _, f := range [][2]string{
		{plugin, content},
		{info + "METADATA", "Metadata-Version: 2.1\nName: " + name + "\nVersion: 0.0.1\n"},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
	} {
		w, err := z.Create(f[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(f[1])); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&record, "%s,,\n", f[0])
	}
	w, err := z.Create(info + "RECORD")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(w, "%s%sRECORD,,\n", record.String(), info)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// index serves wheels as PyPI does, and makes pip use nothing else.
func index(t *testing.T, wheels map[string][]byte) {
	t.Helper()
	if _, err := findPython(t.Context()); err != nil {
		t.Skip(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if content, ok := wheels[filepath.Base(r.URL.Path)]; ok {
			w.Write(content)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		for file := range wheels {
			if stem, _, _ := strings.Cut(file, "-"); strings.ReplaceAll(stem, "_", "-") == filepath.Base(r.URL.Path) {
				fmt.Fprintf(w, "<a href=%q>%s</a>\n", "/files/"+file, file)
				return
			}
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)
	useIndex(t, server.URL+"/simple")
}

func useIndex(t *testing.T, url string) {
	for name, value := range map[string]string{
		"PIP_INDEX_URL": url, "PIP_CONFIG_FILE": os.DevNull, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_NO_CACHE_DIR": "1",
		"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
	} {
		t.Setenv(name, value)
	}
}

func fake(content []byte) Source {
	return Source{
		Device: "fake", Plugin: "plugins/fake.so",
		Wheels: fmt.Sprintf("fake-plugin==0.0.1 --hash=sha256:%x\n", sha256.Sum256(content)),
	}
}

// listed is what a folder holds, hidden files as well.
func listed(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestInstall(t *testing.T) {
	content := wheel(t, "fake_plugin", "plugins/fake.so", "first")
	index(t, map[string][]byte{"fake_plugin-0.0.1-py3-none-any.whl": content})
	home := filepath.Join(t.TempDir(), "a", "plugins")
	s := fake(content)
	path, already, err := Install(t.Context(), s, home)
	if err != nil || already {
		t.Fatal(path, already, err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "first" {
		t.Errorf("the plugin holds %q, error %v", text, err)
	}
	if names := listed(t, home); len(names) != 1 || names[0] != "fake" {
		t.Errorf("the folder holds %q", names)
	}
	if again, already, err := Install(t.Context(), s, home); err != nil || !already || again != path {
		t.Errorf("the second time: %q, %v, %v", again, already, err)
	}
	// A later version of ours pins another wheel: it takes the place of the first.
	other := wheel(t, "fake_plugin", "plugins/fake.so", "second")
	index(t, map[string][]byte{"fake_plugin-0.0.1-py3-none-any.whl": other})
	if _, already, err := Install(t.Context(), fake(other), home); err != nil || already {
		t.Error(already, err)
	}
	if text, _ := os.ReadFile(path); string(text) != "second" {
		t.Errorf("the plugin holds %q", text)
	}
	if names := listed(t, home); len(names) != 1 {
		t.Errorf("the folder holds %q", names)
	}
}

// Whatever goes wrong, one line says so, nothing is left behind, and what was there
// before is still there.
func TestNothingIsHalfInstalled(t *testing.T) {
	good, bad := wheel(t, "fake_plugin", "plugins/fake.so", "good"), wheel(t, "fake_plugin", "plugins/fake.so", "bad")
	empty := wheel(t, "fake_plugin", "elsewhere.txt", "")
	home := t.TempDir()
	const file = "fake_plugin-0.0.1-py3-none-any.whl"
	index(t, map[string][]byte{file: good})
	path, _, err := Install(t.Context(), fake(good), home)
	if err != nil {
		t.Fatal(err)
	}
	newer := fake(good)
	newer.Wheels = "# another pin\n" + newer.Wheels
	for _, c := range []struct {
		name   string
		served map[string][]byte
		source Source
		want   string
	}{
		{"another hash", map[string][]byte{file: bad}, newer, "hash differs"},
		{"torn", map[string][]byte{file: good[:100]}, newer, "hash differs"},
		{"not there", nil, newer, "pip says"},
		{"without a plugin", map[string][]byte{file: empty}, fake(empty), "hold no plugins/fake.so"},
	} {
		index(t, c.served)
		_, _, err := Install(t.Context(), c.source, home)
		if !errors.Is(err, ErrDownload) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	useIndex(t, "http://127.0.0.1:9/simple") // nothing listens there
	if _, _, err := Install(t.Context(), newer, home); !errors.Is(err, ErrDownload) {
		t.Errorf("closed port: got %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "good" {
		t.Errorf("the plugin of before holds %q, error %v", text, err)
	}
	if names := listed(t, home); len(names) != 1 {
		t.Errorf("the folder holds %q", names)
	}
}

func TestRefusals(t *testing.T) {
	if _, err := SourceOf("tpu"); !errors.Is(err, ErrDevice) {
		t.Errorf("got %v", err)
	}
	for _, device := range []string{"cpu", "cuda"} {
		s, err := SourceOf(device)
		if err != nil {
			t.Skip(err)
		}
		for line := range strings.Lines(s.Wheels) {
			if !strings.HasPrefix(line, "#") && (!strings.Contains(line, "==") || !strings.Contains(line, " --hash=sha256:")) {
				t.Errorf("%s: not pinned: %s", device, line)
			}
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := findPython(t.Context()); err == nil {
		if _, _, err := Install(t.Context(), fake(nil), blocked); !errors.Is(err, ErrFolder) {
			t.Errorf("got %v", err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, _, err := Install(t.Context(), fake(nil), t.TempDir()); !errors.Is(err, ErrPython) {
		t.Errorf("got %v", err)
	}
}
