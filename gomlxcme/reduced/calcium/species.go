package calcium

// Species are counted in the order of the source's files.
const (
	CaER = iota // calcium in the ER
	Ca          // calcium in the cytosol
	IP3         // free IP3
	S000        // subunits S_ijk: i = IP3, j = activating, k = inhibiting calcium bound
	S001
	S010
	S011
	S100
	S101
	S110 // three of them are an open channel
	S111
	NumSpecies
)

// Counts of all species.
type Counts [NumSpecies]int32

// SpeciesNames returns the names in the order of Counts, as the source's files have them.
func SpeciesNames() []string {
	return []string{"ca2er", "ca2i", "ip3", "s000", "s001", "s010", "s011", "s100", "s101", "s110", "s111"}
}

// Subunits is the number of receptor subunits; nothing changes it.
func (c *Counts) Subunits() (n int) {
	for _, s := range c[S000:] {
		n += int(s)
	}
	return n
}

// TotalIP3 is IP3, free and bound; nothing changes it.
func (c *Counts) TotalIP3() int {
	return int(c[IP3]) + int(c[S100]) + int(c[S101]) + int(c[S110]) + int(c[S111])
}

// TotalCa is calcium in the cytosol, in the ER and bound, where S_011 and S_111 have bound two; nothing changes it.
func (c *Counts) TotalCa() int {
	n := int(c[Ca]) + int(c[CaER])
	for i, s := range c[S000:] {
		n += int(s) * (i>>1&1 + i&1)
	}
	return n
}
