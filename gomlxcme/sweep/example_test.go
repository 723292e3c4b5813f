package sweep_test

import (
	"fmt"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
)

// A mistake in a sweep file is told with its line and what was probably meant.
func ExampleParseSpec() {
	_, err := sweep.ParseSpec("switch.yaml", []byte(`solver: ssa
model: toggle-switch
vary:
  param.decay: {log: {form: 1, to: 2, points: 6}}
`))
	fmt.Println(err)
	// Output:
	// switch.yaml:4: vary.param.decay.log lacks from
	// switch.yaml:4: unknown name "form" in vary.param.decay.log; did you mean "from"? known are from, points, to
}
