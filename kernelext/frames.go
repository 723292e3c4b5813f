package kernelext

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"strings"

	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Limits of precomputed figures: they are all in the notebook's file.
const (
	maxFrames     = 60
	maxFrameBytes = 4 << 20
)

// Control chooses between values of one parameter.
type Control struct {
	Name    string
	Choices []string // in order
	Select  bool     // a list to choose from instead of a slider
	First   int      // index of the choice to begin with
}

// Frames are figures for every combination of choices, drawn beforehand. In a
// page they are shown one at a time, with the controls above; that needs neither
// a kernel nor a network, so it works in an exported page as well. Where scripts
// are not allowed the figure of the first choices is shown.
type Frames struct {
	Controls []Control
	figures  [][]byte // the last control changes fastest
}

// NewFrames draws a figure for every combination of choices; draw is told their
// indices.
func NewFrames(controls []Control, draw func(at []int) ([]byte, error)) (*Frames, error) {
	n := 1
	for _, c := range controls {
		if len(c.Choices) == 0 || c.First < 0 || c.First >= len(c.Choices) {
			return nil, fmt.Errorf("%w: %q has %d choices and begins with number %d", ErrNothing, c.Name, len(c.Choices), c.First)
		}
		n *= len(c.Choices)
	}
	if len(controls) == 0 || n > maxFrames {
		return nil, fmt.Errorf("%w: %d controls with %d combinations: give at least one control and at most %d combinations", ErrShape, len(controls), n, maxFrames)
	}
	f := &Frames{Controls: controls, figures: make([][]byte, n)}
	size := 0
	for i := range f.figures {
		figure, err := draw(f.choices(i))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name(i), err)
		}
		if size += len(figure); size > maxFrameBytes {
			return nil, fmt.Errorf("%w: the figures take more than %d MB: give fewer choices or simpler figures", ErrShape, maxFrameBytes>>20)
		}
		f.figures[i] = figure
	}
	return f, nil
}

// choices are the indices of the choices of frame i.
func (f *Frames) choices(i int) []int {
	at := make([]int, len(f.Controls))
	for k := len(at) - 1; k >= 0; k-- {
		at[k] = i % len(f.Controls[k].Choices)
		i /= len(f.Controls[k].Choices)
	}
	return at
}

// first is the frame of the first choices.
func (f *Frames) first() int {
	i := 0
	for _, c := range f.Controls {
		i = i*len(c.Choices) + c.First
	}
	return i
}

// name tells the choices of frame i.
func (f *Frames) name(i int) string {
	parts := make([]string, len(f.Controls))
	for k, at := range f.choices(i) {
		parts[k] = f.Controls[k].Name + " = " + f.Controls[k].Choices[at]
	}
	return strings.Join(parts, ", ")
}

// alt is what a figure says to people who cannot see it.
func alt(svg []byte) string {
	if m := ariaLabel.FindSubmatch(svg); m != nil {
		return html.UnescapeString(string(m[1]))
	}
	return "figure"
}

// ownKeys keeps JupyterLab from taking arrow keys for itself.
const ownKeys = `data-lm-suppress-shortcuts="true"`

// html is the control in a page.
func (c Control) html() string {
	var b strings.Builder
	texts, err := json.Marshal(c.Choices)
	if err != nil { // strings always can be written
		texts = []byte("[]")
	}
	fmt.Fprintf(&b, "<div style=\"margin:4px 0\"><label>%s: ", html.EscapeString(c.Name))
	if c.Select {
		fmt.Fprintf(&b, "<select data-control %s>", ownKeys)
		for i, choice := range c.Choices {
			selected := ""
			if i == c.First {
				selected = " selected"
			}
			fmt.Fprintf(&b, "<option value=\"%d\"%s>%s</option>", i, selected, html.EscapeString(choice))
		}
		b.WriteString("</select></label></div>\n")
		return b.String()
	}
	fmt.Fprintf(&b, "<input type=\"range\" data-control %s min=\"0\" max=\"%d\" value=\"%d\" step=\"1\" style=\"width:50%%;vertical-align:middle\" data-texts=\"%s\" aria-valuetext=\"%s\"> <output>%[5]s</output></label></div>\n",
		ownKeys, len(c.Choices)-1, c.First, html.EscapeString(string(texts)), html.EscapeString(c.Choices[c.First]))
	return b.String()
}

