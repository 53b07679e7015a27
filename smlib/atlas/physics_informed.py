"""Rows of the atlas: chapter `physics_informed`."""

import math

from smlib.physics_informed import River
from smlib.scales import Mismatch, Scale

# A reach in which chlorine is removed within minutes.
_RIVER = River(u=0.5, D=50, k=5e-3, L=10_000)

ROWS = (
    Mismatch(
        chapter="physics_informed",
        system="dechlorination in ten kilometres of river",
        small=Scale("reaction time", _RIVER.t_react, "s"),
        large=Scale("travel time", _RIVER.t_adv, "s"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="rescale",
        breaks="the inlet: the network learns zero",
        exponent=math.inf,
        leverage=2,
        source="order of magnitude; a layer at the inlet and nothing below it",
    ),
    Mismatch(
        chapter="physics_informed",
        system="a second or a day as the unit of time",
        small=Scale("second", 1, "s"),
        large=Scale("day", 86400, "s"),
        kind="time",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="training by first-order steps",
        leverage=2,
        source="definition of the units",
    ),
)
