package run

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Holder is a process that writes to a result directory.
type Holder struct {
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
}

// HolderOf says who writes to a result directory now; running is false if nobody does. A process that was killed holds
// nothing, even if its lock file is still there.
func HolderOf(dir string) (h Holder, running bool, err error) {
	f, err := os.Open(filepath.Join(dir, lockName))
	if errors.Is(err, fs.ErrNotExist) {
		return Holder{}, false, nil
	}
	if err != nil {
		return Holder{}, false, err
	}
	defer f.Close() // which releases a lock that was free
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if err == nil {
		return Holder{}, false, nil
	}
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return Holder{}, false, err
	}
	if err := json.NewDecoder(f).Decode(&h); err != nil {
		return Holder{}, true, nil // it is signing just now
	}
	return h, true, nil
}
