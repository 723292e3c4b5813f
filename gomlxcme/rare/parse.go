package rare

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
)

// ErrBasin marks a text that does not describe a basin; the message names the column.
var ErrBasin = errors.New("bad basin")

// operators of a bound, the longer ones first.
var operators = []string{"<=", ">=", "==", "<", ">", "="}

// ParseBasin reads bounds of the species that hold together, separated by commas: "X<=15, Y>3, Z=0". The operators are <=, <, >=, > and =
// (or ==), counts are whole numbers of 0 or more; a species may have several bounds. The error wraps ErrBasin and counts columns from 1.
func ParseBasin(text string, species []string) (Basin, error) {
	var b Basin
	start := 0
	for _, part := range strings.SplitAfter(text, ",") {
		if err := b.add(text, start, strings.TrimSuffix(part, ","), species); err != nil {
			return Basin{}, err
		}
		start += len(part)
	}
	slices.SortFunc(b.bounds, func(p, q bound) int { return cmp.Compare(p.species, q.species) })
	return b, nil
}

// add reads one bound, which begins at byte start of the text.
func (b *Basin) add(text string, start int, part string, species []string) error {
	fail := func(at int, format string, a ...any) error {
		return fmt.Errorf("rare: %w %q, column %d: %s", ErrBasin, text, 1+utf8.RuneCountInString(text[:at]), fmt.Sprintf(format, a...))
	}
	first := start + len(part) - len(strings.TrimLeft(part, " \t")) // of the name
	at := strings.IndexAny(part, "<>=")
	switch {
	case strings.TrimSpace(part) == "":
		return fail(start, "a bound is missing: write one like X<=15")
	case at < 0:
		return fail(first, "%q has no <=, <, >=, > or =: write a bound like X<=15", strings.TrimSpace(part))
	}
	name := strings.TrimSpace(part[:at])
	i := slices.Index(species, name)
	switch {
	case name == "":
		return fail(start+at, "there is no species before the operator: write a bound like X<=15")
	case i < 0:
		hint := ""
		if near := crn.Nearest(name, species); near != "" {
			hint = fmt.Sprintf("did you mean %q? ", near)
		}
		return fail(first, "unknown species %q: %sthe species are %s", name, hint, strings.Join(species, ", "))
	}
	k := slices.IndexFunc(operators, func(o string) bool { return strings.HasPrefix(part[at:], o) })
	op := operators[k]
	rest := part[at+len(op):]
	number := start + at + len(op) + len(rest) - len(strings.TrimLeft(rest, " \t"))
	n, err := strconv.ParseUint(strings.TrimSpace(rest), 10, 31)
	if err != nil {
		return fail(number, "%q is not a count: give a whole number from 0 to %d", strings.TrimSpace(rest), math.MaxInt32)
	}
	low, high := int64(0), int64(math.MaxInt32)
	switch v := int64(n); op {
	case "<=":
		high = v
	case "<":
		high = v - 1
	case ">=":
		low = v
	case ">":
		low = v + 1
	default:
		low, high = v, v
	}
	for j, have := range b.bounds {
		if have.species == i {
			low, high = max(low, int64(have.low)), min(high, int64(have.high))
			b.bounds = slices.Delete(b.bounds, j, j+1)
			break
		}
	}
	if low > high || low > math.MaxInt32 {
		return fail(first, "no count of %s meets this: mend the bounds of %s", name, name)
	}
	b.bounds = append(b.bounds, bound{name, i, int32(low), int32(high)})
	return nil
}
