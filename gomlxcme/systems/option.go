package systems

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// ErrOption marks an option that the system does not have, or a value that it does not allow.
var ErrOption = errors.New("bad option of a system")

// Option is a choice that changes which species and reactions a system has, as in "schlogl:sites=3". Rate constants are
// parameters of the network, not options.
type Option struct {
	Name    string
	Value   string // in use
	Allowed string // "1 to 64", "exact or rounded"
	Help    string
}

// option is an Option as its system declares it: a whole number from low to high, or one of the words.
type option struct {
	name, usual string
	low, high   int
	words       []string
	help        string
}

func whole(name string, usual, low, high int, help string) option {
	return option{name: name, usual: strconv.Itoa(usual), low: low, high: high, help: help}
}

func oneOf(name, help string, words ...string) option {
	return option{name: name, usual: words[0], words: words, help: help}
}

func (o option) allowed() string {
	if o.words != nil {
		return strings.Join(o.words, " or ")
	}
	return fmt.Sprintf("%d to %d", o.low, o.high)
}

// read checks a value and returns it in its usual spelling.
func (o option) read(text string) (string, error) {
	if o.words != nil {
		if slices.Contains(o.words, text) {
			return text, nil
		}
	} else if n, err := strconv.Atoi(text); err == nil && n >= o.low && n <= o.high {
		return strconv.Itoa(n), nil
	}
	return "", fmt.Errorf("%w: %s=%s: give %s", ErrOption, o.name, text, o.allowed())
}

// family is a system together with its options.
type family struct {
	name    string
	options []option
	build   func(v values) Entry
}

// values are the options in use, and the name that says so: the name of the family, followed by what is not usual.
type values struct {
	name string
	used map[string]string
}

func (v values) word(name string) string { return v.used[name] }

func (v values) whole(name string) int {
	n, err := strconv.Atoi(v.used[name])
	if err != nil {
		panic("systems: option " + name + " is not a checked whole number") // a system asks for an option that it has not declared
	}
	return n
}

// single is a family without options.
func single(e Entry) family {
	return family{name: e.Name, build: func(values) Entry { return e }}
}

// entry builds the system with the options in text, "sites=3,constants=rounded", or the usual ones if it is empty.
func (f family) entry(text string, given bool) (Entry, error) {
	v := values{name: f.name, used: map[string]string{}}
	if given {
		if err := f.parse(text, v.used); err != nil {
			return Entry{}, fmt.Errorf("systems: %s: %w", f.name, err)
		}
	}
	var shown []string
	var list []Option
	for _, o := range f.options {
		if _, set := v.used[o.name]; !set {
			v.used[o.name] = o.usual
		}
		if v.used[o.name] != o.usual {
			shown = append(shown, o.name+"="+v.used[o.name])
		}
		list = append(list, Option{Name: o.name, Value: v.used[o.name], Allowed: o.allowed(), Help: o.help})
	}
	if shown != nil {
		v.name += ":" + strings.Join(shown, ",")
	}
	e := f.build(v)
	e.Name, e.Options = v.name, list
	return e, nil
}

func (f family) parse(text string, used map[string]string) error {
	if len(f.options) == 0 {
		return fmt.Errorf("%w: %q: this system has no options; write %s alone", ErrOption, text, f.name)
	}
	names := make([]string, len(f.options))
	for i, o := range f.options {
		names[i] = o.name
	}
	for _, part := range strings.Split(text, ",") {
		name, value, found := strings.Cut(part, "=")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		i := slices.Index(names, name)
		switch {
		case i < 0:
			hint := ""
			if near := crn.Nearest(name, names); near != "" {
				hint = fmt.Sprintf("did you mean %q? ", near)
			}
			return fmt.Errorf("%w: unknown %q: %sthe options are %s, as in %s:%s=%s", ErrOption, name, hint, strings.Join(names, ", "),
				f.name, names[0], f.options[0].usual)
		case !found:
			return fmt.Errorf("%w: %s has no value: write %s=%s", ErrOption, name, name, f.options[i].usual)
		}
		if _, twice := used[name]; twice {
			return fmt.Errorf("%w: %s is given twice: give it once", ErrOption, name)
		}
		v, err := f.options[i].read(value)
		if err != nil {
			return err
		}
		used[name] = v
	}
	return nil
}
