package sbml

import (
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Read reads an SBML file. The network of the result has been validated.
func Read(input io.Reader) (*Model, error) {
	root, err := readTree(input)
	if err != nil {
		return nil, err
	}
	return build(root, nil)
}

// build makes the model of a document, with some values changed.
func build(root *element, changes map[string]float64) (*Model, error) {
	m := &Model{Network: crn.New(""), root: root, changes: changes}
	l := &loader{formulas: formulas{functions: map[string]function{}}, model: m, network: m.Network, entries: map[string]*entry{},
		changes: maps.Clone(changes), labels: map[*element]string{}, taken: map[string]bool{}}
	if err := l.read(root); err != nil {
		return nil, err
	}
	if err := m.Network.Validate(); err != nil {
		return nil, &Error{Element: "model", ID: m.ID, Line: root.child("model").line, Cause: ErrInvalid, Reason: err.Error()}
	}
	if left := slices.Sorted(maps.Keys(l.changes)); len(left) > 0 { // the model has no such thing
		_, err := m.Network.ParameterIndex(left[0])
		return nil, fmt.Errorf("sbml: %w", err)
	}
	return m, nil
}

// With returns the model with other values of parameters, sizes of compartments and amounts at the start, by their ids;
// local parameters are called reaction.parameter. All that follows from them by initial assignments, concentrations and
// rules is computed anew, which crn.Network.SetParam does not do: it knows no initial assignments. A value that the file
// gives by an initial assignment is replaced; one that follows a rule is refused. Values of an earlier With stay.
func (m *Model) With(values map[string]float64) (*Model, error) {
	changes := map[string]float64{}
	maps.Copy(changes, m.changes)
	maps.Copy(changes, values)
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		if v := changes[name]; math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("sbml: %w: %s = %v: give a finite number", ErrInvalid, name, v)
		}
	}
	return build(m.root, changes)
}

// ReadFile reads the SBML file at a path.
func ReadFile(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("sbml: %w", err)
	}
	defer f.Close()
	m, err := Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}
