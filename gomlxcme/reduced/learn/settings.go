package learn

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// Settings of Train; the zero value is that of the source's shallow network.
type Settings struct {
	Hidden     []int // units of each hidden layer; nil means 25 in one
	Activation Activation
	Single     bool    // the layers compute with 32 bits; only pays for wide ones
	Dropout    float64 // share of units left out in training; 0 means 0.5, a negative number none
	Epochs     int     // 0 means 200
	Batch      int     // points; 0 means 64
	Rate       float64 // of Adam; 0 means 0.001
	Clip       float64 // largest size of a weight; 0 means 1
	// Sparsity is by how much of the rate the norm of the first weights of each group of inputs falls in an update, for each root of its number of
	// weights; 0 keeps all reactions.
	Sparsity float64
	Seed     uint64
	// Validation are series whose loss, without dropout, is taken after each epoch; the epoch with the lowest one is kept. Without them it is the
	// last one. A series that chooses the epoch is no test of the result any more.
	Validation []*reduced.Series

	Hook   run.Hook // progress, one step an epoch; nil is silent
	Keeper Keeper   // keeps what has been reached, to go on with; nil keeps nothing
}

// Shallow is the zero value of Settings in full: 25 rectified units, dropout of one half, 200 epochs, weights within ±1.
func Shallow() Settings { return Settings{} }

// Deep is the large network of the source's experiment with different [IP3]: 8 layers of 500 parametric units, dropout 0.3, 25 epochs, weights
// within ±5.
func Deep() Settings {
	return Settings{Hidden: layers(8, 500), Activation: PReLU, Single: true, Dropout: 0.3, Epochs: 25, Clip: 5}
}

// Receptors is the network of the source's experiment with different numbers of receptors: 5 layers of 150 rectified units, dropout 0.1, 25
// epochs, weights within ±0.5.
func Receptors() Settings {
	return Settings{Hidden: layers(5, 150), Single: true, Dropout: 0.1, Epochs: 25, Clip: 0.5}
}

func layers(n, units int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = units
	}
	return out
}

// maxUnits of a layer and maxLayers keep a slip of the hand from filling the memory.
const maxUnits, maxLayers = 1 << 14, 64

// Filled returns the settings with their defaults, or an error that wraps ErrSettings. No dropout is −1, so that they can be given on.
func (s Settings) Filled() (Settings, error) {
	s, err := s.filled()
	if s.Dropout == 0 {
		s.Dropout = -1
	}
	return s, err
}

func (s Settings) filled() (Settings, error) {
	if s.Hidden == nil {
		s.Hidden = layers(1, 25)
	}
	set(&s.Dropout, 0.5)
	set(&s.Epochs, 200)
	set(&s.Batch, 64)
	set(&s.Rate, 1e-3)
	set(&s.Clip, 1)
	s.Dropout = max(s.Dropout, 0)
	if s.Hook == nil {
		s.Hook = run.Silence{}
	}
	for _, h := range s.Hidden {
		if h < 1 || h > maxUnits {
			return s, fmt.Errorf("%w: a hidden layer of %d units: give 1 to %d", ErrSettings, h, maxUnits)
		}
	}
	if len(s.Hidden) < 1 || len(s.Hidden) > maxLayers || s.Activation < ReLU || s.Activation > PReLU {
		return s, fmt.Errorf("%w: %d hidden layers of activation %d: give 1 to %d of ReLU or PReLU", ErrSettings, len(s.Hidden), s.Activation, maxLayers)
	}
	if !(s.Dropout < 1) || s.Epochs < 1 || s.Batch < 1 || !(s.Rate > 0) || !(s.Clip > 0) || !(s.Sparsity >= 0) {
		return s, fmt.Errorf("%w: dropout %v, %d epochs of batches of %d, rate %v, clip %v, sparsity %v: give numbers above 0, and a dropout below 1", ErrSettings,
			s.Dropout, s.Epochs, s.Batch, s.Rate, s.Clip, s.Sparsity)
	}
	return s, nil
}

// set replaces the zero value of a setting by its default.
func set[T comparable](v *T, byDefault T) {
	var zero T
	if *v == zero {
		*v = byDefault
	}
}
