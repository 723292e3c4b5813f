package kernelext

import (
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// How tight operations bind; a part that binds less than what is around it gets
// brackets.
const (
	rankTruth = iota + 1
	rankSum
	rankProduct
	rankSign
	rankPower
	rankAtom
)

// texJoined are operations whose parts are joined by a sign.
var texJoined = map[crn.Op]struct {
	sign string
	rank int
}{
	crn.OpAdd: {" + ", rankSum}, crn.OpMultiply: {`\,`, rankProduct},
	crn.OpLess: {" < ", rankTruth}, crn.OpLessEq: {` \le `, rankTruth}, crn.OpGreater: {" > ", rankTruth},
	crn.OpGreaterEq: {` \ge `, rankTruth}, crn.OpEqual: {" = ", rankTruth}, crn.OpNotEqual: {` \ne `, rankTruth},
	crn.OpAnd: {` \wedge `, rankTruth}, crn.OpOr: {` \vee `, rankTruth}, crn.OpXor: {` \oplus `, rankTruth},
}

// texFormula writes a formula tree; around is how tight what stands around it
// binds.
func texFormula(f crn.Formula, around int) string {
	text, rank := texNode(f)
	if rank < around {
		return `\left(` + text + `\right)`
	}
	return text
}

// texNode is the text of a node and how tight it binds.
func texNode(f crn.Formula) (text string, rank int) {
	if j, ok := texJoined[f.Op]; ok {
		return texJoin(f.Args, j.sign, j.rank), j.rank
	}
	switch f.Op {
	case crn.OpNumber:
		text := texNumber(f.Value)
		if strings.HasPrefix(text, "-") {
			return text, rankSign
		}
		return text, rankAtom
	case crn.OpName:
		return texName(f.Name), rankAtom
	case crn.OpTime:
		return "t", rankAtom
	case crn.OpNegate:
		return "-" + texFormula(f.Args[0], rankSign), rankSign
	case crn.OpDivide:
		return `\frac{` + texFormula(f.Args[0], 0) + "}{" + texFormula(f.Args[1], 0) + "}", rankPower
	case crn.OpPower:
		return texFormula(f.Args[0], rankAtom) + "^{" + texFormula(f.Args[1], 0) + "}", rankPower
	case crn.OpSqrt:
		return `\sqrt{` + texFormula(f.Args[0], 0) + "}", rankAtom
	case crn.OpAbs:
		return `\left|` + texFormula(f.Args[0], 0) + `\right|`, rankAtom
	case crn.OpFloor:
		return `\left\lfloor ` + texFormula(f.Args[0], 0) + `\right\rfloor`, rankAtom
	case crn.OpCeil:
		return `\left\lceil ` + texFormula(f.Args[0], 0) + `\right\rceil`, rankAtom
	case crn.OpFactorial:
		return texFormula(f.Args[0], rankAtom) + "!", rankPower
	case crn.OpNot:
		return `\neg ` + texFormula(f.Args[0], rankSign), rankSign
	case crn.OpPiecewise:
		return texCases(f.Args), rankAtom
	}
	return `\operatorname{` + string(f.Op) + `}\left(` + texJoin(f.Args, ", ", 0) + `\right)`, rankAtom
}

// texJoin writes parts with a sign between them. A sum subtracts what is
// negative.
func texJoin(parts []crn.Formula, sign string, rank int) string {
	text := ""
	for i, p := range parts {
		part := texFormula(p, rank)
		switch {
		case i == 0:
			text = part
		case sign == " + " && p.Op == crn.OpNegate:
			text += " - " + texFormula(p.Args[0], rankProduct)
		default:
			text += sign + part
		}
	}
	return text
}

// texCases writes value, condition, value, condition … and the last value.
func texCases(args []crn.Formula) string {
	var lines []string
	for i := 0; i < len(args); i += 2 {
		if i+1 < len(args) {
			lines = append(lines, texFormula(args[i], 0)+` & \text{if } `+texFormula(args[i+1], 0))
		} else {
			lines = append(lines, texFormula(args[i], 0)+` & \text{otherwise}`)
		}
	}
	return `\begin{cases}` + strings.Join(lines, `\\`) + `\end{cases}`
}
