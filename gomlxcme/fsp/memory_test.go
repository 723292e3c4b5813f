package fsp_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// spreading is an infection among so many, whose total is conserved: half of its box can be reached.
func spreading(people int) *crn.Network {
	n := crn.New("spreading")
	n.AddSpecies("S", crn.Delta(people-5), people)
	n.AddSpecies("I", crn.Delta(5), people)
	n.AddSpecies("R", crn.Delta(0), people)
	n.ReactWith("S + I -> 2 I", crn.Number(2/float64(people)))
	n.ReactWith("I -> R", crn.Number(1))
	n.ReactWith("R -> S", crn.Number(0.5))
	return n
}

// pipeline makes molecules that pass through three forms; counts have no caps.
func pipeline() *crn.Network {
	n := crn.New("pipeline")
	for _, species := range []string{"A", "B", "C"} {
		n.AddSpecies(species, crn.Delta(40), crn.Unbounded)
	}
	n.ReactWith("0 -> A", crn.Number(40))
	for _, r := range []string{"A -> B", "B -> A", "B -> C", "C -> 0"} {
		n.ReactWith(r, crn.Number(1))
	}
	return n
}

// memoryProblems hold 50 MB or more, beside which what the runtime takes is small.
var memoryProblems = []struct {
	name string
	net  *crn.Network
	s    fsp.Settings
}{
	{"grid", schlogl(3), fsp.Settings{Times: []float64{0.0005}, Set: fsp.ReachableSet}},
	{"reachable", spreading(800), fsp.Settings{Times: []float64{0.02}, Set: fsp.ReachableSet}},
	{"adaptive", pipeline(), fsp.Settings{Times: []float64{0.5}, Set: fsp.AdaptiveSet}},
}

// peak is the largest resident memory of this process so far, in bytes.
func peak(t *testing.T) float64 {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(data)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			return 1024 * kb
		}
	}
	t.Skip("no VmHWM")
	return 0
}

// memoryChild names the problem that a process of its own is to solve.
const memoryChild = "CME_MEMORY_CHILD"

// TestMemoryIsPredicted solves each problem in a process of its own, with the usual garbage collection. How much that leaves lying about
// differs from run to run by a fifth, so that the prediction must hold up to a factor of 1.5 both ways.
func TestMemoryIsPredicted(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector needs memory of its own")
	}
	name := os.Getenv(memoryChild)
	for _, p := range memoryProblems {
		if p.name == name {
			c := compile(t, p.net)
			before := peak(t)
			r, err := fsp.Solve(context.Background(), c, p.s)
			if err != nil {
				t.Fatal(err)
			}
			states, _ := r.Snapshots[0].Diagnostics.Get("states")
			fmt.Println("took", peak(t)-before, fsp.Bytes(c, p.s.Set, int(states)))
		}
		if name != "" {
			continue
		}
		peak(t) // is skipped where the system does not tell
		cmd := exec.Command(os.Args[0], "-test.run", "^TestMemoryIsPredicted$")
		cmd.Env = append(os.Environ(), memoryChild+"="+p.name, "GOGC=100", "GOMEMLIMIT=off")
		out, err := cmd.CombinedOutput()
		var took, predicted float64
		if _, scan := fmt.Sscan(strings.TrimPrefix(string(out), "took"), &took, &predicted); err != nil || scan != nil {
			t.Fatalf("%s: %v, %v: %s", p.name, err, scan, out)
		}
		t.Logf("%s: %.0f MB, predicted %.0f MB", p.name, took/1e6, predicted/1e6)
		if took > 1.5*predicted || predicted > 1.5*took {
			t.Errorf("%s: %.0f MB, predicted %.0f MB", p.name, took/1e6, predicted/1e6)
		}
	}
}
