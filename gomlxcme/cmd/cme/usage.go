package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/ssa"
	"github.com/gomlx-cme/cme/gomlxcme/van"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usageError is a mistake in the command line or in the input: nothing was computed and nothing written.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() }
func (u *usageError) Unwrap() error { return u.err }

// usagef makes a usageError; its message says what, where and how to mend it.
func usagef(format string, a ...any) error { return &usageError{fmt.Errorf(format, a...)} }

// refused turns errors of the library that mean bad input into usage errors, and leaves the others as they are.
func refused(err error, causes ...error) error {
	for _, c := range causes {
		if errors.Is(err, c) {
			return &usageError{err}
		}
	}
	return err
}

// isUsage reports whether err is a usage error.
func isUsage(err error) bool {
	var u *usageError
	return errors.As(err, &u)
}

// impossible are the errors by which a solver refuses its input before it begins; the checks here find nearly all of that
// earlier.
var impossible = []error{
	crn.ErrEvent, ssa.ErrSettings, ssa.ErrTimeDependent, fsp.ErrSettings, fsp.ErrTimeDependent, evolve.ErrSettings, van.ErrBox,
}

// directoryErrors are the ways in which a directory that the user named cannot be used.
var directoryErrors = []error{run.ErrOccupied, run.ErrMismatch, run.ErrLocked, run.ErrUnwritable, run.ErrNoRun, run.ErrCorrupt, run.ErrNoResults}

// flagError explains what is wrong with an option.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return usagef("%w; see %q", err, cmd.CommandPath()+" --help")
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	typed := unknown.GetSpecifiedName()
	hint := ""
	if near := crn.Nearest(typed, names); near != "" && len(typed) > 1 {
		hint = fmt.Sprintf("did you mean --%s? ", near)
	}
	dashes := "--"
	if len(typed) == 1 {
		dashes = "-"
	}
	return usagef("unknown option %s%s; %s%q lists the options", dashes, typed, hint, cmd.CommandPath()+" --help")
}

// exactly is the check that a command got the arguments called names.
func exactly(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		want := "no arguments"
		if len(names) > 0 {
			want = strings.Join(names, " ")
		}
		return usagef("%s takes %s, not %q; see %q", cmd.CommandPath(), want, args, cmd.CommandPath()+" --help")
	}
}
