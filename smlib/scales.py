"""Two scales, one unit: the vocabulary in which every chapter states its mismatch.

A mismatch is a pair of named scales that carry the same unit, their ratio, what the ratio breaks
or builds, and what one can do about it. A pair with two different units is refused: an analogy
becomes a statement only when both scales can be measured with one ruler.
"""

import math
from dataclasses import dataclass

from smlib import rules
from smlib.checks import checked

__all__ = ["EFFECTS", "KINDS", "REGIMES", "REMEDIES", "Mismatch", "Scale"]

KINDS = ("size", "time", "magnitude", "connectivity", "measurement")
"""What the two scales measure."""

REGIMES = ("matched", "nominal", "disparate", "separated")
"""How the scales relate: within a factor of 3; apart only by units, or by a rescaling that loses
nothing; apart, without an error that falls as they move further apart; apart, with one that does,
so that each can be treated with the other frozen or averaged. `smlib.boundary_layer.classify`
decides."""

EFFECTS = ("bug", "feature")
"""Whether the mismatch breaks something that is wanted or builds it."""

REMEDIES = (
    "select",
    "rescale",
    "average",
    "parameterize",
    "separate",
    "balance",
    "exploit",
    "reanchor",
    "adapt",  # change the state: rotate, grow, press
)
"""What one can do about a mismatch."""


class _Text(rules.Of):
    def __init__(self):
        super().__init__(str)

    def __call__(self, name, value):
        if not super().__call__(name, value).strip():
            raise ValueError(f"{name} must be {self!r}, got {value!r:.60}")
        return value

    def refused(self):
        return [*super().refused(), "", "  "]

    def __repr__(self):
        return "a text that is not empty"


TEXT, ANY_TEXT = _Text(), rules.Of(str)


@checked
@dataclass(frozen=True)
class Scale:
    """A named length, time, rating... with its unit.

    Parameters
    ----------
    name : str
        What is measured, for example "mean radius".
    value : float
        Positive and finite, in `unit`.
    unit : str
        Any text; "1" for a pure number.

    Examples
    --------
    >>> Scale("updraft", 1, "km")
    Scale(name='updraft', value=1.0, unit='km')
    """

    name: TEXT
    value: rules.POSITIVE
    unit: TEXT = "1"

    def __str__(self):
        return f"{self.name} ({self.value:.4g}{'' if self.unit == '1' else ' ' + self.unit})"


@checked(infinite=True)  # the exponent may be
@dataclass(frozen=True)
class Mismatch:
    """One system with two scales, and what their ratio does.

    Parameters
    ----------
    chapter, system : str
        Module name of the chapter, and the system in words.
    small, large : Scale
        The two scales, in one unit. "Small" is the scale that should hold or resolve the other, so
        that a ratio below 1 is possible: a head that fits.
    kind, regime, effect, remedy : str
        Words of `KINDS`, `REGIMES`, `EFFECTS`, `REMEDIES`.
    breaks : str
        What the mismatch breaks (or, as a feature, prevents).
    critical : float, optional
        Ratio at which the behaviour changes.
    safe : {"below", "above"}
        Side of `critical` on which the system works.
    exponent : float, optional
        Separation exponent s: treating the scales one at a time has a relative error of
        ratio**-s, hence buys ``s * decades`` digits. 0 buys none; inf is allowed.
    leverage : float, optional
        Power p with which the ratio enters its consequence, ratio**p.
    source : str
        Where the numbers come from.

    Raises
    ------
    ValueError
        If the units differ, or the ratio or its consequence leaves the range of floats.

    Examples
    --------
    >>> storm = Mismatch("climate_grid", "thunderstorm in a grid cell", Scale("updraft", 1, "km"),
    ...                  Scale("cell", 50, "km"), "size", "disparate", "bug", "parameterize")
    >>> storm.ratio, round(storm.decades, 3)
    (50.0, 1.699)
    """

    chapter: TEXT
    system: TEXT
    small: rules.Of(Scale)
    large: rules.Of(Scale)
    kind: rules.Choice(*KINDS)
    regime: rules.Choice(*REGIMES)
    effect: rules.Choice(*EFFECTS)
    remedy: rules.Choice(*REMEDIES)
    breaks: ANY_TEXT = ""
    critical: rules.POSITIVE | None = None
    safe: rules.Choice("below", "above") = "below"
    exponent: rules.Real("[0, inf]") | None = None
    leverage: rules.NUMBER | None = None
    source: ANY_TEXT = ""

    def __post_init__(self):
        if self.small.unit != self.large.unit:
            raise ValueError(
                f"{self.system}: the scales have different units, "
                f"{self.small.unit!r} and {self.large.unit!r}"
            )
        rules.POSITIVE(f"{self.system}: ratio large/small", self.ratio)
        try:
            _ = self.consequence
        except OverflowError:
            raise ValueError(
                f"leverage {self.leverage}: ratio {self.ratio:.3g} to that power overflows"
            ) from None

    @property
    def ratio(self):
        """Large over small, dimensionless."""
        return self.large.value / self.small.value

    @property
    def decades(self):
        """Absolute decades between the scales, ``|log10 ratio|``."""
        return abs(math.log10(self.ratio))

    @property
    def margin(self):
        """Decades to the critical ratio, positive on the safe side; None without `critical`."""
        if self.critical is None:
            return None
        distance = math.log10(self.critical) - math.log10(self.ratio)
        return distance if self.safe == "below" else -distance

    @property
    def digits(self):
        """Digits bought by separation, ``exponent * decades``; None without `exponent`."""
        if self.exponent is None:
            return None
        # Scales equal on paper buy nothing, whatever the exponent (inf * 0 would be nan).
        return self.exponent * self.decades if self.decades > 1e-12 else 0.0

    @property
    def consequence(self):
        """``ratio**leverage``; None without `leverage`."""
        return None if self.leverage is None else self.ratio**self.leverage

    def sentence(self):
        """State the mismatch in one sentence.

        Returns
        -------
        str
            System, both scales, ratio to three significant digits, kind, regime, critical ratio
            (if any), effect and remedy.
        """
        limit = "" if self.critical is None else f", safe {self.safe} {self.critical:.4g}"
        target = f": {'prevents' if self.effect == 'feature' else 'breaks'} {self.breaks}"
        return (
            f"{self.system}: {self.small} against {self.large}, ratio {self.ratio:.3g}{limit} "
            f"({self.kind}, {self.regime}); {self.effect}{target if self.breaks else ''}; "
            f"remedy: {self.remedy}."
        )
