package dist_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/dist"
)

func TestDiagnosticsKeepTheirOrderInJSON(t *testing.T) {
	var d dist.Diagnostics
	d.Set("z", 1)
	d.Set("a", math.NaN())
	d.Set("m", math.Inf(-1))
	d.Set("z", 1e-300)
	text, err := json.Marshal(map[string]any{"d": d})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"d":{"z":1e-300,"a":"NaN","m":"-Inf"}}`; string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
	var back struct{ D dist.Diagnostics }
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	z, _ := back.D.Get("z")
	a, _ := back.D.Get("a")
	if len(back.D) != 3 || back.D[2].Name != "m" || z != 1e-300 || !math.IsNaN(a) {
		t.Errorf("read back: %v", back.D)
	}
	if _, ok := back.D.Get("b"); ok {
		t.Error("a diagnostic that is not there")
	}
}

func TestDiagnosticsRefuseOtherJSON(t *testing.T) {
	for _, text := range []string{`[1]`, `3`, `{"a":true}`, `{"a":"x"}`, `{"a":{}}`, `{"a":1`} {
		var d dist.Diagnostics
		if err := json.Unmarshal([]byte(text), &d); err == nil {
			t.Errorf("%s is read as %v", text, d)
		}
	}
	d := dist.Diagnostics{{Name: "a", Value: 1}}
	if err := json.Unmarshal([]byte("null"), &d); err != nil || len(d) != 1 {
		t.Errorf("null: %v, %v", d, err)
	}
	if text, err := json.Marshal(dist.Diagnostics(nil)); err != nil || string(text) != "{}" {
		t.Errorf("empty: %s, %v", text, err)
	}
}

func FuzzDiagnostics(f *testing.F) {
	f.Add([]byte(`{"kl":0.5,"ess":"NaN"}`))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var d, again dist.Diagnostics
		if json.Unmarshal(data, &d) != nil {
			return
		}
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &again); err != nil || len(again) != len(d) {
			t.Fatalf("%s: %v, %v", text, again, err)
		}
	})
}
