package sweep

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const good = `title: A test
solver: ssa
model: birth-death
settings:
  times: [1, 2.5]
  runs: 100
  param.death: 0.5
vary:
  param.birth: {log: {from: 0.01, to: 1, points: 3}}
  init.X: [0, 5]
seeds: {per_point: 2, base: 7}
keep: {marginals: [X]}
budget: {wall_seconds: 1.5}
retry: {attempts: 3}
`

func TestASpecIsRead(t *testing.T) {
	s, err := ParseSpec("a.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if s.Solver != SSA || s.Model != "birth-death" || len(s.Settings) != 3 || s.Settings[0].String() != "times = 1,2.5" || len(s.Vary) != 2 ||
		s.Seeds != (Seeds{2, 7}) || s.Budget.Wall != 1500*time.Millisecond || s.Attempts != 3 || !s.Keep.Moments.All || !s.Keep.Marginals.Has("X") {
		t.Errorf("%+v", s)
	}
	var rows []string
	for v := range s.values() {
		rows = append(rows, v[0].String()+" "+v[1].String())
	}
	if got := strings.Join(rows, "; "); got != "0.01 0; 0.01 5; 0.1 0; 0.1 5; 1 0; 1 5" {
		t.Errorf("the grid is %s", got)
	}
	json := "{\n\t\"solver\": \"ssa\",\n\t\"model\": \"birth-death\",\n\t\"vary\": {\"param.birth\": [1, 2]}\n}\n"
	if _, err := ParseSpec("a.json", []byte(json)); err != nil {
		t.Errorf("JSON with tabs: %v", err)
	}
}

// Every mistake is told with its line, what is wrong, and what was probably meant.
func TestMistakesAreToldByLine(t *testing.T) {
	change := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("%q is not in the file", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"unknown key":          {change("model:", "modle:"), []string{"a.yaml:3:", `"modle"`, `did you mean "model"`}},
		"unknown solver":       {change("solver: ssa", "solver: sssa"), []string{"a.yaml:2:", `did you mean "ssa"`}},
		"no model":             {change("model: birth-death\n", ""), []string{"a.yaml:2:", "needs a model"}},
		"study":                {change("model: birth-death", "study: x\nmodel: y"), []string{"a.yaml:3:", "no study"}},
		"text for a number":    {change("points: 3", "points: three"), []string{"a.yaml:9:", "points", "string", "integer"}},
		"a word too many":      {change("from: 0.01", "from: 0.01, form: 2"), []string{"a.yaml:9:", `did you mean "from"`}},
		"no end":               {change("to: 1, ", ""), []string{"a.yaml:9:", "lacks to"}},
		"log of 0":             {change("from: 0.01", "from: 0"), []string{"a.yaml:9:", "above 0"}},
		"one value":            {change("from: 0.01", "from: 1"), []string{"a.yaml:9:", "one value"}},
		"no points":            {change(", points: 3", ""), []string{"a.yaml:9:", "points: N"}},
		"neither":              {change("{log: {from: 0.01, to: 1, points: 3}}", "{whole: true}"), []string{"a.yaml:9:", "either linear or log"}},
		"duplicate value":      {change("[0, 5]", "[0, 5, 5.0]"), []string{"a.yaml:10:", "twice"}},
		"duplicate key":        {change("title: A test", "title: A test\ntitle: B"), []string{"a.yaml:2:", "line 1"}},
		"set twice":            {change("param.death: 0.5", "param.birth: 0.5"), []string{"a.yaml:9:", "line 7"}},
		"seed":                 {change("runs: 100", "seed: 100"), []string{"a.yaml:6:", "seeds: {base"}},
		"out":                  {change("runs: 100", "out: x"), []string{"a.yaml:6:", "folder of its own"}},
		"fsp has no chance":    {change("solver: ssa", "solver: fsp"), []string{"a.yaml:11:", "no random numbers"}},
		"steps of ssa":         {change("wall_seconds: 1.5", "steps: 5"), []string{"a.yaml:13:", "wall_seconds"}},
		"nothing is kept":      {change("{marginals: [X]}", "{moments: false, diagnostics: false}"), []string{"a.yaml:12:", "nothing is kept"}},
		"sampling a list":      {good + "sampling: {method: random, points: 5}\n", []string{"a.yaml:9:", "in grids only"}},
		"sampling, no number":  {change("points: 3", "points: 3") + "sampling: {method: random}\n", []string{"a.yaml:15:", "points: N"}},
		"points of a grid":     {good + "sampling: {method: grid, points: 5}\n", []string{"a.yaml:15:", "grid"}},
		"points and vary":      {good + "points: [{init.X: 1}]\n", []string{"a.yaml:15:", "exclude each other"}},
		"infinite":             {change("to: 1", "to: .inf"), []string{"a.yaml:9:", "finite"}},
		"alias":                {change("[0, 5]", "*x"), []string{"unknown anchor"}},
		"anchor":               {change("runs: 100", "runs: &n 100\n  max-events: *n"), []string{"a.yaml:7:", "aliases"}},
		"two documents":        {good + "---\nsolver: ssa\n", []string{"a.yaml:16:", "second document"}},
		"broken":               {change("[0, 5]", "[0, 5"), []string{"a.yaml:9:"}},
		"empty":                {"", []string{"a.yaml:1:", "empty"}},
		"a list":               {"- 1\n", []string{"a.yaml:1:", "array", "object"}},
		"too many":             {change("points: 3", "points: 1000000"), []string{"a.yaml:8:", "4e+06 points"}},
		"nothing after prefix": {change("init.X", "init."), []string{"a.yaml:10:", "names nothing"}},
		"attempts":             {change("attempts: 3", "attempts: 0"), []string{"a.yaml:14:", "minimum"}},
		"two at once":          {change("attempts: 3", "attempts: 0, atempts: 1"), []string{"a.yaml:14:", "minimum", `did you mean "attempts"`}},
	} {
		_, err := ParseSpec("a.yaml", []byte(c.text))
		if !errors.Is(err, ErrSpec) {
			t.Errorf("%s: error %v", name, err)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is missing in %v", name, w, err)
			}
		}
	}
}

