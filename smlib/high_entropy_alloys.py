"""Does one number, the spread of atomic radii, tell whether a five-element cocktail freezes into
one crystal, several, or a glass? (Chapter "Five kinds of brick".)

A `composition` is a formula ("Al0.5CoCrFeNi"), a mapping of symbols to amounts, or a sequence of
n of these. One composition gives a float, n give an array of shape (n,). All descriptors raise a
ValueError for an unusable composition (see `smlib.elements.fractions`) and for an element that
lacks a value they need. Sums over the elements are rounded to 1e-10, so that compositions which
are equal on paper tie, and an alloy of VEC 8 is not put below 8 by binary fractions.
"""

from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import entr

from smlib import rules
from smlib.checks import checked, first
from smlib.elements import ELEMENTS, PAIR_ENTHALPY, fractions, values
from smlib.units import GPA_A3_KJ_MOL, R

__all__ = [
    "RADII",
    "RULES",
    "confusion",
    "delta",
    "elastic_limit",
    "melting_temperature",
    "mixing_enthalpy",
    "mixing_entropy",
    "omega",
    "roc",
    "rule_predicts",
    "strain_energy",
    "vec",
]

RADII = ("r_gl", "r_cn12", "r_cov")
TABLE = rules.Choice(*RADII)


class Rule(NamedTuple):
    """The box that a rule calls a solid solution: delta (%), mixing enthalpy (kJ/mol), Omega."""

    delta_max: float
    enthalpy_min: float
    enthalpy_max: float
    omega_min: float
    closed: bool  # whether points on the edge are inside
    radii: str


# Secondary sources quote the 2008 limit of delta between 6 and 6.6 %. The enthalpies of Guo 2013
# are printed as -11.6 and 3.2, which are alloys of that paper; wider limits keep those inside.
RULES = {
    "Zhang 2008": Rule(6.5, -15, 5, 0, False, "r_gl"),  # Adv. Eng. Mater. 10, 534
    "Guo & Liu 2011": Rule(8.5, -22, 7, 0, True, "r_gl"),  # Prog. Nat. Sci.: Mater. Int. 21, 433
    "Guo 2013": Rule(6.6, -12, 5, 0, False, "r_gl"),  # Intermetallics 41, 96
    "Yang & Zhang 2012": Rule(6.6, -np.inf, np.inf, 1.1, True, "r_cn12"),  # M. C. Phys. 132, 233
}


def _rows(compositions):
    rows = [fractions(entry) for entry in compositions]
    shares = np.array([[row.get(symbol, 0.0) for symbol in ELEMENTS] for row in rows])
    return shares.reshape(len(rows), len(ELEMENTS))


@lru_cache(64)
def _parsed(formulas):
    """Shares of a tuple of formulas; descriptors of one set of alloys parse it once."""
    shares = _rows(formulas)
    shares.setflags(write=False)
    return shares


@lru_cache
def _column(name):
    """One property of all elements."""
    return values(name, ELEMENTS)


def _evaluate(formula, composition, *names):
    """Call formula(fractions of shape (n, 45), columns of shape (45,)); columns are named."""
    single = isinstance(composition, str | Mapping)
    if isinstance(composition, Iterator | Set):  # could be read only once, or in any order
        raise ValueError(f"composition must be a formula, mapping or sequence, got {composition!r}")
    entries = (composition,) if single else rules.Each(empty=True)("composition", composition)
    plain = all(isinstance(entry, str) for entry in entries)
    c = _parsed(entries) if plain else _rows(entries)
    columns = [_column(name) for name in names]
    for name, column in zip(names, columns, strict=True):
        for i in np.flatnonzero(np.isnan(column) & c.any(axis=0)):
            raise ValueError(f"no {name} is given for {list(ELEMENTS)[i]}")
    result = np.round(formula(c, *map(np.nan_to_num, columns)), 10)
    return float(result[0]) if single else result


@checked
def delta(composition, radii: TABLE = "r_gl"):
    """Size spread: standard deviation of the radii over their mean (Zhang et al. 2008).

    Parameters
    ----------
    composition : str, mapping, or sequence of length n
    radii : {"r_gl", "r_cn12", "r_cov"}
        Radius table of `smlib.elements`.

    Returns
    -------
    float or ndarray, shape (n,)
        In %.

    Examples
    --------
    >>> round(delta("CoCrFeMnNi"), 2), round(delta("CoCrFeMnNi", "r_cn12"), 2)
    (3.27, 0.92)
    """

    def spread(c, r):
        mean = c @ r
        return 100 * np.sqrt((c * (r - mean[:, None]) ** 2).sum(axis=1)) / mean

    return _evaluate(spread, composition, radii)


@checked
def mixing_enthalpy(composition):
    """Mixing enthalpy of the liquid in kJ/mol: sum of 4 H_ij c_i c_j over the pairs (regular
    solution with the pair values of Takeuchi & Inoue 2005)."""
    return _evaluate(lambda c: 2 * ((c @ PAIR_ENTHALPY) * c).sum(axis=1), composition)


@checked
def mixing_entropy(composition):
    """Ideal mixing entropy in J/(mol K): -R sum c ln c."""
    return _evaluate(lambda c: R * entr(c).sum(axis=1), composition)


@checked
def melting_temperature(composition):
    """Rule-of-mixtures melting temperature in K."""
    return _evaluate(lambda c, tm: c @ tm, composition, "Tm")


@checked
def vec(composition):
    """Mean valence-electron concentration (Guo, Ng, Lu & Liu 2011: fcc from 8, bcc below 6.87)."""
    return _evaluate(lambda c, count: c @ count, composition, "vec")


