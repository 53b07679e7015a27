"""Leave out of the site what no page shows: most glyphs of fonts, most rules for icons."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont

#: Fonts made before, which the next build most often needs again.
MADE = Path(__file__).parents[2] / "_build" / "fonts"
_ICON = re.compile(r"fa-[a-z0-9-]+")
_ICON_RULE = re.compile(r'(?<=\})(?:\.fa-[a-z0-9-]+:before,?)+\{content:"[^"]*"\}')
_ICON_FONT = re.compile(r"(url\([^)]*/webfonts/fa-[a-z]+-\d+\.)woff2\) format\(\"woff2\"\),[^;}]*")
_CONTENT = re.compile(r"""content: ?(["'])(.*?)\1""")
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6}) ?")


def pages(site: Path) -> list[Path]:
    """Pages, index and decks; what a site carries besides is not made from the book's sources."""
    patterns = ("*.html", "book/**/*.html", "slides/*.html")
    return [path for pattern in patterns for path in sorted(site.glob(pattern))]


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
        if kept != css:
            path.write_text(kept, encoding="utf-8")
        if "vendor" not in path.relative_to(static).parts:
            written |= characters(kept)
            written.update(ord(letter) for letter in kept if "\ue000" <= letter <= "\uf8ff")
    for path in static.glob("vendor/fontawesome/webfonts/*.ttf"):
        slim(path, path.with_suffix(".woff"), written)
