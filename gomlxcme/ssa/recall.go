package ssa

import "math"

// usage says whether the memory pays: whether trajectories come back to states often enough.
type usage struct {
	rows   uint64 // made since the last look
	events uint64 // since then
	idle   uint64 // events left until the memory is tried again
	pause  uint64 // length of the last idle time
}

const (
	lookEvery   = 4096    // rows between two looks
	worthRow    = 4       // events a row from which the memory pays
	shortestOff = 1 << 20 // events of the first idle time; each one doubles
)

// judge looks whether the memory has paid of late, and lets it rest if not; more events will be added to usage.
func (u *usage) judge(more uint64) (rest bool) {
	if u.rows < lookEvery {
		return false
	}
	if rest = u.events+more < worthRow*u.rows; rest {
		u.pause = max(2*u.pause, shortestOff)
		u.idle = u.pause
	} else {
		u.pause = 0
	}
	u.rows, u.events = 0, -more // they will be added
	return rest
}

// recall fires events with what the memory holds about states. It draws and decides as compute does.
func (d *direct) recall(until float64, events uint64, seen func(t float64, x []int32)) (done uint64, err error) {
	m, r, wide := d.memory, &d.draws, d.c.NumReactions() > blockLength/2
	share, to := m.share, m.to
	next, choice, o, total := d.next, d.choice, int(d.row), d.total
	for next <= until && done < events {
		j := o + passedFirst(share, o, choice)
		if wide {
			j += passed(share, o+4, choice) + m.further(o, choice)
		}
		if row := to[j]; row >= 0 && seen == nil {
			o = int(row)
			total = math.Float64frombits(uint64(share[o]))
		} else {
			d.next = next
			if err := d.follow(o, j, done, seen); err != nil {
				return done, err
			}
			if d.row < 0 {
				d.use.events += done
				d.wait()
				return done + 1, nil
			}
			share, to = m.share, m.to
			o, total = int(d.row), d.total
		}
		done++
		i := r.take() % chunk
		choice = r.choice[i]
		if next += r.wait[i] / total; total == 0 {
			next = math.Inf(1)
		}
	}
	d.next, d.choice, d.row, d.total = next, choice, int32(o), total
	d.use.events += done
	return done, nil
}

// follow goes from row o to where to[j] leads, and tells of it; done events came before since usage was last counted.
func (d *direct) follow(o, j int, done uint64, seen func(t float64, x []int32)) error {
	m := d.memory
	to := m.to[j]
	if to >= 0 {
		d.row, d.total = to, m.total(int(to))
		seen(d.next, m.at(to))
		return nil
	}
	copy(d.x, m.at(int32(o)))
	for _, move := range d.moves[^to] {
		d.x[move.species] += move.by
	}
	if seen != nil {
		seen(d.next, d.x)
	}
	if d.use.judge(done) {
		d.row = -1
		return d.all()
	}
	held := m.set
	if err := d.settle(); err != nil {
		return err
	}
	if m.set == held { // the memory has not been emptied meanwhile
		m.to[j] = d.row
	}
	return nil
}
