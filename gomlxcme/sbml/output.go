package sbml

import "encoding/xml"

// output is the document as encoding/xml writes it.
type output struct {
	XMLName xml.Name    `xml:"http://www.sbml.org/sbml/level3/version2/core sbml"`
	Level   int         `xml:"level,attr"`
	Version int         `xml:"version,attr"`
	Model   outputModel `xml:"model"`
}

type outputModel struct {
	ID           string              `xml:"id,attr"`
	Name         string              `xml:"name,attr,omitempty"`
	Substance    string              `xml:"substanceUnits,attr"`
	Extent       string              `xml:"extentUnits,attr"`
	Compartments []outputCompartment `xml:"listOfCompartments>compartment"`
	Species      []outputSpecies     `xml:"listOfSpecies>species"`
	Parameters   *outputParameters   `xml:"listOfParameters"`
	Reactions    []outputReaction    `xml:"listOfReactions>reaction"`
	Events       *outputEvents       `xml:"listOfEvents"`
}

type outputCompartment struct {
	ID         string `xml:"id,attr"`
	Dimensions int    `xml:"spatialDimensions,attr"`
	Size       int    `xml:"size,attr"`
	Constant   bool   `xml:"constant,attr"`
}

type outputSpecies struct {
	ID          string `xml:"id,attr"`
	Compartment string `xml:"compartment,attr"`
	Amount      int    `xml:"initialAmount,attr"`
	OnlyAmounts bool   `xml:"hasOnlySubstanceUnits,attr"`
	Boundary    bool   `xml:"boundaryCondition,attr"`
	Constant    bool   `xml:"constant,attr"`
}

type outputParameters struct {
	List []outputParameter `xml:"parameter"`
}

type outputParameter struct {
	ID       string  `xml:"id,attr"`
	Value    float64 `xml:"value,attr"`
	Constant bool    `xml:"constant,attr"`
}

type outputReaction struct {
	ID         string            `xml:"id,attr"`
	Name       string            `xml:"name,attr,omitempty"`
	Reversible bool              `xml:"reversible,attr"`
	Reactants  *outputReferences `xml:"listOfReactants"`
	Products   *outputReferences `xml:"listOfProducts"`
	Modifiers  *outputModifiers  `xml:"listOfModifiers"`
	Law        outputLaw         `xml:"kineticLaw"`
}

type outputReferences struct {
	List []outputReference `xml:"speciesReference"`
}

type outputReference struct {
	Species  string `xml:"species,attr"`
	Order    int    `xml:"stoichiometry,attr"`
	Constant bool   `xml:"constant,attr"`
}

type outputModifiers struct {
	List []outputModifier `xml:"modifierSpeciesReference"`
}

type outputModifier struct {
	Species string `xml:"species,attr"`
}

type outputMath struct {
	Namespace string `xml:"xmlns,attr"`
	Content   string `xml:",innerxml"`
}

type outputLaw struct {
	Math   outputMath    `xml:"math"`
	Locals *outputLocals `xml:"listOfLocalParameters"`
}

type outputLocals struct {
	List []outputLocal `xml:"localParameter"`
}

type outputLocal struct {
	ID    string  `xml:"id,attr"`
	Value float64 `xml:"value,attr"`
}

type outputEvents struct {
	List []outputEvent `xml:"event"`
}

type outputEvent struct {
	ID          string             `xml:"id,attr"`
	Name        string             `xml:"name,attr,omitempty"`
	AtTrigger   bool               `xml:"useValuesFromTriggerTime,attr"`
	Trigger     outputTrigger      `xml:"trigger"`
	Priority    *outputFormula     `xml:"priority"`
	Delay       *outputFormula     `xml:"delay"`
	Assignments *outputAssignments `xml:"listOfEventAssignments"`
}

type outputTrigger struct {
	Initial    bool       `xml:"initialValue,attr"`
	Persistent bool       `xml:"persistent,attr"`
	Math       outputMath `xml:"math"`
}

type outputFormula struct {
	Math outputMath `xml:"math"`
}

type outputAssignments struct {
	List []outputAssignment `xml:"eventAssignment"`
}

type outputAssignment struct {
	Variable string     `xml:"variable,attr"`
	Math     outputMath `xml:"math"`
}
