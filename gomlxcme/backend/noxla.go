//go:build !cgo

package backend

const hasXLA = false

// plugins is empty: loading a PJRT plugin needs cgo.
func plugins() []string { return nil }
