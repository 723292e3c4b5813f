package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// ErrLocked says that another process writes to the directory.
var ErrLocked = errors.New("run: the directory is in use")

// lockName is the file that a writer holds locked while it works.
const lockName = ".lock"

// Lock is held by one writer. The kernel releases it when the process ends, however it ends.
type Lock struct {
	file *os.File
	path string
}

// Acquire locks a directory, which must be there, or answers with ErrLocked and the name of the holder. It does not wait.
func Acquire(dir string) (*Lock, error) {
	path := filepath.Join(dir, lockName)
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			defer f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, fmt.Errorf("%w: %s is written by %s; wait for it, stop it, or choose another directory", ErrLocked, dir, holderOf(f))
			}
			return nil, fmt.Errorf("run: cannot lock %s: %w; choose a directory on a file system with file locks", path, err)
		}
		// The holder before us removes the file when it ends. If that happened after our OpenFile, our lock is on a file
		// without a name and protects nothing: try again.
		ours, err1 := f.Stat()
		there, err2 := os.Stat(path)
		if err1 != nil || err2 != nil || !os.SameFile(ours, there) {
			f.Close()
			if err2 != nil && !errors.Is(err2, os.ErrNotExist) {
				return nil, err2
			}
			continue
		}
		l := &Lock{file: f, path: path}
		if err := l.sign(); err != nil {
			l.Release()
			return nil, err
		}
		return l, nil
	}
}

// sign writes into the lock file who holds it.
func (l *Lock) sign() error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	text, err := json.Marshal(Holder{PID: os.Getpid(), Host: host, Since: time.Now().UTC().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(append(text, '\n'), 0)
	return err
}

// Release removes the lock file, then the lock; in this order nobody can hold a lock on a removed file unnoticed.
func (l *Lock) Release() {
	_ = os.Remove(l.path)
	_ = l.file.Close()
}

// holderOf reads who holds a lock, for messages.
func holderOf(f *os.File) string {
	var h Holder
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	if err != nil || json.Unmarshal(text, &h) != nil || h.PID == 0 {
		return "another process"
	}
	return fmt.Sprintf("process %d on %s (since %s)", h.PID, h.Host, h.Since.Format(time.RFC3339))
}
