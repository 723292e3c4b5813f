package sbml_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"pgregory.net/rapid"
)

// networks draws networks with all that can be written.
func networks() *rapid.Generator[*crn.Network] {
	return rapid.Custom(func(t *rapid.T) *crn.Network {
		n := crn.New("drawn")
		species := rapid.IntRange(1, 4).Draw(t, "species")
		for i := range species {
			n.AddSpecies(fmt.Sprintf("S%d", i), crn.Delta(rapid.IntRange(0, 1000).Draw(t, "start")), crn.Unbounded)
		}
		for i := range 3 {
			n.Param(fmt.Sprintf("k_%d", i), rapid.SampledFrom([]float64{0, 1, 0.1, 2.5e-9, 1e12, 1.0 / 3}).Draw(t, "value"))
		}
		terms := func(label string) []crn.Term {
			var out []crn.Term
			for i := range species {
				if order := rapid.IntRange(0, 3).Draw(t, label); order > 0 {
					out = append(out, crn.Term{Species: i, Order: order})
				}
			}
			return out
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "reactions") {
			r := crn.Reaction{Name: fmt.Sprintf("R%d", i), Reactants: terms("reactants"), Products: terms("products")}
			switch rapid.IntRange(0, 4).Draw(t, "rate") {
			case 0:
				r.Rate = crn.Number(rapid.SampledFrom([]float64{3, 0.25, 1e-5}).Draw(t, "number"))
			case 1:
				r.Rate = rate(t, "k_0 * k_1 + min(k_2, 5, k_1) + rem(k_1, 3) + factorial(3) + piecewise(atan(k_2), k_2 < k_1, 2, k_1 <= k_2)", true)
			case 2:
				r.Rate = rate(t, "k_0 * S0 / (1 + S0^2) * piecewise(1, S0 > 3 && time() < 2, exp(-time()))", false)
			default:
				r.Rate = crn.MassAction{Parameter: "k_2"}
			}
			if rapid.IntRange(0, 5).Draw(t, "mask") == 0 {
				r.Masks = []crn.Mask{{Species: 0, Count: 1}}
			}
			n.Reactions = append(n.Reactions, r)
		}
		if rapid.IntRange(0, 2).Draw(t, "local") == 0 { // a local parameter, which comes last when it is read
			r := &n.Reactions[rapid.IntRange(0, len(n.Reactions)-1).Draw(t, "owner")]
			n.Param(r.Name+".k", 0.125)
			r.Rate = crn.MassAction{Parameter: r.Name + ".k"}
		}
		if rapid.IntRange(0, 4).Draw(t, "law") == 0 {
			n.Law = crn.Power
		}
		return n
	})
}

func rate(t *rapid.T, text string, factors bool) crn.Rate {
	f, err := crn.ParseFormula(text)
	if err != nil {
		t.Fatal(err)
	}
	return crn.Expression{Formula: f, Factors: factors}
}

// A network that was written and read again has the same species, starts, parameters, changes and propensities; plain mass
// action comes back as such.
func TestWriteReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := networks().Draw(t, "network")
		var text bytes.Buffer
		if err := sbml.Write(&text, n); err != nil {
			t.Fatal(err)
		}
		m, err := sbml.Read(bytes.NewReader(text.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, text.String())
		}
		got := m.Network
		if len(m.Notes) > 0 || len(m.Observables) > 0 {
			t.Fatalf("notes %q, observables %v", m.Notes, m.Observables)
		}
		if fmt.Sprint(got.Species) != fmt.Sprint(n.Species) || fmt.Sprint(got.Parameters) != fmt.Sprint(n.Parameters) {
			t.Fatalf("got %v %v, want %v %v", got.Species, got.Parameters, n.Species, n.Parameters)
		}
		a, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		b, err := got.Compile()
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range n.Reactions {
			if fmt.Sprint(a.Change(k)) != fmt.Sprint(b.Change(k)) {
				t.Fatalf("%s changes %v, was %v", r.Name, b.Change(k), a.Change(k))
			}
			if p, ok := r.Rate.(crn.MassAction); ok && p.Parameter != "" && n.Law == crn.FallingFactorial && r.Masks == nil &&
				(got.Reactions[k].Rate != r.Rate || got.Reactions[k].Format(got) != r.Format(n)) {
				t.Fatalf("%s @ %s comes back as %s @ %s", r.Format(n), r.Rate, got.Reactions[k].Format(got), got.Reactions[k].Rate)
			}
			x := make([]int32, len(n.Species))
			for i := range x {
				x[i] = int32(rapid.IntRange(0, 6).Draw(t, "count"))
			}
			p, q := a.Propensity(k, x, 1.5), b.Propensity(k, x, 1.5)
			if math.Abs(p-q) > 1e-9*math.Abs(p) {
				t.Fatalf("%s @ %s at %v: %v, and %v when read back\n%s", r.Format(n), r.Rate, x, p, q, text.String())
			}
		}
	})
}

