package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every case ends with exit status 2, one message on stderr that says what is wrong and how to mend it, nothing on stdout
// and nothing written.
func TestBadInputIsRefused(t *testing.T) {
	for _, c := range []struct {
		args string // separated by spaces; OUT is a directory that does not exist
		want string // parts of the message, separated by |
	}{
		{"ssa toggle-swich --out OUT", `toggle-swich|did you mean "toggle-switch"`},
		{"ssa nothing-like-it --out OUT", "catalogue|birth-death"},
		{"ssa model.xml --out OUT", "model.xml|no such file"},
		{"fsp model.sbml --out OUT", "model.sbml|no such file"},
		{"ssa --out OUT", "MODEL|--help"},
		{"ssa birth-death gene-expression --out OUT", "MODEL"},
		{"systems now", "no arguments"},
		{"solve birth-death --basin B=X>=40 --out OUT", "--basin B|X>=40|its cap is 39"},
		{"fsp birth-death --basin B=X>3,X<3 --out OUT", "--basin B|no count of X"},
		{"ssa birth-death --basin B=Y>3 --out OUT", "--basin B|unknown species|X"},
		{"ssa birth-death --basin X>3 --out OUT", "--basin|NAME=BASIN"},
		{"ssa birth-death --basin X>=3 --out OUT", "--basin|no name of a basin"},
		{"ssa birth-death --basin B= --out OUT", "--basin|no value"},
		{"ssa birth-death --basin B=X<3 --basin B=X<4 --out OUT", "B is given twice"},
		{"solve birth-death --absorb C --basin B=X<3 --out OUT", "--absorb|\"C\""},
		{"solve birth-death --absorb X>=40 --out OUT", "--absorb|its cap is 39"},
		{"solve birth-death --absorb X>=0 --out OUT", "X>=0|all states"},
		{"ask nowhere --basin B=X<3", "nowhere"},
		{"solve gene-expression --species-order m,q --out OUT", "--species-order|\"q\"|m, p"},
		{"solve gene-expression --species-order m,m --out OUT", "--species-order|m stands there twice"},
		{"solve gene-expression --species-order m --out OUT", "--species-order|p is missing"},
		{"rare nowhere", "at least one other"},
		{"rare nowhere neither", "nowhere"},
		{"rare nowhere neither --plot x.png", "--plot x.png|.svg"},
		{"judge schlogl --times 1", "--basin NAME=BASIN"},
		{"judge schlogl --times 1 --basin B=X1<=15", "not what a symmetry"},
		{"judge schlogl --basin B=X1<=15,X2<=15", "--times"},
		{"ask nowhere", "--basin NAME=BASIN"},
		{"split birth-death", "--into"},
		{"split birth-death --into X>=20", "certain start|--init X=COUNT"},
		{"split birth-death --init X=5 --into X>=3", "outside of X>=3"},
		{"split birth-death --init X=5 --into X>=40", "its cap is 39"},
		{"split birth-death --init X=5 --into X>=20 --times 3", "--times|weighted-ensemble"},
		{"split birth-death --init X=5 --into X>=20 --method weighted-ensemble", "--times"},
		{"sotve birth-death", `did you mean "solve"`},
		{"sweep plan spec", "spec|sweep file"},
		{"ssa birth-death --rums 5 --out OUT", "unknown option --rums|did you mean --runs"},
		{"ssa birth-death -x --out OUT", "unknown option -x|--help"},
		{"ssa birth-death --out", "--out|--help"},
		{"ssa birth-death --t-end 0 --out OUT", "--t-end|above 0"},
		{"ssa birth-death --t-end -1 --out OUT", "--t-end|above 0"},
		{"ssa birth-death --t-end NaN --out OUT", "--t-end|finite"},
		{"ssa birth-death --t-end Inf --out OUT", "--t-end|finite"},
		{"ssa birth-death --t-end 1e999 --out OUT", "--t-end|finite"},
		{"ssa birth-death --t-end soon --out OUT", "--t-end|not a number"},
		{"ssa birth-death --times 1,0.5 --out OUT", "--times|sort"},
		{"ssa birth-death --times 1,1 --out OUT", "--times|given twice"},
		{"ssa birth-death --times -1,1 --out OUT", "--times|negative"},
		{"ssa birth-death --times 1,,2 --out OUT", "--times|time 2"},
		{"ssa birth-death --times NaN --out OUT", "--times|finite"},
		{"ssa birth-death --times= --out OUT", "--times|empty"},
		{"ssa birth-death --times 1 --points 3 --out OUT", "--times and --points"},
		{"ssa birth-death --times 1,20 --t-end 10 --out OUT", "beyond --t-end 10"},
		{"ssa birth-death --points 1 --out OUT", "--points|at least 2"},
		{"ssa birth-death --points 1e3 --out OUT", "--points|whole number"},
		{"ssa birth-death --points 99999999 --out OUT", "--points|at most"},
		{"ssa birth-death --param birth --out OUT", "--param|NAME=VALUE"},
		{"ssa birth-death --param =1 --out OUT", "--param|no name"},
		{"ssa birth-death --param birth= --out OUT", "--param|no value"},
		{"ssa birth-death --param birth=fast --out OUT", "birth|not a number"},
		{"ssa birth-death --param birth=NaN --out OUT", "birth|finite"},
		{"ssa birth-death --param birth=-1 --out OUT", "birth|0 or above"},
		{"ssa birth-death --param brith=1 --out OUT", `brith|did you mean "birth"`},
		{"ssa birth-death --param birth=1 --param birth=2 --out OUT", "birth is given twice"},
		{"ssa birth-death --init X=-1 --out OUT", "X|at least 0"},
		{"ssa birth-death --init X=1.5 --out OUT", "X|whole number"},
		{"ssa birth-death --init Y=1 --out OUT", "Y|known are"},
		{"ssa birth-death --cap X=-5 --out OUT", "X|at least 0"},
		{"ssa birth-death --cap Y=5 --out OUT", "Y|known are"},
		{"ssa birth-death --cap 5 --cap 6 --out OUT", "--cap|twice"},
		{"ssa birth-death --cap 99999999999 --out OUT", "--cap|too large"},
		{"ssa birth-death --init X=9 --cap X=5 --out OUT", "cap 5|below the start 9"},
		{"ssa birth-death --propensity mass --out OUT", "--propensity|falling-factorial"},
		{"ssa birth-death --seed -1 --out OUT", "--seed|0 to"},
		{"ssa birth-death --seed x --out OUT", "--seed|whole number"},
		{"ssa birth-death --workers -2 --out OUT", "--workers|at least 0"},
		{"ssa birth-death --runs 0 --out OUT", "--runs|at least 1"},
		{"ssa epidemic --method next-reaction --out OUT", "depend on time|direct"},
		{"ssa epidemic --method tau-leap --out OUT", "depend on time|direct"},
		{"ssa birth-death --method magic --out OUT", "not known|direct or next-reaction or tau-leap"},
		{"ssa schlogl:voxels=2 --out OUT", "\"voxels\"|sites, constants"},
		{"ssa birth-death --resume", "--out"},
		{"ssa birth-death --absorb X<=", "--absorb|column 4|not a count"},
		{"ssa birth-death --absorb= --out OUT", "--absorb|column 1|missing"},
		{"ssa birth-death --absorb Y<=1 --out OUT", "--absorb|column 1|unknown species"},
		{"fsp birth-death --absorb X<=1,X>2 --out OUT", "--absorb|column 6|no count of X"},
		{"fsp birth-death --absorb 5 --out OUT", "--absorb|has no <="},
		{"fsp birth-death --stationary --times 1 --out OUT", "--stationary and --times"},
		{"fsp birth-death --stationary --points 3 --out OUT", "--stationary and --points"},
		{"fsp birth-death --stationary --absorb X=0 --out OUT", "--stationary and --absorb"},
		{"fsp birth-death --stationary --stepper chebyshev --out OUT", "--stationary and --stepper"},
		{"fsp birth-death --stationary --cap X=none --out OUT", "X has no cap"},
		{"fsp epidemic --stationary --out OUT", "depend on time"},
		{"solve birth-death --stationary --out OUT", "unknown option --stationary"},
		{"ssa birth-death --cap none --init X=1000000000 --out OUT", "67108863|--init X=COUNT"},
		{"fsp birth-death --cap none --init X=1000000000 --out OUT", "67108863|--init X=COUNT"},
		{"fsp toggle-switch --max-states 10", "more than 10 are needed|GB|holds 25600|--max-states"},
		{"fsp toggle-switch --max-states 10 --set reachable --out OUT", "more than 10 are needed|GB|holds 25600|--max-states"},
		{"fsp toggle-switch --max-states 10 --stationary --out OUT", "more than 10 are needed|GB|holds 25600|--max-states"},
		{"fsp cascade1 --max-states 1000 --times 1 --out OUT", "more than 1000 are needed|GB|holds 1e+15|cme ssa"},
		{"solve birth-death --cap 1000000000 --out OUT", "1e+09 counts|160 GB|--cap"},
		{"describe birth-death --init X=50", "cap 39|below the start 50"},
		{"describe birth-death --param birth=Inf", "birth|finite"},
		{"describe birth-death --cap X=-1", "X|at least 0"},
		{"compare badinput_test.go OUT", "cannot read|--out"},
		{"export badinput_test.go", "cannot read|--out"},
		{"fsp birth-death --tolerance 0 --out OUT", "--tolerance|above 0"},
		{"fsp birth-death --tolerance 1 --out OUT", "--tolerance|below 1"},
		{"solve birth-death --scheme explicit --out OUT", "not known|implicit or published"},
		{"solve birth-death --net mlp --out OUT", "not known|nade or transformer or gru or lstm"},
		{"solve birth-death --layers 2 --out OUT", "--layers|--net transformer, gru or lstm"},
		{"solve birth-death --net gru --attention-heads 2 --out OUT", "--attention-heads|--net transformer"},
		{"solve birth-death --dt 0.1 --out OUT", "--dt|--scheme published"},
		{"solve birth-death --scheme published --order 2 --out OUT", "--order|--scheme implicit"},
		{"solve birth-death --scheme published --method newton --out OUT", "not known|natgrad or adam or sgd or tdvp or tdvp-heun"},
		{"solve birth-death --scheme published --method tdvp --epochs 3 --out OUT", "--epochs|--method natgrad, adam or sgd"},
		{"solve birth-death --scheme published --method adam --momentum 0.5 --out OUT", "--momentum|--method natgrad or sgd"},
		{"solve birth-death --scheme published --method natgrad --momentum 1 --out OUT", "--momentum|below 1"},
		{"solve birth-death --scheme published --step moon --out OUT", "--step|auto, host or device"},
		{"solve birth-death --scheme published --method tdvp --step device --out OUT", "--step|--method natgrad without momentum, adam or sgd"},
		{"solve birth-death --step device --out OUT", "--step|--scheme published"},
		{"solve birth-death --scheme published --sampling mixture --share 1.5 --out OUT", "--share|at most 1"},
		{"solve birth-death --scheme published --exponent 0.5 --out OUT", "--exponent|--sampling alpha"},
		{"solve birth-death --sampling tempered --jumps 2 --out OUT", "--jumps|--sampling propagated"},
		{"solve birth-death --sampling history-bias --out OUT", "--along"},
		{"solve birth-death --sampling history-bias --along Y=1 --out OUT", "--along|Y|there are X"},
		{"solve birth-death --sampling history-bias --along X=0 --out OUT", "--along|not 0"},
		{"solve birth-death --formula richardson --order 2 --out OUT", "--order|--formula log"},
		{"solve birth-death --scheme published --unweighted --out OUT", "--unweighted|--sampling mixture"},
		{"solve birth-death --scheme published --dt 0 --out OUT", "--dt|above 0"},
		{"solve birth-death --heads round --out OUT", "not known|spline or softmax"},
		{"solve birth-death --order 4 --out OUT", "--order|1, 2 or 3"},
		{"solve birth-death --tolerance 0 --out OUT", "--tolerance|above 0"},
		{"solve birth-death --backend abacus --out OUT", "abacus|go"},
		{"solve birth-death --times 0,1 --start-time 2 --out OUT", "--start-time 2|first output time 1"},
		{"backend --backend abacus", "abacus|go"},
		{"ssa birth-death --out /dev/null/out", "/dev/null|--out"},
		{"compare OUT OUT", "run.json|--out"},
		{"compare OUT", "DIR1 DIR2"},
	} {
		t.Run(c.args, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			o := cme(t, strings.Fields(strings.ReplaceAll(c.args, "OUT", out))...)
			if o.code != exitUsage || o.stdout != "" {
				t.Errorf("exit status %d, stdout %q", o.code, o.stdout)
			}
			if !strings.HasPrefix(o.stderr, "cme: ") || strings.Count(o.stderr, "\n") != 1 {
				t.Errorf("not one message: %q", o.stderr)
			}
			for _, part := range strings.Split(c.want, "|") {
				if !strings.Contains(o.stderr, part) {
					t.Errorf("%q is missing in %q", part, o.stderr)
				}
			}
			if _, err := os.Stat(out); !os.IsNotExist(err) {
				t.Errorf("%s was written", out)
			}
		})
	}
}

