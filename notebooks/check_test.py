"""Tests of check.py itself: a check that lets mistakes pass is worse than none."""

import asyncio
import base64
import os
import pathlib
import tempfile
import unittest

import check
import nbformat

GOOD = '<svg xmlns="http://www.w3.org/2000/svg" aria-label="a line"/>'


def cell(*outputs, source="%%", **metadata):
    c = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    c.id = "it"
    return c


def stream(text, name="stdout"):
    return nbformat.v4.new_output("stream", name=name, text=text)


def figure(svg):
    return nbformat.v4.new_output("display_data", data={check.SVG: svg})


class Cells(unittest.TestCase):
    def complaint(self, c, words):
        self.assertIn(words, "\n".join(check.cell_problems(c)))

    def test_a_good_cell_passes(self):
        self.assertEqual([], list(check.cell_problems(cell(stream("1"), figure(GOOD)))))

    def test_what_gonb_prints_on_stderr_is_found(self):
        self.complaint(cell(stream('"%%nonsense" is not a known command', "stderr")), "stderr")
        allowed = cell(stream("on purpose", "stderr"), tags=["stderr"])
        self.assertEqual([], list(check.cell_problems(allowed)))

    def test_errors_are_found(self):
        self.complaint(cell(nbformat.v4.new_output("error", ename="e", evalue="undefined: x")), "undefined: x")

    def test_long_cells_are_found(self):
        self.complaint(cell(source="x\n" * 26), "at most 25")
        self.complaint(cell(source="x" * 101), "100 columns")

    def test_bad_figures_are_found(self):
        self.complaint(cell(figure("<svg>")), "not well-formed")
        self.complaint(cell(figure("<svg/>")), "cannot see it")


class Expectations(unittest.TestCase):
    def found(self, c, **expected):
        return list(check.expectation_problems({"it": c}, expected))

    def value(self, low, high, pattern="D = NUMBER", name="it"):
        return [{"cell": name, "what": "distance", "pattern": pattern, "min": low, "max": high}]

    def test_numbers_within_bounds_pass(self):
        for text in ("D = 1.2e-3.", "D = 0.0012 (noise 0.5)"):
            self.assertEqual([], self.found(cell(stream(text)), values=self.value(0.001, 0.002)))
        self.assertEqual([], self.found(cell(stream("D = −2")), values=self.value(-3, -1)))

    def test_numbers_outside_are_found(self):
        self.assertTrue(self.found(cell(stream("D = 0.5")), values=self.value(0, 0.1)))

    def test_numbers_and_cells_that_are_missing_are_found(self):
        self.assertTrue(self.found(cell(), values=self.value(0, 1)))
        self.assertTrue(self.found(cell(), values=self.value(0, 1, name="other")))

    def test_missing_figures_are_found(self):
        self.assertEqual([], self.found(cell(figure(GOOD)), figures={"it": 1}))
        self.assertTrue(self.found(cell(), figures={"it": 1}))
        self.assertTrue(self.found(cell(), figures={"other": 1}))

    def test_only_a_kept_result_may_lack_the_figure_of_its_run(self):
        expected = {"figures": {"it": 2}, "watched": {"it": 1}}
        for figures, reuse, good in ((2, False, True), (1, False, False), (2, True, True), (1, True, True), (0, True, False), (3, True, False)):
            cells = {"it": cell(*[figure(GOOD)] * figures)}
            found = list(check.expectation_problems(cells, expected, reuse))
            self.assertEqual(good, not found, (figures, reuse))

    def test_missing_kinds_are_found(self):
        formula = nbformat.v4.new_output("display_data", data={"text/latex": "$x$"})
        self.assertEqual([], self.found(cell(formula), kinds={"it": ["text/latex"]}))
        self.assertTrue(self.found(cell(figure(GOOD)), kinds={"it": ["text/latex"]}))
        self.assertTrue(self.found(cell(formula), kinds={"other": ["text/latex"]}))

    def test_text_that_came_in_pieces_is_put_together(self):
        parts = [stream("a\n"), stream("b\n"), figure(GOOD), stream("c\n"), stream("d\n", "stderr"), stream("e\n")]
        found = check.joined(parts)
        self.assertEqual(["a\nb\n", None, "c\n", "d\n", "e\n"], [o.get("text") for o in found])
        self.assertEqual("a\n", parts[0].text)

    def test_html_is_read_without_its_tags(self):
        table = nbformat.v4.new_output("display_data", data={"text/html": "<td>D = </td><td>0.05</td>"})
        self.assertEqual([], self.found(cell(table), values=self.value(0.04, 0.06, r"D =\s+NUMBER")))


