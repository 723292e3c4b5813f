// Package crn holds stochastic reaction networks as plain data and compiles them to fast propensities.
//
// A network has L species with counts x = (x_1 … x_L) and K reactions. Reaction k consumes and produces whole molecules,
// changes the state by s_k = products − reactants, and fires with propensity a_k(x, t), so that the probability p(x, t)
// obeys the chemical master equation
//
//	dp(x,t)/dt = Σ_k [ a_k(x−s_k, t) p(x−s_k, t) − a_k(x, t) p(x, t) ]
//
// (D. T. Gillespie, A rigorous derivation of the chemical master equation, Physica A 188, 404, 1992). Mass action with rate
// constant k and reactant orders m_i reads, by the rate law of the network,
//
//	FallingFactorial  a(x) = k Π_i x_i (x_i−1) … (x_i−m_i+1)   not divided by m_i!
//	Power             a(x) = k Π_i x_i^m_i
//
// Other rates are Hill, which saturates, and Sinusoid, which swings in time; a Rate of one's own needs no edit here. A rate that
// depends on time may offer a Ceiling over an interval, by which trajectories stay exact; formulas do.
//
// An Event sets counts at once when a condition on state and time turns true, as events of SBML do. The master equation above
// does not know events: only trajectories can follow them, and other methods refuse a network by Compiled.RefuseEvents.
//
// Counts of a species with a cap n stay within 0 … n: a reaction that would leave this box is disabled. The probability flow
// that the caps alone hold back is the leak, Σ_x p(x) Blocked(x); it is zero when the caps are wide enough.
//
// A Network is built by its methods or as a literal, checked by Validate, and turned by Compile into a Compiled, which
// never changes and may be used by any number of goroutines.
package crn
