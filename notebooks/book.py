#!/usr/bin/env python3
"""Build the book: the course as pages that any browser shows from a folder.

    .venv/bin/python notebooks/book.py [--out DIR] [--mathjax FILE]

Notebooks are shown with the outputs that they hold; nothing is executed, and no
page asks for anything on the network. index.html is the first page. Formulas are
set by MathJax, which "make setup" fetches; without it they are read as LaTeX.
"""

import argparse
import functools
import html
import os
import pathlib
import posixpath
import re
import shutil
import subprocess
import sys

from page import Page
from pygments.formatters import HtmlFormatter

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
MATHJAX = ROOT / ".venv/share/mathjax/tex-svg-full.js"
SOURCES = "sources"  # folder of the book for files that are no notebooks
FIGURES = "figures"

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{up}book.css">
{mathjax}</head>
<body class="plain">
<header><nav>{steps}</nav></header>
<div class="columns">
{contents}<main>
{body}
</main>
</div>
<footer><nav>{steps}</nav></footer>
</body>
</html>
"""

MATHJAX_TAGS = """<script>MathJax = {{options: {{enableMenu: false, ignoreHtmlClass: "plain", processHtmlClass: "math"}}, svg: {{fontCache: "local", scale: 0.92}}}};</script>
<script defer src="{up}mathjax/tex-svg-full.js"></script>
"""


class Chapter:
    """A notebook of the course, with its exercises and solutions where there are any."""

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.exercises = path.with_name(f"{path.stem}_exercises.ipynb")
        self.solutions = path.parent / "solutions" / f"{path.stem}_solutions.ipynb"

    @property
    def number(self):
        return self.name.split("_")[0]

    @property
    def short(self):
        """The name for links, as the course map has it: 00 Start here."""
        link = re.search(rf"\[({self.number} [^]]*)\]\({re.escape(self.path.name)}\)", (HERE / "README.md").read_text(encoding="utf-8"))
        return link[1] if link else f"{self.number} {self.name.removeprefix(self.number).replace('_', ' ').strip().capitalize()}"

    def notebooks(self):
        """The notebook itself and its companions, each with the name of its link."""
        every = ((self.path, "notebook"), (self.exercises, "exercises"), (self.solutions, "solutions"))
        return [(path, kind) for path, kind in every if path.exists()]


def course(folder):
    return [Chapter(p) for p in sorted(folder.glob("[0-9]*.ipynb")) if not p.stem.endswith("_exercises")]


class Book:
    """Writes pages below a folder; addresses are relative to it."""

    def __init__(self, folder, mathjax):
        self.folder, self.mathjax = folder, mathjax
        self.chapters = course(HERE)
        self.notebooks = {p.resolve(): p.relative_to(HERE).with_suffix(".html").as_posix() for c in self.chapters for p, _ in c.notebooks()}
        self.lost = []  # (file, target) of links that lead nowhere
        self.asked = {}  # files outside the notebooks that pages link to, with their addresses

    def address(self, target, ask):
        """The page of a file of the repository, or None; with ask one is made for it."""
        if target in self.notebooks:
            return self.notebooks[target]
        if target == HERE / "README.md":
            return "README.html"
        if target in self.asked or not ask:
            return self.asked.get(target)
        if not target.exists() or not target.is_relative_to(ROOT) or target.suffix == ".ipynb":
            return None
        self.asked[target] = f"{SOURCES}/{target.relative_to(ROOT).as_posix()}.html"
        return self.asked[target]

    def link(self, page, source, here, ask):
        """Links of a page that was made of a file: to pages of the book, or none."""
        def replace(match):
            target, _, place = html.unescape(match[1]).partition("#")
            if re.match(r"[a-z]+:", target) or not target:
                return match[0]
            found = self.address((source.parent / target).resolve(), ask)
            if found is None:
                if ask and not (source.parent / target).exists():
                    self.lost.append((source.name, target))
                return f"<a>{match[2]}</a>"
            back = posixpath.relpath(found, posixpath.dirname(here) or ".")
            return f'<a href="{html.escape(back + ("#" + place if place else ""))}">{match[2]}</a>'

        return re.sub(r'<a href="([^"]*)"[^>]*>(.*?)</a>', replace, page, flags=re.DOTALL)

    def write(self, address, title, body, headings=(), steps=()):
        """One page. steps are (address, text) for its head and foot."""
        up = "../" * address.count("/")
        links = [f'<a href="{up}index.html">The course</a>'] + [f'<a href="{posixpath.relpath(to, posixpath.dirname(address) or ".")}">{text}</a>' for to, text in steps]
        items = "".join(f'<a class="level{level}" href="#{place}">{text}</a>' for level, place, text in headings if level in (2, 3))
        target = self.folder / address
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(FRAME.format(title=html.escape(title), up=up, body=body, contents=f'<nav class="contents">{items}</nav>\n' if items else "", steps=" ".join(links),
                                       mathjax=MATHJAX_TAGS.format(up=up) if self.mathjax else ""), encoding="utf-8")

    def figure_files(self, page, stem):
        for number, svg in enumerate(page.figures, 1):
            (self.folder / FIGURES / f"{stem}-{number}.svg").write_text(svg, encoding="utf-8")

    def chapter(self, index):
        """The pages of a chapter; returns its card for the index."""
        chapter = self.chapters[index]
        around = [(self.chapters[i], sign) for i, sign in ((index - 1, "← {}"), (index + 1, "{} →")) if 0 <= i < len(self.chapters)]
        own = [(self.notebooks[p.resolve()], kind) for p, kind in chapter.notebooks()]
        first = None
        for path, kind in chapter.notebooks():
            here, page = self.notebooks[path.resolve()], Page()
            up = "../" * here.count("/")
            page.notebook(path, lambda number: f"{up}{FIGURES}/{path.stem}-{number}.svg")
            self.figure_files(page, path.stem)
            if first is None:
                first = page
            title = next((re.sub(r"<[^>]*>", "", t) for level, _, t in page.headings if level == 1), path.stem)
            steps = [(self.notebooks[c.path.resolve()], sign.format(c.short)) for c, sign in around]
            steps += [(to, text) for to, text in own if text != kind]
            self.write(here, html.unescape(title), self.link(page.body, path, here, True), page.headings, steps)
        return self.card(chapter, own, first)

    def card(self, chapter, own, page):
        title = next((t for level, _, t in page.headings if level == 1), chapter.name)
        question = re.search(r"<strong>Question\.</strong>(.*?)</p>", page.body, re.DOTALL)
        image = f'<img alt="" src="{FIGURES}/{chapter.name}-1.svg">' if page.figures else ""
        links = " · ".join(f'<a href="{to}">{text}</a>' for to, text in own)
        return (f'<article><a class="thumbnail" href="{own[0][0]}">{image}</a><div><h3><a href="{own[0][0]}">{chapter.number} {title}</a></h3>'
                f"<p>{question[1].strip() if question else ''}</p><p>{links}</p></div></article>")

    def source(self, target, address):
        """A Markdown file, a source file or, for a package, its documentation."""
        page, name = Page(), target.relative_to(ROOT).as_posix()
        if target.is_dir():
            page.parts.append(f"<h1>Package {name}</h1>")
            page.code(documentation(target))
        elif target.suffix == ".md":
            page.markdown(target.read_text(encoding="utf-8"))
        else:
            page.parts.append(f"<h1>{name}</h1>")
            page.file(target.name, target.read_text(encoding="utf-8"))
        self.write(address, name, self.link(page.body, target, address, False), page.headings)

    def build(self):
        (self.folder / FIGURES).mkdir(parents=True, exist_ok=True)
        cards = [self.chapter(i) for i in range(len(self.chapters))]
        about = Page()
        about.markdown((HERE / "README.md").read_text(encoding="utf-8"))
        self.write("README.html", "About the course", self.link(about.body, HERE / "README.md", "README.html", False), about.headings)
        for target, address in sorted(self.asked.items()):
            self.source(target, address)
        intro = Page()
        intro.markdown((HERE / "book.md").read_text(encoding="utf-8"))
        self.write("index.html", "Stochastic reaction networks: the course",
                   self.link(intro.body, HERE / "book.md", "index.html", False) + '<div class="cards">' + "\n".join(cards) + "</div>")
        style = (HERE / "book.css").read_text(encoding="utf-8") + HtmlFormatter().get_style_defs(".highlight")
        (self.folder / "book.css").write_text(style, encoding="utf-8")
        if self.mathjax:
            shutil.copytree(self.mathjax.parent, self.folder / "mathjax", dirs_exist_ok=True)


@functools.cache
def documentation(folder):
    """What go doc says about a package, or else its file of documentation."""
    try:
        return subprocess.run(["go", "doc", "-all", "."], cwd=folder, check=True, capture_output=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        doc = folder / "doc.go"
        return doc.read_text(encoding="utf-8") if doc.exists() else "\n".join(sorted(os.listdir(folder)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/book", help="folder for the pages; what it holds is replaced")
    parser.add_argument("--mathjax", type=pathlib.Path, default=MATHJAX, help="MathJax in one file")
    args = parser.parse_args()
    if args.out.exists() and any(args.out.iterdir()) and not (args.out / "book.css").exists():
        parser.error(f"{args.out} holds other files: name a new folder")
    shutil.rmtree(args.out, ignore_errors=True)
    mathjax = args.mathjax if args.mathjax.exists() else None
    if mathjax is None:
        print(f'book: formulas are shown as LaTeX, as there is no {args.mathjax} ("make setup" fetches it)')
    book = Book(args.out, mathjax)
    book.build()
    for name, target in book.lost:
        print(f"book: {name} links to {target}, which is not there")
    print(f"book: {len(book.chapters)} notebooks in {args.out / 'index.html'}")
    return 1 if book.lost else 0


if __name__ == "__main__":
    sys.exit(main())
