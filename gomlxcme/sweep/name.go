package sweep

import (
	"fmt"
	"strings"
)

// Kind says what a name belongs to.
type Kind int

// The kinds of names.
const (
	Option    Kind = iota // of the solver's command: "runs", "tolerance"
	Parameter             // "param.k": a parameter of the model
	Start                 // "init.X": the count with which a species starts
	Cap                   // "cap.X": the largest count kept of a species; "cap" alone is an option, for all
)

// prefixes of the kinds.
var prefixes = [...]string{Option: "", Parameter: "param.", Start: "init.", Cap: "cap."}

// Name is something that a sweep can set.
type Name struct {
	Kind Kind
	Of   string // without the prefix
}

// ParseName reads "param.k", "init.X", "cap.X", or the name of an option.
func ParseName(text string) Name {
	for k, p := range prefixes {
		if p != "" && strings.HasPrefix(text, p) {
			return Name{Kind(k), strings.TrimPrefix(text, p)}
		}
	}
	return Name{Option, text}
}

// String is the name as it is written in sweep files and tables.
func (n Name) String() string { return prefixes[n.Kind] + n.Of }

// MarshalText writes it as String does.
func (n Name) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// UnmarshalText reads it as ParseName does.
func (n *Name) UnmarshalText(text []byte) error {
	*n = ParseName(string(text))
	return nil
}

// Setting is a name and its value.
type Setting struct {
	Name  Name  `json:"name"`
	Value Value `json:"value"`
}

// String is "name = value".
func (s Setting) String() string { return fmt.Sprintf("%s = %s", s.Name, s.Value) }
