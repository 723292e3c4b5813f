// Package cluster writes the job files of a sweep for Slurm and for Kubernetes. Both call "cme sweep run" with the index of
// the task in the environment, and rely on what that promises: it is idempotent, keeps a checkpoint when it is told to stop,
// and goes on from it when it is called again.
//
// The Slurm files are tested on a cluster of one node (make test-slurm). The Kubernetes manifest is checked against a part
// of the schema of batch/v1 only.
package cluster
