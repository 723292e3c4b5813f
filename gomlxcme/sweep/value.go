package sweep

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Value is what one name is set to: a number, a word, a switch, or a list of numbers and words.
type Value struct {
	any any // float64, string, bool, []Value
}

// Number is a value that is a number.
func Number(v float64) Value { return Value{v} }

// Word is a value that is a word.
func Word(text string) Value { return Value{text} }

// Float returns the number, and whether it is one.
func (v Value) Float() (float64, bool) {
	f, ok := v.any.(float64)
	return f, ok
}

// List returns the parts of a list, or nil.
func (v Value) List() []Value {
	list, _ := v.any.([]Value)
	return list
}

// String is the value as it is written on the command line: whole numbers without an exponent, parts of a list between
// commas.
func (v Value) String() string {
	switch x := v.any.(type) {
	case float64:
		if x == math.Trunc(x) && math.Abs(x) < 1e15 {
			return strconv.FormatFloat(x+0, 'f', -1, 64) // +0: there is one zero
		}
		return strconv.FormatFloat(x, 'g', -1, 64)
	case []Value:
		parts := make([]string, len(x))
		for i, p := range x {
			parts[i] = p.String()
		}
		return strings.Join(parts, ",")
	case nil:
		return ""
	}
	return fmt.Sprint(v.any)
}

// MarshalJSON writes the value as JSON.
func (v Value) MarshalJSON() ([]byte, error) {
	if f, ok := v.any.(float64); ok {
		return []byte(Number(f).String()), nil // the same text whatever zero it is
	}
	return json.Marshal(v.any)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(text []byte) error {
	var x any
	if err := json.Unmarshal(text, &x); err != nil {
		return err
	}
	made, err := valueOf(x)
	*v = made
	return err
}

// valueOf takes what a reader of JSON or YAML gives.
func valueOf(x any) (Value, error) {
	switch x := x.(type) {
	case float64, string, bool:
		return Value{x}, nil
	case []any:
		list := make([]Value, len(x))
		for i, p := range x {
			var err error
			if list[i], err = valueOf(p); err != nil {
				return Value{}, err
			}
		}
		return Value{list}, nil
	}
	return Value{}, fmt.Errorf("sweep: %v is no value: give a number, a word, true or false", x)
}
