package dist

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// Diagnostic is one named number that says how far a result can be trusted.
type Diagnostic struct {
	Name  string
	Value float64
}

// Diagnostics is a list of named numbers that keeps its order. The zero value is empty and ready for use.
//
// In JSON it is one object whose members stand in the order of the list. JSON has no non-finite numbers: these are
// written as the strings "NaN", "+Inf" and "-Inf", so that a failed diagnostic is visible and not an error of the writer.
type Diagnostics []Diagnostic

// Set gives name the value v: in its old place if the name is known, otherwise at the end.
func (d *Diagnostics) Set(name string, v float64) {
	for i := range *d {
		if (*d)[i].Name == name {
			(*d)[i].Value = v
			return
		}
	}
	*d = append(*d, Diagnostic{name, v})
}

// Get returns the value of name, and whether there is one.
func (d Diagnostics) Get(name string) (float64, bool) {
	for _, e := range d {
		if e.Name == name {
			return e.Value, true
		}
	}
	return 0, false
}

// Clone returns an independent copy.
func (d Diagnostics) Clone() Diagnostics { return slices.Clone(d) }

// MarshalJSON writes the object described at the type.
func (d Diagnostics) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(e.Name)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		var value any = e.Value
		if math.IsNaN(e.Value) || math.IsInf(e.Value, 0) {
			value = nonFinite(e.Value)
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// UnmarshalJSON reads what MarshalJSON writes and keeps the order of the members.
func (d *Diagnostics) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	open, err := dec.Token()
	if err != nil {
		return err
	}
	if open == nil { // null leaves the value as it is, as encoding/json asks
		return nil
	}
	if open != json.Delim('{') {
		return fmt.Errorf("dist: diagnostics must be a JSON object, found %v", open)
	}
	out := Diagnostics{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		value, err := dec.Token()
		if err != nil {
			return err
		}
		v, err := number(value)
		if err != nil {
			return fmt.Errorf("dist: diagnostic %q: %w", name, err)
		}
		out.Set(name.(string), v) // in an object the first of two tokens is a string
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	*d = out
	return nil
}

func nonFinite(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return "NaN"
}

func number(token json.Token) (float64, error) {
	switch v := token.(type) {
	case float64:
		return v, nil
	case string:
		switch v {
		case "NaN":
			return math.NaN(), nil
		case "+Inf":
			return math.Inf(1), nil
		case "-Inf":
			return math.Inf(-1), nil
		}
	}
	return 0, fmt.Errorf("%v is not a number", token)
}
