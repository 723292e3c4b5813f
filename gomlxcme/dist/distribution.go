package dist

// Distribution is what a solver knows about the counts at one time. Indices of species run from 0; an index outside the
// network is a mistake of the program and panics.
type Distribution interface {
	// Species returns the names in order.
	Species() []string
	// Marginal is the law of the count of species s.
	Marginal(s int) Marginal
	// Joint is the law of the counts of two species, or an error that wraps ErrPair if it was not kept.
	Joint(a, b int) (Joint, error)
	// Moment is mean and standard deviation of species s with their standard errors.
	Moment(s int) Moment
	// Samples is the (effective) number of samples behind the numbers, 0 for an exact answer.
	Samples() float64
}

// Snapshot is the distribution at one time with the numbers that say how far to trust it.
type Snapshot struct {
	Time        float64
	Dist        Distribution
	Diagnostics Diagnostics
	Observables []Observed // functions of the state, if any were asked for
}

// Marginal is the law of one count.
type Marginal struct {
	P []float64 // P[n] is the probability of count n
	N float64   // samples, 0 for an exact law
}

// Joint is the law of the counts of two species.
type Joint struct {
	A, B string      // names of the species
	P    [][]float64 // P[a][b] is the probability of a molecules of A and b of B
	N    float64     // samples, 0 for an exact law
}

// Moment is mean and standard deviation of a count, each with its standard error.
type Moment struct {
	Mean, SD     float64
	MeanSE, SDSE float64
}
