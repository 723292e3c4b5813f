package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/crn"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
)

// usableShare of the free memory is what a computation may plan with.
const usableShare = 0.8

// usableMemory is how many bytes a computation may plan with; +Inf where the system does not tell.
func usableMemory() float64 {
	free := math.Inf(1)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		free = meminfo(text)
	}
	limit, err1 := fileNumber("/sys/fs/cgroup/memory.max")
	used, err2 := fileNumber("/sys/fs/cgroup/memory.current")
	if err1 == nil && err2 == nil {
		free = min(free, max(0, limit-used))
	}
	return usableShare * free
}

// meminfo finds the free memory in the text of /proc/meminfo.
func meminfo(text []byte) float64 {
	for line := range bytes.Lines(text) {
		if fields := strings.Fields(string(line)); len(fields) >= 2 && fields[0] == "MemAvailable:" {
			if kilobytes, err := strconv.ParseFloat(fields[1], 64); err == nil {
				return 1024 * kilobytes
			}
		}
	}
	return math.Inf(1)
}

func fileNumber(path string) (float64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(string(text)), 64) // "max" is no number: there is no limit
}

// statesWithin is how many states of at most wanted fit into the memory.
func statesWithin(c *crn.Compiled, set fsp.Set, wanted int, memory float64) int {
	if need := fsp.Bytes(c, set, wanted); need > memory {
		return max(1, int(float64(wanted)*memory/need))
	}
	return wanted
}

// checkStarts refuses starts with more molecules of a species than marginals can hold.
func checkStarts(c *crn.Compiled) error {
	for i, name := range c.SpeciesNames() {
		if _, high := c.Initial(i).Support(c.Caps()[i], 1e-12); high > dist.MaxCount {
			return usagef("%s starts with up to %d molecules; at most %d of a species can be counted: lower the start (--init %s=COUNT)", name, high, dist.MaxCount, name)
		}
	}
	return nil
}

// bytesOfCount is what a network keeps of each count that a cap allows: the logits and their features, and a few copies.
const bytesOfCount = 160

// checkCaps refuses caps with so many counts that the tables of a network would not fit into the memory.
func checkCaps(c *crn.Compiled, memory float64) error {
	counts := 0.0
	for _, cap := range c.Caps() {
		if cap != crn.Unbounded {
			counts += float64(cap) + 1
		}
	}
	if need := bytesOfCount * counts; need > memory {
		return usagef("the caps allow %g counts, for which a network needs about %.3g GB, of which %.3g GB are free: lower them with --cap", counts, need/1e9, memory/1e9)
	}
	return nil
}

// tooLarge turns the news that the states do not fit, if it comes before anything was computed, into a usage error, in the words
// of the command line. byMemory tells that --max-states asked for more than there is memory for.
func tooLarge(err error, byMemory bool) error {
	var large *fsp.TooLargeError
	if !errors.As(err, &large) || large.Time > 0 {
		return err
	}
	mend := "lower the caps (--cap), raise --max-states, or draw trajectories (cme ssa)"
	if byMemory {
		mend = "lower the caps (--cap), or draw trajectories (cme ssa)"
	}
	box := "there is no box, since some species has no cap"
	if !math.IsInf(large.Box, 1) {
		box = fmt.Sprintf("the box of the caps holds %.6g", large.Box)
	}
	why := ""
	if byMemory {
		why = ", all that is free"
	}
	return usagef("too many states: more than %d are needed, which take about %.3g GB%s; %s: %s", large.Limit, large.Bytes/1e9, why, box, mend)
}
