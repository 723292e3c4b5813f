package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Figures of small networks: what they are made of, and what is refused without writing anything.
func TestReducedFigures(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	succeed(t, "reduced", "simulate", "--ip3", "0.6,0.7,0.8", "--runs", "6", "--t-end", "6", "--from", "2", "--seed", "3", "--out", at("runs"), "--quiet")
	succeed(t, "reduced", "fit", at("runs"), "--scale", "own", "--out", at("fit"), "--quiet")
	train := []string{"reduced", "train", at("fit"), "--train", "0.6,0.7", "--hidden", "3", "--epochs", "1", "--seeds", "2", "--quiet"}
	succeed(t, append(train, "--candidate", "Ca + X -> 2 Ca", "--candidate", "IP3 -> 0", "--out", at("net"))...)
	succeed(t, append(train, "--inputs", "parameters", "--out", at("plain-net"))...)
	succeed(t, "reduced", "integrate", at("net"), "--out", at("some"), "--quiet")
	succeed(t, "reduced", "integrate", at("plain-net"), "--out", at("plain"), "--quiet")

	said := succeed(t, "reduced", "report", at("plain"), at("some"), "--figures", at("drawn")).stdout
	if want := "drawn to " + at("drawn") + ": error.svg, swing.svg, path-W-Ca.svg, path-b-Ca.svg, latent.svg, jacobian.svg\n"; !strings.HasSuffix(said, want) {
		t.Errorf("said\n%swant %s", said, want)
	}
	drawn := files(t, at("drawn"), "*.svg")
	for name, wants := range map[string][]string{
		"error.svg":     {"first value kept", "some: median of 2 networks", "plain: median of 2 networks", "learned from 0.6, 0.7 µM of IP3", "IP3 (µM)"},
		"swing.svg":     {"simulated", "95 % band", "calcium (µM)"},
		"path-W-Ca.svg": {"0.6 µM", "0.7 µM", "0.8 µM", "W_Ca", "time (s)"},
		"path-b-Ca.svg": {"b_Ca"},
		"latent.svg":    {"standard frame", "mean of the latent variable", "its variance"},
		"jacobian.svg":  {"Ca + X -&gt; 2 Ca:  dW_Ca/dt", "IP3 -&gt; 0:  dσ²/dt", "b_IP3", "0.7 µM, 100 receptors"},
	} {
		for _, want := range append(wants, "@font-face") {
			if !strings.Contains(drawn[name], want) {
				t.Errorf("%s: %q is missing", name, want)
			}
		}
	}

	// Networks without reactions have no approximations to differentiate.
	succeed(t, "reduced", "report", at("plain"), "--figures", at("few"), "--conditions", "0.8")
	few := files(t, at("few"), "*.svg")
	if _, found := few["jacobian.svg"]; found || strings.Contains(few["path-W-Ca.svg"], ">0.6 µM<") {
		t.Error("more is drawn than was asked for")
	}

	succeed(t, "reduced", "fit", at("runs"), "--out", at("other-fit"), "--quiet")
	succeed(t, "reduced", "train", at("other-fit"), "--train", "0.6,0.7", "--hidden", "3", "--epochs", "1", "--seeds", "1", "--out", at("other-net"), "--quiet")
	succeed(t, "reduced", "integrate", at("other-net"), "--out", at("other"), "--quiet")
	old := at("old")
	if err := os.CopyFS(old, os.DirFS(at("some"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(old, studyName)); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"SOME --conditions 0.6":                                        "--figures FOLDER",
		"SOME --figures OUT --conditions 0.6,0.61,0.62,0.63,0.64":      "at most 4",
		"SOME --figures OUT --conditions 0.9":                          "no condition of 0.9",
		"SOME SOME SOME SOME SOME SOME --figures OUT":                  "at most 5",
		"SOME SOME --figures OUT":                                      "two directories are called some",
		"SOME " + at("other") + " --figures OUT":                       "standardised otherwise",
		old + " --figures OUT":                                         "run \"cme reduced integrate\" again",
		"SOME --figures " + filepath.Join(at("some"), studyName, "in"): "another folder",
	} {
		out := at("out")
		o := cme(t, append([]string{"reduced", "report"}, strings.Fields(strings.NewReplacer("SOME", at("some"), "OUT", out).Replace(args))...)...)
		if o.code != exitUsage || o.stdout != "" || !strings.Contains(o.stderr, want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: %+v", args, o)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s wrote something", args)
		}
	}
}
