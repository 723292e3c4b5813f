package main

import (
	"slices"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

// orderOption is the order in which the network draws the species: "model", "auto", or names.
type orderOption struct{ text string }

// find returns the order as positions of species, nil for the model's.
func (o *orderOption) find(c *crn.Compiled) ([]int, error) {
	names := c.SpeciesNames()
	switch o.text {
	case "model":
		return nil, nil
	case "auto":
		order, err := evolve.DefaultOrder(c)
		if err != nil || slices.IsSorted(order) {
			return nil, err
		}
		return order, nil
	}
	var order []int
	for _, name := range strings.Split(o.text, ",") {
		name = strings.TrimSpace(name)
		i := slices.Index(names, name)
		switch {
		case i < 0:
			return nil, usagef("--species-order %s: %s has no species %q; it has %s", o.text, c.Network().Name, name, strings.Join(names, ", "))
		case slices.Contains(order, i):
			return nil, usagef("--species-order %s: %s stands there twice", o.text, name)
		}
		order = append(order, i)
	}
	for i, name := range names {
		if !slices.Contains(order, i) {
			return nil, usagef("--species-order %s: %s is missing; name every species once, or use auto or model", o.text, name)
		}
	}
	if slices.IsSorted(order) {
		return nil, nil
	}
	return order, nil
}

// apply lets the network draw the species in that order.
func (o *orderOption) apply(arch van.Architecture, order []int) van.Architecture {
	if order == nil {
		return arch
	}
	return van.Ordered{Network: arch, Order: order}
}
