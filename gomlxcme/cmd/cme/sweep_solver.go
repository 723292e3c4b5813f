package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// poolKey finds the pool of backends in a context.
type poolKey struct{}

// poolOf is the pool that computations of this context share, nil for none.
func poolOf(ctx context.Context) *backend.Pool {
	p, _ := ctx.Value(poolKey{}).(*backend.Pool)
	return p
}

// pointSolver computes points of a sweep by the commands of this program, one after the other in this process, so that they
// share compiled graphs.
type pointSolver struct{ pool backend.Pool }

// solverCommand makes the command of a solver.
func solverCommand(s sweep.Solver) (*cobra.Command, []string) {
	switch s {
	case sweep.FSP:
		return newFSP(), []string{"fsp"}
	case sweep.Network:
		return newSolve(), []string{"solve"}
	case sweep.Train:
		return newReducedTrain(), []string{"reduced", "train"}
	}
	return newSSA(), []string{"ssa"}
}

// arguments is the command line of a solver.
func arguments(s sweep.Solver, input string, settings []sweep.Setting, more ...string) []string {
	cmd, args := solverCommand(s)
	args = append(args, input)
	for _, x := range settings {
		switch x.Name.Kind {
		case sweep.Parameter:
			args = append(args, fmt.Sprintf("--param=%s=%s", x.Name.Of, x.Value))
		case sweep.Start:
			args = append(args, fmt.Sprintf("--init=%s=%s", x.Name.Of, x.Value))
		case sweep.Cap:
			args = append(args, fmt.Sprintf("--cap=%s=%s", x.Name.Of, x.Value))
		default:
			values := []sweep.Value{x.Value}
			if f := cmd.Flags().Lookup(x.Name.Of); f != nil && f.Value.Type() == "stringArray" && x.Value.List() != nil {
				values = x.Value.List() // each is given by itself
			}
			for _, v := range values {
				args = append(args, fmt.Sprintf("--%s=%s", x.Name.Of, v))
			}
		}
	}
	return append(args, more...)
}

// call runs a command line of this program, silently.
func (p *pointSolver) call(ctx context.Context, args []string) error {
	root := newRoot(io.Discard, io.Discard)
	root.SetArgs(args)
	return root.ExecuteContext(context.WithValue(ctx, poolKey{}, &p.pool))
}

// solve is the sweep.Solve of this program.
func (p *pointSolver) solve(ctx context.Context, job sweep.Job) error {
	more := []string{"--out=" + job.Dir, "--resume", "--quiet"}
	if job.Solver.Random() {
		more = append(more, fmt.Sprintf("--seed=%d", job.Seed))
	}
	inner := ctx
	if wall := job.Budget.Wall; wall > 0 {
		if job.Solver == sweep.Network {
			more = append(more, "--max-wall="+wall.String())
		} else {
			var cancel context.CancelFunc
			inner, cancel = context.WithTimeout(ctx, wall)
			defer cancel()
		}
	}
	if job.Budget.Steps > 0 {
		more = append(more, fmt.Sprintf("--max-steps=%d", job.Budget.Steps))
	}
	err := p.call(inner, arguments(job.Solver, job.Input, job.Settings, more...))
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.Is(err, run.ErrTruncated), inner.Err() != nil && run.StatusOf(err) == run.Interrupted:
		return fmt.Errorf("%w: the budget of the point was used up", run.ErrTruncated)
	case isUsage(err) && !slices.ContainsFunc(directoryErrors, func(cause error) bool { return errors.Is(err, cause) }):
		return fmt.Errorf("%w: %w", sweep.ErrBadInput, err)
	}
	return err
}

// pointChecker is the sweep.Checker of this program.
type pointChecker struct {
	solver     sweep.Solver
	input      string
	call       func(context.Context, []string) error
	ctx        context.Context
	options    []string
	parameters []string
	species    []string
	observed   []string
}

// newPointChecker loads the model, or finds the study.
func newPointChecker(ctx context.Context, s *sweep.Spec, input string) (*pointChecker, error) {
	var p pointSolver
	c := &pointChecker{solver: s.Solver, input: input, call: p.call, ctx: ctx}
	cmd, _ := solverCommand(s.Solver)
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden && !sweep.Owned(f.Name) {
			c.options = append(c.options, f.Name)
		}
	})
	if s.Solver == sweep.Train {
		_, _, err := readStudy(input)
		return c, err
	}
	var m modelOptions
	_, network, _, err := m.load(input)
	if err != nil {
		return nil, err
	}
	for _, x := range network.Parameters {
		c.parameters = append(c.parameters, x.Name)
	}
	if m.sbml != nil {
		c.parameters = append(c.parameters, derivedParameters(m.sbml, s)...)
	}
	for _, x := range network.Species {
		c.species = append(c.species, x.Name)
	}
	o, err := observablesOf(m.sbml, network)
	if err != nil {
		return nil, &usageError{err}
	}
	for _, x := range o.recorded {
		c.observed = append(c.observed, x.Name)
	}
	return c, nil
}

// derivedParameters are names of the sweep that the network of a file does not have, but that decide others in it by initial
// assignments.
func derivedParameters(m *sbml.Model, s *sweep.Spec) (names []string) {
	all := s.Varied()
	for _, x := range s.Settings {
		all = append(all, x.Name)
	}
	for _, n := range all {
		if n.Kind == sweep.Parameter && !m.IsCount(n.Of) {
			if _, err := m.With(map[string]float64{n.Of: 1}); err == nil {
				names = append(names, n.Of)
			}
		}
	}
	return names
}

// Known are the names that can be set.
func (c *pointChecker) Known(k sweep.Kind) []string {
	switch k {
	case sweep.Parameter:
		return c.parameters
	case sweep.Start, sweep.Cap:
		return c.species
	}
	return c.options
}

// Outputs are the names of which there are moments and marginals.
func (c *pointChecker) Outputs() (moments, marginals []string) {
	if c.solver == sweep.Train {
		return sweep.TrainOutputs(), nil
	}
	return slices.Concat(c.species, c.observed), c.species
}

// Check has the solver's command look at its input.
func (c *pointChecker) Check(settings []sweep.Setting) error {
	err := c.call(c.ctx, arguments(c.solver, c.input, settings, "--check", "--quiet"))
	if err != nil {
		return errors.New(message(err))
	}
	return nil
}
