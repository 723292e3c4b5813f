package learn

import (
	"fmt"
	"math"
)

// Inputs come in groups, one for each candidate reaction, of Inputs.Group each. A sparse network has groups whose first weights are all 0: their
// reactions do not matter to it. This is the group lasso of M. Yuan and Y. Lin, J. R. Stat. Soc. B 68, 49 (2006), by proximal steps: after each
// update the norm of the weights of a group falls by a little. Adam moves every weight by about its rate, however small the gradient: a group whose
// norm is no more than two such moves at the end of an epoch is out for good.

// groups of the first weights: for each group, where its weights stand among all parameters.
func (n *net) groups(each int) (spans [][2]int) {
	first := n.parts()[1] // weights, one row for each input
	for from := 0; from < first.rows; from += each {
		to := min(from+each, first.rows)
		spans = append(spans, [2]int{first.from + from*first.cols, first.from + to*first.cols})
	}
	return spans
}

func norm(x []float64) float64 {
	square := 0.0
	for _, v := range x {
		square += v * v
	}
	return math.Sqrt(square)
}

// lessen lets the norm of each group fall by that much, for each root of its number of weights, and holds it at 0.
func lessen(theta []float64, spans [][2]int, by float64) {
	for _, s := range spans {
		w := theta[s[0]:s[1]]
		size := norm(w)
		if size == 0 {
			continue
		}
		factor := max(0, 1-by*math.Sqrt(float64(len(w)))/size)
		for i := range w {
			w[i] *= factor
		}
	}
}

// leave takes the groups out that are no larger than two moves of Adam, and returns all that are out.
func leave(theta []float64, spans [][2]int, rate float64) (gone [][2]int) {
	for _, s := range spans {
		w := theta[s[0]:s[1]]
		if norm(w) <= 2*rate*math.Sqrt(float64(len(w))) {
			clear(w)
			gone = append(gone, s)
		}
	}
	return gone
}

// without holds groups at 0.
func without(theta []float64, gone [][2]int) {
	for _, s := range gone {
		clear(theta[s[0]:s[1]])
	}
}

// absent are the groups of a model that are out.
func (m *Model) absent() (gone [][2]int) {
	if m.Problem.group < 1 {
		return nil
	}
	for _, s := range m.net.groups(m.Problem.group) {
		if norm(m.Theta[s[0]:s[1]]) == 0 {
			gone = append(gone, s)
		}
	}
	return gone
}

// Importance returns the norm of the first weights of each group of inputs, which are standardised; 0 is a reaction that does not matter to the
// network. Some pairs of reactions have opposite effects on W and b, A + B -> 2 A and A + B -> 2 B or birth and death of one kind, so that either can
// stand for both.
func (m *Model) Importance() ([]float64, error) {
	if m.Problem.group < 1 {
		return nil, fmt.Errorf("%w: the inputs have no groups", ErrSettings)
	}
	var out []float64
	for _, s := range m.net.groups(m.Problem.group) {
		out = append(out, norm(m.Theta[s[0]:s[1]]))
	}
	return out, nil
}
