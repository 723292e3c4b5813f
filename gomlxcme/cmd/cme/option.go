package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// option is a value of the command line that is read by a function of its own, so that each mistake has its own words.
type option[T any] struct {
	value T
	given bool
	kind  string // shown in the help
	parse func(string) (T, error)
}

// String is the default in the help; without one it is empty.
func (o *option[T]) String() string {
	if o == nil || !o.given {
		return ""
	}
	return fmt.Sprint(o.value)
}

// Type is the placeholder in the help.
func (o *option[T]) Type() string { return o.kind }

// Set reads the value.
func (o *option[T]) Set(text string) error {
	v, err := o.parse(text)
	if err != nil {
		return err
	}
	o.value, o.given = v, true
	return nil
}

// parseNumber reads a finite number.
func parseNumber(text string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || math.IsInf(v, 0):
		return 0, errors.New("it is not finite; give a number like 2.5 or 1e-4")
	case err != nil:
		return 0, errors.New("it is not a number; give one like 2.5 or 1e-4")
	case math.IsNaN(v):
		return 0, errors.New("it is not a number; give a finite one")
	}
	return v, nil
}

// parsePositive reads a finite number above 0.
func parsePositive(text string) (float64, error) {
	v, err := parseNumber(text)
	if err == nil && v <= 0 {
		err = errors.New("it must be above 0")
	}
	return v, err
}

// parseCount reads a whole number of at least lowest.
func parseCount(lowest int) func(string) (int, error) {
	return func(text string) (int, error) {
		v, err := strconv.Atoi(strings.TrimSpace(text))
		switch {
		case errors.Is(err, strconv.ErrRange):
			return 0, errors.New("it is too large")
		case err != nil:
			return 0, errors.New("it is not a whole number; give one like 100")
		case v < lowest:
			return 0, fmt.Errorf("it must be at least %d", lowest)
		}
		return v, nil
	}
}

// parseSeed reads a seed.
func parseSeed(text string) (uint64, error) {
	v, err := strconv.ParseUint(strings.TrimSpace(text), 10, 64)
	if err != nil {
		return 0, errors.New("a seed is a whole number from 0 to 18446744073709551615")
	}
	return v, nil
}

// choice reads one of the words; absent ones are known but not part of this version.
func choice(words, absent []string) func(string) (string, error) {
	return func(text string) (string, error) {
		for _, w := range words {
			if text == w {
				return w, nil
			}
		}
		list := strings.Join(words, " or ")
		for _, w := range absent {
			if text == w {
				return "", fmt.Errorf("%s is not part of this version; use %s", w, list)
			}
		}
		return "", fmt.Errorf("it is not known; use %s", list)
	}
}
