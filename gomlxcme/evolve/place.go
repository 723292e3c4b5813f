package evolve

import (
	"errors"
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve/device"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Place is where the steps of Published are made: both give the same law to rounding.
type Place int

const (
	// AutomaticPlace chooses what was faster when it was measured, chapter "Backends" of
	// BENCHMARKS.md: the host for the Go backend and for XLA on the CPU, the device for
	// other XLA devices, where numbers would travel far (CUDA has not been measured). What
	// cannot be done on the device is done on the host.
	AutomaticPlace Place = iota
	// OnHost evaluates the network on the backend, each state once, and does all else,
	// neighbours, propensities and the solution of the equations, on the host.
	OnHost
	// OnDevice makes whole steps on the backend's device (package device); it is an error
	// where that cannot be done.
	OnDevice
)

func (p Place) String() string {
	switch p {
	case AutomaticPlace:
		return "auto"
	case OnHost:
		return "host"
	case OnDevice:
		return "device"
	}
	return fmt.Sprintf("Place(%d)", int(p))
}

// ParsePlace reads what String writes.
func ParsePlace(text string) (Place, error) {
	for p := AutomaticPlace; p <= OnDevice; p++ {
		if text == p.String() {
			return p, nil
		}
	}
	return 0, fmt.Errorf("%w: steps are made at the place %q; choose auto, host or device", ErrSettings, text)
}

// kernel returns the graphs of whole steps on the device, or nil for steps on the host,
// and then why, for people, where the device was wanted.
func (set Settings) kernel(c *crn.Compiled, m *van.Model) (*device.Kernel, string, error) {
	if _, err := ParsePlace(set.Step.String()); err != nil {
		return nil, "", err
	}
	_, published := set.Scheme.(Published)
	wanted := set.Step == OnDevice || published && set.Step == AutomaticPlace && set.Backend.Kind == backend.XLA && set.Backend.Device != "cpu"
	if !wanted {
		return nil, "", nil
	}
	k, err := set.kernelFor(c, m)
	switch {
	case err == nil:
		return k, "", nil
	case set.Step == AutomaticPlace && errors.Is(err, device.ErrUnsupported):
		return nil, fmt.Sprintf("steps on the host: %v", err), nil
	case errors.Is(err, device.ErrUnsupported):
		return nil, "", fmt.Errorf("%w: steps on the device: %w; leave the choice to the program, or make them on the host", ErrSettings, err)
	}
	return nil, "", err
}

func (set Settings) kernelFor(c *crn.Compiled, m *van.Model) (*device.Kernel, error) {
	p, ok := set.Scheme.(Published)
	if !ok {
		return nil, fmt.Errorf("%w: the scheme %v is not Published", device.ErrUnsupported, set.Scheme)
	}
	o, ok := p.defaults().Optimiser.(resident)
	if !ok {
		return nil, fmt.Errorf("%w: the optimiser %v; Natural, Adam and SGD can", device.ErrUnsupported, p.defaults().Optimiser)
	}
	if err := o.resides(); err != nil {
		return nil, err
	}
	return device.New(set.Backend, m, c, batchSize(set.Proposal, m))
}

// batchSize is how many states a batch may have, or a large number if that is not known.
func batchSize(p Proposal, m *van.Model) int {
	switch p := p.(type) {
	case Vanilla:
		return p.defaults().Draws
	case Alpha:
		return p.enhanced().draws
	case Mixture:
		return p.enhanced().draws
	case Diffusive:
		return p.enhanced().draws
	case FullSum:
		if n, ok := m.Box.States(); ok && n < van.Chunk {
			return int(n)
		}
	}
	return van.Chunk
}
