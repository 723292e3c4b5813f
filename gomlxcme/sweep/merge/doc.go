// Package merge gathers the results of a sweep into two tables for other programs: results.parquet, with a row for each
// output of each point at each time, and runs.sqlite, with the points, moments, marginals and diagnostics in tables of
// their own. It reads one point after the other and keeps none, so that memory does not grow with the sweep.
package merge
