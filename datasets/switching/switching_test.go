package switching

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/rare"
)

// The table that comes along is one, names commands, and agrees with the exact rates of an independent program for one to three voxels.
func TestRows(t *testing.T) {
	rows, err := Rows()
	if err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	for i, r := range rows {
		if !strings.HasPrefix(r.Command, "cme ") || !(r.Value > 0) || r.CPU < 0 || r.Voxels() < 1 {
			t.Errorf("row %d: %+v", i+1, r)
		}
	}
	for lattice, want := range map[string]float64{"1x1": 0.836, "1x2": 0.11056, "1x3": 0.01837} {
		list := Find(rows, lattice, "rate", rare.Projection)
		if len(list) == 0 {
			t.Errorf("no exact rate of %s", lattice)
			continue
		}
		if got := list[len(list)-1].Value; math.Abs(got/want-1) > 7e-4 { // three to four digits were published
			t.Errorf("%s: rate %g, want %g", lattice, got, want)
		}
	}
}

func TestBadTables(t *testing.T) {
	head := strings.Join(header, ",") + "\n"
	for text, word := range map[string]string{
		"":                                   "line 1",
		"a,b\n":                              "line 1",
		head + "2x2,rate\n":                  "fields",
		head + "2,rate,,1,1,1,m,0,0,c\n":     "like 2x2",
		head + "0x2,rate,,1,1,1,m,0,0,c\n":   "like 2x2",
		head + "2x2,rate,,one,1,1,m,0,0,c\n": `"one" is no number`,
		head + "2x2,rate,,1,2,3,m,0,0,c\n":   "does not lie between",
		head + "2x2,rate,,1,1,1,m,-1,0,c\n":  `"-1"`,
		head + "2x2,rate,,NaN,1,1,m,0,0,c\n": "no number",
	} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrTable) || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// FuzzRead: what is accepted is written as it reads.
func FuzzRead(f *testing.F) {
	head := strings.Join(header, ",") + "\n"
	f.Add(head + "2x2,rate,,1,0.5,2,forward-flux,7,0.1,\"cme split 'X1<=15,X2<=15'\"\n")
	f.Add(head + "1x3,P(B),0.1,1e-5,0,1,projection,0,2,cme\n")
	f.Add("lattice\n")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := Write(&first, rows); err != nil {
			t.Fatal(err)
		}
		again, err := Read(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := Write(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%q became %q, %v", first.Bytes(), second.Bytes(), err)
		}
	})
}

// Remake runs each command once and takes what belongs to a row by quantity and time.
func TestRemake(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "cme")
	script := "#!/bin/sh\necho \"$@\" >> " + dir + "/calls\n" +
		"[ \"$1\" = bad ] && { echo no such thing >&2; exit 2; }\n" +
		"echo quantity,time,value,lower,upper,method,events\necho rate,,2,1,3,forward-flux,9\necho 'P(B),0.5,0.2,0.1,0.3,projection,0'\n"
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	const command = "cme split m --into 'X1<=15,X2<=15'"
	rows := []Row{{Lattice: "1x2", Quantity: "P(B)", Time: 0.5, Command: command}, {Lattice: "1x2", Quantity: "rate", Time: math.NaN(), Command: command}}
	heard := 0
	got, err := Remake(context.Background(), program, rows, func(string) { heard++ })
	if err != nil {
		t.Fatal(err)
	}
	if heard != 1 || got[0].Value != 0.2 || got[0].Method != rare.Projection || got[1].High != 3 || got[1].Cost != 9 || rows[0].Value != 0 {
		t.Errorf("%d commands, %+v", heard, got)
	}
	if calls, err := os.ReadFile(filepath.Join(dir, "calls")); err != nil || string(calls) != "split m --into X1<=15,X2<=15\n" {
		t.Errorf("called %q, %v", calls, err)
	}
	for _, bad := range []Row{{Quantity: "rate", Time: 1, Command: command}, {Quantity: "rate", Command: "cme bad"}, {Quantity: "rate", Command: "rm -r x"}} {
		if _, err := Remake(context.Background(), program, []Row{bad}, nil); err == nil {
			t.Errorf("%+v was made", bad)
		}
	}
}

// With CME_LONG=1 the rows of one and two voxels are made again by the program of today, and are what they were to ten digits.
func TestRowsAreThoseOfTheProgram(t *testing.T) {
	if os.Getenv("CME_LONG") == "" {
		t.Skip("skipped: set CME_LONG=1")
	}
	program := filepath.Join(t.TempDir(), "cme")
	if out, err := exec.Command("go", "build", "-o", program, "../../gomlxcme/cmd/cme").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	all, err := Rows()
	if err != nil {
		t.Fatal(err)
	}
	var few []Row
	for _, r := range all {
		if r.Voxels() <= 2 {
			few = append(few, r)
		}
	}
	made, err := Remake(context.Background(), program, few, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range made {
		if math.Abs(r.Value/few[i].Value-1) > 1e-10 {
			t.Errorf("%s: %s at %g is %v, was %v", r.Command, r.Quantity, r.Time, r.Value, few[i].Value)
		}
	}
}
