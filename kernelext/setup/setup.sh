#!/usr/bin/env bash
# Set up what the notebooks need, inside the repository: Jupyter, the XLA plugin,
# plotly.js and MathJax in .venv, the pinned GoNB tools and cmekernel in bin, the
# kernel specification in .venv. Run it again at any time: what is up to date is left
# alone (by stamp files).
#
# Only Go is required. Where Jupyter cannot be had, one line says so and the
# notebooks are skipped; without the plugin everything runs on the Go backend,
# without plotly.js interactive figures are pictures, and without MathJax the book
# shows formulas as LaTeX.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=$PWD/.venv
bin=$PWD/bin
logs=$PWD/.cache/setup
requirements=kernelext/setup/requirements.txt
tools="github.com/janpfeifer/gonb golang.org/x/tools/cmd/goimports golang.org/x/tools/gopls"
mkdir -p "$bin" "$logs"

say() { echo "setup: $*"; }
digest() { cat "$@" | cksum | tr ' ' -; }

command -v go >/dev/null || {
  say "no Go compiler found: install Go 1.26 or later (https://go.dev/dl), then run this again" >&2
  exit 1
}

works() { "$venv/bin/python" -c 'import nbclient, nbconvert, nbformat' 2>/dev/null; }

from_pypi() {
  python3 -m venv "$venv" &&
    timeout 600 "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 2 -r "$requirements"
}

# Debian's packages, seen by a virtual environment, where we may install them.
from_debian() {
  [ "$(id -u)" = 0 ] && command -v apt-get && [ -x /usr/bin/python3 ] || return 1
  apt-get update -qq || true # an old list of packages may still do
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    python3-venv python3-nbclient python3-nbconvert jupyter-notebook || return 1
  rm -rf "$venv"
  /usr/bin/python3 -m venv --without-pip --system-site-packages "$venv"
}

jupyter() {
  local stamp=$venv/.stamp-jupyter want
  want=$(digest "$requirements")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && works; then return; fi
  if ! command -v python3 >/dev/null && [ ! -x /usr/bin/python3 ]; then
    say "no Python 3: notebooks will be skipped (install it and run \"make setup\" again)"
    return
  fi
  if [ -z "${CME_NO_PYPI:-}" ] && from_pypi >"$logs/pypi.log" 2>&1 && works; then
    say "Jupyter from PyPI, in .venv"
  elif from_debian >"$logs/debian.log" 2>&1 && works; then
    say "Jupyter from Debian's packages, seen from .venv"
  else
    say "no Jupyter from PyPI nor, as root, from Debian: notebooks will be skipped (see .cache/setup; \"make setup\" tries again)"
    return
  fi
  echo "$want" >"$stamp"
}

# pip with a list of files that are pinned by their hashes.
from_list() {
  [ -z "${CME_NO_PYPI:-}" ] && "$venv/bin/python" -c 'import pip' 2>/dev/null &&
    timeout 300 "$venv/bin/python" -m pip "$1" --quiet --disable-pip-version-check --retries 2 \
      --no-deps --only-binary=:all: --require-hashes -r "${@:2}"
}

