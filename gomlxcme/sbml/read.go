package sbml

import (
	"fmt"
	"io"
	"os"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// Read reads an SBML file. The network of the result has been validated.
func Read(input io.Reader) (*Model, error) {
	root, err := readTree(input)
	if err != nil {
		return nil, err
	}
	m := &Model{Network: crn.New("")}
	l := &loader{formulas: formulas{functions: map[string]function{}}, model: m, network: m.Network, entries: map[string]*entry{}}
	if err := l.read(root); err != nil {
		return nil, err
	}
	if err := m.Network.Validate(); err != nil {
		return nil, &Error{Element: "model", ID: m.ID, Line: root.child("model").line, Cause: ErrInvalid, Reason: err.Error()}
	}
	return m, nil
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
