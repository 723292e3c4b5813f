package study

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/gomlx-cme/cme/datasets"
	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
)

// Keeping the first value errs by what is tabulated with two digits; for the concentrations of which every second is known, by that of 41 times,
// which is within a tenth of it.
func TestPublishedSeriesAgainstTheirBaseline(t *testing.T) {
	s, err := PublishedIP3(published.Files(t))
	if err != nil {
		t.Fatal(err)
	}
	kept := []float64{1.9e-9, 1.1e-4, 5.1e-3, 4.2e-2, 7.7e-2, 7.6e-2, 5.7e-2, 4.9e-2, 3.5e-2, 2.7e-2, 1.8e-2, 1.7e-2, 1.2e-2, 4.3e-3, 3.3e-3, 4.4e-3, 6.0e-3, 3.1e-3,
		3.9e-3, 2.5e-3}
	for i, c := range s.Cases {
		got, err := s.Kept(c)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 0.025 // of two digits, at least
		if c.Known != nil {
			tolerance = 0.1
		}
		if math.Abs(got-kept[i])/kept[i] > tolerance+0.05*kept[i] {
			t.Errorf("%s: %.3g, tabulated %.2g", c.Name(), got, kept[i])
		}
	}
}

func TestPublishedReceptorsAgainstTheirBaseline(t *testing.T) {
	s, err := PublishedReceptors(published.Files(t))
	if err != nil {
		t.Fatal(err)
	}
	sum, n := map[int]float64{}, map[int]float64{}
	for _, c := range s.Cases {
		got, err := s.Kept(c)
		if err != nil {
			t.Fatal(err)
		}
		sum[c.Condition.Receptors] += got
		n[c.Condition.Receptors]++
	}
	for r, want := range map[int]float64{500: 5.4e-2, 600: 4.3e-2, 700: 4.9e-2, 800: 4.9e-2, 900: 4.6e-2, 1000: 4.3e-2} {
		if got := sum[r] / n[r]; n[r] != 7 || math.Abs(got-want) > 0.5e-3 {
			t.Errorf("%d receptors: %.3g of %v conditions, tabulated %.2g", r, got, n[r], want)
		}
	}
}

// A study of our own data is the same after writing and reading, and a perfect field errs by rounding only.
func TestOwnStudyIsReadAsWritten(t *testing.T) {
	data := loaded(t, "ip3-small")
	s, err := Reduce(IP3, data, true)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		t.Fatal(err)
	}
	got, err := Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, s) {
		t.Error("the study is another one")
	}
	c := s.Cases[6]
	o, err := s.Follow(c, reduced.Euler{}, c.Series.Known)
	if err != nil {
		t.Fatal(err)
	}
	if o.Error > 1e-28 || len(o.Path) != 401 || !(o.Swing.Min < 0.2 && o.Swing.Max > 0.4) {
		t.Errorf("a perfect field errs by %v over %d steps, swing %v", o.Error, len(o.Path), o.Swing)
	}
	o, err = s.Follow(c, reduced.Euler{}, func(dw, _ []float64, p reduced.Parameters, _ float64) error {
		dw[0] = p.W[0][0] * 1e3
		return nil
	})
	if err != nil || !math.IsInf(o.Error, 1) {
		t.Errorf("a field that diverges: error %v, failure %v", o.Error, err)
	}
	if n := len(s.Where(IP3.Training)); n != 7 {
		t.Errorf("%d training conditions", n)
	}
	if n := len(s.Where(func(c calcium.Condition) bool { return c.IP3 > 1.05 })); n != 10 {
		t.Errorf("%d conditions above 1 µM", n)
	}
}

