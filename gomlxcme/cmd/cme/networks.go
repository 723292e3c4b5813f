package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
	"github.com/gomlx-cme/cme/gomlxcme/van"
)

const (
	// networkFolder of a result directory holds the networks of its output times, as evolve.Network saves them, each in a
	// file named by its time.
	networkFolder = "networks"
	// networkEnding is how their names end.
	networkEnding = ".net"
)

// storeNetwork puts the network of an output time into a result directory.
func storeNetwork(dir string, n *evolve.Network) error {
	folder := filepath.Join(dir, networkFolder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	return run.WriteFile(filepath.Join(folder, strconv.FormatFloat(n.Time, 'g', -1, 64)+networkEnding), n.Save)
}

// networkTimes lists the times of the networks that a result directory holds, rising. Errors are usage errors.
func networkTimes(dir string) ([]float64, error) {
	if _, err := run.ReadRecord(dir); err != nil {
		return nil, refused(err, directoryErrors...)
	}
	entries, err := os.ReadDir(filepath.Join(dir, networkFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("cannot read the networks of %s: %w", dir, err)
	}
	var times []float64
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), networkEnding); ok {
			if t, err := strconv.ParseFloat(name, 64); err == nil && t > 0 {
				times = append(times, t)
			}
		}
	}
	if len(times) == 0 {
		return nil, usagef("%s holds no networks; name a result directory of cme solve that has reached an output time above 0", dir)
	}
	slices.Sort(times)
	return times, nil
}

// networkAt finds the file of the network at a time, or at the last one if at is nil.
func networkAt(dir string, at *float64) (string, error) {
	times, err := networkTimes(dir)
	if err != nil {
		return "", err
	}
	k := len(times) - 1
	if at != nil {
		if k = slices.IndexFunc(times, func(t float64) bool { return run.SameTime(t, *at) }); k < 0 {
			return "", usagef("%s holds no network of t = %v; it has those of %v", dir, *at, shortTimes(times))
		}
	}
	return filepath.Join(dir, networkFolder, strconv.FormatFloat(times[k], 'g', -1, 64)+networkEnding), nil
}

// readNetwork loads a network file, and returns its bytes as well. Damage is a usage error.
func readNetwork(path string, b *backend.Backend, workers int) (*evolve.Network, []byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, usagef("cannot read a network: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read %s: %w", path, err)
	}
	n, err := evolve.LoadNetwork(bytes.NewReader(data), b, workers)
	if errors.Is(err, van.ErrFormat) {
		return nil, nil, usagef("%s: %w", path, err)
	}
	return n, data, err
}
