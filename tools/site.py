"""Build the site: ``python -m tools.site``.

The explorers are drawn, by all cores; Jupyter Book builds the pages, with warnings as errors; and
the chapters become notebooks for the browser. All in one process: most of what a build costs in
which nothing has changed is the import of what the three steps share.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# jsonschema, which reads the settings of the book and checks notebooks, would compile a grammar
# of web addresses, for seconds, though no schema of theirs asks for one.
sys.modules["rfc3987_syntax"] = None

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Draw, build, and add the browser's Python; an error ends it."""
    os.environ["SMLIB_EXPLORER_CACHE"] = str(ROOT / "_build" / "explorers")
    from smlib.explorer.__main__ import main as draw

    draw("smlib.figures")
    # After the processes that draw, which copy this one, have ended.
    from jupyter_book.cli.main import build

    build([str(ROOT), "-W", "-n", "--keep-going"], standalone_mode=False)
    from tools import lite

    lite.main()


if __name__ == "__main__":
    main()
