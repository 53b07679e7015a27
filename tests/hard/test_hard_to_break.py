"""Whatever a public function is given, it returns finite numbers or names the wrong argument.

Each call, made of the signature and the table `calls`, is valid. Each of its arguments is replaced
by numbers that are not finite, huge, tiny or of another kind, by texts, objects, and arrays of
other shapes: by all those listed here, one after the other, and with Hypothesis one or two at a
time, by many more.
Then the result is finite wherever it is not documented otherwise, or a ValueError holds the name of
a replaced argument. A warning, any other exception and a hang are failures.
"""

import copy
import importlib
import inspect
import math
import pkgutil
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from itertools import islice

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import sparse

import smlib
from smlib.rules import Seed
from tests.hard import calls

PATIENCE = 20  # seconds of the processor, as the machine may be busy; valid calls take milliseconds

SCALARS = [
    math.nan, math.inf, -math.inf, 0, 0.0, -0.0, 1, -1, 2, 0.5, -0.5, 3, 1e-3, 100.0, 1e6,
    1e308, -1e308, 1e200, 1e-308, 1e-200, 5e-324, 10**9, 10**400, -(10**400),
    True, False, np.float32(0.5), np.int8(-3), np.float64(1e308), np.array(2.0),
]  # fmt: skip
OBJECTS = [
    None, "text", "", b"", b"1", 1j, 1 + 0j, object, object(), {}, {"a": 1}, set(), [], [[]], (),
    [1, [2, 3]], [[1, 2], [3]], [None], ["1", 2], [math.nan], [[math.inf]], [[[0.5]]], [0.5],
    [1, 2], [1e308, 1e308], [1e-308], [-1, 1], [1j], range(0), range(3), np.zeros(0),
    np.zeros((0, 3)), np.zeros((2, 2)), np.ones((2, 3, 4)), np.array(["1"], dtype=object),
    np.array([None, 1.0]),
    np.array([1, "a"], dtype=object), np.datetime64("2020-01-01"), np.timedelta64(1, "s"),
    np.array(["2020-01-01"], dtype="datetime64[D]"), len, sparse.eye_array(3),
]  # fmt: skip
FACTORS = [0.5, 2, 0.1, 10, -1, 0, 1e-3, 1e3, 1e-100, 1e100, 1e-300, 1e300]


def _names(module):
    """Public classes and functions of a module, with the public methods of what users construct."""
    topic = module.__name__.removeprefix("smlib.")
    for name in getattr(module, "__all__", ()):
        value = getattr(module, name)
        elsewhere = getattr(value, "__module__", None) != module.__name__
        if not callable(value) or elsewhere or name in calls.RETURNED.get(topic, ()):
            continue
        yield name
        if inspect.isclass(value):
            for method, found in inspect.getmembers(value, inspect.isroutine):
                own = inspect.isfunction(found) or inspect.ismethod(found)
                if own and (method == "__call__" or not method.startswith("_")):
                    yield f"{name}.{method}"


#: Asked in their own tests: what draws, what is kept of functions, the rules that others follow.
APART = {"explorer", "figures", "memo", "rules"}
MODULES = sorted({info.name for info in pkgutil.iter_modules(smlib.__path__)} - APART)
PUBLIC = {
    f"{module}.{name}"
    for module in MODULES
    for name in _names(importlib.import_module(f"smlib.{module}"))
}
GIVEN = {
    f"{module}.{name}": given
    for module, table in calls.CALLS.items()
    for name, given in table.items()
}


def _function(key):
    module, *path = key.split(".")
    found = importlib.import_module(f"smlib.{module}")
    for name in path:
        found = getattr(found, name)
    return found


def _call(key, given):
    """All arguments of a call: those given, else the default, else what the rule admits."""
    call = {}
    for name, parameter in inspect.signature(_function(key)).parameters.items():
        rule, default = parameter.annotation, parameter.default
        if parameter.kind is not parameter.VAR_KEYWORD and name not in given:
            call[name] = rule.valid() if default is parameter.empty else default
            call[name] = 0 if isinstance(rule, Seed) and default is None else call[name]
    return call | given


CALLS = {key: [_call(key, given) for given in GIVEN.get(key, [{}])] for key in sorted(PUBLIC)}


def _may_be_infinite(key):
    """Whether `checked` was told that results need not be finite, or that properties need not."""
    found = _function(key)
    parts = [value.fget for value in vars(found).values() if isinstance(value, property)]
    return any(getattr(part, "infinite", False) for part in [found, *parts])


NOT_FINITE = {key for key in PUBLIC if _may_be_infinite(key)}


def test_the_tables_know_public_names_alone():
    for table in (GIVEN, calls.BOUNDS, calls.FIXED, calls.ALSO):
        assert set(table) <= PUBLIC


def _spoiled(valid):
    """Variants of a valid argument: scaled, with one wrong element, of another shape."""
    if isinstance(valid, bool | str) or valid is None:
        return st.just(valid)
    if isinstance(valid, int | float):
        return st.sampled_from(FACTORS).map(lambda factor: valid * factor)
    if isinstance(valid, Mapping):
        keys = [*valid, "text", 1, ""]
        pair = st.tuples(st.sampled_from(keys), st.sampled_from(SCALARS + OBJECTS[:12]))
        return pair.map(lambda new: {**valid, new[0]: new[1]})
    try:
        array = np.asarray(valid, dtype=float)
    except (TypeError, ValueError):
        if not isinstance(valid, list | tuple) or not valid:
            return st.just(valid)
        change = st.tuples(st.integers(0, len(valid) - 1), st.sampled_from(SCALARS + OBJECTS))
        return change.map(lambda new: [*valid[: new[0]], new[1], *valid[new[0] + 1 :]])

    def replaced(new):
        wrong = array.astype(object) if isinstance(new[1], int) else array.copy()
        wrong.flat[new[0]] = new[1]
        return wrong

    numbers = [x for x in SCALARS if not isinstance(x, np.ndarray)]
    element = st.tuples(st.integers(0, array.size - 1), st.sampled_from(numbers))
    return st.one_of(
        element.map(replaced),
        st.sampled_from([x for x in FACTORS if abs(x) < 1e300]).map(lambda factor: array * factor),
        st.sampled_from(
            [
                array[:1], array[:-1], array[..., :-1], array[None], array[..., None], array.T,
                array[::-1], np.concatenate([array, array]), array.astype(object),
                array.astype(str), array + 1j, np.zeros_like(array), np.ones_like(array),
                array.astype(np.float32), array.tolist(),
            ]
        ),
    )  # fmt: skip


