package sbml

import "slices"

// grammar lists the children that the elements of the core may have. Elements that are not listed have none that would be
// read, such as a species.
var grammar = map[string][]string{
	"sbml": {"model"},
	"model": {"listOfFunctionDefinitions", "listOfUnitDefinitions", "listOfCompartmentTypes", "listOfSpeciesTypes", "listOfCompartments",
		"listOfSpecies", "listOfParameters", "listOfInitialAssignments", "listOfRules", "listOfConstraints", "listOfReactions", "listOfEvents"},
	"listOfFunctionDefinitions": {"functionDefinition"},
	"functionDefinition":        {"math"},
	"listOfUnitDefinitions":     {"unitDefinition"},
	"unitDefinition":            {"listOfUnits"},
	"listOfUnits":               {"unit"},
	"listOfCompartmentTypes":    {"compartmentType"},
	"listOfSpeciesTypes":        {"speciesType"},
	"listOfCompartments":        {"compartment"},
	"listOfSpecies":             {"species"},
	"listOfParameters":          {"parameter"},
	"listOfLocalParameters":     {"localParameter"},
	"listOfInitialAssignments":  {"initialAssignment"},
	"initialAssignment":         {"math"},
	"listOfRules":               {"assignmentRule", "rateRule", "algebraicRule"},
	"assignmentRule":            {"math"},
	"rateRule":                  {"math"},
	"algebraicRule":             {"math"},
	"listOfConstraints":         {"constraint"},
	"constraint":                {"math"},
	"listOfReactions":           {"reaction"},
	"reaction":                  {"listOfReactants", "listOfProducts", "listOfModifiers", "kineticLaw"},
	"listOfReactants":           {"speciesReference"},
	"listOfProducts":            {"speciesReference"},
	"speciesReference":          {"stoichiometryMath"},
	"stoichiometryMath":         {"math"},
	"listOfModifiers":           {"modifierSpeciesReference"},
	"kineticLaw":                {"math", "listOfParameters", "listOfLocalParameters"},
	"listOfEvents":              {"event"},
	"event":                     {"trigger", "delay", "priority", "listOfEventAssignments"},
	"trigger":                   {"math"},
	"delay":                     {"math"},
	"priority":                  {"math"},
	"listOfEventAssignments":    {"eventAssignment"},
	"eventAssignment":           {"math"},
}

// parse refuses elements that the core does not have at their place, so that nothing is passed over in silence.
func (e *element) parse() error {
	for _, c := range e.children {
		if !slices.Contains(grammar[e.name], c.name) {
			return c.refuse(ErrUnsupported, "the core of SBML has no %s inside %s: take it out", c.name, e.name)
		}
		if c.name == "math" {
			if c.space != mathNamespace {
				return c.refuse(ErrInvalid, "math must be in the namespace %s", mathNamespace)
			}
			continue
		}
		if err := c.parse(); err != nil {
			return err
		}
	}
	return nil
}
