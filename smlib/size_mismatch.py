"""What does a wrong-sized atom cost, and is that why metals refuse to mix beyond 15 % mismatch?
(Chapter "Bricks that do not fit".)

An atom of natural radius r0 (1 + eps) sits in a hole of radius r0 in an elastic crystal with the
same moduli (Eshelby 1954, 1956). Units: radii in any one unit, moduli in GPa, atomic volumes in
cubic angstrom, energies in eV per solute atom, temperatures in K, solubilities as atomic fractions.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, exprel

from smlib import rules
from smlib.checks import checked, plain
from smlib.elements import ELEMENTS, read_table, values
from smlib.units import BOLTZMANN_EV, GPA_A3_EV

__all__ = [
    "BINARIES",
    "HOSTS",
    "Field",
    "binodal",
    "critical_misfit",
    "critical_temperature",
    "eshelby_factor",
    "hume_rothery",
    "inclusion_field",
    "misfit",
    "misfit_energy",
    "solubility",
]

# Read as a fraction: the quotient by 100 of a number read is not always the float next to it.
BINARIES = tuple(
    (row["host"], row["solute"], float(row["max_solubility_at_percent"] + "e-2"))
    for row in read_table("binary_solubility.csv")
)
"""Maximum solid solubility of 155 pairs: (host, solute, atomic fraction; 1 means complete)."""
SOLVENTS = rules.Choice(*sorted({host for host, _, _ in BINARIES}))

#: The metals on which the rule is tested from first principles: close-packed and bcc, 34 of them.
HOSTS = tuple(s for s, e in ELEMENTS.items() if e.structure in ("fcc", "bcc", "hcp", "dhcp"))


EPS = rules.Reals("(-1, inf)")


@checked
def misfit(r_solute: rules.POSITIVES, r_host: rules.POSITIVES):
    """Relative difference of two radii, r_solute / r_host - 1; broadcasts.

    Examples
    --------
    >>> round(misfit(145, 128), 3)
    0.133
    """
    return plain(r_solute / r_host - 1)


@checked
def eshelby_factor(K: rules.POSITIVES, G: rules.POSITIVES):
    """Share of the misfit that survives in the crystal, 3K / (3K + 4G), and the share of the
    elastic energy that sits outside the solute (Eshelby 1956).

    K is the bulk modulus, G the shear modulus; broadcasts.
    """
    return plain(3 * K / (3 * K + 4 * G))


@checked
def misfit_energy(eps: EPS, G: rules.POSITIVES, K: rules.POSITIVES, volume: rules.POSITIVES):
    """Elastic energy of one solute, 6 G V f eps^2, in eV (Eshelby 1956).

    Parameters
    ----------
    eps : array_like
        Misfit of the radius.
    G, K : array_like
        Shear and bulk modulus of the host in GPa.
    volume : array_like
        Volume of a host atom in cubic angstrom.

    Returns
    -------
    float or ndarray, of the broadcast shape

    Examples
    --------
    >>> round(misfit_energy(0.1, G=48, K=140, volume=11.81), 5)
    0.14569
    """
    return plain(6 * G * volume * GPA_A3_EV * eshelby_factor(K, G) * eps**2)


class Field(NamedTuple):
    """Elastic field of a misfitting sphere at the radii asked for."""

    u: np.ndarray  # radial displacement, in the unit of r
    e_rr: np.ndarray  # radial strain
    e_tt: np.ndarray  # strain along both circumferences
    pressure: np.ndarray  # GPa, compression positive


@checked
def inclusion_field(
    r: rules.POSITIVES, eps: EPS, r0: rules.POSITIVES, K: rules.POSITIVES, G: rules.POSITIVES
):
    """Displacement, strains and pressure around and inside one misfitting sphere.

    Outside, the crystal is in pure shear: it is neither compressed nor dilated anywhere. Inside,
    the pressure is uniform, positive for a solute that is too large (Eshelby 1954).

    Parameters
    ----------
    r : array_like, shape (...)
        Distance from the centre, in the unit of r0; r <= r0 is inside.
    eps : float
        Misfit of the radius. Strains inside are counted from the solute's place in the crystal.
    r0 : float
        Radius of the hole.
    K, G : float
        Moduli in GPa.

    Returns
    -------
    Field
        Of shape (...); floats for one distance.
    """
    f = eshelby_factor(K, G)
    inside = r <= r0
    decay = np.where(inside, 1.0, (r0 / r) ** 3)
    e_tt = f * eps * decay
    e_rr = np.where(inside, e_tt, -2 * e_tt)
    pressure = np.where(inside, 3 * K * eps * (1 - f), 0.0)
    return Field(*map(plain, (e_tt * r, e_rr, e_tt, pressure)))


@checked
def solubility(energy: rules.NONNEGATIVES, T: rules.POSITIVES):
    """Dilute solubility against a nearly pure second phase, min(1, exp(-E / kT)); broadcasts.

    The energy is in eV, the temperature in K. Vibrations and chemistry are left out.
    """
    return plain(np.exp(-energy / (BOLTZMANN_EV * T)))


@checked
def critical_temperature(W: rules.POSITIVES):
    """Temperature in K above which W x (1 - x) no longer separates phases, W / 2k, for an
    interaction energy W in eV; broadcasts."""
    return plain(W / (2 * BOLTZMANN_EV))


@checked
def binodal(W: rules.POSITIVE, T: rules.POSITIVE):
    """Solubility in a symmetric regular solution: the lower root of ln(x/(1-x)) = -W (1-2x) / kT.

    Parameters
    ----------
    W, T : float
        Interaction energy in eV and temperature in K.

    Returns
    -------
    float
        In (0, 0.5]; 0.5 from the critical temperature on.

    Examples
    --------
    >>> round(binodal(0.25, 1000), 4)
    0.0807
    """
    critical = critical_temperature(W)
    if critical <= T:
        return 0.5
    w = 2 * (critical / T)  # above 2, even where the two are next to each other
    # In y = ln((1-x)/x) the condition reads y / tanh(y/2) = w, and the left side grows from 2 on.
    return float(expit(-brentq(lambda y: (1 + np.exp(-y)) / exprel(-y) - w, 0, 2 * w)))


@checked
def critical_misfit(
    G: rules.POSITIVES,
    K: rules.POSITIVES,
    volume: rules.POSITIVES,
    T: rules.POSITIVES,
    x: rules.Reals("(0, 1)") = 0.05,
):
    """Misfit at which the dilute solubility at T has fallen to x; broadcasts."""
    cost = -BOLTZMANN_EV * T * np.log(x)
    # The energy is quadratic: its value at a misfit of 1 (100 %) sets the scale.
    return plain(np.sqrt(cost / misfit_energy(1.0, G, K, volume)))


@checked
def hume_rothery(
    limit: rules.POSITIVE = 0.15,
    x_min: rules.Real("(0, 1]") = 0.05,
    radii: rules.Choice("r_cn12", "r_gl", "r_cov") = "r_cn12",
    hosts: rules.Each(SOLVENTS) | None = None,
):
    """Confusion matrix of the size rule: extensive solubility if and only if |eps| <= limit.

    Parameters
    ----------
    limit, x_min : float
        Limit of the misfit, and the atomic fraction that counts as extensive.
    radii : {"r_cn12", "r_gl", "r_cov"}
        Radius table of `smlib.elements`. Pairs without a radius are skipped.
    hosts : iterable of str, optional
        Hosts to keep, of those in `BINARIES`; by default all.

    Returns
    -------
    dict
        tp, fp, fn, tn as in `smlib.high_entropy_alloys.confusion` (int).

    Examples
    --------
    >>> hume_rothery()
    {'tp': 78, 'fp': 40, 'fn': 8, 'tn': 29}
    """
    kept = [row for row in BINARIES if hosts is None or row[0] in hosts]
    r_host, r_solute = (values(radii, [row[i] for row in kept]) for i in (0, 1))
    measured = np.array([x for _, _, x in kept]) >= x_min
    eps = r_solute / r_host - 1
    # A misfit of 0.15 on paper must not fall outside by the last bit.
    predicted = np.abs(eps) <= limit * (1 + 1e-12)
    counted = ~np.isnan(eps)
    pairs = {"tp": (1, 1), "fp": (1, 0), "fn": (0, 1), "tn": (0, 0)}
    return {
        name: int((counted & (predicted == said) & (measured == true)).sum())
        for name, (said, true) in pairs.items()
    }
