"""Rows of the atlas: chapter `climate_grid`."""

from smlib.scales import Mismatch, Scale

ROWS = (
    Mismatch(
        chapter="climate_grid",
        system="thunderstorm in a grid cell",
        small=Scale("updraft", 1, "km"),
        large=Scale("cell", 50, "km"),
        kind="size",
        regime="disparate",
        effect="bug",
        remedy="parameterize",
        breaks="averages through a nonlinear response",
        exponent=0.0,
        source="orders of magnitude; no gap between the scales: Nastrom & Gage 1985",
    ),
    # What the slow variables do not explain, and the slow variables: times in which correlations
    # fall to 1/e, measured by the chapter and in its tests.
    Mismatch(
        chapter="climate_grid",
        system="fast and slow variables of Lorenz at c = 10",
        small=Scale("memory of the residual", 0.049, "time units"),
        large=Scale("memory of X", 0.19, "time units"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="parameterize",
        breaks="closure by a function of X",
        exponent=0.5,
        source="model and setting: Wilks 2005; times and exponent measured",
    ),
)
