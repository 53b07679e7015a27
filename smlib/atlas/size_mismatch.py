"""Rows of the atlas: chapter `size_mismatch`."""

from smlib.elements import ELEMENTS
from smlib.scales import Mismatch, Scale

ROWS = (
    Mismatch(
        chapter="size_mismatch",
        system="silver atom in copper",
        small=Scale("copper radius", ELEMENTS["Cu"].r_gl, "pm"),
        large=Scale("silver radius", ELEMENTS["Ag"].r_gl, "pm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="select",
        breaks="solid solubility",
        critical=1.15,
        source="limit: Hume-Rothery, Mabbott & Channel Evans 1934; radii: r_gl",
    ),
)