// Every case of the suite survives being written and read.
func TestSuiteReadsBack(t *testing.T) {
	for _, number := range cases(t) {
		t.Run(number, func(t *testing.T) {
			c := loadCase(t, number)
			var text strings.Builder
			if err := sbml.Write(&text, c.model.Network); err != nil {
				t.Fatal(err)
			}
			m, err := sbml.Read(strings.NewReader(text.String()))
			if err != nil {
				t.Fatal(err)
			}
			for k, e := range c.model.Network.Events {
				if got := m.Network.Events[k]; got.Format(m.Network) != e.Format(c.model.Network) {
					t.Errorf("%v comes back as %v", e, got)
				}
			}
			for k, r := range c.model.Network.Reactions {
				if got := m.Network.Reactions[k]; got.Format(m.Network) != r.Format(c.model.Network) {
					t.Errorf("%v comes back as %v", r, got)
				}
			}
		})
	}
}

// Every network of the catalogue can be written once caps and random starts are taken away, and comes back with the same
// names and propensities.
func TestCatalogueReadsBack(t *testing.T) {
	for _, e := range systems.All() {
		n := e.Build()
		for i := range n.Species {
			n.Species[i].Cap = crn.Unbounded
			n.Species[i].Initial = crn.Delta(7)
		}
		var text bytes.Buffer
		if err := sbml.Write(&text, n); err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		m, err := sbml.Read(&text)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		a, err := n.Compile()
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Network.Compile()
		if err != nil {
			t.Fatal(err)
		}
		x := make([]int32, a.NumSpecies())
		for k, r := range n.Reactions {
			if m.Network.Reactions[k].Name != r.Name {
				t.Errorf("%s: reaction %q is called %q when read back", e.Name, r.Name, m.Network.Reactions[k].Name)
			}
			for try := range 4 {
				for i := range x {
					x[i] = int32((7*i + 5*try) % 9)
				}
				if p, q := a.Propensity(k, x, 2.5), b.Propensity(k, x, 2.5); math.Abs(p-q) > 1e-12*p {
					t.Errorf("%s: %s at %v has propensity %v, %v when read back", e.Name, r.Name, x, p, q)
				}
			}
		}
	}
}

// Labels of reactions and events are no ids, so that any text will do.
func TestLabelsReadBack(t *testing.T) {
	n := crn.New("labels")
	n.Param("k", 1)
	n.Param("a-b.k", 2)
	n.AddSpecies("A", crn.Delta(3), crn.Unbounded)
	for _, label := range []string{"a-b", "a b", "a_b", "a_b_", "k", "A", "2", "λ"} {
		n.React("A -> 0", "k", crn.Named(label))
	}
	n.Reactions[0].Rate = crn.MassAction{Parameter: "a-b.k"}
	n.AddEvent("A", "A < 1", []string{"A = 3"})
	n.AddEvent("a_b", "A < 1", nil)
	n.AddEvent("x", "A < 1", nil)
	var text bytes.Buffer
	if err := sbml.Write(&text, n); err != nil {
		t.Fatal(err)
	}
	m, err := sbml.Read(&text)
	if err != nil {
		t.Fatal(err)
	}
	names := func(n *crn.Network) (list []string) {
		for _, r := range n.Reactions {
			list = append(list, r.Name+" @ "+r.Rate.String())
		}
		for _, e := range n.Events {
			list = append(list, e.Name)
		}
		return list
	}
	if got, want := fmt.Sprint(names(m.Network)), fmt.Sprint(names(n)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWriteRefusesWhatTheFileWouldNotMean(t *testing.T) {
	for name, test := range map[string]struct {
		change func(n *crn.Network)
		cause  error
		words  string
	}{
		"name":   {func(n *crn.Network) { n.AddSpecies("λ", crn.Delta(0), -1) }, sbml.ErrUnsupported, "rename"},
		"start":  {func(n *crn.Network) { n.Species[0].Initial = crn.Poisson{Mean: 3} }, sbml.ErrUnsupported, "poisson"},
		"cap":    {func(n *crn.Network) { n.Species[0].Cap = 7 }, sbml.ErrUnsupported, "cap 7"},
		"clash":  {func(n *crn.Network) { n.Param("A", 1) }, sbml.ErrUnsupported, "in use"},
		"broken": {func(n *crn.Network) { n.React("A -> Q", "k") }, sbml.ErrInvalid, "unknown species"},
	} {
		n := crn.New("n")
		n.Param("k", 1)
		n.AddSpecies("A", crn.Delta(0), crn.Unbounded)
		n.React("A -> 0", "k")
		test.change(n)
		var text strings.Builder
		err := sbml.Write(&text, n)
		if !errors.Is(err, test.cause) || !strings.Contains(err.Error(), test.words) || text.Len() > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}
