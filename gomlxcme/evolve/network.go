package evolve

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Network is a solved network at one time: it gives log P of any state, draws
// states, can be stored and loaded, and start another run (Settings.From).
type Network struct {
	Time    float64
	Species []string // in the order of the states' counts
	Model   *van.Model
	Theta   van.Params
}

// networkHeader is the first line of a network file; the parameters follow as
// van.Model.Save writes them.
type networkHeader struct {
	Format       string
	Time         float64
	Species      []string
	Architecture json.RawMessage
	Box          van.Box
}

const networkFormat = "gomlx-cme network 1"

// Save writes the network: one line of JSON that says what it is, then its
// parameters. Equal networks give equal bytes.
func (n *Network) Save(w io.Writer) error {
	arch, err := van.MarshalArchitecture(n.Model.Arch)
	if err != nil {
		return fmt.Errorf("evolve: cannot save the network: %w", err)
	}
	line, err := json.Marshal(networkHeader{Format: networkFormat, Time: n.Time, Species: n.Species, Architecture: arch, Box: n.Model.Box})
	if err != nil {
		return fmt.Errorf("evolve: cannot save the network: %w", err)
	}
	if _, err := w.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("evolve: cannot save the network: %w", err)
	}
	return n.Model.Save(w, n.Theta)
}

// maxNetworkHeader bounds the first line of a network file.
const maxNetworkHeader = 1 << 20

// LoadNetwork reads what Save wrote, and compiles the network for a backend.
// Damaged data and those of another kind give an error that wraps van.ErrFormat.
func LoadNetwork(r io.Reader, b *backend.Backend, workers int) (*Network, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	h, arch, err := readNetworkHeader(in)
	if err != nil {
		return nil, err
	}
	model, err := van.New(b, h.Box, arch, workers)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", van.ErrFormat, err)
	}
	theta, err := model.Load(in)
	if err != nil {
		return nil, err
	}
	return &Network{Time: h.Time, Species: h.Species, Model: model, Theta: theta}, nil
}

// readNetworkHeader reads the first line.
func readNetworkHeader(in *bufio.Reader) (h networkHeader, arch van.Architecture, err error) {
	var line []byte
	for more := true; more; {
		part, prefix, err := in.ReadLine()
		if line = append(line, part...); err != nil || len(line) > maxNetworkHeader {
			return h, nil, fmt.Errorf("%w: it does not begin like a stored network", van.ErrFormat)
		}
		more = prefix
	}
	if err := json.Unmarshal(line, &h); err != nil || h.Format != networkFormat {
		return h, nil, fmt.Errorf("%w: the first line is not that of a %q", van.ErrFormat, networkFormat)
	}
	switch {
	case !(h.Time > 0) || math.IsInf(h.Time, 0):
		return h, nil, fmt.Errorf("%w: it is of time %v", van.ErrFormat, h.Time)
	case len(h.Species) != h.Box.Species():
		return h, nil, fmt.Errorf("%w: it names %d species for %d counts", van.ErrFormat, len(h.Species), h.Box.Species())
	}
	arch, err = van.UnmarshalArchitecture(h.Architecture)
	return h, arch, err
}

// Distribution lists every state with its probability where the box is small,
// and draws 100,000 quasi-random samples by the seed otherwise.
func (n *Network) Distribution(seed uint64) (*dist.Table, error) {
	return tabulate(n.Species, n.Model, n.Theta, stream(seed, math.MaxUint32, 0))
}

// Sample draws independent states [count·L] by the seed, and returns log P [count]
// of each.
func (n *Network) Sample(count int, seed uint64) (states []int32, logp []float64, err error) {
	if count < 1 {
		return nil, nil, fmt.Errorf("%w: %d samples; ask for at least one", ErrSettings, count)
	}
	draw := Draw{Model: n.Model, Rand: rand.New(rand.NewPCG(seed, math.Float64bits(n.Time)))}
	states = make([]int32, count*len(n.Species))
	if err := n.Model.Sample(states, n.Theta, uniforms(draw, count, true), nil); err != nil {
		return nil, nil, err
	}
	logp = make([]float64, count)
	return states, logp, n.Model.LogProb(logp, n.Theta, states)
}

// At returns the network at one of the output times that were reached. At time 0,
// where the answer is the initial law, there is none.
func (r *Result) At(time float64) (*Network, error) {
	for _, o := range r.State.Outputs {
		if o.Time == time && o.Theta != nil {
			return &Network{Time: time, Species: slices.Clone(r.Species), Model: r.Model, Theta: slices.Clone(o.Theta)}, nil
		}
	}
	var times []float64
	for _, o := range r.State.Outputs {
		if o.Theta != nil {
			times = append(times, o.Time)
		}
	}
	return nil, fmt.Errorf("%w: there is no network of t = %g; those that were reached are of %v", ErrSettings, time, times)
}
