package calcium

// avogadro is the number of molecules in a mole.
const avogadro = 6.02214076e23

// Constants of the De Young–Keizer model.
type Constants struct {
	Total    float64    // c0: calcium of the whole cell in terms of the volume of the cytosol, µM
	ER       float64    // c1: volume of the ER over that of the cytosol
	Channel  float64    // v1: largest flux through channels, 1/s
	Leak     float64    // v2, 1/s
	Pump     float64    // v3: largest flux of the SERCA pump, µM/s
	PumpHalf float64    // k3: calcium at which the pump runs at half of it, µM
	On       [5]float64 // a1 … a5: binding of IP3 (k = 0), inhibiting Ca (i = 1), IP3 (k = 1), inhibiting Ca (i = 0), activating Ca, 1/(µM s)
	Affinity [5]float64 // d1 … d5: dissociation constants of the same, µM
}

// DeYoungKeizer returns the constants of the source, with c1 v1, c1 v2 and v3 as there.
func DeYoungKeizer() Constants {
	return Constants{
		Total: 2, ER: 0.185,
		Channel: 6, Leak: 0.11, Pump: 0.9, PumpHalf: 0.1,
		On:       [5]float64{400, 0.2, 400, 0.2, 20},
		Affinity: [5]float64{0.13, 1.049, 0.9434, 0.1445, 0.08234},
	}
}

// Off returns b1 … b5, the rates at which ligands leave, 1/s.
func (c *Constants) Off() (b [5]float64) {
	for i := range b {
		b[i] = c.On[i] * c.Affinity[i]
	}
	return b
}
