"""What does one atom of the wrong size do to a silicon crystal? (Chapter "Atomic architects".)

A dopant of natural radius r sits on a site of the diamond lattice. Around it the crystal is an
elastic continuum, or made of atoms that Keating's valence-force field relaxes. Signs: stress and
strain are positive in tension, a pressure is positive if the cell pushes outwards.

Lengths in angstrom, stress and moduli in GPa, energies in eV. Arrays broadcast, scalars give
floats.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from smlib import rules
from smlib.checks import checked, plain
from smlib.doping import A_SI, BOND, NU
from smlib.size_mismatch import eshelby_factor, inclusion_field
from smlib.units import GPA_A3_EV, N_PER_M_A2_EV

__all__ = ["DefectField", "KeatingResult", "keating_relax", "keating_stiffness"]
__all__ += ["point_defect_field"]

_FEET = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 4  # bonds of sublattice A


# --- continuum ----------------------------------------------------------------------------------


class DefectField(NamedTuple):
    """Elastic field of one point defect at the radii asked for."""

    displacement: np.ndarray  # radial, angstrom
    strain_rr: np.ndarray
    strain_tt: np.ndarray
    stress_rr: np.ndarray  # GPa, tension positive
    stress_tt: np.ndarray


@checked
def point_defect_field(
    r: rules.POSITIVES,
    volume_change: rules.NUMBER,
    *,
    nu: NU = 0.22,
    shear_modulus: rules.POSITIVE = 66.5,
    radius: rules.Real("(0, inf]") = np.inf,
):
    """Field around a spherical defect at the centre of an isotropic body (Eshelby 1956).

    It is that of `smlib.size_mismatch.inclusion_field` for a misfit volume `volume_change`, and, in
    a sphere with a free surface, a uniform strain which makes the radial stress there vanish.

    Parameters
    ----------
    r : array_like, shape (...)
        Distance from the defect, angstrom, positive and at most `radius`.
    volume_change : float
        Change of the volume of a body with a free surface, cubic angstrom: 3 beta.
    nu, shear_modulus : float
        Poisson's ratio in [0, 0.5) and shear modulus in GPa, positive.
    radius : float
        Radius of the body, angstrom; inf for no surface.

    Returns
    -------
    DefectField
        Floats or arrays of shape (...).

    Examples
    --------
    >>> field = point_defect_field(5.0, -15.6)
    >>> field.stress_rr > 0 > field.stress_tt  # around a small atom
    True
    """
    if radius < r.max():
        raise ValueError(f"radius must be at least r = {r.max()}, got {radius}")
    G = shear_modulus
    K = 2 * G * (1 + nu) / (3 * (1 - 2 * nu))
    if np.isinf(K):
        raise OverflowError("bulk modulus")
    core = 0.5 * r.min()
    if core == 0:
        raise ArithmeticError("half the smallest distance is 0")
    unit = inclusion_field(r, 1.0, core, K, G)  # linear in the misfit, volume 4 pi core^3
    scale = volume_change / (4 * np.pi * core**3)
    surface = 4 * G / (3 * K) * eshelby_factor(K, G) * volume_change / (4 * np.pi * radius**3)
    rr, tt = scale * unit.e_rr, scale * unit.e_tt
    found = (
        scale * unit.u + surface * r,
        rr + surface,
        tt + surface,
        2 * G * rr + 3 * K * surface,
        2 * G * tt + 3 * K * surface,
    )
    return DefectField(*map(plain, found))


# --- atoms --------------------------------------------------------------------------------------


class KeatingResult(NamedTuple):
    """A relaxed periodic crystal with one dopant."""

    bond_length: float  # dopant to neighbour, angstrom
    natural_length: float
    relaxation: float  # share of the way from silicon's bond to the natural one
    pressure: float  # GPa, positive if the cell pushes outwards
    strain: float  # of the edge of the cell
    energy: float  # eV
    n_atoms: int
    back_bond: float  # mean bond behind the neighbours, angstrom
    second_length: float  # mean distance of the second neighbours, angstrom


@checked
def keating_stiffness(alpha: rules.POSITIVES = 48.5, beta: rules.POSITIVES = 13.81):
    """Elastic constants C11, C12, C44 of Keating's silicon, GPa, from force constants in N/m
    (Keating 1966)."""
    a = A_SI / 10  # N/m over nm is GPa
    found = (alpha + 3 * beta) / a, (alpha - beta) / a, 4 * alpha * beta / (a * (alpha + beta))
    return tuple(map(plain, found))


@lru_cache(maxsize=4)
def _diamond(n):
    """Sites of n^3 cubic cells, neighbours (N, 4) and bond vectors (N, 4, 3), in units of a.

    The bond in column j of a site is the one in column j of its neighbour, reversed.
    """
    corners = np.stack(np.meshgrid(*[np.arange(n)] * 3, indexing="ij"), -1).reshape(-1, 1, 3)
    faces = np.array([[0, 0, 0], [0, 2, 2], [2, 0, 2], [2, 2, 0]]) / 4
    A = (corners + faces).reshape(-1, 3)
    sites = np.concatenate([A, A + _FEET[0]])
    bonds = np.repeat([_FEET, -_FEET], len(A), axis=0)
    quarters = np.rint(4 * sites).astype(int)
    number = np.full((4 * n,) * 3, -1)
    number[tuple(quarters.T)] = np.arange(len(sites))
    ends = np.rint(4 * (sites[:, None] + bonds)).astype(int) % (4 * n)
    return sites, number[tuple(np.moveaxis(ends, -1, 0))], bonds


@checked
def keating_relax(
    bond_ratio: rules.Real("(0.7, 1.4)"),
    *,
    n: rules.Whole(2, 5) = 3,
    free_volume: rules.Flag() = False,
    alpha: rules.POSITIVE = 48.5,
    beta: rules.POSITIVE = 13.81,
):
    """Relax a periodic silicon crystal with one dopant, in Keating's valence-force field.

    The four bonds of the dopant have another natural length; all force constants are those of
    silicon. The energy has one term for each bond and one for each pair of bonds at an atom, both
    quadratic in scalar products of bond vectors, hence blind to rotations (Keating 1966).

    Parameters
    ----------
    bond_ratio : float
        Natural length of the dopant's bonds over that of silicon, in (0.7, 1.4).
    n : int
        Cubic cells along an edge, 2 to 5: 8 n^3 atoms.
    free_volume : bool
        Whether the edge of the cell is relaxed as well, to no pressure.
    alpha, beta : float
        Force constants of stretching and bending, N/m, positive.

    Returns
    -------
    KeatingResult

    Examples
    --------
    >>> boron = keating_relax(2.05 / 2.34)
    >>> round(boron.bond_length, 3), round(boron.pressure, 3)
    (2.159, -0.375)
    """
    sites, neighbours, bonds = _diamond(n)
    columns = np.arange(4)
    natural = np.full(neighbours.shape, BOND)
    natural[0] = natural[neighbours[0], columns] = bond_ratio * BOND
    products = natural[:, :, None] * natural[:, None, :]
    diagonal = np.eye(4, dtype=bool)
    target = np.where(diagonal, products, -products / 3)
    weight = N_PER_M_A2_EV * 3 / 8 * np.where(diagonal, alpha, beta) / products

    def energy(q):
        """Energy and its gradient by the displacements and the logarithm of the edge."""
        u, growth = q[:-1].reshape(-1, 3), np.exp(q[-1])
        r = growth * (A_SI * bonds + u[neighbours] - u[:, None])
        excess = r @ r.transpose(0, 2, 1) - target
        stress = weight * excess
        by_bond = 2 * stress @ r
        # Every bond is a column of both of its atoms.
        gradient = growth * (by_bond[neighbours, columns] - by_bond).sum(axis=1)
        by_edge = (by_bond * r).sum()
        return 0.5 * (stress * excess).sum(), np.append(gradient, by_edge)

    def moved(q):
        value, gradient = energy(size * np.append(q[:-1], scale * q[-1]))
        gradient[-1] *= scale
        return value / size**2, gradient / size

    same = abs(bond_ratio - 1) <= 1e-12  # on paper
    # In shares of the misfit: the tolerances mean the same for a dopant that hardly differs.
    size = 1.0 if same else abs(bond_ratio - 1)
    # The edge moves all atoms at once: a smaller step makes its curvature like that of the others.
    scale = float(free_volume) / (A_SI * len(sites) ** 0.5)
    options = {"maxiter": 5000, "maxfun": 5000, "ftol": 1e-16, "gtol": 1e-9, "maxcor": 20}
    found = minimize(moved, np.zeros(sites.size + 1), jac=True, method="L-BFGS-B", options=options)
    q = size * found.x
    q[-1] *= scale
    value, gradient = energy(q)
    u, growth = q[:-1].reshape(-1, 3), np.exp(q[-1])
    r = growth * (A_SI * bonds + u[neighbours] - u[:, None])
    length = np.linalg.norm(r[0], axis=1)
    behind = r[neighbours[0]]  # (4, 4, 3); the diagonal leads back to the dopant
    second = (r[0][:, None] + behind)[~diagonal]
    volume = (n * A_SI * growth) ** 3
    return KeatingResult(
        bond_length=float(length.mean()),
        natural_length=bond_ratio * BOND,
        relaxation=0.0 if same else float((length.mean() / BOND - 1) / (bond_ratio - 1)),
        pressure=float(-gradient[-1] / (3 * volume) / GPA_A3_EV),
        strain=float(q[-1]),
        energy=float(value),
        n_atoms=len(sites),
        back_bond=float(np.linalg.norm(behind[~diagonal], axis=1).mean()),
        second_length=float(np.linalg.norm(second, axis=1).mean()),
    )
