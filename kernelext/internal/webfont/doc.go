// Package webfont cuts a TrueType font down to the characters that a picture
// uses, so that it can be embedded in the picture: some 10 kB instead of 400.
//
// The result is a WOFF 1.0 file (https://www.w3.org/TR/WOFF/) with the tables
// that browsers ask for (https://learn.microsoft.com/typography/opentype/spec/).
// Glyphs keep their numbers, so nothing has to be renumbered; those that are
// not used become empty, and hinting is dropped.
package webfont
