#!/usr/bin/env python3
"""Measure how long people wait in a notebook.

    .venv/bin/python kernelext/setup/times.py [--cold] [--cells N]

From the start of the kernel to the first figure, to a first cell that uses GoMLX,
and for a cell that does nothing: all with the build cache as it is, and with
--cold once more with an empty one. In brackets stand processor seconds, which
tell what of the wait is work where others use the computer as well.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

from jupyter_client.manager import start_new_kernel

FIGURE = """
import (
	"github.com/gomlx-cme/cme/gomlxcme/fsp"
	"github.com/gomlx-cme/cme/gomlxcme/systems"
	"github.com/gomlx-cme/cme/kernelext"
)

%%
entry, err := systems.Lookup("birth-death")
if err != nil { panic(err) }
c, err := entry.Build().Compile()
if err != nil { panic(err) }
r, err := fsp.Solve(context.Background(), c, fsp.Settings{Times: []float64{100}})
if err != nil { panic(err) }
err = kernelext.Show(kernelext.DrawMarginals(kernelext.Style{}, 100, kernelext.Answer{Label: "exact", Snapshots: r.Snapshots}))
if err != nil { panic(err) }
"""

GOMLX = """
import "github.com/gomlx-cme/cme/gomlxcme/backend"

%%
b, err := backend.Open("")
if err != nil { panic(err) }
fmt.Println(b.Line())
"""

NOTHING = "%%\nfmt.Println(1)"


def run(client, code, kind):
    """Execute a cell; return the seconds until it has ended. It must show an output of the kind."""
    begin = time.monotonic()
    shown = []

    def note(message):
        content = message["content"]
        if message["msg_type"] == "error":
            raise RuntimeError(content["evalue"])
        shown.extend(content.get("data", {}) if "data" in content else [content.get("name", "")])

    client.execute_interactive(code, output_hook=note, timeout=1800)
    if kind not in shown:
        raise RuntimeError(f"the cell showed {shown}, not {kind}")
    return time.monotonic() - begin


def processor_seconds(pid):
    """What a process, those it has started and those of them that have ended have used. Linux only, elsewhere 0."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has ended, or there is no /proc
        return 0
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return own + sum(processor_seconds(child) for child in children)


def measure(label, environment, cells):
    begin = time.monotonic()
    manager, client = start_new_kernel(kernel_name="gomlx-cme", env=environment, startup_timeout=120, stderr=subprocess.DEVNULL)
    used = lambda: processor_seconds(manager.provisioner.pid)
    try:
        ready = time.monotonic() - begin
        figure = ready + run(client, FIGURE, "image/svg+xml")
        before = used()
        print(f"{label}: kernel ready after {ready:.1f} s, first figure after {figure:.1f} s ({before:.1f})", flush=True)
        gomlx = run(client, GOMLX, "stdout")
        after = used()
        print(f"{label}: first cell with GoMLX {gomlx:.1f} s ({after - before:.1f})", flush=True)
        nothing = [run(client, NOTHING, "stdout") for _ in range(cells)]
        print(f"{label}: a cell that prints 1 {statistics.median(nothing):.2f} s ({(used() - after) / cells:.2f}), median of {cells}", flush=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cold", action="store_true", help="measure with an empty build cache as well")
    parser.add_argument("--cells", type=int, default=9, help="how often the cell that does nothing is run")
    args = parser.parse_args()
    measure("warm", dict(os.environ), args.cells)
    if args.cold:
        with tempfile.TemporaryDirectory() as cache:
            measure("cold", dict(os.environ, GOCACHE=cache), args.cells)


if __name__ == "__main__":
    main()
