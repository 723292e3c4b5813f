package kernelext_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/kernelext"
)

// poisson is the exact answer of two independent Poisson counts with growing
// means.
func poisson(t testing.TB, times ...float64) kernelext.Answer {
	t.Helper()
	a := kernelext.Answer{Label: "exact"}
	for _, time := range times {
		const cap = 25
		var states []int32
		var p []float64
		law := func(mean float64, n int) float64 {
			l, _ := math.Lgamma(float64(n) + 1)
			return math.Exp(float64(n)*math.Log(mean) - mean - l)
		}
		for x := range cap + 1 {
			for y := range cap + 1 {
				states = append(states, int32(x), int32(y))
				p = append(p, law(2+time, x)*law(8, y))
			}
		}
		table, err := dist.NewTable([]string{"A", "B"}, states, p, 0)
		if err != nil {
			t.Fatal(err)
		}
		a.Snapshots = append(a.Snapshots, dist.Snapshot{Time: time, Dist: table})
	}
	return a
}

// sampled draws n states from every snapshot of an answer.
func sampled(t testing.TB, a kernelext.Answer, n int) kernelext.Answer {
	t.Helper()
	out := kernelext.Answer{Label: "sampled"}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, snap := range a.Snapshots {
		table := snap.Dist.(*dist.Table)
		counts, err := dist.NewCounts(table.Species(), [][2]int{{0, 1}})
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			u, i := rng.Float64(), 0
			for ; i < table.Len()-1 && u > table.P(i); i++ {
				u -= table.P(i)
			}
			if err := counts.Add(table.State(i)); err != nil {
				t.Fatal(err)
			}
		}
		out.Snapshots = append(out.Snapshots, dist.Snapshot{Time: snap.Time, Dist: counts})
	}
	return out
}

