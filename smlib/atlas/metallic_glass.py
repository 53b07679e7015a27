"""Rows of the atlas: chapter `metallic_glass`."""

import numpy as np

from smlib.high_entropy_alloys import delta
from smlib.metallic_glass import GlassFormer, ttt_time
from smlib.scales import Mismatch, Scale

_VITRELOY = "Zr41.2Ti13.8Cu12.5Ni10Be22.5"
# Shortest time in which a melt with a size spread of 2 % crystallizes to one part in a million.
_NOSE = float(ttt_time(np.linspace(800, 880, 321), GlassFormer(), delta=0.02).min())

ROWS = (
    Mismatch(
        chapter="metallic_glass",
        system="Vitreloy 1 (1 + delta)",
        small=Scale("mean radius", 1, "rbar"),
        large=Scale("mean + rms deviation", 1 + delta(_VITRELOY) / 100, "rbar"),
        kind="size",
        regime="matched",
        effect="feature",
        remedy="exploit",
        breaks="the crystal",
        critical=1.066,
        safe="above",
        source="limit: Yang & Zhang 2012, empirical, for crystals; radii: r_gl",
    ),
    Mismatch(
        chapter="metallic_glass",
        system="nose of a melt with a size spread of 2 %",
        small=Scale("atomic vibration", 1e-13, "s"),
        large=Scale("time to crystallize", _NOSE, "s"),
        kind="time",
        regime="separated",
        effect="feature",
        remedy="exploit",
        breaks="crystallization of a thin casting",
        source="model: Uhlmann 1972; vibration: order of magnitude; exponent not measured",
    ),
)
