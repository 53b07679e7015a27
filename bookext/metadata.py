"""How the site is found: descriptions and cards of its pages, sitemap, index, page not found.

It also keeps what a Content-Security-Policy would forbid out of the pages, see ``tools/csp.py``.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from matplotlib.figure import Figure
from sphinx import addnodes

from smlib.figures.cover import mark
from smlib.figures.style import THEME

_LENGTH = 200
_CARD = "_static/card.png"
_GENERATED = {"genindex": ("Index", "Terms and functions of the book, by letter.")}
#: What a button of the theme runs, which a policy would have to allow, and what stands for it,
#: see ``book/_static/page.js``.
_HANDLERS = {
    'onclick="window.print()"': 'data-press="print"',
    'onclick="toggleFullScreen()"': 'data-press="fullscreen"',
}
# The script knows where the site begins: before the first folder that every edition has.
_NOT_FOUND = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Not found: {title}</title>
<style>
:root {{ color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --link: #0068a8; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --paper: #14181e; --ink: #ced6dd; --link: #62b6ee; }}
}}
body {{ max-width: 34rem; margin: 12vh auto; padding: 0 1.2rem; background: var(--paper);
  color: var(--ink); font: 1.15rem/1.6 Georgia, "Times New Roman", serif; }}
h1 {{ font: 650 2rem/1.2 system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }}
a {{ color: var(--link); }}
</style></head><body><main>
<h1>This page does not exist</h1>
<p>The address may have a typing error, or the page has moved. You can look for it:</p>
<ul>
<li><a data-to="index.html" href="{base}">{title}, from the beginning</a></li>
<li><a data-to="search.html" href="{base}search.html">Search the book</a></li>
<li><a data-to="genindex.html" href="{base}genindex.html">Index of terms and functions</a></li>
</ul>
</main>
<script>
const path = location.pathname, home = "{path}";
const inside = path.search(/\\/(book|slides|lite)(\\/|$)/);
const root = path.startsWith(home) ? home : inside < 0 ? "/" : path.slice(0, inside + 1);
for (const link of document.querySelectorAll("[data-to]")) link.href = root + link.dataset.to;
</script>
</body></html>
"""


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


def address(app, page: str) -> str:
    """The public address of a page."""
    return app.config.html_baseurl + app.builder.get_target_uri(page)


def describe(app, page, template, context, doctree):
    """Add description and card to the head of a page."""
    # The page's name, which the theme writes for a switch of versions, differs on every page.
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "DOCUMENTATION_OPTIONS.pagename"
        not in (getattr(script, "attributes", {}).get("body") or "")
    ]
    if doctree is not None:
        title = doctree.next_node(nodes.title).astext()
        text = description(doctree)
        if not text or page.startswith("book/solutions/"):
            text = f"{title}. {app.config.html_title}, an open, executable textbook."
    elif page in _GENERATED:
        title, text = _GENERATED[page]
    else:
        return
    card = {
        "og:type": "article" if doctree is not None else "website",
        "og:site_name": app.config.html_title,
        "og:title": title,
        "og:description": text,
        "og:url": address(app, page),
        "og:image": app.config.html_baseurl + _CARD,
        "og:image:alt": "Three discs that do not fit, and the title of the book.",
    }
    tags = [f'<meta name="description" content="{escape(text)}" />']
    tags += [f'<meta property="{key}" content="{escape(value)}" />' for key, value in card.items()]
    tags += ['<meta name="twitter:card" content="summary_large_image" />']
    # The parser of the pages writes an empty description of its own.
    old = context.get("metatags", "")
    context["metatags"] = old + "\n    " + "\n    ".join(tags)


def list_index(app, doctree):
    """Put the index, which is no file, at the end of the table of contents."""
    if app.env.docname != app.config.root_doc:
        return
    toctrees = list(doctree.findall(addnodes.toctree))
    toctrees[-1]["entries"].append(("Index", "genindex"))


def without_handlers(app):
    """Replace the handlers that the theme writes into its buttons."""
    if app.builder.format != "html" or not hasattr(app.builder, "templates"):
        return
    render = app.builder.templates.render

    def rendered(template, context):
        html = render(template, context)
        for handler, press in _HANDLERS.items():
            html = html.replace(handler, press)
        return html

    app.builder.templates.render = rendered


def draw_card(path: Path, title: str) -> None:
    """The picture of the site for a card: its mark and its title."""
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=THEME.colors["paper"][0])
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1])
    for part in (left, right):
        part.set_facecolor("paper")
    mark.draw(left)
    right.text(0.0, 0.5, "\n".join(title.split()), color="ink", size=64, weight="bold", va="center")
    figure.savefig(path, metadata={"Software": None})


def finish(app, error):
    """Write what belongs to the site as a whole."""
    if error or app.builder.name != "html":
        return
    out, base = Path(app.outdir), app.config.html_baseurl
    decks = [f"slides/{path.name}" for path in (out / "slides").glob("*.html")]
    pages = [app.builder.get_target_uri(page) for page in app.env.found_docs]
    listed = "".join(
        f"<url><loc>{escape(base + page)}</loc></url>\n" for page in sorted([*pages, *decks])
    )
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{listed}</urlset>\n',
        encoding="utf-8",
    )
    page = _NOT_FOUND.format(
        title=escape(app.config.html_title), base=base, path=urlsplit(base).path
    )
    (out / "404.html").write_text(page, encoding="utf-8")
    draw_card(out / _CARD, app.config.html_title)


def setup(app):
    """Connect to Sphinx. The table of contents is read at priority 500."""
    app.add_js_file("page.js")
    app.connect("builder-inited", without_handlers)
    app.connect("doctree-read", list_index, priority=400)
    app.connect("html-page-context", describe, priority=700)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
