package webfont

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/image/font/sfnt"
)

// Subset returns a WOFF font that holds what is needed to write text with the
// TrueType font ttf. Characters that the font does not have are left out, as
// are those above U+FFFF. Errors wrap ErrFont.
func Subset(ttf []byte, text string) ([]byte, error) {
	t, err := parse(ttf)
	if err != nil {
		return nil, err
	}
	chars, err := characters(ttf, text)
	if err != nil {
		return nil, err
	}
	outlines, err := t.outlines(slices.Collect(maps.Values(chars)))
	if err != nil {
		return nil, err
	}
	count := slices.Max(slices.Collect(maps.Keys(outlines))) + 1
	out := tables{
		"cmap": characterMap(chars),
		"name": {0, 0, 0, 0, 0, 6}, // no names
		"OS/2": t["OS/2"],
		"post": patch(t["post"][:32], 0, 0x00030000), // version 3: no glyph names
		"head": patch(t["head"], 8, 0),               // the sum over the file, which readers of WOFF ignore
		"hhea": patch16(t["hhea"], 34, count),
		"maxp": patch16(t["maxp"], 4, count),
	}
	var glyf bytes.Buffer
	loca := make([]byte, 0, 4*(count+1))
	hmtx := make([]byte, 0, 4*count)
	for g := range count {
		loca = be.AppendUint32(loca, uint32(glyf.Len()))
		outline, used := outlines[g]
		glyf.Write(outline)
		glyf.Write(make([]byte, -glyf.Len()&3))
		var advance, bearing uint16
		if used {
			advance, bearing = t.metric(g)
		}
		hmtx = be.AppendUint16(be.AppendUint16(hmtx, advance), bearing)
	}
	out["loca"], out["hmtx"], out["glyf"] = be.AppendUint32(loca, uint32(glyf.Len())), hmtx, glyf.Bytes()
	be.PutUint16(out["head"][50:], 1) // long offsets in loca
	return woff(out)
}

// characters maps the characters of text to their glyphs.
func characters(ttf []byte, text string) (map[uint16]int, error) {
	font, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFont, err)
	}
	var buf sfnt.Buffer
	chars := map[uint16]int{}
	for _, r := range text {
		g, err := font.GlyphIndex(&buf, r)
		if err == nil && g > 0 && r < 0xFFFF {
			chars[uint16(r)] = int(g)
		}
	}
	return chars, nil
}

// outlines collects the outlines of the glyphs and of their parts, and of glyph
// 0, which stands for a missing character.
func (t tables) outlines(glyphs []int) (map[int][]byte, error) {
	found := map[int][]byte{}
	for todo := append([]int{0}, glyphs...); len(todo) > 0; todo = todo[1:] {
		if _, known := found[todo[0]]; known {
			continue
		}
		outline, err := t.glyph(todo[0])
		if err != nil {
			return nil, err
		}
		out, parts, err := plain(outline)
		if err != nil {
			return nil, err
		}
		found[todo[0]] = out
		todo = append(todo, parts...)
	}
	return found, nil
}

// characterMap is a cmap table with one subtable of format 4, for Unicode, in
// which every character is a segment of its own.
func characterMap(chars map[uint16]int) []byte {
	codes := slices.Sorted(maps.Keys(chars))
	n := len(codes) + 1 // the last segment is required to be 0xFFFF
	var ends, starts, deltas, ranges []byte
	for _, c := range codes {
		ends = be.AppendUint16(ends, c)
		starts = be.AppendUint16(starts, c)
		deltas = be.AppendUint16(deltas, uint16(chars[c])-c)
	}
	ends, starts, deltas = append(ends, 0xFF, 0xFF), append(starts, 0xFF, 0xFF), append(deltas, 0, 1)
	ranges = make([]byte, 2*n)
	power, log := 1, 0
	for 2*power <= n {
		power, log = 2*power, log+1
	}
	table := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12}
	for _, v := range []int{4, 16 + 8*n, 0, 2 * n, 2 * power, log, 2 * (n - power)} {
		table = be.AppendUint16(table, uint16(v))
	}
	return slices.Concat(table, ends, []byte{0, 0}, starts, deltas, ranges)
}

func patch(table []byte, at int, v uint32) []byte {
	out := slices.Clone(table)
	be.PutUint32(out[at:], v)
	return out
}

func patch16(table []byte, at, v int) []byte {
	out := slices.Clone(table)
	be.PutUint16(out[at:], uint16(v))
	return out
}
