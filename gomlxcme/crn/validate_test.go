package crn_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

func TestValidateSaysWhatWhereAndHowToMend(t *testing.T) {
	for name, test := range map[string]struct {
		change func(n *crn.Network)
		want   error
		words  []string
	}{
		"unknown species":      {func(n *crn.Network) { n.React("AA -> B", "k") }, crn.ErrUnknownSpecies, []string{"R2", `"AA"`, `did you mean "A"?`, `"B"`}},
		"unknown mask species": {func(n *crn.Network) { n.React("A -> B", "k", crn.While("H", 1)) }, crn.ErrUnknownSpecies, []string{"R2", `"H"`}},
		"unknown parameter":    {func(n *crn.Network) { n.React("A -> B", "kk") }, crn.ErrUnknownParameter, []string{"R2", "A -> B", `did you mean "k"?`}},
		"syntax":               {func(n *crn.Network) { n.React("A => B", "k") }, crn.ErrSyntax, []string{"column 3", "R2"}},
		"negative rate":        {func(n *crn.Network) { n.ReactWith("A -> B", crn.Number(-1)) }, crn.ErrRate, []string{"-1", "R2", "0 or above"}},
		"rate NaN":             {func(n *crn.Network) { n.ReactWith("A -> B", crn.Number(math.NaN())) }, crn.ErrRate, []string{"NaN"}},
		"negative parameter":   {func(n *crn.Network) { n.Parameters[0].Value = -2 }, crn.ErrRate, []string{"k is -2", "R0"}},
		"infinite parameter":   {func(n *crn.Network) { n.Param("x", math.Inf(1)) }, crn.ErrRate, []string{"x = +Inf"}},
		"no rate":              {func(n *crn.Network) { n.Reactions[0].Rate = nil }, crn.ErrRate, []string{"MassAction"}},
		"cap below start":      {func(n *crn.Network) { n.Species[0].Initial = crn.Delta(6) }, crn.ErrCap, []string{"species A", "cap 5", "start 6", "raise"}},
		"cap below mean":       {func(n *crn.Network) { n.Species[0].Initial = crn.Poisson{Mean: 6} }, crn.ErrCap, []string{"species A", "mean 6"}},
		"negative cap":         {func(n *crn.Network) { n.Species[0].Cap = -2 }, crn.ErrCap, []string{"species A", "-2"}},
		"negative start":       {func(n *crn.Network) { n.Species[0].Initial = crn.Delta(-1) }, crn.ErrInitial, []string{"species A"}},
		"no start":             {func(n *crn.Network) { n.Species[0].Initial = nil }, crn.ErrInitial, []string{"species A", "Delta(0)"}},
		"huge start":           {func(n *crn.Network) { n.Species[0] = crn.Species{"A", crn.Delta(1 << 40), -1} }, crn.ErrInitial, []string{"species A"}},
		"mean NaN":             {func(n *crn.Network) { n.Species[0].Initial = crn.Poisson{Mean: math.NaN()} }, crn.ErrInitial, []string{"NaN"}},
		"no reactions":         {func(n *crn.Network) { n.Reactions = nil }, crn.ErrEmpty, []string{"no reactions", "React"}},
		"no species":           {func(n *crn.Network) { n.Species, n.Reactions = nil, nil }, crn.ErrEmpty, []string{"no species"}},
		"species twice":        {func(n *crn.Network) { n.AddSpecies("A", crn.Delta(0), 5) }, crn.ErrDuplicate, []string{`"A"`}},
		"parameter twice":      {func(n *crn.Network) { n.Param("k", 5) }, crn.ErrDuplicate, []string{`"k"`}},
		"reaction twice":       {func(n *crn.Network) { n.React("A -> B", "k", crn.Named("R0")) }, crn.ErrDuplicate, []string{`"R0"`}},
		"species name":         {func(n *crn.Network) { n.AddSpecies("2X", crn.Delta(0), 5) }, crn.ErrSyntax, []string{`"2X"`}},
		"law":                  {func(n *crn.Network) { n.Law = 7 }, crn.ErrLaw, []string{"7", "power"}},
		"term index":           {func(n *crn.Network) { n.Reactions[0].Products[0].Species = 9 }, crn.ErrUnknownSpecies, []string{"9", "product", "R0"}},
		"term order":           {func(n *crn.Network) { n.Reactions[0].Products[0].Order = 0 }, crn.ErrReaction, []string{"product B"}},
		"term twice": {func(n *crn.Network) {
			n.Reactions[0].Products = append(n.Reactions[0].Products, n.Reactions[0].Products[0])
		}, crn.ErrReaction, []string{"product B", "twice"}},
		"mask index": {func(n *crn.Network) { n.Reactions[0].Masks = []crn.Mask{{Species: -1}} }, crn.ErrUnknownSpecies, []string{"mask"}},
		"mask count": {func(n *crn.Network) { n.Reactions[0].Masks = []crn.Mask{{Count: -1}} }, crn.ErrReaction, []string{"mask"}},
	} {
		n := dimer(crn.FallingFactorial)
		test.change(n)
		_, err := n.Compile()
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
			continue
		}
		for _, word := range append(test.words, `crn: network "dimer"`) {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: no %q in: %v", name, word, err)
			}
		}
	}
}