// picture checks what holds for every figure and returns its text.
func picture(t *testing.T, svg []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
	}
	if label := regexp.MustCompile(`role="img" aria-label="([^"]+)"`).FindSubmatch(svg); label == nil {
		t.Error("no text for people who cannot see it")
	}
	if !bytes.Contains(svg, []byte("@font-face")) {
		t.Error("the font is not embedded")
	}
	drawn := regexp.MustCompile(`base64,[^)"]*`).ReplaceAll(svg, nil) // fonts and images may hold any letters
	if bytes.Contains(drawn, []byte("NaN")) || bytes.Contains(drawn, []byte("Inf")) {
		t.Error("a coordinate is not finite")
	}
	if dir := os.Getenv("CME_FIGURES"); dir != "" { // to look at them
		name := strings.NewReplacer("/", "-", " ", "-").Replace(t.Name())
		for i := 0; ; i++ {
			file := filepath.Join(dir, fmt.Sprintf("%s-%d.svg", name, i))
			if _, err := os.Stat(file); err == nil {
				continue
			}
			if err := os.WriteFile(file, svg, 0o644); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if len(svg) > 200_000 {
		t.Errorf("%d bytes", len(svg))
	}
	var text []string
	for _, m := range regexp.MustCompile(`<text [^>]*>([^<]*)</text>`).FindAllSubmatch(svg, -1) {
		text = append(text, string(m[1]))
	}
	return strings.Join(text, "\n")
}

func TestMarginalsNameTheDistanceAndItsNoise(t *testing.T) {
	exact := poisson(t, 1, 3)
	samples := sampled(t, exact, 2000)
	svg, err := kernelext.DrawMarginals(kernelext.Style{TimeUnit: "s"}, 3, exact, samples)
	text := picture(t, svg, err)
	d := dist.Hellinger(exact.Snapshots[1].Dist.Marginal(0), samples.Snapshots[1].Dist.Marginal(0))
	for _, want := range []string{
		"t = 3 s", "sampled, N = 2,000",
		fmt.Sprintf("D(A) = %.2g (noise %.2g)", d.Value, d.Floor),
		"count of A (molecules)", "count of B (molecules)", "difference",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
}

func TestFiguresOfOneAnswer(t *testing.T) {
	exact := poisson(t, 0, 1)
	svg, err := kernelext.DrawMarginals(kernelext.Style{Species: []string{"B"}}, 1, exact)
	if text := picture(t, svg, err); strings.Contains(text, "difference") {
		t.Error("a difference to nothing is drawn")
	}
	svg, err = kernelext.DrawMoments(kernelext.Style{Title: "Two counts"}, exact)
	if text := picture(t, svg, err); !strings.Contains(text, "Two counts") {
		t.Error("the title is missing")
	}
	svg, err = kernelext.DrawJoint(kernelext.Style{}, 1, "A", "B", exact)
	picture(t, svg, err)
}

func TestMomentsDrawEveryAnswer(t *testing.T) {
	exact := poisson(t, 0, 1, 2, 3)
	svg, err := kernelext.DrawMoments(kernelext.Style{}, exact, sampled(t, exact, 500))
	text := picture(t, svg, err)
	for _, want := range []string{"exact", "sampled, N = 500, bars ±2 standard errors", "time", "mean count (molecules)"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the figure:\n%s", want, text)
		}
	}
}

func TestJointNamesTheDistance(t *testing.T) {
	exact := poisson(t, 1)
	samples := sampled(t, exact, 5000)
	svg, err := kernelext.DrawJoint(kernelext.Style{}, 1, "A", "B", exact, samples)
	text := picture(t, svg, err)
	p, err := exact.Snapshots[0].Dist.Joint(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	q, err := samples.Snapshots[0].Dist.Joint(0, 1)
	if err != nil {
		t.Fatal(err)
	}
	d := dist.HellingerJoint(p, q)
	if want := fmt.Sprintf("D = %.2g (noise %.2g)", d.Value, d.Floor); !strings.Contains(text, want) {
		t.Errorf("%q is not in the figure:\n%s", want, text)
	}
	if bytes.Count(svg, []byte("data:image/png")) != 3 {
		t.Error("expected two maps and a scale")
	}
}

func TestSameInputSameBytes(t *testing.T) {
	draw := func() []byte {
		exact := poisson(t, 1, 2)
		svg, err := kernelext.DrawMarginals(kernelext.Style{}, 2, exact, sampled(t, exact, 100))
		if err != nil {
			t.Fatal(err)
		}
		return svg
	}
	if !slices.Equal(draw(), draw()) {
		t.Error("two drawings differ")
	}
}

func TestDrawingErrors(t *testing.T) {
	exact := poisson(t, 1)
	for _, c := range []struct {
		name string
		draw func() ([]byte, error)
		want error
	}{
		{"no answer", func() ([]byte, error) { return kernelext.DrawMoments(kernelext.Style{}) }, kernelext.ErrNothing},
		{"no snapshots", func() ([]byte, error) {
			return kernelext.DrawMoments(kernelext.Style{}, kernelext.Answer{Label: "empty"})
		}, kernelext.ErrNothing},
		{"other time", func() ([]byte, error) { return kernelext.DrawMarginals(kernelext.Style{}, 2, exact) }, kernelext.ErrTime},
		{"other species", func() ([]byte, error) {
			return kernelext.DrawMarginals(kernelext.Style{Species: []string{"C"}}, 1, exact)
		}, kernelext.ErrSpecies},
		{"other pair", func() ([]byte, error) { return kernelext.DrawJoint(kernelext.Style{}, 1, "A", "C", exact) }, kernelext.ErrSpecies},
	} {
		if _, err := c.draw(); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func ExampleAnswer_At() {
	table, _ := dist.NewTable([]string{"X"}, []int32{0, 1}, []float64{0.25, 0.75}, 0)
	a := kernelext.Answer{Label: "exact (FSP)", Snapshots: []dist.Snapshot{{Time: 0.5, Dist: table}}}
	snap, _ := a.At(0.5)
	fmt.Println(snap.Dist.Moment(0).Mean)
	_, err := a.At(2)
	fmt.Println(err)
	// Output:
	// 0.75
	// kernelext: no snapshot at this time: exact (FSP) has none at 2, only at 0.5
}

func ExampleDrawMarginals() {
	table, _ := dist.NewTable([]string{"X"}, []int32{0, 1}, []float64{0.25, 0.75}, 0)
	a := kernelext.Answer{Label: "exact (FSP)", Snapshots: []dist.Snapshot{{Time: 0.5, Dist: table}}}
	svg, err := kernelext.DrawMarginals(kernelext.Style{TimeUnit: "s"}, 0.5, a)
	fmt.Println(bytes.Contains(svg, []byte("<title>Marginal distributions of X at t = 0.5 s. exact (FSP).</title>")), err)
	// Output: true <nil>
}
