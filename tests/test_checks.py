"""Checks of arguments: what passes comes back unchanged in value, what does not is named."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smlib.checks import choice, plain, reals, whole

finite = st.floats(allow_nan=False, allow_infinity=False)
arrays = hnp.arrays(float, hnp.array_shapes(max_dims=3), elements=finite)
INTERVALS = ["(-inf, inf)", "[-inf, inf]", "(0, 1]", "[0, 1)", "[-2.5, 1e3]", "(0, inf)"]


def inside(x, within):
    """Membership, written apart from the module."""
    low, high = (float(part) for part in within.strip("[()]").split(","))
    return (low < x or (within[0] == "[" and x == low)) and (
        x < high or (within[-1] == "]" and x == high)
    )


@given(arrays)
def test_numbers_come_back(values):
    found = reals("x", values)
    assert found.dtype == float
    np.testing.assert_array_equal(found, values)
    assert reals("x", values.tolist(), ndim=values.ndim).shape == values.shape


@pytest.mark.parametrize("within", INTERVALS)
@given(x=st.one_of(st.floats(), st.sampled_from([0.0, 1.0, -2.5, 1e3, math.inf, -math.inf])))
def test_intervals(within, x):
    if inside(x, within):
        assert reals("x", x, within) == x
        return
    for given_ in (x, [x], [[0.5, x]]):
        with pytest.raises(ValueError) as caught:
            reals("size", given_, within)
        assert str(caught.value) == f"size must lie in {within}, got {x}"


@given(arrays, st.data())
def test_the_first_wrong_value_is_shown(values, data):
    at = data.draw(st.integers(0, values.size - 1))
    values = np.abs(values)
    values.flat[at] = -1.5
    with pytest.raises(ValueError, match=r"x must lie in \[0, inf\), got -1.5$"):
        reals("x", values, "[0, inf)")


@pytest.mark.parametrize(
    "value", [3, 2.5, True, np.float32(0.5), np.int8(-3), np.uint64(2**60), [1, 2.5], (1,), 10**30]
)
def test_all_kinds_of_numbers(value):
    np.testing.assert_array_equal(reals("x", value), np.array(value, dtype=float))


@pytest.mark.parametrize(
    "value",
    ["1", ["1", 2], 1 + 0j, [1j], None, [None], {}, object(), [[1, 2], [3]], b"1", 10**400,
     np.datetime64("2020-01-01"), [np.timedelta64(1, "s")]],
)  # fmt: skip
def test_what_is_no_real_number(value):
    with pytest.raises(ValueError, match="^x must "):
        reals("x", value)


@given(hnp.array_shapes(min_dims=0, max_dims=4), st.integers(0, 4))
def test_axes(shape, ndim):
    values = np.ones(shape)
    if len(shape) == ndim:
        assert reals("x", values, ndim=ndim).shape == shape
    else:
        with pytest.raises(ValueError, match=f"x must have {ndim} axes"):
            reals("x", values, ndim=ndim)


@pytest.mark.parametrize("ndim", [None, 1, 2])
def test_empty(ndim):
    with pytest.raises(ValueError, match=r"x must have .*empty.*got \[\]"):
        reals("x", [], ndim=ndim)


def test_what_is_given_is_not_changed():
    values = np.arange(3.0)
    reals("x", values)[0] = 7
    assert values[0] == 0


@given(st.integers(), st.integers(-5, 5))
def test_whole_numbers(n, low):
    if n >= low:
        assert whole("n", n, low) == n
        assert type(whole("n", n, low)) is int
    else:
        with pytest.raises(ValueError, match=rf"n must be a whole number >= {low}, got {n}"[:55]):
            whole("n", n, low)


def test_whole_numbers_of_numpy():
    for kind in (np.int64, np.uint8, np.array):
        found = whole("n", kind(7))
        assert found == 7 and type(found) is int


@pytest.mark.parametrize(
    "value", [True, np.True_, 1.0, "3", None, 2.5, math.nan, [3], np.array([3, 4]), 1j]
)
def test_what_is_no_whole_number(value):
    with pytest.raises(ValueError) as caught:
        whole("n_runs", value)
    assert str(caught.value).startswith("n_runs must be a whole number >= 1, got ")


@given(st.text(), st.lists(st.text(), min_size=1))
def test_choices(word, known):
    assume(word not in known)
    assert choice("kind", known[-1], known) == known[-1]
    with pytest.raises(ValueError) as caught:
        choice("kind", word, known)
    text = str(caught.value)
    assert text.startswith("kind must be one of ")
    assert ", ".join(known) in text
    assert repr(word)[:60] in text


@pytest.mark.parametrize("value", [None, 1, ["a"], np.array(["a", "b"]), b"a"])
def test_what_is_no_choice(value):
    with pytest.raises(ValueError, match="kind must be one of a, b; got"):
        choice("kind", value, ("a", "b"))


def test_part_of_a_word_is_no_choice():
    with pytest.raises(ValueError, match="kind"):
        choice("kind", "pip", ("pipe", "couette"))


@given(st.one_of(finite, hnp.arrays(float, ()), hnp.arrays(float, (3,))))
def test_plain(value):
    found = plain(value)
    if np.ndim(value) == 0:
        assert type(found) is float
    else:
        assert found is value
