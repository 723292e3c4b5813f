package sweep

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Solver names the command that computes a point.
type Solver string

// The solvers.
const (
	SSA     Solver = "ssa"
	FSP     Solver = "fsp"
	Network Solver = "solve"
	Train   Solver = "reduced train"
)

// Random reports whether the solver draws random numbers.
func (s Solver) Random() bool { return s != FSP }

// Selection chooses by name: all, none, or some.
type Selection struct {
	All  bool     `json:"all,omitempty"`
	Some []string `json:"some,omitempty"`
}

// Has reports whether a name is chosen.
func (s Selection) Has(name string) bool { return s.All || slices.Contains(s.Some, name) }

// Any reports whether anything is chosen.
func (s Selection) Any() bool { return s.All || len(s.Some) > 0 }

// Keep says what is kept of the results of a point.
type Keep struct {
	Moments     Selection `json:"moments"`
	Marginals   Selection `json:"marginals"`
	Diagnostics bool      `json:"diagnostics"`
	Directory   bool      `json:"directory"` // the whole result directory as well
}

// Budget bounds what a point may take; zero is no bound.
type Budget struct {
	Wall  time.Duration `json:"wall_ns,omitempty"`
	Steps int           `json:"steps,omitempty"`
}

// DefaultAttempts is how often a point that fails is tried in all.
const DefaultAttempts = 2

// Seeds says how often each point is repeated with other random numbers.
type Seeds struct {
	PerPoint int
	Base     uint64 // from which all seeds are derived
}

// Spec is a sweep file that was understood.
type Spec struct {
	Title    string
	Solver   Solver
	Model    string // name of the catalogue, or path of an SBML file from the folder of the file on
	Study    string // for Train: path of the directory, likewise
	Settings []Setting
	Vary     []Axis
	Sampling Sampling
	Points   [][]Setting // in place of Vary
	Seeds    Seeds
	Keep     Keep
	Budget   Budget
	Attempts int

	document *document
}

// ReadSpec reads a sweep file. Its errors wrap ErrSpec.
func ReadSpec(path string) (*Spec, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%w: %w; give the path of a sweep file", ErrSpec, err)
	}
	return ParseSpec(path, text)
}

// ParseSpec reads the text of a sweep file; file is its name in messages, of which .json says that it is no YAML.
func ParseSpec(file string, text []byte) (*Spec, error) {
	d, err := readDocument(file, text)
	if err != nil {
		return nil, err
	}
	value, err := d.value(d.root)
	if err != nil {
		return nil, err
	}
	if err := d.validate(value); err != nil {
		return nil, err
	}
	top, ok := value.(map[string]any) // the schema says so
	if !ok {
		return nil, d.at(1, "it is no mapping")
	}
	s := &Spec{document: d, Sampling: Sampling{Method: Grid}, Seeds: Seeds{PerPoint: 1, Base: 1}, Attempts: DefaultAttempts}
	s.Title, _ = top["title"].(string)
	solver, _ := top["solver"].(string)
	s.Solver = Solver(solver)
	s.Model, _ = top["model"].(string)
	s.Study, _ = top["study"].(string)
	if err := s.readInput(); err != nil {
		return nil, err
	}
	if err := s.readRest(top); err != nil {
		return nil, err
	}
	if err := s.readNames(top); err != nil {
		return nil, err
	}
	return s, nil
}

// readInput checks that the solver has what it works on.
func (s *Spec) readInput() error {
	want, has, other, unwanted := "model", s.Model, "study", s.Study
	if s.Solver == Train {
		want, has, other, unwanted = other, unwanted, want, has
	}
	if unwanted != "" {
		return s.document.at(s.document.line(other), "%s has no %s; it takes a %s", s.Solver, other, want)
	}
	if has == "" {
		return s.document.at(s.document.line("solver"), "%s needs a %s; add %q", s.Solver, want, want+": …")
	}
	return nil
}

// readRest takes all that has no names of the model in it.
func (s *Spec) readRest(top map[string]any) error {
	d := s.document
	if m, ok := top["sampling"].(map[string]any); ok {
		method, _ := m["method"].(string)
		s.Sampling = Sampling{Method: Method(method), Points: whole(m["points"], 0), Seed: uint64(whole(m["seed"], 1))}
		if s.Sampling.Method == Grid {
			for _, name := range []string{"points", "seed"} {
				if _, given := m[name]; given {
					return d.at(d.line("sampling", name), "a grid has no %s here; its ranges say how many values they have", name)
				}
			}
		} else if s.Sampling.Points == 0 {
			return d.at(d.line("sampling"), "%s sampling needs the number of points; add points: N", s.Sampling.Method)
		}
	}
	if m, ok := top["seeds"].(map[string]any); ok {
		s.Seeds = Seeds{PerPoint: whole(m["per_point"], 1), Base: uint64(whole(m["base"], 1))}
		if s.Seeds.PerPoint > 1 && !s.Solver.Random() {
			return d.at(d.line("seeds", "per_point"), "%s draws no random numbers: repetitions are all the same; leave seeds out", s.Solver)
		}
	}
	keep, _ := top["keep"].(map[string]any)
	s.Keep = Keep{Moments: selection(keep["moments"], true), Marginals: selection(keep["marginals"], false), Diagnostics: true, Directory: s.Solver == Train}
	if v, ok := keep["diagnostics"].(bool); ok {
		s.Keep.Diagnostics = v
	}
	if v, ok := keep["directory"].(bool); ok {
		s.Keep.Directory = v
	}
	if !s.Keep.Moments.Any() && !s.Keep.Marginals.Any() && !s.Keep.Diagnostics && !s.Keep.Directory {
		return d.at(d.line("keep"), "nothing is kept of the results; keep moments, marginals, diagnostics or the directory")
	}
	if m, ok := top["budget"].(map[string]any); ok {
		if v, ok := m["wall_seconds"].(float64); ok {
			s.Budget.Wall = time.Duration(min(v, 1e9) * float64(time.Second))
		}
		if s.Budget.Steps = whole(m["steps"], 0); s.Budget.Steps > 0 && s.Solver != Network {
			return d.at(d.line("budget", "steps"), "%s takes no time steps that could be counted; give wall_seconds", s.Solver)
		}
	}
	if m, ok := top["retry"].(map[string]any); ok {
		s.Attempts = whole(m["attempts"], DefaultAttempts)
	}
	return nil
}

