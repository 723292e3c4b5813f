package sbml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Limits on what is read.
const (
	maxBytes    = 32 << 20
	maxElements = 500_000
	maxDepth    = 200
)

const (
	mathNamespace = "http://www.w3.org/1998/Math/MathML"
	coreNamespace = "http://www.sbml.org/sbml/level"
)

// separator stands in the text of a cn element for its sep element; XML cannot contain it.
const separator = "\x00"

// element is a part of the document. Notes and annotations are left out, as are elements of optional packages.
type element struct {
	name, space string
	attrs       []xml.Attr
	children    []*element
	parent      *element
	text        string
	line        int
}

// attr returns an attribute without a namespace, "" if it is missing.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child returns the first child of that name, nil if there is none.
func (e *element) child(name string) *element {
	for _, c := range e.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// list returns the children of the child of that name.
func (e *element) list(name string) []*element {
	if c := e.child(name); c != nil {
		return c.children
	}
	return nil
}

// boolean reads an attribute that is true or false.
func (e *element) boolean(name string, missing bool) (bool, error) {
	switch e.attr(name) {
	case "":
		return missing, nil
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, e.refuse(ErrInvalid, "%s=%q: write true or false", name, e.attr(name))
}

// number reads an attribute that is a finite number.
func (e *element) number(name string) (v float64, given bool, err error) {
	text := e.attr(name)
	if text == "" {
		return 0, false, nil
	}
	v, err = strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, false, e.refuse(ErrInvalid, "%s=%q: write a finite number", name, text)
	}
	return v, true, nil
}

// readTree reads the document.
func readTree(input io.Reader) (*element, error) {
	limited := &io.LimitedReader{R: input, N: maxBytes + 1}
	d := xml.NewDecoder(limited)
	d.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encoding %q: save the file as UTF-8", charset)
	}
	t := &treeReader{d: d}
	root, err := t.read()
	if limited.N <= 0 {
		return nil, &Error{Cause: ErrTooLarge, Reason: fmt.Sprintf("more than %d MiB: take out annotations or split the model", maxBytes>>20)}
	}
	return root, err
}

type treeReader struct {
	d     *xml.Decoder
	count int
}

func (t *treeReader) line() int {
	line, _ := t.d.InputPos()
	return line
}

func (t *treeReader) fail(cause error, format string, a ...any) error {
	return &Error{Line: t.line(), Cause: cause, Reason: fmt.Sprintf(format, a...)}
}

func (t *treeReader) read() (*element, error) {
	var root *element
	var open []*element
	skipping := 0 // depth inside what is left out
	for {
		token, err := t.d.Token()
		if errors.Is(err, io.EOF) {
			if root == nil {
				return nil, t.fail(ErrSyntax, "the file is empty")
			}
			return root, nil
		}
		if err != nil {
			return nil, t.fail(ErrSyntax, "%v", err)
		}
		switch k := token.(type) {
		case xml.Directive:
			return nil, t.fail(ErrUnsupported, "a document type or entity declaration: take it out, SBML has none")
		case xml.StartElement:
			if t.count++; t.count > maxElements {
				return nil, t.fail(ErrTooLarge, "more than %d elements", maxElements)
			}
			if len(open)+skipping >= maxDepth {
				return nil, t.fail(ErrTooLarge, "elements nested more than %d deep", maxDepth)
			}
			if skipping > 0 || (len(open) > 0 && leftOut(k.Name, root.space)) {
				skipping++
				continue
			}
			if root != nil && len(open) == 0 {
				return nil, t.fail(ErrSyntax, "a second root element")
			}
			e := &element{name: k.Name.Local, space: k.Name.Space, attrs: k.Copy().Attr, line: t.line()}
			if len(open) == 0 {
				root = e
			} else {
				parent := open[len(open)-1]
				e.parent = parent
				if parent.children = append(parent.children, e); e.name == "sep" {
					parent.text += separator
				}
			}
			open = append(open, e)
		case xml.EndElement:
			if skipping > 0 {
				skipping--
			} else {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			if n := len(open); n > 0 && skipping == 0 && open[n-1].space == mathNamespace {
				open[n-1].text += string(k)
			}
		}
	}
}

// leftOut reports whether an element carries no part of the model: text for people, and optional packages. Required packages
// are refused at the root.
func leftOut(n xml.Name, core string) bool {
	if n.Local == "notes" || n.Local == "annotation" || n.Local == "message" {
		return true
	}
	return n.Space != mathNamespace && n.Space != core
}
