"""What the page carries of an explorer, and where it is kept between builds."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from smlib.memo import fingerprint, write_whole

from .controls import widest
from .lattice import Lattice, canonical

#: What decides how a state looks, besides the draw function. How a page shows it does not.
DRAWN_BY = [
    ("smlib.explorer.svg", None),
    ("smlib.explorer.ticks", None),
    ("smlib.explorer.lattice", None),
    ("smlib.explorer.drawn", "Drawn"),
    ("smlib.explorer.theme", "_BASE_RC"),
]


def digest(markup: str, alt: str, readouts) -> str:
    """Short hash of all that one state shows; ``markup`` as `lattice.canonical` writes it."""
    told = "\0".join([markup, alt, *readouts])
    return hashlib.sha256(told.encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Drawn:
    """All states of an explorer.

    Attributes
    ----------
    base : str
        Markup of the union of all states, as it shows the first one.
    packed : str
        What differs in the others.
    readouts, alt : dict of str to str, str
        What the first state tells.
    longest : list of str
        The longest text of each readout.
    digests : list of str
        `digest` of each state.
    colors : str
        Hash of the theme's colours, where the pictures depend on their values.
    """

    base: str
    packed: str
    readouts: dict[str, str]
    alt: str
    longest: list[str]
    digests: list[str]
    colors: str = ""

    @classmethod
    def of(cls, frames: list, start: int, lattice: Lattice, theme) -> Drawn:
        """Gather it from the frames of all states."""
        first = frames[start]
        base = lattice.base.markup()
        fixed = depends_on_colors(base + json.dumps(lattice.payload["c"]))
        return cls(
            base,
            lattice.packed(),
            first.readouts,
            first.alt,
            [widest(frame.readouts[name] for frame in frames) for name in first.readouts],
            [digest(canonical(f.svg), f.alt, f.readouts.values()) for f in frames],
            color_values(theme) if fixed else "",
        )


def depends_on_colors(markup: str) -> bool:
    """Whether what is drawn shows values of colours: in a raster, or as a mixture."""
    return re.search("#[0-9a-f]{6}|data:image", markup) is not None


def color_values(theme) -> str:
    """Short hash of a theme's colours."""
    return hashlib.sha256(repr(theme.colors).encode()).hexdigest()[:12]


@cache
def key(explorer) -> str:
    """Hash of all that an explorer's pictures depend on, but for the values of colours.

    Neither title nor labels are drawn, nor is anything of the page around the figure.
    """
    names = explorer.theme.names()
    controls = {
        name: (control.values, tuple(map(control.text, control.values)), control.start)
        for name, control in explorer.controls.items()
    }
    described = (explorer.name, explorer.alt, explorer.size, explorer.theme.rc, controls)
    drawn_by = (explorer.draw.__module__, explorer.draw.__name__)
    package = __name__.rpartition(".")[0]
    found = [
        fingerprint([drawn_by], apart=[package], same=names, bare=True),
        fingerprint(DRAWN_BY),
    ]
    text = repr(described)
    for value, called in names.items():
        text = text.replace(value, called)
    return hashlib.sha256("\0".join([*found, text]).encode()).hexdigest()[:32]


class Store:
    """Where one explorer is kept when all its states are drawn.

    The folder is named by ``SMLIB_EXPLORER_CACHE``; without it, and for explorers declared in a
    notebook, whose source may depend on other cells, nothing is kept.
    """

    def __init__(self, explorer):
        folder = os.environ.get("SMLIB_EXPLORER_CACHE")
        self.path: Path | None = None
        self._theme = explorer.theme
        if folder and explorer.draw.__module__ != "__main__":
            self.path = Path(folder) / f"{explorer.name}-{key(explorer)}.json"

    def read(self) -> Drawn | None:
        """What is kept, or None."""
        if self.path is None or not self.path.exists():
            return None
        drawn = Drawn(**json.loads(self.path.read_text(encoding="utf-8")))
        return drawn if drawn.colors in ("", color_values(self._theme)) else None

    def write(self, drawn: Drawn) -> None:
        """Keep it in place of what was kept before."""
        if self.path is None:
            return
        content = json.dumps(dataclasses.asdict(drawn), ensure_ascii=False)
        write_whole(self.path, content.encode())
        name = self.path.name.rpartition("-")[0]
        pattern = f"{name}-{'?' * 32}.json"
        # With what a process left that was ended while it wrote.
        for old in [*self.path.parent.glob(pattern), *self.path.parent.glob(f".{pattern}.*")]:
            if old != self.path:
                old.unlink(missing_ok=True)
