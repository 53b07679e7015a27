"""Rows of the atlas: chapter `high_entropy_alloys`."""

from smlib.high_entropy_alloys import delta
from smlib.scales import Mismatch, Scale

ROWS = (
    Mismatch(
        chapter="high_entropy_alloys",
        system="Cantor alloy CoCrFeMnNi (1 + delta)",
        small=Scale("mean radius", 1, "rbar"),
        large=Scale("mean + rms deviation", 1 + delta("CoCrFeMnNi") / 100, "rbar"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="balance",
        breaks="single crystal",
        critical=1.066,
        source="limit: Yang & Zhang 2012, empirical; idea: Zhang et al. 2008; radii: r_gl",
    ),
)
