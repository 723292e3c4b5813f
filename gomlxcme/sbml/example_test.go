package sbml_test

import (
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/sbml"
)

// A file whose law speaks of a concentration: the rate constant per molecule is divided by the size of the compartment.
func ExampleRead() {
	m, err := sbml.Read(strings.NewReader(`<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="decay">
<listOfCompartments><compartment id="cell" size="2" constant="true"/></listOfCompartments>
<listOfSpecies><species id="X" compartment="cell" initialAmount="10" hasOnlySubstanceUnits="false" boundaryCondition="false" constant="false"/></listOfSpecies>
<listOfParameters><parameter id="k" value="1" constant="true"/></listOfParameters>
<listOfReactions><reaction id="Death" reversible="false">
<listOfReactants><speciesReference species="X" stoichiometry="1" constant="true"/></listOfReactants>
<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>X</ci></apply></math></kineticLaw>
</reaction></listOfReactions></model></sbml>`))
	if err != nil {
		log.Fatal(err)
	}
	r := m.Network.Reactions[0]
	fmt.Printf("%s @ %s, from %s\n", r.Format(m.Network), r.Rate, m.Network.Species[0].Initial)
	fmt.Println("X in formulas is a concentration:", m.Species[0].Concentration)
	// Output:
	// X -> 0 @ k / cell, from delta(10)
	// X in formulas is a concentration: true
}

// A network written for other programs.
func ExampleWrite() {
	n := crn.New("decay")
	n.Param("k", 0.5)
	n.AddSpecies("X", crn.Delta(10), crn.Unbounded)
	n.React("X -> 0", "k", crn.Named("Death"))
	if err := sbml.Write(os.Stdout, n); err != nil {
		log.Fatal(err)
	}
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">
	//   <model id="decay" substanceUnits="item" extentUnits="item">
	//     <listOfCompartments>
	//       <compartment id="cell" spatialDimensions="3" size="1" constant="true"></compartment>
	//     </listOfCompartments>
	//     <listOfSpecies>
	//       <species id="X" compartment="cell" initialAmount="10" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"></species>
	//     </listOfSpecies>
	//     <listOfParameters>
	//       <parameter id="k" value="0.5" constant="true"></parameter>
	//     </listOfParameters>
	//     <listOfReactions>
	//       <reaction id="Death" reversible="false">
	//         <listOfReactants>
	//           <speciesReference species="X" stoichiometry="1" constant="true"></speciesReference>
	//         </listOfReactants>
	//         <kineticLaw>
	//           <math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>X</ci></apply></math>
	//         </kineticLaw>
	//       </reaction>
	//     </listOfReactions>
	//   </model>
	// </sbml>
}
