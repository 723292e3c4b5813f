package sbml_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

const mathOpen, mathClose = `<math xmlns="http://www.w3.org/1998/Math/MathML">`, `</math>`

const timeSymbol = `<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time"> t </csymbol>`

// part is an element with a formula, such as <delay>.
func part(name, formula string) string {
	return "<" + name + ">" + mathOpen + formula + mathClose + "</" + strings.Fields(name)[0] + ">"
}

func assignment(variable, formula string) string {
	return part(`eventAssignment variable="`+variable+`"`, formula)
}

// withEvents is the template with events, and with an attribute constant="false" for its parameter k.
func withEvents(events string) string {
	text := strings.Replace(withLaw(ci("k")), "</listOfReactions>", "</listOfReactions><listOfEvents>"+events+"</listOfEvents>", 1)
	return strings.Replace(text, `id="k" value="1.5" constant="true"`, `id="k" value="1.5" constant="false"`, 1)
}

func event(id, attributes, trigger string, rest ...string) string {
	return `<event id="` + id + `" useValuesFromTriggerTime="true">` + part("trigger "+attributes, trigger) + strings.Join(rest, "") + "</event>"
}

func assignments(list ...string) string {
	return "<listOfEventAssignments>" + strings.Join(list, "") + "</listOfEventAssignments>"
}

const (
	plain = `initialValue="false" persistent="true"`
	late  = `initialValue="true" persistent="false"`
)

