package van

import (
	"errors"
	"fmt"
	"math/rand/v2"

	mlx "github.com/gomlx/gomlx/core/graph"
)

// ErrArchitecture is returned for settings of a network that make no sense.
var ErrArchitecture = errors.New("van: bad network")

// Architecture turns the counts before a species into the coefficients of its
// head. A new network is one file that implements it.
type Architecture interface {
	fmt.Stringer
	// build lays out the parameters for species in the order in which they are
	// drawn.
	build(sites []site) (network, error)
}

// site is one factor of the chain rule.
type site struct {
	species int // number of the species in the caller's order
	cap     int // largest count
}

// network is an architecture laid out for one box.
type network interface {
	layout() *layout
	heads() []head
	// walk starts a pass over the sites for n states at once. Every layer is
	// applied through the tape, which is how scores are found.
	walk(t *tape, n int) walk
	// init draws a starting point for the parameters.
	init(rng *rand.Rand) []float64
}

// walk returns the head coefficients [n, R_i] of site i at its call number i,
// given the counts [n] of the site before it (nil for the first). It carries
// whatever the earlier sites have in common with the later ones, such as a hidden
// state, so that drawing a state costs one evaluation of each site.
type walk func(before *mlx.Node) *mlx.Node

// parallel networks can evaluate all sites together when the counts are known.
type parallel interface {
	// coefficients returns the same as a walk over counts [n] of all sites.
	coefficients(t *tape, counts []*mlx.Node) []*mlx.Node
}

// coefficients returns the head coefficients [n, R_i] of all sites for known
// counts [n] each.
func coefficients(net network, t *tape, counts []*mlx.Node) []*mlx.Node {
	if p, ok := net.(parallel); ok {
		return p.coefficients(t, counts)
	}
	next := net.walk(t, counts[0].Shape().Dimensions[0])
	out := make([]*mlx.Node, len(counts))
	for i := range counts {
		if i == 0 {
			out[i] = next(nil)
		} else {
			out[i] = next(counts[i-1])
		}
	}
	return out
}

// set replaces the zero value of a setting by its default.
func set[T comparable](v *T, byDefault T) {
	var zero T
	if *v == zero {
		*v = byDefault
	}
}
