package kernelext_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx-cme/cme/kernelext"
)

// marked is a tiny figure that says which one it is.
func marked(name string) []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="figure %s" width="80" height="20"><text y="15">%[1]s</text></svg>`, name)
}

func TestFramesHoldEveryCombination(t *testing.T) {
	controls := []kernelext.Control{
		{Name: "rate <k>", Choices: []string{"1", "2", "3"}, First: 1},
		{Name: "gene", Choices: []string{"x", "</script>"}, Select: true},
	}
	draw := func(at []int) ([]byte, error) { return marked(fmt.Sprint(at)), nil }
	f, err := kernelext.NewFrames(controls, draw)
	if err != nil {
		t.Fatal(err)
	}
	html := f.HTML()
	if n := strings.Count(html, "<img data-frame"); n != 6 {
		t.Errorf("%d figures for 3 × 2 choices", n)
	}
	if n := strings.Count(html, "display:none\" src"); n != 5 {
		t.Errorf("%d of 6 figures are hidden", n)
	}
	for _, want := range []string{
		`rate &lt;k&gt;: <input type="range" data-control data-lm-suppress-shortcuts="true" min="0" max="2" value="1"`, `<option value="0" selected>x</option>`,
		`alt="rate &lt;k&gt; = 3, gene = x. figure [2 0]" style="width:100%;display:none"`, `alt="rate &lt;k&gt; = 2, gene = x. figure [1 0]" style="width:100%" src`,
		"Shown: rate &lt;k&gt; = 2, gene = x.",
	} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is not in the page", want)
		}
	}
	if strings.Count(html, "</script>") != 1 {
		t.Error("a choice ends the script")
	}
	again, err := kernelext.NewFrames(controls, draw)
	if err != nil || again.HTML() != html {
		t.Errorf("another page from the same input: %v", err)
	}
	if dir := os.Getenv("CME_FIGURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "frames.html"), []byte(html), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFramesRefusals(t *testing.T) {
	draw := func([]int) ([]byte, error) { return marked("x"), nil }
	many := make([]string, 61)
	for name, c := range map[string]struct {
		controls []kernelext.Control
		want     error
	}{
		"no control": {nil, kernelext.ErrShape},
		"no choice":  {[]kernelext.Control{{Name: "k"}}, kernelext.ErrNothing},
		"first":      {[]kernelext.Control{{Name: "k", Choices: []string{"1"}, First: 1}}, kernelext.ErrNothing},
		"many":       {[]kernelext.Control{{Name: "k", Choices: many}}, kernelext.ErrShape},
	} {
		if _, err := kernelext.NewFrames(c.controls, draw); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
	broken := errors.New("broken")
	err := kernelext.ShowSlider("k", []float64{1, 2}, func(v float64) ([]byte, error) {
		if v == 2 {
			return nil, broken
		}
		return marked("x"), nil
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "k = 2") {
		t.Errorf("a figure that fails: %v", err)
	}
	large := func(string) ([]byte, error) { return make([]byte, 3<<20), nil }
	if err := kernelext.ShowSelect("k", []string{"a", "b"}, large); !errors.Is(err, kernelext.ErrShape) {
		t.Errorf("figures of 6 MB: %v", err)
	}
}
