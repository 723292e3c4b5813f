package calcium

import (
	"errors"
	"fmt"
	"math"
)

// ErrCondition marks a condition that cannot be simulated.
var ErrCondition = errors.New("bad condition")

// ErrSettings marks settings that make no sense.
var ErrSettings = errors.New("bad settings")

// Condition is what differs between experiments.
type Condition struct {
	Volume    float64 `json:"volume_l"`  // of the cytosol, in litres; 1e-14 and 1e-12 in the source
	Receptors int     `json:"receptors"` // N_R: number of receptor subunits; 100 to 5000 in the source
	IP3       float64 `json:"ip3_um"`    // µM; 0.1 to 2 in the source
}

// Standard is the condition of most of the source: 1e-14 L and 100 subunits.
func Standard(ip3 float64) Condition { return Condition{Volume: 1e-14, Receptors: 100, IP3: ip3} }

// maxCount keeps every count, and the number of triples of subunits, far from the limits of their types.
const maxCount = 1 << 30

// Check returns an error that wraps ErrCondition if the condition cannot be simulated.
func (c Condition) Check() error {
	switch {
	case !(c.Volume > 0) || math.IsInf(c.Volume, 0):
		return fmt.Errorf("%w: a volume of %v litres: give a number above 0, such as 1e-14", ErrCondition, c.Volume)
	case c.Receptors < 1 || c.Receptors > 1_000_000:
		return fmt.Errorf("%w: %d receptor subunits: give 1 to 1000000", ErrCondition, c.Receptors)
	case !(c.IP3 >= 0) || math.IsInf(c.IP3, 0):
		return fmt.Errorf("%w: %v µM of IP3: give a number of 0 or above", ErrCondition, c.IP3)
	}
	k := DeYoungKeizer()
	if largest := max(k.Total, c.IP3) * c.Omega(); largest > maxCount {
		return fmt.Errorf("%w: %.3g molecules in %v litres are too many: give a smaller volume or less IP3", ErrCondition, largest, c.Volume)
	}
	return nil
}

// Omega is the number of molecules in the cytosol at 1 µM.
func (c Condition) Omega() float64 { return 1e-6 * avogadro * c.Volume }

// String names the condition for people.
func (c Condition) String() string {
	return fmt.Sprintf("%v µM IP3, %d subunits, %v L", c.IP3, c.Receptors, c.Volume)
}
