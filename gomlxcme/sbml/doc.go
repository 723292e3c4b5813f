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
// What cannot be treated exactly is refused by element, id and line. Read bounds its input: no document type, so no
// entities; nesting, size, number of elements and the growth of formulas by function definitions and rules have limits.
package sbml
