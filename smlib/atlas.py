"""Every mismatch of the book, stated once.

Each chapter ends by printing its rows; the closing chapter compares them. A number that a
chapter's own module computes is computed here too, so that the two cannot drift apart.
"""

from smlib.elements import ELEMENTS
from smlib.high_entropy_alloys import delta
from smlib.random_landscape import alloy_stress_rms, larkin
from smlib.scales import KINDS, REGIMES, Mismatch, Scale
from smlib.solution_strengthening import CANTOR_FAMILY, misfit_sum, pinning_length, vlc

__all__ = ["ATLAS", "rows"]

# Ruler from `dead` to 100 read as if it began at 0: the bias at utility u is dead * (1 - u) points.
# It reaches the minimally important difference of EQ-5D, 7.4 points, at u = 0.5 when dead = 14.8.
_TOLERABLE_DEAD = 7.4 / 0.5

_CANTOR = CANTOR_FAMILY["CoCrFeMnNi"]
_BURGERS = vlc(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.mu, _CANTOR.nu).b / 10  # nm
_BOW_OUT = pinning_length(_CANTOR.fractions, _CANTOR.volumes, _CANTOR.nu)  # in _BURGERS

# Stress of misfitting atoms smeared over 0.15 nm, and the line tension of the same theory, GPa, nm.
_STRESS = alloy_stress_rms(
    _CANTOR.mu, _CANTOR.nu, misfit_sum(_CANTOR.fractions, _CANTOR.volumes), 11.804, 1.5
)
_BUMP = 0.15 * 2**0.5
_TENSION = 0.123 * _CANTOR.mu * _BURGERS**2
_LARKIN_LENGTH, _ = larkin(_TENSION, _BURGERS * _STRESS, _BUMP, _BUMP)

ATLAS = (
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
        safe="below",
        source="limit: Hume-Rothery, Mabbott & Channel Evans 1934; radii: r_gl",
    ),
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
        safe="below",
        source="limit: Yang & Zhang 2012, empirical; idea: Zhang et al. 2008; radii: r_gl",
    ),
    Mismatch(
        chapter="solution_strengthening",
        system="bump and bow-out length in CoCrFeMnNi",
        small=Scale("Burgers vector", _BURGERS, "nm"),
        large=Scale("bow-out length", _BOW_OUT * _BURGERS, "nm"),
        kind="size",
        regime="separated",
        effect="feature",
        remedy="average",
        breaks="single-obstacle picture",
        exponent=0.5,
        source="theory and volumes: Varvenne, Luque & Curtin 2016",
    ),
    Mismatch(
        chapter="random_landscape",
        system="dislocation core on the bumps",
        small=Scale("correlation length", 0.256, "nm"),
        large=Scale("core width", 1.5 * 0.256, "nm"),
        kind="size",
        regime="matched",
        effect="feature",
        remedy="average",
        breaks="point-probe and mean-field pictures",
        source="bumps of one atomic distance, a core of 1.5: orders of magnitude",
    ),
    Mismatch(
        chapter="random_landscape",
        system="Larkin length and dislocation",
        small=Scale("Larkin length", _LARKIN_LENGTH, "nm"),
        large=Scale("dislocation length", 1000, "nm"),
        kind="size",
        regime="separated",
        effect="feature",
        remedy="average",
        exponent=0.5,
        source="CoCrFeMnNi, misfit smeared over 0.15 nm; moduli: Laplanche et al. 2015",
    ),
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
        safe="below",
        source="minimally important difference: Walters & Brazier 2005",
    ),
)
"""All rows, in the order of the chapters."""


def rows(chapter=None, kind=None, regime=None):
    """Rows of the atlas that fit every given filter.

    Parameters
    ----------
    chapter : str, optional
        Module name of a chapter that has rows, for example "high_entropy_alloys".
    kind, regime : str, optional
        Words of `smlib.scales.KINDS` and `smlib.scales.REGIMES`.

    Returns
    -------
    tuple of Mismatch
        In the order of `ATLAS`; empty if no row fits.

    Raises
    ------
    ValueError
        If the chapter has no rows, or a word is not in the vocabulary.

    Examples
    --------
    >>> for row in rows("utility_anchoring"):
    ...     print(row.system, round(row.ratio, 3))
    70 on a ruler from 5 to 100 1.053
    """
    chapters = tuple(dict.fromkeys(row.chapter for row in ATLAS))
    wanted = {"chapter": chapter, "kind": kind, "regime": regime}
    known = {"chapter": chapters, "kind": KINDS, "regime": REGIMES}
    for name, word in wanted.items():
        if word is not None and word not in known[name]:
            raise ValueError(f"unknown {name} {word!r}; known: {', '.join(known[name])}")
    return tuple(
        row
        for row in ATLAS
        if all(word in (None, getattr(row, name)) for name, word in wanted.items())
    )
