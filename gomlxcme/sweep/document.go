package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrSpec marks a sweep file that cannot be used; the text names the file, the line, and how to mend it.
var ErrSpec = errors.New("sweep: bad sweep file")

// maxFile bounds the bytes of a sweep file.
const maxFile = 64 << 20

// maxDepth bounds how deep it nests.
const maxDepth = 16

// document is a sweep file that was read but not understood yet; it knows the line of everything.
type document struct {
	file string
	root *yaml.Node
}

// at makes an error about a line.
func (d *document) at(line int, format string, a ...any) error {
	return &lineError{d.file, line, fmt.Sprintf(format, a...)}
}

// lineError is one mistake in a sweep file.
type lineError struct {
	file string
	line int
	text string
}

func (e *lineError) Error() string { return fmt.Sprintf("%s:%d: %s", e.file, e.line, e.text) }
func (e *lineError) Unwrap() error { return ErrSpec }

// yamlLine finds the line in a message of the YAML reader.
var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// readDocument reads YAML or JSON. What the file does not need is refused: several documents, aliases, keys that are no
// words, keys that stand twice.
func readDocument(file string, text []byte) (d *document, err error) {
	d = &document{file: file}
	defer func() { // of a reader that is not ours
		if r := recover(); r != nil {
			d, err = nil, fmt.Errorf("%w: %s cannot be read: %v", ErrSpec, file, r)
		}
	}()
	if len(text) > maxFile {
		return nil, fmt.Errorf("%w: %s has %d bytes, more than %d; use ranges in place of lists", ErrSpec, file, len(text), maxFile)
	}
	if strings.EqualFold(filepath.Ext(file), ".json") {
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" ")) // JSON is YAML but for its tabs
	}
	reader := yaml.NewDecoder(bytes.NewReader(text))
	var root yaml.Node
	if err := reader.Decode(&root); err != nil {
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			line, _ := strconv.Atoi(m[1])
			return nil, d.at(line, "%s", m[2])
		}
		return nil, d.at(1, "it is empty or no YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(root.Content) != 1 {
		return nil, d.at(1, "it is empty")
	}
	var more yaml.Node
	if reader.Decode(&more) == nil && len(more.Content) > 0 {
		return nil, d.at(more.Content[0].Line, "a second document begins here; a file is one sweep")
	}
	d.root = root.Content[0]
	return d, d.check(d.root, 0)
}

// check refuses what a sweep file has no use for.
func (d *document) check(n *yaml.Node, depth int) error {
	if depth > maxDepth {
		return d.at(n.Line, "it nests too deep")
	}
	switch n.Kind {
	case yaml.AliasNode:
		return d.at(n.Line, "aliases (*%s) are not read here; write the values out", n.Value)
	case yaml.MappingNode:
		lines := map[string]int{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
				return d.at(key.Line, "a name is expected before the colon")
			}
			if first, twice := lines[key.Value]; twice {
				return d.at(key.Line, "%q stands here and in line %d; keep one of them", key.Value, first)
			}
			lines[key.Value] = key.Line
		}
	}
	for _, c := range n.Content {
		if err := d.check(c, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// value is a node as JSON has it: map[string]any, []any, string, float64, bool or nil.
func (d *document) value(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := d.value(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
		}
		return m, nil
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			v, err := d.value(c)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	}
	switch n.ShortTag() {
	case "!!int", "!!float":
		var v float64
		if err := n.Decode(&v); err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, d.at(n.Line, "%q is not a finite number", n.Value)
		}
		return v, nil
	case "!!bool":
		var v bool
		if err := n.Decode(&v); err != nil {
			return nil, d.at(n.Line, "%q is neither true nor false", n.Value)
		}
		return v, nil
	case "!!null":
		return nil, nil
	}
	return n.Value, nil
}

// node finds what a path leads to, or the last on the way; line is that of its name.
func (d *document) node(path ...string) (n *yaml.Node, line int) {
	n, line, _ = d.find(path...)
	return n, line
}

// find is node, and whether the path leads all the way.
func (d *document) find(path ...string) (n *yaml.Node, line int, found bool) {
	n, line = d.root, d.root.Line
steps:
	for _, step := range path {
		switch n.Kind {
		case yaml.MappingNode:
			for i := 0; i+1 < len(n.Content); i += 2 {
				if n.Content[i].Value == step {
					n, line = n.Content[i+1], n.Content[i].Line
					continue steps
				}
			}
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
				n, line = n.Content[i], n.Content[i].Line
				continue steps
			}
		}
		return n, line, false
	}
	return n, line, true
}

// line is that of the name at a path.
func (d *document) line(path ...string) int {
	_, line := d.node(path...)
	return line
}

// members are the names of a mapping in the order in which they are written.
func (d *document) members(path ...string) []string {
	n, _, found := d.find(path...)
	var names []string
	if found && n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			names = append(names, n.Content[i].Value)
		}
	}
	return names
}
