package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrNoCheckpoint says that there is nothing to resume from; the computation starts from the beginning.
var ErrNoCheckpoint = errors.New("run: no checkpoint")

// ErrCorrupt says that a stored file is not what was written.
var ErrCorrupt = errors.New("run: damaged file")

// checkpointFolder is the folder of the result directory that holds what --resume needs.
const checkpointFolder = "checkpoint"

// checkpointMagic starts the first line of a checkpoint file; the fingerprint of the run and the SHA-256 of the payload follow.
const checkpointMagic = "cme-checkpoint-1"

// SaveCheckpoint stores data under name in the checkpoint folder, in one step. The first line of the file carries the
// fingerprint of the run and a check sum, so that a damaged file or one of another run is refused when it is read.
func (d *Dir) SaveCheckpoint(name string, data []byte) error {
	path, err := d.checkpointPath(name)
	if err != nil {
		return err
	}
	if _, err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	err = WriteFile(path, func(w io.Writer) error {
		sum := sha256.Sum256(data)
		if _, err := fmt.Fprintf(w, "%s %s %s\n", checkpointMagic, d.record.Fingerprint, hex.EncodeToString(sum[:])); err != nil {
			return err
		}
		_, err := w.Write(data)
		return err
	})
	if err != nil {
		return err
	}
	return d.stamp() // so that a killed run keeps the seconds that led to its checkpoint
}

// LoadCheckpoint returns what SaveCheckpoint stored under name; ErrNoCheckpoint if there is nothing, ErrCorrupt if the
// file is damaged or belongs to a run with other settings.
func (d *Dir) LoadCheckpoint(name string) ([]byte, error) {
	path, err := d.checkpointPath(name)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w named %s in %s", ErrNoCheckpoint, name, d.path)
	}
	if err != nil {
		return nil, err
	}
	data, err := openCheckpoint(content, d.record.Fingerprint)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v; remove the file to start from the beginning", ErrCorrupt, path, err)
	}
	return data, nil
}

func (d *Dir) checkpointPath(name string) (string, error) {
	if name == "" || strings.HasPrefix(name, ".") || strings.ContainsAny(name, `/\`) {
		return "", fmt.Errorf("run: %q cannot be the name of a checkpoint; use a plain file name that does not start with a dot", name)
	}
	return filepath.Join(d.path, checkpointFolder, name), nil
}

// openCheckpoint checks the first line of a checkpoint file and returns the payload.
func openCheckpoint(content []byte, fingerprint string) ([]byte, error) {
	head, data, found := bytes.Cut(content, []byte("\n"))
	fields := strings.Split(string(head), " ")
	if !found || len(fields) != 3 || fields[0] != checkpointMagic {
		return nil, errors.New("it does not begin like a checkpoint of this version")
	}
	if fields[1] != fingerprint {
		return nil, errors.New("it was written by a run with other settings")
	}
	if sum := sha256.Sum256(data); fields[2] != hex.EncodeToString(sum[:]) {
		return nil, errors.New("its check sum is wrong")
	}
	return data, nil
}
