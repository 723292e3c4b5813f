package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// derived is the decay file with a rate constant that an initial assignment computes from another parameter, and an event.
func derived() string {
	text := strings.Replace(decayFile, `<listOfParameters><parameter id="k" value="1" constant="true"/></listOfParameters>`,
		`<listOfParameters><parameter id="k" constant="true"/><parameter id="half" value="2" constant="true"/></listOfParameters>
<listOfInitialAssignments><initialAssignment symbol="k"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><divide/><cn>1</cn><ci>half</ci></apply></math></initialAssignment></listOfInitialAssignments>`, 1)
	return text
}

// Observables stand after the species in the table and in the files, and their moments are those of the whole state.
func TestRulesAreReported(t *testing.T) {
	path := writeModel(t, decayFile)
	for _, args := range [][]string{{"ssa", "--runs", "500", "--seed", "4"}, {"fsp"}} {
		dir := filepath.Join(t.TempDir(), args[0])
		succeed(t, append(args, path, "--times", "0,1", "--out", dir, "--quiet")...)
		result, err := run.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range result.Snapshots {
			if len(s.Observables) != 1 || s.Observables[0].Name != "Y" {
				t.Fatalf("%s: observables %v", args[0], s.Observables)
			}
			x, y := s.Dist.Moment(0), s.Observables[0].Moment // Y = 4 · X/2
			for i, d := range []float64{y.Mean - 2*x.Mean, y.SD - 2*x.SD, y.MeanSE - 2*x.MeanSE, y.SDSE - 2*x.SDSE} {
				if d > 1e-9 || d < -1e-9 {
					t.Errorf("%s at t = %v: number %d of Y is off by %v: %+v, X %+v", args[0], s.Time, i, d, y, x)
				}
			}
		}
		if o := cme(t, append(args, path, "--times", "0,1", "--out", dir, "--quiet", "--resume")...); o.code != 0 {
			t.Errorf("%s: resumed: %s", args[0], o.stderr)
		}
	}
}

// What an initial assignment computes follows the parameters that are given.
func TestInitialAssignmentsFollowParameters(t *testing.T) {
	path := writeModel(t, derived())
	for args, want := range map[string]string{
		"":                              "k          0.5",
		"--param half=4":                "k          0.25",
		"--param half=4 --param k=3":    "k          3",
		"--param half=4 --init X=7":     "delta(7)",
		"--param half=4 --param cell=8": "cell       8",
	} {
		if out := succeed(t, append([]string{"describe", path}, strings.Fields(args)...)...).stdout; !strings.Contains(out, want) {
			t.Errorf("%q: %q is missing in\n%s", args, want, out)
		}
	}
	for args, words := range map[string]string{
		"--param halve=4":    `unknown parameter "halve"|half`,
		"--param Y=4":        "Y follows this rule|line 11",
		"--param X=4":        "start by --init",
		"--init Y=4":         "Y",
		"--param half=0":     `parameter "k"|+Inf`,
		"--param cell=-1":    "size -1",
		"--param half=1e999": "half",
	} {
		o := cme(t, append([]string{"describe", path}, strings.Fields(args)...)...)
		if o.code != exitUsage {
			t.Errorf("%q: exit status %d, %s", args, o.code, o.stderr)
		}
		for _, w := range strings.Split(words, "|") {
			if !strings.Contains(o.stderr, w) {
				t.Errorf("%q: %q is missing in %s", args, w, o.stderr)
			}
		}
	}
}

// Events are shown and drawn, recorded, and refused by what solves the master equation, before anything is written.
func TestEventsOfFiles(t *testing.T) {
	path := writeModel(t, strings.Replace(decayFile, "</listOfReactions>", `</listOfReactions><listOfEvents>
<event id="refill" useValuesFromTriggerTime="true"><trigger initialValue="false" persistent="true"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><geq/><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol><cn>50</cn></apply></math></trigger>
<listOfEventAssignments><eventAssignment variable="X"><math xmlns="http://www.w3.org/1998/Math/MathML"><cn>20</cn></math></eventAssignment></listOfEventAssignments>
</event></listOfEvents>`, 1))
	if out := succeed(t, "describe", path).stdout; !strings.Contains(out, "when time() >= 50: X = 20 * cell") || !strings.Contains(out, "no conservation laws") {
		t.Errorf("described as\n%s", out)
	}
	dir := filepath.Join(t.TempDir(), "ssa")
	succeed(t, "ssa", path, "--times", "49.9,50", "--runs", "20", "--seed", "4", "--out", dir, "--quiet")
	result, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if m := result.Snapshots[1].Dist.Moment(0); m.Mean != 40 || m.SD != 0 || len(result.Record.Model.Events) != 1 {
		t.Errorf("at t = 50: %+v, events %v", m, result.Record.Model.Events)
	}
	for _, args := range [][]string{{"fsp"}, {"solve"}, {"ssa", "--method", "tau-leap"}} {
		out := filepath.Join(t.TempDir(), "no")
		o := cme(t, append(args, path, "--t-end", "1", "--out", out)...)
		if o.code != exitUsage || !strings.Contains(o.stderr, "event refill") {
			t.Errorf("%q: exit status %d, %s", args, o.code, o.stderr)
		}
		if _, err := run.ReadRecord(out); err == nil {
			t.Errorf("%q wrote something", args)
		}
	}
}
