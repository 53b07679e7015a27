"""Draw many states in several processes."""

from __future__ import annotations

import importlib
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor


def _draw(module: str, name: str, states: list[dict]) -> list:
    explorer = getattr(importlib.import_module(module), name)
    return [explorer.frame(**state) for state in states]


def draw_all(explorer, workers: int) -> Iterator:
    """Yield the frame of every state in order.

    Workers import the explorer by name. One declared in a notebook cell, or on a platform
    without processes, is drawn here.
    """
    states = list(explorer.states())
    module, name = explorer.draw.__module__, explorer.draw.__name__
    importable = getattr(importlib.import_module(module), name, None) is explorer
    methods = multiprocessing.get_all_start_methods()
    if workers < 2 or module == "__main__" or not importable or not methods:
        for state in states:
            yield explorer.frame(**state)
        return
    chunks = [states[i : i + 8] for i in range(0, len(states), 8)]
    # A copy of this process has all modules loaded; threads, as in a kernel, do not survive it.
    alone = "fork" in methods and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if alone else "spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        jobs = [pool.submit(_draw, module, name, chunk) for chunk in chunks]
        try:
            for job in jobs:
                yield from job.result()
        finally:
            pool.shutdown(cancel_futures=True)
