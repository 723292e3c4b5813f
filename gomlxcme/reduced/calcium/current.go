package calcium

// tick is the time between two looks at the current, in seconds.
const tick = 0.001

// current is the leak and the pump, as a flow of whole ions with what is left of one carried on.
type current struct {
	leakOut, leakIn float64 // ions a tick, per ion in the ER and in the cytosol
	pump            float64 // ions a tick at most
	half            float64 // square of the count at which the pump runs at half of that
	carry           float64 // ions that have not been moved yet; negative towards the ER
}

func newCurrent(c Condition, k *Constants) current {
	omega := c.Omega()
	half := k.PumpHalf * omega
	return current{
		leakOut: tick * k.Leak, // c1 v2 [Ca_ER] Ω = v2 n_ER, as [Ca_ER] = n_ER/(c1 Ω)
		leakIn:  tick * k.Leak * k.ER,
		pump:    tick * k.Pump * omega,
		half:    half * half,
	}
}

// gather adds the flow of one tick to the carry.
func (f *current) gather(s *state) {
	n := float64(s.ca)
	square := n * n
	f.carry += f.leakOut*float64(s.er) - f.leakIn*n - f.pump*square/(square+f.half)
}

// apply moves the whole ions of the carry, as far as there are any, and gathers the next tick's.
func (f *current) apply(s *state) {
	if f.carry >= 1 || f.carry <= -1 {
		whole := int(f.carry) // towards 0
		f.carry -= float64(whole)
		whole = max(min(whole, s.er), -s.ca)
		s.er -= whole
		s.ca += whole
	}
	f.gather(s)
}
