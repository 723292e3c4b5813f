package merge

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"syscall"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"modernc.org/sqlite" // registers "sqlite"
)

// sqliteFull is SQLite's code for a full disk.
const sqliteFull = 13

// broken wraps an error of the database; a full disk is told as that of the system.
func broken(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqliteFull {
		return fmt.Errorf("merge: %s: %w (%w)", SQLiteName, syscall.ENOSPC, err)
	}
	return fmt.Errorf("merge: %s: %w", SQLiteName, err)
}

// batchPoints is the number of points of a transaction.
const batchPoints = 5_000

// database is runs.sqlite while it is written.
type database struct {
	file   *pending
	db     *sql.DB
	tx     *sql.Tx
	insert map[string]*sql.Stmt
	head   *sweep.Head
	points int
}

// fixedTables are those whose columns do not depend on the sweep.
const fixedTables = `
CREATE TABLE sweep (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE moments (point INTEGER NOT NULL REFERENCES points("index"), time REAL NOT NULL, name TEXT NOT NULL, mean REAL, sd REAL, mean_se REAL, sd_se REAL);
CREATE TABLE marginals (point INTEGER NOT NULL REFERENCES points("index"), time REAL NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, probability REAL NOT NULL);
CREATE TABLE diagnostics (point INTEGER NOT NULL REFERENCES points("index"), time REAL NOT NULL, name TEXT NOT NULL, value REAL NOT NULL);
`

// indices are made last, when all rows are there.
const indices = `
CREATE INDEX moments_point ON moments(point);
CREATE INDEX marginals_point ON marginals(point);
CREATE INDEX diagnostics_point ON diagnostics(point);
`

// quote makes a name of SQL.
func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// pointsTable is the statement that makes the table of points, and its number of columns.
func pointsTable(h *sweep.Head) (statement string, columns int) {
	list := []string{`"index" INTEGER PRIMARY KEY`, "id TEXT NOT NULL UNIQUE", "replicate INTEGER NOT NULL", "seed INTEGER NOT NULL", "status TEXT NOT NULL",
		"error TEXT", "attempts INTEGER", "wall_seconds REAL", "cpu_seconds REAL", "overhead_seconds REAL"}
	for i, n := range h.Names {
		kind := "TEXT"
		if h.Numeric[i] {
			kind = "REAL"
		}
		list = append(list, quote(n.String())+" "+kind)
	}
	return "CREATE TABLE points (" + strings.Join(list, ", ") + ");", len(list)
}

func createDatabase(path string, h *sweep.Head) (*database, error) {
	file, err := begin(path)
	if err != nil {
		return nil, err
	}
	d := &database{file: file, head: h, insert: map[string]*sql.Stmt{}}
	// The file is thrown away if anything goes wrong, and synced once when it is whole.
	place := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file.temporary}).EscapedPath(), RawQuery: "_pragma=journal_mode(OFF)&_pragma=synchronous(OFF)&_pragma=locking_mode(EXCLUSIVE)"}
	if d.db, err = sql.Open("sqlite", place.String()); err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	d.db.SetMaxOpenConns(1)
	make, columns := pointsTable(h)
	if _, err := d.db.Exec(make + fixedTables); err != nil {
		d.discard()
		return nil, broken(err)
	}
	for name, n := range map[string]int{"points": columns, "moments": 7, "marginals": 5, "diagnostics": 4, "sweep": 2} {
		if d.insert[name], err = d.db.Prepare("INSERT INTO " + name + " VALUES (?" + strings.Repeat(",?", n-1) + ")"); err != nil {
			d.discard()
			return nil, broken(err)
		}
	}
	return d, nil
}

// put inserts a row.
func (d *database) put(table string, values ...any) error {
	if _, err := d.tx.Stmt(d.insert[table]).Exec(values...); err != nil {
		return broken(err)
	}
	return nil
}

// add writes a point and its results.
func (d *database) add(p *sweep.Point, status sweep.Status, r *sweep.Result) error {
	if d.tx == nil {
		var err error
		if d.tx, err = d.db.Begin(); err != nil {
			return broken(err)
		}
	}
	row := []any{p.Index, p.ID, p.Replicate, int64(p.Seed), string(status), nil, nil, nil, nil, nil}
	if r != nil {
		row = []any{p.Index, p.ID, p.Replicate, int64(p.Seed), string(status), r.Error, r.Attempts, r.WallSeconds, r.CPUSeconds, r.Overhead}
	}
	for i, v := range p.Values {
		if number, ok := v.Float(); ok && d.head.Numeric[i] {
			row = append(row, number)
		} else {
			row = append(row, v.String())
		}
	}
	if err := d.put("points", row...); err != nil {
		return err
	}
	if err := d.addResult(p, r); err != nil {
		return err
	}
	if d.points++; d.points%batchPoints == 0 {
		return d.endBatch()
	}
	return nil
}

func (d *database) addResult(p *sweep.Point, r *sweep.Result) error {
	if r == nil {
		return nil
	}
	for i := range r.Rows {
		row := &r.Rows[i]
		if m := row.Moments; m != nil {
			if err := d.put("moments", p.Index, row.Time, row.Name, m.Mean, m.SD, m.MeanSE, m.SDSE); err != nil {
				return err
			}
		}
		for n, probability := range row.Marginal {
			if probability > 0 {
				if err := d.put("marginals", p.Index, row.Time, row.Name, n, probability); err != nil {
					return err
				}
			}
		}
	}
	for _, x := range r.Diagnostics {
		if err := d.put("diagnostics", p.Index, x.Time, x.Name, x.Value); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) endBatch() error {
	tx := d.tx
	d.tx = nil
	if tx == nil {
		return nil
	}
	if err := tx.Commit(); err != nil {
		return broken(err)
	}
	return nil
}

// finish writes what the sweep was, and puts the file in place.
func (d *database) finish() error {
	if d.tx == nil {
		tx, err := d.db.Begin()
		if err != nil {
			return broken(err)
		}
		d.tx = tx
	}
	h := d.head
	for _, x := range [][2]string{{"title", h.Title}, {"solver", string(h.Solver)}, {"model", h.Model}, {"input_sha256", h.Input}, {"spec_sha256", h.Spec}} {
		if err := d.put("sweep", x[0], x[1]); err != nil {
			return err
		}
	}
	for _, s := range h.Settings {
		if err := d.put("sweep", s.Name.String(), s.Value.String()); err != nil {
			return err
		}
	}
	if err := d.endBatch(); err != nil {
		return err
	}
	if _, err := d.db.Exec(indices); err != nil {
		return broken(err)
	}
	err := d.close()
	if err != nil {
		return broken(err)
	}
	return d.file.commit()
}

func (d *database) close() error {
	var all []error
	if d.tx != nil {
		all = append(all, d.tx.Rollback())
		d.tx = nil
	}
	for _, s := range d.insert {
		all = append(all, s.Close())
	}
	d.insert = nil
	if d.db != nil {
		all = append(all, d.db.Close())
		d.db = nil
	}
	return errors.Join(all...)
}

// discard closes what finish did not.
func (d *database) discard() {
	_ = d.close()
	d.file.remove()
}
