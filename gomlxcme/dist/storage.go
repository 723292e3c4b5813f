package dist

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// magic begins stored Counts; its last letter is the version.
const magic = "cmeCounts1"

// MarshalBinary stores the histograms; equal Counts give equal bytes.
func (c *Counts) MarshalBinary() ([]byte, error) {
	b := []byte(magic)
	b = binary.AppendUvarint(b, uint64(len(c.species)))
	for _, name := range c.species {
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
	}
	b = binary.AppendUvarint(b, c.n)
	for _, h := range c.single {
		b = binary.AppendUvarint(b, uint64(len(h)))
		for _, k := range h {
			b = binary.AppendUvarint(b, k)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(c.pairs)))
	for _, p := range c.pairs {
		b = binary.AppendUvarint(b, uint64(p.a))
		b = binary.AppendUvarint(b, uint64(p.b))
		b = binary.AppendUvarint(b, uint64(len(p.bins)))
		for _, key := range slices.Sorted(maps.Keys(p.bins)) {
			b = binary.AppendUvarint(b, key)
			b = binary.AppendUvarint(b, p.bins[key])
		}
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote; any other bytes give an error that wraps ErrFormat.
func (c *Counts) UnmarshalBinary(data []byte) error {
	r := reader{data: data}
	if string(r.bytes(len(magic))) != magic {
		return fmt.Errorf("dist: %w: the beginning is not %q", ErrFormat, magic)
	}
	var out Counts
	for range r.length() {
		out.species = append(out.species, string(r.bytes(int(min(r.number(), uint64(len(data)))))))
	}
	out.n = r.number()
	for range out.species {
		h := make([]uint64, r.length())
		total := uint64(0)
		for i := range h {
			h[i] = r.number()
			total += h[i]
		}
		r.check(total == out.n)
		out.single = append(out.single, h)
	}
	for range r.length() {
		p := pair{a: r.index(len(out.species)), b: r.index(len(out.species)), bins: map[uint64]uint64{}}
		total := uint64(0)
		for range r.length() {
			if r.bad {
				break
			}
			key, k := r.number(), r.number()
			if !r.bad {
				r.check(key>>32 < uint64(len(out.single[p.a])) && key&0xffffffff < uint64(len(out.single[p.b])))
			}
			p.bins[key] += k
			total += k
		}
		r.check(total == out.n)
		out.pairs = append(out.pairs, p)
	}
	if r.bad || len(r.data) > 0 {
		return fmt.Errorf("dist: %w: damaged or cut off", ErrFormat)
	}
	*c = out
	return nil
}

// reader takes numbers off data; after a mistake it is bad and returns zeros.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) check(ok bool) { r.bad = r.bad || !ok }

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.data)
	if r.check(n > 0); r.bad {
		return 0
	}
	r.data = r.data[n:]
	return v
}

// length is a number of items that follow, each at least one byte long.
func (r *reader) length() int {
	v := r.number()
	if r.check(v <= uint64(len(r.data))); r.bad {
		return 0
	}
	return int(v)
}

// index is a number below n.
func (r *reader) index(n int) int {
	v := r.number()
	if r.check(v < uint64(n)); r.bad {
		return 0
	}
	return int(v)
}

func (r *reader) bytes(n int) []byte {
	if r.check(n <= len(r.data)); r.bad {
		return nil
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}
