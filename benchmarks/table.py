"""Results as Markdown, each beside the bar that it must meet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .browser import Measured, spread


@dataclass(frozen=True)
class Row:
    """One measured number; ``bar`` is the most it may be (the least, or must be, as flagged)."""

    what: str
    value: float | None
    write: Callable[[float], str]
    bar: float | None = None
    exact: bool = False
    note: str = ""
    least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the bar is met; None without a bar. What was not measured is not met."""
        if self.bar is None:
            return None
        if self.value is None:
            return False
        if self.exact:
            return self.value == self.bar
        return self.value >= self.bar if self.least else self.value <= self.bar

    def cells(self) -> list[str]:
        """The row of the table."""
        value = self.note if self.value is None else self.write(self.value)
        bar = "" if self.bar is None else self.write(self.bar)
        if bar and not self.exact:
            bar = ("≥ " if self.least else "≤ ") + bar
        return [self.what, value, bar, {None: "", True: "yes", False: "**NO**"}[self.met]]


def kilobytes(size: float) -> str:
    """Bytes as kB or MB of powers of ten."""
    if size >= 999_500:
        return f"{size / 1e6:.2f} MB"
    return f"{size / 1e3:.1f} kB" if size < 9950 else f"{size / 1e3:.0f} kB"


def milliseconds(time: float) -> str:
    """Milliseconds, or seconds from one second on."""
    if time >= 1000:
        return f"{time / 1e3:.2f} s"
    return f"{time:.1f} ms" if time < 100 else f"{time:.0f} ms"


def number(value: float) -> str:
    """A count."""
    return f"{value:.0f}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    """A table with aligned columns, legible as plain text too."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    padded = [" | ".join(map(str.ljust, line, widths)) for line in lines]
    return "\n".join(f"| {line} |" for line in padded)


def _pair(times: list[float]) -> str:
    if not times:
        return "-"
    return " / ".join(f"{time:.1f}" if time < 100 else f"{time:.0f}" for time in spread(times))


def compared(name: str, cpu: float, page: Measured) -> list[str]:
    """One way to show the figure, for the table of rivals."""
    return [
        name,
        kilobytes(page.transfer),
        f"{kilobytes(page.script)} ({kilobytes(page.script_gzip)})",
        f"{cpu:.1f} s",
        milliseconds(page.first),
        milliseconds(page.first_slow) if page.first_slow else "-",
        _pair(page.moves),
        _pair(page.moves_slow),
        kilobytes(page.heap),
        str(len(page.outside)),
    ]


COMPARED_HEAD = [
    "Way",
    "Transfer, gzip",
    "Script (gzip)",
    "Build, CPU",
    "First answer",
    "Same, slow phone",
    "Move, median / p95 (ms)",
    "Same, slow phone",
    "JS heap",
    "Asks other hosts",
]


def pace() -> str:
    """A sentence by which to compare the times of two machines, or of one on two days."""
    began = time.perf_counter()
    for _ in range(10_000_000):
        pass
    return f"To count to ten million takes Python {time.perf_counter() - began:.2f} s here."
