"""What a reader may move: a slider over numbers, a menu over named choices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Control:
    """One control: its values in order, how each is written, where it starts.

    ``fine`` holds the values that the live face offers (the lattice's own where no finer
    step was asked for); every lattice value is among them.
    """

    kind: str
    values: tuple
    texts: tuple[str, ...]
    start: int
    label: str
    unit: str = ""
    fine: tuple = ()
    form: str = "{:g}"

    def text(self, value) -> str:
        """``value`` as the reader sees it, with its unit."""
        if self.kind == "menu":
            return self.texts[self.values.index(value)]
        return _with_unit(self.form.format(value), self.unit)


def _with_unit(number: str, unit: str) -> str:
    return f"{number} {unit}" if unit else number


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
) -> Control:
    """A slider over evenly spaced numbers, or over the given ``values``.

    Parameters
    ----------
    low, high, steps : float, float, int
        First and last value, and how many there are (at least 2) in the static page.
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
        that is not a value, or a format that writes two values alike.
    """
    if values is None:
        if low is None or high is None or steps is None or steps < 2:
            raise ValueError(
                f"slider {label!r} needs values, or low, high and at least 2 steps; "
                f"got {low!r}, {high!r}, {steps!r}"
            )
        values = np.linspace(low, high, steps)
    # Rounding to 12 digits: 0.2 * 3 is written, hashed and linked to as 0.6.
    values = tuple(float(f"{value:.12g}") for value in values)
    if len(values) < 2 or not np.isfinite(values).all() or (np.diff(values) <= 0).any():
        raise ValueError(f"slider {label!r}: values must be finite and increase, got {values}")
    if fine < 1:
        raise ValueError(f"slider {label!r}: fine must be at least 1, got {fine!r}")
    texts = tuple(_with_unit(form.format(value), unit) for value in values)
    if len(set(texts)) < len(texts):
        raise ValueError(f"slider {label!r}: format {form!r} writes different values alike")
    first = values[0] if start is None else start
    near = int(np.argmin(np.abs(np.array(values) - first)))
    if not math.isclose(values[near], first, rel_tol=1e-9, abs_tol=1e-12):
        raise ValueError(f"slider {label!r}: start {start!r} is not one of {list(values)}")
    places = np.linspace(0, len(values) - 1, (len(values) - 1) * fine + 1)
    dense = np.interp(places, range(len(values)), values)
    dense = tuple(float(f"{value:.12g}") for value in dense)
    return Control("slider", values, texts, near, label, unit, dense, form)


def menu(options: Sequence[str] | Mapping, *, label: str, start=None) -> Control:
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
    return Control("menu", values, tuple(pairs.values()), first, label, fine=values)
