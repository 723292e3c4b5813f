package run

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzOpen feeds the three readers with anything: they must answer with values that can be used, or with an error, in
// little memory.
func FuzzOpen(f *testing.F) {
	dir := f.TempDir()
	d, err := Begin(dir, record(7), false)
	if err != nil {
		f.Fatal(err)
	}
	if err := d.Finish(snapshots(f), nil); err != nil {
		f.Fatal(err)
	}
	files := contents(f, dir)
	f.Add([]byte(files["/run.json"]), []byte(files["/moments.csv"]), []byte(files["/marginals.csv"]))
	f.Add([]byte(`{"schema":1}`), []byte("time,species,mean,sd,mean_se,sd_se\n"), []byte("time,species,count,probability\n0,A,99999999,1\n"))
	f.Add([]byte(`{"schema":1,"times":[{"time":"NaN"}]}`), []byte("\"\n"), []byte("time,species,count,probability\n0,A,2,1\n0,A,2,1\n"))
	f.Fuzz(func(t *testing.T, record, moments, marginals []byte) {
		r, err := parseRecord(record)
		if err != nil {
			if r, err = parseRecord([]byte(files["/run.json"])); err != nil {
				t.Fatal(err)
			}
		}
		if len(r.Times)*len(r.Model.Species) > 1000 {
			return
		}
		b := newBuilder(r, 1000)
		if b.moments(bytes.NewReader(moments)) != nil || b.marginals(bytes.NewReader(marginals)) != nil {
			return
		}
		// What was understood can be written and is understood again. Reading has checked each of the numbers.
		var out strings.Builder
		if err := marginalsWriter(b.snapshots())(&out); err != nil {
			t.Fatal(err)
		}
		again := newBuilder(r, 1000)
		if err := again.marginals(strings.NewReader(out.String())); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		out.Reset()
		if err := momentsWriter(b.snapshots())(&out); err != nil {
			t.Fatal(err)
		}
		if err := again.moments(strings.NewReader(out.String())); err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
	})
}

// FuzzCheckpoint: only bytes with the right head and check sum are a checkpoint.
func FuzzCheckpoint(f *testing.F) {
	dir := f.TempDir()
	d, err := Begin(dir, record(7), false)
	if err != nil {
		f.Fatal(err)
	}
	defer d.Close()
	if err := d.SaveCheckpoint("state", []byte("payload")); err != nil {
		f.Fatal(err)
	}
	good := contents(f, dir)["/checkpoint/state"]
	f.Add([]byte(good))
	f.Add([]byte(good[:len(good)-1]))
	f.Add([]byte(checkpointMagic + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		data, err := openCheckpoint(content, d.record.Fingerprint)
		if err == nil && !bytes.HasSuffix(content, data) {
			t.Errorf("payload %q is not in the file", data)
		}
	})
}
