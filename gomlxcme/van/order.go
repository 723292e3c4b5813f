package van

import "fmt"

// Ordered is an architecture whose species are drawn in an order of their own:
// species Order[0] first, then Order[1] given its count, and so on. Species that
// depend on each other strongly should stand next to each other, and those with
// few counts first. States, uniform numbers and caps keep the caller's order
// everywhere; only the factors of the chain rule change. The order is part of the
// network's name, and so of its saved parameters.
type Ordered struct {
	Network Architecture // nil means NADE{}
	Order   []int        // a permutation of the species; nil keeps the caller's order
}

func (a Ordered) String() string {
	if a.Order == nil {
		return a.network().String()
	}
	return fmt.Sprintf("ordered(%v, %v)", a.Order, a.network())
}

func (a Ordered) network() Architecture {
	if a.Network == nil {
		return NADE{}
	}
	return a.Network
}

func (a Ordered) build(sites []site) (network, error) {
	if inner, ok := a.network().(Ordered); ok && inner.Order != nil {
		return nil, fmt.Errorf("%w: %v orders the species twice; use one order", ErrArchitecture, a)
	}
	return a.network().build(sites)
}

// sitesOf returns the sites of a box in the order in which an architecture draws
// them.
func sitesOf(arch Architecture, box Box) ([]site, error) {
	l := box.Species()
	order := make([]int, l)
	for i := range order {
		order[i] = i
	}
	if o, ok := arch.(Ordered); ok && o.Order != nil {
		order = o.Order
	}
	seen := make([]bool, l)
	sites := make([]site, 0, l)
	for _, s := range order {
		if s < 0 || s >= l || seen[s] {
			break
		}
		seen[s] = true
		sites = append(sites, site{species: s, cap: box.Caps[s]})
	}
	if len(sites) != l || len(order) != l {
		return nil, fmt.Errorf("%w: the order %v is not a permutation of the %d species 0…%d", ErrArchitecture, order, l, l-1)
	}
	return sites, nil
}

// reordered returns the box with its species in the order of the sites.
func (b Box) reordered(sites []site) Box {
	r := Box{}
	for _, s := range sites {
		r.Caps = append(r.Caps, s.cap)
	}
	for _, l := range b.Laws {
		w := make([]int, len(sites))
		for i, s := range sites {
			w[i] = l.Weights[s.species]
		}
		r.Laws = append(r.Laws, Law{Weights: w, Total: l.Total})
	}
	if b.Hole != nil {
		r.Hole = &Region{}
		for _, s := range sites {
			r.Hole.Low, r.Hole.High = append(r.Hole.Low, b.Hole.Low[s.species]), append(r.Hole.High, b.Hole.High[s.species])
		}
	}
	return r
}
