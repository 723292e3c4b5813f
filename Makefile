# GoMLX-CME. "make" without a target lists what there is.

# SIMD makes matrix products of the pure-Go backend 4 to 17 times faster; it
# must reach every build.
export GOEXPERIMENT := simd
SHELL := /bin/bash
PYTHON := .venv/bin/python
# Jupyter refuses to run as root, as containers do, unless told to.
ALLOW_ROOT := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)
MODEL := toggle-switch
TIMES := 0.25,1
NOTEBOOKS := --html out/notebooks

.PHONY: help setup build run demo notebooks solutions book test test-browser test-slurm notebook-times unit check-long race picture bench bench-backends check-device accuracy lab lint clean

help:
	@echo "make setup       Jupyter, GoNB, the kernel and the XLA plugin, inside this folder"
	@echo "make build       bin/cme"
	@echo "make run         set up, solve $(MODEL) to t = 1, compare with the exact answer, run the notebooks"
	@echo "make test        set up, unit tests, notebooks with their numbers checked"
	@echo "make book        the course as pages for a browser, in out/book; nothing is executed"
	@echo "make test-browser  notebooks in JupyterLab and Chromium: a slider is moved, a run interrupted and gone on with"
	@echo "make test-slurm  a sweep on a Slurm cluster of one node, which it installs and starts (root and apt)"
	@echo "make notebook-times  seconds from kernel start to the first figure, and what a cell costs"
	@echo "make check-long  the tests that take long as well, the solutions of the course, and the race detector"
	@echo "make picture     draw the picture of the README again"
	@echo "make bench       benchmarks"
	@echo "make accuracy    measure the network on every system (hours); ACCURACY=\"--only mapk --seeds 1\" for less"
	@echo "make bench-backends  the parts of a step on each backend that is here"
	@echo "make check-device  the tests of all backends, then bench-backends: what there is to do where a GPU is"
	@echo "make lab         open JupyterLab"
	@echo "make lint        gofmt, go vet, staticcheck"
	@echo "make clean       remove what was built (keeps .venv)"

setup:
	@kernelext/setup/setup.sh

build:
	@go build -o bin/cme ./gomlxcme/cmd/cme

run: NOTEBOOKS += --reuse
run: setup demo notebooks

# The network beside the exact answer, and the distances between them.
demo: build
	@rm -rf out/$(MODEL)
	@mkdir -p out/$(MODEL)
	bin/cme solve $(MODEL) --times $(TIMES) --seed 1 --out out/$(MODEL)/solve
	bin/cme fsp $(MODEL) --times $(TIMES) --out out/$(MODEL)/fsp
	bin/cme compare out/$(MODEL)/fsp out/$(MODEL)/solve --plot out/$(MODEL)/compare.svg

notebooks: setup
	@if $(PYTHON) -c 'import nbclient' 2>/dev/null; then \
	  $(PYTHON) -B -m unittest discover -q -s notebooks -p '*_test.py' && \
	  $(PYTHON) -B notebooks/check.py $(NOTEBOOKS); \
	else echo "notebooks: skipped, Jupyter is missing (see \"make setup\")"; fi

# Beside what "make test" does, so that it stays short; the numbers of the solutions are checked as well.
solutions: setup
	@if $(PYTHON) -c 'import nbclient' 2>/dev/null; then \
	  $(PYTHON) -B notebooks/check.py notebooks/solutions/*.ipynb; \
	else echo "solutions: skipped, Jupyter is missing (see \"make setup\")"; fi

# The notebooks with the outputs that they hold.
book: setup
	@if $(PYTHON) -c 'import nbconvert' 2>/dev/null; then \
	  $(PYTHON) -B notebooks/book.py; \
	else echo "book: skipped, Jupyter is missing (see \"make setup\")"; fi

test: setup unit notebooks

# Pictures of what the browser showed; SCREENS=kernelext/testdata/screens renews those that are kept.
SCREENS := .cache/browser
test-browser: setup
	@kernelext/browser/run.sh $(SCREENS)

# A sweep on a real Slurm; says that it is skipped where that cannot be installed.
test-slurm: build
	@gomlxcme/sweep/cluster/slurmtest/run.sh bin/cme

# COLD=--cold for an empty build cache as well.
notebook-times: setup
	@$(PYTHON) -B kernelext/setup/times.py $(COLD)

unit:
	go vet ./...
	go test ./...

check-long: race solutions
	CME_LONG=1 go test -timeout 6h ./...

# GoMLX's matrix products take addresses that the pointer checker, which -race
# switches on, does not understand.
race:
	go test -race -short -timeout 1h -gcflags=all=-d=checkptr=0 ./datasets/... ./gomlxcme/... ./kernelext/...

# The picture of the README.
picture:
	go run ./kernelext/cmd/cmepicture notebooks/figures/toggle_switch.svg

# gomlxcme/ACCURACY.md, system by system; hours. Rows that are there stay.
accuracy: build
	@go build -o bin/cmeaccuracy ./gomlxcme/cmd/cmeaccuracy
	bin/cmeaccuracy $(ACCURACY)

bench:
	go test -run '^$$' -bench . -benchmem ./...

# Milliseconds; in brackets over the Go backend's time, and over the floor. ROWS=mapk
# measures the rows whose names contain that.
bench-backends:
	@go test -run '^$$' -bench "(Backends|Steps)/$(ROWS)" -benchtime 1x -timeout 3h ./gomlxcme/backend

# All that is known of a device in one file: what is found, tests that hold every backend
# against the Go backend, times. LONG= leaves out the tests that take long.
LONG := 1
check-device: build
	@mkdir -p out
	@set -o pipefail; { bin/cme backend && \
	  CME_LONG=$(LONG) go test -count=1 -timeout 2h -v -run 'Agree|Device|Once|Padded|Memory|Inverse|Solve' ./gomlxcme/backend ./gomlxcme/evolve/device && \
	  $(MAKE) --no-print-directory bench-backends && \
	  { [ -n "$(ROWS)" ] || go test -run '^$$' -bench 'Parts|Cholesky' -benchtime 1x -timeout 1h ./gomlxcme/evolve/device; }; } 2>&1 | tee out/check-device.txt

lab: setup
	@if $(PYTHON) -c 'import jupyterlab' 2>/dev/null; then \
	  $(PYTHON) -m jupyterlab $(ALLOW_ROOT) --notebook-dir=notebooks; \
	elif $(PYTHON) -c 'import notebook' 2>/dev/null; then \
	  $(PYTHON) -m notebook $(ALLOW_ROOT) --notebook-dir=notebooks; \
	else echo "lab: Jupyter is missing (see \"make setup\")"; exit 1; fi

lint:
	@unformatted=$$(gofmt -l datasets gomlxcme kernelext); \
	if [ -n "$$unformatted" ]; then echo "gofmt: $$unformatted"; exit 1; fi
	go vet ./...
	@cd kernelext/tools && GOFLAGS=-buildvcs=false GOBIN=$(CURDIR)/bin go install honnef.co/go/tools/cmd/staticcheck
	bin/staticcheck ./...

clean:
	rm -rf bin out .cache
