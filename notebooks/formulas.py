"""LaTeX formulas of a page: set aside while Markdown is read, put back for MathJax.

Markdown takes underscores, asterisks and bars of a formula for its own, so each
formula is replaced by a word without any of them.
"""

import html
import re

# Code comes first: dollar signs in it are not formulas.
_PATTERN = re.compile(
    r"(?P<code>^(?P<fence>```+|~~~+).*?^(?P=fence)|(?P<tick>`+).*?(?P=tick))"
    r"|\$\$(?P<display>.+?)\$\$"
    r"|(?<![\\$])\$(?=\S)(?P<inline>(?:(?!\n\s*\n)[^$])+?)(?<=\S)\$(?![\d$])",
    re.DOTALL | re.MULTILINE,
)


def markup(latex, display):
    """A formula as MathJax finds it on the page; without MathJax its source is read."""
    left, right = (r"\[", r"\]") if display else (r"\(", r"\)")
    return f'<span class="math">{left}{html.escape(latex.strip())}{right}</span>'


class Formulas:
    """The formulas of one Markdown text."""

    def __init__(self, text):
        self._found = []
        self.text = _PATTERN.sub(self._aside, text)  # without them

    def _aside(self, match):
        if match["code"]:
            return match[0]
        display = match["display"] is not None
        self._found.append((match["display"] if display else match["inline"], display))
        return f"xFORMULAx{len(self._found) - 1}x"

    def restore(self, page):
        """HTML made of the text, with its formulas: as source inside of tags, where no markup can be."""
        def source(match):
            return re.sub(r"xFORMULAx(\d+)x", lambda m: html.escape(self._found[int(m[1])][0]), match[0])

        page = re.sub(r"<[^<>]*xFORMULAx\d+x[^<>]*>", source, page)
        return re.sub(r"xFORMULAx(\d+)x", lambda m: markup(*self._found[int(m[1])]), page)


def of_output(latex):
    """The formulas of an output of the kind text/latex."""
    formulas = Formulas(latex)
    return f"<p>{formulas.restore(html.escape(formulas.text))}</p>"
