"""Build the site: ``python -m tools.site``, or a draft of it: ``python -m tools.site draft``.

The explorers are drawn, by all cores; Jupyter Book builds the pages, with warnings as errors; and
the chapters become notebooks for the browser. All in one process: most of what a build costs in
which little has changed is the import of what the three steps share. A draft has all pages, with
the first state of each explorer and without the browser's Python.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bookext import digest

# jsonschema, which reads the settings of the book and checks notebooks, would compile a grammar
# of web addresses, for seconds, though no schema of theirs asks for one.
sys.modules["rfc3987_syntax"] = None

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
DRAFT = ROOT / "_build" / "draft"
#: What the finished site was made from.
MADE = ROOT / "_build" / "made.json"
SOURCES = ("_config.yml", "_toc.yml", "constraints.txt", "pyproject.toml", "package-lock.json",
           "node_modules/.installed", "book/**/*", "bookext/**/*", "smlib/**/*",
           "tools/**/*")  # fmt: skip


def state() -> dict[str, str | int]:
    """Hash of all sources, and how many files the site has."""
    files = sum(len(names) for _, _, names in os.walk(SITE))
    return {"sources": sys.version + digest(ROOT, *SOURCES), "files": files}


def build(folder: Path, draft: bool) -> None:
    """Let Jupyter Book build the pages."""
    from jupyter_book.cli.main import build

    output = ["--path-output", str(folder)] if draft else []
    build([str(ROOT), "-W", "-n", "--keep-going", *output], standalone_mode=False)


def main(kind: str = "site") -> None:
    """Draw, build, and add the browser's Python; an error ends it."""
    if MADE.exists() and json.loads(MADE.read_text()) == state() and kind == "site":
        print("Nothing has changed.")
        return
    os.environ["SMLIB_EXPLORER_CACHE"] = str(ROOT / "_build" / "explorers")
    os.environ["SMLIB_KEPT"] = str(ROOT / "_build" / "computed")
    if kind == "draft":
        os.environ["SMLIB_DRAFT"] = "1"
        build(DRAFT, draft=True)
        print(f"The draft is in {DRAFT.relative_to(ROOT) / '_build' / 'html'}")
        return
    MADE.unlink(missing_ok=True)
    from smlib.explorer.__main__ import main as draw

    draw("smlib.figures")
    # After the processes that draw, which copy this one, have ended. What the browser's Python
    # needs besides the pages is made where they leave a core idle.
    beside = subprocess.Popen(
        ["nice", "-n", "19", sys.executable, "-m", "tools.lite", "prepare"], cwd=ROOT
    )
    try:
        build(SITE, draft=False)
    finally:
        beside.wait()
    from tools import lite

    lite.main()
    MADE.write_text(json.dumps(state()))


if __name__ == "__main__":
    main(*sys.argv[1:])
