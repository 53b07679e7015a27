"""Rows of the atlas: chapter `utility_anchoring`."""

from smlib.scales import Mismatch, Scale

# Ruler from `dead` to 100 read as if it began at 0: the bias at utility u is dead * (1 - u) points.
# It reaches the minimally important difference of EQ-5D, 7.4 points, at u = 0.5 when dead = 14.8.
_TOLERABLE_DEAD = 7.4 / 0.5

ROWS = (
    Mismatch(
        chapter="utility_anchoring",
        system="70 on a ruler from 5 to 100",
        small=Scale("personal range", 100 - 5, "points"),
        large=Scale("instrument range", 100, "points"),
        kind="measurement",
        regime="nominal",
        effect="bug",
        remedy="reanchor",
        breaks="averages and choices",
        critical=100 / (100 - _TOLERABLE_DEAD),
        source="minimally important difference: Walters & Brazier 2005",
    ),
)