// What is wrong with a model is refused alike by all commands that take one.
func TestBadModelsAreRefusedByEveryCommand(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.xml")
	text := `<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"><model id="still"><listOfCompartments>
<compartment id="c" size="1" constant="true"/></listOfCompartments><listOfSpecies><species id="A" compartment="c" initialAmount="3"
hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies></model></sbml>`
	if err := os.WriteFile(empty, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"birth-deaths", `did you mean "birth-death"`},
		{"birth-death --init Y=1", `"Y"|known are`},
		{"birth-death --init X=-1", "X|at least 0"},
		{"birth-death --init X=0.5", "X|whole number"},
		{"birth-death --init X=50", "cap 39|below the start 50"},
		{"birth-death --cap X=-2", "X|at least 0"},
		{"birth-death --param birth=NaN", "birth|finite"},
		{"birth-death --param birth=Inf", "birth|finite"},
		{"birth-death --param birth=-1", "birth|0 or above"},
		{"schlogl:sites=0", "sites=0|1 to 256"},
		{empty, "no reactions"},
		{filepath.Dir(empty) + "/missing.xml", "no such file"},
	} {
		for _, command := range []string{"ssa", "fsp", "solve", "describe"} {
			out := filepath.Join(t.TempDir(), "out")
			args := append([]string{command}, strings.Fields(c.args)...)
			if command != "describe" {
				args = append(args, "--t-end", "1", "--out", out)
			}
			o := cme(t, args...)
			if o.code != exitUsage || o.stdout != "" || !strings.HasPrefix(o.stderr, "cme: ") || strings.Count(o.stderr, "\n") != 1 {
				t.Errorf("%q: %+v", args, o)
			}
			for _, part := range strings.Split(c.want, "|") {
				if !strings.Contains(o.stderr, part) {
					t.Errorf("%q: %q is missing in %q", args, part, o.stderr)
				}
			}
			if _, err := os.Stat(out); !os.IsNotExist(err) {
				t.Errorf("%q: %s was written", args, out)
			}
		}
	}
}

