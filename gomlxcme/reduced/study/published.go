package study

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// ErrPublished marks published files that are missing or have another form.
var ErrPublished = errors.New("published files")

// table is a CSV file: its rows, and where its columns are.
type table struct {
	name    string
	columns map[string]int
	rows    [][]string
	err     error
}

func readTable(files fs.FS, name string) (*table, error) {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPublished, err)
	}
	lines, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil || len(lines) < 2 {
		return nil, fmt.Errorf("%w: %s is no table: %w", ErrPublished, name, err)
	}
	t := &table{name: name, columns: map[string]int{}, rows: lines[1:]}
	for i, c := range lines[0] {
		t.columns[c] = i
	}
	return t, nil
}

// number is a cell; the first that is none is kept as the table's error.
func (t *table) number(row int, column string) float64 {
	i, found := t.columns[column]
	if !found {
		t.err = errors.Join(t.err, fmt.Errorf("%w: %s has no column %s", ErrPublished, t.name, column))
		return 0
	}
	v, err := strconv.ParseFloat(t.rows[row][i], 64)
	if err != nil && t.err == nil {
		t.err = fmt.Errorf("%w: %s, line %d: %w", ErrPublished, t.name, row+2, err)
	}
	return v
}

// scaleOf reads how the targets were standardised.
func scaleOf(files fs.FS, folder string) (reduced.Scale, error) {
	column := func(name string) ([]float64, error) {
		text, err := fs.ReadFile(files, folder+name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrPublished, err)
		}
		var out []float64
		for _, word := range strings.Fields(string(text)) {
			v, err := strconv.ParseFloat(word, 64)
			if err != nil {
				return nil, fmt.Errorf("%w: %s: %w", ErrPublished, folder+name, err)
			}
			out = append(out, v)
		}
		if len(out) != 2 {
			return nil, fmt.Errorf("%w: %s has %d numbers, not 2", ErrPublished, folder+name, len(out))
		}
		return out, nil
	}
	mean, err := column("out_mean.txt")
	if err != nil {
		return reduced.Scale{}, err
	}
	sd, err := column("out_std.txt")
	return reduced.Scale{Mean: mean, SD: sd}, err
}

// trained reads a training set: filtered parameters and their derivatives at every step, and the constants of each condition.
func trained(files fs.FS, stem string, scale reduced.Scale, begin func(constants *table, row int) (reduced.Parameters, calcium.Condition)) ([]Case, error) {
	constants, err := readTable(files, stem+"_constants.csv")
	if err != nil {
		return nil, err
	}
	lines, err := readTable(files, stem+".csv")
	if err != nil {
		return nil, err
	}
	cases := make([]Case, len(constants.rows))
	first := make([]reduced.Parameters, len(cases))
	for i := range cases {
		first[i], cases[i].Condition = begin(constants, i)
		v := len(first[i].B)
		cases[i].Series = &reduced.Series{DW: make([][]float64, v), DB: make([][]float64, v)}
	}
	for row := range lines.rows {
		k := int(lines.number(row, "cond"))
		if k < 0 || k >= len(cases) {
			return nil, fmt.Errorf("%w: %s.csv, line %d: there is no condition %d", ErrPublished, stem, row+2, k)
		}
		p := first[k].Clone()
		p.B[0], p.W[0][0] = lines.number(row, "b1"), lines.number(row, "W11")
		d := []float64{lines.number(row, "db1_std"), lines.number(row, "dW11_std")}
		scale.Undo(d, d)
		add(cases[k].Series, p, d[0], d[1])
	}
	for _, c := range cases {
		end(c.Series)
	}
	return cases, errors.Join(constants.err, lines.err)
}

// start and every are when the published series begin, and how far apart their steps are, in s.
const (
	start = 10
	every = 0.1
)

// add appends a step with its derivatives of b and W of calcium; others do not move.
func add(s *reduced.Series, p reduced.Parameters, db, dw float64) {
	s.Times = append(s.Times, start+every*float64(len(s.Times)))
	s.Filtered = append(s.Filtered, p)
	for i := range s.DB {
		s.DB[i], s.DW[i] = append(s.DB[i], db), append(s.DW[i], dw)
		db, dw = 0, 0
	}
}

// end appends the step to which the last derivatives lead.
func end(s *reduced.Series) {
	last := len(s.Filtered) - 1
	p := s.Filtered[last].Clone()
	p.B[0] += s.DB[0][last]
	p.W[0][0] += s.DW[0][last]
	s.Filtered = append(s.Filtered, p)
	s.Times = append(s.Times, start+every*float64(last+1))
}

