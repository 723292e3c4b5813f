package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// assignment is NAME=VALUE on the command line.
type assignment[T any] struct {
	name  string
	value T
}

// assignments collects a repeatable option. Without a name the value is for all; only some options allow that.
type assignments[T any] struct {
	list     []assignment[T]
	kind     string
	nameless bool
	parse    func(string) (T, error)
}

func (a *assignments[T]) String() string { return "" }

// Type is the placeholder in the help.
func (a *assignments[T]) Type() string { return a.kind }

// Set adds one assignment.
func (a *assignments[T]) Set(text string) error {
	name, value, err := splitAssignment(text, a.nameless)
	if err != nil {
		return fmt.Errorf("%w; write %s", err, a.kind)
	}
	for _, known := range a.list {
		if known.name == name {
			if name == "" {
				return errors.New("a value for all is given twice; give it once")
			}
			return fmt.Errorf("%s is given twice; give it once", name)
		}
	}
	v, err := a.parse(value)
	if err != nil {
		return fmt.Errorf("the value of %s is %q: %w", orAll(name), value, err)
	}
	a.list = append(a.list, assignment[T]{name, v})
	return nil
}

func orAll(name string) string {
	if name == "" {
		return "all"
	}
	return name
}

// splitAssignment takes NAME=VALUE apart; a text without = is a value without a name, where that is allowed.
func splitAssignment(text string, nameless bool) (name, value string, err error) {
	name, value, found := strings.Cut(text, "=")
	if !found && nameless {
		name, value = "", text
	} else if !found {
		return "", "", errors.New("there is no = in it")
	} else if name = strings.TrimSpace(name); name == "" {
		return "", "", errors.New("there is no name before the =")
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", "", errors.New("there is no value")
	}
	return name, value, nil
}

// parseCap reads a largest count, or "none" for no limit.
func parseCap(text string) (int, error) {
	if text == "none" {
		return unlimited, nil
	}
	v, err := parseCount(0)(text)
	if err != nil {
		return 0, fmt.Errorf("%w, or none for no limit", err)
	}
	if v > maxCap {
		return 0, fmt.Errorf("%s is too large; give at most %s", strconv.Itoa(v), strconv.Itoa(maxCap))
	}
	return v, nil
}
