package backend

import (
	"errors"
	"fmt"
	"testing"
)

func TestKept(t *testing.T) {
	b, err := Open("go")
	if err != nil {
		t.Fatal(err)
	}
	built := 0
	get := func(key string) int {
		v, err := Kept(b, key, func() (int, error) { built++; return built, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if get("a") != 1 || get("b") != 2 || get("a") != 1 {
		t.Errorf("what was built is not kept, %d times built", built)
	}
	failure := errors.New("failure")
	if _, err := Kept(b, "c", func() (int, error) { return 0, failure }); err != failure {
		t.Errorf("got %v", err)
	}
	if get("c") != 3 {
		t.Error("a failure is kept")
	}
	// What is built may need other things that are kept.
	nested, err := Kept(b, "outer", func() (int, error) { return get("a"), nil })
	if err != nil || nested != 1 {
		t.Errorf("got %v, %v", nested, err)
	}
	// Many others push out b, which has not been asked for longest, before a.
	get("a")
	for i := range maxKept - 2 {
		get(fmt.Sprint(i))
	}
	before := built
	if get("a"); built != before {
		t.Error("a is gone")
	}
	if get("b"); built == before {
		t.Error("nothing is ever let go")
	}
}
