package switching

import (
	"bytes"
	_ "embed" // of the table
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// ErrTable marks a table that is not one of this package; the message names the line.
var ErrTable = errors.New("bad table")

// Row is one number.
type Row struct {
	Lattice  string  // "1x4"
	Quantity string  // as cme writes it: "P(B)", "survival", "rate" by the slope of the survival or by splitting, "flux-rate"
	Time     float64 // NaN where the quantity has none
	rare.Estimate
	CPU     float64 // processor seconds of the command, which may have made other rows as well
	Command string  // as for a shell
}

// Voxels is the number of voxels of the lattice.
func (r Row) Voxels() int {
	rows, columns, _ := size(r.Lattice)
	return rows * columns
}

// size reads the name of a lattice.
func size(lattice string) (rows, columns int, err error) {
	a, b, found := strings.Cut(lattice, "x")
	rows, bad := strconv.Atoi(a)
	columns, worse := strconv.Atoi(b)
	if !found || bad != nil || worse != nil || rows < 1 || columns < 1 || rows > 64 || columns > 256 {
		return 0, 0, fmt.Errorf("switching: lattice %q: write one like 2x2", lattice)
	}
	return rows, columns, nil
}

//go:embed schlogl.csv
var embedded []byte

// Rows returns the table that comes with the program.
func Rows() ([]Row, error) { return Read(bytes.NewReader(embedded)) }

// Find returns the rows of a lattice, or of all for "", with a quantity by a method, in their order.
func Find(rows []Row, lattice, quantity string, m rare.Method) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(r Row) bool {
		return lattice != "" && r.Lattice != lattice || r.Quantity != quantity || r.Method != m
	})
}

var header = []string{"lattice", "quantity", "time", "value", "lower", "upper", "method", "cost", "cpu_s", "command"}

// Write writes a table that Read reads.
func Write(w io.Writer, rows []Row) error {
	list := [][]string{header}
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	for _, r := range rows {
		at := ""
		if !math.IsNaN(r.Time) {
			at = number(r.Time)
		}
		list = append(list, []string{r.Lattice, r.Quantity, at, number(r.Value), number(r.Low), number(r.High), string(r.Method), strconv.Itoa(r.Cost), number(r.CPU), r.Command})
	}
	return csv.NewWriter(w).WriteAll(list)
}

// Read reads a table. Errors wrap ErrTable.
func Read(in io.Reader) ([]Row, error) {
	lines, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("switching: %w: %w", ErrTable, err)
	}
	if len(lines) == 0 || !slices.Equal(lines[0], header) {
		return nil, fmt.Errorf("switching: %w: line 1 must be %s", ErrTable, strings.Join(header, ","))
	}
	var rows []Row
	for i, line := range lines[1:] {
		r, err := row(line)
		if err != nil {
			return nil, fmt.Errorf("switching: %w: row %d: %w", ErrTable, i+1, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// row reads a line that has as many fields as the header.
func row(line []string) (Row, error) {
	r := Row{Lattice: line[0], Quantity: line[1], Time: math.NaN(), Command: line[9]}
	r.Method = rare.Method(line[6])
	_, _, err := size(r.Lattice)
	read := func(to *float64, text string) {
		v, bad := strconv.ParseFloat(text, 64)
		if bad != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			err = errors.Join(err, fmt.Errorf("%q is no number", text))
		}
		*to = v
	}
	if line[2] != "" {
		read(&r.Time, line[2])
	}
	read(&r.Value, line[3])
	read(&r.Low, line[4])
	read(&r.High, line[5])
	read(&r.CPU, line[8])
	cost, bad := strconv.Atoi(line[7])
	if bad != nil || cost < 0 {
		err = errors.Join(err, fmt.Errorf("cost %q is no whole number", line[7]))
	}
	r.Cost = cost
	if err == nil && !(r.Low <= r.Value && r.Value <= r.High) {
		err = fmt.Errorf("%g does not lie between %g and %g", r.Value, r.Low, r.High)
	}
	return r, err
}
