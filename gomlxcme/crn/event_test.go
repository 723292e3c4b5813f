package crn_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

func eventNetwork() *crn.Network {
	n := crn.New("events")
	n.Param("T", 25)
	n.AddSpecies("P", crn.Delta(100), crn.Unbounded)
	n.AddSpecies("Q", crn.Delta(0), 50)
	n.ReactWith("P -> Q", crn.Number(1))
	return n
}

func TestEventsAreChecked(t *testing.T) {
	formula := func(text string) crn.Formula {
		f, err := crn.ParseFormula(text)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	for name, test := range map[string]struct {
		trigger     string
		assignments []string
		option      crn.EventOption
		want        error
		words       string
	}{
		"right":               {"time() >= T && Q > 3 || P * time() < 2 * (time() - 1)", []string{"P = 100", "Q=P - P"}, nil, nil, ""},
		"trigger text":        {"time( >= 3", nil, nil, crn.ErrFormula, "column"},
		"unknown in trigger":  {"time() >= TT", nil, nil, crn.ErrUnknownParameter, "TT"},
		"unknown assigned":    {"Q > 3", []string{"R = 1"}, nil, crn.ErrUnknownSpecies, "R"},
		"no assignment":       {"Q > 3", []string{"P"}, nil, crn.ErrEvent, "SPECIES = FORMULA"},
		"assigned twice":      {"Q > 3", []string{"P = 1", "P = 2"}, nil, crn.ErrEvent, "twice"},
		"half":                {"Q > 3", []string{"P = T / 2"}, nil, crn.ErrEvent, "12.5"},
		"above the cap":       {"Q > 3", []string{"Q = 2 * T + 1"}, nil, crn.ErrEvent, "0 to 50"},
		"species index":       {"Q > 3", nil, func(e *crn.Event) { e.Assignments = []crn.Assignment{{Species: 7}} }, crn.ErrUnknownSpecies, "7"},
		"no trigger":          {"Q > 3", nil, func(e *crn.Event) { e.Trigger = crn.Formula{} }, crn.ErrEvent, "trigger"},
		"negative delay":      {"Q > 3", nil, func(e *crn.Event) { e.Delay = formula("T - 30") }, crn.ErrEvent, "delay"},
		"infinite priority":   {"Q > 3", nil, func(e *crn.Event) { e.Priority = formula("1/0") }, crn.ErrEvent, "priority"},
		"no name":             {"Q > 3", nil, func(e *crn.Event) { e.Name = "" }, crn.ErrDuplicate, "rename"},
		"points":              {"sin(time()) == 0.5", nil, nil, crn.ErrEvent, "linear"},
		"no span":             {"factorial(time()) > 3", nil, nil, crn.ErrEvent, "factorial"},
		"unknown in a curve":  {"sin(time()) > T + Z", nil, nil, crn.ErrUnknownParameter, "Z"},
		"no condition":        {"time() + 3", nil, nil, crn.ErrEvent, "compare"},
		"a piecewise":         {"piecewise(time() > 3, Q > 1, time() < 2)", nil, nil, nil, ""},
		"unknown in a branch": {"xor(time() > 3, Z)", nil, nil, crn.ErrUnknownSpecies, "Z"},
	} {
		n := eventNetwork()
		var options []crn.EventOption
		if test.option != nil {
			options = append(options, test.option)
		}
		n.AddEvent("e", test.trigger, test.assignments, options...)
		err := n.Validate()
		if !errors.Is(err, test.want) || (err != nil && !strings.Contains(err.Error(), test.words)) {
			t.Errorf("%s: %v", name, err)
		}
		if _, again := n.Compile(); (again == nil) != (err == nil) {
			t.Errorf("%s: Compile says %v", name, again)
		}
	}
	n := eventNetwork()
	n.AddEvent("e", "Q > 3", nil)
	n.AddEvent("e", "Q > 3", nil)
	if err := n.Validate(); !errors.Is(err, crn.ErrDuplicate) {
		t.Errorf("two of one name: %v", err)
	}
}

func TestTriggersSwitchExactly(t *testing.T) {
	for text, test := range map[string]struct {
		now, after string // at the times 0, 10, 20, 25, 30, for P = 4 and Q = 30
		next       float64
	}{
		"time() >= T":                                   {"00011", "00011", 25},
		"time() > 25":                                   {"00001", "00011", 25},
		"25 == time()":                                  {"00010", "00000", 25},
		"time() != 25":                                  {"11101", "11111", 25},
		"time() <= 3 * 10 / 3 && Q > 3":                 {"11000", "10000", 10},
		"0.1 * time() * 3 < 3 - time() / 5 + 7":         {"11000", "11000", 20},
		"P * time() - Q >= 50 || time() > 27":           {"00111", "00111", 20},
		"xor(time() > 5, time() > 15, Q)":               {"10111", "10111", 5},
		"piecewise(time() > 15, Q < 3, time() <= 20)":   {"11100", "11000", 15},
		"piecewise(time() > 3, Q > 31, time() < 15, 1)": {"11000", "11000", 3},
		"time() - time() > 1":                           {"00000", "00000", math.Inf(1)},
		"Q > 29":                                        {"11111", "11111", math.Inf(1)},
		"time() > 0/0":                                  {"00000", "00000", math.Inf(1)},
		"2 * time() >= 20 && 3 * time() <= 30":          {"01000", "00000", 10},
		"-time() > -20 && !(time() < 5)":                {"01000", "01000", 5},
		"(Q - 30) * time() >= 0 && time() < 1000 - 1/0": {"00000", "00000", math.Inf(1)},
	} {
		n := eventNetwork()
		n.AddEvent("e", text, nil)
		c, err := n.Compile()
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		trigger, x := c.Events()[0].Trigger, []int32{4, 30}
		now, after := "", ""
		for _, at := range []float64{0, 10, 20, 25, 30} {
			now += map[bool]string{true: "1", false: "0"}[trigger.Now(x, at)]
			after += map[bool]string{true: "1", false: "0"}[trigger.After(x, at)]
		}
		if next := trigger.Next(x, 0); now != test.now || after != test.after || math.Abs(next-test.next) > 1e-14*next && next != test.next {
			t.Errorf("%s: now %s, after %s, next %v; want %+v", text, now, after, next, test)
		}
	}
}

func TestEventsArePartOfTheNetwork(t *testing.T) {
	n := eventNetwork()
	n.AddEvent("reset", "Q > 30", []string{"P = 100", "Q = 0"}, func(e *crn.Event) {
		e.Delay, e.Priority, e.Initial, e.Revocable, e.Late = crn.Num(3), crn.Name("T"), true, true, true
	})
	want := "when Q > 30 (true before the start) (revocable), after 3, with priority T: P = 100, Q = 0 (computed when executed)"
	if got := n.Events[0].Format(n); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if laws, err := n.ConservationLaws(); err != nil || len(laws) != 0 {
		t.Errorf("P + Q is not kept by the event: %v, %v", laws, err)
	}
	m := n.Clone()
	m.Events[0].Assignments[0].Species = 1
	if n.Events[0].Assignments[0].Species != 0 {
		t.Error("a clone shares the assignments")
	}
	c, err := n.Compile()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RefuseEvents("the projection"); !errors.Is(err, crn.ErrEvent) || !strings.Contains(err.Error(), "reset") {
		t.Errorf("refused with %v", err)
	}
	if err := c.WithoutEvents().RefuseEvents("the projection"); err != nil || !c.HasEvents() {
		t.Errorf("without events: %v", err)
	}
}

// A network whose dimers are taken away whenever there are more than thirty.
func ExampleNetwork_AddEvent() {
	n := crn.New("dimers")
	n.Param("k", 0.001)
	n.AddSpecies("P", crn.Delta(100), crn.Unbounded)
	n.AddSpecies("P2", crn.Delta(0), crn.Unbounded)
	n.React("2 P -> P2", "k")
	n.AddEvent("reset", "P2 > 30", []string{"P = 100", "P2 = 0"})
	fmt.Println(n.Events[0].Format(n))
	// Output: when P2 > 30: P = 100, P2 = 0
}
