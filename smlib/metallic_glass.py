"""How much size mismatch does it take before atoms cannot crystallize, and by which route does the
mismatch win: energy, packing or time? (Chapter "Mismatch as the feature".)

Two models. An alloy is a spread of radii delta (a fraction here; `smlib.high_entropy_alloys`
gives it in %), whose elastic energy lowers the melting point of the random crystal. A `GlassFormer`
turns that melting point and a viscosity into the time that crystals need. (Packing, the third
route, is that of `smlib.soft_disks`.) Temperatures are in K, energies in kJ/mol.
"""

from dataclasses import dataclass

import numpy as np
from scipy.constants import Avogadro, R, k
from scipy.integrate import cumulative_trapezoid

from smlib import rules
from smlib.checks import checked, first, plain
from smlib.size_mismatch import eshelby_factor

__all__ = [
    "GlassFormer",
    "castable_thickness",
    "critical_cooling_rate",
    "elastic_energy",
    "minimum_solute",
    "ttt_time",
]


@checked(infinite=True)
def minimum_solute(ratio: rules.POSITIVES, *, lambda0: rules.POSITIVES = 0.1):
    """Share of solute that makes a crystal topologically unstable (Egami and Waseda, 1984).

    c |ratio^3 - 1| = lambda0: a number of large atoms, or twice as many small ones, strains the
    neighbourhoods so far that the number of neighbours changes.

    Parameters
    ----------
    ratio : array_like
        Radius of the solute over that of the host, positive.
    lambda0 : float
        Critical local volume strain, positive.

    Returns
    -------
    float or ndarray
        Atomic share; nan where it would exceed 1.

    Examples
    --------
    >>> round(minimum_solute(0.8), 4), round(minimum_solute(1.25), 4), minimum_solute(1.02)
    (0.2049, 0.1049, nan)
    """
    strain = np.abs(ratio**3 - 1)
    with np.errstate(divide="ignore"):
        share = lambda0 / strain
    # A share of 1 on paper must not exceed it by the last bit.
    return plain(np.where(share <= 1 + 1e-12, np.minimum(share, 1), np.nan))


@checked
def elastic_energy(
    delta: rules.NONNEGATIVES,
    *,
    bulk: rules.POSITIVES = 110.0,
    shear: rules.POSITIVES = 40.0,
    molar_volume: rules.POSITIVES = 1e-5,
):
    """Elastic energy of a random solid solution, 6 G V f delta^2 (Eshelby, 1956), in kJ/mol.

    Parameters
    ----------
    delta : array_like
        Size spread as a fraction, not below 0.
    bulk, shear : array_like
        Moduli in GPa, positive.
    molar_volume : array_like
        In m^3/mol, positive.

    Returns
    -------
    float or ndarray
        By `smlib.size_mismatch.eshelby_factor`; equal to `smlib.high_entropy_alloys.strain_energy`
        for the moduli and the volume of the alloy.

    Examples
    --------
    >>> round(elastic_energy(0.1), 3)
    16.163
    """
    return plain(6e6 * shear * molar_volume * eshelby_factor(bulk, shear) * delta**2)


@checked
@dataclass(frozen=True)
class GlassFormer:
    """A melt: how fast it flows, and how much a crystal gains on it.

    Attributes
    ----------
    T_m, T_g : float
        Melting point of the crystal without mismatch and glass transition, K; T_g below T_m.
    dS_f : float
        Entropy of fusion, J/(mol K).
    D : float
        Strength of the liquid: 5 fragile, 20 strong (Angell, 1995).
    alpha : float
        Energy of an atom in the interface over the heat of fusion (Turnbull).
    V_m, a0 : float
        Molar volume, m^3/mol, and atomic distance, m.
    eta0, eta_g : float
        Viscosity at infinite temperature and at T_g, Pa s; eta_g is the larger.
    bulk, shear : float
        Moduli of the crystal, GPa.

    Examples
    --------
    >>> melt = GlassFormer()
    >>> round(melt.critical_delta, 4), round(melt.melting_point(0.04), 1)
    (0.0824, 917.2)
    """

    T_m: rules.POSITIVE = 1200.0
    T_g: rules.POSITIVE = 660.0
    dS_f: rules.POSITIVE = 1.1 * R
    D: rules.POSITIVE = 10.0
    alpha: rules.POSITIVE = 0.45
    V_m: rules.POSITIVE = 1e-5
    a0: rules.POSITIVE = 2.8e-10
    eta0: rules.POSITIVE = 4e-5
    eta_g: rules.POSITIVE = 1e12
    bulk: rules.POSITIVE = 110.0
    shear: rules.POSITIVE = 40.0

    def __post_init__(self):
        if not self.T_g < self.T_m:
            raise ValueError(f"T_g must be below T_m = {self.T_m}, got {self.T_g}")
        if not self.eta_g > self.eta0:
            raise ValueError(f"eta_g must be above eta0 = {self.eta0}, got {self.eta_g}")

    @property
    @checked
    def T_vft(self):
        """Temperature at which the viscosity diverges, K (Vogel, Fulcher and Tammann)."""
        decades = np.log(self.eta_g / self.eta0)
        return float(self.T_g * decades / (decades + self.D))

    @property
    @checked
    def critical_delta(self):
        """Size spread at which the random crystal stores the heat of fusion: no melting point."""
        return float(np.sqrt(1e-3 * self.dS_f * self.T_m / self._energy(1.0)))

    def _energy(self, delta):
        return elastic_energy(delta, bulk=self.bulk, shear=self.shear, molar_volume=self.V_m)

    @checked(infinite=True)
    def viscosity(self, T: rules.POSITIVES):
        """Viscosity at T (K, above `T_vft`) in Pa s: eta0 exp(D T_vft / (T - T_vft))."""
        T_vft = self.T_vft
        if (wrong := T_vft >= T).any():
            raise ValueError(f"T must lie above T_vft = {T_vft}, got {first(T, wrong)}")
        with np.errstate(over="ignore"):  # close to T_vft it exceeds all floats
            return plain(self.eta0 * np.exp(self.D * T_vft / (T - T_vft)))

    @checked
    def melting_point(self, delta: rules.NONNEGATIVES = 0.0):
        """Temperature at which crystal and melt of one composition are alike, K; 0 at the least.

        The elastic energy over the entropy of fusion is taken off T_m.
        """
        return plain(np.maximum(self.T_m - 1e3 * self._energy(delta) / self.dS_f, 0.0))

    @checked
    def barrier(self, theta: rules.Reals("(0, 1)")):
        """Nucleation barrier over kT, at the reduced temperature theta = T / melting point.

        16 pi/3 alpha^3 (dS_f/R) / (theta (1 - theta)^2), whatever the size spread.
        """
        scale = 16 * np.pi / 3 * self.alpha**3 * self.dS_f / R
        return plain(scale / (theta * (1 - theta) ** 2))


