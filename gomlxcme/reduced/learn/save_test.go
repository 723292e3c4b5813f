package learn

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
	"github.com/gomlx-cme/cme/gomlxcme/reduced/calcium"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// tiny is a problem of three series that is learned from in no time.
func tiny(t testing.TB) *Problem {
	t.Helper()
	p, err := Prepare(calcium.ReductionIP3(), Inputs{Polynomials: reduced.ParameterPolynomials(2)}, learned(t)[:3])
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSavedNetworkIsTheSame(t *testing.T) {
	p := tiny(t)
	m, err := Train(t.Context(), open(t), p, Settings{Hidden: []int{6, 4}, Activation: PReLU, Single: true, Epochs: 2, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	got, err := Load(open(t), bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Theta, m.Theta) || !slices.Equal(got.Losses, m.Losses) || got.Seed != 3 || got.Epoch != 2 {
		t.Errorf("read as seed %d, epoch %d, losses %v", got.Seed, got.Epoch, got.Losses)
	}
	hat := learned(t)[1].Filtered[70]
	for step := 1.0; step < 400; step += 37.5 {
		want, have := make([]float64, 4), make([]float64, 4)
		if err := errors.Join(m.Field(want[:2], want[2:], hat, step), got.Field(have[:2], have[2:], hat, step)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(want, have) {
			t.Errorf("at step %v the field is %v, not %v", step, have, want)
		}
	}
	var again bytes.Buffer
	if err := got.Save(&again); err != nil || !bytes.Equal(again.Bytes(), file.Bytes()) {
		t.Errorf("saved again it has other bytes; error %v", err)
	}
	for what, text := range map[string][]byte{
		"cut":     file.Bytes()[:file.Len()-1],
		"longer":  append(slices.Clone(file.Bytes()), 0),
		"another": []byte("{}\n"),
		"empty":   nil,
		"not finite": append(slices.Clone(file.Bytes()[:file.Len()-8]),
			0, 0, 0, 0, 0, 0, 0xf8, 0x7f),
		"other shape": bytes.Replace(file.Bytes(), []byte(`"Hidden":[6,4]`), []byte(`"Hidden":[6,5]`), 1),
	} {
		if _, err := Load(open(t), bytes.NewReader(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: error %v", what, err)
		}
	}
}

// Whatever is read as a network is refused as none, or has a field that can be followed and is written as it was read.
func FuzzLoad(f *testing.F) {
	p, err := Prepare(reduced.Reduction{
		Scale: reduced.Standardisation{Mean: []float64{1, 2}, SD: []float64{3, 4}}, MovingW: []int{0}, MovingB: []int{0},
	}, Inputs{Polynomials: reduced.ParameterPolynomials(2), Harmonics: 1}, []*reduced.Series{line()})
	if err != nil {
		f.Fatal(err)
	}
	b := open(f)
	m, err := Train(f.Context(), b, p, Settings{Hidden: []int{2}, Epochs: 1, Seed: 1})
	if err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := m.Save(&file); err != nil {
		f.Fatal(err)
	}
	f.Add(file.Bytes())
	f.Add(bytes.Replace(file.Bytes(), []byte(`"Hidden":[2]`), []byte(`"Hidden":[16000,16000,16000]`), 1))
	f.Add(bytes.Replace(file.Bytes(), []byte(`"Powers":[1`), []byte(`"Powers":[1000000000`), 1))
	f.Add(bytes.Replace(file.Bytes(), []byte(`"Visible":2`), []byte(`"Visible":4611686018427387904`), 1))
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Load(b, bytes.NewReader(data))
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Errorf("error %v", err)
			}
			return
		}
		var again bytes.Buffer
		if err := got.Save(&again); err != nil {
			t.Fatal(err)
		}
		second, err := Load(b, &again)
		if err != nil || !slices.Equal(second.Theta, got.Theta) {
			t.Errorf("written and read again: error %v", err)
		}
	})
}

// line is a series of three steps of two visible variables.
func line() *reduced.Series {
	s := &reduced.Series{DW: [][]float64{{0.1, 0.2}, {0, 0}}, DB: [][]float64{{0.3, 0.1}, {0, 0}}}
	for t := range 3 {
		s.Times = append(s.Times, float64(t))
		s.Filtered = append(s.Filtered, reduced.Parameters{
			W: [][]float64{{0.1 * float64(t), 0.5}}, B: []float64{0.2 * float64(t*t), 1}, Noise: 0.1, Latent: reduced.StandardFrame(1),
		})
	}
	return s
}

// drawer is a Keeper in memory that stops the training at an epoch.
type drawer struct {
	states map[uint64][]byte
	at     int
	stop   context.CancelFunc
}

func (d *drawer) Load(seed uint64) (*State, error) {
	data, found := d.states[seed]
	if !found {
		return nil, nil
	}
	s := &State{}
	return s, s.UnmarshalBinary(data)
}

func (d *drawer) Save(s *State) error {
	data, err := s.MarshalBinary()
	d.states[s.Seed] = data
	if len(s.Losses) == d.at {
		d.stop()
	}
	return err
}

// A training that is stopped and goes on gives the same network as one that is not, also where a validation chose an earlier epoch.
func TestTrainingGoesOnToTheSameBytes(t *testing.T) {
	p := tiny(t)
	s := Settings{Hidden: []int{5}, Epochs: 6, Rate: 0.03, Seed: 2, Validation: learned(t)[3:5]}
	whole, err := Train(t.Context(), open(t), p, s)
	if err != nil {
		t.Fatal(err)
	}
	d := &drawer{states: map[uint64][]byte{}}
	for _, d.at = range []int{2, 4, 0} {
		ctx, stop := context.WithCancel(t.Context())
		d.stop, s.Keeper = stop, d
		m, err := Train(ctx, open(t), p, s)
		stop()
		if d.at > 0 {
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("stopped at epoch %d: error %v", d.at, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.Theta, whole.Theta) || !slices.Equal(m.Checked, whole.Checked) || m.Epoch != whole.Epoch {
			t.Errorf("epoch %d of %v, not %d of %v", m.Epoch, m.Checked, whole.Epoch, whole.Checked)
		}
	}
	s.Epochs, s.Hidden = 6, []int{4}
	if _, err := Train(t.Context(), open(t), p, s); !errors.Is(err, ErrState) {
		t.Errorf("the state of another network: error %v", err)
	}
}

// steps counts what a hook is told.
type steps struct {
	run.Silence
	fractions []float64
}

func (s *steps) Step(step run.Step) { s.fractions = append(s.fractions, step.Fraction) }

func TestHookSeesEveryEpoch(t *testing.T) {
	var seen steps
	if _, err := TrainSeeds(t.Context(), open(t), tiny(t), Settings{Hidden: []int{3}, Epochs: 2, Hook: &seen}, 2, 2); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen.fractions, []float64{0.25, 0.5, 0.75, 1}) {
		t.Errorf("fractions %v", seen.fractions)
	}
}