// HTML returns the figures with their controls. The same input gives the same
// bytes.
func (f *Frames) HTML() string {
	sum := fnv.New64a()
	for _, svg := range f.figures {
		sum.Write(svg)
	}
	key := fmt.Sprintf("cme-frames-%016x", sum.Sum64())
	var b strings.Builder
	fmt.Fprintf(&b, "<div class=\"%s\" style=\"max-width:640px\">\n", key)
	for _, c := range f.Controls {
		b.WriteString(c.html())
	}
	first := f.first()
	for i, svg := range f.figures {
		hide := ""
		if i != first {
			hide = ";display:none"
		}
		fmt.Fprintf(&b, "<img data-frame alt=\"%s\" style=\"width:100%%%s\" src=\"data:image/svg+xml;base64,%s\">\n",
			html.EscapeString(f.name(i)+". "+alt(svg)), hide, base64.StdEncoding.EncodeToString(svg))
	}
	fmt.Fprintf(&b, "<small data-note>Shown: %s. Trust the notebook or run the cell to move the controls.</small>\n</div>\n", html.EscapeString(f.name(first)))
	fmt.Fprintf(&b, "<script>%s</script>", strings.NewReplacer("KEY", key, "TEXTS", f.texts()).Replace(framesScript))
	return b.String()
}

// texts are the choices as JavaScript. JSON of Go's is safe inside a script: it
// writes < as an escape.
func (f *Frames) texts() string {
	all := make([][]string, len(f.Controls))
	for k, c := range f.Controls {
		all[k] = c.Choices
	}
	text, err := json.Marshal(all)
	if err != nil { // strings always can be written
		return "[]"
	}
	return string(text)
}

// framesScript joins controls and figures. The same figures may stand on a page
// twice, and JupyterLab may run the script again.
const framesScript = `(() => {
  for (const box of document.querySelectorAll('.KEY')) {
    if (box.dataset.ready) continue;
    box.dataset.ready = '1';
    const controls = [...box.querySelectorAll('[data-control]')], frames = [...box.querySelectorAll('[data-frame]')];
    const texts = TEXTS;
    box.querySelector('[data-note]').remove();
    const show = () => {
      let at = 0;
      controls.forEach((c, k) => {
        at = at * texts[k].length + Number(c.value);
        const text = texts[k][Number(c.value)], out = c.parentElement.querySelector('output');
        if (out) { out.textContent = text; c.setAttribute('aria-valuetext', text); }
      });
      frames.forEach((f, i) => { f.style.display = i === at ? '' : 'none'; });
    };
    controls.forEach(c => c.addEventListener('input', show));
    show();
  }
})();`

// ShowFrames displays figures with their controls in the output of the cell. For
// viewers without HTML there is the figure of the first choices.
func ShowFrames(f *Frames, err error) error {
	if err != nil {
		return err
	}
	data := figureData(f.figures[f.first()])
	data[protocol.MIMETextHTML] = f.HTML()
	return send(data)
}

// ShowSlider displays a figure that depends on a number, with a slider over the
// given values. The figures are drawn now, one for each value.
func ShowSlider(name string, values []float64, draw func(v float64) ([]byte, error)) error {
	c := Control{Name: name}
	for _, v := range values {
		c.Choices = append(c.Choices, number(v))
	}
	return ShowFrames(NewFrames([]Control{c}, func(at []int) ([]byte, error) { return draw(values[at[0]]) }))
}

// ShowSelect displays a figure that depends on a choice, with a list to choose
// from. The figures are drawn now, one for each choice.
func ShowSelect(name string, choices []string, draw func(choice string) ([]byte, error)) error {
	c := Control{Name: name, Choices: choices, Select: true}
	return ShowFrames(NewFrames([]Control{c}, func(at []int) ([]byte, error) { return draw(choices[at[0]]) }))
}