@checked(infinite=True)
def omega(composition):
    """Entropy against enthalpy, Tm S / |H|, dimensionless (Yang & Zhang 2012); inf where H = 0."""
    freedom = np.asarray(melting_temperature(composition) * mixing_entropy(composition))
    enthalpy = 1e3 * np.abs(mixing_enthalpy(composition))
    ratio = np.divide(freedom, enthalpy, out=np.full(freedom.shape, np.inf), where=enthalpy > 0)
    return ratio if ratio.ndim else float(ratio)


def _stiffness(composition):
    """6 G V f in kJ/mol: the elastic energy over (delta/100)^2."""

    def energy(c, shear, bulk, volume):
        g, k = c @ shear, c @ bulk
        return 6 * g * (c @ volume) * GPA_A3_KJ_MOL * 3 * k / (3 * k + 4 * g)

    return _evaluate(energy, composition, "G", "K", "volume")


@checked
def strain_energy(composition, radii: TABLE = "r_gl"):
    """Elastic energy stored by the size spread, 6 G V f (delta/100)^2, in kJ/mol.

    Every atom relaxes against a medium with the mean moduli and volume, f = 3K/(3K + 4G)
    (Eshelby 1956). Without relaxation the energy would be 1 + 3K/4G times larger.

    Examples
    --------
    >>> round(strain_energy("CoCrFeMnNi"), 2), round(strain_energy("CoCrFeMnNi", "r_cn12"), 2)
    (2.26, 0.18)
    """
    return _stiffness(composition) * (delta(composition, radii) / 100) ** 2


@checked
def elastic_limit(composition):
    """Size spread, in %, at which the strain energy equals Tm times the mixing entropy."""
    freedom = melting_temperature(composition) * mixing_entropy(composition) / 1e3
    return 100 * (freedom / _stiffness(composition)) ** 0.5


@checked
def rule_predicts(name: rules.Choice(*RULES), composition):
    """Whether the rule `name` of `RULES` calls a composition a solid solution: bool, or ndarray of
    bool of shape (n,).

    Examples
    --------
    >>> rule_predicts("Guo 2013", ["CoCrFeMnNi", "ZrTiVCuNiBe"]).tolist()
    [True, False]
    """
    rule = RULES[name]
    below = np.less_equal if rule.closed else np.less
    size, enthalpy = delta(composition, rule.radii), mixing_enthalpy(composition)
    inside = below(size, rule.delta_max) & below(enthalpy, rule.enthalpy_max)
    inside = inside & below(rule.enthalpy_min, enthalpy) & (omega(composition) >= rule.omega_min)
    return inside if inside.ndim else bool(inside)


LABELS = rules.Reals("[0, 1]", ndim=1)


def _labels(name, given):
    if (wrong := (given != 0) & (given != 1)).any():
        raise ValueError(f"{name} must hold 0 and 1, got {first(given, wrong)}")
    return given.astype(bool)


@checked
def roc(score: rules.Reals("[-inf, inf]", ndim=1), label: LABELS):
    """Receiver operating characteristic of a score; ties share one threshold.

    Parameters
    ----------
    score : array_like, shape (n,)
        High means positive; may be infinite.
    label : array_like of 0 and 1 (or bool), shape (n,)
        ValueError for a single class.

    Returns
    -------
    fpr, tpr, area : ndarray, ndarray, float
        Rates at every threshold, from (0, 0) to (1, 1), and the trapezoidal area: the chance that
        a random positive outranks a random negative.

    Examples
    --------
    >>> roc([0.9, 0.8, 0.3], [1, 0, 0])[2]
    1.0
    """
    label = _labels("label", label)
    if score.shape != label.shape:
        raise ValueError(f"score must hold {label.size} scores, one a label, got {score.size}")
    if label.all() or not label.any():
        raise ValueError(f"label must hold both classes, every label is {int(label[0])}")
    order = np.argsort(-score, kind="stable")
    last = np.append(score[order][1:] != score[order][:-1], True)  # last of each run of ties
    hits, alarms = (np.append(0, np.cumsum(c[order])[last]) for c in (label, ~label))
    fpr, tpr = alarms / alarms[-1], hits / hits[-1]
    return fpr, tpr, float(np.trapezoid(tpr, fpr))


@checked(infinite=True)
def confusion(predicted: LABELS, label: LABELS):
    """Confusion matrix of a yes-or-no prediction and its usual scores.

    Parameters
    ----------
    predicted, label : array_like of 0 and 1 (or bool), shape (n,)
        ValueError if the shapes differ.

    Returns
    -------
    dict
        tp, fp, fn, tn (int); accuracy; tpr and tnr, true positive and negative rates (nan if the
        class is absent); youden = tpr + tnr - 1 (0 for any coin).

    Examples
    --------
    >>> confusion([1, 0, 0, 0], [1, 1, 0, 0])["youden"]
    0.5
    """
    said, label = _labels("predicted", predicted), _labels("label", label)
    if said.shape != label.shape:
        raise ValueError(
            f"predicted must be as long as label, got {said.size} predictions for {label.size}"
        )
    tp, fp, fn, tn = (int((s & w).sum()) for s in (said, ~said) for w in (label, ~label))
    tpr = tp / (tp + fn) if tp + fn else float("nan")
    tnr = tn / (tn + fp) if tn + fp else float("nan")
    counts = {"tp": tp, "fp": fp, "fn": fn, "tn": tn, "accuracy": (tp + tn) / label.size}
    return counts | {"tpr": tpr, "tnr": tnr, "youden": tpr + tnr - 1}