def _within(value, bounds):
    """Whether the size of every finite number in `value` but 0 lies within `bounds`."""
    if bounds is None:
        return True
    if isinstance(value, list | tuple | set | range):
        return all(_within(each, bounds) for each in value)
    if isinstance(value, np.ndarray):
        return all(_within(each, bounds) for each in value.ravel().tolist())
    number = isinstance(value, int | float | np.number) and not isinstance(value, np.timedelta64)
    value = value.item() if isinstance(value, np.number) else value
    if number and 0 < abs(value) < math.inf:
        return bounds[0] <= abs(value) <= bounds[1]
    return True


def _admitted(key, name, value):
    """Whether a value is tried: within the bounds of the table, and no working `progress`."""
    bounds = calls.BOUNDS.get(key, {}).get(name)
    return _within(value, bounds) and not (name == "progress" and callable(value))


def _arguments(key, which):
    """Names of the arguments of a call that are drawn."""
    return sorted(set(CALLS[key][which]) - set(calls.FIXED.get(key, ("self",))))


@cache
def _drawn(key, which, name):
    """Values for one argument. Kept, since making a strategy costs more than drawing from it."""
    valid = CALLS[key][which][name]
    return st.one_of(
        st.sampled_from(SCALARS),
        st.sampled_from(OBJECTS),
        st.floats(),
        st.integers(-3, 12),
        st.floats(0, 3),
        _spoiled(valid),
    ).filter(partial(_admitted, key, name))


def _leaves(result):
    """All numbers in a result, including the properties of dataclasses."""
    if isinstance(result, float | complex | np.generic | np.ndarray):
        yield result
    elif sparse.issparse(result):
        found = result.tocoo()
        yield from (found.data, *found.coords)
    elif isinstance(result, Mapping):
        for value in result.values():
            yield from _leaves(value)
    elif isinstance(result, Iterator):
        for value in islice(result, 3):
            yield from _leaves(value)
    elif isinstance(result, tuple | list | set | frozenset):
        for value in result:
            yield from _leaves(value)
    elif is_dataclass(result) and not isinstance(result, type):
        for field in fields(result):
            yield from _leaves(getattr(result, field.name))
        for name, value in inspect.getmembers(type(result)):
            derived = isinstance(value, property) or hasattr(value, "attrname")
            if derived and not name.startswith("_"):
                yield from _leaves(getattr(result, name))


def _finite(leaf):
    array = np.asarray(leaf)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


@st.composite
def _changed(draw, key):
    """A valid call, one or two of its arguments replaced, and the names of these."""
    which = draw(st.integers(0, len(CALLS[key]) - 1))
    valid = CALLS[key][which]
    names = _arguments(key, which)
    replaced = {names[draw(st.integers(0, len(names) - 1))] for _ in range(draw(st.integers(1, 2)))}
    new = {name: draw(_drawn(key, which, name)) for name in sorted(replaced)}
    return valid | new, sorted(replaced)


class TooLong(BaseException):
    """Not an Exception, so that no code under test catches it."""


def _alarm(*_):
    raise TooLong


def survives(key, given_, replaced):
    """Call, and say what went wrong: None, or a text."""
    function = _function(key)
    timed = threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGVTALRM")
    if timed:
        before = signal.signal(signal.SIGVTALRM, _alarm)
        signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        leaves = list(_leaves(function(**given_)))
    except ValueError as error:
        if not any(re.search(rf"\b{name}\b", str(error)) for name in replaced):
            raise AssertionError(f"no argument {replaced} is named: {error}") from error
        return
    except calls.ALSO.get(key, ()):
        return
    except TooLong:
        raise AssertionError(f"no answer within {PATIENCE} s") from None
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)
    if key not in NOT_FINITE:
        assert all(map(_finite, leaves)), f"not finite: {leaves}"


@pytest.mark.parametrize("key", sorted(CALLS))
def test_the_call_itself_is_valid(key):
    for valid in CALLS[key]:
        leaves = list(_leaves(_function(key)(**copy.copy(valid))))
        assert key in NOT_FINITE or all(map(_finite, leaves))


REPLACEABLE = sorted(key for key in CALLS if CALLS[key] and _arguments(key, 0))


@pytest.mark.parametrize("key", REPLACEABLE)
def test_each_listed_value(key):
    failed = []
    for which, valid in enumerate(CALLS[key]):
        for name in _arguments(key, which):
            for value in filter(partial(_admitted, key, name), SCALARS + OBJECTS):
                try:
                    survives(key, copy.copy(valid) | {name: value}, [name])
                except Exception as error:  # whatever it is, say for which value
                    failed.append(f"{name}={value!r:.60}: {type(error).__name__}: {error}")
    assert not failed, "\n".join(failed)


@pytest.mark.parametrize("key", REPLACEABLE)
@settings(
    derandomize=True,
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_hard_to_break(key, data):
    given_, replaced = data.draw(_changed(key))
    survives(key, given_, replaced)