// PublishedIP3 reads the series at 0.1 to 2.0 µM of IP3 that were published with the source. Those that it trained with are complete; of
// the others the parameters of every second are known, and those in between are interpolated along straight lines.
func PublishedIP3(files fs.FS) (*Study, error) {
	scale, err := scaleOf(files, "repo/learn_ip3/train/training_data/training_data_rxns/")
	if err != nil {
		return nil, err
	}
	complete, err := trained(files, "learn_ip3_train", scale, func(c *table, row int) (reduced.Parameters, calcium.Condition) {
		return reduced.Parameters{
			W: [][]float64{{0, c.number(row, "W12")}}, B: []float64{0, c.number(row, "b2")}, Noise: c.number(row, "sig2"), Latent: reduced.StandardFrame(1),
		}, calcium.Standard(c.number(row, "ip3_uM"))
	})
	if err != nil {
		return nil, err
	}
	seconds, err := readTable(files, "params0_raw_and_filtered_every1s.csv")
	if err != nil {
		return nil, err
	}
	raw, err := readTable(files, "params0_raw_every2s.csv")
	if err != nil {
		return nil, err
	}
	const conditions, known = 20, 41
	b2, n := make([]float64, conditions), make([]int, conditions)
	place := func(t *table, row int) (int, error) {
		k := int(math.Round(10*t.number(row, "ip3_uM"))) - 1
		if k < 0 || k >= conditions {
			return 0, fmt.Errorf("%w: %s, line %d: a concentration beyond 0.1 to 2.0", ErrPublished, t.name, row+2)
		}
		return k, nil
	}
	for row := range raw.rows {
		k, err := place(raw, row)
		if err != nil {
			return nil, err
		}
		if raw.rows[row][raw.columns["param"]] == "b2" {
			b2[k] += raw.number(row, "value")
			n[k]++
		}
	}
	values := map[string][][]float64{"W11": make([][]float64, conditions), "b1": make([][]float64, conditions)}
	for row := range seconds.rows {
		k, err := place(seconds, row)
		if err != nil {
			return nil, err
		}
		if to, wanted := values[seconds.rows[row][seconds.columns["param"]]]; wanted {
			to[k] = append(to[k], seconds.number(row, "filtered"))
		}
	}
	if err := errors.Join(raw.err, seconds.err); err != nil {
		return nil, err
	}
	s := &Study{Experiment: IP3, Origin: "published", Reduction: IP3.Reduction()}
	for k := range conditions {
		ip3 := float64(k+1) / 10
		if done := at(complete, ip3); done != nil {
			s.Cases = append(s.Cases, *done)
			continue
		}
		w, b := values["W11"][k], values["b1"][k]
		if len(w) != known || len(b) != known || n[k] == 0 {
			return nil, fmt.Errorf("%w: %d values of W, %d of b at %.1f µM, not %d", ErrPublished, len(w), len(b), ip3, known)
		}
		first := reduced.Parameters{W: [][]float64{{0, s.Reduction.FixedW[1]}}, B: []float64{0, b2[k] / float64(n[k])}, Noise: s.Reduction.FixedNoise,
			Latent: reduced.StandardFrame(1)}
		s.Cases = append(s.Cases, between(calcium.Standard(ip3), first, w, b))
	}
	return s, s.check()
}

// at returns the case with that much IP3, or nil.
func at(cases []Case, ip3 float64) *Case {
	for i := range cases {
		if math.Abs(cases[i].Condition.IP3-ip3) < 1e-9 {
			return &cases[i]
		}
	}
	return nil
}

// between interpolates W and b of calcium that are known every second.
func between(c calcium.Condition, first reduced.Parameters, w, b []float64) Case {
	const steps = 10
	out := Case{Condition: c, Series: &reduced.Series{DW: make([][]float64, len(first.B)), DB: make([][]float64, len(first.B))}}
	for i := range w {
		out.Known = append(out.Known, i*steps)
		if i == len(w)-1 {
			break
		}
		dw, db := (w[i+1]-w[i])/steps, (b[i+1]-b[i])/steps
		for j := range steps {
			p := first.Clone()
			p.W[0][0], p.B[0] = w[i]+dw*float64(j), b[i]+db*float64(j)
			add(out.Series, p, db, dw)
		}
	}
	end(out.Series)
	return out
}

// PublishedReceptors reads the series at 500 to 1000 receptors that the source trained with; those that it judged by are not among the files.
func PublishedReceptors(files fs.FS) (*Study, error) {
	scale, err := scaleOf(files, "repo/learn_ip3r/train/training_data/training_data/")
	if err != nil {
		return nil, err
	}
	s := &Study{Experiment: Receptors, Origin: "published", Reduction: Receptors.Reduction()}
	s.Cases, err = trained(files, "learn_ip3r_train", scale, func(c *table, row int) (reduced.Parameters, calcium.Condition) {
		condition := calcium.Standard(c.number(row, "ip3_uM"))
		condition.Receptors = int(c.number(row, "n_ip3r"))
		return reduced.Parameters{
			W: [][]float64{{0, c.number(row, "W12"), c.number(row, "W13")}}, B: []float64{0, c.number(row, "b2"), c.number(row, "b3")},
			Noise: c.number(row, "sig2"), Latent: reduced.StandardFrame(1),
		}, condition
	})
	if err != nil {
		return nil, err
	}
	return s, s.check()
}

// PublishedErrors are the mean errors of ten networks of each kind at 0.1 to 2.0 µM, by "rxns_shallow", "params_deep" and so on.
func PublishedErrors(files fs.FS) (map[string][]float64, error) {
	t, err := readTable(files, "mse_learn_ip3.csv")
	if err != nil {
		return nil, err
	}
	out := map[string][]float64{}
	for row := range t.rows {
		kind := t.rows[row][t.columns["model"]]
		out[kind] = append(out[kind], t.number(row, "mse_mean"))
	}
	return out, t.err
}
