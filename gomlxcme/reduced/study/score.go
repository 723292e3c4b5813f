package study

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// Role of a condition in a training.
type Role string

// The roles.
const (
	Learned   Role = "learned"   // its derivatives were learned from
	Validated Role = "validated" // it chose the epoch
	Unseen    Role = "unseen"    // neither: an honest test
)

// Score is how one network did in one case.
type Score struct {
	Seed      uint64
	Condition calcium.Condition
	Role      Role
	Error     float64 // mean squared error of its path; +Inf where it diverged
	Kept      float64 // that of keeping the first value
	Swing     calcium.Span
	Known     calcium.Span // the swing of the known parameters
}

// header of a table of scores.
func header() []string {
	return []string{"seed", "ip3", "receptors", "volume", "role", "error", "kept", "swing_min", "swing_max", "known_min", "known_max"}
}

// WriteScores writes a CSV table.
func WriteScores(w io.Writer, scores []Score) error {
	out := csv.NewWriter(w)
	rows := [][]string{header()}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	for _, s := range scores {
		rows = append(rows, []string{strconv.FormatUint(s.Seed, 10), number(s.Condition.IP3), strconv.Itoa(s.Condition.Receptors), number(s.Condition.Volume), string(s.Role),
			number(s.Error), number(s.Kept), number(s.Swing.Min), number(s.Swing.Max), number(s.Known.Min), number(s.Known.Max)})
	}
	return out.WriteAll(rows)
}

// ReadScores reads what WriteScores wrote.
func ReadScores(r io.Reader) (scores []Score, err error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil || len(rows) < 2 || !slices.Equal(rows[0], header()) {
		return nil, fmt.Errorf("%w: no table of scores: %w", ErrStudy, err)
	}
	for line, row := range rows[1:] {
		var v [11]float64
		for i, cell := range row {
			if i == 4 {
				continue
			}
			if v[i], err = strconv.ParseFloat(cell, 64); err != nil {
				return nil, fmt.Errorf("%w: scores, line %d: %w", ErrStudy, line+2, err)
			}
		}
		seed, err := strconv.ParseUint(row[0], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("%w: scores, line %d: %w", ErrStudy, line+2, err)
		}
		scores = append(scores, Score{seed, calcium.Condition{IP3: v[1], Receptors: int(v[2]), Volume: v[3]}, Role(row[4]), v[5], v[6],
			calcium.Span{Min: v[7], Max: v[8]}, calcium.Span{Min: v[9], Max: v[10]}})
	}
	return scores, nil
}

// Score follows the field of one network in cases and hands every outcome to see, which may be nil.
func (s *Study) Score(ctx context.Context, seed uint64, cases []Case, role func(Case) Role, by reduced.Integrator, f reduced.Field, see func(Case, Outcome)) ([]Score, error) {
	var out []Score
	for _, c := range cases {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		kept, err := s.Kept(c)
		if err != nil {
			return nil, err
		}
		o, err := s.Follow(c, by, f)
		if err != nil {
			return nil, err
		}
		if see != nil {
			see(c, o)
		}
		known, err := s.swing(c, c.Series.Filtered)
		if err != nil {
			return nil, err
		}
		out = append(out, Score{seed, c.Condition, role(c), o.Error, kept, o.Swing, known})
	}
	return out, nil
}

// Summary is how networks did at one value: the concentration of IP3, or the number of receptors over all concentrations.
type Summary struct {
	Value    float64
	Role     Role
	Networks int
	Diverged int     // of them; they are in the median, but not in mean and band
	Median   float64 // over networks of the error, which for receptors is the mean over concentrations
	Mean     float64
	Band     float64 // 1.96 standard errors of the mean
	Best     float64 // smallest and largest error of those that did not diverge; NaN without any
	Worst    float64
	Together float64 // error of all networks as one model, reduced.Together; NaN if it is not known
	Kept     float64
	// Swing of calcium in µM: its lowest and highest mean ∓ sd over the last times, as means over networks that did not diverge, with 1.96 standard
	// errors of these; and that of the known parameters.
	Swing, SwingBand, Known calcium.Span
}

// Summarise groups scores by value, rising. Those of all networks together, if there are any, stand beside them.
func (e Experiment) Summarise(scores, together []Score) []Summary {
	var values []float64
	for _, s := range scores {
		values = append(values, e.Value(s.Condition))
	}
	slices.Sort(values)
	var out []Summary
	for _, v := range slices.Compact(values) {
		s := e.summary(v, scores)
		if s.Together = math.NaN(); len(together) > 0 {
			s.Together = e.summary(v, together).Median
		}
		out = append(out, s)
	}
	return out
}

func (e Experiment) summary(value float64, scores []Score) Summary {
	s := Summary{Value: value}
	sum, n := map[uint64]float64{}, map[uint64]float64{}
	var seeds []uint64
	var low, high []float64
	count := 0.0
	for _, x := range scores {
		if e.Value(x.Condition) != value {
			continue
		}
		if n[x.Seed] == 0 {
			seeds = append(seeds, x.Seed)
		}
		sum[x.Seed] += x.Error
		n[x.Seed]++
		s.Role = x.Role
		s.Kept += x.Kept
		s.Known.Min += x.Known.Min
		s.Known.Max += x.Known.Max
		count++
		if !math.IsInf(x.Error, 0) {
			low, high = append(low, x.Swing.Min), append(high, x.Swing.Max)
		}
	}
	s.Known.Min, s.Known.Max = s.Known.Min/count, s.Known.Max/count
	s.Swing = calcium.Span{Min: mean(low), Max: mean(high)}
	s.SwingBand = calcium.Span{Min: band(low), Max: band(high)}
	s.Networks, s.Kept = len(seeds), s.Kept/count
	var errors, finite []float64
	for _, seed := range seeds {
		x := sum[seed] / n[seed]
		if errors = append(errors, x); math.IsInf(x, 0) {
			s.Diverged++
			continue
		}
		finite = append(finite, x)
	}
	s.Median, s.Mean, s.Band = Median(errors), mean(finite), band(finite)
	if s.Best, s.Worst = math.NaN(), math.NaN(); len(finite) > 0 {
		s.Best, s.Worst = slices.Min(finite), slices.Max(finite)
	}
	return s
}

// Median of numbers, which may be +Inf; NaN of none.
func Median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(x))
	low, high := sorted[(len(sorted)-1)/2], sorted[len(sorted)/2]
	if low == high {
		return low
	}
	return (low + high) / 2
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// band is 1.96 standard errors of the mean.
func band(x []float64) float64 { return 1.96 * deviation(x) / math.Sqrt(float64(len(x))) }

// deviation is the sample standard deviation.
func deviation(x []float64) float64 {
	m, square := mean(x), 0.0
	for _, v := range x {
		square += (v - m) * (v - m)
	}
	return math.Sqrt(square / float64(len(x)-1))
}
