#!/usr/bin/env python3
"""Execute the course's notebooks with the project's kernel and check what they print.

    .venv/bin/python notebooks/check.py [--html DIR] [--write] [--reuse] [--jobs N] [NOTEBOOK ...]

An executed notebook is not yet a correct one: GoNB reports some mistakes on
stderr only, and a plot that is not there raises no error. So beside errors this
checks, cell by cell, what the expected.json beside a notebook asks for: numbers
within bounds, figures, and the kinds (MIME types) of outputs. --html leaves rendered
pages, --write stores the fresh outputs in the notebooks themselves, for readers.

Two notebooks are executed at a time, each by a kernel of its own: most cells wait
for the compiler, which leaves a core idle. They are told of in the order of their
names.
"""

import argparse
import asyncio
import base64
import html
import json
import os
import pathlib
import re
import shutil
import sys
import time
import xml.etree.ElementTree as xml

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError

from outputs import joined

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "kernelext/setup"))
from times import processor_seconds  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
KERNEL = "gomlx-cme"
MAX_LINES = 25  # of a code cell: longer logic belongs into a package
MAX_COLUMNS = 100  # what fits a page
SVG = "image/svg+xml"
NUMBER = r"([-+−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)"  # what NUMBER stands for in expected.json


async def execute(path, timeout, log):
    """Run all cells of a notebook; return it, the error that stopped it, if any, and the processor seconds that its cells took."""
    used = 0.0

    def note(**_):
        nonlocal used
        used = processor_seconds(client.km.provisioner.pid)

    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        kernel_name=KERNEL,
        timeout=timeout,
        record_timing=False,
        on_cell_executed=note,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        await client.async_execute(stderr=log, stdout=log)
    except CellExecutionError as error:
        return notebook, error, used
    return notebook, None, used


def text_of(cell):
    """All that a reader can read in the outputs of a cell, without markup."""
    parts = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            if output.name == "stdout":
                parts.append(output.text)
            continue
        data = output.get("data", {})
        for kind in ("text/plain", "text/markdown"):
            if kind in data:
                parts.append(data[kind])
        if "text/html" in data:
            parts.append(html.unescape(re.sub(r"<[^>]*>", " ", data["text/html"])))
    return "\n".join(parts)


def figures_of(cell):
    return [o.data[SVG] for o in cell.get("outputs", []) if SVG in o.get("data", {})]


def cell_problems(cell):
    """What is wrong with a cell in any notebook."""
    lines = cell.source.count("\n") + 1
    if lines > MAX_LINES:
        yield f"{lines} lines of code; at most {MAX_LINES}"
    for line in cell.source.split("\n"):
        if len(line.expandtabs(8)) > MAX_COLUMNS:
            yield f"more than {MAX_COLUMNS} columns: {line.strip()}"
    allowed = cell.metadata.get("tags", [])
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr" and "stderr" not in allowed:
            yield f"wrote to stderr: {output.text.strip()[:400]}"
        if output.output_type == "error" and "raises-exception" not in allowed:
            yield f"failed: {output.evalue[:400]}"
    for figure in figures_of(cell):
        try:
            root = xml.fromstring(figure)
        except xml.ParseError as error:
            yield f"figure is not well-formed: {error}"
            continue
        if not (root.get("aria-label") or "").strip():
            yield "figure has no text for people who cannot see it"


def expectation_problems(cells, expected, reuse=False):
    """What is wrong with a notebook beside its entry in expected.json.

    "watched" says how many of the figures of a cell show a run at work: they
    may be missing where a result was kept.
    """
    for name, wanted in expected.get("figures", {}).items():
        found = len(figures_of(cells[name])) if name in cells else 0
        watched = expected.get("watched", {}).get(name, 0) if reuse else 0
        if not wanted - watched <= found <= wanted:
            yield f"cell {name}: {found} figures, expected {wanted}"
    for name, kinds in expected.get("kinds", {}).items():
        found = {kind for output in cells[name].get("outputs", []) for kind in output.get("data", {})} if name in cells else set()
        for kind in kinds:
            if kind not in found:
                yield f"cell {name}: no output of the kind {kind}"
    for value in expected.get("values", []):
        name, pattern = value["cell"], value["pattern"]
        if name not in cells:
            yield f"cell {name}: missing"
            continue
        found = re.findall(pattern.replace("NUMBER", NUMBER), text_of(cells[name]))
        if len(found) < value.get("count", 1):
            yield f"cell {name}: {value['what']}: nothing matches {pattern}"
        for number in found:
            if not value["min"] <= float(number.replace("−", "-")) <= value["max"]:
                yield f"cell {name}: {value['what']} is {number}, not in [{value['min']}, {value['max']}]"


def problems(notebook, expected, reuse=False):
    cells = {c.id: c for c in notebook.cells if c.cell_type == "code"}
    found = [f"cell {name}: {p}" for name, cell in cells.items() for p in cell_problems(cell)]
    return found + list(expectation_problems(cells, expected, reuse))


