package kernelext

import (
	"context"
	"errors"
	"fmt"
	"html"
	"strings"
	"sync"
	"time"

	"github.com/janpfeifer/gonb/gonbui"
	"github.com/janpfeifer/gonb/gonbui/comms"
)

// answerTimeout is how long a live figure waits for a page that answers.
const answerTimeout = 10 * time.Second

// errPressed is the cause of a context that a button has ended.
var errPressed = fmt.Errorf("stopped by its button: %w", context.Canceled)

// StopButton shows a button and returns a context that ends when it is pressed,
// as it does when the cell is interrupted. The function removes the button; call
// it when there is nothing to stop any more. The button also goes when the context
// ends. Where nobody can press it, in a run without a page, nothing waits for it.
//
//	ctx, remove := kernelext.StopButton(kernelext.Interruptible(), "Stop")
//	defer remove()
func StopButton(ctx context.Context, label string) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	if !gonbui.IsNotebook {
		return ctx, func() { cancel(nil) }
	}
	line := newPageLine(func(value int) {
		if value > 0 {
			cancel(errPressed)
		}
	})
	box := gonbui.UniqueId()
	gonbui.UpdateHTML(box, line.html(fmt.Sprintf(`<button data-control>%s</button>`, html.EscapeString(label))))
	// Once: a cell that is stopped often ends without a word, by log.Fatal.
	forget := sync.OnceFunc(func() {
		line.close()
		gonbui.UpdateHTML(box, "")
	})
	context.AfterFunc(ctx, forget)
	return ctx, func() {
		forget()
		gonbui.Sync()
		cancel(nil)
	}
}

// pageLine carries whole numbers from controls in the page to the program.
type pageLine struct {
	address      string
	subscription comms.SubscriptionId
}

// newPageLine calls told for every number that the page sends. The first one is
// negative: it says that there is a page.
func newPageLine(told func(value int)) *pageLine {
	l := &pageLine{address: "/cme/" + gonbui.UniqueId()}
	comms.Start()
	l.subscription = comms.Subscribe(l.address, func(_ string, value int) { told(value) })
	return l
}

func (l *pageLine) close() { comms.Unsubscribe(l.subscription) }

// html is controls with the script that joins them to the program. Control k of
// value v sends 1 + v + 1000 k.
func (l *pageLine) html(controls string) string {
	id := "cme-live-" + strings.TrimPrefix(l.address, "/cme/")
	return fmt.Sprintf("<div id=%q>%s</div>\n<script>%s</script>", id, controls,
		strings.NewReplacer("ID", id, "ADDRESS", l.address).Replace(liveScript))
}

// liveScript waits for GoNB's connection, which takes a moment, and for the
// element, which JupyterLab may add after the script.
const liveScript = `(() => {
  let tries = 0;
  const join = () => {
    const box = document.getElementById('ID');
    if (!globalThis.gonb_comm || !box) { if (++tries < 100) setTimeout(join, 100); return; }
    const line = globalThis.gonb_comm.newSyncedVariable('ADDRESS', -1);
    [...box.querySelectorAll('[data-control]')].forEach((c, k) => {
      const send = () => {
        line.set(1 + Number(c.value || 0) + 1000 * k);
        if (c.tagName === 'BUTTON') c.disabled = true;
        const out = c.parentElement.querySelector('output');
        if (out) out.textContent = JSON.parse(c.dataset.texts)[Number(c.value)];
      };
      c.addEventListener(c.tagName === 'BUTTON' ? 'click' : 'input', send);
    });
  };
  join();
})();`

// ShowLive displays a figure with controls that draws itself anew whenever a
// choice is made: draw is told the indices of the choices. It goes on until the
// button Done is pressed or the context ends, and then leaves the last figure.
// Where no page answers within a few seconds, as in a run without one, it shows
// the precomputed figures of ShowFrames instead, if there are not too many, and
// otherwise the figure of the first choices.
func ShowLive(ctx context.Context, controls []Control, draw func(ctx context.Context, at []int) ([]byte, error)) error {
	static := func() error {
		f, err := NewFrames(controls, func(at []int) ([]byte, error) { return draw(ctx, at) })
		if !errors.Is(err, ErrShape) {
			return ShowFrames(f, err)
		}
		return Show(draw(ctx, firstOf(controls)))
	}
	if !gonbui.IsNotebook {
		return static()
	}
	numbers := make(chan int, 1000)
	line := newPageLine(func(value int) {
		select {
		case numbers <- value:
		default: // more than anybody moves a slider while a figure is drawn
		}
	})
	defer line.close()
	box, figure := gonbui.UniqueId(), gonbui.UniqueId()
	gonbui.UpdateHTML(box, line.html(liveControls(controls)))
	select {
	case <-numbers:
	case <-time.After(answerTimeout):
		gonbui.UpdateHTML(box, "")
		return static()
	case <-ctx.Done():
	}
	err := liveLoop(ctx, controls, numbers, func(at []int) error {
		svg, err := draw(ctx, at)
		if err == nil {
			sendFigure(figure, svg)
		}
		return err
	})
	gonbui.UpdateHTML(box, "")
	gonbui.Sync()
	return err
}

// firstOf are the indices of the choices to begin with.
func firstOf(controls []Control) []int {
	at := make([]int, len(controls))
	for k, c := range controls {
		at[k] = c.First
	}
	return at
}

// liveControls are the controls of a live figure, and the button that ends it.
func liveControls(controls []Control) string {
	var b strings.Builder
	for _, c := range controls {
		b.WriteString(c.html())
	}
	fmt.Fprintf(&b, `<div><button data-control>Done</button></div>`)
	return b.String()
}

// liveLoop draws the first choices, and then again after every number from the
// page; of those that come while a figure is drawn only the last of each control
// counts. The control behind the last is the button that ends it.
func liveLoop(ctx context.Context, controls []Control, numbers <-chan int, draw func(at []int) error) error {
	at := firstOf(controls)
	for {
		if err := draw(at); err != nil {
			if ctx.Err() != nil {
				return nil // stopped while drawing: the figure before it stays
			}
			return err
		}
		for changed := false; !changed; {
			select {
			case <-ctx.Done():
				return nil
			case n := <-numbers:
				for more := true; more; {
					control, choice := (n-1)/1000, (n-1)%1000
					switch {
					case n <= 0:
					case control >= len(controls):
						return nil
					case choice < len(controls[control].Choices):
						changed = changed || at[control] != choice
						at[control] = choice
					}
					select {
					case n = <-numbers:
					default:
						more = false
					}
				}
			}
		}
	}
}
