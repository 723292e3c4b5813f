package crn

import (
	"fmt"
	"math"
)

// Sinusoid is mass action whose constant swings in time, such as the infection rate through the seasons:
//
//	a(x, t) = Rate · (1 + Amplitude · sin(2πt/Period)) · Π reactant factors
//
// All three name parameters.
type Sinusoid struct {
	Rate, Amplitude, Period string
}

// Bind refuses amplitudes beyond −1 … 1, which would make the rate negative, and periods that are not above 0.
func (s Sinusoid) Bind(n *Network) (Bound, error) {
	k, err := positive(n, s.Rate)
	if err != nil {
		return Bound{}, err
	}
	i, err := n.ParameterIndex(s.Amplitude)
	if err != nil {
		return Bound{}, err
	}
	amplitude := n.Parameters[i].Value
	if !(math.Abs(amplitude) <= 1) {
		return Bound{}, fmt.Errorf("%w: amplitude %s is %v: give a number from -1 to 1", ErrRate, s.Amplitude, amplitude)
	}
	period, err := positive(n, s.Period)
	if err != nil {
		return Bound{}, err
	}
	if period == 0 {
		return Bound{}, fmt.Errorf("%w: period %s is 0: give a number above 0", ErrRate, s.Period)
	}
	at := func(t float64) float64 { return k * (1 + amplitude*math.Sin(2*math.Pi*math.Mod(t, period)/period)) }
	return Bound{
		Function:      func(_ []int32, t float64) float64 { return at(t) },
		TimeDependent: true,
		Reads:         []int{},
		Ceiling: func(_ []int32, t0, t1 float64) float64 {
			peak := period / 4 // of the first period
			if amplitude < 0 {
				peak = 3 * period / 4
			}
			if t1-t0 >= period || math.Floor((t1-peak)/period) > math.Floor((t0-peak)/period) {
				return k * (1 + math.Abs(amplitude))
			}
			// No peak inside: the largest value stands at an end. The margin covers the rounding of both.
			return min(k*(1+math.Abs(amplitude)), max(at(t0), at(t1))*(1+1e-12))
		},
	}, nil
}

// String returns the formula without the reactant factors.
func (s Sinusoid) String() string {
	return fmt.Sprintf("%s (1 + %s sin(2π t/%s))", s.Rate, s.Amplitude, s.Period)
}

// Expression is the same rate as a formula.
func (s Sinusoid) Expression() Expression {
	phase := Apply(OpDivide, Apply(OpMultiply, Num(2*math.Pi), Apply(OpTime)), Name(s.Period))
	swing := Apply(OpMultiply, Name(s.Amplitude), Apply(OpSin, phase))
	return Expression{Formula: Apply(OpMultiply, Name(s.Rate), Apply(OpAdd, Num(1), swing)), Factors: true}
}
