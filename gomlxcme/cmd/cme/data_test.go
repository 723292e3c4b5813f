package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDataSetsAreListedMadeAndVerified(t *testing.T) {
	cache := filepath.Join(t.TempDir(), "sets")
	if said := succeed(t, "data", "list", "--cache", cache).stdout; !strings.Contains(said, "ip3-small") || !strings.Contains(said, "embedded") {
		t.Errorf("the list is %q", said)
	}
	if said := succeed(t, "data", "verify", "ip3-small", "--cache", cache).stdout; !strings.Contains(said, "part of this program") {
		t.Errorf("verify said %q", said)
	}
	succeed(t, "data", "make", "ip3-small", "--quiet", "--cache", cache) // it comes with the program: nothing is simulated
	path := strings.TrimSpace(succeed(t, "data", "path", "ip3-small", "--cache", cache).stdout)
	if _, err := os.Stat(path); err != nil || filepath.Dir(path) != cache {
		t.Errorf("path said %q: %v", path, err)
	}
	var list []struct{ Name, State, Path string }
	if err := json.Unmarshal([]byte(succeed(t, "data", "list", "--json", "--cache", cache).stdout), &list); err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		if l.Name == "ip3-small" && (l.State != "made" || l.Path != path) {
			t.Errorf("listed as %+v", l)
		}
	}
	if err := os.WriteFile(path, []byte("no archive"), 0o666); err != nil {
		t.Fatal(err)
	}
	if o := cme(t, "data", "verify", "ip3-small", "--cache", cache); o.code != exitFailed || !strings.Contains(o.stderr, "make --again ip3-small") {
		t.Errorf("a damaged archive: exit status %d, %q", o.code, o.stderr)
	}
}

func TestDataSetsThatAreNotThere(t *testing.T) {
	cache := t.TempDir()
	file := filepath.Join(cache, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"data make ip3-smal --cache " + cache:          `did you mean "ip3-small"?`,
		"data path receptors --cache " + cache:         "cme data make receptors",
		"data path ip3-small --cache " + cache:         "part of this program",
		"data verify receptors --cache " + cache:       "cme data make receptors",
		"data make ip3-small --cache " + file + "/sub": "--cache",
		"data make":                        "NAME",
		"data makes":                       "make",
		"data make ip3-small --workers -1": "workers",
	} {
		if o := cme(t, strings.Fields(args)...); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("%s: exit status %d, %q", args, o.code, o.stderr)
		}
	}
}
