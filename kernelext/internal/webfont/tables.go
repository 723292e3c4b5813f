package webfont

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFont is returned for bytes that are not a TrueType font.
var ErrFont = errors.New("webfont: not a usable TrueType font")

var be = binary.BigEndian

// tables are the tables of a font by their four-letter tags.
type tables map[string][]byte

// required are the tables that are read, with their least lengths.
var required = map[string]int{"head": 54, "hhea": 36, "maxp": 32, "OS/2": 78, "post": 32, "hmtx": 4, "loca": 4, "glyf": 10}

func parse(ttf []byte) (tables, error) {
	if len(ttf) < 12 || be.Uint32(ttf) != 0x00010000 {
		return nil, fmt.Errorf("%w: wrong first bytes", ErrFont)
	}
	n := int(be.Uint16(ttf[4:]))
	if len(ttf) < 12+16*n {
		return nil, fmt.Errorf("%w: cut off", ErrFont)
	}
	t := tables{}
	for i := range n {
		entry := ttf[12+16*i:]
		offset, length := uint64(be.Uint32(entry[8:])), uint64(be.Uint32(entry[12:]))
		if offset+length > uint64(len(ttf)) {
			return nil, fmt.Errorf("%w: table %q reaches beyond the end", ErrFont, entry[:4])
		}
		t[string(entry[:4])] = ttf[offset : offset+length]
	}
	for tag, least := range required {
		if len(t[tag]) < least {
			return nil, fmt.Errorf("%w: table %q is missing or short", ErrFont, tag)
		}
	}
	return t, nil
}

// glyph returns the outline of glyph g, empty for a blank.
func (t tables) glyph(g int) ([]byte, error) {
	loca, glyf := t["loca"], t["glyf"]
	var from, to uint64
	switch long := be.Uint16(t["head"][50:]) == 1; {
	case long && len(loca) >= 4*(g+2):
		from, to = uint64(be.Uint32(loca[4*g:])), uint64(be.Uint32(loca[4*g+4:]))
	case !long && len(loca) >= 2*(g+2):
		from, to = 2*uint64(be.Uint16(loca[2*g:])), 2*uint64(be.Uint16(loca[2*g+2:]))
	default:
		return nil, fmt.Errorf("%w: no glyph %d", ErrFont, g)
	}
	if from > to || to > uint64(len(glyf)) {
		return nil, fmt.Errorf("%w: glyph %d lies outside", ErrFont, g)
	}
	return glyf[from:to], nil
}

// metric returns advance width and left bearing of glyph g.
func (t tables) metric(g int) (advance, bearing uint16) {
	hmtx, n := t["hmtx"], int(be.Uint16(t["hhea"][34:]))
	if n > 0 && len(hmtx) >= 4*n {
		if g < n {
			return be.Uint16(hmtx[4*g:]), be.Uint16(hmtx[4*g+2:])
		}
		advance = be.Uint16(hmtx[4*(n-1):])
		if at := 4*n + 2*(g-n); at+2 <= len(hmtx) {
			bearing = be.Uint16(hmtx[at:])
		}
	}
	return advance, bearing
}
