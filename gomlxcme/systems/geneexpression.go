package systems

import (
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// geneExpression is the two-stage model: a gene that is always on makes mRNA (m), which makes protein (p):
//
//	0 -> m      k_m = 0.1   transcription        m -> 0  g_m = 0.1    decay of mRNA
//	m -> m + p  k_p = 0.1   translation          p -> 0  g_p = 0.002  decay of protein
//
// Times are seconds. All propensities are linear, so that the moments obey closed equations; from (0, 0)
//
//	<m> = k_m/g_m (1 − e^{−g_m t})
//	<p> = k_m k_p/g_m [ (1 − e^{−g_p t})/g_p − (e^{−g_p t} − e^{−g_m t})/(g_m − g_p) ]
//
// with the long-time limits <m> = 1, <p> = 50 and var p = 50 (1 + k_p/(g_m + g_p)).
func geneExpression() Entry {
	e := Entry{
		Name:  "gene-expression",
		Title: "two-stage gene expression: mRNA and protein",
		Source: "M. Thattai and A. van Oudenaarden, Intrinsic noise in gene regulatory networks, PNAS 98, 8614 (2001); " +
			"rates as in " + tang2023,
		TEnd: 3600, TimeUnit: "s",
		Build: func() *crn.Network {
			n := crn.New("gene-expression")
			n.Param("k_m", 0.1)
			n.Param("k_p", 0.1)
			n.Param("g_m", 0.1)
			n.Param("g_p", 0.002)
			n.AddSpecies("m", crn.Delta(0), 19)
			n.AddSpecies("p", crn.Delta(0), 119)
			n.React("0 -> m", "k_m", crn.Named("transcription"))
			n.React("m -> m + p", "k_p", crn.Named("translation"))
			n.React("m -> 0", "g_m", crn.Named("decay-m"))
			n.React("p -> 0", "g_p", crn.Named("decay-p"))
			return n
		},
	}
	const km, kp, gm, gp = 0.1, 0.1, 0.1, 0.002
	for _, t := range []float64{100, 1000, 3600} {
		m := km / gm * (1 - math.Exp(-gm*t))
		p := km * kp / gm * ((1-math.Exp(-gp*t))/gp - (math.Exp(-gp*t)-math.Exp(-gm*t))/(gm-gp))
		e.Known = append(e.Known,
			Known{Time: t, Species: "m", Quantity: Mean, Value: m, Tolerance: 1e-9, Basis: "closed form"},
			Known{Time: t, Species: "m", Quantity: SD, Value: math.Sqrt(m), Tolerance: 1e-9, Basis: "closed form"},
			Known{Time: t, Species: "p", Quantity: Mean, Value: p, Tolerance: 1e-6, Basis: "closed form"})
	}
	return e
}
