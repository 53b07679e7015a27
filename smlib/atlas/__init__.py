"""Every mismatch of the book, stated once.

Each chapter ends by printing its rows, which stand in the module of its name beside the numbers
they are computed from; the closing chapter compares them all. A number that a chapter's own module
computes is computed here too, so that the two cannot drift apart.
"""

from importlib import import_module

from smlib import rules
from smlib.checks import checked
from smlib.scales import KINDS, REGIMES, Mismatch

__all__ = ["ATLAS", "CHAPTERS", "rows"]

#: Chapters that have rows, in their order.
CHAPTERS = (
    "size_mismatch",
    "high_entropy_alloys",
    "solution_strengthening",
    "labor",
    "random_landscape",
    "climate_grid",
    "viscoelastic",
    "attention",
    "boundary_layer",
    "doping",
    "pressure_alloying",
    "metallic_glass",
    "feature_scaling",
    "graph_normalization",
    "physics_informed",
    "pediatric_kidney",
    "utility_anchoring",
)
#: All rows, in the order of the chapters; computed when they are asked for.
ATLAS: tuple[Mismatch, ...]


def __getattr__(name):
    if name != "ATLAS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()["ATLAS"] = found = rows()
    return found


@checked(infinite=True)
def rows(
    chapter: rules.Choice(*CHAPTERS) | None = None,
    kind: rules.Choice(*KINDS) | None = None,
    regime: rules.Choice(*REGIMES) | None = None,
):
    """Rows of the atlas that fit every given filter.

    Parameters
    ----------
    chapter : str, optional
        Module name of a chapter that has rows, for example "high_entropy_alloys". Nothing of the
        other chapters is then computed.
    kind, regime : str, optional
        Words of `smlib.scales.KINDS` and `smlib.scales.REGIMES`.

    Returns
    -------
    tuple of Mismatch
        In the order of `ATLAS`; empty if no row fits.

    Examples
    --------
    >>> for row in rows("utility_anchoring"):
    ...     print(row.system, round(row.ratio, 3))
    70 on a ruler from 5 to 100 1.053
    """
    chosen = CHAPTERS if chapter is None else (chapter,)
    return tuple(
        row
        for name in chosen
        for row in import_module(f"{__name__}.{name}").ROWS
        if kind in (None, row.kind) and regime in (None, row.regime)
    )
