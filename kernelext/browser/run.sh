#!/usr/bin/env bash
# Notebooks in a real browser: see test.mjs. Where Node.js, Chromium, JupyterLab
# or playwright-core cannot be had, one line says so and nothing is tested.
#
#   kernelext/browser/run.sh [SCREENS]
set -euo pipefail
cd "$(dirname "$0")/../.."
screens=${1:-.cache/browser}
logs=.cache/setup
mkdir -p "$screens" "$logs"

skip() { echo "test-browser: skipped, $*"; exit 0; }

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    [ -n "$name" ] && command -v "$name" && return
  done
  return 1
}

if ! find_chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >"$logs/chromium.log" 2>&1 || true
fi
chromium=$(find_chromium) || skip "there is no Chromium: install it, or name one in CHROMIUM"
command -v node >/dev/null && command -v npm >/dev/null || skip "there is no Node.js with npm"
.venv/bin/python -c 'import jupyterlab' 2>/dev/null || skip "there is no JupyterLab in .venv (see \"make setup\")"
if [ ! kernelext/browser/node_modules/.package-lock.json -nt kernelext/browser/package-lock.json ]; then
  (cd kernelext/browser && npm ci --no-audit --no-fund --ignore-scripts) >"$logs/npm.log" 2>&1 ||
    skip "playwright-core cannot be installed from npm (see $logs/npm.log)"
  touch kernelext/browser/node_modules/.package-lock.json
fi
# What readers see does not depend on which plugins this computer has.
export GOMLX_BACKEND=${GOMLX_BACKEND:-go}
exec node kernelext/browser/test.mjs "$PWD/.venv/bin/python" "$chromium" "$PWD" "$screens"
