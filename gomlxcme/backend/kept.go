package backend

import (
	"slices"
	"sync"
)

// maxKept is the number of things that a backend keeps: some networks and what
// belongs to them. What has not been asked for longest goes first.
const maxKept = 16

// shelf keeps compiled graphs with the backend that they are compiled for, so that
// the runs of a sweep share them.
type shelf struct {
	mu    sync.Mutex
	items []item
}

type item struct {
	key   string
	value any
}

// Kept returns what build returned when Kept was first called on b with this key:
// graphs, which then are compiled once for all runs in a process that have the
// network in common. The key says all on which they depend; its first word is the
// package that it belongs to. What is built must be safe for concurrent use.
func Kept[T any](b *Backend, key string, build func() (T, error)) (T, error) {
	if b.shelf == nil {
		return build() // a Backend that Open did not make
	}
	b.shelf.mu.Lock()
	defer b.shelf.mu.Unlock()
	items := b.shelf.items
	if i := slices.IndexFunc(items, func(x item) bool { return x.key == key }); i >= 0 {
		found := items[i]
		if v, ok := found.value.(T); ok {
			b.shelf.items = append(slices.Delete(items, i, i+1), found)
			return v, nil
		}
	}
	v, err := build()
	if err != nil {
		return v, err
	}
	if len(items) == maxKept {
		items = slices.Delete(items, 0, 1)
	}
	b.shelf.items = append(items, item{key, v})
	return v, nil
}