func TestOccupiedDirectoryIsRefused(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	args := []string{"ssa", "birth-death", "--runs", "300", "--seed", "1", "--points", "3", "--out", dir}
	succeed(t, args...)
	names := []string{"run.json", "moments.csv", "marginals.csv", "progress.jsonl"}
	before := contents(t, dir, names...)
	for _, c := range []struct {
		args []string
		want string
	}{
		{args, "--resume"},
		{append([]string{"fsp", "birth-death"}, args[6:]...), "--out"},
		{append(args, "--resume", "--runs", "400"), "--runs was 300, now 400"},
		{append(args, "--resume", "--seed", "2"), "seed was 1, now 2"},
		{append(args, "--resume", "--param", "birth=1"), "parameter birth was 0.1, now 1"},
		{append(args, "--resume", "--points", "4"), "--times was"},
	} {
		if o := cme(t, c.args...); o.code != exitUsage || !strings.Contains(o.stderr, c.want) || strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("%q: %+v", c.args, o)
		}
	}
	// The same run again, without its seed and with other workers: there is nothing to do.
	args = []string{"ssa", "birth-death", "--runs", "300", "--points", "3", "--workers", "1", "--out", dir, "--resume"}
	if o := succeed(t, args...); !strings.Contains(o.stdout, "complete already") || o.stderr != "" {
		t.Errorf("%+v", o)
	}
	for name, text := range contents(t, dir, names...) {
		if text != before[name] {
			t.Errorf("%s changed", name)
		}
	}
}

