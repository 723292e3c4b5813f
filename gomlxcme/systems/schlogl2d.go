package systems

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// schlogl2D is the model of Schlögl on a lattice with open borders: the reactions of schlogl in each voxel, and hops to the
// neighbours above, below, left and right. Voxel X2_3 stands in row 2 and column 3. One row or one column is the chain.
func schlogl2D() family {
	return family{name: "schlogl-2d",
		options: []option{whole("rows", 2, 1, 64, "rows of the lattice"), whole("cols", 2, 1, 64, "columns of the lattice"), constantsOption()},
		build: func(v values) Entry {
			rows, cols := v.whole("rows"), v.whole("cols")
			return Entry{
				Title:  fmt.Sprintf("Schlögl model on a lattice of voxels (rows=%d, cols=%d), bistable", rows, cols),
				Source: schloglSource,
				TEnd:   1,
				Build: func() *crn.Network {
					n := crn.New(v.name)
					var voxels []string
					for i := range rows {
						for j := range cols {
							voxels = append(voxels, voxel(i, j))
						}
					}
					addSchlogl(n, v.word("constants"), voxels)
					for i := range rows {
						for j := range cols {
							for _, to := range [][2]int{{i - 1, j}, {i + 1, j}, {i, j - 1}, {i, j + 1}} {
								if to[0] >= 0 && to[0] < rows && to[1] >= 0 && to[1] < cols {
									hop(n, voxel(i, j), voxel(to[0], to[1]))
								}
							}
						}
					}
					return n
				},
			}
		}}
}

func voxel(row, col int) string { return fmt.Sprintf("X%d_%d", row+1, col+1) }
