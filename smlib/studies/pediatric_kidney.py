"""Experiments of the chapter "A child's kidney in an adult"."""

import math
from dataclasses import replace
from functools import cache

import numpy as np

from smlib import nephrons as ne
from smlib import pediatric_kidney as pk
from smlib.memo import remembered

#: Filtration after a transplant, years and mL/min (the pair: per 1.73 m²), as published.
PUBLISHED = {
    "single": ((0.5, 1, 2, 3), (53, 68, 81, 74)),
    "en_bloc": ((6.17,), (107,)),
    "adult": ((0.5, 1, 2, 3), (71, 68, 70, 69)),
}

#: Kidneys in a graft of a child, and nephrons of the adult graft that the series is compared with.
KIDNEYS = {"single": 1, "en_bloc": 2}
ADULT_GRAFT = 0.83 * ne.ADULT_NEPHRONS
#: Age of the donors in months, by their weight in kg.
MONTHS = {5: 3, 10: 12, 12: 20, 15: 36}


def grafts(diameter):
    """The three grafts, where the artery of the child's kidney has the given diameter in mm."""
    return {
        "single": replace(pk.GRAFTS["single"], inflow_diameter_mm=diameter),
        "en_bloc": replace(pk.GRAFTS["en_bloc"], branch_diameter_mm=diameter),
        "adult": pk.GRAFTS["adult"],
    }


def capacity(weight):
    """Maturity of a nephron of a donor of one of the weights."""
    return ne.donor_capacity(weight, 40 + 4.345 * MONTHS[weight])


@cache
def course(graft, growth=1, injury=ne.INJURY, weight=12):
    """Twenty years of a graft, in steps of a hundredth."""
    if graft == "adult":
        return ne.nephron_course(ADULT_GRAFT, injury_per_year=injury, n=2001)
    return ne.nephron_course(
        KIDNEYS[graft] * ne.CHILD_NEPHRONS,
        capacity(weight),
        math.inf if growth == "none" else growth,
        injury_per_year=injury,
        n=2001,
    )


@remembered
def threshold(graft):
    """Injury rates, and the longest growth time that lasts 20 years, for donors of 12 kg."""
    rates = np.geomspace(0.15, 2, 8)
    N, k0 = KIDNEYS[graft] * ne.CHILD_NEPHRONS, capacity(12)
    found = [ne.critical_growth_time(N, k0, injury_per_year=kappa) for kappa in rates]
    return rates, np.array(found)
