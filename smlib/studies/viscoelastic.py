"""Experiments of the chapter "Two clocks in one equation"."""

from functools import cache

import numpy as np

from smlib import viscoelastic as ve
from smlib import viscoelastic_solvers as vs
from smlib.memo import remembered

#: Ends of the time axis, in viscous times.
T_MIN, T_MAX = 1e-2, 1e5
settling_time = cache(ve.settling_time)


def middle(t, El, beta, flow, y=None):
    """Velocity over its steady value in the middle: of one place, or of the profile."""
    place, steady = (0.0, 1.0) if flow == "poiseuille" else (0.5, 0.5)
    front = flow == "couette" and beta == 0
    u = ve.startup_velocity(place if y is None else y, t, El, beta, flow, smooth=front) / steady
    return u[:, 0] if y is None else u


@cache
def trace(El, beta, flow):
    """Curve of the middle, and its envelope from where the swings are too close to be drawn."""
    slow = ve.mode_rates(El, beta, np.pi / (2 if flow == "poiseuille" else 1))[0]
    settled = settling_time(El, beta, flow)
    period = 2 * np.pi / abs(slow.imag) if slow.imag else np.inf
    swings, coarse = settled / period, np.geomspace(T_MIN, T_MAX, 75)
    if swings < 1:
        t = np.union1d(coarse, np.geomspace(0.1, 4, 60) * np.sqrt(El))
        return t[(t >= T_MIN) & (t <= T_MAX)], None
    last = min(swings + 1, 6) * period
    t = np.arange(1, int(20 * last / period)) * period / 20
    if swings + 1 <= 6:
        t = np.union1d(np.append(t, coarse[coarse > last]), coarse[coarse < t[0]])
        return t[(t >= T_MIN) & (t <= T_MAX)], None
    t = np.union1d(t, coarse[coarse < t[0]])
    t = t[(t >= T_MIN) & (t <= T_MAX)]
    begin = np.geomspace(t[-1], max(T_MAX, 1.1 * t[-1]), 20)
    window = middle((begin[:, None] + period * np.linspace(-0.5, 0.5, 16)).ravel(), El, beta, flow)
    window = window.reshape(20, 16)
    return t, (begin, window.min(axis=1), window.max(axis=1))


@cache
def modes_that_ring(El, beta, flow):
    """How many modes ring, in words."""
    if beta == 0:
        k = (np.arange(1, 401) - (0.5 if flow == "poiseuille" else 0)) * np.pi
        still_ones = int((ve.mode_rates(El, 0.0, k)[:, 0].imag == 0).sum())
        return f"all but {still_ones}" if still_ones else "all"
    k = (np.arange(1, 20001) - (0.5 if flow == "poiseuille" else 0)) * np.pi
    return str(int((ve.mode_rates(El, beta, k)[:, 0].imag != 0).sum()))


def _half_way(fluid, units, n):
    """The known solution: a parabola, and 0.7 of its steady stress."""
    slope = (1 - fluid.beta) * (fluid.viscosity / fluid.length if units == "SI" else 1.0)
    y = np.arange(n) / n
    return np.concatenate([0.01 * (1 - y**2), -1.4 * slope * 0.01 * (y + 0.5 / n)])


@cache
def system(fluid, units, n, deborah):
    """Matrix of a step, its number of velocities, and its equilibrated form."""
    A, n_u = vs.step_matrix(ve.FLUIDS[fluid], n, 1 / deborah, units)
    r, c = vs.equilibrate(A)
    return A, n_u, r[:, None] * A.toarray() * c


@cache
def solved(fluid, units, n, deborah, method):
    """What GMRES tells of one solver, and what is true."""
    A, n_u, _ = system(fluid, units, n, deborah)
    return vs.gmres_report(A, _half_way(ve.FLUIDS[fluid], units, n), n_u, method)


@remembered
def peak_velocity(beta):
    """Elasticity numbers, and the peak in the middle of the channel over the steady velocity."""
    El = np.geomspace(0.03, 1e5, 21)
    return El, np.array([ve.overshoot(x, beta)[0] for x in El])


@cache
def condition_numbers(El, n, step):
    """Of the matrix of a step of a fluid with little solvent, as it is and equilibrated."""
    A, _ = vs.step_matrix(ve.Fluid(1, 1, 0.1, El, 1), n, step)
    r, c = vs.equilibrate(A)
    A = A.toarray()
    return np.linalg.cond(A), np.linalg.cond(r[:, None] * A * c)
