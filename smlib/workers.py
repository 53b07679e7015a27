"""Spread independent runs over processes or machines, by an argument with SciPy's meaning."""

import os
from contextlib import contextmanager

import numpy as np

__all__ = ["mapper"]


def _results(call):
    """Wait for what `call` returns, if it returns futures, as the map of a Dask client does."""

    def gathered(function, *runs):
        for run in call(function, *runs):
            yield run.result() if hasattr(run, "result") else run

    return gathered


@contextmanager
def mapper(workers):
    """Context that gives a function like `map` for an argument `workers`.

    Parameters
    ----------
    workers : int or map-like callable
        1 maps in this process, which needs no processes and so works in a browser; n > 1 starts a
        pool of n processes, -1 one for each core. A callable is used in place of `map`: that of a
        process pool, of a Dask client, or any other. As in `scipy.optimize`.

    Raises
    ------
    ValueError
        For an integer other than -1 or at least 1, or anything that cannot be called.

    Examples
    --------
    >>> with mapper(1) as spread:
    ...     list(spread(abs, [-1, 2]))
    [1, 2]
    """
    if callable(workers):
        yield _results(workers)
        return
    whole = hasattr(workers, "__index__") and not isinstance(workers, bool | np.bool)
    if not whole or workers < -1 or workers == 0:
        raise ValueError(f"workers must be -1, an int >= 1 or a map-like callable, got {workers!r}")
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
