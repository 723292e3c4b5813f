package sbml

import "strings"

// Reactions and events have labels in a network, which may be any text, and ids in a file. Where Write has made the id of
// the label, the label stands beside it as the name.

// idLike is the id that is most like a label.
func idLike(label string) string {
	id := strings.Map(func(r rune) rune {
		if isID("_" + string(r)) {
			return r
		}
		return '_'
	}, label)
	if !isID(id) {
		id = "_" + id
	}
	return id
}

// label is the name of an element if its id is made of it, and the id otherwise.
func (e *element) label() string {
	id, name := e.attr("id"), e.attr("name")
	if rest, ok := strings.CutPrefix(id, idLike(name)); ok && name != "" && strings.Trim(rest, "_") == "" {
		return name
	}
	return id
}

// label finds out what the network calls its reactions and events. Names that are used twice were not made by Write: then
// the ids are taken.
func (l *loader) label(m *element) error {
	for _, list := range []string{"listOfReactions", "listOfEvents"} {
		seen, twice := map[string]bool{}, false
		for _, e := range m.list(list) {
			label := e.label()
			twice = twice || (seen[label] && label != "")
			seen[label] = true
			l.labels[e] = label
		}
		for _, e := range m.list(list) {
			if twice {
				l.labels[e] = e.attr("id")
			}
			l.taken[l.labels[e]] = true
		}
	}
	return nil
}

// label makes the ids of reactions or events: first for those whose labels are free ids, then for the others.
func (w *writer) label(labels []string) map[string]string {
	ids := map[string]string{}
	for _, label := range labels {
		if isID(label) && !w.used[label] {
			ids[label], w.used[label] = label, true
		}
	}
	for _, label := range labels {
		if _, done := ids[label]; done {
			continue
		}
		id := idLike(label)
		for w.used[id] {
			id += "_"
		}
		ids[label], w.used[id] = id, true
	}
	return ids
}

// nameBeside is the name that an element needs beside its id.
func nameBeside(label, id string) string {
	if label == id {
		return ""
	}
	return label
}
