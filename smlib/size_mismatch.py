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

from smlib.checks import choice, plain, reals, representable, sequence
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

#: The metals on which the rule is tested from first principles: close-packed and bcc, 34 of them.
HOSTS = tuple(s for s, e in ELEMENTS.items() if e.structure in ("fcc", "bcc", "hcp", "dhcp"))


def _positive(**given):
    return [reals(name, value, "(0, inf)") for name, value in given.items()]


@representable
def misfit(r_solute, r_host):
    """Relative difference of two radii, r_solute / r_host - 1; broadcasts.

    Raises ValueError for a radius that is not finite and positive.

    Examples
    --------
    >>> round(misfit(145, 128), 3)
    0.133
    """
    r_solute, r_host = _positive(r_solute=r_solute, r_host=r_host)
    return plain(r_solute / r_host - 1)


@representable
def eshelby_factor(K, G):
    """Share of the misfit that survives in the crystal, 3K / (3K + 4G), and the share of the
    elastic energy that sits outside the solute (Eshelby 1956).

    Raises ValueError for a bulk modulus K or shear modulus G that is not positive; broadcasts.
    """
    K, G = _positive(K=K, G=G)
    return plain(3 * K / (3 * K + 4 * G))


@representable
def misfit_energy(eps, G, K, volume):
    """Elastic energy of one solute, 6 G V f eps^2, in eV (Eshelby 1956).

    Parameters
    ----------
    eps : array_like
        Misfit of the radius; ValueError if not finite or not above -1.
    G, K : array_like
        Shear and bulk modulus of the host in GPa; ValueError if not positive.
    volume : array_like
        Volume of a host atom in cubic angstrom; ValueError if not positive.

    Returns
    -------
    float or ndarray, of the broadcast shape

    Examples
    --------
    >>> round(misfit_energy(0.1, G=48, K=140, volume=11.81), 5)
    0.14569
    """
    eps, (G, volume) = reals("eps", eps, "(-1, inf)"), _positive(G=G, volume=volume)
    return plain(6 * G * volume * GPA_A3_EV * eshelby_factor(K, G) * eps**2)


class Field(NamedTuple):
    """Elastic field of a misfitting sphere at the radii asked for."""

    u: np.ndarray  # radial displacement, in the unit of r
    e_rr: np.ndarray  # radial strain
    e_tt: np.ndarray  # strain along both circumferences
    pressure: np.ndarray  # GPa, compression positive


@representable
def inclusion_field(r, eps, r0, K, G):
    """Displacement, strains and pressure around and inside one misfitting sphere.

    Outside, the crystal is in pure shear: it is neither compressed nor dilated anywhere. Inside,
    the pressure is uniform, positive for a solute that is too large (Eshelby 1954).

    Parameters
    ----------
    r : array_like, shape (...)
        Distance from the centre, in the unit of r0; r <= r0 is inside. ValueError if not positive.
    eps : float
        Misfit of the radius. Strains inside are counted from the solute's place in the crystal.
    r0 : float
        Radius of the hole.
    K, G : float
        Moduli in GPa.

    Returns
    -------
    Field
        Arrays of shape (...).
    """
    r, r0 = _positive(r=r, r0=r0)
    eps, f = reals("eps", eps, "(-1, inf)"), eshelby_factor(K, G)
    inside = r <= r0
    decay = np.where(inside, 1.0, (r0 / r) ** 3)
    e_tt = f * eps * decay
    e_rr = np.where(inside, e_tt, -2 * e_tt)
    return Field(e_tt * r, e_rr, e_tt, np.where(inside, 3 * np.asarray(K) * eps * (1 - f), 0.0))


@representable
def solubility(energy, T):
    """Dilute solubility against a nearly pure second phase, min(1, exp(-E / kT)); broadcasts.

    Vibrations and chemistry are left out. Raises ValueError for an energy (eV) below zero or not
    finite, or a temperature (K) that is not positive.
    """
    energy, (T,) = reals("energy", energy, "[0, inf)"), _positive(T=T)
    return plain(np.exp(-energy / (BOLTZMANN_EV * T)))


@representable
def critical_temperature(W):
    """Temperature in K above which W x (1 - x) no longer separates phases, W / 2k; broadcasts.

    Raises ValueError for an interaction energy W (eV) that is not positive.
    """
    (W,) = _positive(W=W)
    return plain(W / (2 * BOLTZMANN_EV))


@representable
def binodal(W, T):
    """Solubility in a symmetric regular solution: the lower root of ln(x/(1-x)) = -W (1-2x) / kT.

    Parameters
    ----------
    W, T : float
        Interaction energy in eV and temperature in K; ValueError if not positive.

    Returns
    -------
    float
        In (0, 0.5]; 0.5 from the critical temperature on.

    Examples
    --------
    >>> round(binodal(0.25, 1000), 4)
    0.0807
    """
    W, T = (float(reals(name, value, "(0, inf)", ndim=0)) for name, value in (("W", W), ("T", T)))
    critical = critical_temperature(W)
    if critical <= T:
        return 0.5
    w = 2 * (critical / T)  # above 2, even where the two are next to each other
    # In y = ln((1-x)/x) the condition reads y / tanh(y/2) = w, and the left side grows from 2 on.
    return float(expit(-brentq(lambda y: (1 + np.exp(-y)) / exprel(-y) - w, 0, 2 * w)))


@representable
def critical_misfit(G, K, volume, T, x=0.05):
    """Misfit at which the dilute solubility at T has fallen to x; broadcasts.

    Raises ValueError for x outside (0, 1) and for the same input as `misfit_energy`.
    """
    share = reals("x", x, "(0, 1)")
    (T,) = _positive(T=T)
    cost = -BOLTZMANN_EV * T * np.log(share)
    # The energy is quadratic: its value at a misfit of 1 (100 %) sets the scale.
    return plain(np.sqrt(cost / misfit_energy(1.0, G, K, volume)))


@representable
def hume_rothery(limit=0.15, x_min=0.05, radii="r_cn12", hosts=None):
    """Confusion matrix of the size rule: extensive solubility if and only if |eps| <= limit.

    Parameters
    ----------
    limit, x_min : float
        Limit of the misfit, and the atomic fraction that counts as extensive; ValueError if not
        positive, or x_min above 1.
    radii : {"r_cn12", "r_gl", "r_cov"}
        Radius table of `smlib.elements`. Pairs without a radius are skipped.
    hosts : iterable of str, optional
        Hosts to keep; ValueError for one that is not in `BINARIES`, or for none.

    Returns
    -------
    dict
        tp, fp, fn, tn as in `smlib.high_entropy_alloys.confusion` (int).

    Examples
    --------
    >>> hume_rothery()
    {'tp': 78, 'fp': 40, 'fn': 8, 'tn': 29}
    """
    reals("limit", limit, "(0, inf)", ndim=0)
    reals("x_min", x_min, "(0, 1]", ndim=0)
    choice("radii", radii, ("r_cn12", "r_gl", "r_cov"))
    known = {host for host, _, _ in BINARIES}
    wanted = known if hosts is None else sequence("hosts", hosts)
    if not wanted or not all(isinstance(host, str) and host in known for host in wanted):
        raise ValueError(f"hosts must be among {sorted(known)}, got {hosts!r}")
    kept = [(host, solute, x) for host, solute, x in BINARIES if host in wanted]
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
