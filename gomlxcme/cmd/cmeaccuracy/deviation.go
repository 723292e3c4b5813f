package main

import (
	"fmt"
	"math"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// deviation is how far a result is from its reference: the worst over all common
// times and species.
type deviation struct {
	Hellinger float64 `json:"hellinger"`
	Where     string  `json:"where"` // species and time of the worst distance
	Floor     float64 `json:"floor"` // distance there that sampling noise alone would give
	Mean      float64 `json:"mean"`  // largest |difference of means|/sd
	SD        float64 `json:"sd"`    // largest |difference of sd|/sd
	Noise     float64 `json:"noise"` // largest standard error of a mean/sd, of both results together
}

// deviate compares a result with its reference. Means and standard deviations
// count in units of the reference's standard deviation; a law without spread has
// no such unit and counts in the distance alone.
func deviate(reference, got []dist.Snapshot) (deviation, error) {
	c, err := run.Compare(reference, got)
	if err != nil {
		return deviation{}, err
	}
	if len(c.OnlyFirst)+len(c.OnlySecond) > 0 {
		return deviation{}, fmt.Errorf("output times differ: only the reference has %v, only the result has %v", c.OnlyFirst, c.OnlySecond)
	}
	unit := map[string]float64{}
	for _, s := range reference {
		for i, name := range s.Dist.Species() {
			unit[place(name, s.Time)] = s.Dist.Moment(i).SD
		}
	}
	var d deviation
	for _, r := range c.Rows {
		at := place(r.Species, r.Time)
		if r.Hellinger.Value > d.Hellinger || d.Where == "" {
			d.Hellinger, d.Where, d.Floor = r.Hellinger.Value, at, r.Hellinger.Floor
		}
		if sd := unit[at]; sd > 0 {
			d.Mean = math.Max(d.Mean, math.Abs(r.Mean.Value)/sd)
			d.SD = math.Max(d.SD, math.Abs(r.SD.Value)/sd)
			d.Noise = math.Max(d.Noise, r.Mean.SE/sd)
		}
	}
	return d, nil
}

// place names a species at a time.
func place(species string, time float64) string { return fmt.Sprintf("%s, t = %g", species, time) }
