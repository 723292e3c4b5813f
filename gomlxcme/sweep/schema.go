package sweep

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

//go:embed schema.json
var schemaText []byte

// Schema returns the JSON schema of sweep files.
func Schema() []byte { return slices.Clone(schemaText) }

// maxMistakes bounds how many mistakes one message tells.
const maxMistakes = 8

// compiled is the schema, made ready at its first use.
var compiled = sync.OnceValues(func() (*jsonschema.Schema, error) {
	content, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText))
	if err != nil {
		return nil, fmt.Errorf("sweep: the schema: %w", err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sweep.json", content); err != nil {
		return nil, fmt.Errorf("sweep: the schema: %w", err)
	}
	return compiler.Compile("sweep.json")
})

// validate holds a document against the schema.
func (d *document) validate(value any) error {
	schema, err := compiled()
	if err != nil {
		return err
	}
	var invalid *jsonschema.ValidationError
	if err := schema.Validate(value); !errors.As(err, &invalid) {
		return err
	}
	var content any
	if err := json.Unmarshal(schemaText, &content); err != nil {
		return fmt.Errorf("sweep: the schema: %w", err)
	}
	return d.mistakes(invalid, content)
}

// mistakes lists what a document has against the schema, by line.
func (d *document) mistakes(invalid *jsonschema.ValidationError, schema any) error {
	printer := message.NewPrinter(language.English)
	var list []*lineError
	var visit func(e *jsonschema.ValidationError)
	visit = func(e *jsonschema.ValidationError) {
		for _, c := range e.Causes {
			visit(c)
		}
		if len(e.Causes) > 0 {
			return
		}
		where := strings.Join(e.InstanceLocation, ".")
		if where == "" {
			where = "the sweep"
		}
		line := d.line(e.InstanceLocation...)
		add := func(line int, format string, a ...any) {
			list = append(list, &lineError{d.file, line, fmt.Sprintf(format, a...)})
		}
		switch k := e.ErrorKind.(type) {
		case *kind.AdditionalProperties:
			known := properties(schema, e.InstanceLocation)
			for _, name := range k.Properties {
				hint := ""
				if near := crn.Nearest(name, known); near != "" {
					hint = fmt.Sprintf("did you mean %q? ", near)
				}
				add(d.line(append(slices.Clone(e.InstanceLocation), name)...), "unknown name %q in %s; %sknown are %s", name, where, hint, strings.Join(known, ", "))
			}
		case *kind.Required:
			add(line, "%s lacks %s", where, strings.Join(k.Missing, ", "))
		case *kind.Type:
			add(line, "%s is a %s, and must be a %s", where, k.Got, strings.Join(k.Want, ", or a "))
		case *kind.Enum:
			words := make([]string, len(k.Want))
			for i, w := range k.Want {
				words[i] = fmt.Sprint(w)
			}
			hint := ""
			if near := crn.Nearest(fmt.Sprint(k.Got), words); near != "" {
				hint = fmt.Sprintf("did you mean %q? ", near)
			}
			add(line, "%s is %q; %sit can be %s", where, fmt.Sprint(k.Got), hint, strings.Join(words, ", "))
		default:
			add(line, "%s: %s", where, e.ErrorKind.LocalizedString(printer))
		}
	}
	visit(invalid)
	slices.SortStableFunc(list, func(a, b *lineError) int { return a.line - b.line })
	var all []error
	for i, e := range list {
		if i == maxMistakes {
			all = append(all, fmt.Errorf("%w: and %d more", ErrSpec, len(list)-i))
			break
		}
		all = append(all, e)
	}
	return errors.Join(all...)
}

// properties are the names that the schema allows at a place.
func properties(schema any, place []string) []string {
	root, _ := schema.(map[string]any)
	at := root
	resolve := func() {
		if ref, ok := at["$ref"].(string); ok {
			definitions, _ := root["$defs"].(map[string]any)
			at, _ = definitions[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
		}
	}
	for _, step := range place {
		members, _ := at["properties"].(map[string]any)
		next, ok := members[step].(map[string]any)
		if !ok {
			if next, ok = at["additionalProperties"].(map[string]any); !ok {
				next, _ = at["items"].(map[string]any)
			}
		}
		at = next
		resolve()
	}
	members, _ := at["properties"].(map[string]any)
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
