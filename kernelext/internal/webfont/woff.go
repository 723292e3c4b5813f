package webfont

import (
	"bytes"
	"compress/zlib"
	"maps"
	"slices"
)

// woff packs the tables.
func woff(t tables) ([]byte, error) {
	tags := slices.Sorted(maps.Keys(t))
	directory := make([]byte, 0, 20*len(tags))
	offset, total := 44+20*len(tags), 12+16*len(tags)
	var body bytes.Buffer
	for _, tag := range tags {
		packed, err := deflate(t[tag])
		if err != nil {
			return nil, err
		}
		directory = append(directory, tag...)
		for _, v := range []uint32{uint32(offset + body.Len()), uint32(len(packed)), uint32(len(t[tag])), checksum(t[tag])} {
			directory = be.AppendUint32(directory, v)
		}
		body.Write(packed)
		body.Write(make([]byte, -body.Len()&3))
		total += (len(t[tag]) + 3) &^ 3
	}
	header := append([]byte("wOFF"), 0, 1, 0, 0)
	header = be.AppendUint32(header, uint32(offset+body.Len()))
	header = be.AppendUint16(be.AppendUint16(header, uint16(len(tags))), 0)
	header = be.AppendUint32(header, uint32(total))
	header = append(header, make([]byte, 24)...) // version, no metadata, no private block
	return slices.Concat(header, directory, body.Bytes()), nil
}

// deflate compresses a table, unless that makes it longer.
func deflate(table []byte) ([]byte, error) {
	var packed bytes.Buffer
	w, err := zlib.NewWriterLevel(&packed, zlib.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(table); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if packed.Len() >= len(table) {
		return table, nil
	}
	return packed.Bytes(), nil
}

// checksum is the sum of a table's 32-bit words.
func checksum(table []byte) uint32 {
	padded := append(slices.Clone(table), make([]byte, -len(table)&3)...)
	var s uint32
	for i := 0; i < len(padded); i += 4 {
		s += be.Uint32(padded[i:])
	}
	return s
}
