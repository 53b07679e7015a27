"""A map for any kind of workers."""

import math
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smlib.workers import mapper


class Promise:
    """A future as other libraries have them: nothing but a result to wait for."""

    def __init__(self, value):
        self.value = value

    def result(self):
        return self.value


def promises(function, *runs):
    """Like the map of a Dask client."""
    return [Promise(function(*run)) for run in zip(*runs, strict=True)]


@pytest.mark.parametrize("workers", [1, map, promises])
@given(st.lists(st.integers(), max_size=20))
def test_like_map(workers, values):
    with mapper(workers) as spread:
        assert list(spread(abs, values)) == list(map(abs, values))
    with mapper(workers) as spread:
        assert list(spread(pow, values, [2] * len(values))) == [v**2 for v in values]


@pytest.mark.parametrize("workers", [2, 3, -1, np.int64(2)])
def test_processes_keep_the_order(workers):
    with mapper(workers) as spread:
        assert list(spread(math.sqrt, range(20))) == [math.sqrt(n) for n in range(20)]


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_the_map_of_a_pool_that_stays_open(pool):
    with pool(2) as mine:
        for _ in range(2):
            with mapper(mine.map) as spread:
                assert list(spread(abs, [-1, 2, -3])) == [1, 2, 3]
        assert mine.submit(abs, -4).result() == 4


def test_a_submitted_future_is_waited_for():
    with ThreadPoolExecutor(2) as mine:

        def submitted(function, *runs):
            return [mine.submit(function, *run) for run in zip(*runs, strict=True)]

        with mapper(submitted) as spread:
            assert list(spread(divmod, [7, 8], [2, 3])) == [(3, 1), (2, 2)]


@pytest.mark.parametrize("workers", [1, 2, map, promises])
def test_errors_arrive(workers):
    with (
        pytest.raises(ValueError, match="math domain error|nonnegative"),
        mapper(workers) as spread,
    ):
        list(spread(math.sqrt, [1.0, -1.0]))


def _begin(folder, run):
    (folder / str(run)).touch()
    time.sleep(0.05)


def test_after_an_error_nothing_is_begun(tmp_path):
    with pytest.raises(KeyError), mapper(2) as spread:
        spread(partial(_begin, tmp_path), range(200))
        raise KeyError
    assert len(list(tmp_path.iterdir())) < 200
