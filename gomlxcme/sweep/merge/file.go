package merge

import (
	"fmt"
	"os"
	"path/filepath"
)

// pending is a file that is written under another name, and gets its own when it is whole.
type pending struct {
	path, temporary string
	done            bool
}

// begin chooses the other name and removes what a killed process left there. The folder is locked.
func begin(path string) (*pending, error) {
	folder, base := filepath.Split(path)
	p := &pending{path: path, temporary: filepath.Join(folder, "."+base+".tmp")}
	for _, ending := range []string{"", "-journal", "-wal"} {
		if err := os.Remove(p.temporary + ending); err != nil && !os.IsNotExist(err) {
			return nil, fmt.Errorf("merge: %w", err)
		}
	}
	return p, nil
}

// commit puts the file in place so that it is there after a crash.
func (p *pending) commit() error {
	f, err := os.OpenFile(p.temporary, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	err = f.Sync()
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(p.temporary, p.path)
	}
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	p.done = true
	d, err := os.Open(filepath.Dir(p.path))
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	defer d.Close()
	return d.Sync()
}

// remove takes back what was not committed.
func (p *pending) remove() {
	if !p.done {
		_ = os.Remove(p.temporary)
	}
}
