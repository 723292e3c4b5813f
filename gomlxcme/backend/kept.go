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
	key  string
	make func() (any, error) // builds at the first call
}

// Kept returns what build returned when Kept was first called on b with this key:
// graphs, which then are compiled once for all runs in a process that have the
// network in common. The key says all on which they depend; its first word is the
// package that it belongs to. What is built must be safe for concurrent use. build
// may itself ask for other keys.
func Kept[T any](b *Backend, key string, build func() (T, error)) (T, error) {
	if b.shelf == nil {
		return build() // a Backend that Open did not make
	}
	made := b.shelf.find(key, func() (any, error) { return build() })
	v, err := made()
	if err != nil {
		b.shelf.forget(key) // it may go better the next time
		var none T
		return none, err
	}
	if t, ok := v.(T); ok {
		return t, nil
	}
	return build() // another type under the same key
}

// find returns the item's function, which it adds or moves to the end.
func (s *shelf) find(key string, build func() (any, error)) func() (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x := item{key, sync.OnceValues(build)}
	if i := slices.IndexFunc(s.items, func(x item) bool { return x.key == key }); i >= 0 {
		x = s.items[i]
		s.items = slices.Delete(s.items, i, i+1)
	} else if len(s.items) == maxKept {
		s.items = slices.Delete(s.items, 0, 1)
	}
	s.items = append(s.items, x)
	return x.make
}

func (s *shelf) forget(key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items = slices.DeleteFunc(s.items, func(x item) bool { return x.key == key })
}

// Shelved is the number of things that are kept with the backend: it does not grow
// while runs share their graphs.
func (b *Backend) Shelved() int {
	if b.shelf == nil {
		return 0
	}
	b.shelf.mu.Lock()
	defer b.shelf.mu.Unlock()
	return len(b.shelf.items)
}
