package datasets

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/sbinet/npyio/npy"
	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"
)

// exact is the largest size of whole numbers that all survive as floating-point numbers.
const exact = 1 << 53

// column is one array over times: its name, and where it stands in the sums.
type column struct {
	name   string
	at     int
	second bool
}

// columns of sums over the named counts.
func columns(visible []string) (c []column) {
	for i, x := range visible {
		c = append(c, column{"sum_" + x, i, false})
	}
	k := 0
	for i, x := range visible {
		for _, y := range visible[:i+1] {
			c = append(c, column{"sum_" + y + "_" + x, k, true})
			k++
		}
	}
	return c
}

// place is where the column has its value at time t.
func (c column) place(s *reduced.Sums, t int) *int64 {
	v := len(s.Visible)
	if c.second {
		return &s.Second[t*v*(v+1)/2+c.at]
	}
	return &s.First[t*v+c.at]
}

// writeArchive writes the sums of all conditions as a NumPy archive.
func writeArchive(w io.Writer, set Set, sums []*reduced.Sums) error {
	out := npz.NewWriter(w)
	write := func(name string, v any) error {
		if err := out.Write(name+".npy", v); err != nil {
			return fmt.Errorf("cannot write the array %s: %w", name, err)
		}
		return nil
	}
	volume, receptors, ip3 := make([]float64, len(sums)), make([]int64, len(sums)), make([]float64, len(sums))
	for i, c := range set.Conditions {
		volume[i], receptors[i], ip3[i] = c.Volume, int64(c.Receptors), c.IP3
	}
	for _, a := range []struct {
		name string
		v    any
	}{{"times", sums[0].Times}, {"volume", volume}, {"receptors", receptors}, {"ip3", ip3}} {
		if err := write(a.name, a.v); err != nil {
			return err
		}
	}
	for _, c := range columns(sums[0].Visible) {
		m := mat.NewDense(len(sums), len(sums[0].Times), nil)
		for i, s := range sums {
			for t := range s.Times {
				x := *c.place(s, t)
				if x > exact || x < -exact {
					return fmt.Errorf("%s at t = %v in condition %d is %d, which NumPy archives of ours cannot hold exactly: make fewer runs", c.name, s.Times[t], i+1, x)
				}
				m.Set(i, t, float64(x))
			}
		}
		if err := write(c.name, m); err != nil {
			return err
		}
	}
	return out.Close()
}

// readArchive reads what writeArchive wrote.
func readArchive(content []byte, set Set) ([]*reduced.Sums, error) {
	in, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	// The reader of npyio takes what one call of Read gives for a whole number, which the end of a compressed block may cut in two: it gets
	// arrays from memory.
	read := func(name string, v any) error {
		array, err := fs.ReadFile(in, name+".npy")
		if err != nil {
			return err
		}
		if err := npy.Read(bytes.NewReader(array), v); err != nil {
			return fmt.Errorf("array %s: %w", name, err)
		}
		return nil
	}
	var times []float64
	if err := read("times", &times); err != nil {
		return nil, err
	}
	sums := make([]*reduced.Sums, len(set.Conditions))
	for i := range sums {
		sums[i] = reduced.NewSums(calcium.Visible(), times)
		sums[i].Runs = set.Runs
	}
	for _, c := range columns(calcium.Visible()) {
		var m mat.Dense
		if err := read(c.name, &m); err != nil {
			return nil, err
		}
		if rows, n := m.Dims(); rows != len(sums) || n != len(times) {
			return nil, fmt.Errorf("array %s is %d by %d, not %d by %d", c.name, rows, n, len(sums), len(times))
		}
		for i, s := range sums {
			for t := range times {
				x := m.At(i, t)
				if x != math.Trunc(x) || math.Abs(x) > exact {
					return nil, fmt.Errorf("array %s has %v, which is no whole number", c.name, x)
				}
				*c.place(s, t) = int64(x)
			}
		}
	}
	return sums, nil
}

// digest is the SHA-256 of the numbers themselves: that of the archive also depends on how it is compressed.
func digest(sums []*reduced.Sums) string {
	h := sha256.New()
	for _, s := range sums {
		for _, part := range []any{int64(s.Runs), s.Times, s.First, s.Second} {
			_ = binary.Write(h, binary.LittleEndian, part) // a hash never fails
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
