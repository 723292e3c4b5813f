// Package keep stores snapshots with their whole distributions, joint laws
// included, which the tables of a result directory do not hold.
package keep

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

// ErrKind says that a distribution is of a kind that cannot be stored.
var ErrKind = errors.New("keep: unknown kind of distribution")

// ErrFormat says that bytes are not what Encode wrote.
var ErrFormat = errors.New("keep: not stored snapshots")

// snapshot is the stored form. Either Counts is set, or the fields of a table.
type snapshot struct {
	Time        float64
	Diagnostics dist.Diagnostics
	Observables []dist.Observed
	Counts      []byte
	Species     []string
	Same        bool    // states are those of the snapshot before
	States      []int32 // [n·L]
	P           []float64
	Samples     float64
}

// Encode stores snapshots whose distributions are *dist.Table or *dist.Counts.
func Encode(snapshots []dist.Snapshot) ([]byte, error) {
	list := make([]snapshot, len(snapshots))
	var last []int32
	for i, s := range snapshots {
		list[i] = snapshot{Time: s.Time, Diagnostics: s.Diagnostics, Observables: s.Observables}
		switch d := s.Dist.(type) {
		case *dist.Counts:
			counts, err := d.MarshalBinary()
			if err != nil {
				return nil, err
			}
			list[i].Counts = counts
		case *dist.Table:
			states := make([]int32, 0, d.Len()*len(d.Species()))
			for k := range d.Len() {
				states = append(states, d.State(k)...)
				list[i].P = append(list[i].P, d.P(k))
			}
			list[i].Species, list[i].Samples = d.Species(), d.Samples()
			if list[i].Same = last != nil && slices.Equal(states, last); !list[i].Same {
				list[i].States = states
			}
			last = states
		default:
			return nil, fmt.Errorf("%w: %T", ErrKind, d)
		}
	}
	var out bytes.Buffer
	if err := gob.NewEncoder(&out).Encode(list); err != nil {
		return nil, fmt.Errorf("keep: %w", err)
	}
	return out.Bytes(), nil
}

// Decode reads what Encode wrote.
func Decode(data []byte) ([]dist.Snapshot, error) {
	var list []snapshot
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&list); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	out := make([]dist.Snapshot, len(list))
	var states []int32
	for i, s := range list {
		out[i] = dist.Snapshot{Time: s.Time, Diagnostics: s.Diagnostics, Observables: s.Observables}
		if s.Counts != nil {
			var c dist.Counts
			if err := c.UnmarshalBinary(s.Counts); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrFormat, err)
			}
			out[i].Dist = &c
			continue
		}
		if !s.Same {
			states = s.States
		}
		table, err := dist.NewTable(s.Species, states, s.P, s.Samples)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFormat, err)
		}
		out[i].Dist = table
	}
	return out, nil
}