func TestNoStudyIsRefused(t *testing.T) {
	for _, text := range []string{"", "{}", `{"experiment":"ip3","cases":[]}`, `{"experiment":"ip3","cases":[{}]}`} {
		if _, err := Read(bytes.NewReader([]byte(text))); !errors.Is(err, ErrStudy) {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

// Scores are read as written, also of a network that diverged: it counts in the median and is named beside the mean.
func TestScoresAndTheirTable(t *testing.T) {
	c := calcium.Standard(0.7)
	var scores []Score
	for i, e := range []float64{2e-3, 4e-3, math.Inf(1)} {
		scores = append(scores, Score{uint64(i + 1), c, Unseen, e, 3e-3, calcium.Span{Min: 0.1, Max: 0.5}, calcium.Span{Min: 0.2, Max: 0.4}})
	}
	var file bytes.Buffer
	if err := WriteScores(&file, scores); err != nil {
		t.Fatal(err)
	}
	got, err := ReadScores(&file)
	if err != nil || !reflect.DeepEqual(got, scores) {
		t.Fatalf("read as %+v, error %v", got, err)
	}
	s := IP3.Summarise(scores, scores[:1])
	if len(s) != 1 || s[0].Median != 4e-3 || s[0].Mean != 3e-3 || s[0].Diverged != 1 || s[0].Together != 2e-3 || s[0].Best != 2e-3 || s[0].Worst != 4e-3 || s[0].Networks != 3 || s[0].Swing.Max != 0.5 || math.Abs(s[0].Known.Min-0.2) > 1e-15 {
		t.Fatalf("summary %+v", s)
	}
	var errs, swing bytes.Buffer
	columns := []Column{{Name: "a", Summaries: s, Published: []float64{1e-3}}}
	if err := errors.Join(IP3.Report(&errs, columns), IP3.ReportSwing(&swing, columns)); err != nil {
		t.Fatal(err)
	}
	if want := "| 0.7 | 3.0e-03 | 4.0e-03 ✗ | 3.0e-03 ± 2.0e-03, 1 of 3 diverged | 2.0e-03 | 1.0e-03 |\n"; !bytes.Contains(errs.Bytes(), []byte(want)) {
		t.Errorf("the table has no line %q:\n%s", want, errs.String())
	}
	if want := "| 0.7 | 0.200 … 0.400 | 0.100 ± 0.000 … 0.500 ± 0.000 |\n"; !bytes.Contains(swing.Bytes(), []byte(want)) {
		t.Errorf("the table has no line %q:\n%s", want, swing.String())
	}
	if _, err := ReadScores(bytes.NewReader([]byte("seed\n1\n"))); !errors.Is(err, ErrStudy) {
		t.Errorf("another table: error %v", err)
	}
}

// Whatever is read as scores is written as it was read; whatever is read as a study can be followed.
func FuzzReadScores(f *testing.F) {
	var file bytes.Buffer
	if err := WriteScores(&file, []Score{{3, calcium.Standard(0.7), Unseen, 2e-3, math.Inf(1), calcium.Span{Min: 0.1, Max: 0.5}, calcium.Span{Min: 0.2, Max: 0.4}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte("seed,ip3\n1,2\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		scores, err := ReadScores(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrStudy) {
				t.Errorf("error %v", err)
			}
			return
		}
		IP3.Summarise(scores, scores)
		var first, second bytes.Buffer
		if err := WriteScores(&first, scores); err != nil {
			t.Fatal(err)
		}
		again, err := ReadScores(bytes.NewReader(first.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteScores(&second, again); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("read and written again they are\n%snot\n%s", second.Bytes(), first.Bytes())
		}
	})
}

func FuzzRead(f *testing.F) {
	s := &Study{Experiment: IP3, Reduction: IP3.Reduction(), Cases: []Case{{Condition: calcium.Standard(0.7), Series: &reduced.Series{
		Times: []float64{0, 1}, DW: [][]float64{{0.1}, {0}}, DB: [][]float64{{0.2}, {0}}}, Known: []int{0, 1}}}}
	for range 2 {
		p := reduced.Parameters{W: [][]float64{{-0.5, 0}}, B: []float64{0.1, 0.2}, Noise: 0.1, Latent: reduced.StandardFrame(1)}
		s.Cases[0].Series.Filtered = append(s.Cases[0].Series.Filtered, p)
	}
	var file bytes.Buffer
	if err := s.Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add([]byte(`{"experiment":"receptors","cases":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Read(bytes.NewReader(text))
		if err != nil {
			if !errors.Is(err, ErrStudy) {
				t.Errorf("error %v", err)
			}
			return
		}
		for _, c := range s.Cases {
			_, _ = s.Kept(c)
		}
	})
}

// loaded returns a data set that comes with the program.
func loaded(t *testing.T, name string) *datasets.Data {
	t.Helper()
	set, err := datasets.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Store{}.Load(set)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