// whole is a number that the schema knows to be whole.
func whole(v any, byDefault int) int {
	if f, ok := v.(float64); ok {
		return int(f)
	}
	return byDefault
}

func selection(v any, byDefault bool) Selection {
	switch v := v.(type) {
	case bool:
		return Selection{All: v}
	case []any:
		var s Selection
		for _, x := range v {
			s.Some = append(s.Some, fmt.Sprint(x))
		}
		return s
	}
	return Selection{All: byDefault}
}

// owned are options that sweeps set themselves.
var owned = map[string]string{
	"out": "each point has a folder of its own", "resume": "points go on by themselves", "quiet": "points are quiet", "seed": "give seeds: {base: …}",
	"workers": "runners share the cores", "param": "write param.NAME", "init": "write init.SPECIES", "max-wall": "give budget: {wall_seconds: …}",
	"max-steps": "give budget: {steps: …}", "help": "it is no setting", "check": "it is no setting",
}

// Owned reports whether sweeps set an option of a solver themselves.
func Owned(option string) bool {
	_, ok := owned[option]
	return ok
}

// readNames takes settings, axes and points.
func (s *Spec) readNames(top map[string]any) error {
	d := s.document
	seen := map[Name]int{}
	claim := func(text string, line int) (Name, error) {
		n := ParseName(text)
		if n.Of == "" {
			return n, d.at(line, "%q names nothing; write param.NAME, init.SPECIES, cap.SPECIES or an option", text)
		}
		if why, ok := owned[text]; ok {
			return n, d.at(line, "%q cannot be set here: %s", text, why)
		}
		if first, twice := seen[n]; twice {
			return n, d.at(line, "%s is set here and in line %d; keep one of them", n, first)
		}
		seen[n] = line
		return n, nil
	}
	settings, _ := top["settings"].(map[string]any)
	for _, text := range d.members("settings") {
		n, err := claim(text, d.line("settings", text))
		if err != nil {
			return err
		}
		v, err := valueOf(settings[text])
		if err != nil {
			return d.at(d.line("settings", text), "%s", strings.TrimPrefix(err.Error(), "sweep: "))
		}
		s.Settings = append(s.Settings, Setting{n, v})
	}
	vary, _ := top["vary"].(map[string]any)
	for _, text := range d.members("vary") {
		line := d.line("vary", text)
		n, err := claim(text, line)
		if err != nil {
			return err
		}
		a, err := s.readAxis(n, vary[text], line)
		if err != nil {
			return err
		}
		s.Vary = append(s.Vary, a)
	}
	if points, ok := top["points"].([]any); ok {
		if len(s.Vary) > 0 {
			return d.at(d.line("points"), "points and vary exclude each other; keep one of them")
		}
		return s.readPoints(points, claim)
	}
	if err := s.checkCount(); err != nil {
		return err
	}
	return s.checkSampling()
}

// readPoints takes points that are written one by one.
func (s *Spec) readPoints(points []any, claim func(string, int) (Name, error)) error {
	d := s.document
	list, _ := d.node("points")
	names := d.members("points", "0")
	first := make([]Name, len(names))
	for i, text := range names {
		var err error
		if first[i], err = claim(text, list.Content[0].Content[2*i].Line); err != nil {
			return err
		}
	}
	for k, p := range points {
		node := list.Content[k]
		m, _ := p.(map[string]any)
		row := make([]Setting, len(names))
		for i, text := range names {
			x, ok := m[text]
			if !ok {
				return d.at(node.Line, "point %d lacks %s, which point 1 has; all points set the same names", k+1, text)
			}
			v, err := valueOf(x)
			if err != nil {
				return d.at(node.Line, "point %d: %s", k+1, err)
			}
			row[i] = Setting{first[i], v}
		}
		if len(m) > len(names) {
			return d.at(node.Line, "point %d sets more names than point 1 (%s); all points set the same", k+1, strings.Join(names, ", "))
		}
		s.Points = append(s.Points, row)
	}
	if s.Sampling.Method != Grid {
		return d.at(d.line("sampling"), "points are written one by one; leave sampling out")
	}
	return nil
}

// Varied are the names that differ between points, in the order of the file.
func (s *Spec) Varied() []Name {
	var names []Name
	for _, a := range s.Vary {
		names = append(names, a.Name)
	}
	if len(s.Points) > 0 {
		for _, p := range s.Points[0] {
			names = append(names, p.Name)
		}
	}
	return names
}

// lineOf is where a name is set.
func (s *Spec) lineOf(n Name) int {
	d := s.document
	for _, place := range []string{"settings", "vary"} {
		if slices.Contains(d.members(place), n.String()) {
			return d.line(place, n.String())
		}
	}
	return d.line("points", "0", n.String())
}
