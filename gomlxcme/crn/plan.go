package crn

// plan is a propensity in a form that is quick to compute for states inside the box. There the lower limits hold by themselves in
// mass action with falling factorials, and only caps above products have to be looked at.
type plan struct {
	constant       float64
	a, b           int32 // reactants
	mask, count    int32 // a mask, if mask ≥ 0
	guard0, guard1 int32 // range in Compiled.guards
	kind           planKind
}

type planKind uint8

const (
	planWhole    planKind = iota // no quick form: Propensity
	planConstant                 // k
	planLinear                   // k x_a
	planPair                     // k x_a x_b
	planProduct                  // k times the factors of the law
)

// guard is the largest count that a reaction finds room above.
type guard struct{ species, high int32 }

// plan makes the quick form of a reaction that has been added already.
func (c *Compiled) plan(r *compiled) {
	p := plan{constant: r.constant, mask: -1, guard0: int32(len(c.guards))}
	if masks := c.masks[r.mask0:r.mask1]; len(masks) == 1 {
		p.mask, p.count = masks[0].species, masks[0].count
	}
	terms := c.terms[r.term0:r.term1]
	switch {
	case r.function != nil || r.mask1-r.mask0 > 1 || (r.anyOrderAboveOne && c.net.Law != FallingFactorial):
		p.kind = planWhole
	case r.anyOrderAboveOne || len(terms) > 2:
		p.kind = planProduct
	case len(terms) == 2:
		p.kind, p.a, p.b = planPair, terms[0].species, terms[1].species
	case len(terms) == 1:
		p.kind, p.a = planLinear, terms[0].species
	default:
		p.kind = planConstant
	}
	for _, l := range c.limits[r.limit0:r.limit1] {
		top := int32(maxCount)
		if c.caps[l.species] != Unbounded {
			top = int32(c.caps[l.species])
		}
		if l.high < top {
			c.guards = append(c.guards, guard{l.species, l.high})
		}
	}
	p.guard1 = int32(len(c.guards))
	c.plans = append(c.plans, p)
}

// PropensityInside returns a_k(x, t) for a state x inside the box, faster than Propensity and equal to it to the last bit. It does not
// look whether x is inside.
func (c *Compiled) PropensityInside(k int, x []int32, t float64) float64 {
	p := &c.plans[k]
	if p.kind == planWhole {
		return c.Propensity(k, x, t)
	}
	for _, g := range c.guards[p.guard0:p.guard1] {
		if x[g.species] > g.high {
			return 0
		}
	}
	if p.mask >= 0 && x[p.mask] != p.count {
		return 0
	}
	switch p.kind {
	case planConstant:
		return p.constant
	case planLinear:
		return p.constant * float64(x[p.a])
	case planPair:
		return p.constant * float64(x[p.a]) * float64(x[p.b])
	}
	r := &c.reactions[k]
	a := p.constant
	for _, f := range c.terms[r.term0:r.term1] {
		a *= FallingFactorial.factor(x[f.species], int(f.order))
	}
	return a
}
