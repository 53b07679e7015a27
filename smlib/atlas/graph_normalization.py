"""Rows of the atlas: chapter `graph_normalization`."""

from functools import partial

from smlib.scales import Mismatch, Scale

_Hub = partial(
    Mismatch,
    chapter="graph_normalization",
    kind="connectivity",
    regime="disparate",
    effect="bug",
    remedy="rescale",
    breaks="the plain sum over neighbours",
    exponent=0,
    leverage=0.5,
)

ROWS = (
    _Hub(
        system="hub and leaf of a grown network",
        small=Scale("neighbours of a leaf", 2, "1"),
        large=Scale("neighbours of the hub", 100, "1"),
        source="preferential attachment, 1000 nodes: Barabasi & Albert 1999",
    ),
    _Hub(
        system="star of a million leaves",
        small=Scale("neighbours of a leaf", 1, "1"),
        large=Scale("neighbours of the hub", 10**6, "1"),
        source="growth per layer: largest eigenvalue of a star",
    ),
)
