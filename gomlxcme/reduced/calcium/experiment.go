package calcium

import "github.com/gomlx-cme/cme/gomlxcme/reduced"

// ScaleIP3 is the standardisation of calcium and IP3 in the source's experiment with 100 subunits and different [IP3].
func ScaleIP3() reduced.Standardisation {
	return reduced.Standardisation{
		Mean: []float64{2118.57855361596, 6323.6072319202},
		SD:   []float64{1934.711856329346, 5726.045271865995},
	}
}

// ScaleReceptors is that of calcium, IP3 and the number of subunits in the source's experiment with different numbers of them.
func ScaleReceptors() reduced.Standardisation {
	return reduced.Standardisation{
		Mean: []float64{1749.779301745636, 6454.461346633417, 2550},
		SD:   []float64{1392.372953384696, 5856.927201487018, 2450},
	}
}

// smooth is the differentiation of the source.
func smooth() reduced.TotalVariation { return reduced.TotalVariation{Weight: 100} }

// ReductionIP3 is how the source reduces the experiment with different [IP3]: W and b of calcium move.
func ReductionIP3() reduced.Reduction {
	return reduced.Reduction{
		Scale:   ScaleIP3(),
		PPCA:    reduced.PPCA{Orientation: reduced.Negative},
		Smooth:  smooth(),
		MovingW: []int{0}, MovingB: []int{0},
		FixedW: map[int]float64{1: 5e-5}, FixedNoise: 1.5e-6,
	}
}

// ReductionReceptors is how the source reduces the experiment with different numbers of subunits, the third visible count, which is
// constant.
func ReductionReceptors() reduced.Reduction {
	return reduced.Reduction{
		Scale:   ScaleReceptors(),
		PPCA:    reduced.PPCA{Orientation: reduced.Positive, Constants: []int{2}},
		Smooth:  smooth(),
		MovingW: []int{0}, MovingB: []int{0},
		FixedW: map[int]float64{2: 0},
	}
}

// VariablesIP3 are calcium, IP3 and the latent variable.
func VariablesIP3() []string { return []string{"Ca", "IP3", "X"} }

// CandidatesIP3 are the 12 reactions of the source's experiment with different [IP3], in its order.
func CandidatesIP3() []string {
	return []string{
		"Ca + IP3 -> 2 Ca", "IP3 + Ca -> 2 IP3",
		"Ca + X -> 2 Ca", "X + Ca -> 2 X",
		"IP3 + X -> 2 IP3", "X + IP3 -> 2 X",
		"Ca -> 2 Ca", "IP3 -> 2 IP3", "X -> 2 X",
		"Ca -> 0", "IP3 -> 0", "X -> 0",
	}
}

// VariablesReceptors are calcium, IP3, the number of subunits and the latent variable.
func VariablesReceptors() []string { return []string{"Ca", "IP3", "R", "X"} }

// CandidatesReceptors are the 15 reactions of the source's experiment with different numbers of subunits, in its order. No reaction
// changes the number of subunits.
func CandidatesReceptors() []string {
	return []string{
		"Ca + IP3 -> 2 Ca", "IP3 + Ca -> 2 IP3", "R + Ca -> R",
		"Ca + X -> 2 Ca", "X + Ca -> 2 X", "R + IP3 -> R",
		"IP3 + X -> 2 IP3", "X + IP3 -> 2 X", "R + X -> R",
		"Ca -> 2 Ca", "IP3 -> 2 IP3", "X -> 2 X",
		"Ca -> 0", "IP3 -> 0", "X -> 0",
	}
}
