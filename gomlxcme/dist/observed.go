package dist

// Observed is a number that follows from the whole state, such as a sum of counts, with mean and standard deviation.
type Observed struct {
	Name   string
	Moment Moment
}

// Accumulator gathers mean, variance and fourth moment of numbers one after the other, without keeping them. The order in
// which they are added matters in the last bits. Its fields are exported so that it can be stored.
//
// Source: P. Pébay, Sandia Report SAND2008-6212 (2008), equations 1.5 to 1.7 for one more number.
type Accumulator struct {
	N      float64
	Mean   float64
	M2, M3 float64 // sums of powers of the distance from the mean
	M4     float64
}

// Add adds a number.
func (a *Accumulator) Add(v float64) {
	before := a.N
	a.N++
	d := v - a.Mean
	part := d / a.N
	square := part * part
	term := d * part * before
	a.Mean += part
	a.M4 += term*square*(a.N*a.N-3*a.N+3) + 6*square*a.M2 - 4*part*a.M3
	a.M3 += term*part*(a.N-2) - 3*part*a.M2
	a.M2 += term
}

// Moment returns mean and standard deviation with their standard errors, as Marginal.Moment does.
func (a *Accumulator) Moment() Moment {
	if a.N == 0 {
		return Moment{}
	}
	return moment(a.Mean, max(0, a.M2)/a.N, max(0, a.M4)/a.N, a.N)
}

// Observe returns mean and standard deviation of a function of the state, with standard errors if the table is made of
// samples. The probabilities are normalised first. What f gives may be anything; callers check that it is finite.
func (t *Table) Observe(f func(x []int32) float64) Moment {
	values := make([]float64, len(t.p))
	var mass, first, origin float64 // sums are taken from the first value on, so that a constant has no deviation
	for i, p := range t.p {
		if p == 0 {
			continue
		}
		if values[i] = f(t.State(i)); mass == 0 {
			origin = values[i]
		}
		mass += p
		first += p * (values[i] - origin)
	}
	if mass == 0 {
		return Moment{}
	}
	mean := origin + first/mass
	var second, fourth float64
	for i, p := range t.p {
		if p == 0 {
			continue
		}
		d := values[i] - mean
		second += p * d * d
		fourth += p * d * d * d * d
	}
	return moment(mean, second/mass, fourth/mass, t.samples)
}
