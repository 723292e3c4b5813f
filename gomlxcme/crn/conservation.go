package crn

import (
	"fmt"
	"math/big"
	"strings"
)

// Conservation is a linear law that every reaction keeps: Σ_i Weights[i]·x_i never changes.
type Conservation struct {
	Weights []int // one per species, without a common divisor, the first that is not 0 is positive
}

// Format writes the law with the names of n: "S + A + B".
func (c Conservation) Format(n *Network) string {
	var b strings.Builder
	for i, w := range c.Weights {
		if w == 0 {
			continue
		}
		switch {
		case b.Len() > 0 && w < 0:
			b.WriteString(" - ")
		case b.Len() > 0:
			b.WriteString(" + ")
		}
		if w < 0 {
			w = -w
		}
		if w != 1 {
			fmt.Fprintf(&b, "%d ", w)
		}
		b.WriteString(n.Species[i].Name)
	}
	return b.String()
}

// Total returns Σ_i Weights[i]·x_i.
func (c Conservation) Total(x []int32) int {
	total := 0
	for i, w := range c.Weights {
		total += w * int(x[i])
	}
	return total
}

// ConservationLaws returns a basis of the left null space of the stoichiometry matrix over the integers, found by exact
// elimination. Masks, rates and caps play no part: the laws hold for every rate. Species that events assign stand in none
// of them. The network must be valid.
func (n *Network) ConservationLaws() ([]Conservation, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	l := len(n.Species)
	rows := make([][]*big.Int, 0, len(n.Reactions)) // one equation s_k · w = 0 a reaction
	for _, e := range n.Events {
		for _, a := range e.Assignments { // its weight is 0
			row := make([]*big.Int, l)
			for i := range row {
				row[i] = new(big.Int)
			}
			row[a.Species].SetInt64(1)
			rows = append(rows, row)
		}
	}
	for _, r := range n.Reactions {
		row := make([]*big.Int, l)
		for i := range row {
			row[i] = new(big.Int)
		}
		for _, t := range r.Reactants {
			row[t.Species].Sub(row[t.Species], big.NewInt(int64(t.Order)))
		}
		for _, t := range r.Products {
			row[t.Species].Add(row[t.Species], big.NewInt(int64(t.Order)))
		}
		rows = append(rows, row)
	}
	pivots := reduce(rows, l)
	var laws []Conservation
	for free := range l {
		if _, bound := pivots[free]; bound {
			continue
		}
		law, err := nullVector(rows, pivots, free, l)
		if err != nil {
			return nil, fmt.Errorf("crn: network %q: %w", n.Name, err)
		}
		laws = append(laws, law)
	}
	return laws, nil
}

// reduce brings rows to reduced echelon form without fractions and returns the pivot row of each pivot column. Columns are
// taken from the right, so that the free species, which begin the laws, are the first ones.
func reduce(rows [][]*big.Int, l int) map[int]int {
	pivots := map[int]int{}
	done := 0
	for column := l - 1; column >= 0 && done < len(rows); column-- {
		found := -1
		for i := done; i < len(rows); i++ {
			if rows[i][column].Sign() != 0 {
				found = i
				break
			}
		}
		if found < 0 {
			continue
		}
		rows[done], rows[found] = rows[found], rows[done]
		pivot := rows[done]
		for i, row := range rows {
			if i == done || row[column].Sign() == 0 {
				continue
			}
			a, b := new(big.Int).Set(pivot[column]), new(big.Int).Set(row[column])
			for j := range row {
				row[j].Mul(row[j], a)
				row[j].Sub(row[j], new(big.Int).Mul(b, pivot[j]))
			}
			primitive(row)
		}
		pivots[column] = done
		done++
	}
	return pivots
}

// nullVector solves the reduced equations with the free species set to 1 and clears denominators.
func nullVector(rows [][]*big.Int, pivots map[int]int, free, l int) (Conservation, error) {
	scale := big.NewInt(1) // common multiple of the pivots
	for column, i := range pivots {
		p := new(big.Int).Abs(rows[i][column])
		g := new(big.Int).GCD(nil, nil, scale, p)
		scale.Mul(scale, p.Div(p, g))
	}
	w := make([]*big.Int, l)
	for i := range w {
		w[i] = new(big.Int)
	}
	w[free].Set(scale)
	for column, i := range pivots {
		w[column].Mul(rows[i][free], scale)
		w[column].Quo(w[column], rows[i][column])
		w[column].Neg(w[column])
	}
	primitive(w)
	law := Conservation{Weights: make([]int, l)}
	sign := 0
	for i, v := range w {
		if sign == 0 {
			sign = v.Sign()
		}
		if !v.IsInt64() {
			return law, ErrOverflow
		}
		law.Weights[i] = sign * int(v.Int64())
	}
	return law, nil
}

// primitive divides a row by the greatest common divisor of its entries.
func primitive(row []*big.Int) {
	g := new(big.Int)
	for _, v := range row {
		g.GCD(nil, nil, g, new(big.Int).Abs(v))
	}
	if g.Sign() == 0 {
		return
	}
	for _, v := range row {
		v.Quo(v, g)
	}
}
