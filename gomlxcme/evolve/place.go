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

// StepPlace returns where Run will make the steps with a Backend: OnHost or OnDevice.
// It is an error, which wraps ErrSettings, if the device was asked for and the scheme
// cannot use it. Whether the rates of a model can go there, Run finds out.
func (set Settings) StepPlace() (Place, error) {
	if _, err := ParsePlace(set.Step.String()); err != nil {
		return 0, err
	}
	p, published := set.Scheme.(Published)
	wanted := set.Step == OnDevice
	if set.Step == AutomaticPlace {
		wanted = published && set.Backend.Kind == backend.XLA && set.Backend.Device != "cpu"
	}
	if !wanted {
		return OnHost, nil
	}
	err := fmt.Errorf("%w: the scheme %v, which is not Published", device.ErrUnsupported, set.Scheme)
	if published {
		err = p.resides()
	}
	switch {
	case err == nil:
		return OnDevice, nil
	case set.Step == AutomaticPlace:
		return OnHost, nil
	}
	return 0, notThere(err)
}

// notThere is the error where the device was asked for and cannot be used.
func notThere(err error) error {
	return fmt.Errorf("%w: steps on the device: %w; leave the choice to the program, or make them on the host", ErrSettings, err)
}

// resides says why the optimiser cannot work on the device, nil if it can.
func (m Published) resides() error {
	m = m.defaults()
	o, ok := m.Optimiser.(resident)
	if !ok {
		return fmt.Errorf("%w: the optimiser %v; Natural, Adam and SGD can", device.ErrUnsupported, m.Optimiser)
	}
	return o.resides()
}

// kernel returns the graphs of whole steps on the device, or nil for steps on the host,
// and then why, for people, where the device was wanted.
func (set Settings) kernel(c *crn.Compiled, m *van.Model) (*device.Kernel, string, error) {
	place, err := set.StepPlace()
	if err != nil || place == OnHost {
		return nil, "", err
	}
	k, err := device.New(set.Backend, m, c, batchSize(set.Proposal, m))
	switch {
	case !errors.Is(err, device.ErrUnsupported):
		return k, "", err
	case set.Step == AutomaticPlace:
		return nil, fmt.Sprintf("steps on the host: %v", err), nil
	}
	return nil, "", notThere(err)
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
