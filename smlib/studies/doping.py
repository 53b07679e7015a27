"""Experiments of the chapter "Atomic architects"."""

from functools import cache

import numpy as np
from scipy.stats import spearmanr

from smlib import doping as do
from smlib import point_defect
from smlib.doping import A_SI, BOND, DOPANTS, N_SI

#: Volume that a crystal with a free surface gains for one atom, in cubic angstrom.
GAINS = {"B": 3e24 * DOPANTS["B"].beta, "In": 3e24 * do.vegard_beta(DOPANTS["In"].radius)}


@cache
def relaxed(symbol, free=False):
    """The crystal of 216 atoms with one dopant."""
    return point_defect.keating_relax(DOPANTS[symbol].bond_ratio, free_volume=free)


@cache
def keating_beta(symbol):
    """Lattice coefficient of the relaxed crystal at zero pressure, cm^3."""
    found = relaxed(symbol, free=True)
    return found.strain * found.n_atoms / N_SI


def coefficient(symbol):
    """Lattice coefficient, published or else by Vegard, and which of the two."""
    dopant = DOPANTS[symbol]
    if dopant.beta is None:
        return do.vegard_beta(dopant.radius), "Vegard"
    return dopant.beta, "published"


def layer(C, beta):
    """A layer of silicon with a dopant, coherent on silicon without."""
    return do.epitaxial_state(A_SI * (1 + do.lattice_strain(C, beta)))


def concentration(logarithm):
    """Atoms in a cubic centimetre, to one digit, as 1, 2 or 4 times a power of ten."""
    return float(f"{10**logarithm:.0e}")


LOGS = [17 + k + part for k in range(5) for part in (0, 0.3, 0.6)][:14]


def silicon_germanium(x, boron=0.0):
    """A layer with a fraction x of germanium and boron (cm^-3), as if their strains added up."""
    a = do.sige_lattice_constant(x) + A_SI * do.lattice_strain(boron, DOPANTS["B"].beta)
    return a, do.epitaxial_state(a)


def limits(x, boron=0.0):
    """Thickness up to which a layer is stable, and up to which it was grown without slip, nm."""
    a, state = silicon_germanium(x, boron)
    stable = do.critical_thickness(state.misfit)
    lasts = do.critical_thickness(state.misfit, model="people-bean", a=a / 10)
    return stable, np.maximum(stable, lasts)


@cache
def curves(boron):
    """Fractions of germanium and both of their `limits` beside boron (cm^-3)."""
    x = np.unique(np.concatenate([np.linspace(0, 0.25, 71) ** 2, np.linspace(0.07, 1, 60)]))
    return x, *limits(x, boron)


def verdict(h, stable, lasts):
    """What becomes of a layer of thickness h between the two limits."""
    return "coherent" if h <= stable else "held" if h <= lasts else "slipped"


@cache
def arsenic(extra=0.06):
    """Bond ratio whose relaxed bond is longer than silicon's by `extra` Å, and its coefficient.

    The relaxed bond is nearly linear in the ratio: two secant steps are enough.
    """
    ratios, gaps = [1.0, 1.0 + 1.5 * extra / BOND], [-extra]
    for _ in range(4):
        found = point_defect.keating_relax(ratios[-1], free_volume=True)
        gaps.append(found.bond_length - BOND - extra)
        slope = (gaps[-1] - gaps[-2]) / (ratios[-1] - ratios[-2])
        ratios.append(ratios[-1] - gaps[-1] / slope)
        if abs(gaps[-1]) < 1e-9:
            break
    return ratios[-2], found.strain * found.n_atoms / N_SI


@cache
def fit_and_limit(kind=None):
    """Misfit in absolute value, solubility and symbols of the dopants that do not mix fully."""
    chosen = [X for X in DOPANTS.values() if X.symbol != "Ge" and kind in (None, X.kind)]
    misfit = np.array([abs(X.misfit) for X in chosen])
    return misfit, np.array([X.max_solubility for X in chosen]), [X.symbol for X in chosen]


def rank_correlation(kind=None):
    """Spearman's correlation of misfit and solubility, and its p value."""
    misfit, limit, _ = fit_and_limit(kind)
    return tuple(map(float, spearmanr(misfit, limit)))


def compensating(boron):
    """Fraction of germanium that leaves no misfit beside boron (cm^-3)."""
    need = -A_SI * do.lattice_strain(boron, DOPANTS["B"].beta)
    return (-0.1992 + np.sqrt(0.1992**2 + 4 * 0.02733 * need)) / (2 * 0.02733)
