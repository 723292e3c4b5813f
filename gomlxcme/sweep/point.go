package sweep

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Point is one computation of a sweep.
type Point struct {
	Index     int     `json:"index"` // its place in the manifest, from 0 on
	ID        string  `json:"id"`    // 16 hexadecimal digits: the hash of all that decides the result
	Replicate int     `json:"replicate"`
	Seed      uint64  `json:"seed"`   // 0 for solvers without chance
	Values    []Value `json:"values"` // of the manifest's names
}

// idSchema changes when the same point would have another result.
const idSchema = 1

// identity is what an id is the hash of.
type identity struct {
	Schema   int               `json:"schema"`
	Solver   Solver            `json:"solver"`
	Model    string            `json:"model"`
	Input    string            `json:"input"` // hash of the file
	Settings map[string]string `json:"settings"`
	Seed     uint64            `json:"seed"`
	Keep     Keep              `json:"keep"`
}

// identify fills in seed and id of a point.
func (h *Head) identify(p *Point) error {
	if h.Solver.Random() {
		p.Seed = seedOf(h.SeedBase, p.Replicate, h.Names, p.Values)
	}
	all := make(map[string]string, len(h.Settings)+len(p.Values))
	for _, s := range h.Assignments(p) {
		all[s.Name.String()] = s.Value.String()
	}
	text, err := json.Marshal(identity{idSchema, h.Solver, h.Model, h.Input, all, p.Seed, h.Keep})
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	sum := sha256.Sum256(text)
	p.ID = hex.EncodeToString(sum[:8])
	return nil
}

// seedOf derives a seed of 53 bits, which every reader of JSON keeps exactly, from what is varied: a point keeps its seed
// when other points are added.
func seedOf(base uint64, replicate int, names []Name, values []Value) uint64 {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = names[i].String() + "=" + v.String()
	}
	slices.Sort(parts)
	sum := sha256.Sum256(fmt.Appendf(nil, "sweep seed %d %d %s", base, replicate, strings.Join(parts, "\n")))
	return binary.LittleEndian.Uint64(sum[:]) >> 11
}

// Assignments are all settings of a point: those of the sweep, then its own.
func (h *Head) Assignments(p *Point) []Setting {
	all := slices.Clone(h.Settings)
	for i, v := range p.Values {
		all = append(all, Setting{h.Names[i], v})
	}
	return all
}

// Describe is the point in a few words: "param.k = 2, init.X = 3, repetition 1".
func (h *Head) Describe(p *Point) string {
	var parts []string
	for i, v := range p.Values {
		parts = append(parts, Setting{h.Names[i], v}.String())
	}
	if h.PerPoint > 1 {
		parts = append(parts, fmt.Sprintf("repetition %d", p.Replicate))
	}
	if len(parts) == 0 {
		return "the only point"
	}
	return strings.Join(parts, ", ")
}
