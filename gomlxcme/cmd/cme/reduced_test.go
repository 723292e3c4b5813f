package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// fitted is a directory of fit from the data that come with the program.
func fitted(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "fit")
	succeed(t, "reduced", "fit", "ip3-small", "--scale", "own", "--out", dir, "--quiet")
	return dir
}

// files reads all result files of a directory, which must be the same bytes for the same options.
func files(t *testing.T, dir string, patterns ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(dir, p))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s has no %s", dir, p)
		}
		for _, path := range found {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[filepath.Base(path)] = string(text)
		}
	}
	return out
}

func sameFiles(t *testing.T, a, b map[string]string) {
	t.Helper()
	if len(a) != len(b) {
		t.Errorf("%d files, not %d", len(b), len(a))
	}
	for name := range a {
		if a[name] != b[name] {
			t.Errorf("%s differs", name)
		}
	}
}

// From runs to a table, with few runs of short length and one small network.
func TestReducedFromRunsToATable(t *testing.T) {
	root := t.TempDir()
	at := func(name string) string { return filepath.Join(root, name) }
	succeed(t, "reduced", "simulate", "--ip3", "0.6,0.7,0.8", "--runs", "6", "--t-end", "6", "--from", "2", "--seed", "3", "--out", at("runs"), "--quiet")
	succeed(t, "reduced", "fit", at("runs"), "--scale", "own", "--out", at("fit"), "--quiet")
	table := files(t, at("fit"), "parameters.csv")["parameters.csv"]
	if !strings.HasPrefix(table, "ip3,receptors,time,parameter,variable,raw,filtered,derivative\n0.6,100,2,W,Ca,") {
		t.Errorf("parameters.csv begins %q", table[:80])
	}
	succeed(t, "reduced", "train", at("fit"), "--train", "0.6,0.7", "--hidden", "4,3", "--activation", "prelu", "--epochs", "2", "--seeds", "2", "--out", at("net"), "--quiet")
	for _, method := range []string{"euler", "adaptive"} {
		succeed(t, "reduced", "integrate", at("net"), "--method", method, "--out", at(method), "--quiet")
		if s := files(t, at(method), "scores.csv")["scores.csv"]; strings.Count(s, "\n") != 1+2*3 || strings.Count(s, "learned") != 4 || strings.Count(s, "unseen") != 2 {
			t.Errorf("scores.csv is\n%s", s)
		}
	}
	said := succeed(t, "reduced", "report", at("euler"), at("adaptive")).stdout
	for _, want := range []string{"first value kept", "euler: median", "adaptive: median", "| 0.8 |", "| 0.6 learned |", "mean of 1 unseen"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	succeed(t, "reduced", "train", at("fit"), "--train", "0.6,0.7", "--hidden", "3", "--epochs", "1", "--seeds", "1", "--rollout", "--rollout-steps", "5",
		"--rollout-updates", "2", "--out", at("rolled"), "--quiet")
	succeed(t, "reduced", "integrate", at("rolled"), "--study", at("fit"), "--conditions", "0.8", "--out", at("there"), "--quiet")
	if said := succeed(t, "reduced", "report", at("there"), "--swing").stdout; !strings.Contains(said, "| 0.8 |") || strings.Contains(said, "| 0.6 |") {
		t.Errorf("said\n%s", said)
	}
	// Networks that saw IP3 in one measure are not judged by a study in another.
	succeed(t, "reduced", "fit", at("runs"), "--scale", "own", "--measure", "bounded", "--out", at("bounded"), "--quiet")
	if s := files(t, at("bounded"), "study.json")["study.json"]; !strings.Contains(s, `"measure":"bounded"`) || strings.Contains(files(t, at("fit"), "study.json")["study.json"], "measure") {
		t.Error("the studies do not say how they measure IP3")
	}
	if o := cme(t, "reduced", "integrate", at("net"), "--study", at("bounded"), "--out", at("refused")); o.code != exitUsage || !strings.Contains(o.stderr, "fit it with the same --measure") {
		t.Errorf("exit status %d, %q", o.code, o.stderr)
	}
	succeed(t, "reduced", "train", at("bounded"), "--train", "0.6,0.7", "--hidden", "3", "--epochs", "1", "--seeds", "1", "--out", at("saw"), "--quiet")
	succeed(t, "reduced", "integrate", at("saw"), "--out", at("seen"), "--quiet")
	if s := files(t, at("seen"), "study.json")["study.json"]; !strings.Contains(s, `"measure":"bounded"`) {
		t.Error("what was followed does not say how IP3 is measured")
	}
	// All networks together are a model of their own; a result of a version that did not have it is refused in the table.
	if s := files(t, at("euler"), "together.csv")["together.csv"]; strings.Count(s, "\n0,0.") != 3 {
		t.Errorf("together.csv is\n%s", s)
	}
	if err := os.Remove(filepath.Join(at("there"), togetherName)); err != nil {
		t.Fatal(err)
	}
	if o := cme(t, "reduced", "report", at("there")); o.code != exitUsage || !strings.Contains(o.stderr, `no together.csv; an earlier version made it: run "cme reduced integrate" again`) {
		t.Errorf("exit status %d, %q", o.code, o.stderr)
	}
	// Runs of other conditions join; those of the same do not.
	succeed(t, "reduced", "simulate", "--ip3", "0.9", "--runs", "6", "--t-end", "6", "--from", "2", "--seed", "3", "--out", at("more"), "--quiet")
	succeed(t, "reduced", "fit", at("runs"), at("more"), "--scale", "own", "--out", at("joined"), "--quiet")
	if s := files(t, at("joined"), "parameters.csv")["parameters.csv"]; !strings.Contains(s, "\n0.6,100,") || !strings.Contains(s, "\n0.9,100,") {
		t.Error("the joined study lacks conditions")
	}
	succeed(t, "reduced", "simulate", "--ip3", "0.9", "--runs", "6", "--t-end", "5", "--from", "2", "--seed", "3", "--out", at("shorter"), "--quiet")
	for other, want := range map[string]string{"runs": "is in two of", "shorter": "has other times"} {
		if o := cme(t, "reduced", "fit", at("runs"), at(other), "--out", at("refused")); o.code != exitUsage || !strings.Contains(o.stderr, want) {
			t.Errorf("exit status %d, %q", o.code, o.stderr)
		}
	}
	if o := succeed(t, "reduced", "train", at("fit"), "--train", "0.6,0.7", "--hidden", "4,3", "--activation", "prelu", "--epochs", "2", "--seeds", "2", "--out", at("net"), "--resume"); !strings.Contains(o.stdout, "complete already") {
		t.Errorf("said %q", o.stdout)
	}
}

// A training that is interrupted at a checkpoint and taken up again, with another number of workers, leaves the same bytes.
func TestInterruptedTrainingGoesOnToTheSameBytes(t *testing.T) {
	root, fit := t.TempDir(), fitted(t)
	whole, broken := filepath.Join(root, "whole"), filepath.Join(root, "broken")
	args := []string{"reduced", "train", fit, "--inputs", "parameters", "--hidden", "3", "--epochs", "5", "--seeds", "2", "--validate", "0.7", "--quiet"}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan outcome, 1)
	go func() { done <- cmeContext(ctx, append(args, "--workers", "1", "--out", broken)...) }()
	until(t, "there is a checkpoint", func() bool {
		_, err := os.Stat(filepath.Join(broken, "checkpoint", "seed-1"))
		return err == nil
	})
	stop()
	if o := <-done; o.code != exitInterrupted || !strings.Contains(o.stderr, "--resume") {
		t.Fatalf("exit status %d: %s", o.code, o.stderr)
	}
	if r, err := run.ReadRecord(broken); err != nil || r.Status != run.Interrupted {
		t.Fatalf("status %q, error %v", r.Status, err)
	}
	succeed(t, append(args, "--workers", "2", "--out", broken, "--resume")...)
	succeed(t, append(args, "--out", whole)...)
	sameFiles(t, files(t, whole, "networks/*", "losses.csv"), files(t, broken, "networks/*", "losses.csv"))
}

