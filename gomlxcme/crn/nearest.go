package crn

import (
	"strconv"
	"strings"
)

// Nearest returns the name that takes the fewest insertions, deletions and replacements of letters to reach from what was
// typed (Levenshtein distance, letter case ignored), or "" if none is near enough to be meant.
func Nearest(typed string, names []string) string {
	best, nearest := max(2, len(typed)/3)+1, ""
	for _, n := range names {
		if d := distance(strings.ToLower(typed), strings.ToLower(n)); d < best {
			best, nearest = d, n
		}
	}
	return nearest
}

// suggest is the part of an error message that helps after an unknown name.
func suggest(typed string, names []string) string {
	if len(names) == 0 {
		return "there are none yet, add it first"
	}
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = strconv.Quote(n)
	}
	list := "known are " + strings.Join(quoted, ", ")
	if n := Nearest(typed, names); n != "" {
		return "did you mean " + strconv.Quote(n) + "? " + list
	}
	return list
}

func distance(a, b string) int {
	ra, rb := []rune(a), []rune(b)
	row := make([]int, len(rb)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range ra {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range rb {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
		}
	}
	return row[len(rb)]
}
