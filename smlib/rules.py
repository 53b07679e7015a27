"""What one argument of a function may be: numbers within an interval, a known word, an object.

A `Rule` stands as the annotation of an argument; `smlib.checks.checked` applies it, `help` and the
pages of the modules show it, and the tests derive from it what must be refused. Called with a name
and a value it returns the value in the form in which it is computed with, or raises a ValueError
that names it and shows the first value that was wrong.

Examples
--------
>>> Real("(0, 1]")("share", 1)
1.0
>>> Reals("(0, inf)")("sizes", [0.5, -2])
Traceback (most recent call last):
ValueError: sizes must lie in (0, inf), got -2.0
>>> Choice("length", "time")("kind", "mass")
Traceback (most recent call last):
ValueError: kind must be one of length, time; got 'mass'
>>> Whole(low=2)("n", 4.0)
Traceback (most recent call last):
ValueError: n must be a whole number >= 2, got 4.0
>>> Seed()("seed", 1.5)
Traceback (most recent call last):
ValueError: seed must be a seed of numpy.random.default_rng, got 1.5
"""

import functools
import math
import operator
from abc import ABC, abstractmethod

import numpy as np
from scipy import sparse

__all__ = ["Choice", "Each", "Flag", "Matrix", "Of", "Real", "Reals", "Rule", "Seed", "Whole"]
__all__ += [
    "NONNEGATIVE",
    "NONNEGATIVES",
    "NUMBER",
    "NUMBERS",
    "POSITIVE",
    "POSITIVES",
    "SHARE",
    "reals",
]
__all__ += ["SHARES"]


class Rule(ABC):
    """What one argument must be; with ``| None`` it may also be None."""

    #: Values that are no numbers, and of no use to a rule that asks for some.
    OBJECTS = (None, "text", b"1", 1j, object(), {"a": 1}, [1, [2, 3]], [None], ["1"], len)

    @abstractmethod
    def __call__(self, name, value):
        """Return what is computed with, or raise a ValueError that holds the name and the value."""

    def valid(self):
        """A value that is admitted, for tests, if the rule alone can know one."""
        raise NotImplementedError

    @abstractmethod
    def refused(self):
        """Values that are not admitted, for tests."""

    def __or__(self, other):
        return _OrNone(self)


class _OrNone(Rule):
    def __init__(self, rule):
        self.rule = rule

    def __call__(self, name, value):
        return None if value is None else self.rule(name, value)

    def valid(self):
        return self.rule.valid()

    def refused(self):
        return [value for value in self.rule.refused() if value is not None]

    def __repr__(self):
        return f"{self.rule!r} or None"


class _Interval(Rule):
    """Real numbers in an interval in the usual notation: "(0, 1]" admits 1 and not 0.

    An open end at infinity refuses infinity; NaN is always refused.
    """

    def __init__(self, within="(-inf, inf)"):
        self.within = within
        self.low, self.high = map(float, within[1:-1].split(","))
        self._above = operator.ge if within[0] == "[" else operator.gt
        self._below = operator.le if within[-1] == "]" else operator.lt

    def _admits(self, number):
        return self._above(number, self.low) and self._below(number, self.high)

    def valid(self):
        if math.isfinite(self.low) and math.isfinite(self.high):
            return (self.low + self.high) / 2
        return self.low + 1 if math.isfinite(self.low) else min(0.5, self.high)

    def _beyond(self):
        """Numbers that lie outside."""
        found = [math.nan, self.low, self.high, math.nextafter(self.low, -math.inf)]
        found += [math.nextafter(self.high, math.inf), -math.inf, math.inf]
        return [number for number in found if not self._admits(number)]


class Real(_Interval):
    """A single number in an interval, as a float."""

    def __call__(self, name, value):
        if type(value) is float and self._admits(value):
            return value
        return float(reals(name, value, self.within, ndim=0))

    def refused(self):
        return [*self._beyond(), *self.OBJECTS, [], [0.5, 0.5], np.zeros((2, 2)), 10**400]

    def __repr__(self):
        return f"a number in {self.within}"