func TestPointsOneByOne(t *testing.T) {
	head := "solver: fsp\nmodel: birth-death\npoints:\n  - {param.birth: 1, init.X: 0}\n"
	s, err := ParseSpec("a.yaml", []byte(head+"  - {init.X: 2, param.birth: 3}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for v := range s.values() {
		rows = append(rows, v[0].String()+" "+v[1].String())
	}
	if got := strings.Join(rows, "; "); got != "1 0; 3 2" {
		t.Errorf("points %s", got)
	}
	for text, want := range map[string]string{
		"  - {param.birth: 2}\n":                          "a.yaml:5: point 2 lacks init.X",
		"  - {param.birth: 2, init.X: 1, param.death: 2}": "a.yaml:5: point 2 sets more",
		"sampling: {method: random, points: 2}\n":         "a.yaml:5: points are written one by one",
	} {
		if _, err := ParseSpec("a.yaml", []byte(head+text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The reader of sweep files never breaks down, and what it takes it reads the same way again.
func FuzzSpec(f *testing.F) {
	f.Add(good)
	f.Add("solver: solve\nmodel: toggle-switch\nsampling: {method: latin-hypercube, points: 6}\nvary: {param.decay: {linear: {from: 1, to: 2}, whole: true}}\n")
	f.Add("solver: reduced train\nstudy: x\npoints: [{hidden: '3,3', single: true}]\n")
	f.Add("{\"solver\": \"fsp\"}")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4096 {
			return
		}
		s, err := ParseSpec("a.yaml", []byte(text))
		if err != nil {
			return
		}
		again, err := ParseSpec("a.yaml", []byte(text))
		if err != nil || again.Hash() != s.Hash() {
			t.Fatalf("read differently again: %v", err)
		}
		n := 0
		for v := range s.values() {
			for i, x := range v {
				if x.String() == "" && s.numeric(i) {
					t.Fatalf("value %d of point %d is empty", i, n)
				}
			}
			if n++; n > 1000 {
				break
			}
		}
	})
}
