package kernelext

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"html"
	"image/color"
	"regexp"
	"strings"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"github.com/gomlx-cme/cme/kernelext/internal/webfont"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// figure is a legend above a grid of panels.
type figure struct {
	legend legend
	grid   grid
	alt    string    // for people who cannot see it
	width  vg.Length // 0 for the usual one
}

// svg draws the figure.
func (f figure) svg() ([]byte, error) {
	return paint(max(f.width, width), f.legend.height()+f.grid.height(), f.alt, func(c draw.Canvas) {
		f.grid.draw(f.legend.draw(draw.Crop(c, 0, 0, 0, -4)))
	})
}

// paint draws on a white ground.
func paint(width, height vg.Length, alt string, content func(draw.Canvas)) ([]byte, error) {
	canvas := vgsvg.New(width, height)
	c := draw.New(canvas)
	c.SetColor(color.White)
	c.Fill(c.Rectangle.Path())
	content(c)
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	return finish(out.String(), alt)
}

var (
	svgText = regexp.MustCompile(`<text [^>]*>([^<]*)</text>`)
	svgRoot = regexp.MustCompile(`(?s)^.*?<svg ([^>]*)>`)
)

// family is how vgsvg names our font.
const family = "font-family:Liberation Sans"

// finish makes the picture stand by itself: its text for the blind, and the
// characters that it uses of its font. The font's name in the picture is made
// from its content, so that pictures on one page do not get each other's.
func finish(svg, alt string) ([]byte, error) {
	var used strings.Builder
	for _, m := range svgText.FindAllStringSubmatch(svg, -1) {
		used.WriteString(html.UnescapeString(m[1]))
	}
	woff, err := webfont.Subset(liberationsansregular.TTF, used.String())
	if err != nil {
		return nil, fmt.Errorf("kernelext: %w", err)
	}
	sum := fnv.New32a()
	sum.Write(woff)
	name := fmt.Sprintf("cme-%08x", sum.Sum32())
	svg = strings.ReplaceAll(svg, family+";", fmt.Sprintf("font-family:'%s',Liberation Sans,Arial,Helvetica,sans-serif;", name))
	svg = strings.ReplaceAll(svg, "data:image/jpg;", `data:image/png;`)
	svg = strings.ReplaceAll(svg, "<image ", `<image preserveAspectRatio="none" style="image-rendering:pixelated" `)
	escaped := html.EscapeString(alt)
	head := fmt.Sprintf(`<svg role="img" aria-label="%s" ${1}>
<title>%s</title>
<defs><style>@font-face{font-family:'%s';src:url(data:font/woff;base64,%s)}</style></defs>`,
		escaped, escaped, name, base64.StdEncoding.EncodeToString(woff))
	svg = svgRoot.ReplaceAllString(svg, strings.ReplaceAll(head, "$$", "$"))
	return []byte(svg), nil
}
