"""Draw all explorers of a package ahead: ``python -m smlib.explorer smlib.figures``."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from concurrent.futures import as_completed
from concurrent.futures.process import BrokenProcessPool

from tqdm import tqdm

from .core import Explorer, ExplorerError
from .drawn import Store
from .parallel import drawn, jobs, processes


def find(package: str) -> dict[str, Explorer]:
    """All explorers declared in the modules of ``package``, by name."""
    root = importlib.import_module(package)
    found: dict[str, Explorer] = {}
    for info in pkgutil.iter_modules(root.__path__, package + "."):
        for thing in vars(importlib.import_module(info.name)).values():
            if isinstance(thing, Explorer) and thing.draw.__module__ == info.name:
                if thing.name in found:
                    raise ValueError(f"two explorers are named {thing.name!r}")
                found[thing.name] = thing
    return found


class _Explorers:
    """Those to be drawn: what of each is drawn, and how long it took."""

    def __init__(self, missing: list[Explorer], pool, cores: int):
        self.cores, self.pool = cores, pool
        self.named = f"{len(missing)} explorers" if len(missing) > 1 else missing[0].name
        self.begun: dict = {}  # job: (explorer, place, states)
        self.frames: dict[Explorer, dict[int, list]] = {each: {} for each in missing}
        self.spent = dict.fromkeys(missing, (0, 0.0))  # states, seconds
        self.waiting = {each: list(enumerate(jobs(each, pool))) for each in missing}
        self.parts = {each: len(found) for each, found in self.waiting.items()}

    def begin(self, explorer: Explorer) -> None:
        """Begin the next part of an explorer."""
        place, begin = self.waiting[explorer].pop(0)
        self.begun[begin()] = explorer, place

    def left(self, explorer: Explorer) -> float:
        """Seconds that one process still needs for it, by what its states took so far."""
        states, seconds = self.spent[explorer]
        return (explorer.count - states) * seconds / states if states else 0.0

    def told(self) -> str:
        """What is drawn, and how long it will take by what the first states took."""
        if not all(states for states, _ in self.spent.values()):
            return f"{self.named}: the first tell how long it takes"
        seconds = sum(map(self.left, self.spent)) / self.cores
        left = f"about {seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"
        return f"{self.named}: {left} left"

    def run(self, bar) -> None:
        """Draw a part of each first, then what takes longest; keep what is whole."""
        for explorer in self.frames:
            self.begin(explorer)
        self._finish(bar)
        for explorer in sorted(self.frames, key=self.left, reverse=True):
            while self.waiting[explorer]:
                self.begin(explorer)
        self._finish(bar)

    def _finish(self, bar) -> None:
        for job in as_completed(list(self.begun)):
            explorer, place = self.begun.pop(job)
            frames = self.frames[explorer][place] = drawn(job)
            states, seconds = self.spent[explorer]
            self.spent[explorer] = states + len(frames), seconds + job.result()[1]
            bar.set_description_str(self.told(), refresh=False)
            bar.update(len(frames))
            if len(self.frames[explorer]) == self.parts[explorer]:
                parts = self.frames.pop(explorer)
                try:
                    explorer.drawn(frame for at in sorted(parts) for frame in parts[at])
                except OSError as error:
                    raise SystemExit(f"explorer {explorer.name!r} is not kept: {error}") from error


def main(package: str) -> None:
    """Draw each explorer that is not kept; an error ends it with one sentence."""
    # Without its watching thread workers can be copies of this process.
    tqdm.monitor_interval = 0
    missing = [explorer for explorer in find(package).values() if Store(explorer).read() is None]
    if not missing:
        return
    cores = max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
    shown = "Drawing {n_fmt} of {total_fmt} states of {desc}"
    states = sum(explorer.count for explorer in missing)
    pace = 0.5 if sys.stderr.isatty() else 30
    with processes(cores) as pool:
        work = _Explorers(missing, pool, cores)
        told = {"bar_format": shown, "desc": work.told(), "mininterval": pace}
        try:
            with tqdm(total=states, **told) as bar:
                work.run(bar)
        except ExplorerError as error:
            raise SystemExit(f"\n{error}") from error
        except BrokenProcessPool as error:
            raise SystemExit(
                "\nA process that draws was ended from outside, perhaps for want of memory. "
                "What was whole is kept; the same command goes on from there."
            ) from error


if __name__ == "__main__":
    main(*sys.argv[1:])