func TestEventsAreRead(t *testing.T) {
	after := apply("geq", timeSymbol, cn(25))
	for name, test := range map[string]struct{ events, want string }{
		"amount":        {event("e", plain, after, assignments(assignment("B", cn(7)))), "when time() >= 25: B = 7"},
		"concentration": {event("e", plain, apply("gt", ci("A"), cn(2)), assignments(assignment("A", apply("plus", ci("A"), cn(1))))), "when A / V > 2: A = (A / V + 1) * V"},
		"all parts": {event("e", late, after, part("priority", cn(2)), part("delay", ci("q")), assignments(assignment("B", ci("q")))),
			"when time() >= 25 (true before the start) (revocable), after B * 2, with priority 2: B = B * 2"},
		"boundary": {event("e", plain, after, assignments(assignment("S", cn(9)))), "when time() >= 25: S = 9"},
		"nothing":  {event("e", plain, after), "when time() >= 25"},
		"values late": {strings.Replace(event("e", plain, after, assignments(assignment("B", cn(1)))), `TriggerTime="true"`, `TriggerTime="false"`, 1),
			"when time() >= 25: B = 1 (computed when executed)"},
		"a chain of comparisons": {event("e", plain, apply("lt", cn(3), timeSymbol, ci("B"))), "when 3 < time() && time() < B"},
		"implies":                {event("e", plain, apply("implies", apply("gt", ci("B"), cn(1)), after)), "when !(B > 1) || time() >= 25"},
	} {
		m, err := sbml.Read(strings.NewReader(withEvents(test.events)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := m.Network.Events[0].Format(m.Network); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// A parameter that events change is a count if its values are whole numbers, and otherwise has a species that says which of
// its values holds.
func TestParametersChangedByEvents(t *testing.T) {
	at := func(time, value float64) string {
		return event(fmt.Sprintf("at%v", time), plain, apply("geq", timeSymbol, cn(time)), assignments(assignment("k", cn(value))))
	}
	law := func(text string) string { // the law names the parameter, not the local one
		text = strings.Replace(text, `<localParameter id="k" value="0.5"/>`, "", 1)
		return strings.Replace(text, ci("k")+"</math>", apply("times", ci("k"), ci("A"), ci("V"))+"</math>", 1)
	}
	read := func(text string) *sbml.Model {
		t.Helper()
		m, err := sbml.Read(strings.NewReader(law(text)))
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := read(withEvents(at(1, 0) + at(2, 2.5)))
	n := m.Network
	if got := fmt.Sprint(n.Species[2:], n.Events[1].Format(n)); got != "[{k_regime delta(0) -1}]when time() >= 2: k_regime = 2" {
		t.Errorf("regimes: %s", got)
	}
	k, err := m.Function("k")
	if err != nil {
		t.Fatal(err)
	}
	for regime, want := range []float64{1.5, 0, 2.5} {
		if got := k([]int32{0, 0, int32(regime)}, 0); got != want {
			t.Errorf("k in regime %d is %v, want %v", regime, got, want)
		}
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if a := c.Propensity(0, []int32{4, 0, 2}, 0); a != 10 {
		t.Errorf("propensity %v, want 2.5 · 4", a)
	}
	if len(m.Notes) == 0 || !strings.Contains(strings.Join(m.Notes, " "), "k_regime") {
		t.Errorf("notes %q", m.Notes)
	}
	// With the start at a whole number all values are.
	if m, err = read(withEvents(at(1, 0) + at(2, 3))).With(map[string]float64{"k": 2}); err != nil {
		t.Fatal(err)
	}
	n = m.Network
	if got := fmt.Sprint(n.Species[2:], n.Events[1].Format(n), n.Reactions[0].Format(n)); got != "[{k delta(2) -1}]when time() >= 2: k = 3A + k -> 2 B + k" {
		t.Errorf("counts: %s", got)
	}
}

func TestEventRefusals(t *testing.T) {
	after := apply("geq", timeSymbol, cn(25))
	b := assignments(assignment("B", cn(7)))
	for name, test := range map[string]struct {
		events string
		cause  error
		words  string
	}{
		"no trigger":     {`<event id="boom"/>`, sbml.ErrInvalid, `line 32|event "boom"|trigger`},
		"no formula":     {`<event id="boom"><trigger/></event>`, sbml.ErrInvalid, `trigger in event "boom"`},
		"unknown":        {event("e", plain, after, assignments(assignment("nobody", cn(1)))), sbml.ErrInvalid, `eventAssignment "nobody"`},
		"compartment":    {event("e", plain, after, assignments(assignment("V", cn(1)))), sbml.ErrUnsupported, `eventAssignment "V"`},
		"ruled":          {event("e", plain, after, assignments(assignment("q", cn(1)))), sbml.ErrInvalid, "rule in line 22"},
		"constant":       {event("e", plain, after, assignments(assignment("z", cn(1)))), sbml.ErrInvalid, `constant="false"`},
		"twice":          {event("e", plain, after, assignments(assignment("B", cn(1)), assignment("B", cn(2)))), sbml.ErrUnsupported, "twice"},
		"half":           {event("e", plain, after, assignments(assignment("B", cn(1.5)))), sbml.ErrUnsupported, `event "e"|B = 1.5`},
		"half parameter": {event("e", plain, after, assignments(assignment("k", ci("A")))), sbml.ErrUnsupported, "events change the parameter k"},
		"not linear":     {event("e", plain, apply("eq", apply("sin", timeSymbol), cn(0)), b), sbml.ErrUnsupported, "linear in time"},
		"delay":          {event("e", plain, after, part("delay", cn(-1)), b), sbml.ErrUnsupported, "delay"},
		"name":           {event("A", plain, after, b), sbml.ErrInvalid, "line 13"},
		"flag":           {event("e", `persistent="maybe"`, after, b), sbml.ErrInvalid, "maybe"},
		"unknown child":  {event("e", plain, after, "<listOfEventActions/>"), sbml.ErrUnsupported, "listOfEventActions"},
		"rate of change": {event("e", plain, apply("gt", `<apply><csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/rateOf"/><ci>A</ci></apply>`, cn(0)), b), sbml.ErrUnsupported, `csymbol in event "e"|rateOf`},
	} {
		_, err := sbml.Read(strings.NewReader(withEvents(test.events)))
		if !errors.Is(err, test.cause) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, w := range strings.Split(test.words, "|") {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is missing in %v", name, w, err)
			}
		}
	}
}

// Events without an id get one, and what was read is written and read again as the same events, and drawn alike.
func TestEventsReadBack(t *testing.T) {
	after := apply("geq", timeSymbol, cn(0.25))
	text := withEvents(strings.Replace(event("", late, apply("leq", ci("A"), cn(3)), part("delay", cn(0.5)), assignments(assignment("A", cn(6)))), ` id=""`, "", 1) +
		event("e", plain, after, part("priority", cn(2)), assignments(assignment("B", apply("quotient", ci("B"), cn(2))), assignment("k", cn(2.25)))))
	m, err := sbml.Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := sbml.Write(&file, m.Network); err != nil {
		t.Fatal(err)
	}
	again, err := sbml.Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	draw := func(m *sbml.Model) string {
		c, err := m.Network.Compile()
		if err != nil {
			t.Fatal(err)
		}
		p, err := ssa.Trajectory(t.Context(), c, ssa.Settings{Times: []float64{20}, Seed: 2}, 0)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(p.Times, p.States)
	}
	if draw(m) != draw(again) {
		t.Error("the trajectory differs")
	}
	for i, e := range m.Network.Events {
		if got := again.Network.Events[i]; got.Name != e.Name || got.Format(again.Network) != e.Format(m.Network) {
			t.Errorf("%s %s comes back as %s %s", e.Name, e.Format(m.Network), got.Name, got.Format(again.Network))
		}
	}
}
