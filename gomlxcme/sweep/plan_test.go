package sweep

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ids of the points of a sweep, in their order.
func ids(t *testing.T, s *Sweep) (list []string) {
	t.Helper()
	for p, err := range s.Points() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p.ID)
	}
	return list
}

const small = "solver: ssa\nmodel: fake\nsettings: {runs: 10}\nvary: {param.p: [0.1, 0.2]}\n"

// An id depends on all that decides the result and on nothing else: more points, another title, budget or retry, another
// order of names leave it; another setting, seed or kept output changes it.
func TestIdsAreOfTheContent(t *testing.T) {
	base := ids(t, planned(t, small))
	for text, same := range map[string]bool{
		strings.Replace(small, "[0.1, 0.2]", "[0.1, 0.2, 0.3]", 1):                                                             true,
		small + "title: x\nbudget: {wall_seconds: 3}\nretry: {attempts: 7}\n":                                                  true,
		small + "seeds: {per_point: 2}\n":                                                                                      false, // the second point is a repetition now
		strings.Replace(small, "runs: 10", "runs: 11", 1):                                                                      false,
		small + "seeds: {base: 2}\n":                                                                                           false,
		small + "keep: {marginals: true}\n":                                                                                    false,
		strings.Replace(small, "model: fake", "model: other", 1):                                                               false,
		"solver: ssa\nmodel: fake\nsettings: {runs: 10}\npoints: [{param.p: 0.1}, {param.p: 0.2}]\n":                           true,
		"solver: ssa\nmodel: fake\nvary: {runs: [10], param.p: [0.1, 0.2]}\n":                                                  false, // its seed has another name
		"solver: fsp\nmodel: fake\nsettings: {runs: 10}\npoints: [{param.p: 0.1}, {param.p: 0.2}]\n":                           false,
		"settings: {runs: 1e1}\nmodel: fake\nvary: {param.p: {linear: {to: 0.2, from: 0.1, points: 2}}}\nsolver: ssa\n":        true,
		strings.Replace(small, "vary: {param.p: [0.1, 0.2]}", "vary: {param.p: [0.1, 0.2], param.birth: [1]}", 1):              false,
		strings.Replace(small, "settings: {runs: 10}", "settings: {runs: 10, times: [1]}", 1):                                  false,
		strings.Replace(small, "vary: {param.p: [0.1, 0.2]}", "vary: {param.p: [0.1, 0.2]}\nsampling: {method: grid}", 1) + "": true,
	} {
		got := ids(t, planned(t, text))
		if equal := got[0] == base[0] && got[1] == base[1]; equal != same {
			t.Errorf("%s\nsame ids: %v", text, equal)
		}
	}
}

// A plan that is made again with more points keeps the results of those that it had.
func TestALargerPlanKeepsResults(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "sweep")
	s := plannedIn(t, folder, small)
	computeAll(t, s)
	if got := stands(t, s); got != "2 points: 2 complete" {
		t.Fatal(got)
	}
	s = plannedIn(t, folder, strings.Replace(small, "[0.1, 0.2]", "[0.3, 0.1]", 1))
	if got := stands(t, s); got != "2 points: 1 complete, 1 waiting" {
		t.Error(got)
	}
	if left, err := s.Left(); err != nil || len(left) != 1 || left[0] != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// Names and values that model and solver do not have are refused with line and nearest name, and nothing is written.
func TestUnknownNamesAreRefusedByLine(t *testing.T) {
	for _, c := range []struct {
		text, refuse string
		want         []string
	}{
		{"solver: ssa\nmodel: m\nvary: {param.brith: [1]}\n", "", []string{"a.yaml:3:", `parameter of m "brith"`, `did you mean "birth"`}},
		{"solver: ssa\nmodel: m\nsettings:\n  run: 5\n", "", []string{"a.yaml:4:", `option of ssa "run"`, `did you mean "runs"`}},
		{"solver: ssa\nmodel: m\nvary:\n  birth: [1]\n", "", []string{"a.yaml:4:", `did you mean "param.birth"`}},
		{"solver: ssa\nmodel: m\nvary:\n  init.x: [1]\n", "", []string{"a.yaml:4:", `did you mean "X"`}},
		{"solver: ssa\nmodel: m\nvary:\n  cap.Q: [1]\n", "", []string{"a.yaml:4:", `species of m "Q"`}},
		{"solver: ssa\nmodel: m\nkeep:\n  moments: [X, Z]\n", "", []string{"a.yaml:4:", `no moments of "Z"`}},
		{"solver: ssa\nmodel: m\nkeep:\n  marginals:\n    - X\n    - Y\n", "", []string{"a.yaml:6:", `no marginals of "Y"`}},
		{"solver: ssa\nmodel: m\nsettings: {runs: 5}\nvary:\n  param.birth: [1, 2, 13]\n", "13", []string{"a.yaml:5:", "param.birth = 13", "refused"}},
		{"solver: ssa\nmodel: m\nsettings:\n  times: [1]\n  runs: 13\n", "13", []string{"a.yaml:5:", "refused"}},
		{"solver: ssa\nmodel: m\npoints:\n  - {param.birth: 1}\n  - {param.birth: 2}\n  - {param.birth: 1.0}\n", "", []string{"a.yaml:6:", "line 4"}},
	} {
		s, err := ParseSpec("a.yaml", []byte(c.text))
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		folder := filepath.Join(t.TempDir(), "sweep")
		_, err = Plan(s, folder, "", anything{c.refuse})
		if !errors.Is(err, ErrSpec) {
			t.Errorf("%s: error %v", c.text, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is missing in %v", c.text, w, err)
			}
		}
		if _, err := os.Stat(folder); err == nil {
			t.Errorf("%s: something was written", c.text)
		}
	}
}

// Points that chance draws twice are planned once.
func TestPointsThatAreDrawnTwiceAreMerged(t *testing.T) {
	s, err := ParseSpec("a.yaml", []byte("solver: fsp\nmodel: m\nsampling: {method: random, points: 40}\nvary: {init.X: [1, 2, 3]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Plan(s, filepath.Join(t.TempDir(), "sweep"), "", anything{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Sweep.Head.Points != 3 || p.Merged != 37 {
		t.Errorf("%d points, %d merged", p.Sweep.Head.Points, p.Merged)
	}
}

// A manifest that was cut off or changed is refused, and a plan mends it.
func TestDamagedManifestsAreRefused(t *testing.T) {
	s := planned(t, small)
	path := filepath.Join(s.Path, manifestName)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"", "{}\n", string(text[:20]), string(text[:len(text)-30]), strings.Replace(string(text), `"index":1`, `"index":2`, 1),
		strings.Replace(string(text), `"index":1,"id":"`, `"index":1,"id":"../`, 1)} {
		if err := os.WriteFile(path, []byte(bad), 0o666); err != nil {
			t.Fatal(err)
		}
		again, err := Open(s.Path)
		if err == nil {
			_, err = again.Count()
		}
		if !errors.Is(err, ErrDamaged) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got := stands(t, plannedIn(t, s.Path, small)); got != "2 points: 2 waiting" {
		t.Error(got)
	}
	if _, err := Open(t.TempDir()); !errors.Is(err, ErrNotPlanned) {
		t.Errorf("a folder without a sweep: %v", err)
	}
}
