"""Rows of the atlas: chapter `boundary_layer`."""

import math
from functools import partial

from smlib.scales import Mismatch, Scale

_Row = partial(Mismatch, chapter="boundary_layer", kind="size", effect="bug")
_Layer = partial(_Row, regime="separated", remedy="separate", breaks="the uniform mesh")
_Wall = partial(_Row, small=Scale("layer thickness", 0.001, "1"), large=Scale("wall", 1, "1"))
_Average = partial(_Wall, regime="separated", remedy="average", breaks="the arithmetic mean")

ROWS = (
    _Layer(
        system="layer with special coefficients",
        small=Scale("layer thickness", 0.05, "1"),
        large=Scale("domain", 1, "1"),
        exponent=math.inf,
        source="problem: Bender & Orszag 1978",
    ),
    _Layer(
        system="layer with generic coefficients",
        small=Scale("layer thickness", 0.01, "1"),
        large=Scale("domain", 1, "1"),
        exponent=1,
        source="matched asymptotics; measured in the chapter",
    ),
    _Average(
        system="1000 layers in turn",
        exponent=1,
        source="homogenization; measured in the chapter",
    ),
    _Average(
        system="1000 independent layers",
        exponent=0.5,
        source="central limit; measured in the chapter",
    ),
    _Wall(
        system="1000 layers with long memory",
        regime="disparate",
        remedy="parameterize",
        breaks="every mean",
        exponent=0.1,
        source="Hurst index 0.9; measured in the chapter",
    ),
)