func TestWhatCannotBeComparedIsRefused(t *testing.T) {
	root := t.TempDir()
	dir := func(name string) string { return filepath.Join(root, name) }
	succeed(t, "fsp", "birth-death", "--times", "1", "--out", dir("a"))
	succeed(t, "fsp", "birth-death", "--times", "2", "--out", dir("b"))
	succeed(t, "fsp", "gene-expression", "--times", "1", "--out", dir("c"))
	succeed(t, "fsp", "birth-death", "--times", "1", "--param", "birth=0.2", "--out", dir("d"))
	if o := cme(t, "compare", dir("a"), dir("b")); o.code != exitUsage || !strings.Contains(o.stderr, "no common output time") {
		t.Errorf("%+v", o)
	}
	if o := cme(t, "compare", dir("a"), dir("c")); o.code != exitUsage || !strings.Contains(o.stderr, "species") {
		t.Errorf("%+v", o)
	}
	if o := succeed(t, "compare", dir("a"), dir("d")); !strings.Contains(o.stdout, "note: the parameters of the models differ") {
		t.Errorf("%+v", o)
	}
	if err := os.WriteFile(filepath.Join(dir("a"), "marginals.csv"), []byte("time,species\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := cme(t, "compare", dir("a"), dir("d")); o.code != exitUsage || !strings.Contains(o.stderr, "marginals.csv") {
		t.Errorf("%+v", o)
	}
}
