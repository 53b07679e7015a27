"""Rows of the atlas: chapter `pressure_alloying`."""

from functools import partial

from smlib.pressure_alloying import equation_of_state
from smlib.scales import Mismatch, Scale

_MAGNESIUM, _IRON = equation_of_state("Mg"), equation_of_state("Fe")

_Pair = partial(
    Mismatch,
    chapter="pressure_alloying",
    kind="size",
    regime="matched",
    effect="bug",
    remedy="adapt",
    breaks="solid solubility",
    critical=1.15,
)

ROWS = (
    _Pair(
        system="magnesium in iron without pressure",
        small=Scale("iron radius", _IRON.radius(0), "Å"),
        large=Scale("magnesium radius", _MAGNESIUM.radius(0), "Å"),
        source="Wigner-Seitz radii: Lejaeghere et al. 2014",
    ),
    _Pair(
        system="magnesium in iron at 40 GPa",
        small=Scale("iron radius", _IRON.radius(40), "Å"),
        large=Scale("magnesium radius", _MAGNESIUM.radius(40), "Å"),
        source="equation of state: Vinet et al. 1987; constants: Lejaeghere et al. 2014",
    ),
)
