package main

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
)

// observables are the functions of the state whose moments are reported beside those of the species: all that an SBML file
// gives by rules, and species that nothing changes.
type observables struct {
	functions []ssa.Observable
	recorded  []run.Observable
}

// observablesOf looks up the names in the network as it will be computed. m is nil for models of the catalogue.
func observablesOf(m *sbml.Model, n *crn.Network) (*observables, error) {
	out := &observables{}
	if m == nil {
		return out, nil
	}
	for _, o := range m.Observables {
		f, err := o.Formula.Function(n)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", o.Name, err)
		}
		out.functions = append(out.functions, ssa.Observable{Name: o.Name, Value: f})
		out.recorded = append(out.recorded, run.Observable{Name: o.Name, Formula: o.Formula.String()})
	}
	return out, nil
}

// observe adds the moments of the observables to snapshots that list their states; those of trajectories have them already.
func (o *observables) observe(snapshots []dist.Snapshot) error {
	for i := range snapshots {
		s := &snapshots[i]
		table, ok := s.Dist.(*dist.Table)
		if !ok || s.Observables != nil {
			continue
		}
		for _, f := range o.functions {
			m := table.Observe(func(x []int32) float64 { return f.Value(x, s.Time) })
			if math.IsNaN(m.Mean+m.SD) || math.IsInf(m.Mean+m.SD, 0) {
				return fmt.Errorf("%s is not finite in every state at t = %v: mend its rule", f.Name, s.Time)
			}
			s.Observables = append(s.Observables, dist.Observed{Name: f.Name, Moment: m})
		}
	}
	return nil
}
