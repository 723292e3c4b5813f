package cluster

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Kubernetes is an Indexed Job: each of its pods finds its index in JOB_COMPLETION_INDEX.
type Kubernetes struct {
	Name    string
	Image   string // that has cme on its path
	Claim   string // the persistent volume claim with the sweep, which all pods can write to
	Path    string // of the sweep's folder in the volume
	Tasks   int
	PerTask int
	AtOnce  int    // pods at once
	CPUs    int    // of a pod
	Memory  string // of a pod, "4Gi"
}

//go:embed templates/job.yaml
var jobText string

//go:embed templates/job.schema.json
var jobSchema []byte

// quantity is memory as Kubernetes writes it.
var quantity = regexp.MustCompile(`^[1-9][0-9]*(Ki|Mi|Gi|Ti|k|M|G|T)?$`)

// Manifest writes the job as YAML and holds it against the schema.
func (k Kubernetes) Manifest() ([]byte, error) {
	switch {
	case k.Image == "" || strings.ContainsAny(k.Image, " \n\t"):
		return nil, fmt.Errorf("%w: %q is no image; name one that has cme on its path", ErrOptions, k.Image)
	case k.Claim == "" || word(k.Claim) != k.Claim:
		return nil, fmt.Errorf("%w: %q is no persistent volume claim; name that with the sweep", ErrOptions, k.Claim)
	case !quantity.MatchString(k.Memory):
		return nil, fmt.Errorf("%w: memory %q; write it as 500Mi or 4Gi", ErrOptions, k.Memory)
	}
	t, err := template.New("job").Funcs(template.FuncMap{"quote": quoteJSON}).Parse(jobText)
	if err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, k); err != nil {
		return nil, fmt.Errorf("cluster: %w", err)
	}
	if err := checkJob(b.Bytes()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOptions, err)
	}
	return b.Bytes(), nil
}

// Job is the name of the job.
func (k Kubernetes) Job() string { return word(k.Name) }

// quoteJSON writes a text as JSON, which is YAML too.
func quoteJSON(text string) (string, error) {
	b, err := json.Marshal(text)
	return string(b), err
}

// checkJob holds a manifest against the part of batch/v1 that is embedded here, which allows nothing else.
func checkJob(manifest []byte) error {
	var value any
	if err := yaml.Unmarshal(manifest, &value); err != nil {
		return err
	}
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	instance, err1 := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	content, err2 := jsonschema.UnmarshalJSON(bytes.NewReader(jobSchema))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("job.json", content); err != nil {
		return err
	}
	schema, err := compiler.Compile("job.json")
	if err != nil {
		return err
	}
	return schema.Validate(instance)
}
