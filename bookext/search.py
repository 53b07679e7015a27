"""What the search looks through: what a reader sees of a page.

Equations are not seen as the TeX in which they are written, and what is for slides alone is on no
page; a hit there would have nothing to show.
"""

from __future__ import annotations

from itertools import groupby

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder

from bookext.decks import HIDDEN


def seen(doctree: nodes.document) -> nodes.document:
    """A copy of a page without TeX and without cells that are for slides alone."""
    copy = doctree.deepcopy()
    for mark in [each for each in copy.findall(nodes.raw) if each.astext().startswith(HIDDEN)]:
        cell = mark.parent.children
        start = cell.index(mark)
        end = next(i for i in range(start, len(cell)) if cell[i].astext() == "<!--/cell-->")
        del mark.parent[start : end + 1]
    for equation in [*copy.findall(nodes.math), *copy.findall(nodes.math_block)]:
        equation.parent.remove(equation)
    # A name with an accent, which the bibliography writes in pieces, is one word.
    for parent in {text.parent for text in copy.findall(nodes.Text)}:
        pieces = groupby(parent.children, lambda each: isinstance(each, nodes.Text))
        parent.children = [
            each
            for is_text, run in pieces
            for each in ([nodes.Text("".join(run))] if is_text else run)
        ]
    return copy


class Pages(StandaloneHTMLBuilder):
    """Builds the pages as Sphinx does, and lets the search find what is seen."""

    def index_page(self, pagename, doctree, title):
        """Take up the words of a page."""
        super().index_page(pagename, seen(doctree), title)


def setup(app):
    """Build pages so."""
    app.add_builder(Pages, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
