package kernelext

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"html"
	"strings"

	"github.com/gomlx-cme/cme/kernelext/internal/plotly"
	"github.com/gomlx-cme/cme/kernelext/kernelspec"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// Interactive is a figure in two forms: the SVG that the Draw function of the same
// name gives, and the same numbers for plotly.js, which lets people zoom in, read
// values and hide what they do not want to see. The SVG is what everybody sees;
// plotly.js takes its place where it is installed beside JupyterLab, as
// "make setup" does. Nothing is ever fetched from elsewhere.
type Interactive struct {
	svg    []byte
	figure plotly.Figure
}

// SVG returns the static figure.
func (f Interactive) SVG() []byte { return f.svg }

// JSON returns the figure as plotly.js takes it: data and layout.
func (f Interactive) JSON() ([]byte, error) {
	text, err := json.Marshal(f.figure)
	if err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	return text, nil
}

// HTML returns both forms for a page: the static figure, and a script that puts
// the other in its place if it can. The same input gives the same bytes.
func (f Interactive) HTML() (string, error) {
	figure, err := f.JSON()
	if err != nil {
		return "", err
	}
	sum := fnv.New64a()
	sum.Write(f.svg)
	sum.Write(figure)
	key := fmt.Sprintf("cme-interactive-%016x", sum.Sum64())
	var b strings.Builder
	fmt.Fprintf(&b, "<div class=\"%s\" style=\"max-width:760px\">\n", key)
	fmt.Fprintf(&b, "<img data-static alt=\"%s\" style=\"width:100%%;max-width:640px\" src=\"data:image/svg+xml;base64,%s\">\n",
		html.EscapeString(alt(f.svg)), base64.StdEncoding.EncodeToString(f.svg))
	b.WriteString("<div data-plot></div>\n<small data-note>A picture: trust the notebook or run the cell to zoom in.</small>\n</div>\n")
	// JSON of Go's is safe inside a script: it writes < as an escape.
	fmt.Fprintf(&b, "<script>%s</script>", strings.NewReplacer("KEY", key, "LIBRARY", kernelspec.PlotlyPath, "FIGURE", string(figure)).Replace(interactiveScript))
	return b.String(), nil
}

// interactiveScript shows no button that sends the numbers to Plotly's servers,
// which plotly.js has by itself. It asks the page's own JupyterLab for plotly.js, once a page, and
// waits for the element, which JupyterLab may add after the script. The same
// figure may stand on a page twice.
const interactiveScript = `(() => {
  const library = () => globalThis.cmePlotly ??= new Promise((found, missing) => {
    const config = document.getElementById('jupyter-config-data');
    const place = config && JSON.parse(config.textContent).fullLabextensionsUrl;
    if (!place) return missing('this page is not JupyterLab');
    const script = document.createElement('script');
    script.src = place + '/LIBRARY';
    script.onload = () => globalThis.Plotly ? found(globalThis.Plotly) : missing('plotly.js does not start');
    script.onerror = () => { globalThis.cmePlotly = undefined; missing('plotly.js is not installed here (make setup)'); };
    document.head.append(script);
  });
  const figure = FIGURE;
  let tries = 0;
  const draw = () => {
    const boxes = document.querySelectorAll('.KEY:not([data-ready])');
    if (!boxes.length && ++tries < 100) return setTimeout(draw, 100);
    for (const box of boxes) {
      box.dataset.ready = '1';
      const note = box.querySelector('[data-note]');
      library().then(plotly => plotly.newPlot(box.querySelector('[data-plot]'), structuredClone(figure.data), structuredClone(figure.layout), {responsive: true, displaylogo: false, showSendToCloud: false, plotlyServerURL: ''}))
        .then(() => { box.querySelector('[data-static]').style.display = 'none'; note.remove(); })
        .catch(why => { note.textContent = 'A picture: ' + why + '.'; });
    }
  };
  draw();
})();`

// ShowInteractive displays an interactive figure in the output of the cell. Where
// scripts or plotly.js are missing, and in the saved notebook, the static figure
// stands there and says why.
//
//	err := kernelext.ShowInteractive(kernelext.InteractiveChart(style, charts...))
func ShowInteractive(f Interactive, err error) error {
	if err != nil {
		return err
	}
	page, err := f.HTML()
	if err != nil {
		return err
	}
	data := figureData(f.svg)
	data[protocol.MIMETextHTML] = page
	return send(data)
}
