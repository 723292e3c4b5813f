package backend_test

import (
	"testing"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
)

// A pool opens each backend once; without one each call opens.
func TestAPoolOpensOnce(t *testing.T) {
	var p backend.Pool
	a, err := p.OpenFor("go", 10)
	must(t, err)
	b, err := p.OpenFor("go", 20)
	must(t, err)
	if a != b {
		t.Error("the same backend was opened twice")
	}
	if _, err := p.OpenFor("nonsense", 10); err == nil {
		t.Error("an unknown name was opened")
	}
	var none *backend.Pool
	c, err := none.OpenFor("go", 10)
	must(t, err)
	if c == a {
		t.Error("nothing should be kept without a pool")
	}
}
