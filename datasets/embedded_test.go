package datasets

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
)

// What comes with the program is whole, and making it writes it out without drawing a run.
func TestEmbeddedSets(t *testing.T) {
	found := 0
	for _, set := range All() {
		store := Store{t.TempDir()}
		if store.State(set) != Embedded {
			continue
		}
		found++
		d, err := store.Load(set)
		if err != nil {
			t.Fatal(err)
		}
		made, err := store.Make(t.Context(), set, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if store.State(set) != Made || made.Description.Numbers != d.Description.Numbers {
			t.Errorf("%s was written as %v with other numbers", set.Name, store.State(set))
		}
	}
	if found == 0 {
		t.Error("no data set comes with the program")
	}
}

// The numbers of a small set are those that the generator of this version has always given. If they must change, the generator gets a new
// name, the sets new versions, and the one that comes with the program is made again.
func TestGeneratorIsThatOfItsVersion(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: other kinds of processor may draw other runs")
	}
	d, err := Store{t.TempDir()}.Make(t.Context(), tiny(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "19f1cbc2e5918948d89155ca4a3c4e86166ca4cc036bcfc511f63ba53cecc17a"
	if generator != "calcium-1" || d.Description.Numbers != want {
		t.Errorf("generator %s gives %s, want calcium-1 and %s", generator, d.Description.Numbers, want)
	}
}

// A single condition of a set that comes with the program, drawn again as a set of one's own, has the same numbers: notebooks 10 and 11
// do so with recompute = true. Without CME_LONG it is the first condition of two sets.
func TestConditionsDrawnAgain(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("skipped: other kinds of processor may draw other runs")
	}
	if testing.Short() {
		t.Skip("draws some seventy runs")
	}
	for _, name := range []string{"ip3-small", "receptors-train"} {
		set, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		d, err := Store{t.TempDir()}.Load(set)
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range set.Conditions {
			if i > 0 && os.Getenv("CME_LONG") == "" {
				break
			}
			own := set
			own.Name, own.Conditions = fmt.Sprintf("again-%d-%g", c.Receptors, c.IP3), []calcium.Condition{c}
			if own, err = Custom(own); err != nil {
				t.Fatal(err)
			}
			again, err := Store{t.TempDir()}.Make(t.Context(), own, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if digest(again.Sums) != digest(d.Sums[i:i+1]) {
				t.Errorf("%s at %g µM with %d subunits: other numbers than those that come with the program", name, c.IP3, c.Receptors)
			}
		}
	}
}

// Free IP3 stays within the number of receptors of what was drawn, and calcium below all there is.
func TestEmbeddedMeansAreSound(t *testing.T) {
	set, err := Find("ip3-small")
	if err != nil {
		t.Fatal(err)
	}
	d, err := Store{t.TempDir()}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range set.Conditions {
		for k := range d.Sums[i].Times {
			mean := d.Sums[i].Mean(k)
			omega := c.Omega()
			if math.Abs(mean[1]-c.IP3*omega) > float64(c.Receptors)+10 || mean[0] < 0 || mean[0] > 2*omega {
				t.Fatalf("%v: mean calcium %v, IP3 %v", c, mean[0], mean[1])
			}
		}
	}
}

// From the data set that comes with the program to filtered parameters.
func ExampleStore_Load() {
	set, err := Find("ip3-small")
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := Store{}.Load(set)
	if err != nil {
		fmt.Println(err)
		return
	}
	series, err := calcium.ReductionIP3().Reduce(data.Sums[6])
	if err != nil {
		fmt.Println(err)
		return
	}
	first := series.Filtered[0]
	fmt.Printf("%v: %d times from %v s\n", set.Conditions[6], len(series.Filtered), series.Times[0])
	fmt.Printf("first W of calcium %.2f, b %.2f\n", first.W[0][0], first.B[0])
	// Output:
	// 0.7 µM IP3, 100 subunits, 1e-14 L: 401 times from 10 s
	// first W of calcium -0.57, b -0.27
}
