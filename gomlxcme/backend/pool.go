package backend

import "sync"

// Pool keeps the backends that it has opened, so that computations one after the
// other in a process share their compiled graphs (see [Kept]). The zero value works;
// a nil Pool keeps nothing. It is safe for concurrent use.
type Pool struct {
	mu   sync.Mutex
	open map[place]*Backend
}

// place is what decides which backend OpenFor opens.
type place struct {
	name string
	few  bool
}

// OpenFor is the function of this name, or returns what it returned before.
func (p *Pool) OpenFor(name string, states float64) (*Backend, error) {
	if p == nil {
		return OpenFor(name, states)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := place{name, states <= fewStates}
	if b, ok := p.open[at]; ok {
		return b, nil
	}
	b, err := OpenFor(name, states)
	if err != nil {
		return nil, err
	}
	if p.open == nil {
		p.open = map[place]*Backend{}
	}
	p.open[at] = b
	return b, nil
}
