package dist

import "math"

// Distance is a distance between two laws beside the value that sampling noise alone gives when the laws are equal.
type Distance struct {
	Value float64
	Floor float64 // 0 if both laws are exact
}

// Hellinger returns D with D² = 1 − Σ √(pq), computed as ½ Σ (√p − √q)², which is the same for normalised laws and
// loses no digits when D is small. The floor is √E[D²], see the package comment; k counts the bins that hold samples.
func Hellinger(p, q Marginal) Distance {
	s := newSum(p.N, q.N)
	s.row(p.P, q.P)
	return s.hellinger()
}

// TotalVariation returns V = ½ Σ |p − q|, with the floor E[V] of the package comment.
func TotalVariation(p, q Marginal) Distance {
	s := newSum(p.N, q.N)
	s.row(p.P, q.P)
	return s.totalVariation()
}

// HellingerJoint is Hellinger for the laws of two counts.
func HellingerJoint(p, q Joint) Distance { return joint(p, q).hellinger() }

// TotalVariationJoint is TotalVariation for the laws of two counts.
func TotalVariationJoint(p, q Joint) Distance { return joint(p, q).totalVariation() }

// HellingerTable is Hellinger for the laws of whole states; both tables must list the same species.
func HellingerTable(p, q *Table) (Distance, error) {
	s, err := tables(p, q)
	return s.hellinger(), err
}

// TotalVariationTable is TotalVariation for the laws of whole states; both tables must list the same species.
func TotalVariationTable(p, q *Table) (Distance, error) {
	s, err := tables(p, q)
	return s.totalVariation(), err
}

// sum adds up both distances bin by bin.
type sum struct {
	n1, n2   float64
	inverse  float64 // 1/N₁ + 1/N₂, with 0 for an exact law
	squares  float64 // Σ (√p − √q)²
	absolute float64 // Σ |p − q|
	noise    float64 // Σ E|p̂₁ − p̂₂|
	occupied int     // bins that hold samples
}

func newSum(n1, n2 float64) *sum {
	s := &sum{n1: n1, n2: n2}
	if n1 > 0 {
		s.inverse += 1 / n1
	}
	if n2 > 0 {
		s.inverse += 1 / n2
	}
	return s
}

func (s *sum) bin(p, q float64) {
	d := math.Sqrt(p) - math.Sqrt(q)
	s.squares += d * d
	s.absolute += math.Abs(p - q)
	if s.inverse == 0 {
		return
	}
	if (s.n1 > 0 && p > 0) || (s.n2 > 0 && q > 0) {
		s.occupied++
	}
	common := p // the best guess of the common probability: the exact law, or the pooled samples
	switch {
	case s.n1 > 0 && s.n2 > 0:
		common = (s.n1*p + s.n2*q) / (s.n1 + s.n2)
	case s.n1 > 0:
		common = q
	}
	variance := max(0, common*(1-common)) * s.inverse
	s.noise += min(math.Sqrt(2*variance/math.Pi), 2*common)
}

func (s *sum) row(p, q []float64) {
	for n := range max(len(p), len(q)) {
		var a, b float64
		if n < len(p) {
			a = p[n]
		}
		if n < len(q) {
			b = q[n]
		}
		s.bin(a, b)
	}
}

func (s *sum) hellinger() Distance {
	d := Distance{Value: math.Sqrt(s.squares / 2)}
	if s.occupied > 1 {
		d.Floor = math.Sqrt(float64(s.occupied-1) / 8 * s.inverse)
	}
	return d
}

func (s *sum) totalVariation() Distance {
	return Distance{Value: s.absolute / 2, Floor: s.noise / 2}
}

func joint(p, q Joint) *sum {
	s := newSum(p.N, q.N)
	for a := range max(len(p.P), len(q.P)) {
		var x, y []float64
		if a < len(p.P) {
			x = p.P[a]
		}
		if a < len(q.P) {
			y = q.P[a]
		}
		s.row(x, y)
	}
	return s
}
