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
	Name   string              // as typed: "toggle-switch"
	Title  string              // one line for lists
	Source string              // citation
	TEnd   float64             // usual end time, in the unit of time of the rates
	Build  func() *crn.Network // a new network, which the caller may change
	Known  []Known             // exact answers, sorted by time
}

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

// All returns the catalogue in a fixed order.
func All() []Entry {
	return []Entry{birthDeath(), geneExpression(), toggleSwitch()}
}

// Lookup returns the named system. For an unknown name the error lists all names and the nearest one.
func Lookup(name string) (Entry, error) {
	all := All()
	names := make([]string, len(all))
	for i, e := range all {
		if names[i] = e.Name; e.Name == name {
			return e, nil
		}
	}
	hint := ""
	if n := crn.Nearest(name, names); n != "" {
		hint = fmt.Sprintf("did you mean %q? ", n)
	}
	return Entry{}, fmt.Errorf("systems: %w %q: %sthe catalogue has %s", ErrUnknownSystem, name, hint, strings.Join(names, ", "))
}
