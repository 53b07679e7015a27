"""Run all measurements and print them: ``python -m benchmarks [--quick]``.

Exit status 1 if a bar is not met. What the run prints is also written to ``_build/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import Browser

from . import ours, rivals
from .browser import chromium, measure, spread
from .figure import spring
from .live import measure_live
from .server import serve
from .speed import measure_speed
from .table import COMPARED_HEAD, Row, compared, kilobytes, markdown, milliseconds, number

_SITE, _PAGE = Path("_build/html"), "book/high_entropy_alloys.html"
_HOW = {"loads": 7, "slow_loads": 3, "moves": 100, "slow_moves": 30}
_HOW_QUICK = {"loads": 3, "slow_loads": 1, "moves": 60, "slow_moves": 10}


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _alone_rows(result: ours.Ours) -> list[Row]:
    page = result.measured
    median, late = spread(page.moves)
    median_slow, late_slow = spread(page.moves_slow)
    return [
        Row(f"explorer of {spring.count} states, whole page, gzip", result.page, kilobytes, 150e3),
        Row("its script, gzip", result.script, kilobytes, 4e3),
        Row("drawing beforehand, CPU a state", result.drawing, milliseconds, 60),
        Row("alone: navigation to first answer", page.first, milliseconds, 300),
        Row("input to painted frame, median", median, milliseconds, 8),
        Row("input to painted frame, 95th percentile", late, milliseconds, 16),
        Row(f"of {result.checked} random states, shown as drawn", result.exact, number, 200, True),
        Row("requests to other hosts", len(page.outside), number, 0, True),
        Row("JavaScript heap", page.heap, kilobytes),
        Row("slow phone, alone: navigation to first answer", page.first_slow, milliseconds),
        Row("slow phone: input to painted frame, median", median_slow, milliseconds),
        Row("slow phone: input to painted frame, 95th percentile", late_slow, milliseconds),
    ]


def _book_rows(browser: Browser, how: dict) -> list[Row]:
    """The first explorer of a real chapter, with the theme and its fonts around it."""
    fast, slow = "chapter: navigation to first answer", "slow phone, chapter: first answer"
    if not (_SITE / _PAGE).exists():
        missing = "the book is not built"
        bars = ((fast, 1000), (slow, 2500))
        return [Row(what, None, milliseconds, bar, note=missing) for what, bar in bars]
    with serve(_SITE) as site:
        shape = ours.shape_of_first(browser, f"{site.address}/{_PAGE}")
        page = measure(browser, site, _PAGE, ours.PROBE, shape=shape, **how)
    median, late = spread(page.moves)
    return [
        Row(fast, page.first, milliseconds, 1000),
        Row(slow, page.first_slow, milliseconds, 2500),
        Row("chapter: input to painted frame, median", median, milliseconds),
        Row("chapter: input to painted frame, 95th percentile", late, milliseconds),
        Row("chapter: requests to other hosts", len(page.outside), number, 0, True),
        Row("chapter: transfer, gzip", page.transfer, kilobytes),
        Row("slow phone, chapter: move, median", spread(page.moves_slow)[0], milliseconds),
    ]


def _live_rows(times: dict[str, list[float]]) -> list[Row]:
    new, known, plain = (spread(times[name]) for name in ("new", "known", "interact"))
    return [
        Row("JupyterLab: key to painted new state, median", new[0], milliseconds, 120),
        Row("JupyterLab: key to painted known state, median", known[0], milliseconds, 50),
        Row("JupyterLab: new state, 95th percentile", new[1], milliseconds),
        Row("JupyterLab: known state, 95th percentile", known[1], milliseconds),
        Row("JupyterLab: plain interact, same figure, median", plain[0], milliseconds),
        Row("JupyterLab: plain interact, 95th percentile", plain[1], milliseconds),
    ]


def _machine(browser: Browser, load: tuple[float, ...]) -> str:
    packages = ("matplotlib", "plotly", "bokeh", "altair", "panel", "jupyterlab", "ipywidgets")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    loads = " / ".join(f"{value:.2f}" for value in load)
    return (
        f"{os.cpu_count()} cores, load {loads} before the run; Python "
        f"{platform.python_version()}, Chromium {browser.version}, {versions}."
    )


def run(quick: bool) -> int:
    """Measure, print, write the file; 1 if a bar is not met, else 0."""
    load = os.getloadavg()
    how = _HOW_QUICK if quick else _HOW
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        folder = Path(place)
        _say("our explorer")
        frames, drawing = ours.write_page(folder)
        with serve(folder) as site:
            result = ours.alone(browser, site, frames, drawing, **how)
            rows = _alone_rows(result)
            _say("the chapter")
            rows += _book_rows(browser, how)
            _say("JupyterLab")
            rows += _live_rows(measure_live(browser, folder / "live", 10 if quick else 20))
            cpu = drawing * spring.count / 1000
            others = [compared("**SVG lattice (ours)**", cpu, result.measured)]
            _say("computations of the chapters")
            rows += measure_speed()
            _say("building the rivals")
            for rival in rivals.build(folder, quick):
                _say(rival.name)
                slow = {"slow_loads": 0 if quick else rival.slow_loads}
                page = measure(
                    browser, site, rival.path, rival.probe, shape=rival.shape, **(how | slow)
                )
                others.append(compared(rival.name, rival.cpu, page))
        text = "\n\n".join(
            [
                markdown(["Measured", "Value", "Bar", "Met"], [row.cells() for row in rows]),
                markdown(COMPARED_HEAD, others),
                "Slow phone: 1.6 Mbit/s, 150 ms, processor slowed four times, 390 px. "
                + _machine(browser, load)
                + (" Quick run: few repetitions." if quick else ""),
            ]
        )
    print(text)
    Path("_build").mkdir(exist_ok=True)
    Path("_build/benchmarks.md").write_text(text + "\n", encoding="utf-8")
    missed = [row.what for row in rows if row.met is False]
    if missed:
        print(f"\nNot met: {'; '.join(missed)}.", file=sys.stderr)
    return int(bool(missed))


def main() -> int:
    """Parse the command line and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repetitions, about two minutes")
    return run(parser.parse_args().quick)


if __name__ == "__main__":
    sys.exit(main())
