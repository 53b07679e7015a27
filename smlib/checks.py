"""What every topic asks of its arguments: numbers within an interval, a known word, a whole number.

Each check returns the argument in the form in which it is computed with, or raises a ValueError
that names the argument and shows the first value that was wrong.
"""

import operator

import numpy as np

__all__ = ["choice", "plain", "reals", "whole"]


def _ends(within):
    """Limits of an interval in the usual notation: "(0, 1]" admits 1 and not 0."""
    low, high = map(float, within[1:-1].split(","))
    return low, high, within[0] == "[", within[-1] == "]"


def reals(name, value, within="(-inf, inf)", *, ndim=None):
    """Float array of `value`, every element of which lies in the interval `within`.

    An open end at infinity refuses infinity; NaN is always refused. `ndim` asks for a number of
    axes, none of them empty.

    Examples
    --------
    >>> reals("beta", [0.1, 1], "[0, 1]").tolist()
    [0.1, 1.0]
    >>> reals("beta", [0.1, 2], "[0, 1]")
    Traceback (most recent call last):
    ValueError: beta must lie in [0, 1], got 2.0
    """
    try:
        given = np.asarray(value)
        array = given.astype(float) if given.dtype.kind in "biufO" else None
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is None:
        raise ValueError(f"{name} must hold real numbers, got {value!r:.60}")
    low, high, low_in, high_in = _ends(within)
    above = array >= low if low_in else array > low
    below = array <= high if high_in else array < high
    wrong = ~(above & below)
    if wrong.any():
        raise ValueError(f"{name} must lie in {within}, got {array[wrong].flat[0].item()}")
    if array.size == 0 or (ndim is not None and array.ndim != ndim):
        axes = "no empty axis" if ndim is None else f"{ndim} axes, none empty"
        raise ValueError(f"{name} must have {axes}, got {array.tolist()!r:.60}")
    return array


def whole(name, value, low=1):
    """`value` as an int, at least `low`.

    Examples
    --------
    >>> whole("n", 4.0)
    Traceback (most recent call last):
    ValueError: n must be a whole number >= 1, got 4.0
    """
    try:
        number = None if isinstance(value, bool | np.bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None or number < low:
        raise ValueError(f"{name} must be a whole number >= {low}, got {value!r:.60}")
    return number


def choice(name, value, known):
    """`value`, if it is one of the texts in `known`.

    Examples
    --------
    >>> choice("flow", "pipe", ("poiseuille", "couette"))
    Traceback (most recent call last):
    ValueError: flow must be one of poiseuille, couette; got 'pipe'
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}; got {value!r:.60}")
    return value


def plain(value):
    """A float for an array without axes, else the array: scalars in, scalars out."""
    return float(value) if np.ndim(value) == 0 else value
