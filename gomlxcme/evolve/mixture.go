package evolve

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// Mixture draws a share of the batch evenly from all states (NNCME-2's "random"):
// species by species evenly from the counts that the conservation laws leave.
type Mixture struct {
	Draws       int     // 0 means 2000
	Share       float64 // of even draws; 0 means 0.1
	Weighting   Weighting
	Independent bool // draw by independent instead of quasi-random numbers
}

func (p Mixture) enhanced() enhanced {
	set(&p.Draws, publishedBatch)
	set(&p.Share, 0.1)
	return enhanced{draws: p.Draws, share: p.Share, bend: van.Power(0), weighting: p.Weighting, independent: p.Independent}
}

func (p Mixture) String() string { return fmt.Sprintf("mixture(%v)", p.enhanced()) }

// Propose draws exactly Draws states.
func (p Mixture) Propose(d Draw, add func(x []int32, weight float64)) error {
	return p.enhanced().propose(d, add)
}
