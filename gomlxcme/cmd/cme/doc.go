// Command cme computes how the counts of a stochastic reaction network are distributed over time: by trajectories (ssa), by
// finite state projection (fsp) and by an autoregressive neural network (solve), three ways to the solution P(x, t) of the
// chemical master equation
//
//	dP(x)/dt = Σ_k a_k(x − s_k) P(x − s_k) − a_k(x) P(x)
//
// and compares results. It reads options, calls the library and writes files; "cme help" lists the commands.
//
// Exit status: 0 done; 2 bad usage or input, nothing was written; 1 the computation failed, the last good state is kept;
// 130 interrupted or at the end of its budget (--max-steps, --max-wall), what has been done is kept and --resume continues to the same bytes.
package main
