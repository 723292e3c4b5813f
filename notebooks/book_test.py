"""Tests of the book: it is complete, its links lead somewhere, and it needs no network."""

import html.parser
import pathlib
import tempfile
import unittest
from urllib.parse import unquote

import book
import formulas
from page import Page, slug


class Links(html.parser.HTMLParser):
    """What a page refers to: links of its text, places in it, and files that it loads."""

    def __init__(self, page):
        super().__init__()
        self.links, self.places, self.loaded, self.text = [], set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.places.add(attributes.get("id"))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag == "link":
            self.loaded.append(attributes["href"])
        self.loaded += [attributes[name] for name in ("src", "srcset", "poster", "data") if attributes.get(name)]

    def handle_data(self, data):
        self.text.append(data)


class Course(unittest.TestCase):
    """The book of the notebooks that are here, built once."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        scratch = pathlib.Path(cls.scratch.name)
        cls.folder = scratch / "book"
        mathjax = scratch / "mathjax/tex-svg-full.js"
        mathjax.parent.mkdir()
        mathjax.write_text("// in place of MathJax\n")
        cls.book = book.Book(cls.folder, mathjax)
        cls.book.build()
        cls.pages = {p: Links(p.read_text(encoding="utf-8")) for p in sorted(cls.folder.rglob("*.html"))}

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_links_lead_to_files_and_places_of_the_book(self):
        for page, found in self.pages.items():
            for link in found.links:
                if link.startswith(("https://", "http://")):
                    continue
                file, _, place = link.partition("#")
                target = (page.parent / unquote(file)).resolve() if file else page
                self.assertTrue(target.is_relative_to(self.folder.resolve()), f"{page.name}: {link} leaves the book")
                self.assertTrue(target.is_file(), f"{page.name}: nothing at {link}")
                if place:
                    self.assertIn(place, self.pages[self.folder / target.relative_to(self.folder.resolve())].places, f"{page.name}: no place {link}")

    def test_no_link_of_a_notebook_was_dropped(self):
        self.assertEqual([], self.book.lost)

    def test_nothing_is_loaded_from_the_network(self):
        for page, found in self.pages.items():
            for address in found.loaded:
                if address.startswith("data:"):
                    continue
                self.assertNotRegex(address, "^[a-z]*:?//", page.name)
                self.assertTrue((page.parent / address).is_file(), f"{page.name}: nothing at {address}")
            self.assertNotRegex(page.read_text(encoding="utf-8"), r"@import|cdn\.|cdnjs|googleapis", page.name)
        self.assertNotRegex((self.folder / "book.css").read_text(), r"url\(|@import")

    def test_index_has_all_notebooks_with_their_companions(self):
        index = self.pages[self.folder / "index.html"].links
        notebooks = [p for p in book.HERE.rglob("*.ipynb") if p.parent.name in ("notebooks", "solutions")]
        self.assertGreater(len(notebooks), 10)
        for path in notebooks:
            self.assertIn(path.relative_to(book.HERE).with_suffix(".html").as_posix(), index)

    def test_chapters_lead_to_their_neighbours(self):
        chapters = self.book.chapters
        for before, after in zip(chapters, chapters[1:]):
            self.assertIn(f"{after.name}.html", self.pages[self.folder / f"{before.name}.html"].links)
            self.assertIn(f"{before.name}.html", self.pages[self.folder / f"{after.name}.html"].links)

    def test_no_formula_is_left_behind(self):
        for page, found in self.pages.items():
            text = "".join(found.text)
            self.assertNotIn("FORMULA", text, page.name)
            if "sources" not in page.parts:
                self.assertNotIn("$$", text, page.name)

    def test_the_same_book_twice(self):
        again = pathlib.Path(self.scratch.name) / "again"
        book.Book(again, self.book.mathjax).build()
        files = sorted(p.relative_to(self.folder) for p in self.folder.rglob("*") if p.is_file())
        self.assertEqual(files, sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file()))
        for file in files:
            self.assertEqual((self.folder / file).read_bytes(), (again / file).read_bytes(), file)


class Pages(unittest.TestCase):
    def page(self, text):
        page = Page()
        page.markdown(text)
        return page.body

    def test_formulas_pass_markdown_unharmed(self):
        self.assertIn(r"\(a_k*b_k*c\)", self.page("So $a_k*b_k*c$ is."))
        self.assertIn(r"\[x &lt; \frac{1}{2}\]", self.page("$$\nx < \\frac{1}{2}\n$$"))
        self.assertIn(r"<td>\(|x|\)</td>".replace(r"\(", r'<span class="math">\(').replace("</td>", "</span></td>"), self.page("| a |\n|---|\n| $|x|$ |\n"))
        self.assertIn(r"\(P\) and \(Q\)", "".join(Links(self.page("$P$ and $Q$")).text))

    def test_what_is_no_formula_stays(self):
        for text in ("It costs $5 and $6.", r"\$x\$", "`$OUT` and `$x$`", "```\necho $HOME $PATH\n```"):
            self.assertNotIn("math", self.page(text), text)

    def test_headings_with_formulas_have_plain_places(self):
        page = Page()
        page.markdown("## The law $P_x$\n\n## The law $P_x$")
        self.assertEqual(["the-law-p_x", "the-law-p_x-again"], [place for _, place, _ in page.headings])
        self.assertEqual("a-b", slug("<em>A</em> &amp; b!"))

    def test_outputs_of_the_kind_latex(self):
        self.assertIn(r"\[\begin{aligned}a &amp;= b\end{aligned}\]", formulas.of_output("$$\\begin{aligned}a &= b\\end{aligned}$$"))

    def test_links_inside_formulas_and_tags_keep_their_source(self):
        self.assertIn('href="x_y"', formulas.Formulas("$x_y$").restore('<a href="xFORMULAx0x">z</a>'))


if __name__ == "__main__":
    unittest.main()
