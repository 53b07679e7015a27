"""Draw all explorers of a package ahead: ``python -m smlib.explorer smlib.figures``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

from tqdm import tqdm

from .cache import Cache
from .core import Explorer
from .parallel import draw_all, processes


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


def main(package: str) -> None:
    """Fill the cache, with a progress bar for each explorer that is not in it."""
    # Without its watching thread workers can be copies of this process.
    tqdm.monitor_interval = 0
    missing = [explorer for explorer in find(package).values() if Cache(explorer).read() is None]
    # One pool for all, so that no process waits for the last states of an explorer.
    with processes(2) as pool:
        for explorer, drawn in [(each, draw_all(each, pool)) for each in missing]:
            bar = tqdm(drawn, total=explorer.count, desc=explorer.name, unit="state")
            explorer.static_html(bar)


if __name__ == "__main__":
    main(*sys.argv[1:])
