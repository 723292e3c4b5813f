package datasets

import (
	"fmt"
	"os"
	"path/filepath"
)

// Store is a folder with data sets.
type Store struct{ Folder string }

// Open returns the store in the user's cache folder. It need not exist yet.
func Open() (Store, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return Store{}, fmt.Errorf("there is no cache folder for data sets: %w; name a folder", err)
	}
	return Store{filepath.Join(cache, "gomlx-cme", "datasets")}, nil
}

// Archive is the path of the numbers of a set, whether it has been made or not.
func (s Store) Archive(set Set) string { return filepath.Join(s.Folder, set.stem()+".npz") }

// Description is the path of what is known about a set.
func (s Store) Description(set Set) string { return filepath.Join(s.Folder, set.stem()+".json") }

// partial is the path of what has been made of an unfinished set.
func (s Store) partial(set Set) string { return filepath.Join(s.Folder, set.stem()+".partial") }

// State of a set in a store.
type State int

const (
	Absent     State = iota // nothing is there
	Unfinished              // making it was interrupted
	Embedded                // it comes with the program and has no files
	Made                    // its files are there
)

// String is the state in one word.
func (s State) String() string { return [...]string{"absent", "unfinished", "embedded", "made"}[s] }

// State looks which files of a set are there; Verify looks into them.
func (s Store) State(set Set) State {
	there := func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	}
	switch {
	case there(s.Archive(set)) && there(s.Description(set)):
		return Made
	case comesAlong(set):
		return Embedded
	case there(s.partial(set)):
		return Unfinished
	}
	return Absent
}
