package merge

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/gomlx-cme/cme/gomlxcme/sweep"
	"github.com/parquet-go/parquet-go"
)

// groupRows is the number of rows of a row group; it bounds the memory.
const groupRows = 20_000

// table is results.parquet while it is written.
type table struct {
	file   *pending
	out    *os.File
	buffer *bufio.Writer
	writer *parquet.GenericWriter[any]
	head   *sweep.Head
	row    reflect.Value // of the type that has the sweep's columns
	rows   int
}

// fixed columns, before and after those of the sweep; fields are found by their place.
const (
	colPoint = iota
	colIndex
	colReplicate
	colSeed
	colStatus
	colValues // the first of those that are varied
)

// Columns after the varied ones, from their end on.
const (
	colTime = iota
	colName
	colMean
	colSD
	colMeanSE
	colSDSE
	colMarginal
)

// rowType is a struct with a field for every column.
func rowType(h *sweep.Head) reflect.Type {
	var fields []reflect.StructField
	add := func(column string, like any) {
		fields = append(fields, reflect.StructField{
			Name: fmt.Sprintf("F%d", len(fields)), Type: reflect.TypeOf(like), Tag: reflect.StructTag(fmt.Sprintf("parquet:%q", column)),
		})
	}
	number, text := float64(0), ""
	add("point,dict", text)
	add("index", int32(0))
	add("replicate", int32(0))
	add("seed", int64(0))
	add("status,dict", text)
	for i, n := range h.Names {
		if h.Numeric[i] {
			add(n.String(), number)
		} else {
			add(n.String()+",dict", text)
		}
	}
	add("time", number)
	add("name,dict", text)
	for _, column := range []string{"mean", "sd", "mean_se", "sd_se"} {
		add(column+",optional", &number)
	}
	add("marginal,list", []float64{})
	return reflect.StructOf(fields)
}

func createTable(path string, h *sweep.Head) (*table, error) {
	file, err := begin(path)
	if err != nil {
		return nil, err
	}
	t := &table{file: file, head: h, row: reflect.New(rowType(h)).Elem()}
	if t.out, err = os.OpenFile(file.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err != nil {
		return nil, fmt.Errorf("merge: %w", err)
	}
	t.buffer = bufio.NewWriterSize(t.out, 1<<18)
	t.writer = parquet.NewGenericWriter[any](t.buffer, parquet.SchemaOf(t.row.Interface()), parquet.Compression(&parquet.Zstd))
	return t, nil
}

// add writes the rows of a point.
func (t *table) add(p *sweep.Point, status sweep.Status, r *sweep.Result) error {
	if r == nil {
		return nil
	}
	t.row.Field(colPoint).SetString(p.ID)
	t.row.Field(colIndex).SetInt(int64(p.Index))
	t.row.Field(colReplicate).SetInt(int64(p.Replicate))
	t.row.Field(colSeed).SetInt(int64(p.Seed))
	t.row.Field(colStatus).SetString(string(status))
	for i, v := range p.Values {
		field := t.row.Field(colValues + i)
		if number, ok := v.Float(); ok && t.head.Numeric[i] {
			field.SetFloat(number)
		} else if !t.head.Numeric[i] {
			field.SetString(v.String())
		}
	}
	after := colValues + len(p.Values)
	for i := range r.Rows {
		row := &r.Rows[i]
		t.row.Field(after + colTime).SetFloat(row.Time)
		t.row.Field(after + colName).SetString(row.Name)
		var m [4]*float64
		if row.Moments != nil {
			m = [4]*float64{&row.Moments.Mean, &row.Moments.SD, &row.Moments.MeanSE, &row.Moments.SDSE}
		}
		for k, v := range m {
			t.row.Field(after + colMean + k).Set(reflect.ValueOf(v))
		}
		t.row.Field(after + colMarginal).Set(reflect.ValueOf(row.Marginal))
		if _, err := t.writer.Write([]any{t.row.Interface()}); err != nil {
			return fmt.Errorf("merge: %s: %w", ParquetName, err)
		}
		if t.rows++; t.rows%groupRows == 0 {
			if err := t.writer.Flush(); err != nil {
				return fmt.Errorf("merge: %s: %w", ParquetName, err)
			}
		}
	}
	return nil
}

// finish puts the file in place.
func (t *table) finish() error {
	err := errors.Join(t.writer.Close(), t.buffer.Flush(), t.out.Close())
	t.out = nil
	if err != nil {
		return fmt.Errorf("merge: %s: %w", ParquetName, err)
	}
	return t.file.commit()
}

// discard closes what finish did not.
func (t *table) discard() {
	if t.out != nil {
		_ = t.out.Close()
	}
	t.file.remove()
}
