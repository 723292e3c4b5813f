package run

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

// readInto reads one array of an archive.
func readInto(t *testing.T, archive []byte, name string, v any) {
	t.Helper()
	r, err := npz.NewReader(bytes.NewReader(archive), int64(len(archive)))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Read(name+".npy", v); err != nil {
		t.Fatal(name, err)
	}
}

func readMatrix(t *testing.T, archive []byte, name string) *mat.Dense {
	t.Helper()
	m := new(mat.Dense)
	readInto(t, archive, name, m)
	return m
}

func TestStatesAreExported(t *testing.T) {
	var b bytes.Buffer
	species, logp := []string{"A", "B"}, [][]float64{{-1, -2, -3}, {-4, -5, -6}}
	if err := ExportStates(&b, []float64{1, 2}, species, []int32{0, 1, 2, 3, 4, 5}, logp); err != nil {
		t.Fatal(err)
	}
	var got []int32
	if readInto(t, b.Bytes(), "count_B", &got); !slices.Equal(got, []int32{1, 3, 5}) {
		t.Errorf("counts %v", got)
	}
	if got, want := readMatrix(t, b.Bytes(), "log_p"), mat.NewDense(2, 3, []float64{-1, -2, -3, -4, -5, -6}); !mat.Equal(got, want) {
		t.Errorf("log-probabilities %v", mat.Formatted(got))
	}
	b.Reset()
	if err := ExportSamples(&b, []float64{1, 2}, species, [][]int32{{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}}, logp); err != nil {
		t.Fatal(err)
	}
	if got, want := readMatrix(t, b.Bytes(), "count_A"), mat.NewDense(2, 3, []float64{0, 2, 4, 6, 8, 10}); !mat.Equal(got, want) {
		t.Errorf("counts %v", mat.Formatted(got))
	}
}

func TestStatesThatDoNotFitAreRefused(t *testing.T) {
	var b bytes.Buffer
	one := []string{"A"}
	for name, err := range map[string]error{
		"no samples":             ExportSamples(&b, nil, one, nil, nil),
		"no states":              ExportStates(&b, []float64{1}, one, nil, nil),
		"samples of two lengths": ExportSamples(&b, []float64{1, 2}, one, [][]int32{{1}, {1, 2}}, [][]float64{{0}, {0}}),
		"states without log P":   ExportStates(&b, []float64{1}, one, []int32{1}, [][]float64{{}}),
	} {
		if !errors.Is(err, ErrShape) && !errors.Is(err, ErrNothing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
