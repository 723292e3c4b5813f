package evolve

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Alpha draws a share of the batch from conditionals that are raised to a power and
// normalised again (NNCME-2). A share of 1 is what the paper does; half of the draws
// from the network itself keep the weights below 2.
type Alpha struct {
	Draws       int     // 0 means 2000
	Exponent    float64 // 0 means 0.3
	Share       float64 // of tempered draws; 0 means 0.5
	Weighting   Weighting
	Independent bool // draw by independent instead of quasi-random numbers
}

func (p Alpha) enhanced() enhanced {
	set(&p.Draws, publishedBatch)
	set(&p.Exponent, 0.3)
	set(&p.Share, 0.5)
	return enhanced{draws: p.Draws, share: p.Share, bend: van.Power(p.Exponent), weighting: p.Weighting, independent: p.Independent}
}

func (p Alpha) String() string {
	e := p.enhanced()
	return fmt.Sprintf("alpha(%v, %v)", e.bend, e)
}

// Propose draws exactly Draws states.
func (p Alpha) Propose(d Draw, add func(x []int32, weight float64)) error {
	return p.enhanced().propose(d, add)
}
