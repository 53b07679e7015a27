"""Print a Content-Security-Policy under which the built book works.

``python -m tools.csp``. Scripts in pages are allowed by their hashes, so a server has to be given
the policy again when the book is built. ``lite/`` is left out: Python in the browser compiles
WebAssembly and needs a policy of its own ('wasm-unsafe-eval', workers from blob:).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

from tools.serve import SITE

_SCRIPT = re.compile(r"<script([^>]*)>(.*?)</script>", re.S)
#: Blocks of data, which a browser does not run.
_DATA = re.compile(r"""type=["'](?:application|text)/(?!javascript)""")

#: The script of decks that opens the speaker view, and in it HTML as a string.
NOTES = "reveal/plugin/notes/notes.js"
_STRING = re.compile(r'"(?:[^"\\]|\\.)*<script(?:[^"\\]|\\.)*"')


def pages(site: Path = SITE) -> list[Path]:
    """The pages of the book, without those of JupyterLite and of what it is copied from."""
    apart = ("lite", "_static", "_sources", "reveal")
    return [
        path
        for path in sorted(site.rglob("*.html"))
        if path.relative_to(site).parts[0] not in apart
    ]


def hashes(html: str) -> set[str]:
    """Sources that allow the scripts which stand in a page."""
    found = set()
    for attributes, text in _SCRIPT.findall(html):
        if "src=" not in attributes and not _DATA.search(attributes):
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            found.add(f"'sha256-{digest}'")
    return found


def written(script: str) -> str:
    """HTML that a script writes into a window, where the policy of its page holds as well."""
    (found,) = _STRING.findall(script)
    # JSON has all escapes of JavaScript but this one.
    return json.loads(re.sub(r"\\x(..)|\\.", lambda m: rf"\u00{m[1]}" if m[1] else m[0], found))


def policy(site: Path = SITE) -> str:
    """The policy for all pages."""
    allowed: set[str] = set()
    for path in pages(site):
        allowed |= hashes(path.read_text(encoding="utf-8"))
    if (notes := site / NOTES).exists():
        allowed |= hashes(written(notes.read_text(encoding="utf-8")))
    scripts = " ".join(["'self'", *sorted(allowed)])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
        "base-uri 'self'"
    )


if __name__ == "__main__":
    print(policy())
