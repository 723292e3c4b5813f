package webfont

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"testing"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// unpack turns a WOFF file back into an ordinary font file.
func unpack(t *testing.T, data []byte) []byte {
	t.Helper()
	if string(data[:4]) != "wOFF" || int(be.Uint32(data[8:])) != len(data) {
		t.Fatalf("not a WOFF file, or its length is wrong")
	}
	n := int(be.Uint16(data[12:]))
	found := tables{}
	for i := range n {
		e := data[44+20*i:]
		offset, packed, size := be.Uint32(e[4:]), be.Uint32(e[8:]), be.Uint32(e[12:])
		table := data[offset : offset+packed]
		if packed != size {
			r, err := zlib.NewReader(bytes.NewReader(table))
			if err != nil {
				t.Fatal(err)
			}
			if table, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		if len(table) != int(size) || checksum(table) != be.Uint32(e[16:]) {
			t.Fatalf("table %q: wrong size or sum", e[:4])
		}
		found[string(e[:4])] = table
	}
	head, body := []byte{0, 1, 0, 0, 0, byte(n), 0, 0, 0, 0, 0, 0}, []byte(nil)
	for _, tag := range slices.Sorted(maps.Keys(found)) {
		head = append(head, tag...)
		for _, v := range []int{0, 12 + 16*n + len(body), len(found[tag])} {
			head = be.AppendUint32(head, uint32(v))
		}
		body = append(body, found[tag]...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	return append(head, body...)
}

func TestSubsetDrawsTheSameGlyphs(t *testing.T) {
	const text = "Probability 0123456789 Größe, é, σ² ≤ −½"
	ttf := liberationsansregular.TTF
	small, err := Subset(ttf, text)
	if err != nil {
		t.Fatal(err)
	}
	if len(small) > 20_000 {
		t.Errorf("%d bytes for a few words", len(small))
	}
	want, err := sfnt.Parse(ttf)
	if err != nil {
		t.Fatal(err)
	}
	got, err := sfnt.Parse(unpack(t, small))
	if err != nil {
		t.Fatal(err)
	}
	var a, b sfnt.Buffer
	size := fixed.I(2048)
	for _, r := range text {
		g, err := want.GlyphIndex(&a, r)
		if err != nil {
			t.Fatal(err)
		}
		h, err := got.GlyphIndex(&b, r)
		if err != nil || h != g {
			t.Fatalf("%q is glyph %d, was %d (%v)", r, h, g, err)
		}
		wide, err := want.GlyphAdvance(&a, g, size, font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		if w, err := got.GlyphAdvance(&b, g, size, font.HintingNone); err != nil || w != wide {
			t.Errorf("%q is %v wide, was %v (%v)", r, w, wide, err)
		}
		old, err := want.LoadGlyph(&a, g, size, nil)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := got.LoadGlyph(&b, g, size, nil)
		if err != nil || !reflect.DeepEqual(old, fresh) {
			t.Errorf("%q is drawn otherwise (%v)", r, err)
		}
	}
	if h, err := got.GlyphIndex(&b, 'X'); err != nil || h != 0 {
		t.Errorf("X was not asked for but is glyph %d (%v)", h, err)
	}
}

func TestSubsetRefusesOtherBytes(t *testing.T) {
	for _, data := range [][]byte{nil, []byte("OTTO and more than twelve bytes"), liberationsansregular.TTF[:5000]} {
		if _, err := Subset(data, "a"); !errors.Is(err, ErrFont) {
			t.Errorf("%d bytes: got %v", len(data), err)
		}
	}
}

func FuzzSubset(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "a")
	f.Add(liberationsansregular.TTF[:400], "abc")
	f.Fuzz(func(t *testing.T, ttf []byte, text string) {
		if _, err := Subset(ttf, text); err != nil && !errors.Is(err, ErrFont) {
			t.Errorf("an error of another kind: %v", err)
		}
	})
}

func ExampleSubset() {
	small, err := Subset(liberationsansregular.TTF, "count")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(small[:4]), len(small) < 4000)
	// Output: wOFF true
}
