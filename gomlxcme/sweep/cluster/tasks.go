package cluster

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrOptions marks options that cannot be written into a job file.
var ErrOptions = errors.New("cluster: bad options")

// MaxTasks is the number of tasks of an array that every cluster takes: one less than Slurm's usual MaxArraySize.
const MaxTasks = 1000

// PerTask is the smallest number of points to a task so that there are at most MaxTasks.
func PerTask(points int) int { return max(1, (points+MaxTasks-1)/MaxTasks) }

// Tasks are the indices of the tasks that have one of the points, which are in order.
func Tasks(points []int, perTask int) []int {
	var tasks []int
	for _, p := range points {
		if t := p / perTask; len(tasks) == 0 || tasks[len(tasks)-1] != t {
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// ranges writes indices as Slurm reads them: "0-3,7".
func ranges(tasks []int) string {
	tasks = slices.Compact(slices.Sorted(slices.Values(tasks)))
	var parts []string
	for i := 0; i < len(tasks); {
		j := i
		for j+1 < len(tasks) && tasks[j+1] == tasks[j]+1 {
			j++
		}
		if i == j {
			parts = append(parts, fmt.Sprint(tasks[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", tasks[i], tasks[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}

// word makes a name that schedulers take: small letters, digits and dashes.
func word(name string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, name)
	if clean = strings.Trim(clean, "-"); len(clean) > 50 {
		clean = strings.Trim(clean[:50], "-")
	}
	if clean == "" || clean[0] < 'a' {
		clean = strings.TrimSuffix("sweep-"+clean, "-")
	}
	return clean
}
