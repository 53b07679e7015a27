"""Join the style sheets of a page, and the scripts that stand together in it.

A page paints when it has the last of them; two dozen requests take longer than their bytes do.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from posixpath import dirname, join, normpath

from slim import pages

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
    for path in pages(out):
        text = path.read_text(encoding="utf-8")
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


def setup(app):
    """Connect to Sphinx, after all that writes style sheets and pages."""
    app.connect("build-finished", join_pages, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
