package evolve

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// softened returns the log-probability of the initial law, in which every species
// whose law vanishes at some count has a share of its law spread evenly over all
// counts: no network with finite logits is certain of a count.
func softened(c *crn.Compiled, caps []int, share float64) func(x []int32) float64 {
	logs := make([][]float64, len(caps))
	for i, cap := range caps {
		law := c.Initial(i)
		logs[i] = make([]float64, cap+1)
		vanishes := false
		for n := range logs[i] {
			logs[i][n] = law.LogProb(n, cap)
			vanishes = vanishes || math.IsInf(logs[i][n], -1)
		}
		if !vanishes {
			continue
		}
		spread := math.Log(share / float64(cap+1))
		for n, v := range logs[i] {
			logs[i][n] = logSum(spread, math.Log1p(-share)+v)
		}
	}
	return func(x []int32) float64 {
		sum := 0.0
		for i, n := range x {
			sum += logs[i][n]
		}
		return sum
	}
}
