// Package backend opens the GoMLX backend on which the networks are compiled
// and run: XLA (CUDA or CPU) when a PJRT plugin is installed, and otherwise the
// pure-Go backend, which is always there.
//
// It exists because opening a backend has sharp edges that every program would
// otherwise meet by itself:
//
//   - The Go backend is opened as "go:ops_sequential". Its default, which runs
//     the operations of one graph in parallel, can deadlock when several matrix
//     products each wait for a free worker. Parallelism comes from running
//     several executions at once instead.
//   - XLA must never download a plugin by itself: a program that starts on a
//     computer without network would hang or panic.
//   - A plugin that cannot be loaded panics inside the driver. Here it becomes an
//     error when it was asked for by name, and a skipped candidate when not.
//
// The choice is made in this order: the name given, the variable GOMLX_BACKEND,
// an installed CUDA plugin where there is an NVIDIA GPU, an installed CPU plugin,
// Go. Plugins says where plugins are looked for, and the package fetch gets them,
// when asked. Very small jobs stay on the Go backend unless a name or the variable
// says otherwise (OpenFor): XLA would compile longer than they take.
//
// Results of two backends agree to rounding, not to the byte: a run that is to be
// repeated to the byte names its backend.
package backend
