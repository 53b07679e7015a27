"""Draw many states in several processes."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

#: States that a process draws without a break, at most.
_LONGEST_CHUNK = 60


@contextmanager
def processes(workers: int):
    """Pool of ``workers`` processes; None for fewer than 2, or on a platform without processes."""
    methods = multiprocessing.get_all_start_methods()
    if workers < 2 or not methods:
        yield None
        return
    # A copy of this process has all modules loaded; threads, as in a kernel, do not survive it.
    alone = "fork" in methods and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if alone else "spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_collect_rarely) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)


def _collect_rarely():
    """Look seldom for cycles, of which figures are full: with many modules each look is slow."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def _draw(module: str, name: str, states: list[dict]) -> list:
    explorer = getattr(importlib.import_module(module), name)
    return [explorer.frame(**state) for state in states]


def _chunks(explorer) -> list[list[dict]]:
    """States in order, in runs that share what their first controls ask to be computed."""
    states, size = list(explorer.states()), 1
    for length in reversed(explorer.shape):
        if size * length > min(_LONGEST_CHUNK, len(states) // 2):
            break
        size *= length
    return [states[i : i + size] for i in range(0, len(states), size)]


def draw_all(explorer, pool) -> Iterator:
    """Begin to draw every state in ``pool``; return an iterator over the frames in order.

    Workers import the explorer by name. Without a pool, and if declared in a notebook cell, it is
    drawn here.
    """
    module, name = explorer.draw.__module__, explorer.draw.__name__
    importable = getattr(importlib.import_module(module), name, None) is explorer
    if pool is None or module == "__main__" or not importable:
        return (explorer.frame(**state) for state in explorer.states())
    jobs = [pool.submit(_draw, module, name, chunk) for chunk in _chunks(explorer)]
    return (frame for job in jobs for frame in job.result())
