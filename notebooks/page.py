"""A notebook, a Markdown file or a source file as the body of an HTML page."""

import html
import re

import nbformat
from formulas import Formulas, of_output
from outputs import joined
from nbconvert.filters import markdown2html, strip_ansi
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import GoLexer, TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

SVG = "image/svg+xml"
KINDS = ("text/html", SVG, "image/png", "text/latex", "text/markdown", "text/plain")  # best first


def slug(text):
    """A heading as the name of its place: words joined by hyphens."""
    return "-".join(re.findall(r"\w+", re.sub(r"<[^>]*>", "", html.unescape(text)).lower()))


class Page:
    """Collects the parts of a page, its headings and its figures."""

    def __init__(self):
        self.parts = []
        self.headings = []  # (level, place, HTML of the title)
        self.figures = []  # SVG texts, in order

    @property
    def body(self):
        return "\n".join(self.parts)

    def markdown(self, text):
        formulas = Formulas(text)
        self.parts.append(re.sub(r'<h(\d) id="[^"]*">(.*?)(?:<a class="anchor-link".*?</a>)?</h\1>', self._heading,
                                 formulas.restore(markdown2html(formulas.text)), flags=re.DOTALL))

    def _heading(self, match):
        level, title = int(match[1]), match[2]
        place = slug(title) or "part"
        while any(place == other for _, other, _ in self.headings):
            place += "-again"
        self.headings.append((level, place, title))
        return f'<h{level} id="{place}">{title}</h{level}>'

    def code(self, text, lexer=None):
        self.parts.append(highlight(text, lexer or TextLexer(), HtmlFormatter()))

    def file(self, name, text):
        """A source file in colours."""
        try:
            self.code(text, get_lexer_for_filename(name))
        except ClassNotFound:
            self.code(text)

    def figure(self, svg, image):
        """A figure; image(number) is the address of the file that it will have."""
        label = re.search(r'aria-label="([^"]*)"', svg)
        self.figures.append(svg)
        self.parts.append(f'<img class="figure" alt="{label[1] if label else "figure"}" src="{image(len(self.figures))}">')

    def output(self, output, image):
        if output.output_type == "stream":
            self.parts.append(f'<pre class="{output.name}">{html.escape(strip_ansi(output.text))}</pre>')
            return
        if output.output_type == "error":
            self.parts.append(f'<pre class="stderr">{html.escape(strip_ansi(output.evalue))}</pre>')
            return
        data = output.get("data", {})
        kind = next((k for k in KINDS if k in data), None)
        if kind == "text/html":
            if SVG in data:  # controls with figures: the first of them is for the index
                self.figures.append(data[SVG])
            self.parts.append(data[kind])
        elif kind == SVG:
            self.figure(data[kind], image)
        elif kind == "image/png":
            self.parts.append(f'<img class="figure" alt="figure" src="data:image/png;base64,{data[kind].strip()}">')
        elif kind == "text/latex":
            self.parts.append(of_output(data[kind]))
        elif kind == "text/markdown":
            self.markdown(data[kind])
        elif kind == "text/plain":
            self.parts.append(f"<pre>{html.escape(data[kind])}</pre>")

    def notebook(self, path, image):
        """The cells of a notebook with the outputs that it holds; nothing is executed."""
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                self.markdown(cell.source)
            elif cell.cell_type == "code":
                self.code(cell.source, GoLexer())
                if cell.outputs:
                    self.parts.append('<div class="output">')
                    for output in joined(cell.outputs):
                        self.output(output, image)
                    self.parts.append("</div>")
