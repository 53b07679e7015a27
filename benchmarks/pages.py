"""Weigh and time every page with explorers: ``python -m benchmarks.pages``.

Beside them, in the same run, a page as Jupyter Book makes it where nothing is configured, with one
slider of ipywidgets. Exit status 1 if a bar is not met.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from . import ours
from .browser import PAINT_JS, Measured, Probe, chromium, measure, opened, spread
from .server import serve
from .table import kilobytes, markdown, milliseconds, pace

SITE = Path("_build/html")
#: Bytes of a page with all that it loads, milliseconds to the first answer, and what must be none.
MOST_BYTES, LATEST = 900e3, 1000
#: A sum of shifts: a tenth of what web.dev/cls calls good. The theme's search button takes 0.0005.
MOST_SHIFT = 0.01
_CELL = """from ipywidgets import interact
from matplotlib import pyplot as plt

@interact(power=(0, 5))
def draw(power=1):
    plt.plot([(i / 50) ** power for i in range(50)])
    plt.show()"""
HEAD = [
    "Page", "Requests", "Transfer, gzip", "First paint", "First answer", "Move, median / p95",
    "Shift", "Explorers resized", "Asks other hosts",
]  # fmt: skip


def write_default(folder: Path) -> str:
    """Build a book of one page with one slider; the page's path below ``folder``."""
    front = "---\njupytext: {text_representation: {extension: .md, format_name: myst}}\n"
    front += "kernelspec: {display_name: Python 3, language: python, name: python3}\n---\n"
    page = f"{front}# One slider\n\n```{{code-cell}} ipython3\n{_CELL}\n```\n"
    (folder / "index.md").write_text(page, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: index\n", encoding="utf-8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    subprocess.run(command, check=True, capture_output=True)
    return "_build/html/index.html"


def measure_default(browser: Browser, folder: Path) -> Measured:
    """The same of the default page, which nothing but a kernel could make answer."""
    path = write_default(folder)
    never = Probe("false", "[]", "{}", "''", auto=False)
    result, nowhere = Measured(), "about:blank"
    with serve(folder) as site, opened(browser, nowhere, never, outside=result.outside) as page:
        page.goto(f"{site.address}/{path}", wait_until="networkidle")
        result.requests, result.transfer = site.asked, site.sent
        result.paint, result.shift = page.evaluate(PAINT_JS), page.evaluate("bench.shift")
    result.outside = sorted(set(result.outside))
    return result


def cells(name: str, page: Measured) -> list[str]:
    """One page's row."""
    moves = "{:.1f} / {:.1f} ms".format(*spread(page.moves)) if page.moves else "-"
    return [
        name,
        str(page.requests),
        kilobytes(page.transfer),
        milliseconds(page.paint),
        "never" if page.first is None else milliseconds(page.first),
        moves,
        f"{page.shift:.3f}",
        "-" if page.resized is None else str(page.resized),
        str(len(page.outside)),
    ]


def missed(name: str, page: Measured) -> list[str]:
    """Bars that a page does not meet."""
    bars = {
        f"{kilobytes(page.transfer)} of {kilobytes(MOST_BYTES)}": page.transfer > MOST_BYTES,
        f"first answer {milliseconds(page.first)}": page.first > LATEST,
        f"shift {page.shift:.3f}": page.shift > MOST_SHIFT,
        f"{page.resized} explorers changed their height": page.resized > 0,
        f"asks {page.outside}": bool(page.outside),
    }
    return [f"{name}: {what}" for what, broken in bars.items() if broken]


def main() -> int:
    """Measure all pages and print the table."""
    paths = sorted(
        path.relative_to(SITE).as_posix()
        for path in SITE.glob("book/*.html")
        if "<sm-explorer" in path.read_text(encoding="utf-8")
    )
    rows, broken = [], []
    with chromium() as browser:
        with serve(SITE) as site:
            for path in paths:
                shape = ours.shape_of_first(browser, f"{site.address}/{path}")
                how = {"loads": 3, "slow_loads": 0, "moves": 40, "shape": shape}
                page = measure(browser, site, path, ours.PROBE, **how)
                name = Path(path).stem
                rows.append(cells(name, page))
                broken += missed(name, page)
                print(f"... {name}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory() as place:
            rows.append(cells("*default page, one slider*", measure_default(browser, Path(place))))
    print(markdown(HEAD, rows), pace(), sep="\n\n")
    if broken:
        print("\nNot met: " + "; ".join(broken) + ".", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
