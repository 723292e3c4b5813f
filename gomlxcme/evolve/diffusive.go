package evolve

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Diffusive draws a share of the batch from conditionals that a box kernel has
// blurred: each count is moved by up to Radius and reflected at 0 and at the cap
// (NNCME-2). A share of 1 is what the paper does; half of the draws from the network
// itself keep the weights below 2.
type Diffusive struct {
	Draws       int     // 0 means 2000
	Radius      int     // 0 means 5
	Share       float64 // of blurred draws; 0 means 0.5
	Weighting   Weighting
	Independent bool // draw by independent instead of quasi-random numbers
}

func (p Diffusive) enhanced() enhanced {
	set(&p.Draws, publishedBatch)
	set(&p.Radius, 5)
	set(&p.Share, 0.5)
	return enhanced{draws: p.Draws, share: p.Share, bend: van.Blur(p.Radius), weighting: p.Weighting, independent: p.Independent}
}

func (p Diffusive) String() string {
	e := p.enhanced()
	return fmt.Sprintf("diffusive(%v, %v)", e.bend, e)
}

// Propose draws exactly Draws states.
func (p Diffusive) Propose(d Draw, add func(x []int32, weight float64)) error {
	return p.enhanced().propose(d, add)
}
