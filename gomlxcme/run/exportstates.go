package run

import (
	"errors"
	"fmt"
	"io"

	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

// ErrShape is returned for states, log-probabilities and species that do not fit together.
var ErrShape = errors.New("run: shapes do not fit")

// ExportSamples writes states that were drawn at each time as a NumPy archive: "times" [T]; "log_p" [T, N], the
// log-probability of each; and for each species a "count_NAME" [T, N]. states[i] is [N·L] row by row, logp[i] is [N].
func ExportSamples(w io.Writer, times []float64, species []string, states [][]int32, logp [][]float64) error {
	if len(times) == 0 || len(logp[0]) == 0 {
		return ErrNothing
	}
	n, l := len(logp[0]), len(species)
	if len(states) != len(times) || len(logp) != len(times) {
		return fmt.Errorf("%w: %d times, %d sets of states, %d of log-probabilities", ErrShape, len(times), len(states), len(logp))
	}
	for i := range times {
		if len(states[i]) != n*l || len(logp[i]) != n {
			return fmt.Errorf("%w: %d counts and %d log-probabilities at t = %v, of %d species and %d states", ErrShape, len(states[i]), len(logp[i]), times[i], l, n)
		}
	}
	return exportLogP(w, times, logp, func(write func(string, any) error) error {
		for s, name := range species {
			counts := mat.NewDense(len(times), n, nil)
			for i, x := range states {
				for k := range n {
					counts.Set(i, k, float64(x[k*l+s]))
				}
			}
			if err := write("count_"+name, counts); err != nil {
				return err
			}
		}
		return nil
	})
}

// ExportStates writes a list of states, the same at all times, as a NumPy archive: "times" [T]; "log_p" [T, N]; and for each
// species a "count_NAME" [N]. states is [N·L] row by row, logp[i] is [N].
func ExportStates(w io.Writer, times []float64, species []string, states []int32, logp [][]float64) error {
	if len(times) == 0 || len(states) == 0 {
		return ErrNothing
	}
	n, l := len(states)/len(species), len(species)
	for i := range times {
		if len(logp) != len(times) || len(logp[i]) != n || n*l != len(states) {
			return fmt.Errorf("%w: %d counts of %d species, and log-probabilities of %d of %d times", ErrShape, len(states), l, len(logp), len(times))
		}
	}
	return exportLogP(w, times, logp, func(write func(string, any) error) error {
		for s, name := range species {
			counts := make([]int32, n)
			for k := range counts {
				counts[k] = states[k*l+s]
			}
			if err := write("count_"+name, counts); err != nil {
				return err
			}
		}
		return nil
	})
}

// exportLogP writes times and log-probabilities, and then what counts writes.
func exportLogP(w io.Writer, times []float64, logp [][]float64, counts func(write func(string, any) error) error) error {
	out := npz.NewWriter(w)
	write := func(name string, v any) error {
		if err := out.Write(name+".npy", v); err != nil {
			return fmt.Errorf("run: cannot write array %q: %w", name, err)
		}
		return nil
	}
	if err := write("times", times); err != nil {
		return err
	}
	p := mat.NewDense(len(times), len(logp[0]), nil)
	for i, row := range logp {
		p.SetRow(i, row)
	}
	if err := write("log_p", p); err != nil {
		return err
	}
	if err := counts(write); err != nil {
		return err
	}
	return out.Close()
}
