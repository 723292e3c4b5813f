package main

import (
	"fmt"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/spf13/cobra"
)

// maxListed is how many points a status lists.
const maxListed = 20

// pointLine is a point in the JSON of a status.
type pointLine struct {
	sweep.Point
	Status sweep.Status `json:"status"`
	Error  string       `json:"error,omitempty"`
}

func newSweepStatus() *cobra.Command {
	var place sweepPlace
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status SPEC",
		Short:   "How the points of a sweep stand",
		Example: "  cme sweep status sweep.yaml",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := place.open(args[0])
			if err != nil {
				return err
			}
			var count sweep.Count
			var lines []pointLine
			var rows [][]string
			err = s.Watch(func(p *sweep.Point, status sweep.Status, r *sweep.Result) error {
				count.Add(status)
				text := ""
				if r != nil {
					text = r.Error
				}
				if asJSON {
					lines = append(lines, pointLine{*p, status, text})
				} else if status != sweep.Complete && status != sweep.Waiting && len(rows) < maxListed {
					rows = append(rows, []string{strconv.Itoa(p.Index), string(status), s.Head.Describe(p), text})
				}
				return nil
			})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), struct {
					sweep.Count
					Folder string      `json:"folder"`
					List   []pointLine `json:"list"`
				}{count, s.Path, lines})
			}
			fmt.Fprintln(cmd.OutOrStdout(), count)
			if len(rows) == 0 {
				return nil
			}
			return leftTable(cmd.OutOrStdout(), []string{"point", "status", "values", "why"}, rows)
		},
	}
	place.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with every point")
	return cmd
}

func newSweepRetry() *cobra.Command {
	var place sweepPlace
	which := option[string]{value: "failed", given: true, kind: "failed|truncated|all", parse: choice([]string{"failed", "truncated", "all"}, nil)}
	index := option[int]{kind: "I", parse: parseCount(0)}
	cmd := &cobra.Command{
		Use:   "retry SPEC",
		Short: "Have points that failed computed again, and truncated ones computed on",
		Long: "retry marks points; run, local or a new job array then computes them. Truncated points go on from where they stopped, with their\n" +
			"budget anew. Until then their results stay.",
		Example: "  cme sweep retry sweep.yaml --what truncated && cme sweep local sweep.yaml",
		Args:    exactly("SPEC"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := place.open(args[0])
			if err != nil {
				return err
			}
			statuses := map[string][]sweep.Status{"failed": {sweep.Failed}, "truncated": {sweep.Truncated}, "all": {sweep.Failed, sweep.Truncated}}
			var chosen func(*sweep.Point) bool
			if index.given {
				if _, err := s.Point(index.value); err != nil {
					return refused(err, sweepErrors...)
				}
				chosen = func(p *sweep.Point) bool { return p.Index == index.value }
			}
			n, err := s.Again(statuses[which.value], chosen)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d points are to be computed again; give \"cme sweep local %s\", or run them as before\n", n, args[0])
			return err
		},
	}
	place.register(cmd)
	cmd.Flags().Var(&which, "what", "which points")
	cmd.Flags().Var(&index, "index", "only this point")
	return cmd
}
