"""When every atom is a bump, what does a dislocation feel, and can the yield stress of an alloy be
computed from the sizes of its atoms with no fitted number? (Chapter "Dislocations in bumpy
terrain".)

Three answers: the classical limits of few strong pins (Friedel 1964, Fleischer 1963) and of many
weak ones (Labusch 1970); an elastic line in a random landscape, simulated; and the theory of
Varvenne, Luque & Curtin 2016 for edge dislocations in random fcc alloys, by size misfit alone and
isotropic elasticity. Not for bcc alloys: see Maresca & Curtin 2020, Acta Mater. 182, 144 for screw
dislocations and 182, 235 for edge control in refractory alloys.

b is the length of the Burgers vector, Gamma = alpha mu b^2 the line tension. Arrays broadcast,
scalars give a float.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.special import wofz

from smlib import elements, rules
from smlib.checks import checked, first, plain
from smlib.random_landscape import core_average, core_response, critical_force
from smlib.units import BOLTZMANN_EV, GPA_A3_EV

__all__ = [
    "CANTOR_FAMILY",
    "HALL_PETCH",
    "TERRAIN_SPACING",
    "VLC",
    "VOLUMES",
    "CantorAlloy",
    "Core",
]
__all__ += ["core_coefficients", "core_filter", "depinning_threshold", "flow_stress"]
__all__ += ["friedel_stress", "hall_petch", "labusch_parameter", "labusch_stress", "misfit_sum"]
__all__ += ["pinning_length", "terrain", "vlc", "yield_stress"]

SWITCH = 0.5  # of the stress at 0 K, below which the high-temperature law takes over
TERRAIN_SPACING = (1.0, 0.25)  # of the nodes along the line; across it, in correlation lengths

VOLUMES = {"Ni": 10.94, "Co": 11.12, "Fe": 12.09, "Cr": 12.27, "Mn": 12.60}
"""Volume per atom in fcc Co-Cr-Fe-Mn-Ni alloys, cubic angstrom (Varvenne et al. 2016)."""


@dataclass(frozen=True)
class CantorAlloy:
    """An equiatomic fcc alloy at 293 K; nan where no value is given."""

    formula: str
    mu: float  # shear modulus, GPa
    nu: float  # Poisson ratio
    E_min: float  # lowest and highest measured Young's modulus, GPa
    E_max: float
    sigma0: float  # measured yield stress without grain boundaries, MPa (see `hall_petch`)
    k: float  # Hall-Petch slope, MPa sqrt(um)
    grain_size: float  # um, and the yield stress measured at it, MPa (Wu et al. 2014)
    grain_yield: float
    source: str  # of sigma0 and k

    @property
    def fractions(self):
        """Atomic fractions, in the order of the formula."""
        return np.array(list(elements.fractions(self.formula).values()))

    @property
    def volumes(self):
        """Volumes per atom in cubic angstrom, in the order of the formula."""
        return np.array([VOLUMES[symbol] for symbol in elements.fractions(self.formula)])


_TEXT = ("formula", "source")
CANTOR_FAMILY = {
    row["formula"]: CantorAlloy(
        **{k: v if k in _TEXT else float(v or "nan") for k, v in row.items()}
    )
    for row in elements.read_table("cantor_family.csv")
}
"""Ten equiatomic alloys of Co, Cr, Fe, Mn, Ni by formula; sources in ``smlib/data/README.md``."""

_POINTS = [tuple(row.values()) for row in elements.read_table("hall_petch.csv")]
HALL_PETCH = {
    name: np.array([point[1:] for point in _POINTS if point[0] == name], dtype=float).T
    for name in dict.fromkeys(point[0] for point in _POINTS)
}
"""Grain sizes (um) and yield stresses (MPa) by formula, shape (2, n) (Yoshida et al. 2019)."""


class Core(NamedTuple):
    """Lattice sums over the core of a dislocation."""

    w_c: float  # amplitude of the bow-out, in b
    f1: float  # (b/w_c)^(5/3) S^(2/3) and
    f2: float  # (w_c/b)^(2/3) S^(1/3), with S the sum of the squared changes of pressure


class VLC(NamedTuple):
    """Strength of a random alloy by the theory of Varvenne, Luque & Curtin."""

    tau0: float  # flow stress at 0 K, MPa
    barrier: float  # energy barrier, eV
    b: float  # Burgers vector, angstrom
    misfit: float  # sum c dV^2, A^6


FRACTIONS, POSITIVE_LIST = rules.Reals("[0, inf)", ndim=1), rules.Reals("(0, inf)", ndim=1)
NU = rules.Real("(-1, 0.5)")


def _mixture(c, v):
    """Normalised fractions, volumes and the mean volume."""
    if c.size != v.size or not c.sum() > 0:
        raise ValueError(
            f"{v.size} fractions, not all zero, are needed, got {c.tolist()} for the volumes"
        )
    c = c / c.sum()
    most = v[c.argmax()]
    return c, v, float(most + c @ (v - most))  # of volumes that are equal, the volume itself


@checked
def misfit_sum(fractions: FRACTIONS, volumes: POSITIVE_LIST):
    """Sum of c (V - mean V)^2 over the atoms, in A^6 for volumes in cubic angstrom; the fractions
    are normalised.

    Examples
    --------
    >>> round(misfit_sum([1, 1, 1, 1, 1], list(VOLUMES.values())), 4)
    0.4294
    """
    c, v, mean = _mixture(fractions, volumes)
    return float(c @ (v - mean) ** 2)


def _burgers(fractions, volumes, b):
    mean = _mixture(fractions, volumes)[2]
    return float((4 * mean) ** (1 / 3) / np.sqrt(2)) if b is None else b


@checked
def core_coefficients(d: rules.Real("[0, 60)") = 15.0, s: rules.Real("(0.001, 10)") = 1.5):
    """Coefficients of a dislocation split into two partials, from a sum over the fcc lattice.

    `d`, below 60, is the distance of the partials, `s`, below 10, the standard deviation of the
    Burgers vector density of each, both in b. The amplitude `w_c`, in steps of b/2, is the first
    maximum of the energy gained over w. Published: f1 = 0.35 and f2 = 5.70.

    Examples
    --------
    >>> core_coefficients().w_c
    4.5
    """
    reach = 20 + int(8 * s)  # trial amplitudes, in columns of b/2
    x = np.arange(-120 - reach, 121) / 2
    y = (np.arange(30)[:, None] + 0.5) * np.sqrt(2 / 3)
    pressure = sum(wofz((x - side * d / 2 + 1j * y) / (s * np.sqrt(2))).real for side in (-1, 1))
    pressure *= np.sqrt(np.pi / 8) / s
    shifts = np.arange(1, reach + 1)
    change = [pressure[:, reach - m : reach - m + 241] - pressure[:, reach:] for m in shifts]
    total = 2 * np.array([np.vdot(part, part) for part in change])  # both sides of the glide plane
    best = int(np.argmax(np.diff(total / shifts) < 0))
    w = shifts[best] / 2
    f1, f2 = w ** (-5 / 3) * total[best] ** (2 / 3), w ** (2 / 3) * total[best] ** (1 / 3)
    return Core(float(w), float(f1), float(f2))


@checked
def vlc(
    fractions: FRACTIONS,
    volumes: POSITIVE_LIST,
    mu: rules.POSITIVE,
    nu: NU,
    b: rules.POSITIVE | None = None,
    alpha: rules.POSITIVE = 0.123,
    f1: rules.POSITIVE = 0.35,
    f2: rules.POSITIVE = 5.70,
):
    """Strength of a random fcc alloy from the volumes of its atoms (Varvenne, Luque & Curtin 2016).

    Parameters
    ----------
    fractions, volumes : array_like, shape (n,)
        Atomic fractions (normalised) and volumes per atom in the alloy, cubic angstrom.
    mu, nu : float
        Shear modulus in GPa and Poisson ratio.
    b : float, optional
        Burgers vector in angstrom; by default that of the mean volume.
    alpha : float
        Line tension over mu b^2.
    f1, f2 : float
        Core coefficients, see `core_coefficients`.

    Examples
    --------
    >>> strength = vlc([1, 1, 1, 1, 1], list(VOLUMES.values()), mu=80, nu=0.26)
    >>> round(strength.tau0, 1), round(strength.barrier, 3)
    (77.9, 1.066)
    """
    misfit, b = misfit_sum(fractions, volumes), _burgers(fractions, volumes, b)
    q, spread = (1 + nu) / (1 - nu), misfit / b**6
    tau0 = 0.051 * alpha ** (-1 / 3) * 1e3 * mu * q ** (4 / 3) * f1 * spread ** (2 / 3)
    energy = 0.274 * alpha ** (1 / 3) * mu * b**3 * q ** (2 / 3) * f2 * spread ** (1 / 3)
    return VLC(tau0, energy * GPA_A3_EV, b, misfit)


@checked
def pinning_length(
    fractions: FRACTIONS,
    volumes: POSITIVE_LIST,
    nu: NU,
    alpha: rules.POSITIVE = 0.123,
    core: rules.Of(Core) | None = None,
    b: rules.POSITIVE | None = None,
):
    """Length over which the line bows out, in b; `core` by default from `core_coefficients`, the
    others as in `vlc`. The shear modulus drops out. ValueError also for atoms of one size.

    Examples
    --------
    >>> round(pinning_length([1, 1, 1, 1, 1], list(VOLUMES.values()), nu=0.26))
    46
    """
    misfit, b = misfit_sum(fractions, volumes), _burgers(fractions, volumes, b)
    rules.POSITIVE("fractions: misfit of the volumes", misfit)
    core = core_coefficients() if core is None else core
    rules.POSITIVES("core", core)
    q = (1 + nu) / (1 - nu)
    cube = 4 * np.sqrt(3) * (3 * np.pi * alpha) ** 2 * core.w_c**1.5
    return float(np.cbrt(cube / (q**2 * core.f1**1.5 * misfit / b**6)))


BRANCH = rules.Choice("low", "high") | None


@checked
def flow_stress(
    tau0: rules.NONNEGATIVES,
    barrier: rules.POSITIVES,
    T: rules.NONNEGATIVES,
    rate: rules.POSITIVES = 1e-3,
    rate0: rules.POSITIVES = 1e4,
    *,
    branch: BRANCH = None,
):
    """Resolved flow stress at a temperature and strain rate, in the unit of `tau0`.

    Parameters
    ----------
    tau0, barrier : float or array_like
        Flow stress at 0 K (MPa) and energy barrier (eV), see `vlc`.
    T, rate, rate0 : float or array_like
        Temperature in K, strain rate and its reference in 1/s, rate < rate0.
    branch : {None, "low", "high"}
        With z = kT/barrier ln(rate0/rate), "low" is tau0 (1 - z^(2/3)), not below 0, and "high" is
        tau0 exp(-z/0.57). None takes "low" down to tau0/2 and "high" below: the published recipe,
        which jumps up by 7.6 % there.

    Examples
    --------
    >>> round(flow_stress(77.88, 1.0663, 293), 1)
    39.9
    """
    if (wrong := rate >= rate0).any():
        raise ValueError(
            f"rate must be below rate0 = {first(rate0, wrong)}, got {first(rate, wrong)}"
        )
    z = BOLTZMANN_EV * T / barrier * np.log(rate0 / rate)
    low, high = np.maximum(1 - np.square(np.cbrt(z)), 0), np.exp(-z / 0.57)
    both = {None: np.where(low >= SWITCH, low, high), "low": low, "high": high}
    return plain(tau0 * both[branch])


@checked
def yield_stress(
    tau0: rules.NONNEGATIVES,
    barrier: rules.POSITIVES,
    T: rules.NONNEGATIVES,
    rate: rules.POSITIVES = 1e-3,
    rate0: rules.POSITIVES = 1e4,
    *,
    taylor: rules.POSITIVES = 3.06,
    branch: BRANCH = None,
):
    """Uniaxial yield stress: `taylor`, the Taylor factor, times `flow_stress`."""
    return plain(taylor * flow_stress(tau0, barrier, T, rate, rate0, branch=branch))


CONCENTRATIONS = rules.Reals("(0, 1]")


@checked
def friedel_stress(
    c: CONCENTRATIONS, f: rules.POSITIVES, Gamma: rules.POSITIVES, b: rules.POSITIVES
):
    """Flow stress in Pa by few strong obstacles (Friedel 1964, Fleischer 1963): f^(3/2) c^(1/2) /
    (b^2 sqrt(2 Gamma)), with their concentration `c` in the slip plane, up to 1, the force `f` on
    each in N, the line tension `Gamma` in N and the Burgers vector `b` in m."""
    return plain(f**1.5 * np.sqrt(c / (2 * Gamma)) / b**2)


@checked
def labusch_stress(
    c: CONCENTRATIONS,
    f: rules.POSITIVES,
    Gamma: rules.POSITIVES,
    w: rules.POSITIVES,
    b: rules.POSITIVES,
):
    """Flow stress in Pa by many weak obstacles (Labusch 1970): (c^2 w f^4 / 4 Gamma b^7)^(1/3), `w`
    the range of an obstacle in m, the others as in `friedel_stress`."""
    return plain(np.cbrt(c**2 * w / b * (f / b) ** 3 * (f / Gamma) / (4 * b**3)))


@checked
def labusch_parameter(
    c: CONCENTRATIONS,
    f: rules.POSITIVES,
    Gamma: rules.POSITIVES,
    w: rules.POSITIVES,
    b: rules.POSITIVES,
):
    """Range of an obstacle over the bow-out between two, eta_0 = (w/b) sqrt(4 c Gamma / f).

    Far below 1 Friedel's limit holds, far above Labusch's; the two stresses differ by the factor
    (eta_0^2 / 8)^(1/6). Parameters as in `labusch_stress`.

    Examples
    --------
    >>> round(labusch_parameter(0.01, 0.12e-9, 0.64e-9, 1.28e-9, 0.256e-9), 2)
    2.31
    """
    return plain(w / b * np.sqrt(4 * c * Gamma / f))


@checked
def core_filter(sigma: rules.NONNEGATIVES, xi: rules.POSITIVES, w: rules.NONNEGATIVES):
    """Rms force and correlation length of a landscape (`sigma`, `xi`) averaged over a gaussian core
    of standard deviation `w` along the glide direction.

    At fixed stress amplitude `sigma`, as here, strength falls monotonically with w/xi, without a
    resonance at w = xi; at fixed energy amplitude there is one: `random_landscape.core_response`.
    """
    felt = core_response(w, xi)
    return plain(sigma * felt.strong), felt.range


NODES = rules.Whole(8)


@checked
def terrain(core: rules.NONNEGATIVE = 0.0, nodes: NODES = 128, seed: rules.Seed() = 0):
    """Random forces on the nodes of a line against their displacement: independent Gaussian
    functions of variance 1 and correlation length 1, averaged over a gaussian core.

    `core` is the standard deviation of the core in correlation lengths, `seed` goes to
    `numpy.random.default_rng`. The result, shape (`nodes` >= 8, columns), has the spacings
    `TERRAIN_SPACING` and the period of 32 correlation lengths of the averaged terrain.
    """
    step = TERRAIN_SPACING[1]
    noise = seed.standard_normal((nodes, round(32 / step * np.hypot(1, np.sqrt(2) * core))))
    # White noise averaged over a gaussian of 1/sqrt(2) has the correlation length 1 and, with this
    # factor, the variance 1. The widths of two averages add in quadrature.
    noise *= np.sqrt(np.sqrt(2 * np.pi) / step)
    return core_average(noise, step, np.hypot(core, np.sqrt(0.5)))


@checked
def depinning_threshold(
    strength: rules.POSITIVES,
    core: rules.NONNEGATIVE = 0.0,
    nodes: NODES = 128,
    seed: rules.Seed() = 0,
    *,
    tol: rules.POSITIVE = 0.01,
    progress: rules.Of(Callable) | None = None,
):
    """Critical force, over the rms force without a core, of a line in a `terrain`.

    Parameters
    ----------
    strength : float or array_like, shape (n,)
        Rms force over the elastic force between neighbours one correlation length apart. All meet
        the same terrain. Above some 20 the simulation gets slow.
    core, nodes, seed
        As in `terrain`; `tol` as in `random_landscape.critical_force`.
    progress : callable, optional
        Wraps the iterator over the strengths, as `tqdm` does.

    Returns
    -------
    float or ndarray, shape (n,)
        Without a core about 0.6 strength^(1/3), the 4/3 power law of collective pinning.
    """
    if strength.ndim > 1:
        raise ValueError(f"strength must be a number or 1-d, got shape {strength.shape}")
    force = terrain(core, nodes, seed)
    found = [
        critical_force(force, TERRAIN_SPACING, 1 / s, tol=tol)
        for s in (progress or iter)(np.atleast_1d(strength))
    ]
    return np.array(found) if strength.ndim else found[0]


@checked
def hall_petch(d: POSITIVE_LIST, sigma: POSITIVE_LIST):
    """Friction stress and slope of sigma = sigma0 + k / sqrt(d), by least squares.

    Grain sizes `d` in um and yield stresses `sigma` in MPa, shape (n,), give MPa and MPa sqrt(um).
    ValueError for fewer than two different sizes.

    Examples
    --------
    >>> hall_petch([1, 4], [500, 300])
    (100.0, 400.0)
    """
    if d.size != sigma.size or np.unique(d).size < 2:
        raise ValueError(
            f"d must hold two grain sizes, and sigma a stress for each, got d={d.tolist()}"
        )
    x = d**-0.5
    slope = float((x - x.mean()) @ sigma / ((x - x.mean()) @ x))
    return float(sigma.mean() - slope * x.mean()), slope
