"""The files that the site carries, and how small: fonts, icons, style sheets and scripts.

A page shows few of the glyphs and icons that its fonts have; those alone are carried. It paints
when it has the last of its style sheets and scripts, and two dozen requests take longer than their
bytes do, so they are joined.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from posixpath import dirname, join, normpath

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from smlib.figures.cover import mark
from smlib.figures.style import THEME

ROOT = Path(__file__).parents[1]
#: Folder of the site: (npm package, what of it is used).
VENDOR = {
    "reveal": (
        "reveal.js",
        ["dist/reveal.js", "dist/reveal.css", "dist/reset.css", "plugin/notes/notes.js"],
    ),
    "fonts/sans": (
        "@fontsource-variable/source-sans-3/files",
        ["source-sans-3-latin-wght-normal.woff2", "source-sans-3-greek-wght-normal.woff2"],
    ),
    "fonts/serif": (
        "@fontsource-variable/source-serif-4/files",
        ["source-serif-4-latin-wght-*.woff2", "source-serif-4-greek-wght-normal.woff2"],
    ),
}
#: Fonts that every page shows at once.
FIRST_FONTS = (
    "serif/source-serif-4-latin-wght-normal",
    "sans/source-sans-3-latin-wght-normal",
    "serif/source-serif-4-latin-wght-italic",
)
#: Fonts made before, which the next build most often needs again.
MADE = ROOT / "_build" / "fonts"


def pages(site: Path) -> dict[Path, str]:
    """Pages, index and decks; what a site carries besides is not made from the book's sources."""
    patterns = ("*.html", "book/**/*.html", "slides/*.html")
    paths = [path for pattern in patterns for path in sorted(site.glob(pattern))]
    return {path: path.read_text(encoding="utf-8") for path in paths}


# --- fonts and icons ----------------------------------------------------------------------------

_ICON = re.compile(r"fa-[a-z0-9-]+")
_ICON_RULE = re.compile(r'(?<=\})(?:\.fa-[a-z0-9-]+:before,?)+\{content:"[^"]*"\}')
_ICON_FONT = re.compile(r"(url\([^)]*/webfonts/fa-[a-z]+-\d+\.)woff2\) format\(\"woff2\"\),[^;}]*")
_CONTENT = re.compile(r"""content: ?(["'])(.*?)\1""")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6}) ?")


def characters(css: str) -> set[int]:
    """Code points that the rules of a style sheet write."""
    found: set[int] = set()
    for _, text in _CONTENT.findall(css):
        found.update(int(code, 16) for code in _ESCAPE.findall(text))
        found.update(map(ord, _ESCAPE.sub("", text)))
    return found


def slim(source: Path, target: Path, wanted: Iterable[int]) -> None:
    """Write a font with the wanted characters alone; whole if it has none of them."""
    wanted = sorted(set(wanted))
    key = hashlib.sha256(source.read_bytes() + f"{wanted} {fontTools.version}".encode())
    made = MADE / f"{key.hexdigest()[:32]}.woff"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        _cut(source, made, wanted)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)


def _cut(source: Path, target: Path, wanted: list[int]) -> None:
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    options.drop_tables += ["FFTM"]  # notes of the program that the font was drawn with
    font = TTFont(source, recalcTimestamp=False)
    kept = font.getBestCmap().keys() & set(wanted) or font.getBestCmap()
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    subset.save_font(font, target, options)


def icons(static: Path, texts: Iterable[str]) -> None:
    """Reduce the theme's icons to those that the texts of pages and the scripts name."""
    scripts = [path.read_text(encoding="utf-8") for path in static.rglob("*.js")]
    named = set(_ICON.findall("".join([*texts, *scripts])))
    written: set[int] = set()
    for path in static.rglob("*.css"):
        # An earlier build left these; they are made again after this.
        if path.name.startswith(("equations", "joined-")):
            continue
        css = path.read_text(encoding="utf-8")
        kept = _ICON_RULE.sub(lambda m: m[0] if named & set(_ICON.findall(m[0])) else "", css)
        kept = _ICON_FONT.sub(r'\1woff) format("woff")', kept)
        if "/webfonts/" in kept and ("woff2" in kept or not _ICON_RULE.search(kept)):
            raise ExtensionError(f"{path}: the theme writes its icons in another way")
        if kept != css:
            path.write_text(kept, encoding="utf-8")
        if "vendor" not in path.relative_to(static).parts:
            written |= characters(kept)
            written.update(ord(letter) for letter in kept if "\ue000" <= letter <= "\uf8ff")
    for path in static.glob("vendor/fontawesome/webfonts/*.ttf"):
        slim(path, path.with_suffix(".woff"), written)


# --- style sheets and scripts -------------------------------------------------------------------