// Bad input ends with exit status 2, one message that says how to mend it, and writes nothing.
func TestReducedRefusesBadInput(t *testing.T) {
	root, fit := t.TempDir(), fitted(t)
	few := filepath.Join(root, "few")
	succeed(t, "reduced", "simulate", "--ip3", "0.5,0.7", "--runs", "2", "--t-end", "1", "--from", "0", "--out", few, "--quiet")
	for args, want := range map[string]string{
		"reduced simulte":                                                    "simulate, fit, train",
		"reduced simulate --out OUT":                                         "--ip3 0.4",
		"reduced simulate --ip3 0.4":                                         "--out DIR",
		"reduced simulate --ip3 0.4,0.4 --out OUT":                           "given twice",
		"reduced simulate --ip3 -1 --out OUT":                                "above 0",
		"reduced simulate --ip3 0.4 --runs 1 --out OUT":                      "at least 2",
		"reduced simulate --ip3 0.4 --from 60 --out OUT":                     "before the last",
		"reduced simulate --ip3 0.4 --receptors 0 --out OUT":                 "at least 1",
		"reduced simulate --ip3 1e9 --out OUT":                               "smaller volume or less IP3",
		"reduced fit ip3-smal --out OUT":                                     `did you mean "ip3-small"`,
		"reduced fit --out OUT":                                              "SOURCE",
		"reduced fit " + few + " --out OUT":                                  "take more runs",
		"reduced fit ip3-small --experiment receptors --scale own --out OUT": "give conditions in which it differs",
		"reduced fit --published " + root + " --out OUT":                     "published files",
		"reduced fit --published " + root + " --scale own --out OUT":         "--scale",
		"reduced fit ip3-small --measure cubic --out OUT":                    "use linear or logarithmic or bounded",
		"reduced train " + root + " --out OUT":                               "cme reduced fit",
		"reduced train " + fit + " --train 0.4,2.5 --out OUT":                "no condition of 2.5 µM of IP3; it has [0.1",
		"reduced train " + fit + " --train 0.4 --validate 0.4 --out OUT":     "none is left",
		"reduced train " + fit + " --dropout 1 --out OUT":                    "dropout below 1",
		"reduced train " + fit + " --hidden 0 --out OUT":                     "at least 1",
		"reduced train " + fit + " --candidate Ca+Y->Y --out OUT":            "Y",
		"reduced train " + fit + " --backend abacus --out OUT":               "abacus",
		"reduced train " + fit + " --rollout-steps 5 --out OUT":              "--rollout",
		"reduced train " + fit + " --rollout --rollout-shrink 1e6 --out OUT": "below 1",
		"reduced train " + fit:                                               "--out DIR",
		"reduced integrate " + fit + " --out OUT":                            "cme reduced train",
		"reduced integrate " + root + " --out OUT":                           "run.json",
		"reduced report":        "DIR",
		"reduced report " + fit: "cme reduced integrate",
	} {
		out := filepath.Join(root, "out")
		o := cme(t, strings.Fields(strings.ReplaceAll(args, "OUT", out))...)
		if o.code != exitUsage || !strings.Contains(o.stderr, want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%s: exit status %d, %q", args, o.code, o.stderr)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s wrote something", args)
			os.RemoveAll(out)
		}
	}
}