def _rates(T, gf, T_l):
    """Nuclei per m^3 and s, and speed of growth in m/s."""
    mobility = k * T / (3 * np.pi * gf.a0 * gf.viscosity(T))
    births = Avogadro / gf.V_m * mobility / gf.a0**2 * np.exp(-gf.barrier(T / T_l))
    return births, mobility / gf.a0 * -np.expm1(-gf.dS_f * (T_l - T) / (R * T))


@checked(infinite=True)
def ttt_time(
    T: rules.POSITIVES,
    gf: rules.Of(GlassFormer),
    *,
    delta: rules.NONNEGATIVE = 0.0,
    fraction: rules.Reals("(0, 1)") = 1e-6,
):
    """Time in which a share `fraction` of the melt crystallizes at T (Uhlmann, 1972), in s.

    Parameters
    ----------
    T : array_like
        Temperature in K, above ``gf.T_vft`` and below ``gf.melting_point(delta)``.
    gf : GlassFormer
    delta : float
        Size spread as a fraction.
    fraction : float
        In (0, 1).

    Returns
    -------
    float or ndarray
        (3 X / (pi I U^3))^(1/4), from the rates I of nucleation and U of growth.

    Examples
    --------
    >>> round(ttt_time(876.7, GlassFormer()), 6)
    0.000303
    """
    T_l = gf.melting_point(delta)
    if (wrong := (gf.T_vft >= T) | (T_l <= T)).any():
        raise ValueError(
            f"T must lie in ({gf.T_vft}, {T_l}), from T_vft to the melting point for "
            f"delta={delta}, got {first(T, wrong)}"
        )
    births, growth = _rates(T, gf, T_l)
    with np.errstate(
        divide="ignore", over="ignore"
    ):  # next to an end a rate may be below the smallest float
        return plain((3 * fraction / (np.pi * births * growth**3)) ** 0.25)


@checked
def critical_cooling_rate(
    gf: rules.Of(GlassFormer),
    *,
    delta: rules.NONNEGATIVE = 0.0,
    fraction: rules.Real("(0, 1)") = 1e-6,
    method: rules.Choice("nose", "continuous") = "nose",
    n: rules.Whole(10) = 4001,
):
    """Slowest cooling that leaves less than `fraction` of crystal, K/s.

    Parameters
    ----------
    gf : GlassFormer
    delta, fraction : float
        As in `ttt_time`.
    method : {"nose", "continuous"}
        Straight line from the melting point to the nose of the `ttt_time` curve, or the crystals
        that are born and grow on the way down, summed (Uhlmann, 1972; Davies, 1976).
    n : int
        Temperatures on the grid.

    Returns
    -------
    float
        0 if the melting point is not above ``gf.T_vft``: no crystal gains on the melt.

    Examples
    --------
    >>> [round(critical_cooling_rate(GlassFormer(), delta=d), 1) for d in (0.03, 0.035)]
    [1179.6, 30.6]
    """
    T_l = gf.melting_point(delta)
    if T_l <= gf.T_vft * (1 + 1e-9):  # nothing moves, and the grid needs room
        return 0.0
    T = np.linspace(gf.T_vft + 0.02 * (T_l - gf.T_vft), T_l, n)[:-1]
    if method == "nose":
        t = ttt_time(T, gf, delta=delta, fraction=fraction)
        best = np.argmin(t)
        return float((T_l - T[best]) / t[best])
    births, growth = _rates(T, gf, T_l)
    radius = cumulative_trapezoid(growth, T, initial=0)  # times the rate of cooling
    crystal = 4 * np.pi / (3 * fraction) * np.trapezoid(births * radius**3, T)
    return float(crystal**0.25)


@checked
def castable_thickness(rate: rules.POSITIVES):
    """Thickness in mm that cools through at `rate` in K/s: 10 sqrt(10/rate) (Lin, Johnson, 1995).

    >>> castable_thickness(10)
    10.0
    """
    return plain(10 * np.sqrt(10 / rate))
