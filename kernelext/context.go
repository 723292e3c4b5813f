package kernelext

import (
	"context"
	"os/signal"
	"syscall"
)

// Interruptible returns a context that ends when the cell is interrupted (the
// square button, or I twice). Solvers then stop and return what they have; the
// kernel waits five seconds for that.
func Interruptible() context.Context {
	// The cell is a process of its own: the signals are released when it ends.
	ctx, _ := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	return ctx
}
