"""What a reader may move: a slider over numbers, a menu over named choices."""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

_NEGATIVE = re.compile(r"(?<![\w.)])-([\d.]*\d|∞)")


def typeset(text: str) -> str:
    """``text`` with a minus sign, not a hyphen, before a number; zero has none."""
    return _NEGATIVE.sub(lambda found: ("−" if found[1].strip("0.") else "") + found[1], text)


def widest(texts) -> str:
    """The text that takes most room: digits are of one width, what stands between is narrow."""
    return max(texts, key=lambda text: len(text) - sum(map(text.count, "., ")) / 2)


@dataclass(frozen=True)
class Control(ABC):
    """One control: its values in order, where it starts, and the values that a kernel offers."""

    values: tuple
    start: int
    label: str
    fine: tuple

    def __post_init__(self):
        for what, form in (("written", self.text), ("linked to", self.key)):
            first = {}
            for value in self.values:
                other = first.setdefault(form(value), value)
                if other is not value:
                    alike = f"{other!r} and {value!r} are both {what} as {form(value)!r}"
                    raise ValueError(f"control {self.label!r}: {alike}")

    def own(self, value):
        """The control's own value that equals ``value``, as 1 does 1.0; else ``value``."""
        return {each: each for each in self.fine}.get(value, value)

    @abstractmethod
    def key(self, value) -> str:
        """``value`` in a link to a state."""

    @abstractmethod
    def text(self, value) -> str:
        """``value`` as the reader sees it."""


@dataclass(frozen=True)
class Slider(Control):
    """Numbers, with their unit and the format in which they are written."""

    unit: str = ""
    form: str = "{:g}"

    def key(self, value) -> str:
        """``value`` with six digits."""
        return f"{value:g}"

    def text(self, value) -> str:
        """``value`` in its format, with the unit."""
        return typeset(f"{self.form.format(value)} {self.unit}".rstrip())


@dataclass(frozen=True)
class Menu(Control):
    """Named choices."""

    texts: tuple[str, ...] = ()

    def key(self, value) -> str:
        """``value`` as a text."""
        return str(value)

    def text(self, value) -> str:
        """The name of ``value``."""
        return typeset(self.texts[self.values.index(value)])


def slider(
    low: float | None = None,
    high: float | None = None,
    *,
    label: str,
    steps: int | None = None,
    values: Sequence[float] | None = None,
    unit: str = "",
    start: float | None = None,
    fine: int = 1,
    form: str = "{:g}",
) -> Slider:
    """A slider over evenly spaced numbers, or over the given ``values``.

    Parameters
    ----------
    low, high, steps : float, float, int
        First and last value, and how many there are (at least 2) in the static page. Whole numbers
        that are given as such stay whole.
    values : sequence of float
        The values themselves, increasing, in place of the three above.
    label, unit : str
        Name of the quantity and its unit, as written beside the control.
    start : float, optional
        Value shown first; must be one of the values. Default: the first.
    fine : int
        The live face divides each step into this many.
    form : str
        Format of a value, for example ``"{:.1f}"``.

    Raises
    ------
    ValueError
        For values that are not at least two, finite and increasing, ``fine`` below 1, a start
        that is not a value, or two values that are written or linked to alike.
    """
    if values is None:
        if low is None or high is None or steps is None or steps < 2:
            raise ValueError(
                f"slider {label!r} needs values, or low, high and at least 2 steps; "
                f"got {low!r}, {high!r}, {steps!r}"
            )
        given, values = (low, high), np.linspace(low, high, steps)
    else:
        given = values = tuple(values)
    values = _rounded(values)
    if len(values) < 2 or not np.isfinite(values).all() or (np.diff(values) <= 0).any():
        raise ValueError(f"slider {label!r}: values must be finite and increase, got {values}")
    if fine < 1:
        raise ValueError(f"slider {label!r}: fine must be at least 1, got {fine!r}")
    first = values[0] if start is None else start
    near = int(np.argmin(np.abs(np.array(values) - first)))
    if not math.isclose(values[near], first, rel_tol=1e-9, abs_tol=1e-12):
        raise ValueError(f"slider {label!r}: start {start!r} is not one of {list(values)}")
    places = np.linspace(0, len(values) - 1, (len(values) - 1) * fine + 1)
    dense = _rounded(np.interp(places, range(len(values)), values))
    if all(isinstance(n, int | np.integer) for n in given) and all(x.is_integer() for x in dense):
        values, dense = tuple(map(int, values)), tuple(map(int, dense))
    return Slider(values, near, label, dense, unit, form)


def _rounded(values) -> tuple[float, ...]:
    """Numbers to 12 digits, so that 0.2 * 3 is written and linked to as 0.6."""
    return tuple(float(f"{value:.12g}") for value in values)


def menu(options: Sequence[str] | Mapping, *, label: str, start=None) -> Menu:
    """A menu of named choices.

    Parameters
    ----------
    options : sequence of str, or mapping of value to text
        The choices in order. A mapping gives each value the text that the reader sees.
    label : str
        Name of the choice.
    start : optional
        Value shown first. Default: the first.

    Raises
    ------
    ValueError
        For no options, repeated values or texts, or a start that is not an option.
    """
    pairs = dict(options) if isinstance(options, Mapping) else {text: text for text in options}
    if len(pairs) < len(options) or len(set(pairs.values())) < len(pairs):
        raise ValueError(f"menu {label!r}: repeated option in {list(options)}")
    if not pairs:
        raise ValueError(f"menu {label!r} has no options")
    values = tuple(pairs)
    if start is not None and start not in pairs:
        raise ValueError(f"menu {label!r}: start {start!r} is not one of {list(values)}")
    first = 0 if start is None else values.index(start)
    return Menu(values, first, label, values, tuple(pairs.values()))
