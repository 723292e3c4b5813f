package kernelext

import (
	"regexp"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/protocol"
)

// ShowMoments displays DrawMoments in the output of the cell.
func ShowMoments(s Style, answers ...Answer) error {
	svg, err := DrawMoments(s, answers...)
	return show(svg, err)
}

// ShowMarginals displays DrawMarginals in the output of the cell.
func ShowMarginals(s Style, t float64, answers ...Answer) error {
	svg, err := DrawMarginals(s, t, answers...)
	return show(svg, err)
}

// ShowJoint displays DrawJoint in the output of the cell.
func ShowJoint(s Style, t float64, a, b string, answers ...Answer) error {
	svg, err := DrawJoint(s, t, a, b, answers...)
	return show(svg, err)
}

// ShowComparison displays DrawComparison in the output of the cell.
func ShowComparison(s Style, times []float64, first, second Answer) error {
	svg, err := DrawComparison(s, times, first, second)
	return show(svg, err)
}

// ShowTable displays a table in the output of the cell: as HTML, and as plain
// text for viewers without.
func ShowTable(t Table) error {
	return send(map[protocol.MIMEType]any{
		protocol.MIMETextHTML:  t.HTML(),
		protocol.MIMETextPlain: t.String(),
	})
}

// ShowDistances displays the table of Distances in the output of the cell.
func ShowDistances(s Style, times []float64, answers ...Answer) error {
	t, err := Distances(s, times, answers...)
	if err != nil {
		return err
	}
	return ShowTable(t)
}

// ShowDiagnostics displays the table of Diagnostics in the output of the cell.
func ShowDiagnostics(s Style, a Answer, names ...string) error {
	t, err := Diagnostics(s, a, names...)
	if err != nil {
		return err
	}
	return ShowTable(t)
}

// Show displays what a Draw function returns in the output of the cell:
//
//	err := kernelext.Show(kernelext.DrawBands(style, answers...))
func Show(svg []byte, err error) error { return show(svg, err) }

var ariaLabel = regexp.MustCompile(`aria-label="([^"]*)"`)

func show(svg []byte, err error) error {
	if err != nil {
		return err
	}
	return send(figureData(svg))
}

// figureData is a figure, and its text for viewers without pictures.
func figureData(svg []byte) map[protocol.MIMEType]any {
	data := map[protocol.MIMEType]any{protocol.MIMEImageSVG: string(svg)}
	data[protocol.MIMETextPlain] = alt(svg)
	return data
}

// send passes data to the notebook and waits until it has arrived, so that a
// cell that ends at once loses nothing. Without a notebook it does nothing.
func send(data map[protocol.MIMEType]any) error {
	if !gonbui.IsNotebook {
		return nil
	}
	gonbui.SendData(&protocol.DisplayData{Data: data})
	gonbui.Sync()
	return gonbui.Error()
}
