"""Experiments of the chapter "Forcing atoms to get along"."""

from functools import cache

import numpy as np

from smlib import pressure_alloying as pa
from smlib.elements import ELEMENTS

#: Pressures, in GPa, at which a metal changes its structure (below 150 GPa).
CHANGES = {"Fe": (13,), "K": (11.6, 19, 54, 90), "Mg": (50,), "Na": (65,)}

#: Pairs, the larger atom first: what an experiment reached, in GPa, or None.
PAIRS = {
    ("Mg", "Fe"): 100,
    ("Mg", "Fe-hcp"): 100,
    ("Mg", "Ni"): None,
    ("Na", "Ag"): None,
    ("K", "Ag"): 6,
    ("K", "Ni"): 31,
    ("Ca", "Mg"): None,
    ("Pb", "Al"): None,
}

P = np.linspace(0, 150, 76)


@cache
def equations(pair, form="vinet", dataset="experiment"):
    """Equations of state of the larger and the smaller metal."""
    return [pa.equation_of_state(metal, dataset=dataset, form=form) for metal in pair]


@cache
def radii(pair, form, dataset):
    """Radii of both metals at `P`, shape (2, 76); nan where an equation of state has ended."""
    radii = np.full((2, P.size), np.nan)
    for row, metal in zip(radii, equations(pair, form, dataset), strict=True):
        reached = metal.largest_pressure >= P
        row[reached] = metal.radius(P[reached])
    return radii


@cache
def crossing(pair, form="vinet", dataset="experiment", limit=0.15):
    """Pressure, GPa, at which the radii come within a limit of each other."""
    return pa.crossing_pressure(*equations(pair, form, dataset), limit=limit)


def moduli(pair, dataset="experiment", limit=0.15):
    """Ratio of the bulk moduli that the twelfth power asks for, and the one there is."""
    big, small = equations(pair, "murnaghan", dataset)
    return (big.radius(0) / small.radius(0) / (1 + limit)) ** 12, small.K0 / big.K0


@cache
def cost(pair, pressure, linear=False):
    """Elastic enthalpy of the larger metal in the smaller one, kJ/mol, Vinet, measured."""
    big, small = equations(pair)
    return pa.misfit_enthalpy(pressure, big, small, ELEMENTS[pair[1]].G, linear=linear)


@cache
def square(pair, pressure):
    """Square of the size mismatch over that at zero pressure."""
    big, small = equations(pair)
    return (pa.size_mismatch(pressure, big, small) / pa.size_mismatch(0, big, small)) ** 2
