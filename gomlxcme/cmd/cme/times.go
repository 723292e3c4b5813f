package main

import (
	"errors"
	"fmt"
	"strings"
)

// maxPoints bounds the output times; each keeps a whole distribution.
const maxPoints = 100_000

// defaultPoints are the output times of a run that says nothing about them.
const defaultPoints = 11

// parseTimes reads "t1,t2,…": rising, 0 or later.
func parseTimes(text string) ([]float64, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("it is empty; give times like 0.5,1,2")
	}
	fields := strings.Split(text, ",")
	if len(fields) > maxPoints {
		return nil, fmt.Errorf("%d times are too many; give at most %d", len(fields), maxPoints)
	}
	times := make([]float64, len(fields))
	for i, f := range fields {
		t, err := parseNumber(f)
		switch {
		case err != nil:
			return nil, fmt.Errorf("time %d is %q: %w", i+1, f, err)
		case t < 0:
			return nil, fmt.Errorf("time %d is %v, which is negative; give times of 0 or later", i+1, t)
		case i > 0 && t == times[i-1]:
			return nil, fmt.Errorf("time %v is given twice; give each time once", t)
		case i > 0 && t < times[i-1]:
			return nil, fmt.Errorf("time %v follows %v; sort the times", t, times[i-1])
		}
		times[i] = t
	}
	return times, nil
}

// spaced returns n times from 0 to end, both included.
func spaced(end float64, n int) []float64 {
	times := make([]float64, n)
	for i := range times {
		times[i] = end * float64(i) / float64(n-1)
	}
	times[n-1] = end
	return times
}
