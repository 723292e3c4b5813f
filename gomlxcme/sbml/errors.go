package sbml

import (
	"errors"
	"fmt"
)

// Errors of this package; all returned errors wrap one of them.
var (
	// ErrSyntax marks input that is no well-formed SBML.
	ErrSyntax = errors.New("cannot read as SBML")
	// ErrInvalid marks SBML that contradicts itself or leaves out what a simulation needs.
	ErrInvalid = errors.New("invalid model")
	// ErrUnsupported marks SBML that is right but means something that reaction networks here cannot do.
	ErrUnsupported = errors.New("not supported")
	// ErrTooLarge marks input beyond the limits on size, nesting or growth.
	ErrTooLarge = errors.New("too large")
)

// Error is a refusal with its place in the file.
type Error struct {
	Element string // local name of the XML element
	ID      string // its id, or the id of what it speaks about; may be empty
	Inside  string // the element with an id around one that has none, as in `reaction "R"`
	Line    int    // from 1; 0 if unknown
	Cause   error  // one of the sentinels
	Reason  string // what is wrong, and how to mend it
}

// Error says where, what and how to mend it.
func (e *Error) Error() string {
	where := "sbml: "
	if e.Line > 0 {
		where += fmt.Sprintf("line %d: ", e.Line)
	}
	if e.Element != "" {
		where += e.Element + " "
	}
	if e.ID != "" {
		where += fmt.Sprintf("%q ", e.ID)
	}
	if e.Inside != "" {
		where += "in " + e.Inside + " "
	}
	return fmt.Sprintf("%s(%v): %s", where, e.Cause, e.Reason)
}

// Unwrap returns the sentinel.
func (e *Error) Unwrap() error { return e.Cause }

// refuse makes an Error about an element.
func (e *element) refuse(cause error, format string, a ...any) error {
	out := &Error{Element: e.name, ID: e.subject(), Line: e.line, Cause: cause, Reason: fmt.Sprintf(format, a...)}
	if out.ID == "" {
		for p := e.parent; p != nil && p.name != "model"; p = p.parent {
			if id := p.subject(); id != "" {
				out.Inside = fmt.Sprintf("%s %q", p.name, id)
				break
			}
		}
	}
	return out
}

// subject is the id of the element, or of what it speaks about.
func (e *element) subject() string {
	for _, name := range []string{"id", "variable", "symbol", "species"} {
		if id := e.attr(name); id != "" && e.space != mathNamespace {
			return id
		}
	}
	return ""
}
