package backend_test

import (
	"syscall"
	"time"
)

// clock is what measures.
type clock struct {
	name string
	read func() time.Duration
}

// clockFor is the clock for a comparison of backends: processor time where all of them
// compute on the CPU, since it holds on a computer that others use as well, and time by
// the clock where one of them has a device of its own, which processor time knows nothing
// of; the computer should do nothing else then.
func clockFor(list []named) clock {
	for _, b := range list {
		if b.Device != "cpu" {
			begin := time.Now()
			return clock{"the clock", func() time.Duration { return time.Since(begin) }}
		}
	}
	return clock{"processor time", processor}
}

// processor is the processor time, of all cores together, that this process has taken.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// best is the least of some times, in seconds.
func (c clock) best(times int, do func()) float64 {
	least := 0.0
	for i := range times {
		begin := c.read()
		do()
		if s := (c.read() - begin).Seconds(); i == 0 || s < least {
			least = s
		}
	}
	return least
}
