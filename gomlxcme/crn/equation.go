package crn

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxOrder is the largest number of molecules of one species on one side of a reaction.
const MaxOrder = 1 << 20

// NamedTerm is Order molecules of a species that is known by its name only.
type NamedTerm struct {
	Species string
	Order   int
}

// Equation is a reaction as read from a string: names, not yet looked up in a network. A species that stands twice on one
// side is added up.
type Equation struct {
	Reactants, Products []NamedTerm
}

// SyntaxError says where a reaction string cannot be read. It wraps ErrSyntax.
type SyntaxError struct {
	Text   string // the whole string
	Column int    // 1 for the first character
	Reason string // what is wrong, and how to mend it
}

// Error points at the column.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%v %q, column %d: %s", ErrSyntax, e.Text, e.Column, e.Reason)
}

// Unwrap returns ErrSyntax.
func (e *SyntaxError) Unwrap() error { return ErrSyntax }

// ParseReaction reads strings such as "A + 2 B -> C", "0 -> A" and "A -> ∅". A side is 0, ∅, or terms joined by +; a term is
// a species name with an optional whole number before it ("2 B", "2*B" or "2B"). The arrow is -> or →.
func ParseReaction(text string) (Equation, error) {
	p := parser{text: text}
	var e Equation
	var err error
	if e.Reactants, err = p.side(); err != nil {
		return Equation{}, err
	}
	if !p.take("->") && !p.take("→") {
		if p.peek("<") || p.peek("=") || p.peek("⇌") || p.peek("↔") {
			return Equation{}, p.fail("only -> is understood: write a reversible reaction as two reactions")
		}
		return Equation{}, p.fail("expected + or ->, as in \"A + B -> C\"")
	}
	if e.Products, err = p.side(); err != nil {
		return Equation{}, err
	}
	if p.skip(); p.at < len(p.text) {
		return Equation{}, p.fail("expected + or the end")
	}
	return e, nil
}

// String writes the equation so that ParseReaction reads it back.
func (e Equation) String() string {
	write := func(terms []NamedTerm) string {
		if len(terms) == 0 {
			return "0"
		}
		parts := make([]string, len(terms))
		for i, t := range terms {
			parts[i] = t.Species
			if t.Order != 1 {
				parts[i] = fmt.Sprintf("%d %s", t.Order, t.Species)
			}
		}
		return strings.Join(parts, " + ")
	}
	return write(e.Reactants) + " -> " + write(e.Products)
}

type parser struct {
	text string
	at   int // byte offset
}

func (p *parser) fail(reason string) error {
	return &SyntaxError{Text: p.text, Column: utf8.RuneCountInString(p.text[:p.at]) + 1, Reason: reason}
}

func (p *parser) skip() {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += size
	}
}

func (p *parser) peek(token string) bool {
	p.skip()
	return strings.HasPrefix(p.text[p.at:], token)
}

func (p *parser) take(token string) bool {
	if !p.peek(token) {
		return false
	}
	p.at += len(token)
	return true
}

func (p *parser) side() ([]NamedTerm, error) {
	if p.take("∅") {
		return nil, nil
	}
	var terms []NamedTerm
	for {
		p.skip()
		start := p.at
		order, given, err := p.order()
		if err != nil {
			return nil, err
		}
		name := p.name()
		if name == "" {
			if given && order == 0 && len(terms) == 0 && !p.peek("+") {
				return nil, nil
			}
			return nil, p.fail("expected a species name, or 0 for an empty side")
		}
		if order == 0 {
			p.at = start
			return nil, p.fail("0 molecules of a species: leave the term out")
		}
		if terms, err = p.add(terms, NamedTerm{name, order}, start); err != nil {
			return nil, err
		}
		if !p.take("+") {
			return terms, nil
		}
	}
}

// add adds up species that stand twice.
func (p *parser) add(terms []NamedTerm, t NamedTerm, start int) ([]NamedTerm, error) {
	for i := range terms {
		if terms[i].Species == t.Species {
			if terms[i].Order += t.Order; terms[i].Order > MaxOrder {
				p.at = start
				return nil, p.fail(fmt.Sprintf("more than %d molecules of %s", MaxOrder, t.Species))
			}
			return terms, nil
		}
	}
	return append(terms, t), nil
}

// order reads an optional whole number and an optional * after it.
func (p *parser) order() (order int, given bool, err error) {
	start := p.at
	for p.at < len(p.text) && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		order = 10*order + int(p.text[p.at]-'0')
		if order > MaxOrder {
			p.at = start
			return 0, true, p.fail(fmt.Sprintf("the number is above %d", MaxOrder))
		}
		p.at++
	}
	if p.at == start {
		return 1, false, nil
	}
	if p.at < len(p.text) && p.text[p.at] == '.' {
		return 0, true, p.fail("numbers of molecules are whole: give the rate elsewhere")
	}
	p.take("*")
	p.skip()
	return order, true, nil
}

func (p *parser) name() string {
	start := p.at
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		if !nameRune(r, p.at == start) {
			break
		}
		p.at += size
	}
	return p.text[start:p.at]
}

func nameRune(r rune, first bool) bool {
	if r == utf8.RuneError || r == '∅' {
		return false
	}
	return r == '_' || unicode.IsLetter(r) || (!first && (unicode.IsDigit(r) || r == '\''))
}

// isName reports whether a reaction string could name the species.
func isName(s string) bool {
	for i, r := range s {
		if !nameRune(r, i == 0) {
			return false
		}
	}
	return s != ""
}
