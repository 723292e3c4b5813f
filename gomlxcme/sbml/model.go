package sbml

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// Model is what a file says.
type Model struct {
	ID, Name       string
	Level, Version int

	// Network is ready to be compiled: species without caps, rates from the kinetic laws, events. Species that nothing
	// changes, and compartments that formulas use, are parameters of it; parameters that events change are species. To change
	// values use With, which computes anew what depends on them.
	Network *crn.Network
	// Species says how each species of the file was read, in its order.
	Species []Species
	// Observables are the species and parameters of the file that are functions of the state.
	Observables []Observable
	// Notes are further assumptions that were made, as sentences.
	Notes []string

	root    *element // the document
	changes map[string]float64
}

// Role is what becomes of a species.
type Role string

// The roles of species.
const (
	Counted Role = "counted" // a species of the network
	Held    Role = "held"    // constant or boundary: a parameter of the network, its amount
	Ruled   Role = "ruled"   // follows an assignment rule: an observable
)

// Species says how a species of the file was read.
type Species struct {
	ID, Name      string
	Role          Role
	Initial       float64 // amount at time 0: molecules
	Concentration bool    // its symbol in formulas means amount divided by Size
	Compartment   string
	Size          float64 // of the compartment; NaN if the file gives none
	Boundary      bool    // reactions do not change it, even where it stands in them
	Constant      bool
}

// Observable is a number that follows from the state; for species it is the amount.
type Observable struct {
	Name    string
	Formula crn.Formula
}

// Variables are the names of a time course: all species of the file in its order, then the parameters that follow rules.
func (m *Model) Variables() []string {
	var names []string
	for _, s := range m.Species {
		names = append(names, s.ID)
	}
	for _, o := range m.Observables {
		if m.speciesByID(o.Name) == nil {
			names = append(names, o.Name)
		}
	}
	return names
}

func (m *Model) speciesByID(id string) *Species {
	for i := range m.Species {
		if m.Species[i].ID == id {
			return &m.Species[i]
		}
	}
	return nil
}

// IsCount reports whether the id is that of a species whose count changes.
func (m *Model) IsCount(id string) bool {
	s := m.speciesByID(id)
	return s != nil && s.Role == Counted
}

// Function returns a variable as a function of the network's state and of time.
func (m *Model) Function(variable string) (func(x []int32, t float64) float64, error) {
	for _, o := range m.Observables {
		if o.Name == variable {
			return o.Formula.Function(m.Network)
		}
	}
	return crn.Name(variable).Function(m.Network)
}