class Rendered(unittest.TestCase):
    def test_figures_are_described_but_for_those_of_a_slider(self):
        data = "data:image/svg+xml;base64," + base64.b64encode(GOOD.encode()).decode()
        self.assertEqual(f'<img alt="a line" src="{data}">', check.redescribe(f'<img class="x" src="{data}"/>'))
        for frame in (f'<img data-frame alt="f" style="display:none" src="{data}">', f'<img alt="f" data-frame="" src="{data}" style="display:none"/>'):
            self.assertEqual(frame, check.redescribe(frame))


class Memory(unittest.TestCase):
    def test_kept_results_are_used_only_if_no_source_is_newer(self):
        for reuse, age_of_run, remains in ((True, 10, True), (True, 1000, False), (False, 10, False)):
            with tempfile.TemporaryDirectory() as folder:
                root = pathlib.Path(folder)
                run, source = root / "out/runs/x", root / "gomlxcme/a.go"
                for file, age in ((run, age_of_run), (source, 100)):
                    file.parent.mkdir(parents=True)
                    file.touch()
                    os.utime(file, (1e9 - age, 1e9 - age))
                check.forget(root, reuse)
                self.assertEqual(remains, run.exists(), (reuse, age_of_run))

    def test_expectations_lie_beside_the_notebook(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.ipynb"
            self.assertEqual({}, check.expectations(path))
            (path.parent / "expected.json").write_text('{"a.ipynb": {"figures": {}}}')
            self.assertEqual({"figures": {}}, check.expectations(path))


class Turns(unittest.TestCase):
    """Two notebooks at a time, told of in order."""

    def test_companions_of_a_notebook_follow_it(self):
        names = ["00_a.ipynb", "00_a_exercises.ipynb", "01_b.ipynb", "live.ipynb"]
        lists = check.together([pathlib.Path(n) for n in names])
        self.assertEqual([names[:2], names[2:3], names[3:]], [[p.name for p in members] for members in lists])

    def turns(self, names, jobs, until):
        """What is told of, and what was running beside each; until holds those that end only when others have."""
        paths, told, beside = [pathlib.Path(n) for n in names], [], {}

        async def everything():
            ended = {n: asyncio.Event() for n in names}
            running = set()

            async def run(path):
                running.add(path.name)
                await asyncio.sleep(0)
                beside[path.name] = set(running) - {path.name}
                if path.name in until:
                    await ended[until[path.name]].wait()
                running.remove(path.name)
                ended[path.name].set()
                return (path.name,)

            await check.run_all(paths, jobs, run, lambda path, name: told.append(name))

        asyncio.run(everything())
        return told, beside

    def test_order_is_that_of_the_names_whoever_ends_first(self):
        names = ["00_a", "01_b", "02_c", "03_d"]
        told, _ = self.turns(names, 2, {"00_a": "02_c"})  # the first one ends after the third
        self.assertEqual(names, told)

    def test_no_more_at_a_time_than_wanted(self):
        names = ["00_a", "00_a_exercises", "01_b", "02_c", "03_d"]
        told, beside = self.turns(names, 1, {})
        self.assertEqual((names, [set()] * 5), (told, [beside[n] for n in names]))
        told, beside = self.turns(names, 2, {})
        self.assertEqual(names, told)
        self.assertTrue(all(len(others) <= 1 for others in beside.values()), beside)
        self.assertNotIn("00_a", beside["00_a_exercises"])


if __name__ == "__main__":
    unittest.main()
