package systems

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// ErrUnknownSystem marks a name that the catalogue does not have.
var ErrUnknownSystem = errors.New("unknown system")

// Entry is one system of the catalogue.
type Entry struct {
	Name   string  // as typed: "toggle-switch", or "schlogl:sites=3" with options that are not the usual ones
	Title  string  // one line for lists
	Source string  // citation
	TEnd   float64 // usual end time, in the unit of time of the rates
	// TimeUnit is that unit as axes show it: "s", "protein lifetimes"; empty where the source names none.
	TimeUnit string
	Build    func() *crn.Network // a new network, which the caller may change
	Known    []Known             // exact answers, sorted by time
	Options  []Option            // choices that the system offers, with the values in use
}

// tang2023 is the paper whose networks most of the catalogue follows.
const tang2023 = "Y. Tang, J. Weng and P. Zhang, Neural-network solutions to stochastic reaction networks, Nat. Mach. Intell. 5, 376 (2023), " +
	"doi:10.1038/s42256-023-00632-6"

// Quantity is what a known answer is about.
type Quantity int

const (
	// Mean is the mean count.
	Mean Quantity = iota
	// SD is the standard deviation of the count.
	SD
	// Below is the probability of a count below Known.Count.
	Below
)

// String names the quantity.
func (q Quantity) String() string {
	switch q {
	case Mean:
		return "mean"
	case SD:
		return "sd"
	case Below:
		return "below"
	}
	return fmt.Sprintf("Quantity(%d)", int(q))
}

// Known is one exact answer for the network as Build returns it, apart from its Law.
type Known struct {
	Time      float64
	Species   string
	Quantity  Quantity
	Count     int     // for Below only
	Law       crn.Law // with which the answer holds; where the laws agree both are listed only once
	Value     float64
	Tolerance float64 // half a unit of the last digit of Value
	Basis     string  // "closed form" or "exact projection"
}

// catalogue lists the families in a fixed order.
func catalogue() []family {
	return []family{
		single(birthDeath()), single(geneExpression()), single(toggleSwitch()), autoregulatoryLoop(), single(earlyLife()),
		single(epidemic()), cascade1(), cascade1Inverse(), cascade2(), cascade3(), mapk(), schlogl(), schlogl2D(), single(lambdaPhage()),
	}
}

// All returns the catalogue in a fixed order, each system with its usual options.
func All() []Entry {
	families := catalogue()
	all := make([]Entry, len(families))
	for i, f := range families {
		all[i], _ = f.entry("", false) // without options nothing can be wrong
	}
	return all
}

// Lookup returns the named system, with options after a colon if there are any: "schlogl:sites=3,constants=rounded". For an unknown
// name the error lists all names and the nearest one, for a bad option the options and their values.
func Lookup(name string) (Entry, error) {
	base, options, given := strings.Cut(name, ":")
	families := catalogue()
	names := make([]string, len(families))
	for i, f := range families {
		if names[i] = f.name; f.name == base {
			return f.entry(options, given)
		}
	}
	hint := ""
	if n := crn.Nearest(base, names); n != "" {
		hint = fmt.Sprintf("did you mean %q? ", n)
	}
	return Entry{}, fmt.Errorf("systems: %w %q: %sthe catalogue has %s", ErrUnknownSystem, base, hint, strings.Join(names, ", "))
}
