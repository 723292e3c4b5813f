// Package kernelspec makes a stock GoNB the notebook kernel of this project.
//
// A Jupyter kernel is a directory with a kernel.json that says which program
// to start. Here that program is cmekernel, and all it does before it becomes
// GoNB is to prepare the ground, so that a notebook needs no first cell with
// "go mod edit" and "go get":
//
//   - Workspace looks for the go.mod above the notebook that is ours or requires
//     ours, and falls back to the module that the kernel was installed from: a
//     notebook may lie in a course folder with a go.mod of its own, or anywhere.
//     GoNB gets it as its workspace, so that cells import the packages as they lie
//     on disk, with exactly the versions in go.mod and go.sum.
//   - Environ sets what every build of a cell needs: the pinned tools on PATH,
//     no network (GOPROXY=off), quick links (GOFLAGS=-ldflags=-w) and SIMD
//     (GOEXPERIMENT=simd).
//
// Install, Installed and Uninstall write, read and remove the kernel.json. Its
// format is that of https://jupyter-client.readthedocs.io/en/latest/kernels.html.
package kernelspec
