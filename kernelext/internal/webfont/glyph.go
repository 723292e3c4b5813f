package webfont

import (
	"fmt"
	"slices"
)

// Flags of a component of a composite glyph.
const (
	argsAreWords    = 0x0001
	haveScale       = 0x0008
	moreComponents  = 0x0020
	haveXYScale     = 0x0040
	haveTwoByTwo    = 0x0080
	haveInstruction = 0x0100
)

// plain returns the outline without hinting instructions, and the glyphs that a
// composite one is made of.
func plain(outline []byte) (out []byte, parts []int, err error) {
	if len(outline) == 0 {
		return nil, nil, nil
	}
	if len(outline) < 10 {
		return nil, nil, fmt.Errorf("%w: outline of %d bytes", ErrFont, len(outline))
	}
	contours := int(int16(be.Uint16(outline)))
	if contours < 0 {
		return composite(outline)
	}
	at := 10 + 2*contours // the length of the instructions
	if len(outline) < at+2 {
		return nil, nil, fmt.Errorf("%w: outline is cut off", ErrFont)
	}
	rest := at + 2 + int(be.Uint16(outline[at:]))
	if len(outline) < rest {
		return nil, nil, fmt.Errorf("%w: instructions are cut off", ErrFont)
	}
	out = slices.Clone(outline[:at])
	out = append(out, 0, 0)
	return append(out, outline[rest:]...), nil, nil
}

func composite(outline []byte) (out []byte, parts []int, err error) {
	out = slices.Clone(outline)
	for at := 10; ; {
		if len(out) < at+4 {
			return nil, nil, fmt.Errorf("%w: composite glyph is cut off", ErrFont)
		}
		flags := be.Uint16(out[at:])
		be.PutUint16(out[at:], flags&^haveInstruction)
		parts = append(parts, int(be.Uint16(out[at+2:])))
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveXYScale != 0:
			at += 4
		case flags&haveTwoByTwo != 0:
			at += 8
		}
		if flags&moreComponents == 0 {
			if len(out) < at {
				return nil, nil, fmt.Errorf("%w: composite glyph is cut off", ErrFont)
			}
			return out[:at], parts, nil
		}
	}
}
