package calcium

import "math/rand/v2"

// The 26 reactions in fourteen groups, each of two states of a subunit that react at one rate. The busiest come first.
const (
	bindIP3         = iota // S_0j0 + IP3 → S_1j0
	loseIP3                // its reverse
	release                // Ca_ER → Ca through channels
	refill                 // its reverse
	bindIP3Late            // S_0j1 + IP3 → S_1j1
	loseIP3Late            // its reverse
	activate               // S_10k + Ca → S_11k
	deactivate             // its reverse
	activateEarly          // S_00k + Ca → S_01k
	deactivateEarly        // its reverse
	inhibit                // S_0j0 + Ca → S_0j1
	disinhibit             // its reverse
	inhibitLate            // S_1j0 + Ca → S_1j1
	disinhibitLate         // its reverse
	numGroups
)

// Bits of the index of a subunit's state, 4i + 2j + k.
const (
	inhibited = 1
	activated = 2
	hasIP3    = 4
	open      = hasIP3 | activated
)

// group says what its reactions do.
type group struct {
	a, b        int // states of a subunit that react; for channels both are the open one
	site        int // bit of the state that turns
	er, ca, ip3 int // change of the counts
}

// groups is the table of the reactions; nothing writes to it.
var groups = [numGroups]group{
	bindIP3:         {a: 0, b: 2, site: hasIP3, ip3: -1},
	loseIP3:         {a: 4, b: 6, site: hasIP3, ip3: 1},
	release:         {a: open, b: open, er: -1, ca: 1},
	refill:          {a: open, b: open, er: 1, ca: -1},
	bindIP3Late:     {a: 1, b: 3, site: hasIP3, ip3: -1},
	loseIP3Late:     {a: 5, b: 7, site: hasIP3, ip3: 1},
	activate:        {a: 4, b: 5, site: activated, ca: -1},
	deactivate:      {a: 6, b: 7, site: activated, ca: 1},
	activateEarly:   {a: 0, b: 1, site: activated, ca: -1},
	deactivateEarly: {a: 2, b: 3, site: activated, ca: 1},
	inhibit:         {a: 0, b: 2, site: inhibited, ca: -1},
	disinhibit:      {a: 1, b: 3, site: inhibited, ca: 1},
	inhibitLate:     {a: 4, b: 6, site: inhibited, ca: -1},
	disinhibitLate:  {a: 5, b: 7, site: inhibited, ca: 1},
}

// state is what the reactions change, and their coefficients.
type state struct {
	er, ca, ip3 int
	sub         [8]int             // by 4i + 2j + k
	rate        [numGroups]float64 // per pair of molecules, per subunit, or per ion and triple of subunits
}

func newState(c Condition, k *Constants) state {
	omega, off := c.Omega(), k.Off()
	var s state
	s.rate[bindIP3], s.rate[loseIP3] = k.On[0]/omega, off[0]
	s.rate[inhibitLate], s.rate[disinhibitLate] = k.On[1]/omega, off[1]
	s.rate[bindIP3Late], s.rate[loseIP3Late] = k.On[2]/omega, off[2]
	s.rate[inhibit], s.rate[disinhibit] = k.On[3]/omega, off[3]
	s.rate[activate], s.rate[deactivate] = k.On[4]/omega, off[4]
	s.rate[activateEarly], s.rate[deactivateEarly] = s.rate[activate], s.rate[deactivate]
	n := float64(c.Receptors)
	s.rate[release] = 6 * k.Channel / (n * n * n)
	s.rate[refill] = k.ER * s.rate[release]
	return s
}

// propensities fills p and returns their sum.
func (s *state) propensities(p *[numGroups]float64) float64 {
	ca, ip3 := float64(s.ca), float64(s.ip3)
	n := s.sub[open]
	triples := float64(n * (n - 1) * (n - 2) / 6)
	early, loaded := float64(s.sub[0]+s.sub[2]), float64(s.sub[4]+s.sub[6])
	late, shut := float64(s.sub[1]+s.sub[3]), float64(s.sub[5]+s.sub[7])

	p[bindIP3] = s.rate[bindIP3] * ip3 * early
	p[loseIP3] = s.rate[loseIP3] * loaded
	p[release] = s.rate[release] * triples * float64(s.er)
	p[refill] = s.rate[refill] * triples * ca
	p[bindIP3Late] = s.rate[bindIP3Late] * ip3 * late
	p[loseIP3Late] = s.rate[loseIP3Late] * shut
	p[activate] = s.rate[activate] * ca * float64(s.sub[4]+s.sub[5])
	p[deactivate] = s.rate[deactivate] * float64(s.sub[6]+s.sub[7])
	p[activateEarly] = s.rate[activateEarly] * ca * float64(s.sub[0]+s.sub[1])
	p[deactivateEarly] = s.rate[deactivateEarly] * float64(s.sub[2]+s.sub[3])
	p[inhibit] = s.rate[inhibit] * ca * early
	p[disinhibit] = s.rate[disinhibit] * late
	p[inhibitLate] = s.rate[inhibitLate] * ca * loaded
	p[disinhibitLate] = s.rate[disinhibitLate] * shut
	// In pairs: the additions need not wait for one another.
	busy := ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]))
	return busy + ((p[8] + p[9]) + (p[10] + p[11])) + (p[12] + p[13])
}

// choose draws the group of the next reaction and the state of the subunit that reacts.
func (s *state) choose(rng *rand.Rand, p *[numGroups]float64, total float64) (g, from int) {
	u := rng.Float64() * total
	for g < numGroups-1 && u >= p[g] {
		u -= p[g]
		g++ // what is left, to the end of the list, is the last one's
	}
	if p[g] <= 0 { // the differences were rounded: the busiest, whose share is right to within rounding
		g, u = busiest(p), 0
	}
	r := &groups[g]
	if s.sub[r.b] == 0 || u*float64(s.sub[r.a]+s.sub[r.b]) < p[g]*float64(s.sub[r.a]) {
		return g, r.a
	}
	return g, r.b
}

func busiest(p *[numGroups]float64) (g int) {
	for i := range p {
		if p[i] > p[g] {
			g = i
		}
	}
	return g
}

// fire carries one reaction out. It reports false, and does nothing, where a molecule is missing: the current may have taken the last
// ion since the reaction was chosen.
func (s *state) fire(g, from int) bool {
	r := &groups[g]
	if s.er+r.er < 0 || s.ca+r.ca < 0 || s.ip3+r.ip3 < 0 {
		return false
	}
	s.er += r.er
	s.ca += r.ca
	s.ip3 += r.ip3
	s.sub[from]--
	s.sub[from^r.site]++
	return true
}

// counts copies the state.
func (s *state) counts() (c Counts) {
	c[CaER], c[Ca], c[IP3] = int32(s.er), int32(s.ca), int32(s.ip3)
	for i, n := range s.sub {
		c[S000+i] = int32(n)
	}
	return c
}
