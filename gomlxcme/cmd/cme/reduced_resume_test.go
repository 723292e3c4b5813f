package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Each stage of a reduced model that is killed on its way and taken up again, with another number of workers where it has some, leaves the same
// bytes as one that was left alone: a training in its epochs, and one that goes on over many steps.
func TestKilledStagesOfReducedModelsResumeToTheSameBytes(t *testing.T) {
	root, fit := t.TempDir(), fitted(t)
	at := func(name string) string { return filepath.Join(root, name) }
	train := []string{"reduced", "train", fit, "--inputs", "parameters", "--hidden", "3", "--quiet"}
	rollout := []string{"--epochs", "1", "--seeds", "2", "--rollout", "--rollout-steps", "40", "--rollout-updates", "12"}
	networks := []string{"networks/*", "losses.csv"}
	succeed(t, slices.Concat(train, []string{"--epochs", "1", "--seeds", "12", "--out", at("net")})...)
	for name, c := range map[string]struct {
		args    []string
		until   string // this stands in its progress
		workers bool
		results []string
	}{
		"simulate":  {[]string{"reduced", "simulate", "--ip3", "0.3,0.4", "--runs", "16", "--t-end", "2", "--from", "1", "--quiet"}, "step", true, []string{"simulated-*"}},
		"fit":       {[]string{"reduced", "fit", "ip3-small", "--quiet"}, "start", false, []string{"study.json", "parameters.csv"}},
		"train":     {slices.Concat(train, []string{"--epochs", "6", "--seeds", "2"}), "step", true, networks},
		"rollout":   {slices.Concat(train, rollout), "refine", true, networks},
		"integrate": {[]string{"reduced", "integrate", at("net"), "--conditions", "0.4,0.7", "--quiet"}, "step", false, []string{"*.csv", "study.json"}},
	} {
		t.Run(name, func(t *testing.T) {
			whole, broken := at(name+"-whole"), at(name+"-broken")
			first, second := c.args, c.args
			if c.workers {
				first, second = slices.Concat(c.args, []string{"--workers", "1"}), slices.Concat(c.args, []string{"--workers", "2"})
			}
			p := child(t, slices.Concat(first, []string{"--out", broken})...)
			until(t, "it is on its way", func() bool {
				text, err := os.ReadFile(filepath.Join(broken, "progress.jsonl"))
				return err == nil && strings.Contains(string(text), `"`+c.until+`"`)
			})
			_ = p.Process.Kill()
			// A fit takes some tenths of a second and may be over.
			if err := p.Wait(); err == nil && name != "fit" {
				t.Fatal("it was over before it was killed; make it longer")
			}
			if r, err := run.ReadRecord(broken); err != nil || r.Status != run.Running && name != "fit" {
				t.Fatalf("status %q, error %v", r.Status, err)
			}
			succeed(t, slices.Concat(second, []string{"--out", broken, "--resume"})...)
			succeed(t, slices.Concat(first, []string{"--out", whole})...)
			sameFiles(t, files(t, whole, c.results...), files(t, broken, c.results...))
		})
	}
}
