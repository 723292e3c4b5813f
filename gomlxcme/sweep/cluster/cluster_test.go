package cluster

import (
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestTasksAndRanges(t *testing.T) {
	for _, c := range []struct {
		points []int
		per    int
		want   string
	}{
		{[]int{0}, 1, "0"}, {[]int{0, 1, 2, 3}, 1, "0-3"}, {[]int{0, 2, 3, 7}, 1, "0,2-3,7"}, {[]int{0, 9, 10, 11, 39}, 10, "0-1,3"}, {[]int{5}, 1000, "0"},
	} {
		if got := ranges(Tasks(c.points, c.per)); got != c.want {
			t.Errorf("%v by %d: %s, not %s", c.points, c.per, got, c.want)
		}
	}
	for n, want := range map[int]int{1: 1, 1000: 1, 1001: 2, 10_000: 10, 100_001: 101} {
		if got := PerTask(n); got != want || (n+got-1)/got > MaxTasks {
			t.Errorf("%d points: %d to a task", n, got)
		}
	}
	for name, want := range map[string]string{"Toggle Switch_2": "toggle-switch-2", "": "sweep", "7": "sweep-7", "---": "sweep"} {
		if got := word(name); got != want {
			t.Errorf("%q becomes %q", name, got)
		}
	}
}

// The scripts are scripts of the shell, and say what was asked for; odd paths are quoted.
func TestSlurmScripts(t *testing.T) {
	s := Slurm{Name: "a sweep", Program: "/opt/it's here/cme", Folder: "/data/100% new/sweep", Tasks: []int{0, 1, 2, 5}, PerTask: 3, AtOnce: 7, CPUs: 2, Memory: "4G",
		Time: 90*time.Minute + time.Second, Grace: 2 * time.Minute}
	files, err := s.Files()
	if err != nil {
		t.Fatal(err)
	}
	array := string(files["array.sh"])
	for _, w := range []string{"#SBATCH --array=0-2,5%7\n", "--time=1:30:01\n", "--signal=B:USR1@120\n", "--mem=4G\n", "--cpus-per-task=2\n", "--requeue\n",
		`'/opt/it'\''s here/cme' sweep run '/data/100% new/sweep' --per-task 3 &`} {
		if !strings.Contains(array, w) {
			t.Errorf("%q is missing in\n%s", w, array)
		}
	}
	if submit := string(files["submit.sh"]); !strings.Contains(submit, "--dependency=afterany:") || !strings.Contains(submit, "'/data/100%% new/sweep/slurm/%a.out'") {
		t.Errorf("submit.sh is\n%s", submit)
	}
	for name, text := range files {
		check := exec.Command("bash", "-n")
		check.Stdin = strings.NewReader(string(text))
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s: %v, %s", name, err, out)
		}
	}
	for _, bad := range []Slurm{{}, {Tasks: []int{0}, Time: time.Minute, Grace: time.Minute}, {Tasks: []int{0}, Memory: "4 G; rm"}, {Tasks: []int{0}, Folder: "/a\n#SBATCH"}} {
		if _, err := bad.Files(); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// The manifest keeps to the schema, which notices what does not belong there.
func TestKubernetesManifest(t *testing.T) {
	k := Kubernetes{Name: "Toggle", Image: "registry.example.org/cme:1", Claim: "sweeps", Path: "a \"b\"", Tasks: 600, PerTask: 2, AtOnce: 50, CPUs: 1, Memory: "1Gi"}
	text, err := k.Manifest()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []string{"completionMode: Indexed", "completions: 600", `"/sweeps/a \"b\""`, "it has not been run on a cluster", "restartPolicy: Never"} {
		if !strings.Contains(string(text), w) {
			t.Errorf("%q is missing in\n%s", w, text)
		}
	}
	for old, new := range map[string]string{"completions: 600": "completions: many", "completionMode: Indexed": "completionMode: NonIndexed", "claimName": "claim", "containers:": "container:", "name: \"toggle\"": "name: \"Toggle\"",
		"values: [1, 2]": "values: [0]", "restartPolicy: Never": "restartPolicy: Always"} {
		if !strings.Contains(string(text), old) {
			t.Errorf("%q is not there", old)
		}
		if checkJob([]byte(strings.Replace(string(text), old, new, 1))) == nil {
			t.Errorf("%q passes", new)
		}
	}
	for _, change := range []func(*Kubernetes){
		func(k *Kubernetes) { k.Image = "" }, func(k *Kubernetes) { k.Claim = "No Such" }, func(k *Kubernetes) { k.Memory = "much" }, func(k *Kubernetes) { k.Tasks = 0 },
	} {
		bad := k
		change(&bad)
		if _, err := bad.Manifest(); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
