"""Cut a reveal.js deck out of a rendered chapter.

A cell whose metadata has ``slideshow: {slide_type: slide | subslide | fragment | "-"}`` is on
the deck: ``slide`` and ``subslide`` start one, the others go on with it. ``notes`` cells are for
the speaker view only. ``only: true`` beside the type keeps a cell from the page. Cells without
a slide type stay in the chapter alone. A slide that begins with a paragraph in bold has that for
its title. The cells of the deck are the rendered ones, so that
equations, citations, numbers and explorers are those of the page.
"""

from __future__ import annotations

import posixpath
import re
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup, Comment
from docutils import nodes
from myst_nb.core.render import MditRenderMixin
from sphinx.errors import ExtensionError

from smlib.explorer import assets
from smlib.figures.style import THEME

_TYPES = {"slide", "subslide", "fragment", "notes", "skip", "-"}
#: Stands before a cell that is not on the page.
HIDDEN = "<!--cell:hidden-->"
_STYLE = Path(__file__).with_name("deck.css")
_HIDDEN = re.compile(f"{HIDDEN}.*?<!--/cell-->", re.S)
_MARKS = re.compile(r"<!--/?cell[^>]*-->")


def _marked(render):
    """Wrap a cell renderer of MyST-NB, which drops the metadata, to leave marks of it."""

    def wrapper(self, token):
        slideshow = token.meta["metadata"].get("slideshow", {})
        kind = slideshow.get("slide_type", "skip")
        if kind not in _TYPES:
            raise ValueError(f"slide_type {kind!r} is not one of {sorted(_TYPES)}")
        hidden = kind == "notes" or slideshow.get("only", False)
        mark = f"<!--cell:{kind}-->"
        if hidden and any(child.type == "heading" for child in token.children):
            raise ValueError(f"a heading in a cell that is not on the page: {token.content!r}")
        if hidden:
            mark = HIDDEN + mark
        self.current_node.append(nodes.raw("", mark, format="html"))
        render(self, token)
        self.current_node.append(nodes.raw("", "<!--/cell-->", format="html"))

    return wrapper


def _blocks(parent):
    """The marks and the elements of a page in order, sections opened up."""
    for child in parent.children:
        if isinstance(child, Comment):
            yield str(child), None
        elif getattr(child, "name", None) == "section":
            yield from _blocks(child)
        elif getattr(child, "name", None):
            yield None, child


def _is_title(element) -> bool:
    """Whether a paragraph is one bold phrase, which titles a slide that has no heading."""
    parts = [part for part in element.children if str(part).strip()]
    return element.name == "p" and len(parts) == 1 and parts[0].name == "strong"


def cut(body: str, page: str) -> list[list[list[str]]]:
    """Slides of a page: a list of stacks, each a list of slides, each a list of HTML blocks."""
    stacks: list[list[list[str]]] = []
    kind = "skip"
    for mark, element in _blocks(BeautifulSoup(body, "html.parser")):
        if mark is not None:
            if mark.startswith("cell:") and mark != "cell:hidden":
                kind = mark.removeprefix("cell:")
                if kind == "slide":
                    stacks.append([[]])
                elif kind == "subslide":
                    stacks[-1].append([])
            elif mark == "/cell":
                # Headings close sections after the mark; what follows belongs to the next cell.
                kind = "skip" if kind in ("notes", "skip") else kind
            continue
        if kind == "skip" or not stacks:
            continue
        for detail in element.select(".headerlink, details.hide.above-input"):
            detail.decompose()
        # Links alone: the parts of a figure refer to each other by href as well.
        for link in element.select("a[href]"):
            link["href"] = _target(link["href"], page)
        if not stacks[-1][-1] and _is_title(element):
            element.name = "h2"
            element.strong.unwrap()
        html = str(element)
        if kind == "notes":
            html = f'<aside class="notes">{html}</aside>'
        elif kind == "fragment":
            html = f'<div class="fragment">{html}</div>'
        stacks[-1][-1].append(html)
    return stacks


