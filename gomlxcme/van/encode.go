package van

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// described lists the types that MarshalArchitecture knows: networks, and the
// heads that they hold.
func described() []any {
	return []any{NADE{}, SharedNADE{}, Transformer{}, GRU{}, LSTM{}, Ordered{}, Softmax{}, Spline{}, Logistic{}}
}

// MarshalArchitecture writes an architecture as a JSON object: "type", and its
// settings by name. Equal architectures give equal bytes.
func MarshalArchitecture(a Architecture) ([]byte, error) {
	tree, err := describe(a)
	if err != nil {
		return nil, err
	}
	return json.Marshal(tree)
}

func describe(v any) (map[string]any, error) {
	value := reflect.ValueOf(v)
	if !value.IsValid() || typeNamed(value.Type().Name()) != value.Type() {
		return nil, fmt.Errorf("%w: %T cannot be written to a file; it is none of the types of this package", ErrArchitecture, v)
	}
	tree := map[string]any{"type": value.Type().Name()}
	for i := range value.NumField() {
		name, field := value.Type().Field(i).Name, value.Field(i)
		if field.Kind() != reflect.Interface {
			tree[name] = field.Interface()
			continue
		}
		if field.IsNil() {
			continue
		}
		inner, err := describe(field.Interface())
		if err != nil {
			return nil, err
		}
		tree[name] = inner
	}
	return tree, nil
}

// typeNamed finds one of the described types, or nil.
func typeNamed(name string) reflect.Type {
	for _, v := range described() {
		if t := reflect.TypeOf(v); t.Name() == name {
			return t
		}
	}
	return nil
}

// UnmarshalArchitecture reads what MarshalArchitecture wrote. Errors wrap
// ErrFormat.
func UnmarshalArchitecture(data []byte) (Architecture, error) {
	v, err := construct(data, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: architecture: %w", ErrFormat, err)
	}
	a, ok := v.Interface().(Architecture)
	if !ok {
		return nil, fmt.Errorf("%w: %v is no network", ErrFormat, v.Type())
	}
	return a, nil
}

// deepest is how far architectures may hold each other: an order, a network, its
// heads.
const deepest = 4

func construct(data []byte, depth int) (reflect.Value, error) {
	var tree map[string]json.RawMessage
	if err := json.Unmarshal(data, &tree); err != nil {
		return reflect.Value{}, err
	}
	var name string
	if err := json.Unmarshal(tree["type"], &name); err != nil {
		return reflect.Value{}, fmt.Errorf("type: %w", err)
	}
	t := typeNamed(name)
	if t == nil || depth == deepest {
		return reflect.Value{}, fmt.Errorf("the type %q is not known here", name)
	}
	delete(tree, "type")
	v := reflect.New(t).Elem()
	for key, text := range tree {
		field := v.FieldByName(key)
		if !field.IsValid() {
			return v, fmt.Errorf("%s has no setting %q", name, key)
		}
		if field.Kind() != reflect.Interface {
			if err := json.Unmarshal(text, field.Addr().Interface()); err != nil {
				return v, fmt.Errorf("%s of %s: %w", key, name, err)
			}
			continue
		}
		inner, err := construct(text, depth+1)
		if err != nil {
			return v, err
		}
		if !inner.Type().Implements(field.Type()) {
			return v, fmt.Errorf("%s of %s cannot be a %v", key, name, inner.Type())
		}
		field.Set(inner)
	}
	return v, nil
}