class Reals(_Interval):
    """Numbers in an interval as an array: of any shape, or with a number of axes."""

    def __init__(self, within="(-inf, inf)", *, ndim=None):
        super().__init__(within)
        self.ndim = ndim

    def __call__(self, name, value):
        if type(value) is float and not self.ndim and self._admits(value):
            return np.asarray(value)
        return reals(name, value, self.within, ndim=self.ndim)

    def valid(self):
        """Two different numbers, in a list or in each row of a table."""
        one = super().valid()
        other = min(one + 1, (one + self.high) / 2)
        return [[one, other], [other, one]] if self.ndim == 2 else [one, other]

    def refused(self):
        beyond = self._beyond()
        if self.ndim is not None:
            beyond = [np.full((1,) * self.ndim, number) for number in beyond]
        other = (0.5, [0.5], [[0.5]], [[[0.5]]])[: 4 if self.ndim is not None else 0]
        wrong = [value for value in other if np.ndim(value) != self.ndim]
        return [*beyond, *wrong, *self.OBJECTS, [], np.zeros((0, 3)), [math.nan], [[math.inf]]]

    def __repr__(self):
        axes = "" if self.ndim is None else f", {_axes(self.ndim)}"
        return f"in {self.within}{axes}"


class Matrix(Reals):
    """Numbers in an interval as a dense or a sparse matrix, as a float array of either kind.

    Of a sparse one only the elements that are stored are looked at.
    """

    def __init__(self, within="(-inf, inf)", *, square=False):
        super().__init__(within, ndim=2)
        self.square = square

    def __call__(self, name, value):
        if not sparse.issparse(value):
            value = super().__call__(name, value)
        elif value.nnz:
            reals(name, value.tocoo().data, self.within)
        if value.ndim != 2 or (self.square and value.shape[0] != value.shape[1]):
            kind = "square" if self.square else "a matrix"
            raise ValueError(f"{name} must be {kind}, got the shape {value.shape}")
        return sparse.csr_array(value, dtype=float) if sparse.issparse(value) else value

    def refused(self):
        beyond = [sparse.csr_array([[number]]) for number in self._beyond() if number]
        return [*super().refused(), *beyond, *[sparse.csr_array((1, 2))] * self.square]

    def __repr__(self):
        return f"a {'square ' * self.square}matrix, dense or sparse, in {self.within}"


class Whole(Rule):
    """A whole number from `low` to `high`, or one of `only` some, as an int."""

    def __init__(self, low=1, high=math.inf, *, only=None):
        self.low, self.high = (min(only), max(only)) if only else (low, high)
        self.only = only

    def __call__(self, name, value):
        try:
            number = None if isinstance(value, bool | np.bool) else operator.index(value)
        except TypeError:
            number = None
        within = number is not None and self.low <= number <= self.high
        if not within or (self.only and number not in self.only):
            raise ValueError(f"{name} must be {self!r}, got {value!r:.60}")
        return number

    def valid(self):
        return self.only[0] if self.only else max(min(2, self.high), self.low)

    def refused(self):
        beyond = [self.low - 1] + ([] if self.high == math.inf else [self.high + 1])
        return [*beyond, float(self.low), True, math.nan, math.inf, [self.low], *self.OBJECTS]

    def __repr__(self):
        if self.only:
            return f"one of {', '.join(map(str, self.only))}"
        if self.high == math.inf:
            return "a whole number" if self.low == -math.inf else f"a whole number >= {self.low}"
        return f"a whole number from {self.low} to {self.high}"


class Choice(Rule):
    """One of some words."""

    def __init__(self, *known):
        self.known, self._words = known, frozenset(known)

    def __call__(self, name, value):
        if not isinstance(value, str) or value not in self._words:
            raise ValueError(f"{name} must be {self!r}; got {value!r:.60}")
        return value

    def valid(self):
        return self.known[0]

    def refused(self):
        known = self.known[0]
        others = [known + "s", known.upper() + "_", "", known.encode(), [known], 0, math.nan]
        return [*others, *self.OBJECTS]

    def __repr__(self):
        return f"one of {', '.join(self.known)}"


class Flag(Rule):
    """True or False."""

    def __call__(self, name, value):
        if not isinstance(value, bool | np.bool):
            raise ValueError(f"{name} must be True or False, got {value!r:.60}")
        return bool(value)

    def valid(self):
        return True

    def refused(self):
        return [0, 1, 1.0, math.nan, [True], np.array([True]), *self.OBJECTS]

    def __repr__(self):
        return "True or False"


