package learn

import (
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced/internal/published"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/study"
)

// The large networks have as many weights and biases as those of the source, beside 24 of the latent law and one slope for each parametric unit.
func TestLargeNetworksHaveThePublishedSizes(t *testing.T) {
	ip3, err := study.PublishedIP3(published.Files(t))
	if err != nil {
		t.Fatal(err)
	}
	receptors, err := study.PublishedReceptors(published.Files(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		study                 *study.Study
		settings              Settings
		parameters, reactions int
	}{
		{ip3, Deep(), 1_758_502 + 24 + 4000, 1_785_002 + 24 + 4000},
		{receptors, Receptors(), 92_402 + 24, 106_802 + 24},
	} {
		e := c.study.Experiment
		reactions, err := e.Reactions()
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range []struct {
			inputs Inputs
			want   int
		}{{Inputs{Polynomials: e.Parameters(), Guard: e.Guard()}, c.parameters}, {Inputs{Polynomials: reactions, Guard: e.Guard()}, c.reactions}} {
			p, err := Prepare(c.study.Reduction, in.inputs, study.Series(c.study.Cases[:2]))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.shape(c.settings).size(); got != in.want {
				t.Errorf("%s, %d inputs: %d parameters, want %d", e, len(in.inputs.Polynomials), got, in.want)
			}
		}
	}
}