func TestAllMistakesAreToldAtOnce(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	n.React("A -> Q", "k")
	n.React("A -> B", "q")
	if err := n.Validate(); !errors.Is(err, crn.ErrUnknownSpecies) || !errors.Is(err, crn.ErrUnknownParameter) {
		t.Errorf("got %v", err)
	}
}

func TestSetters(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	for name, test := range map[string]struct{ got, want error }{
		"parameter":       {n.SetParam("z", 1), crn.ErrUnknownParameter},
		"parameter value": {n.SetParam("k", math.NaN()), crn.ErrRate},
		"initial":         {n.SetInitial("z", 1), crn.ErrUnknownSpecies},
		"initial value":   {n.SetInitial("A", -1), crn.ErrInitial},
		"cap":             {n.SetCap("z", 1), crn.ErrUnknownSpecies},
		"cap value":       {n.SetCap("A", -7), crn.ErrCap},
		"good parameter":  {n.SetParam("k", 4), nil},
		"good initial":    {n.SetInitial("A", 4), nil},
		"good cap":        {n.SetCap("A", 9), nil},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v, want %v", name, test.got, test.want)
		}
	}
	if n.Parameters[0].Value != 4 || n.Species[0].Initial != crn.Delta(4) || n.Species[0].Cap != 9 {
		t.Errorf("nothing was set: %+v", n)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	n := dimer(crn.FallingFactorial)
	c := n.Clone()
	c.Species[0].Name, c.Parameters[0].Value, c.Reactions[0].Products[0].Order, c.Reactions[1].Masks[0].Count = "Z", 9, 9, 9
	if n.Species[0].Name == "Z" || n.Parameters[0].Value == 9 || n.Reactions[0].Products[0].Order == 9 || n.Reactions[1].Masks[0].Count == 9 {
		t.Error("the clone reaches into the original")
	}
}

func TestParseLaw(t *testing.T) {
	for _, l := range []crn.Law{crn.FallingFactorial, crn.Power} {
		if got, err := crn.ParseLaw(l.String()); err != nil || got != l {
			t.Errorf("%v: %v, %v", l, got, err)
		}
	}
	if _, err := crn.ParseLaw("linear"); !errors.Is(err, crn.ErrLaw) {
		t.Errorf("got %v", err)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"toggle-switch", "birth-death", "X"}
	for typed, want := range map[string]string{"toggleswitch": "toggle-switch", "Birth-Deaht": "birth-death", "schloegl": "", "x": "X"} {
		if got := crn.Nearest(typed, names); got != want {
			t.Errorf("%s: %q, want %q", typed, got, want)
		}
	}
}
