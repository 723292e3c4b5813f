package reductions

import (
	"context"
	"fmt"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/learn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
)

// Kind is networks of one kind and how they did.
type Kind struct {
	Name     string
	Scores   []study.Score // of each network in each case
	Together []study.Score // of all of them as one model, reduced.Together
	paths    map[calcium.Condition][][]reduced.Parameters
}

// Judge follows networks by Euler steps from the first parameters of each case and compares with what was simulated. train are the cases that they
// learned from.
func Judge(ctx context.Context, s *study.Study, cases, train []study.Case, name string, models []*learn.Model) (*Kind, error) {
	if len(models) == 0 {
		return nil, fmt.Errorf("%w: no network is called %s", learn.ErrSettings, name)
	}
	k := &Kind{Name: name, paths: map[calcium.Condition][][]reduced.Parameters{}}
	role := func(c study.Case) study.Role {
		if slices.ContainsFunc(train, func(t study.Case) bool { return t.Condition == c.Condition }) {
			return study.Learned
		}
		return study.Unseen
	}
	fields := make([]reduced.Field, len(models))
	for i, m := range models {
		fields[i] = m.Field
		scores, err := s.Score(ctx, m.Seed, cases, role, reduced.Euler{}, m.Field, func(c study.Case, o study.Outcome) {
			if o.Path != nil {
				k.paths[c.Condition] = append(k.paths[c.Condition], o.Path)
			}
		})
		if err != nil {
			return nil, err
		}
		k.Scores = append(k.Scores, scores...)
	}
	var err error
	k.Together, err = s.Score(ctx, 0, cases, role, reduced.Euler{}, reduced.Together(fields...), nil)
	return k, err
}

// summaries of the networks by value.
func (k *Kind) summaries(e study.Experiment) []study.Summary {
	return e.Summarise(k.Scores, k.Together)
}
