"""What the site tells of itself: descriptions of its pages, its own address, sitemap, index, page
not found.

Cards are written by sphinxext-opengraph, from what is told here.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from docutils.utils import new_document
from matplotlib.figure import Figure
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinxext.opengraph import get_tags

from smlib.figures.cover import mark
from smlib.figures.style import THEME

_LENGTH = 200
#: The page that a server shows for the site's own address.
HOME = "index"


def shortened(text: str) -> str:
    """A text in one line, cut after a word where it is too long for a description."""
    text = " ".join(text.split())
    return text if len(text) <= _LENGTH else text[:_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def plain(node: nodes.Node) -> str:
    """Text of a sentence; symbols of a formula by their names."""
    return shortened(node.astext().replace("\\", ""))


def description(doctree: nodes.document) -> str:
    """The opening question of a chapter, or the first paragraph of another page."""
    for box in doctree.findall(nodes.Admonition):
        for question in box.findall(nodes.strong):
            if question.astext().endswith("?"):
                return plain(question)
    for paragraph in doctree.findall(nodes.paragraph):
        within = paragraph.parent.tagname in ("section", "desc_content")
        if within and not paragraph.astext().startswith("Chapter: "):
            return plain(paragraph)
    return ""


def describe(app, page, template, context, doctree):
    """Describe a page in its head, and to the extension that writes its card."""
    told = dict(context.get("meta") or {})
    root = app.config.root_doc
    if doctree is not None:
        text = description(doctree)
        if not text or page.startswith("book/solutions/"):
            title = doctree.next_node(nodes.title).astext()
            text = f"{title}. {app.config.html_title}, an open, executable textbook."
    elif page == HOME:
        text = description(app.env.get_doctree(root))
    elif page == "genindex":
        text = "Terms and functions of the book, by letter."
        told["og:type"] = "website"
    else:
        return
    told["og:description"] = text = escape(text)
    tags = f'<meta name="description" content="{text}" />\n'
    context["meta"] = told
    if doctree is None:  # for such a page the extension writes no card of its own accord
        names = ("srcdir", "outdir", "config", "builder", "env")
        about = {name: getattr(app, name) for name in names}
        title, name = (app.config.html_title, root) if page == HOME else ("Index", page)
        shown = {**context, "title": title, "pagename": name}
        tags += get_tags(shown, new_document(""), **about)
    if page == HOME:
        context["told"] = tags
    else:
        context["metatags"] = f"{context.get('metatags', '')}\n{tags}"


def same_on_all_pages(app, page, template, context, doctree):
    """Leave out the script that names the page, which the theme writes for a switch of versions.

    A Content-Security-Policy allows scripts by their hashes, see ``tools/csp.py``.
    """
    kept = [
        script
        for script in context["script_files"]
        if "DOCUMENTATION_OPTIONS.pagename"
        not in (getattr(script, "attributes", {}).get("body") or "")
    ]
    if len(kept) == len(context["script_files"]):
        raise ExtensionError(f"{page}: the theme names the page in another way")
    context["script_files"] = kept


def list_index(app, doctree):
    """Put the index, which is no file, at the end of the table of contents."""
    if app.env.docname != app.config.root_doc:
        return
    toctrees = list(doctree.findall(addnodes.toctree))
    toctrees[-1]["entries"].append(("Index", "genindex"))


def other_pages(app):
    """The site's own address, which leads to the first page; the page not found.

    That of sphinx-notfound-page leads home, and to its own style sheets, from one path alone.
    """
    base = app.config.html_baseurl
    colors = {"light": THEME.variables(0), "dark": THEME.variables(1)}
    yield HOME, {"base": base, "root_doc": app.config.root_doc}, "home.html"
    yield "404", {"base": base, "path": urlsplit(base).path, **colors}, "404.html"


def draw_card(path: Path, title: str) -> None:
    """The picture of the site for a card: its mark and its title."""
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=THEME.colors["paper"][0])
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1])
    for part in (left, right):
        part.set_facecolor("paper")
    mark.draw(left)
    right.text(0.0, 0.5, "\n".join(title.split()), color="ink", size=64, weight="bold", va="center")
    figure.savefig(path, metadata={"Software": None})


def write_sitemap_and_card(app, error):
    """Write sitemap and card.

    sphinx-sitemap lists the pages that this build writes, so that a second build would drop all
    others, and knows no decks.
    """
    if error or app.builder.name != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    pages = [app.builder.get_target_uri(page) for page in app.env.found_docs]
    pages += [f"slides/{path.name}" for path in (out / "slides").glob("*.html")]
    listed = "".join(f"<url><loc>{escape(base + page)}</loc></url>\n" for page in sorted(pages))
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n',
        encoding="utf-8",
    )
    draw_card(out / app.config.ogp_image, app.config.html_title)


def setup(app):
    """Connect to Sphinx: the table of contents is read and cards are written at priority 500."""
    app.setup_extension("sphinxext.opengraph")
    app.add_js_file("page.js")
    app.connect("doctree-read", list_index, priority=400)
    app.connect("html-page-context", describe, priority=400)
    app.connect("html-page-context", same_on_all_pages, priority=700)
    app.connect("html-collect-pages", other_pages)
    app.connect("build-finished", write_sitemap_and_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
