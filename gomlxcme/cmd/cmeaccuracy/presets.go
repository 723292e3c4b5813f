package main

// preset says how a system of the catalogue is solved and judged.
type preset struct {
	system    string   // name in the catalogue
	times     []string // output times; the first ones show the transient
	options   []string // of cme solve, beyond its defaults
	reference []string // command and options that judge it
	original  string   // what is known of the published programs
}

// exact is a reference without noise, trajectories one of 100,000 runs.
var (
	exact        = []string{"fsp"}
	adaptive     = []string{"fsp", "--set", "adaptive", "--tolerance", "1e-4"}
	trajectories = []string{"ssa", "--runs", "100000", "--seed", "99"}
)

// presets lists every system of the catalogue. Most need no options: what suits a
// network is chosen from the model itself.
func presets() []preset {
	return []preset{
		{system: "birth-death", times: []string{"1", "10", "100"}, reference: exact,
			original: "not given; transformer, 101 steps"},
		{system: "gene-expression", times: []string{"100", "360", "1800", "3600"}, reference: exact,
			original: "mRNA 0.019, 0.020 and protein 0.047, 0.045 at t = 360, 1800 s; 36,001 steps, several GPU hours"},
		{system: "autoregulatory-loop", times: []string{"0.5", "2", "10"}, reference: exact,
			original: "not given"},
		{system: "early-life", times: []string{"0.5", "2", "4", "8"}, reference: exact,
			original: "not given; 20,001 steps of 100 epochs"},
		{system: "epidemic", times: []string{"5", "12", "20"}, reference: exact,
			original: "not given; 1,001 steps of 100 epochs"},
		{system: "toggle-switch", times: []string{"0.25", "1", "2", "5", "20", "40"}, reference: exact,
			original: "Px 0.175 at t = 1, 0.055 at 40, Gx 0.017 at both; 8,001 steps, 11–12 core-hours"},
		{system: "schlogl", times: []string{"0.1", "0.3", "0.5", "1"}, reference: exact,
			original: "0.011–0.013 at t = 0.1, 0.5, 1, which is its sampling noise; 100,001 steps, 12 core-days"},
		{system: "schlogl-2d", times: []string{"0.1", "0.5", "1"}, reference: trajectories,
			original: "not given for four voxels"},
		{system: "lambda-phage", times: []string{"0.5", "2", "10"}, reference: adaptive,
			original: "not in the papers"},
		{system: "cascade1", times: []string{"0.5", "2", "10"}, reference: trajectories,
			original: "not given; 1,001 steps of 100 epochs"},
		{system: "cascade1-inverse", times: []string{"0.5", "2", "10"}, reference: trajectories,
			original: "not given"},
		{system: "cascade2", times: []string{"0.5", "2", "10"}, reference: trajectories,
			original: "not given"},
		{system: "cascade3", times: []string{"0.5", "2", "10"}, reference: trajectories,
			original: "not given"},
		{system: "mapk", times: []string{"300", "1000", "3000", "10000"}, reference: adaptive,
			original: "distances not given; 1,000,001 steps, 160 core-days"},
	}
}
