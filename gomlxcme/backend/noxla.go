//go:build !cgo

package backend

const hasXLA = false

// prepareXLA does nothing: loading a PJRT plugin needs cgo.
func prepareXLA(string) error { return nil }