def described(image):
    """An image tag with the text that its SVG holds, which nbconvert leaves out."""
    label = re.search(r'aria-label="([^"]*)"', base64.b64decode(image[1]).decode("utf-8"))
    return f'<img alt="{label[1] if label else "figure"}" src="data:image/svg+xml;base64,{image[1]}">'


def redescribe(body):
    """A page whose figures are described; those of a slider are, and their other attributes are needed."""
    return re.sub(r'<img (?![^>]*\bdata-frame\b)[^>]*?src="data:image/svg\+xml;base64,([^"]*)"[^>]*>', described, body)


def render(notebook, target):
    from nbconvert import HTMLExporter

    exporter = HTMLExporter()
    body, _ = exporter.from_notebook_node(notebook)
    body = redescribe(body)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(body, encoding="utf-8")


def store(notebook, path):
    """Write the notebook with its outputs, without what changes from run to run."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, path)


def chosen(reuse):
    """The notebooks to run when none is named: those that teach, and for a test exercises and live figures as well."""
    course = sorted(HERE.glob("[0-9]*.ipynb"))
    if reuse:
        return [path for path in course if not path.stem.endswith("_exercises")]
    return course + [HERE.parent / "kernelext/testdata/live.ipynb"]


def forget(root, reuse):
    """Remove results that cells have kept, unless they are to be used again and no source is newer."""
    folder = root / "out" / "runs"
    kept = [f.stat().st_mtime for f in folder.glob("*")]
    sources = [f.stat().st_mtime for f in (root / "gomlxcme").rglob("*.go")]
    if not reuse or kept and sources and max(sources) > min(kept):
        shutil.rmtree(folder, ignore_errors=True)


def expectations(path):
    """What the expected.json beside a notebook says about it."""
    file = path.parent / "expected.json"
    return json.loads(file.read_text(encoding="utf-8")).get(path.name, {}) if file.exists() else {}


def together(paths):
    """Notebooks in lists: those of a list use the results of each other, in order, and are run one after the other."""
    lists = {}
    for path in paths:
        lists.setdefault(path.stem.split("_")[0], []).append(path)
    return list(lists.values())


async def timed(path, timeout, logs):
    """Execute a notebook; return it, its error if any, and the seconds that it took, by the clock and of the processor."""
    begin = time.monotonic()
    with open(logs / f"{path.stem}.log", "w", encoding="utf-8") as log:
        notebook, error, used = await execute(path, timeout, log)
    return notebook, error, time.monotonic() - begin, used


async def run_all(paths, jobs, run, tell):
    """Run all notebooks, so many lists of them at a time; tell of each in the order of paths, as soon as that can be."""
    room, done, told = asyncio.Semaphore(jobs), {}, 0

    async def one_list(members):
        nonlocal told
        async with room:
            for path in members:
                done[path] = await run(path)
                while told < len(paths) and paths[told] in done:
                    tell(paths[told], *done[paths[told]])
                    told += 1

    await asyncio.gather(*map(one_list, together(paths)))


class Report:
    """Tells of executed notebooks, renders and stores them."""

    def __init__(self, args):
        self.args, self.failed = args, False

    def __call__(self, path, notebook, error, seconds, processor):
        found = problems(notebook, expectations(path), self.args.reuse)
        if error is not None and not found:
            found = [str(error)[-1500:]]
        print(f"{'FAIL' if found else 'ok  '} {path.name}  {seconds:.0f} s, {processor:.0f} s of the processor", flush=True)
        for problem in found:
            print(f"     {problem}")
        self.failed = self.failed or bool(found)
        if self.args.html:
            target = self.args.html / f"{path.stem}.html"
            render(notebook, target)
            print(f"     rendered: {target}")
        if self.args.write and not found:
            store(notebook, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path)
    parser.add_argument("--html", type=pathlib.Path, help="leave rendered pages in this directory")
    parser.add_argument("--write", action="store_true", help="store the outputs in the notebooks")
    parser.add_argument("--reuse", action="store_true", help="take results that were computed before from out")
    parser.add_argument("--timeout", type=int, default=300, help="seconds for one cell")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="notebooks at a time")
    args = parser.parse_args()
    if args.jobs < 1:
        parser.error(f"--jobs {args.jobs}: at least one notebook at a time")
    paths = [p.resolve() for p in args.notebooks] or chosen(args.reuse)
    # The outputs that readers see do not depend on which plugins this computer has.
    os.environ.setdefault("GOMLX_BACKEND", "go")
    forget(HERE.parent, args.reuse)
    logs = HERE.parent / ".cache"
    logs.mkdir(exist_ok=True)
    report, begin = Report(args), time.monotonic()
    asyncio.run(run_all(paths, args.jobs, lambda path: timed(path, args.timeout, logs), report))
    if len(paths) > 1:
        print(f"{len(paths)} notebooks  {time.monotonic() - begin:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
