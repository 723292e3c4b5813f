package calcium

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// published is the folder of the source's data.
const published = "../../../../shared/data/ip3"

// table reads the numbers of a published file, by lines; lines that do not begin with a number are headers. A test that needs a
// file is skipped where the folder is not there.
func table(t *testing.T, name string) (rows [][]float64) {
	t.Helper()
	f, err := os.Open(filepath.Join(published, name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("skipped: %s is not there", filepath.Join(published, name))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		fields := strings.FieldsFunc(lines.Text(), func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
		row := make([]float64, 0, len(fields))
		for _, x := range fields {
			if v, err := strconv.ParseFloat(x, 64); err == nil {
				row = append(row, v)
			}
		}
		if len(row) == len(fields) && len(row) > 0 {
			rows = append(rows, row)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}
