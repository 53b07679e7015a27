"""Spread independent runs over processes or machines, by an argument with SciPy's meaning."""

import os
from contextlib import contextmanager

from smlib import rules
from smlib.checks import checked

__all__ = ["mapper"]


class _Workers(rules.Whole):
    def __call__(self, name, value):
        if callable(value):
            return value
        number = super().__call__(name, value)
        if number == 0:
            raise ValueError(f"{name} must be {self!r}, got {value!r:.60}")
        return number

    def refused(self):
        return [0, *(value for value in super().refused() if not callable(value))]

    def __repr__(self):
        return "-1, an int >= 1 or a map-like callable"


WORKERS = _Workers(-1)


def _results(call):
    """Wait for what `call` returns, if it returns futures, as the map of a Dask client does."""

    def gathered(function, *runs):
        for run in call(function, *runs):
            yield run.result() if hasattr(run, "result") else run

    return gathered


@checked
@contextmanager
def mapper(workers: WORKERS):
    """Context that gives a function like `map` for an argument `workers`.

    Parameters
    ----------
    workers : int or map-like callable
        1 maps in this process, which needs no processes and so works in a browser; n > 1 starts a
        pool of n processes, -1 one for each core. A callable is used in place of `map`: that of a
        process pool, of a Dask client, or any other. As in `scipy.optimize`.

    Examples
    --------
    >>> with mapper(1) as spread:
    ...     list(spread(abs, [-1, 2]))
    [1, 2]
    """
    if callable(workers):
        yield _results(workers)
        return
    if workers == 1:
        yield map
        return
    # Python in a browser has no processes, and cannot import what would start them.
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(os.cpu_count() if workers == -1 else workers) as pool:
        try:
            yield pool.map
        finally:  # after an error, do not wait for what has not begun
            pool.shutdown(wait=False, cancel_futures=True)
