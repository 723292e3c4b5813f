package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// decayFile is molecules that decay in a compartment of size 2, whose law speaks of their concentration.
const decayFile = `<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
<model id="decay" name="Decay by concentration">
<listOfCompartments><compartment id="cell" size="2" constant="true"/></listOfCompartments>
<listOfSpecies>
<species id="X" compartment="cell" initialAmount="10" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/>
<species id="Y" compartment="cell" initialAmount="0" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/>
</listOfSpecies>
<listOfParameters><parameter id="k" value="1" constant="true"/></listOfParameters>
<listOfRules><assignmentRule variable="Y"><math xmlns="http://www.w3.org/1998/Math/MathML">
<apply><times/><cn>4</cn><ci>X</ci></apply></math></assignmentRule></listOfRules>
<listOfReactions><reaction id="Death" reversible="false">
<listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>X</ci></apply></math></kineticLaw>
</reaction></listOfReactions>
</model></sbml>`

func writeModel(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "decay.xml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestDescribeSaysHowAFileWasRead(t *testing.T) {
	path := writeModel(t, decayFile)
	text := succeed(t, "describe", path).stdout
	for _, want := range []string{"decay: Decay by concentration", "SBML Level 3 Version 2", "no usual end time", "(k / cell) X",
		"concentration", "Y = 4 * (X / cell)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	var d description
	if err := json.Unmarshal([]byte(succeed(t, "describe", path, "--json").stdout), &d); err != nil {
		t.Fatal(err)
	}
	if d.Imported == nil || len(d.Imported.Species) != 2 || d.Imported.Species[0].Symbol != "concentration" || *d.Imported.Species[0].Size != 2 ||
		d.Imported.Species[1].Role != "ruled" || d.Imported.Species[1].Initial != 20 {
		t.Errorf("imported: %+v", d.Imported)
	}
}

func TestSolversTakeFiles(t *testing.T) {
	path := writeModel(t, decayFile)
	for _, args := range [][]string{
		{"fsp", path, "--times", "1,2", "--quiet"},
		{"ssa", path, "--times", "1,2", "--runs", "100", "--seed", "1", "--quiet"},
		{"fsp", path, "--t-end", "2", "--param", "cell=4", "--init", "X=3", "--cap", "X=5", "--quiet"},
	} {
		if out := succeed(t, args...).stdout; !strings.Contains(out, "X") {
			t.Errorf("%q printed %s", args, out)
		}
	}
	// Half the rate constant, since the compartment has size 2: the mean at t = 2 is 10/e.
	if out := succeed(t, "fsp", path, "--times", "2", "--quiet").stdout; !strings.Contains(out, "3.6787") {
		t.Errorf("the mean is not 10/e:\n%s", out)
	}
}

func TestBadFilesAreUsageErrors(t *testing.T) {
	for name, test := range map[string]struct{ old, new, words string }{
		"rule":   {"assignmentRule", "rateRule", `line 9|rateRule|"Y"|not supported`},
		"syntax": {"</sbml>", "", "cannot read as SBML"},
		"rate":   {`value="1"`, `value="-1"`, "Death|0 or above"},
	} {
		path := writeModel(t, strings.ReplaceAll(decayFile, test.old, test.new))
		o := cme(t, "ssa", path, "--t-end", "1")
		if o.code != exitUsage {
			t.Errorf("%s: exit status %d", name, o.code)
		}
		for _, w := range strings.Split(test.words, "|") {
			if !strings.Contains(o.stderr, w) {
				t.Errorf("%s: %q is missing in %s", name, w, o.stderr)
			}
		}
	}
	if o := cme(t, "ssa", writeModel(t, decayFile)); o.code != exitUsage || !strings.Contains(o.stderr, "--t-end") {
		t.Errorf("no end time: %d %s", o.code, o.stderr)
	}
}
