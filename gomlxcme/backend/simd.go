//go:build goexperiment.simd

package backend

// SIMD reports whether the program was built with GOEXPERIMENT=simd.
const SIMD = true
