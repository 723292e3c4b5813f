package learn

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A training that has ended is in its folder, to the last bit; a file that is no state is named.
func TestFolderKeepsTrainings(t *testing.T) {
	p, folder := tiny(t), Folder(filepath.Join(t.TempDir(), "a", "b"))
	s := Settings{Hidden: []int{5}, Epochs: 2, Seed: 3, Keeper: folder}
	first, err := Train(t.Context(), open(t), p, s)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := folder.Load(3)
	if err != nil || !kept.Done() || !slices.Equal(kept.Theta, first.Theta) {
		t.Fatalf("kept %v, error %v", kept, err)
	}
	again, err := Train(t.Context(), open(t), p, s)
	if err != nil || !slices.Equal(again.Theta, first.Theta) || !slices.Equal(again.Losses, first.Losses) {
		t.Errorf("asked for again it is another network, error %v", err)
	}
	if none, err := folder.Load(4); none != nil || err != nil {
		t.Errorf("a seed that was never trained: %v, error %v", none, err)
	}
	if err := os.WriteFile(folder.path(3), []byte("no state"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := folder.Load(3); !errors.Is(err, ErrState) {
		t.Errorf("a damaged file: error %v", err)
	}
}
