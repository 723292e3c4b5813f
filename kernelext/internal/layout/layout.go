// Package layout places the nodes of a graph in the plane, so that distances on
// paper are as near as they can be to distances along edges.
//
// It minimises the stress Σ_ij (|p_i − p_j| − d_ij)²/d_ij² by majorisation (E. R.
// Gansner, Y. Koren and S. North, Graph Drawing 2004,
// doi:10.1007/978-3-540-31843-9_25), starting from classical scaling. Nothing is
// random: the same graph gives the same picture.
package layout

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// iterations is enough for graphs of some hundred nodes: the stress falls by
// less than a thousandth in a further one.
const iterations = 200

// Place returns a position for each of n nodes. Neighbours are about a distance
// of 1 apart; the picture is wider than high. Parts of the graph that are not
// connected stand beside each other.
func Place(n int, edges [][2]int) [][2]float64 {
	if n == 0 {
		return nil
	}
	d := distances(n, edges)
	p := scaling(d)
	for range iterations {
		p = majorise(p, d)
	}
	return upright(p)
}

// distances counts edges between all pairs; pairs that are not connected are
// one edge farther apart than any others.
func distances(n int, edges [][2]int) [][]float64 {
	near := make([][]int, n)
	for _, e := range edges {
		if e[0] != e[1] {
			near[e[0]], near[e[1]] = append(near[e[0]], e[1]), append(near[e[1]], e[0])
		}
	}
	d := make([][]float64, n)
	longest := 1.0
	for i := range d {
		d[i] = make([]float64, n)
		for j := range d[i] {
			d[i][j] = math.Inf(1)
		}
		d[i][i] = 0
		for queue := []int{i}; len(queue) > 0; queue = queue[1:] {
			for _, j := range near[queue[0]] {
				if math.IsInf(d[i][j], 1) {
					d[i][j] = d[i][queue[0]] + 1
					longest = max(longest, d[i][j])
					queue = append(queue, j)
				}
			}
		}
	}
	for i := range d {
		for j := range d[i] {
			if math.IsInf(d[i][j], 1) {
				d[i][j] = longest + 1
			}
		}
	}
	return d
}

// scaling is classical multidimensional scaling: the two leading eigenvectors
// of the doubly centred squares. A small spiral parts nodes that it puts in one
// place, such as leaves of one neighbour.
func scaling(d [][]float64) [][2]float64 {
	n := len(d)
	mean, total := make([]float64, n), 0.0
	for i := range d {
		for _, v := range d[i] {
			mean[i] += v * v / float64(n)
		}
		total += mean[i] / float64(n)
	}
	b := mat.NewSymDense(n, nil)
	for i := range d {
		for j := i; j < n; j++ {
			b.SetSym(i, j, -0.5*(d[i][j]*d[i][j]-mean[i]-mean[j]+total))
		}
	}
	p := make([][2]float64, n)
	var eigen mat.EigenSym
	if eigen.Factorize(b, true) {
		var vectors mat.Dense
		eigen.VectorsTo(&vectors)
		values := eigen.Values(nil)
		for axis := range min(2, n) {
			at := n - 1 - axis
			for i := range p {
				p[i][axis] = vectors.At(i, at) * math.Sqrt(max(0, values[at]))
			}
		}
	}
	for i := range p {
		angle := 2.399963 * float64(i) // golden
		p[i][0] += 0.02 * math.Cos(angle)
		p[i][1] += 0.02 * math.Sin(angle)
	}
	return p
}

// majorise moves every node to the weighted mean of where the others want it.
func majorise(p [][2]float64, d [][]float64) [][2]float64 {
	q := make([][2]float64, len(p))
	for i := range p {
		var sum [2]float64
		weights := 0.0
		for j := range p {
			if i == j {
				continue
			}
			dx, dy := p[i][0]-p[j][0], p[i][1]-p[j][1]
			length := max(math.Hypot(dx, dy), 1e-9)
			w := 1 / (d[i][j] * d[i][j])
			sum[0] += w * (p[j][0] + d[i][j]*dx/length)
			sum[1] += w * (p[j][1] + d[i][j]*dy/length)
			weights += w
		}
		if weights > 0 {
			q[i] = [2]float64{sum[0] / weights, sum[1] / weights}
		}
	}
	return q
}

// upright turns the picture until it is widest along x, with node 0 on the left
// and above.
func upright(p [][2]float64) [][2]float64 {
	var mean [2]float64
	for _, v := range p {
		mean[0] += v[0] / float64(len(p))
		mean[1] += v[1] / float64(len(p))
	}
	var xx, xy, yy float64
	for _, v := range p {
		x, y := v[0]-mean[0], v[1]-mean[1]
		xx, xy, yy = xx+x*x, xy+x*y, yy+y*y
	}
	sin, cos := math.Sincos(-0.5 * math.Atan2(2*xy, xx-yy))
	out := make([][2]float64, len(p))
	for i, v := range p {
		x, y := v[0]-mean[0], v[1]-mean[1]
		out[i] = [2]float64{cos*x - sin*y, sin*x + cos*y}
	}
	for axis, sign := range [2]float64{1, -1} { // 0 on the left, and at the top
		if sign*out[0][axis] > 0 {
			for i := range out {
				out[i][axis] = -out[i][axis]
			}
		}
	}
	return out
}
