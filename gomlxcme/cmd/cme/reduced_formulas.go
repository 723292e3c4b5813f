package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
	"github.com/gomlx-cme/cme/kernelext"
	"github.com/spf13/cobra"
)

// formulaOptions say which variables the formulas are about.
type formulaOptions struct {
	experiment option[string]
	visible    option[[]string]
	latent     option[string]
	latex      bool
}

func newReducedFormulas() *cobra.Command {
	var o formulaOptions
	o.experiment = option[string]{value: string(study.IP3), given: true, kind: "ip3|receptors", parse: choice([]string{string(study.IP3), string(study.Receptors)}, nil)}
	o.visible = option[[]string]{kind: "A,B,...", parse: parseVariables}
	o.latent = option[string]{value: "X", given: true, kind: "NAME", parse: parseVariable}
	cmd := &cobra.Command{
		Use:   "formulas [REACTION...]",
		Short: "What reactions do to the parameters, as formulas",
		Long: "formulas prints how each reaction, at unit rate, changes the parameters of the effective distribution in its standard frame, where the\n" +
			"visible variables have the mean b and the covariance WᵀW + σ² I; μ and Σ are mean and variance of the latent variable. Without REACTION\n" +
			"it prints those that the source learns from. Of a REACTION such as \"A + B -> 2 B\" all names are visible variables, except the latent one;\n" +
			"--visible names more, and --experiment takes the variables of the source. How many are visible matters: σ² is shared by all.",
		Example: "  cme reduced formulas\n  cme reduced formulas --experiment receptors --latex\n  cme reduced formulas \"A + B -> 2 B\" \"A + X -> 0\"",
		RunE: func(cmd *cobra.Command, args []string) error {
			names, reactions, err := o.choose(cmd, args)
			if err != nil {
				return err
			}
			f, err := reduced.NewFeatures(names, reactions...)
			if err != nil {
				return refused(err, reduced.ErrCandidate)
			}
			if o.latex {
				return printLaTeX(cmd.OutOrStdout(), f)
			}
			return printFormulas(cmd.OutOrStdout(), names, f)
		},
	}
	f := cmd.Flags()
	f.Var(&o.experiment, "experiment", "variables and reactions of the source: different concentrations of IP3, or different numbers of receptors")
	f.Var(&o.visible, "visible", "visible variables, in the order in which they are printed (default: those in REACTION)")
	f.Var(&o.latent, "latent", "the latent variable in REACTION")
	f.BoolVar(&o.latex, "latex", false, "LaTeX instead of text")
	return cmd
}

// choose returns the variables, the latent one last, and the reactions.
func (o *formulaOptions) choose(cmd *cobra.Command, args []string) (names, reactions []string, err error) {
	experiment := cmd.Flags().Changed("experiment")
	if own := o.visible.given || cmd.Flags().Changed("latent"); experiment && own {
		return nil, nil, usagef("--experiment names all variables; leave out --visible and --latent")
	} else if own && len(args) == 0 {
		return nil, nil, usagef("--visible and --latent are about a REACTION; give one such as \"A + B -> 2 B\"")
	}
	e := study.Experiment(o.experiment.value)
	if len(args) == 0 {
		return e.Variables(), e.Candidates(), nil
	}
	if experiment {
		return e.Variables(), args, nil
	}
	latent := o.latent.value
	if names = o.visible.value; slices.Contains(names, latent) {
		return nil, nil, usagef("%s is the latent variable and cannot be visible; choose another one with --latent", latent)
	}
	if !o.visible.given {
		for _, text := range args {
			e, err := crn.ParseReaction(text)
			if err != nil {
				return nil, nil, usagef("%w", err)
			}
			for _, t := range slices.Concat(e.Reactants, e.Products) {
				if t.Species != latent && !slices.Contains(names, t.Species) {
					names = append(names, t.Species)
				}
			}
		}
	}
	if len(names) == 0 {
		return nil, nil, usagef("no variable is visible in %q; name some with --visible A,B", args)
	}
	return append(slices.Clone(names), latent), args, nil
}

// parseVariable reads a name as it can stand in a reaction.
func parseVariable(text string) (string, error) {
	name := strings.TrimSpace(text)
	e, err := crn.ParseReaction(name + " -> 0")
	if err != nil || len(e.Reactants) != 1 || e.Reactants[0].Species != name {
		return "", fmt.Errorf("%q is no name; give one like A", name)
	}
	return name, nil
}

// parseVariables reads "A,B,…".
func parseVariables(text string) ([]string, error) {
	names, err := parseNames(text)
	for _, n := range names {
		if _, err := parseVariable(n); err != nil {
			return nil, err
		}
	}
	return names, err
}

// printFormulas prints text.
func printFormulas(w io.Writer, names []string, f *reduced.Features) error {
	visible, latent := names[:len(names)-1], names[len(names)-1]
	if _, err := fmt.Fprintf(w, "visible %s; latent %s with mean μ_%s and variance Σ_%s; standard frame, unit rates\n", strings.Join(visible, ", "), latent, latent, latent); err != nil {
		return err
	}
	for _, a := range f.Approximations {
		if _, err := fmt.Fprintf(w, "\n%v", a); err != nil {
			return err
		}
	}
	return nil
}

// printLaTeX prints displayed equations, the reaction above those of each.
func printLaTeX(w io.Writer, f *reduced.Features) error {
	for _, a := range f.Approximations {
		lines := append([]reduced.Formula{{Left: a.Candidate.LaTeX()}}, a.LaTeX()...)
		if _, err := fmt.Fprintf(w, "%% %v\n%s\n", a.Candidate.Equation, kernelext.LaTeX(lines)); err != nil {
			return err
		}
	}
	return nil
}
