package fsp

import "github.com/gomlx-cme/cme/gomlxcme/dist"

// Within returns the predicate of a box: low[i] ≤ x_i ≤ high[i] for every species.
func Within(low, high []int32) func(x []int32) bool {
	return func(x []int32) bool {
		for i, n := range x {
			if n < low[i] || n > high[i] {
				return false
			}
		}
		return true
	}
}

// Survival is the probability that no absorbing state has been met until Time: it lies between Low and High, which differ by the
// mass that the projection lost and the errors of its time steps.
type Survival struct {
	Time, Low, High float64
}

// Survival returns one entry a snapshot; it is empty without Settings.Absorb. The first-passage time T has P(T > t) = survival,
// and at long times −d ln(survival)/dt is the rate of the slowest escape.
func (r *Result) Survival() []Survival {
	var curve []Survival
	for _, s := range r.Snapshots {
		absorbed, ok := s.Diagnostics.Get("absorbed")
		if !ok {
			return nil
		}
		bound, _ := s.Diagnostics.Get("truncation_bound")
		curve = append(curve, Survival{Time: s.Time, Low: max(0, 1-absorbed-bound), High: min(1, 1-absorbed+bound)})
	}
	return curve
}

// add stores the law at an output time.
func (r *Result) add(t float64, table *dist.Table, d dist.Diagnostics, absorbs func(x []int32) bool) {
	if absorbs != nil {
		absorbed := 0.0
		for i := range table.Len() {
			if absorbs(table.State(i)) {
				absorbed += table.P(i)
			}
		}
		d.Set("absorbed", absorbed)
	}
	r.Snapshots = append(r.Snapshots, dist.Snapshot{Time: t, Dist: table, Diagnostics: d})
}
