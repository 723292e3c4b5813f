// Package recall keeps what a notebook cell has computed for the cells after it.
//
// Every cell is a process of its own, so that a network that took a minute to
// solve would be gone when the cell ends. Solve stores its state in a folder,
// from time to time while it works and at the end. The same call in a later
// cell, or after the kernel was restarted, returns the result at once; after an
// interruption it goes on from the last stored step, to the same bytes.
//
// Files are found by a hash of the model and of all settings that can change
// the result. A change of the library itself is not noticed: remove the folder
// then.
package recall