# Networks are computed faster with XLA, and without it just the same.
xla() {
  local list=gomlxcme/backend/fetch/cpu.txt stamp=$venv/.stamp-xla want
  want=$(digest "$list")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && ls "$venv"/lib/python3*/site-packages/xla_plugins/xla_cpu_pjrt/*.so >/dev/null 2>&1; then return; fi
  if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] && from_list install "$list" >"$logs/xla.log" 2>&1; then
    say "XLA for the CPU from PyPI, in .venv"
    echo "$want" >"$stamp"
  else
    say "no XLA plugin, networks run on the Go backend: it comes from PyPI, for Linux on x86-64 (\"make setup\" tries again)"
  fi
}

# JupyterLab serves what lies below its folder labextensions: see kernelext.Interactive.
plotly() {
  local list=kernelext/setup/plotly.txt stamp=$venv/.stamp-plotly file=$venv/share/jupyter/labextensions/gomlx-cme/plotly.min.js want stage
  want=$(digest "$list")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && [ -s "$file" ]; then return; fi
  stage=$(mktemp -d)
  if from_list download "$list" --dest "$stage" >"$logs/plotly.log" 2>&1 && mkdir -p "$(dirname "$file")" &&
    "$venv/bin/python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("plotly/package_data/plotly.min.js"))' \
      "$stage"/plotly-*.whl >"$file.new" 2>>"$logs/plotly.log"; then
    mv "$file.new" "$file"
    say "plotly.js from PyPI, in .venv"
    echo "$want" >"$stamp"
  else
    say "no plotly.js, interactive figures are pictures: it comes from PyPI (\"make setup\" tries again)"
  fi
  rm -rf "$stage"
}

# The pages of "make book" take it from their own folder: see notebooks/book.py.
mathjax() {
  local list=kernelext/setup/mathjax.txt stamp=$venv/.stamp-mathjax folder=$venv/share/mathjax want stage
  want=$(digest "$list")
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && [ -s "$folder/tex-svg-full.js" ]; then return; fi
  stage=$(mktemp -d)
  if from_list download "$list" --dest "$stage" >"$logs/mathjax.log" 2>&1 &&
    "$venv/bin/python" - "$stage" >>"$logs/mathjax.log" 2>&1 <<'END'; then
import glob, pathlib, sys, zipfile
stage = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(glob.glob(f"{stage}/*.whl")[0])
(stage / "mathjax").mkdir()
for name in ("LICENSE", "es5/tex-svg-full.js"):
    (stage / "mathjax" / name.split("/")[-1]).write_bytes(wheel.read(f"mathjax/static/mathjax/{name}"))
END
    rm -rf "$folder" && mkdir -p "$(dirname "$folder")" && mv "$stage/mathjax" "$folder"
    say "MathJax from PyPI, in .venv"
    echo "$want" >"$stamp"
  else
    say "no MathJax, the book shows formulas as LaTeX: it comes from PyPI (\"make setup\" tries again)"
  fi
  rm -rf "$stage"
}

gonb() {
  local stamp=$bin/.stamp-tools want
  want="$(digest kernelext/tools/go.mod kernelext/tools/go.sum) $(go version)"
  if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && [ -x "$bin/gonb" ] && [ -x "$bin/goimports" ]; then return; fi
  if (cd kernelext/tools && GOFLAGS=-buildvcs=false GOBIN=$bin go install $tools) >"$logs/tools.log" 2>&1; then
    say "GoNB, goimports and gopls, in bin"
    echo "$want" >"$stamp"
  else
    say "the GoNB tools could not be built: notebooks will be skipped (see .cache/setup/tools.log)"
  fi
}

# Jupyter waits for the network and the tools for the processor: side by side.
(jupyter && xla && plotly && mathjax) & # all write to .venv
gonb
wait

go build -o "$bin/cmekernel" ./kernelext/cmd/cmekernel
works || exit 0
"$bin/cmekernel" install --prefix "$venv" --root "$PWD" >/dev/null

# Do once, with the network, what GoNB does in every cell without: resolve the
# imports of a module outside ours, build and link. That fetches what only such
# a module asks for, and warms the cache: the first cell should not wait for it.
rehearse() {
  local root=$PWD stamp=$bin/.stamp-rehearsal module=github.com/gomlx-cme/cme want
  want="$(digest go.mod go.sum) $(go version) $(go env GOMODCACHE)"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$want" ]; then
    go mod download || true # cells may import any of them; one that is refused is missed only there
    (
      stage=$(mktemp -d)
      trap 'rm -rf "$stage"' EXIT
      cd "$stage"
      export GOFLAGS=-ldflags=-w
      unset GOWORK
      go mod init rehearsal && go mod edit -replace "$module=$root" && go work init && go work use "$root" .
      printf 'package main\n\nimport (\n_ "%s/kernelext"\n_ "%s/kernelext/jobs"\n)\n\nfunc main() {}\n' "$module" "$module" >main.go
      go get && go build -o cell
    ) && echo "$want" >"$stamp"
  fi
  go build $(go list ./... | grep -v /cmd/) # programs would be linked each time
}
rehearse >"$logs/build.log" 2>&1 || say "the packages do not compile as a cell would need them (see .cache/setup/build.log)"
