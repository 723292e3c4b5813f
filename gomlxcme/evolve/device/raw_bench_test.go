//go:build cgo

package device

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gomlx/go-xla/pjrt"
	mlx "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// rawSolve factorises and solves by XLA's own operations, which GoMLX has not.
const rawSolve = `module { func.func @main(%a: tensor<NxNxf64>, %b: tensor<Nx1xf64>) -> tensor<Nx1xf64> {
  %l = "stablehlo.cholesky"(%a) {lower = true} : (tensor<NxNxf64>) -> tensor<NxNxf64>
  %y = "stablehlo.triangular_solve"(%l, %b) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose NO_TRANSPOSE>} : (tensor<NxNxf64>, tensor<Nx1xf64>) -> tensor<Nx1xf64>
  %z = "stablehlo.triangular_solve"(%l, %y) {left_side = true, lower = true, unit_diagonal = false, transpose_a = #stablehlo<transpose TRANSPOSE>} : (tensor<NxNxf64>, tensor<Nx1xf64>) -> tensor<Nx1xf64>
  return %z : tensor<Nx1xf64>
} }`

// Milliseconds by clockOf, least of four, for a system of n equations by
// stablehlo.cholesky, and for what the tiles of such a system consist of: the inverse
// of a tile on the diagonal, of which it has n/512, and products, (n/512)³/6 or so.
// go-xla does not hand out the client of a GoMLX backend, so that the former needs one of
// its own.
func BenchmarkCholesky(b *testing.B) {
	all := present(b)
	on := all[len(all)-1]
	if on.Kind != backend.XLA {
		b.Skip("no XLA plugin")
	}
	now := clockOf(on)
	path, _, _ := strings.Cut(strings.TrimPrefix(on.Config, "xla:"), ",")
	plugin, err := pjrt.GetPlugin(path)
	must(b, err)
	client, err := plugin.NewClient(nil)
	must(b, err)
	matrix := func(n int) []float64 {
		a := make([]float64, n*n)
		for i := range a {
			a[i] = math.Exp(-math.Abs(float64(i/n-i%n)) / 50)
		}
		return a
	}
	least := func(name string, do func()) {
		do() // compile
		best := math.Inf(1)
		for range 4 {
			begin := now()
			do()
			best = min(best, (now() - begin).Seconds())
		}
		b.ReportMetric(1e3*best, name+"-ms")
	}
	for _, n := range []int{512, 1024, 2048} {
		run, err := client.Compile().WithStableHLO([]byte(strings.ReplaceAll(strings.ReplaceAll(rawSolve, "NxNx", fmt.Sprintf("%dx%dx", n, n)), "<Nx1", fmt.Sprintf("<%dx1", n)))).Done()
		must(b, err)
		x := matrix(n)
		least(fmt.Sprintf("raw-%d", n), func() {
			a, err := client.BufferFromHost().FromFlatDataWithDimensions(x, []int{n, n}).Done()
			must(b, err)
			right, err := client.BufferFromHost().FromFlatDataWithDimensions(x[:n], []int{n, 1}).Done()
			must(b, err)
			out, err := run.Execute(a, right).DonateNone().Done()
			must(b, err)
			_, _, err = out[0].ToFlatDataAndDimensions()
			must(b, err)
		})
	}
	tile := tensors.FromFlatDataAndDimensions(matrix(512), 512, 512)
	invert, err := mlx.NewExec(on.Backend, inverse)
	must(b, err)
	product, err := mlx.NewExec(on.Backend, times)
	must(b, err)
	least("inverse-512", func() {
		out, err := invert.Call(tile)
		must(b, err)
		out[0].MaterializeLocal()
	})
	least("product-512", func() {
		out, err := product.Call(tile, tile)
		must(b, err)
		out[0].MaterializeLocal()
	})
}
