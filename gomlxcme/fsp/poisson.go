package fsp

import "math"

// window is the Poisson law of a mean, cut to the counts from left to left+len(weight)−1.
type window struct {
	left     int
	weight   []float64 // normalised to 1
	survival []float64 // survival[k] = P(count > k) for k = 0 … right
	cut      float64   // bound of what was cut off both tails
}

// poissonWindow cuts both tails of the Poisson law so that together they weigh at most tail. The weights are built from the mode
// outwards relative to the largest, so that nothing under- or overflows; beyond count k the ratios of neighbours stay
// below r = mean/(k+1) on the right and k/mean on the left, and a geometric series bounds the tail.
func poissonWindow(mean, tail float64) window {
	mode := int(mean)
	sum := 1.0
	cut := 0.0
	var up []float64
	for w, k := 1.0, mode; ; {
		r := mean / float64(k+1)
		if rest := w * r / (1 - r); r < 1 && rest <= tail/2*sum {
			cut += rest
			break
		}
		w *= r
		k++
		up = append(up, w)
		sum += w
	}
	var down []float64
	for w, k := 1.0, mode; k > 0; {
		r := float64(k) / mean
		if rest := w * r / (1 - r); r < 1 && rest <= tail/2*sum {
			cut += rest
			break
		}
		w *= r
		k--
		down = append(down, w)
		sum += w
	}
	win := window{left: mode - len(down), cut: cut / sum}
	for i := len(down) - 1; i >= 0; i-- {
		win.weight = append(win.weight, down[i])
	}
	win.weight = append(append(win.weight, 1), up...)
	total := 0.0 // from the small ends, to keep their digits
	for i, j := 0, len(win.weight)-1; i <= j; {
		if i == j || win.weight[i] < win.weight[j] {
			total += win.weight[i]
			i++
		} else {
			total += win.weight[j]
			j--
		}
	}
	for i := range win.weight {
		win.weight[i] /= total
	}
	win.survival = make([]float64, win.left+len(win.weight))
	above := 0.0
	for k := len(win.survival) - 1; k >= 0; k-- {
		win.survival[k] = math.Min(1, above)
		if k >= win.left {
			above += win.weight[k-win.left]
		}
	}
	return win
}
