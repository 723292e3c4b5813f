package datasets

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"reflect"

	"github.com/gomlx-cme/cme/gomlxcme/reduced"
)

var (
	// ErrAbsent says that a data set has not been made.
	ErrAbsent = errors.New("not made yet")
	// ErrCorrupt says that the files of a data set are not what was made.
	ErrCorrupt = errors.New("damaged data set")
)

// Description is the content of the JSON file: the set, who made it and how, and the checksums.
type Description struct {
	Set
	Source    string   `json:"source"`
	Visible   []string `json:"counts"`
	Times     int      `json:"times"`
	Go        string   `json:"go"`        // version of the compiler
	Processor string   `json:"processor"` // kind on which the runs were drawn
	Numbers   string   `json:"sha256_numbers"`
	Archive   string   `json:"sha256_npz"`
}

// source is the provenance of all sets so far.
const source = "simulated by the package calcium of github.com/gomlx-cme/cme (De Young–Keizer model as in arXiv:2109.05053); no published file was used"

// Data are the numbers of a set.
type Data struct {
	Description Description
	Sums        []*reduced.Sums // one a condition, in the order of the set
}

//go:embed embedded
var embedded embed.FS

// comesAlong reports whether the set is part of the program.
func comesAlong(set Set) bool {
	_, err := embedded.ReadFile(path.Join("embedded", set.stem()+".json"))
	return err == nil
}

// Load reads a set from the store or, if it comes with the program, from there. The checksums are verified every time.
func (s Store) Load(set Set) (*Data, error) {
	if s.State(set) == Embedded {
		return load(set, func(ending string) ([]byte, error) {
			return embedded.ReadFile(path.Join("embedded", set.stem()+ending))
		})
	}
	return load(set, func(ending string) ([]byte, error) {
		if ending == ".json" {
			return os.ReadFile(s.Description(set))
		}
		return os.ReadFile(s.Archive(set))
	})
}

func load(set Set, read func(ending string) ([]byte, error)) (*Data, error) {
	text, err := read(".json")
	archive, err2 := read(".npz")
	switch err := errors.Join(err, err2); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s is %w; make it with \"cme data make %s\"", set.Name, ErrAbsent, set.Name)
	case err != nil:
		return nil, err
	}
	damaged := func(format string, a ...any) error {
		return fmt.Errorf("%w: %s: %s; make it again with \"cme data make --again %s\"", ErrCorrupt, set.stem(), fmt.Sprintf(format, a...), set.Name)
	}
	d := &Data{}
	if err := json.Unmarshal(text, &d.Description); err != nil {
		return nil, damaged("the description cannot be read: %v", err)
	}
	if !reflect.DeepEqual(d.Description.Set, set) {
		return nil, damaged("the description is of another data set")
	}
	if sum := checksum(archive); sum != d.Description.Archive {
		return nil, damaged("the archive has the SHA-256 %s, not %s", sum, d.Description.Archive)
	}
	if d.Sums, err = readArchive(archive, set); err != nil {
		return nil, damaged("the archive cannot be read: %v", err)
	}
	if sum := digest(d.Sums); sum != d.Description.Numbers {
		return nil, damaged("the numbers have the SHA-256 %s, not %s", sum, d.Description.Numbers)
	}
	return d, nil
}

func checksum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
