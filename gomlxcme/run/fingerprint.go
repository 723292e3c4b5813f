package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// neutral are the settings that do not change a single byte of the result.
var neutral = []string{"workers", "quiet", "out", "resume", "max-steps", "max-wall"}

// identity is what a fingerprint is taken of: all that influences the result.
func (r *Record) identity() (map[string]json.RawMessage, error) {
	all := map[string]any{
		"command":          r.Command,
		"seed":             r.Seed,
		"backend":          r.Backend,
		"model name":       r.Model.Name,
		"propensity":       r.Model.Propensity,
		"species":          r.Model.Species,
		"reactions":        r.Model.Reactions,
		"schema of record": Schema,
	}
	if len(r.Model.Events) > 0 {
		all["events"] = r.Model.Events
	}
	if len(r.Model.Observables) > 0 {
		all["observables"] = r.Model.Observables
	}
	for name, v := range r.Model.Parameters {
		all["parameter "+name] = v
	}
	for name, v := range r.Model.Initial {
		all["start of "+name] = v
	}
	for name, v := range r.Model.Caps {
		all["cap of "+name] = v
	}
	for name, v := range r.Settings {
		if !slices.Contains(neutral, name) {
			all["--"+name] = v
		}
	}
	texts := make(map[string]json.RawMessage, len(all))
	for name, v := range all {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("run: %s cannot be recorded: %w", name, err)
		}
		texts[name] = text
	}
	return texts, nil
}

// fingerprint is the SHA-256 of the identity, in hexadecimal digits.
func (r *Record) fingerprint() (string, error) {
	texts, err := r.identity()
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(texts) // the members of a map are sorted
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// differences says for people what influences the result and differs between two records.
func differences(then, now *Record) (string, error) {
	a, err := then.identity()
	if err != nil {
		return "", err
	}
	b, err := now.identity()
	if err != nil {
		return "", err
	}
	names := maps.Clone(a)
	maps.Copy(names, b)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !bytes.Equal(a[name], b[name]) {
			list = append(list, fmt.Sprintf("%s was %s, now %s", name, orAbsent(a[name]), orAbsent(b[name])))
		}
	}
	return strings.Join(list, "; "), nil
}

func orAbsent(text json.RawMessage) string {
	if text == nil {
		return "absent"
	}
	return string(text)
}
