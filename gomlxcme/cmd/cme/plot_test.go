package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestComparisonIsDrawn(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	succeed(t, "fsp", "toggle-switch", "--times", "0,0.1,0.2", "--cap", "20", "--cap", "Gx=1", "--cap", "Gy=1", "--out", at("fsp"))
	succeed(t, "ssa", "toggle-switch", "--times", "0,0.1,0.2", "--cap", "20", "--cap", "Gx=1", "--cap", "Gy=1", "--runs", "500", "--seed", "1", "--out", at("ssa"))
	if o := succeed(t, "compare", at("fsp"), at("ssa"), "--plot", at("all.svg")); !strings.Contains(o.stdout, "drawn to "+at("all.svg")) {
		t.Errorf("%+v", o)
	}
	svg := contents(t, root, "all.svg")["all.svg"]
	for _, want := range []string{"toggle-switch: fsp and ssa", "exact (fsp)", "trajectories (ssa), N = 500", "time (protein lifetimes)", "Py at t = 0.1 protein lifetimes",
		"Py at t = 0.2 protein lifetimes", "(noise ", "mean count (molecules)", "difference"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%q is missing in the figure", want)
		}
	}
	succeed(t, "compare", at("fsp"), at("ssa"), "--plot", at("some.svg"), "--species", "Py,Px", "--plot-times", "0.2", "--json")
	if svg := contents(t, root, "some.svg")["some.svg"]; strings.Contains(svg, ">Gx") || strings.Contains(svg, "t = 0.1 ") {
		t.Error("more is drawn than was asked for")
	}
}

// Mistakes in the options of the figure end with status 2 and leave no file.
func TestBadFiguresAreRefused(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	succeed(t, "fsp", "gene-expression", "--times", "1,2", "--out", at("fsp"))
	for args, want := range map[string]string{
		"--plot a.png":                                "SVG files|ends in .svg",
		"--species m":                                 "--plot FILE.svg",
		"--plot a.svg --species q":                    "no q|m, p",
		"--plot a.svg --species m,,p":                 "name 2 is empty",
		"--plot a.svg --species m,m":                  "twice",
		"--plot a.svg --species a,b,c,d,e":            "at most 4",
		"--plot a.svg --plot-times 3":                 "t = 3|t = 1, 2",
		"--plot a.svg --plot-times 2,1":               "sort",
		"--plot a.svg --plot-times 1,1.1,1.2,1.3,1.4": "at most 4",
		"--plot no/a.svg":                             "cannot write|another file",
	} {
		fields := strings.Fields(args)
		for i, f := range fields {
			if f == "a.svg" || f == "a.png" || f == "no/a.svg" {
				fields[i] = at(f)
			}
		}
		o := cme(t, append([]string{"compare", at("fsp"), at("fsp")}, fields...)...)
		if o.code != exitUsage || o.stdout != "" || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: %+v", args, o)
		}
		for _, part := range strings.Split(want, "|") {
			if !strings.Contains(o.stderr, part) {
				t.Errorf("%s: %q is missing in %q", args, part, o.stderr)
			}
		}
		if found, _ := filepath.Glob(at("*.*g")); len(found) > 0 {
			t.Errorf("%s: %v was written", args, found)
		}
	}
	if _, err := os.Stat(at("no")); !os.IsNotExist(err) {
		t.Error("a folder was made")
	}
}
