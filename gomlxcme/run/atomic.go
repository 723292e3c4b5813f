package run

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// temporaryEnding marks files that are being written. Begin removes those that a killed process left behind.
const temporaryEnding = ".tmp"

// temporaryCount keeps temporary names of one process apart.
var temporaryCount atomic.Uint64

// WriteFile replaces the file at path by what write writes, in one step: a reader sees the old content or the new one and
// nothing between, also when the machine stops. If write or the disk fails, the old content stays.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	folder, base := filepath.Split(path)
	temporary := filepath.Join(folder, fmt.Sprintf(".%s.%d-%d%s", base, os.Getpid(), temporaryCount.Add(1), temporaryEnding))
	// Not os.CreateTemp: its files can be read by their owner only, and results are often shared.
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(temporary)
		}
	}()
	buffered := bufio.NewWriterSize(f, 1<<16)
	if err = write(buffered); err != nil {
		return err
	}
	if err = buffered.Flush(); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(temporary, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes new and changed names in a folder survive a crash.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// makeFolder creates path and its missing parents, and syncs every folder in which a name was added. It returns the folders
// that it made, also beside an error; the innermost is the last one.
func makeFolder(path string) (made []string, err error) {
	path = filepath.Clean(path)
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return nil, nil
	case err == nil:
		return nil, &fs.PathError{Op: "mkdir", Path: path, Err: errors.New("a file with this name is in the way")}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	parent := filepath.Dir(path)
	if made, err = makeFolder(parent); err != nil {
		return made, err
	}
	switch err := os.Mkdir(path, 0o777); {
	case err == nil:
		made = append(made, path)
	case !errors.Is(err, fs.ErrExist):
		return made, err
	}
	return made, syncFolder(parent)
}

// removeFolders removes folders that makeFolder made, the innermost first, and leaves those in which something lies by now.
func removeFolders(made []string) {
	for _, path := range slices.Backward(made) {
		if os.Remove(path) != nil {
			return
		}
	}
}

// removeTemporary removes what a killed writer left in a folder. The caller holds the lock.
func removeTemporary(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") && strings.HasSuffix(e.Name(), temporaryEnding) && e.Type().IsRegular() {
			if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
