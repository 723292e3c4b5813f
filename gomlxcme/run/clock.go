package run

import (
	"math"
	"syscall"
	"time"
)

// clock measures wall and processor time of this process from its making on.
type clock struct {
	start time.Time
	cpu   time.Duration
}

func startClock() clock { return clock{start: time.Now(), cpu: cpuTime()} }

// seconds returns both times since the start, rounded to milliseconds.
func (c clock) seconds() (wall, cpu float64) {
	return milli(time.Since(c.start)), milli(cpuTime() - c.cpu)
}

func milli(d time.Duration) float64 { return math.Round(d.Seconds()*1e3) / 1e3 }

// cpuTime is the processor time of the process, in user and in kernel mode; 0 if the system does not say.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
