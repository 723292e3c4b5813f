package learn

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

// ErrFormat marks data that Save has not written.
var ErrFormat = errors.New("no network of a reduced model")

// format is the first word of the header.
const format = "gomlx-cme reduced network 1"

// header is the first line of a saved network: all but its parameters.
type header struct {
	Format      string
	Reduction   reduced.Reduction
	Polynomials []reduced.Polynomial
	Group       int
	Visible     int
	Harmonics   int
	Steps       int
	In, Out     reduced.Scale
	Hidden      []int
	Activation  Activation
	Single      bool
	Seed        uint64
	Epoch       int
	Losses      []float64
	Checked     []float64
	Parameters  int
}

// Save writes the network: one line of JSON, then the parameters as 64-bit little-endian floats. Equal networks give equal bytes. What it was
// trained on is not written.
func (m *Model) Save(w io.Writer) error {
	p := m.Problem
	line, err := json.Marshal(header{
		Format: format, Reduction: p.Reduction, Polynomials: p.inputs, Group: p.group, Visible: len(p.Reduction.Scale.Mean), Harmonics: p.Harmonics, Steps: p.Steps, In: p.In, Out: p.Out,
		Hidden: m.net.hidden, Activation: m.net.activation, Single: m.net.single, Seed: m.Seed, Epoch: m.Epoch, Losses: m.Losses, Checked: m.Checked,
		Parameters: len(m.Theta),
	})
	if err != nil {
		return fmt.Errorf("cannot save the network: %w", err)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("cannot save the network: %w", err)
	}
	if err := binary.Write(w, binary.LittleEndian, m.Theta); err != nil {
		return fmt.Errorf("cannot save the network: %w", err)
	}
	return nil
}

// Load reads what Save wrote. The error wraps ErrFormat if it is something else, or damaged.
func Load(b *backend.Backend, r io.Reader) (*Model, error) {
	in := bufio.NewReader(r)
	line, err := in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		var rest []byte
		line = slices.Clone(line)
		rest, err = in.ReadBytes('\n')
		line = append(line, rest...)
	}
	var h header
	if err != nil || json.Unmarshal(line, &h) != nil || h.Format != format {
		return nil, fmt.Errorf("%w: the first line is not a header of %q", ErrFormat, format)
	}
	m, err := h.model(b)
	if err != nil {
		return nil, err
	}
	// What is read is as long as the file, whatever its header says.
	data, err := io.ReadAll(io.LimitReader(in, 8*int64(h.Parameters)+1))
	if err != nil || len(data) != 8*h.Parameters {
		return nil, fmt.Errorf("%w: %d bytes of parameters, or more, not %d: %w", ErrFormat, len(data), 8*h.Parameters, err)
	}
	m.Theta = make([]float64, h.Parameters)
	if _, err := binary.Decode(data, binary.LittleEndian, m.Theta); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	for i, v := range m.Theta {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: parameter %d is %v", ErrFormat, i, v)
		}
	}
	return m, nil
}

// maxPower of a variable, and maxHarmonics, are far beyond any reaction and any latent law.
const maxPower, maxHarmonics = 64, 1 << 10

// model of a header, without its parameters.
func (h *header) model(b *backend.Backend) (*Model, error) {
	moving := slices.Concat(h.Reduction.MovingB, h.Reduction.MovingW)
	k := len(h.Polynomials)
	if k == 0 || h.Group < 0 || h.Group > 0 && k%h.Group != 0 || h.Visible < 1 || h.Harmonics < 1 || h.Harmonics > maxHarmonics || h.Steps < 2 || len(h.In.Mean) != k || len(h.In.SD) != k || len(moving) == 0 || len(h.Out.Mean) != len(moving) ||
		len(h.Out.SD) != len(moving) || slices.Max(moving) >= h.Visible || slices.Min(moving) < 0 {
		return nil, fmt.Errorf("%w: inputs, scales and moving parameters do not belong together", ErrFormat)
	}
	for _, p := range h.Polynomials {
		for _, m := range p {
			if len(m.Powers) > 0 && (slices.Max(m.Powers) > maxPower || slices.Min(m.Powers) < -maxPower) || m.Denominator < 1 {
				return nil, fmt.Errorf("%w: an input with the powers %v and the denominator %d", ErrFormat, m.Powers, m.Denominator)
			}
		}
	}
	p := &Problem{Reduction: h.Reduction, Harmonics: h.Harmonics, Steps: h.Steps, In: h.In, Out: h.Out, inputs: h.Polynomials, group: h.Group}
	var err error
	if p.expansion, err = reduced.NewExpansion(h.Visible, h.Polynomials, nil, nil); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	s, err := Settings{Hidden: h.Hidden, Activation: h.Activation, Single: h.Single}.filled()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if size := p.shape(s).size(); h.Parameters != size {
		return nil, fmt.Errorf("%w: it has %d parameters, not %d", ErrFormat, h.Parameters, size)
	}
	m := &Model{Problem: p, Seed: h.Seed, Losses: h.Losses, Checked: h.Checked, Epoch: h.Epoch}
	m.net, err = p.net(b, s)
	return m, err
}
