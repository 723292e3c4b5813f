package sweep

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// patience is how long a child may take to keep its checkpoint.
const patience = 2 * time.Minute

// child is a process that computes points.
type child struct {
	command *exec.Cmd
	orders  io.WriteCloser
	answers *bufio.Reader
	errors  *tail
}

// hire starts a child. It is in a process group of its own, so that Ctrl-C reaches this process only, which lets the child
// end in good order.
func hire(command *exec.Cmd) (*child, error) {
	c := &child{command: command, errors: &tail{}}
	command.Stderr = c.errors
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Setpgid = true
	var err error
	if c.orders, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.answers = bufio.NewReader(out)
	return c, command.Start()
}

// compute has the child compute a point. After the end of the context the child is told to stop; it still answers.
func (c *child) compute(ctx context.Context, p *Point) (*News, error) {
	order, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	if _, err := c.orders.Write(append(order, '\n')); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = c.orders.Close() })
	defer stop()
	line, err := c.answers.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	n := &News{}
	if err := json.Unmarshal(line, n); err != nil || n.Index != p.Index {
		return nil, fmt.Errorf("sweep: the child said %q", line)
	}
	return n, nil
}

// dismiss ends the child and says how it ended.
func (c *child) dismiss() string {
	_ = c.orders.Close()
	late := time.AfterFunc(patience, func() { _ = c.command.Process.Kill() })
	defer late.Stop()
	_, _ = io.Copy(io.Discard, c.answers)
	why := "it ended"
	if err := c.command.Wait(); err != nil {
		why = err.Error()
	}
	if text := c.errors.String(); text != "" {
		why += "; " + text
	}
	return why
}

// tail keeps the first line of what a child writes to its standard error, which says why it died.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// maxTail bounds it.
const maxTail = 500

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := maxTail - len(t.text); room > 0 {
		t.text = append(t.text, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	line, _, _ := strings.Cut(strings.TrimSpace(string(t.text)), "\n")
	return line
}