class Of(Rule):
    """An object of a class, or of one of several."""

    def __init__(self, *kinds):
        self.kinds = kinds

    def __call__(self, name, value):
        if not isinstance(value, self.kinds):
            raise ValueError(f"{name} must be of class {self!r}, got {value!r:.60}")
        return value

    def valid(self):
        """Of the first class, made of nothing."""
        return self.kinds[0]()

    def refused(self):
        others = [0.5, math.nan, *self.kinds, *self.OBJECTS]
        return [value for value in others if not isinstance(value, self.kinds)]

    def __repr__(self):
        return " or ".join(kind.__name__ for kind in self.kinds)


class Each(Rule):
    """A sequence, which is no text, of entries for which a rule holds; as a tuple."""

    def __init__(self, rule=None, *, empty=False):
        self.rule, self.empty = rule, empty

    def __call__(self, name, value):
        try:
            found = tuple(None if isinstance(value, str | bytes) else value)
        except (TypeError, NotImplementedError):
            raise ValueError(f"{name} must be a sequence, got {value!r:.60}") from None
        if not (found or self.empty):
            raise ValueError(f"{name} must hold at least one, got {value!r:.60}")
        return tuple(self.rule(name, each) for each in found) if self.rule else found

    def valid(self):
        return [self.rule.valid() if self.rule else 0.5]

    def refused(self):
        entries = [[value] for value in self.rule.refused()] if self.rule else []
        return [*entries, *([] if self.empty else [[], ()]), None, "text", b"1", 0.5, object(), len]

    def __repr__(self):
        return f"a sequence, each {self.rule!r}" if self.rule else "a sequence"


class Seed(Rule):
    """A seed of `numpy.random.default_rng` or, as `sequence`, of `numpy.random.SeedSequence`."""

    def __init__(self, *, sequence=False):
        self._source = np.random.SeedSequence if sequence else np.random.default_rng

    def __call__(self, name, value):
        try:
            if isinstance(value, np.timedelta64):  # which NumPy counts among the whole numbers
                raise TypeError
            return self._source(value)
        except (TypeError, ValueError):
            raise ValueError(f"{name} must be {self!r}, got {value!r:.60}") from None

    def valid(self):
        return 0

    def refused(self):
        return [-1, 0.5, math.nan, "text", b"1", 1j, object(), {"a": 1}, [-1], len]

    def __repr__(self):
        return f"a seed of numpy.random.{self._source.__name__}"


NUMBER, NUMBERS = Real(), Reals()
POSITIVE, POSITIVES = Real("(0, inf)"), Reals("(0, inf)")
NONNEGATIVE, NONNEGATIVES = Real("[0, inf)"), Reals("[0, inf)")
SHARE, SHARES = Real("[0, 1]"), Reals("[0, 1]")


# --- numbers ------------------------------------------------------------------------------------


def _axes(ndim):
    return {0: "a single number", 1: "a list", 2: "a table"}.get(ndim, f"with {ndim} axes")


def _real(array):
    """Whether an array holds numbers. NumPy would also read texts, dates and None for some."""
    if array.dtype.kind == "O":
        other = str | bytes | None | np.character | np.datetime64 | np.timedelta64
        return not any(isinstance(each, other) for each in array.flat)
    return array.dtype.kind in "biuf"


@functools.cache
def _interval(within):
    return Real(within)


def reals(name, value, within="(-inf, inf)", *, ndim=None):
    """Float array of `value`, every element of which lies in the interval `within`: what `Reals`
    asks of an argument, for numbers that are none.

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
        array = given.astype(float) if _real(given) else None
    except (TypeError, ValueError, OverflowError):
        array = None
    if array is None:
        raise ValueError(f"{name} must hold real numbers, got {value!r:.60}")
    interval = _interval(within)
    wrong = ~(interval._above(array, interval.low) & interval._below(array, interval.high))
    if wrong.any():
        raise ValueError(f"{name} must lie in {within}, got {array[wrong].flat[0].item()}")
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} must be {_axes(ndim)}, got {array.tolist()!r:.60}")
    if array.size == 0:
        raise ValueError(f"{name} must not be empty, got {array.tolist()!r:.60}")
    return array
