package systems

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// lambdaPhage is the life cycle of the virus λ in five species, with a_i, b_i, c_i as below:
//
//	0 -> S1   a1 b1/(b1 + S2)            0 -> S2   (a2 + S5) b2/(b2 + S1)
//	0 -> S3   a3 b3 S2/(b3 S2 + 1)       0 -> S4   a4 b4 S3/(b4 S3 + 1)       0 -> S5   a5 b5 S3/(b5 S3 + 1)
//	Si -> 0   ci Si
//
//	i    1       2       3       4      5
//	a    0.5     1       0.15    0.3    0.3
//	b    0.12    0.6     1       1      1
//	c    0.0025  0.0007  0.0231  0.01   0.01
//
// The source of S2 is written as two reactions, one of them catalysed by S5, which is the same law. Where the rates ask for products
// and quotients these are the parameters: g1 = a1 b1, g2 = a2 b2, h_i = 1/b_i. The literature starts from a multinomial law of
// at most three molecules; here it starts empty, since initial laws are products over species. There are no caps.
func lambdaPhage() Entry {
	return Entry{
		Name:  "lambda-phage",
		Title: "life cycle of phage lambda in five species",
		Source: "T. Jahnke and W. Huisinga, A dynamical low-rank approach to the chemical master equation, Bull. Math. Biol. 70, 2283 " +
			"(2008); rates as in L. Einkemmer, J. Mangott and M. Prugger, A low-rank complexity reduction " +
			"algorithm for the high-dimensional kinetic chemical master equation, J. Comput. Phys. 503, 112827 (2024), doi:10.1016/j.jcp.2024.112827",
		TEnd: 10,
		Build: func() *crn.Network {
			n := crn.New("lambda-phage")
			for _, p := range []crn.Parameter{{Name: "g1", Value: 0.5 * 0.12}, {Name: "b1", Value: 0.12}, {Name: "g2", Value: 1 * 0.6},
				{Name: "b2", Value: 0.6}, {Name: "a3", Value: 0.15}, {Name: "h3", Value: 1}, {Name: "a4", Value: 0.3}, {Name: "h4", Value: 1},
				{Name: "a5", Value: 0.3}, {Name: "h5", Value: 1}, {Name: "c1", Value: 0.0025}, {Name: "c2", Value: 0.0007},
				{Name: "c3", Value: 0.0231}, {Name: "c4", Value: 0.01}, {Name: "c5", Value: 0.01}} {
				n.Param(p.Name, p.Value)
			}
			for _, s := range []string{"S1", "S2", "S3", "S4", "S5"} {
				n.AddSpecies(s, crn.Delta(0), crn.Unbounded)
			}
			n.ReactWith("0 -> S1", crn.Hill{Species: "S2", Gain: "g1", Half: "b1", Repress: true}, crn.Named("source-S1"))
			n.ReactWith("0 -> S2", crn.Hill{Species: "S1", Gain: "g2", Half: "b2", Repress: true}, crn.Named("source-S2"))
			n.ReactWith("S5 -> S5 + S2", crn.Hill{Species: "S1", Gain: "b2", Half: "b2", Repress: true, Reactants: true}, crn.Named("catalysis-S2"))
			n.ReactWith("0 -> S3", crn.Hill{Species: "S2", Gain: "a3", Half: "h3"}, crn.Named("source-S3"))
			n.ReactWith("0 -> S4", crn.Hill{Species: "S3", Gain: "a4", Half: "h4"}, crn.Named("source-S4"))
			n.ReactWith("0 -> S5", crn.Hill{Species: "S3", Gain: "a5", Half: "h5"}, crn.Named("source-S5"))
			for _, i := range []string{"1", "2", "3", "4", "5"} {
				n.React("S"+i+" -> 0", "c"+i, crn.Named("decay-S"+i))
			}
			return n
		},
	}
}
