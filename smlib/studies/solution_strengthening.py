"""Experiments of the chapter "Dislocations in bumpy terrain"."""

from functools import cache
from math import isnan

import numpy as np

from smlib import solution_strengthening as ss
from smlib.memo import remembered
from smlib.random_landscape import pinned_line

MEASURED = tuple(name for name, a in ss.CANTOR_FAMILY.items() if not isnan(a.sigma0))

ROOM = 293  # K, where the measured friction stresses hold
#: Published core coefficients (Varvenne, Luque & Curtin 2016) with the bow-out they imply.
PUBLISHED = ss.Core((5.70**2 / 0.35) ** (1 / 3), 0.35, 5.70)


@cache
def core_of(name):
    """Core coefficients by the name of a spread in b, or the published ones."""
    return PUBLISHED if name == "published" else ss.core_coefficients(s=float(name))


def strength(name, core=PUBLISHED):
    """Strength of an alloy of the family with a given core."""
    a = ss.CANTOR_FAMILY[name]
    return ss.vlc(a.fractions, a.volumes, a.mu, a.nu, f1=core.f1, f2=core.f2)


STRENGTHS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)
LOADS = (0, 20, 40, 60, 80, 90, 95, 98)  # per cent of the critical force
NODES, SEED = 32, 2  # of the line that is shown
MEAN_OF = range(6)  # seeds of the lines, of 128 nodes, whose critical force is averaged
depinning_threshold = remembered(ss.depinning_threshold)


def mean_threshold(strength, core):
    """Critical force over the rms force, mean over the lines of `MEAN_OF`."""
    return float(np.mean([depinning_threshold(strength, core, seed=i) for i in MEAN_OF]))


@remembered
def pinned(strength, core):
    """Critical force of the terrain shown, and the line at rest under each load."""
    force = ss.terrain(core, NODES, SEED)
    limit = depinning_threshold(strength, core, NODES, SEED)
    lines, start = [], 0.0
    for load in LOADS:
        at = load / 100 * limit
        start = pinned_line(force, ss.TERRAIN_SPACING, 1 / strength, at, start=start)
        lines.append(start)
    return limit, np.array(lines)


def friction_stress(name):
    """Measured yield stress without grain boundaries and its standard error (nan if not known)."""
    about = ss.CANTOR_FAMILY[name]
    if name not in ss.HALL_PETCH:
        return about.sigma0, np.nan
    d, sigma = ss.HALL_PETCH[name]
    start, slope = ss.hall_petch(d, sigma)
    x = d**-0.5
    left = sigma - start - slope * x
    variance = (left @ left) / (d.size - 2)
    return start, np.sqrt(variance * (1 / d.size + x.mean() ** 2 / ((x - x.mean()) ** 2).sum()))


def predicted(name, core=PUBLISHED):
    """Yield stress at 293 K and 0.001/s in MPa."""
    found = strength(name, core)
    return ss.yield_stress(found.tau0, found.barrier, ROOM)


@remembered
def core_curve():
    """Spreads of the partials in b, and the core coefficients f1."""
    s = np.linspace(0.8, 3, 111)
    return s, np.array([ss.core_coefficients(s=x).f1 for x in s])


def thresholds():
    """Strengths and critical forces over the rms force, of 16 lines of 128 nodes each."""
    s = (0.02, *STRENGTHS)
    return np.array(s), np.array([[depinning_threshold(x, seed=i) for x in s] for i in range(16)])


@remembered
def half_way(strength):
    """A line of 128 nodes at rest under half its critical force."""
    load = depinning_threshold(strength) / 2
    return pinned_line(ss.terrain(nodes=128), ss.TERRAIN_SPACING, 1 / strength, load)
