package cluster

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"
	"text/template"
	"time"
)

// Slurm is an array job and a merge job that waits for it.
type Slurm struct {
	Name    string
	Program string // absolute path of cme on the nodes
	Folder  string // absolute path of the sweep, on a file system that all nodes share
	Tasks   []int  // of the array
	PerTask int    // points of a task
	AtOnce  int    // most tasks at once, 0 for no limit
	CPUs    int    // of a task
	Memory  string // of a task as Slurm writes it, "4G"; empty for the partition's
	Time    time.Duration
	Grace   time.Duration // before the time limit, for a checkpoint
}

//go:embed templates/array.sh
var arrayText string

//go:embed templates/merge.sh
var mergeText string

//go:embed templates/submit.sh
var submitText string

// Files are the scripts by name: array.sh, merge.sh, and submit.sh, which submits both.
func (s Slurm) Files() (map[string][]byte, error) {
	if len(s.Tasks) == 0 {
		return nil, fmt.Errorf("%w: there is no task", ErrOptions)
	}
	if s.Time > 0 && s.Time <= s.Grace {
		return nil, fmt.Errorf("%w: the time limit %v leaves nothing before the %v that are kept for a checkpoint", ErrOptions, s.Time, s.Grace)
	}
	for _, text := range []string{s.Program, s.Folder, s.Memory} {
		if strings.ContainsAny(text, "\n\r\x00") {
			return nil, fmt.Errorf("%w: %q has a line end", ErrOptions, text)
		}
	}
	if strings.Trim(s.Memory, "0123456789KMGTkmgt") != "" {
		return nil, fmt.Errorf("%w: memory %q; write it as 500M or 4G", ErrOptions, s.Memory)
	}
	functions := template.FuncMap{"quote": quote}
	files := map[string][]byte{}
	for name, text := range map[string]string{"array.sh": arrayText, "merge.sh": mergeText, "submit.sh": submitText} {
		t, err := template.New(name).Funcs(functions).Parse(text)
		if err != nil {
			return nil, fmt.Errorf("cluster: %w", err)
		}
		var b bytes.Buffer
		if err := t.Execute(&b, s); err != nil {
			return nil, fmt.Errorf("cluster: %w", err)
		}
		files[name] = b.Bytes()
	}
	return files, nil
}

// Job is the name of the job.
func (s Slurm) Job() string { return word(s.Name) }

// Array is the list of tasks.
func (s Slurm) Array() string {
	text := ranges(s.Tasks)
	if s.AtOnce > 0 {
		text += fmt.Sprintf("%%%d", s.AtOnce)
	}
	return text
}

// Limit is the time limit as Slurm writes it.
func (s Slurm) Limit() string {
	seconds := int(s.Time.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// GraceSeconds is the time for a checkpoint.
func (s Slurm) GraceSeconds() int { return int(s.Grace.Seconds()) }

// Output is the pattern of the files that tasks write to; Slurm reads % as the start of a code.
func (s Slurm) Output(name string) string {
	return strings.ReplaceAll(s.Folder, "%", "%%") + "/slurm/" + name
}

// quote makes a word of the shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
