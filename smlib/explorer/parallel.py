"""Draw many states in several processes."""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from .svg import Frame, Node

#: States that a process draws without a break, at most.
_LONGEST_CHUNK = 40


@contextmanager
def processes(workers: int):
    """Pool of ``workers`` processes; None for fewer than 2, or on a platform without processes.

    An error, or the end of this process, ends them at once.
    """
    methods = multiprocessing.get_all_start_methods()
    if workers < 2 or not methods:
        yield None
        return
    # A copy of this process has all modules loaded; threads, as in a kernel, do not survive it.
    alone = "fork" in methods and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if alone else "spawn")
    begin = {"initializer": _begin, "initargs": (os.getpid(),)}
    with ProcessPoolExecutor(workers, mp_context=context, **begin) as pool:
        try:
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(parent: int) -> None:
    """Prepare a process that draws: it leaves Ctrl+C to its parent, and ends when that has."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Look seldom for cycles, of which figures are full: with many modules each look is slow.
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)

    def watch():
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _draw(module: str, name: str, states: list[dict]) -> tuple[list[tuple], float]:
    explorer, began = getattr(importlib.import_module(module), name), time.perf_counter()
    frames = [explorer.frame(**state) for state in states]
    told = [(frame.svg.packed(), frame.readouts, frame.alt) for frame in frames]
    return told, time.perf_counter() - began


def drawn(job) -> list[Frame]:
    """The frames that a job has drawn."""
    return [Frame(Node.unpacked(svg), *told) for svg, *told in job.result()[0]]


def _chunks(explorer) -> list[list[dict]]:
    """States in order, in runs that share what their first controls ask to be computed."""
    states, size = list(explorer.states()), 1
    for length in reversed(explorer.shape):
        if size * length > min(_LONGEST_CHUNK, len(states) // 2):
            break
        size *= length
    return [states[i : i + size] for i in range(0, len(states), size)]


def jobs(explorer, pool) -> list | None:
    """Functions that begin to draw some states each, in order; None if that cannot be done.

    Workers import the explorer by name: one that was declared in a notebook is not found.
    """
    module, name = explorer.draw.__module__, explorer.draw.__name__
    importable = getattr(importlib.import_module(module), name, None) is explorer
    if pool is None or module == "__main__" or not importable:
        return None
    return [lambda chunk=chunk: pool.submit(_draw, module, name, chunk) for chunk in
            _chunks(explorer)]  # fmt: skip


def draw_all(explorer, pool) -> Iterator[Frame]:
    """Begin to draw every state in ``pool``, or here; return an iterator over frames in order."""
    found = jobs(explorer, pool)
    if found is None:
        return (explorer.frame(**state) for state in explorer.states())
    begun = [begin() for begin in found]
    return (frame for job in begun for frame in drawn(job))
