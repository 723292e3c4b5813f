package systems

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// toggleSwitch is two genes that switch each other off: a pair of Px molecules binds to gene y and silences it, and the
// other way round. Gx, Gy = 1 is a free gene, 0 a bound one; binding takes two proteins out of the count and unbinding
// gives them back.
//
//	Gx -> Gx + Px     synthesis = 50        Gy -> Gy + Py     synthesis
//	Px -> 0           decay = 1             Py -> 0           decay
//	Gy + 2 Px -> 0    binding = 1e-4        Gx + 2 Py -> 0    binding
//	0 -> Gy + 2 Px    unbinding = 0.1       0 -> Gx + 2 Py    unbinding      only while Gy = 0, Gx = 0
//
// Both genes are free and no protein is there at the start; counts 0 … 79 of the proteins are kept. The rate laws differ
// in the binding: 1e-4 Px (Px−1) against 1e-4 Px².
func toggleSwitch() Entry {
	return Entry{
		Name:  "toggle-switch",
		Title: "two genes that repress each other, bistable",
		Source: "A. Terebus, C. Liu and J. Liang, Discrete and continuous models of probability flux of switching dynamics, " +
			"J. Chem. Phys. 151, 185104 (2019); as in " + tang2023,
		TEnd: 40, TimeUnit: "protein lifetimes",
		Build: func() *crn.Network {
			n := crn.New("toggle-switch")
			n.Param("synthesis", 50)
			n.Param("decay", 1)
			n.Param("binding", 1e-4)
			n.Param("unbinding", 0.1)
			n.AddSpecies("Gx", crn.Delta(1), 1)
			n.AddSpecies("Gy", crn.Delta(1), 1)
			n.AddSpecies("Px", crn.Delta(0), 79)
			n.AddSpecies("Py", crn.Delta(0), 79)
			n.React("Gx -> Gx + Px", "synthesis", crn.Named("synthesis-x"))
			n.React("Gy -> Gy + Py", "synthesis", crn.Named("synthesis-y"))
			n.React("Px -> 0", "decay", crn.Named("decay-x"))
			n.React("Py -> 0", "decay", crn.Named("decay-y"))
			n.React("Gy + 2 Px -> 0", "binding", crn.Named("binding-x"))
			n.React("Gx + 2 Py -> 0", "binding", crn.Named("binding-y"))
			n.React("0 -> Gy + 2 Px", "unbinding", crn.Named("unbinding-x"), crn.While("Gy", 0))
			n.React("0 -> Gx + 2 Py", "unbinding", crn.Named("unbinding-y"), crn.While("Gx", 0))
			return n
		},
		Known: toggleSwitchKnown(),
	}
}

// toggleSwitchKnown lists the exact projection on the 25,600 states of the box.
func toggleSwitchKnown() []Known {
	rows := []struct {
		law                   crn.Law
		t, gene, mean, sd, lo float64
	}{
		{crn.FallingFactorial, 1, 0.96051, 31.0771, 6.1989, 0.0052},
		{crn.Power, 1, 0.95885, 31.0505, 6.2315, 0.0056},
		{crn.FallingFactorial, 2, 0.84643, 39.6235, 10.9785, 0.0293},
		{crn.Power, 2, 0.84253, 39.5148, 11.0840, 0.0306},
		{crn.FallingFactorial, 5, 0.61783, 33.2641, 21.2393, 0.2596},
		{crn.Power, 5, 0.61350, 33.0391, 21.3066, 0.2640},
		{crn.FallingFactorial, 20, 0.58017, 28.9953, 23.6494, 0.3733},
		{crn.Power, 20, 0.57802, 28.8873, 23.6611, 0.3753},
		{crn.FallingFactorial, 40, 0.58113, 29.0557, 23.6421, 0.3721},
		{crn.Power, 40, 0.57900, 28.9490, 23.6539, 0.3741},
	}
	var known []Known
	for _, r := range rows {
		add := func(species string, q Quantity, count int, value, tolerance float64) {
			known = append(known, Known{Time: r.t, Species: species, Quantity: q, Count: count, Law: r.law,
				Value: value, Tolerance: tolerance, Basis: "exact projection"})
		}
		add("Gx", Mean, 0, r.gene, 5e-6)
		add("Px", Mean, 0, r.mean, 5e-5)
		add("Px", SD, 0, r.sd, 5e-5)
		add("Px", Below, 10, r.lo, 5e-5)
	}
	return known
}
