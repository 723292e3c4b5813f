package crn

import (
	"fmt"
	"math"
	"strconv"
)

// Rate says how fast a reaction runs. It is plain data; Bind turns it into numbers when the network is compiled.
// MassAction is the usual one; a new kind of rate is a new type with these two methods and no edit elsewhere.
type Rate interface {
	// Bind looks up the parameters and species that the rate names. Its errors wrap ErrRate, ErrUnknownParameter
	// or ErrUnknownSpecies.
	Bind(n *Network) (Bound, error)
	// String is the rate as a reader writes it: the name of the parameter, the number, the formula.
	String() string
}

// Bound is a rate with its parameters filled in. The propensity is
//
//	Constant · Π reactant factors              if Function is nil,
//	Function(x, t) · Π reactant factors        otherwise,
//	Function(x, t)                             if Whole is set as well.
//
// Function must be pure, return finite values of 0 or above for every state of the box, and bear concurrent calls; it must
// not keep or change x. In all cases masks and the box still apply.
type Bound struct {
	Constant      float64
	Function      func(x []int32, t float64) float64
	Whole         bool
	TimeDependent bool  // Function depends on t
	Reads         []int // species that Function depends on; nil means any of them
	// Ceiling, for rates that depend on time, is a number that Function(x, t) does not exceed for any t from t0 to t1, which may be
	// +Inf. It allows exact trajectories by thinning; the tighter it is, the fewer events are drawn in vain. nil offers none. The
	// rules for Function hold for it, too.
	Ceiling func(x []int32, t0, t1 float64) float64
}

// MassAction is a rate constant times the reactant factors of the network's Law. The constant is the value of Parameter, or
// Value if Parameter is empty.
type MassAction struct {
	Parameter string
	Value     float64
}

// Number is the mass action with the rate constant v.
func Number(v float64) MassAction { return MassAction{Value: v} }

// Bind returns the rate constant; it must be finite and not negative.
func (m MassAction) Bind(n *Network) (Bound, error) {
	k := m.Value
	if m.Parameter != "" {
		i, err := n.ParameterIndex(m.Parameter)
		if err != nil {
			return Bound{}, err
		}
		k = n.Parameters[i].Value
	}
	if math.IsNaN(k) || math.IsInf(k, 0) || k < 0 {
		return Bound{}, fmt.Errorf("%w: rate constant %s is %v: give a finite number of 0 or above", ErrRate, m, k)
	}
	return Bound{Constant: k}, nil
}

// String returns the parameter's name or the number.
func (m MassAction) String() string {
	if m.Parameter != "" {
		return m.Parameter
	}
	return strconv.FormatFloat(m.Value, 'g', -1, 64)
}
