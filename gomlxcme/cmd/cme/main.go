package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// The exit status, as the package comment says.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGUSR1)
	// SIGUSR1 is how Slurm tells that the time is nearly over.
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs one command line, prints its error as one message, and returns the exit status.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot(stdout, stderr)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	fmt.Fprintln(stderr, "cme: "+message(err))
	switch {
	case isUsage(err):
		return exitUsage
	case errors.Is(err, context.Canceled), errors.Is(err, run.ErrTruncated):
		return exitInterrupted
	}
	return exitFailed
}

// message is the text of an error in one line, without the name of the package it comes from, which is of no use here.
func message(err error) string {
	text := err.Error()
	for _, name := range []string{"backend", "crn", "dist", "evolve", "fetch", "fsp", "merge", "rare", "run", "splitting", "ssa", "sweep", "systems", "van"} {
		text = strings.TrimPrefix(text, name+": ")
	}
	return strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "; ")
}
