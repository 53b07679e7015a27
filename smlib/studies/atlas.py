"""Experiments of the closing chapter "One lens"."""

from functools import cache

import numpy as np
from scipy.stats import spearmanr

from smlib.atlas import rows
from smlib.rescaling import field_example

#: Regimes as the chart sorts them.
REGIMES = ("matched", "separated", "disparate", "nominal")


def distance(ratio):
    """Larger over smaller scale, less 1: tells 1.02 from 1.2 and both from a million."""
    return max(ratio, 1 / ratio) - 1


def shown(view, kind, order):
    """Rows of a view, the first one on top, and their numbers."""
    number = {
        "distance": lambda row: distance(row.ratio),
        "margin": lambda row: row.margin,
        "digits": lambda row: row.digits,
        "consequence": lambda row: row.consequence,
    }[view]
    found = [row for row in rows(kind=None if kind == "all" else kind) if number(row) is not None]
    if order == "ratio":
        found.sort(key=lambda row: distance(row.ratio))
    elif order == "regime":
        found.sort(key=lambda row: (REGIMES.index(row.regime), distance(row.ratio)))
    return found, [number(row) for row in found]


@cache
def example(field, decades):
    """The field's small instance with its scales spread over so many decades."""
    return field_example(field, decades)


def result(field, decades, operation):
    """Matrix before, matrix after, and the scales of rows and columns used."""
    given = example(field, decades)
    ones = np.ones(len(given.raw))
    if operation == "none":
        return given.raw, given.raw, ones, ones
    if operation == "scalar":
        return given.raw, given.raw / 8, 8 * ones, ones
    return given.raw, given.rescaled, given.left, given.right


def with_margin():
    """Rows that have a critical ratio, their decades and margins, and the rank correlation."""
    found = [row for row in rows() if row.critical is not None]
    decades, margin = ([getattr(row, key) for row in found] for key in ("decades", "margin"))
    return found, decades, margin, spearmanr(decades, margin).statistic
