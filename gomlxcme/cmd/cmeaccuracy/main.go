package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := newCommand().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "cmeaccuracy:", err)
		if errors.Is(err, context.Canceled) {
			os.Exit(130)
		}
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	b := &bench{today: time.Now().UTC().Format(time.DateOnly)}
	var only []string
	var seeds uint64
	var kept, table string
	c := &cobra.Command{
		Use:           "cmeaccuracy",
		Short:         "Measure cme solve on the systems of the catalogue",
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
	}
	f := c.Flags()
	f.StringVar(&b.cme, "cme", "bin/cme", "program that is measured")
	f.StringVar(&b.out, "out", "out/accuracy", "folder of the result directories")
	f.StringVar(&kept, "rows", "gomlxcme/accuracy.jsonl", "file of what was measured")
	f.StringVar(&table, "table", "gomlxcme/ACCURACY.md", "file of the table")
	f.StringSliceVar(&only, "only", nil, "systems to measure (default: all)")
	f.Uint64Var(&seeds, "seeds", 3, "number of seeds, from 1")
	f.Float64Var(&b.until, "until", 0, "leave out later output times (default: none)")
	f.DurationVar(&b.limit, "limit", time.Hour, "longest run; a longer one counts as failed, and goes on the next time")
	c.RunE = func(c *cobra.Command, _ []string) error {
		b.say = func(format string, a ...any) { fmt.Fprintf(c.ErrOrStderr(), format+"\n", a...) }
		chosen, err := choose(presets(), only)
		if err != nil {
			return err
		}
		store, err := openRows(kept)
		if err != nil {
			return err
		}
		return b.all(c.Context(), chosen, seeds, store, func() error {
			return run.WriteFile(table, func(w io.Writer) error { return printTable(w, store.list, presets()) })
		})
	}
	return c
}

// choose returns the presets of the named systems, or all.
func choose(all []preset, names []string) ([]preset, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []preset
	for _, n := range names {
		k := slices.IndexFunc(all, func(p preset) bool { return p.system == n })
		if k < 0 {
			var known []string
			for _, p := range all {
				known = append(known, p.system)
			}
			return nil, fmt.Errorf("no preset for %q; there are %s", n, strings.Join(known, ", "))
		}
		chosen = append(chosen, all[k])
	}
	return chosen, nil
}

// all measures what is missing, and writes the table after every row.
func (b *bench) all(ctx context.Context, chosen []preset, seeds uint64, store *rows, write func() error) error {
	for seed := uint64(1); seed <= seeds; seed++ {
		for _, p := range chosen {
			q, err := b.question(p, seed)
			if err != nil {
				return err
			}
			if store.done(q) {
				continue
			}
			answer, err := b.measure(ctx, q)
			if err != nil {
				return err
			}
			if answer.Failure != "" {
				b.say("%s, seed %d failed: %s", p.system, seed, answer.Failure)
			}
			if err := errors.Join(store.put(answer), write()); err != nil {
				return err
			}
		}
	}
	return write()
}
