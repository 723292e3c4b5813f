package kernelext

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

var twoControls = []Control{{Name: "k", Choices: []string{"1", "2", "3"}, First: 1}, {Name: "gene", Choices: []string{"x", "y"}, Select: true}}

// What comes while a figure is drawn is taken together; the button ends it.
func TestLiveFiguresFollowTheLastChoice(t *testing.T) {
	numbers := make(chan int, 20)
	var drawn [][]int
	err := liveLoop(context.Background(), twoControls, numbers, func(at []int) error {
		drawn = append(drawn, slices.Clone(at))
		switch len(drawn) {
		case 1:
			for _, n := range []int{-1, 1, 2, 3, 1002} { // the slider over 0, 1, 2, and the list to 1
				numbers <- n
			}
		case 2:
			numbers <- 1 + 7 // no such choice
			numbers <- 1002  // nothing new
			numbers <- 1001  // the list to 0
		case 3:
			numbers <- 2001 // the button
		}
		return nil
	})
	if want := [][]int{{1, 0}, {2, 1}, {2, 0}}; err != nil || !slices.EqualFunc(drawn, want, slices.Equal) {
		t.Errorf("drawn %v, want %v; %v", drawn, want, err)
	}
}

func TestLiveFiguresEndWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	if err := liveLoop(ctx, twoControls, make(chan int), func([]int) error { cancel(); return nil }); err != nil {
		t.Errorf("ended: %v", err)
	}
	if err := liveLoop(ctx, twoControls, make(chan int), func([]int) error { return ctx.Err() }); err != nil {
		t.Errorf("ended while drawing: %v", err)
	}
	broken := errors.New("broken")
	if err := liveLoop(context.Background(), twoControls, make(chan int), func([]int) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a figure that fails: %v", err)
	}
}

// Without a notebook all figures are drawn once, and a button ends nothing.
func TestLiveFiguresWithoutAPage(t *testing.T) {
	n := 0
	err := ShowLive(context.Background(), twoControls, func(context.Context, []int) ([]byte, error) {
		n++
		return []byte("<svg/>"), nil
	})
	if err != nil || n != 6 {
		t.Errorf("%d figures for 3 × 2 choices, %v", n, err)
	}
	many := []Control{{Name: "k", Choices: make([]string, maxFrames+1)}}
	if err := ShowLive(context.Background(), many, func(context.Context, []int) ([]byte, error) { n = -1; return []byte("<svg/>"), nil }); err != nil || n != -1 {
		t.Errorf("too many figures: %v", err)
	}
	ctx, remove := StopButton(context.Background(), "Stop")
	if ctx.Err() != nil {
		t.Error("stopped without a button")
	}
	if remove(); ctx.Err() == nil {
		t.Error("the context outlives its button")
	}
}

func TestPageLinesNameTheirAddress(t *testing.T) {
	page := (&pageLine{address: "/cme/7"}).html(liveControls(twoControls))
	for _, want := range []string{`<div id="cme-live-7">`, `newSyncedVariable('/cme/7', -1)`, `getElementById('cme-live-7')`, `data-texts="[&#34;1&#34;,`, `<button data-control>Done</button>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in the page:\n%s", want, page)
		}
	}
}
