// Package sbml reads stochastic reaction networks from SBML files and writes them.
//
// Read takes Level 2 (Versions 1 to 5) and Level 3 (Versions 1 and 2) core (M. Hucka et al., The Systems Biology Markup
// Language: Language Specification for Level 3 Version 2 Core, J. Integr. Bioinform. 16, 20190021, 2019). A kinetic law v is
// read as the propensity of the master equation, in molecules per time: extents and substances are counts. In its formula a
// species X stands for its count if hasOnlySubstanceUnits is true or its compartment has no dimensions, and for count/size
// otherwise:
//
//	a(x) = v(x_i or x_i/V_i, parameters, t)
//
// Laws that expand to c · Π X_i (X_i−1) … (X_i−m_i+1) with the reactant orders m_i become mass action with the rate constant
// c, which stays a formula of the file's parameters; k X² is another law than k X (X−1) and stays the formula that it is, as
// does everything else. The Model says for each species what was assumed.
//
// Events become events of the network, with delays, priorities and all flags. A parameter that events change becomes a species
// if it holds whole numbers only, and otherwise a function of a species that counts which of its values holds. Values that
// rules give become observables. With changes values and computes anew what initial assignments make of them.
//
// What cannot be treated exactly is refused by element, id and line: algebraic and rate rules, rules for compartments and
// stoichiometries, stoichiometries that are not whole or not constant, fast reactions, constraints, delay and rateOf in
// formulas, events that change compartments, packages that are required. Units are not converted: amounts are counts, and
// other units of substance are noted. Left out without a word are names, notes, annotations, unit definitions, types of
// compartments and species, and SBO terms, which change no numbers. Read bounds its input: no document type, so no entities;
// nesting, size, number of elements and the growth of formulas by function definitions and rules have limits.
package sbml
