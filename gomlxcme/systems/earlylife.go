package systems

import "github.com/gomlx-cme/cme/gomlxcme/crn"

// earlyLife is two self-replicating molecules A and B that compete for the same food S:
//
//	S + A -> 2 A   k_a = 1   S + B -> 2 B   k_a   replication
//	S -> A         k_n = 1   S -> B         k_n   spontaneous formation
//	A -> S         k_d = 1   B -> S         k_d   decay
//
// The total S + A + B = 100 is conserved. Fluctuations at low counts of S let one of the two take over: noise breaks the
// symmetry. S starts at 2, A and B at 49; 0 … 9 of S and 0 … 99 of A and B are kept.
func earlyLife() Entry {
	return Entry{
		Name:  "early-life",
		Title: "two replicators that compete for food, with a conserved total",
		Source: "F. Jafarpour, T. Biancalani and N. Goldenfeld, Noise-induced mechanism for biological homochirality of early life " +
			"self-replicators, Phys. Rev. Lett. 115, 158101 (2015), doi:10.1103/PhysRevLett.115.158101; rates as in " + tang2023,
		TEnd: 8,
		Build: func() *crn.Network {
			n := crn.New("early-life")
			n.Param("k_a", 1)
			n.Param("k_n", 1)
			n.Param("k_d", 1)
			n.AddSpecies("S", crn.Delta(2), 9)
			n.AddSpecies("A", crn.Delta(49), 99)
			n.AddSpecies("B", crn.Delta(49), 99)
			for _, x := range []string{"A", "B"} {
				n.React("S + "+x+" -> 2 "+x, "k_a", crn.Named("replication-"+x))
			}
			for _, x := range []string{"A", "B"} {
				n.React("S -> "+x, "k_n", crn.Named("formation-"+x))
			}
			for _, x := range []string{"A", "B"} {
				n.React(x+" -> S", "k_d", crn.Named("decay-"+x))
			}
			return n
		},
	}
}