def _target(link: str, page: str) -> str:
    """Where a link of the page leads from its deck, which lies in ``slides/``."""
    path, hash_, anchor = link.partition("#")
    # The link to a state of an explorer on the slide stays on the slide.
    if re.match(r"[a-z]+:|//", link) or anchor.startswith("explorer-"):
        return link
    resolved = posixpath.normpath(posixpath.join("book", path)) if path else page + ".html"
    return f"../{resolved}{hash_}{anchor}"


def _deck(title: str, author: str, stacks, page: str, base: str) -> str:
    slides = []
    for stack in stacks:
        inner = ["<section>" + "".join(blocks) + "</section>" for blocks in stack]
        slides.append(inner[0] if len(inner) == 1 else f"<section>{''.join(inner)}</section>")
    return f"""<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} (slides)</title>
<meta name="description" content="Slides of the chapter {escape(title)}, with figures that move.">
<link rel="canonical" href="{base}slides/{posixpath.basename(page)}.html">
<link rel="icon" href="../_static/mark.svg">
<link rel="preload" as="font" type="font/woff2" crossorigin
 href="../fonts/sans/source-sans-3-latin-wght-normal.woff2">
<link rel="stylesheet" href="../reveal/dist/reset.css">
<link rel="stylesheet" href="../reveal/dist/reveal.css">
<link rel="stylesheet" href="../_static/pygments.css">
<link rel="stylesheet" href="../_static/palette.css">
<link rel="stylesheet" href="../_static/book.css">
<link rel="stylesheet" href="../_static/equations.css">
<style>{_STYLE.read_text(encoding="utf-8")}</style>{assets(THEME)}
</head><body><div class="reveal"><div class="slides">
{"".join(slides)}
</div>
<p class="deck-foot"><a href="../{page}.html">{escape(title)}</a> · {escape(author)} · CC BY 4.0</p>
</div>
<script src="../_static/copy.js"></script>
<script src="../reveal/dist/reveal.js"></script>
<script src="../reveal/plugin/notes/notes.js"></script>
<script>Reveal.initialize({{width: 1280, height: 720, margin: 0.03, center: false, hash: true,
slideNumber: "c/t", transition: "none", plugins: [RevealNotes]}});</script>
</body></html>
"""


def write_deck(app, pagename, templatename, context, doctree):
    """Write the deck of a page that marks slides; clean the page of what is for the deck."""
    body = context.get("body")
    if app.builder.name != "html" or not body or "<!--cell:" not in body:
        return
    stacks = cut(body, pagename)
    body = _MARKS.sub("", _HIDDEN.sub("", body))
    if stacks:
        title = BeautifulSoup(context["title"], "html.parser").get_text()
        path = Path(app.outdir) / "slides" / f"{posixpath.basename(pagename)}.html"
        path.parent.mkdir(exist_ok=True)
        base = app.config.html_baseurl
        html = _deck(title, app.config.author, stacks, pagename, base)
        path.write_text(html, encoding="utf-8")
        links = f'<a href="../slides/{path.name}">Slides of this chapter</a>'
        if f"book/api/{path.stem}" in app.env.found_docs:
            links += f' · <a href="api/{path.name}">Functions of this chapter</a>'
        before, end, rest = body.partition("</h1>")
        if not end:
            raise ExtensionError(f"{pagename} has slides, but no title")
        body = f'{before}{end}<p class="deck-link">{links}</p>{rest}'
    context["body"] = body


def setup(app):
    """Connect to Sphinx."""
    for name in ("render_nb_cell_markdown", "render_nb_cell_code"):
        render = getattr(MditRenderMixin, name)
        if not hasattr(render, "marked"):
            wrapper = _marked(render)
            wrapper.marked = True
            setattr(MditRenderMixin, name, wrapper)
    # The last one to see the page: after extensions that complete its body.
    app.connect("html-page-context", write_deck, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
