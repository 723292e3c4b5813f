package switching

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// Remake runs the command of each row again, once for all rows that have it, by a cme at a path, and returns rows with the numbers of
// now. told, if not nil, hears of every command before it runs.
func Remake(ctx context.Context, program string, rows []Row, told func(command string)) ([]Row, error) {
	out := slices.Clone(rows)
	done := map[string]bool{}
	for _, r := range rows {
		if done[r.Command] {
			continue
		}
		done[r.Command] = true
		if told != nil {
			told(r.Command)
		}
		made, err := call(ctx, program, r.Command)
		if err != nil {
			return nil, err
		}
		for i := range out {
			if out[i].Command != r.Command {
				continue
			}
			k := slices.IndexFunc(made, func(m Row) bool {
				return m.Quantity == out[i].Quantity && (m.Time == out[i].Time || math.IsNaN(m.Time) && math.IsNaN(out[i].Time))
			})
			if k < 0 {
				return nil, fmt.Errorf("switching: %q says nothing of %s at t = %g", r.Command, out[i].Quantity, out[i].Time)
			}
			out[i].Estimate, out[i].CPU = made[k].Estimate, made[k].CPU
		}
	}
	return out, nil
}

// call runs a command, whose first word must be cme, and reads the table that it prints.
func call(ctx context.Context, program, command string) ([]Row, error) {
	words := strings.Fields(strings.ReplaceAll(command, "'", ""))
	if len(words) < 2 || words[0] != "cme" {
		return nil, fmt.Errorf("switching: %q is no command of cme", command)
	}
	var out, problems bytes.Buffer
	c := exec.CommandContext(ctx, program, words[1:]...)
	c.Stdout, c.Stderr = &out, &problems
	if err := c.Run(); err != nil {
		return nil, fmt.Errorf("switching: %s: %w: %s", command, err, strings.TrimSpace(problems.String()))
	}
	used := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	lines, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(lines) == 0 {
		return nil, fmt.Errorf("switching: %s printed no table: %w", command, err)
	}
	var rows []Row
	for _, line := range lines[1:] {
		text := func(name string) string {
			if k := slices.Index(lines[0], name); k >= 0 {
				return line[k]
			}
			return ""
		}
		number := func(name string) float64 {
			v, err := strconv.ParseFloat(text(name), 64)
			if err != nil {
				return math.NaN()
			}
			return v
		}
		r := Row{Quantity: text("quantity"), Time: number("time"), CPU: math.Round(100*used.Seconds()) / 100}
		r.Estimate = rare.Estimate{Value: number("value"), Low: number("lower"), High: number("upper"), Method: rare.Method(text("method"))}
		if events := number("events"); events > 0 {
			r.Cost = int(events)
		}
		rows = append(rows, r)
	}
	return rows, nil
}
