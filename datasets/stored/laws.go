package stored

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/gomlx-cme/cme/gomlxcme/backend"
	"github.com/gomlx-cme/cme/gomlxcme/dist"
	"github.com/gomlx-cme/cme/gomlxcme/evolve"
	"github.com/gomlx-cme/cme/gomlxcme/run"
)

// networkFolder of a result directory holds a network for each output time, in a file named by its time.
const networkFolder, networkEnding = "networks", ".net"

// Network returns the network of a run at one of its output times.
func Network(r *run.Result, b *backend.Backend, t float64) (*evolve.Network, error) {
	path := filepath.Join(r.Path, networkFolder, strconv.FormatFloat(t, 'g', -1, 64)+networkEnding)
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("there is no network of t = %v: %w", t, err)
	}
	defer f.Close()
	n, err := evolve.LoadNetwork(f, b, 0)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}

// Laws returns the snapshots of a run with the whole law of its network in place of the tables, so that they answer for joint
// laws as well: every state of a small box, and 100,000 draws by the seed otherwise.
func Laws(r *run.Result, b *backend.Backend, seed uint64) ([]dist.Snapshot, error) {
	out := make([]dist.Snapshot, len(r.Snapshots))
	for i, s := range r.Snapshots {
		n, err := Network(r, b, s.Time)
		if err != nil {
			return nil, err
		}
		if s.Dist, err = n.Distribution(seed); err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}
