package van

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
)

// ErrFormat is returned by Load for data that Save has not written, or not for
// this model.
var ErrFormat = errors.New("van: bad parameter file")

// header is the first line of a parameter file.
type header struct {
	Format       string
	Architecture string
	Box          Box
	Parameters   int
}

const format = "gomlx-cme parameters 1"

// Save writes parameters with what they belong to: one line of JSON, then the
// numbers as 64-bit little-endian floats. Equal parameters give equal bytes.
func (m *Model) Save(w io.Writer, theta Params) error {
	if len(theta) != m.Size() {
		return fmt.Errorf("van: %d parameters given for %v, which has %d", len(theta), m.Arch, m.Size())
	}
	line, err := json.Marshal(header{Format: format, Architecture: m.Arch.String(), Box: m.Box, Parameters: len(theta)})
	if err != nil {
		return fmt.Errorf("van: cannot save parameters: %w", err)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("van: cannot save parameters: %w", err)
	}
	if err := binary.Write(w, binary.LittleEndian, []float64(theta)); err != nil {
		return fmt.Errorf("van: cannot save parameters: %w", err)
	}
	return nil
}

// maxHeader bounds the first line of a parameter file.
const maxHeader = 1 << 20

// Load reads what Save wrote. It returns ErrFormat if the data are damaged, hold
// numbers that are not finite, or belong to another architecture or box.
func (m *Model) Load(r io.Reader) (Params, error) {
	var line []byte
	for one := make([]byte, 1); ; {
		if _, err := io.ReadFull(r, one); err != nil {
			return nil, fmt.Errorf("%w: the first line does not end: %v", ErrFormat, err)
		}
		if one[0] == '\n' {
			break
		}
		if line = append(line, one[0]); len(line) > maxHeader {
			return nil, fmt.Errorf("%w: the first line is longer than %d bytes", ErrFormat, maxHeader)
		}
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil || h.Format != format {
		return nil, fmt.Errorf("%w: the first line is not a header of %q", ErrFormat, format)
	}
	if h.Architecture != m.Arch.String() || !reflect.DeepEqual(h.Box, m.Box) || h.Parameters != m.Size() {
		return nil, fmt.Errorf("%w: it holds %d parameters of %s on %+v, not %d of %s on %+v", ErrFormat, h.Parameters, h.Architecture, h.Box, m.Size(), m.Arch, m.Box)
	}
	theta := make(Params, h.Parameters)
	if err := binary.Read(r, binary.LittleEndian, []float64(theta)); err != nil {
		return nil, fmt.Errorf("%w: the numbers end too early: %v", ErrFormat, err)
	}
	for i, v := range theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: parameter %d is %v", ErrFormat, i, v)
		}
	}
	if n, _ := r.Read(make([]byte, 1)); n != 0 {
		return nil, fmt.Errorf("%w: there is more behind the numbers", ErrFormat)
	}
	return theta, nil
}
