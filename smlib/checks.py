"""What every topic asks of its arguments: numbers within an interval, a known word, a whole number.

Each check returns the argument in the form in which it is computed with, or raises a ValueError
that names the argument and shows the first value that was wrong. `representable` does the same for
a result: arguments can each be admitted, and the result still be beyond the largest float.
"""

import contextlib
import functools
import inspect
import operator
import sys
from collections.abc import Iterator, Mapping

import numpy as np

__all__ = ["choice", "flag", "generator", "instance", "plain", "reals", "representable"]
__all__ += ["seed_sequence", "sequence", "whole"]


def _ends(within):
    """Limits of an interval in the usual notation: "(0, 1]" admits 1 and not 0."""
    low, high = map(float, within[1:-1].split(","))
    return low, high, within[0] == "[", within[-1] == "]"


def _numbers(array):
    """Whether an array holds numbers. NumPy would also read texts and dates among objects."""
    if array.dtype.kind == "O":
        other = str | bytes | np.character | np.datetime64 | np.timedelta64
        return not any(isinstance(each, other) for each in array.flat)
    return array.dtype.kind in "biuf"


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
        array = given.astype(float) if _numbers(given) else None
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


def flag(name, value):
    """`value`, if it is True or False.

    Examples
    --------
    >>> flag("smooth", "no")
    Traceback (most recent call last):
    ValueError: smooth must be True or False, got 'no'
    """
    if not isinstance(value, bool | np.bool):
        raise ValueError(f"{name} must be True or False, got {value!r:.60}")
    return bool(value)


def instance(name, value, kind):
    """`value`, if it is of the class `kind`.

    Examples
    --------
    >>> instance("n", "3", int)
    Traceback (most recent call last):
    ValueError: n must be of class int, got '3'
    """
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be of class {kind.__name__}, got {value!r:.60}")
    return value


def sequence(name, value):
    """Entries of `value`, which is no text, as a tuple.

    Examples
    --------
    >>> sequence("symbols", "CuNi")  # its letters are not meant
    Traceback (most recent call last):
    ValueError: symbols must be a sequence, got 'CuNi'
    """
    try:
        return tuple(None if isinstance(value, str | bytes) else value)
    except (TypeError, NotImplementedError):
        raise ValueError(f"{name} must be a sequence, got {value!r:.60}") from None


def generator(name, seed):
    """`numpy.random.default_rng` of a seed.

    Examples
    --------
    >>> generator("seed", 1.5)
    Traceback (most recent call last):
    ValueError: seed must be one of numpy.random.default_rng, got 1.5
    """
    return _seeded(np.random.default_rng, name, seed)


def seed_sequence(name, seed):
    """`numpy.random.SeedSequence` of a seed.

    Examples
    --------
    >>> seed_sequence("seed", 1.5)
    Traceback (most recent call last):
    ValueError: seed must be one of numpy.random.SeedSequence, got 1.5
    """
    return _seeded(np.random.SeedSequence, name, seed)


def _seeded(source, name, seed):
    try:
        if isinstance(seed, np.timedelta64):  # which NumPy counts among the whole numbers
            raise TypeError
        return source(seed)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} must be one of numpy.random.{source.__name__}, got {seed!r:.60}"
        ) from None


#: How NumPy says that shapes do not broadcast.
_APART = ("operands could not be broadcast", "shape mismatch", "input operand has more dimensions")
_INFINITE = "array must not contain infs or NaNs"  # how SciPy says that a number overflowed
# Apple's BLAS flags errors in products that are right (numpy/numpy#28687); there, as in a browser,
# where nothing is ever flagged, the result alone tells.
_FLAGGED = "ignore" if sys.platform == "darwin" else "raise"


def _finite(result):
    """Whether all numbers in a result, which may be nested, are finite."""
    if isinstance(result, float | complex | np.ndarray | np.generic):
        kind = getattr(result, "dtype", np.dtype(float)).kind
        return kind not in "fc" or bool(np.isfinite(result).all())
    if isinstance(result, Mapping):
        return all(map(_finite, result.values()))
    if isinstance(result, tuple | list):
        return all(map(_finite, result))
    parts = getattr(result, "__dataclass_fields__", ("data",) if hasattr(result, "nnz") else ())
    return all(_finite(getattr(result, name)) for name in parts)


def representable(function=None, /, *, infinite=False):
    """Decorator of a function: a ValueError in place of overflow, division by 0, or inf and nan.

    Nothing is computed in another way: NumPy raises where it would have warned, and the result is
    looked at once. Where the function documents results that are not finite, say `infinite`.

    Examples
    --------
    >>> @representable
    ... def area(side):
    ...     return side * side
    >>> area(2.0)
    4.0
    >>> area(1e200)
    Traceback (most recent call last):
    ValueError: area has no finite result for side=1e+200
    """
    if function is None:
        return functools.partial(representable, infinite=infinite)
    signature = inspect.signature(function)

    def refusal(error, given, named):
        """What is said of the arguments, in place of an error from within."""
        text = str(error)
        arithmetic = isinstance(error, ArithmeticError | np.linalg.LinAlgError)
        if not (arithmetic or hasattr(error, "refused") or text == _INFINITE):
            if not text.startswith(_APART):
                return error
            arguments = signature.bind(*given, **named).arguments.items()
            shapes = (f"{name} {np.shape(value)}" for name, value in arguments if np.ndim(value))
            return ValueError(f"shapes must broadcast, got {', '.join(shapes)}")
        arguments = signature.bind(*given, **named).arguments
        for name, parameter in signature.parameters.items():
            if parameter.kind is parameter.VAR_KEYWORD:
                arguments |= arguments.pop(name, {})
        owner = arguments.pop("self", None)
        fields = getattr(owner, "__dataclass_fields__", ())
        arguments = {name: getattr(owner, name) for name in fields} | arguments
        shown = (f"{name}={' '.join(repr(value).split()):.60}" for name, value in arguments.items())
        why = f": {text}" if arithmetic and text else ""
        what = function.__qualname__.removesuffix(".__init__")
        refused = ValueError(f"{what} has no finite result for {', '.join(shown)}{why}")
        refused.refused = True  # so that a caller that is guarded speaks of its own arguments
        return refused

    def checked(call, given, named):
        try:
            with np.errstate(over=_FLAGGED, divide=_FLAGGED, invalid=_FLAGGED):
                result = call()
            if not (infinite or isinstance(result, Iterator) or _finite(result)):
                raise ArithmeticError
        except (ArithmeticError, ValueError) as error:
            said = refusal(error, given, named)
            if said is error:
                raise
            raise said from error
        return result

    def stepped(results, given, named):
        with contextlib.suppress(StopIteration):
            while True:
                yield checked(lambda: next(results), given, named)

    @functools.wraps(function)
    def guarded(*given, **named):
        result = checked(lambda: function(*given, **named), given, named)
        return stepped(result, given, named) if isinstance(result, Iterator) else result

    return guarded
