package learn_test

import (
	"context"
	"fmt"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
)

// From runs to a network, by the data that come with the program; five epochs are a beginning only.
func Example() {
	if err := train(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 1601 parameters, the loss falls: true
	// 401 steps followed
}

func train() error {
	set, err := datasets.Find("ip3-small")
	if err != nil {
		return err
	}
	data, err := datasets.Store{}.Load(set)
	if err != nil {
		return err
	}
	r := calcium.ReductionIP3()
	var series []*reduced.Series
	for _, sums := range data.Sums[3:10] { // 0.4 to 1.0 µM
		s, err := r.Reduce(sums)
		if err != nil {
			return err
		}
		series = append(series, s)
	}
	f, err := reduced.NewFeatures(calcium.VariablesIP3(), calcium.CandidatesIP3()...)
	if err != nil {
		return err
	}
	p, err := learn.Prepare(r, learn.Inputs{Polynomials: f.Polynomials()}, series)
	if err != nil {
		return err
	}
	b, err := backend.Open("go")
	if err != nil {
		return err
	}
	m, err := learn.Train(context.Background(), b, p, learn.Settings{Epochs: 5, Seed: 1})
	if err != nil {
		return err
	}
	fmt.Printf("%d parameters, the loss falls: %v\n", m.Size(), m.Losses[4] < m.Losses[0])
	path, err := reduced.Euler{}.Follow(m.Field, series[3].Filtered[0], 401)
	if err != nil {
		return err
	}
	fmt.Println(len(path), "steps followed")
	return nil
}
