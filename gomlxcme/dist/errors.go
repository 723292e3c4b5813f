package dist

import "errors"

// Errors of this package; all returned errors wrap one of them.
var (
	// ErrShape says that slices do not fit together.
	ErrShape = errors.New("shapes do not fit")
	// ErrProbability says that a probability is negative, not finite, or that they sum to more than 1.
	ErrProbability = errors.New("not a probability")
	// ErrPair says that the joint distribution of two species was not kept.
	ErrPair = errors.New("pair was not kept")
	// ErrCount says that a count is negative or too large for a histogram.
	ErrCount = errors.New("count outside the histogram")
	// ErrFormat says that stored bytes are not what this package wrote.
	ErrFormat = errors.New("not stored counts")
)
