package sbml

import (
	"fmt"
	"math"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// mathName is the MathML operator of an operation.
func mathName(op crn.Op) string {
	switch op {
	case crn.OpNegate:
		return "minus"
	case crn.OpSqrt:
		return "root"
	case crn.OpLog10:
		return "log"
	}
	for name, o := range operators { // each operation has one name
		if o == op {
			return name
		}
	}
	return string(op)
}

func mathOf(f crn.Formula) outputMath {
	var b strings.Builder
	writeMath(&b, f)
	return outputMath{mathNamespace, b.String()}
}

func writeMath(b *strings.Builder, f crn.Formula) {
	switch f.Op {
	case crn.OpNumber:
		writeNumber(b, f.Value)
	case crn.OpName:
		b.WriteString("<ci>" + f.Name + "</ci>")
	case crn.OpTime:
		b.WriteString(`<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">t</csymbol>`)
	case crn.OpPiecewise:
		b.WriteString("<piecewise>")
		for i := 0; i+1 < len(f.Args); i += 2 {
			b.WriteString("<piece>")
			writeMath(b, f.Args[i])
			writeMath(b, f.Args[i+1])
			b.WriteString("</piece>")
		}
		if last := len(f.Args) - 1; last%2 == 0 {
			b.WriteString("<otherwise>")
			writeMath(b, f.Args[last])
			b.WriteString("</otherwise>")
		}
		b.WriteString("</piecewise>")
	default:
		b.WriteString("<apply><" + mathName(f.Op) + "/>")
		for _, a := range f.Args {
			writeMath(b, a)
		}
		b.WriteString("</apply>")
	}
}

func writeNumber(b *strings.Builder, v float64) {
	if v == math.Trunc(v) && math.Abs(v) < 1<<31 {
		fmt.Fprintf(b, `<cn type="integer">%d</cn>`, int64(v))
		return
	}
	text := fmt.Sprint(v)
	if mantissa, exponent, ok := strings.Cut(text, "e"); ok {
		fmt.Fprintf(b, `<cn type="e-notation">%s<sep/>%s</cn>`, mantissa, strings.TrimPrefix(exponent, "+"))
		return
	}
	b.WriteString("<cn>" + text + "</cn>")
}
