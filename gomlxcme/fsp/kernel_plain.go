//go:build !amd64 || !goexperiment.simd

package fsp

// Without vector registers nothing is done beforehand.

func setProductWide(_, _, _ []float64) int { return 0 }

func addScaledWide(_, _ []float64, _ float64) int { return 0 }

func addProductWide(_, _, _ []float64) int { return 0 }

func finishWide(_, _, _, _ []float64, _, _ float64) int { return 0 }
