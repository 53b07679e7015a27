"""Headless Chromium: how a page is opened, slowed, moved and timed."""

from __future__ import annotations

import contextlib
import gzip
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from tools import browser as browsers

from .figure import SHAPE
from .server import Site

_SCRIPT = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
_SCRIPTS_JS = """() => [...document.scripts]
  .filter((s) => !s.src && (!s.type || /javascript|module/.test(s.type)))
  .map((s) => s.textContent).join("\\n")"""
PAINT_JS = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
#: The simulated phone: bytes a second, milliseconds, and how many times slower its processor is.
_SLOW_BYTES_A_SECOND, _SLOW_ROUND_TRIP_MS, _SLOW_CPU = 1.6e6 / 8, 150, 4


@dataclass(frozen=True)
class Probe:
    """JavaScript that drives one kind of page; see ``probe.js``."""

    ready: str
    figure: str
    move: str
    signature: str
    auto: bool = True

    def script(self) -> str:
        """The script to run before the page's own."""
        auto = "true" if self.auto else "false"
        probe = (
            f"{{ready: () => {self.ready}, figure: () => {self.figure}, auto: {auto}, "
            f"move: (control, value) => {self.move}, signature: () => {self.signature}}}"
        )
        return _SCRIPT.replace("const probe = PROBE", f"const probe = {probe}")


@dataclass
class Measured:
    """What one page took. Times in milliseconds, sizes in bytes; None if not measured.

    ``shift`` is the layout shift of the whole page, as browsers sum it; ``resized`` counts the
    explorers whose height changed after it was first laid out.
    """

    requests: int = 0
    transfer: int = 0
    paint: float | None = None
    shift: float | None = None
    resized: int | None = None
    script: int = 0
    script_gzip: int = 0
    first: float | None = None
    first_slow: float | None = None
    moves: list[float] = field(default_factory=list)
    moves_slow: list[float] = field(default_factory=list)
    heap: int = 0
    outside: list[str] = field(default_factory=list)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser that reaches this machine and nothing else."""
    inside = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    arguments = [*browsers.ARGUMENTS, inside]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.find(), args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def opened(browser: Browser, url: str, probe: Probe, *, slow=False, outside=None) -> Iterator[Page]:
    """A page in a context of its own, so that no cache is warm."""
    phone = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2} if slow else {}
    context = browser.new_context(**phone)
    page = context.new_page()
    page.set_default_timeout(300_000)
    if outside is not None:
        page.on("request", lambda request: outside.extend(_far(request.url)))
    if slow:
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": _SLOW_ROUND_TRIP_MS,
                "downloadThroughput": _SLOW_BYTES_A_SECOND,
                "uploadThroughput": _SLOW_BYTES_A_SECOND,
            },
        )
        session.send("Emulation.setCPUThrottlingRate", {"rate": _SLOW_CPU})
    page.add_init_script(probe.script())
    try:
        page.goto(url, wait_until="commit")
        yield page
    finally:
        context.close()


def _far(url: str) -> list[str]:
    near = ("data:", "blob:", "about:", "http://localhost:", "http://127.0.0.1:")
    return [] if url.startswith(near) else [url]


def walk(count: int, shape=SHAPE, seed: int = 0) -> list[tuple[int, int]]:
    """Random moves (control, value) that each change the state, from the first answered one on."""
    draw = random.Random(seed)
    state = [0] * len(shape)
    state[0] = 1
    moves = []
    for _ in range(count):
        control = draw.randrange(len(shape))
        value = draw.choice([v for v in range(shape[control]) if v != state[control]])
        state[control] = value
        moves.append((control, value))
    return moves


def measure(
    browser: Browser,
    site: Site,
    path: str,
    probe: Probe,
    *,
    loads: int = 5,
    slow_loads: int = 3,
    moves: int = 100,
    slow_moves: int = 30,
    shape=SHAPE,
) -> Measured:
    """Load ``path`` and move it, on this machine and as on a slow phone."""
    url = f"{site.address}/{path}"
    result = Measured()
    first = []
    for number in range(loads):
        site.reset()
        outside: list[str] = []
        with opened(browser, url, probe, outside=outside) as page:
            first.append(page.evaluate("bench.answered"))
            if number == loads - 1:
                result.moves = page.evaluate("l => bench.moves(l, 60)", walk(moves, shape))
                page.wait_for_load_state("networkidle")
                result.requests, result.transfer = site.asked, site.sent
                result.outside = sorted(set(outside))
                result.paint = page.evaluate(PAINT_JS)
                result.shift, result.resized = page.evaluate("[bench.shift, bench.resized.size]")
                script = page.evaluate(_SCRIPTS_JS).encode()
                result.script, result.script_gzip = len(script), len(gzip.compress(script, 6))
                result.heap = _heap(page)
    result.first = statistics.median(first)
    slow = []
    for number in range(slow_loads):
        with opened(browser, url, probe, slow=True) as page:
            slow.append(page.evaluate("bench.answered"))
            if number == slow_loads - 1:
                walked = walk(slow_moves, shape)
                result.moves_slow = page.evaluate("l => bench.moves(l, 250)", walked)
    result.first_slow = statistics.median(slow) if slow else None
    return result


def _heap(page: Page) -> int:
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return int(session.send("Runtime.getHeapUsage")["usedSize"])


def spread(times: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    return float(np.median(times)), float(np.percentile(times, 95))
