package merge

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/sweep"
)

// Names of the tables in the folder of a sweep.
const (
	ParquetName = "results.parquet"
	SQLiteName  = "runs.sqlite"
)

// ErrIncomplete says that points failed or are missing; the tables have the others.
var ErrIncomplete = errors.New("sweep: points failed or are missing")

// maxNamed is how many points a message names.
const maxNamed = 5

// Run writes both tables into folder, "" for that of the sweep, each in one step. The error wraps ErrIncomplete if a point
// failed or is missing.
func Run(s *sweep.Sweep, folder string) (sweep.Count, error) {
	var count sweep.Count
	if folder == "" {
		folder = s.Path
	}
	lock, err := run.Acquire(folder)
	if err != nil {
		return count, err
	}
	defer lock.Release()
	// The database cannot be written through run.WriteFile, which has one stream; both are renamed when both are whole.
	db, err := createDatabase(filepath.Join(folder, SQLiteName), &s.Head)
	if err != nil {
		return count, sweep.Full(folder, err)
	}
	defer db.discard()
	table, err := createTable(filepath.Join(folder, ParquetName), &s.Head)
	if err != nil {
		return count, sweep.Full(folder, err)
	}
	defer table.discard()
	var missing []string
	err = s.Watch(func(p *sweep.Point, status sweep.Status, r *sweep.Result) error {
		if r != nil && r.Again {
			status = r.Status // it has a result until there is a better one
		}
		count.Add(status)
		if status != sweep.Complete && status != sweep.Truncated && len(missing) <= maxNamed {
			missing = append(missing, name(&s.Head, p, status, r))
		}
		return errors.Join(table.add(p, status, r), db.add(p, status, r))
	})
	if err = errors.Join(err, table.finish(), db.finish()); err != nil {
		return count, sweep.Full(folder, err)
	}
	if len(missing) == 0 {
		return count, nil
	}
	text, separator := "", ""
	for i, m := range missing {
		if i == maxNamed {
			m = "…"
		}
		text += separator + m
		separator = "; "
	}
	return count, fmt.Errorf("%w: %s: %s", ErrIncomplete, count, text)
}

func name(h *sweep.Head, p *sweep.Point, status sweep.Status, r *sweep.Result) string {
	text := fmt.Sprintf("point %d (%s) %s", p.Index, h.Describe(p), status)
	if r != nil && r.Error != "" {
		text += ": " + r.Error
	}
	return text
}