_SHEET = re.compile(
    r'<link (?=[^>]*rel="stylesheet")[^>]*'
    r'href="(?P<up>(?:\.\./)*)_static/(?P<name>[^"?]+)[^"]*"[^>]*>\s*'
)
_SCRIPTS = re.compile(r'(?:<script src="(?:\.\./)*_static/[^"]+"></script>\s*)+')
_SCRIPT = re.compile(r'src="(?P<up>(?:\.\./)*)_static/(?P<name>[^"?]+)')
_IMPORT = re.compile(r"""@import\s+(?:url\()?["']?([^"')]+)["']?\)?\s*;""")
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|[#/])([^"')]+)\1\s*\)""")
#: Of a joined file: what it was made of stands in its first line.
_JOINED = re.compile(r"joined-[0-9a-f]+\.(?:css|js)")


def sheet(static: Path, name: str) -> str:
    """A style sheet with what it imports, as if it lay in ``static`` itself."""
    text = (static / name).read_text(encoding="utf-8")
    text = _URL.sub(lambda m: f'url("{normpath(join(dirname(name), m[2]))}")', text)
    # An import is an address, too, and has been moved already where it is written as one.
    return _IMPORT.sub(
        lambda m: sheet(static, m[1] if "url(" in m[0] else normpath(join(dirname(name), m[1]))),
        text,
    )


def _write(static: Path, names: list[str], kind: str) -> str:
    """Write a joined file; its name, which depends on what it is made of, and its version."""
    if kind == "css":
        text = "\n".join(sheet(static, name) for name in names)
    else:
        text = "\n;".join((static / name).read_text(encoding="utf-8") for name in names)
    name = f"joined-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:8]}.{kind}"
    (static / name).write_text(f"/* {' '.join(names)} */\n{text}", encoding="utf-8")
    return f"{name}?v={hashlib.sha256(text.encode()).hexdigest()[:8]}"


def joined(static: Path, text: str) -> str:
    """The text of a page, which loads the joined files in place of their parts."""
    text, end, rest = text.partition("</head>")
    sheets = list(_SHEET.finditer(text))
    if len(sheets) > 1:
        name = _write(static, [each["name"] for each in sheets], "css")
        first = f'<link rel="stylesheet" href="{sheets[0]["up"]}_static/{name}" />\n'
        text = text[: sheets[0].start()] + first + _SHEET.sub("", text[sheets[0].end() :])
    left = [link for link in re.findall("<link[^>]*stylesheet[^>]*>", text) if "_static/" in link]
    if len(left) > 1:
        raise ExtensionError(f"not all style sheets of a page are joined: {left}")

    def one(match: re.Match) -> str:
        found = list(_SCRIPT.finditer(match[0]))
        names = [each["name"] for each in found if (static / each["name"]).stat().st_size]
        if not names:
            return ""
        if len(names) == 1:
            return match[0]
        name = _write(static, names, "js")
        return f'<script src="{found[0]["up"]}_static/{name}"></script>\n'

    return _SCRIPTS.sub(one, text) + end + rest


def join_pages(app, error):
    """Join what the pages written in this build load, and again what all others do."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    static, used = out / "_static", set()
    for path, text in pages(out).items():
        new = joined(static, text)
        if new != text:
            path.write_text(new, encoding="utf-8")
        used.update(_JOINED.findall(new))
    for path in static.glob("joined-*"):
        if path.name in used:
            names = path.read_text(encoding="utf-8").split("\n", 1)[0].split()[1:-1]
            _write(static, names, path.suffix[1:])
        else:
            path.unlink()


# --- what comes from elsewhere ------------------------------------------------------------------


def draw_mark(app, config):
    """Draw the mark of the book."""
    icon = ROOT / "_build" / "mark.svg"
    icon.parent.mkdir(exist_ok=True)
    icon.write_text(mark.svg_file(), encoding="utf-8")
    config.html_favicon = "_build/mark.svg"


def write_palette(app, config):
    """Write the colours of the figures as variables for all style sheets."""
    (ROOT / "_build" / "palette.css").write_text(THEME.page_css(), encoding="utf-8")
    config.html_static_path.append("_build/palette.css")


def copy_vendored(app, error):
    """Copy the front-end files that pages and decks use into the site."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for folder, (package, patterns) in VENDOR.items():
        source = ROOT / "node_modules" / package
        found = [path for pattern in patterns for path in source.glob(pattern)]
        if source.is_dir() and len(found) < len(patterns):
            raise ExtensionError(f"{source} has not all of {patterns}")
        for path in found:
            target = out / folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    # 1.5 MB of script on every page for icons that the style sheets draw as well.
    (out / "_static" / "scripts" / "fontawesome.js").write_text("")
    icons(out / "_static", pages(out).values())


def preload_fonts(app, page, template, context, doctree):
    """Let a page load its fonts before the style sheets that name them."""
    if (ROOT / "node_modules").is_dir():
        tags = [
            '<link rel="preload" as="font" type="font/woff2" crossorigin '
            f'href="{context["pathto"](f"fonts/{name}.woff2", 1)}" />'
            for name in FIRST_FONTS
        ]
        context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def setup(app):
    """Connect to Sphinx; files are joined after all that writes style sheets and pages."""
    app.add_css_file("palette.css")
    app.add_css_file("book.css")
    app.connect("config-inited", draw_mark, priority=1)
    app.connect("config-inited", write_palette)
    app.connect("html-page-context", preload_fonts)
    app.connect("build-finished", copy_vendored)
    app.connect("build-finished", join_pages, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
