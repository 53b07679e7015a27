"""Can pressure make two atoms alike in size, and is that why they then form an alloy? (Chapter
"Forcing atoms to get along".)

Three equations of state give the volume of a metal under pressure; the radii of two metals cross
the limit of the size rule, or never do. Beside the rule stands the energy for which it speaks: a
large soft atom squeezed into a small stiff hole. Squeezing shrinks the misfit and stiffens the
host.

Volumes in cubic angstrom an atom, pressures and moduli in GPa, radii in angstrom, energies in
kJ/mol. x is V/V0, X its cube root. Arrays broadcast, scalars give a float.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.integrate import fixed_quad
from scipy.optimize import brentq

from smlib import rules
from smlib.checks import checked, plain
from smlib.elements import read_table
from smlib.units import GPA_A3_KJ_MOL

__all__ = ["DATASETS", "FORMS", "NAMES", "EquationOfState", "crossing_pressure"]
__all__ += ["equation_of_state", "misfit_enthalpy", "murnaghan_crossing", "size_mismatch"]

FORMS = ("murnaghan", "birch-murnaghan", "vinet")
DATASETS = ("experiment", "wien2k")
REFERENCE = rules.Choice("small", "big", "mean")
FORM = rules.Choice(*FORMS)

_TABLE = {
    (row["dataset"], row["name"]): tuple(float(row[key]) for key in ("V0", "K0", "Kp"))
    for row in read_table("equations_of_state.csv")
}
NAMES = tuple(dict.fromkeys(name for _, name in _TABLE))
"""Metals with an equation of state; "Fe" is bcc, "Fe-hcp" the phase above 13 GPa."""

_LEAST = 0.01  # share of V0 down to which an equation is inverted


@checked
@dataclass(frozen=True)
class EquationOfState:
    """Pressure and volume of one phase of a metal at one temperature.

    Parameters
    ----------
    V0, K0 : float
        Volume and bulk modulus at zero pressure, positive; the volume at least 1e-300.
    Kp : float
        Pressure derivative of the bulk modulus there, above 1.
    form : {"vinet", "birch-murnaghan", "murnaghan"}
        Vinet et al. (1987); Birch (1947), third order; Murnaghan (1944), whose bulk modulus is
        linear in the pressure.

    Examples
    --------
    >>> iron = EquationOfState(11.214, 163.4, 5.38)
    >>> round(iron.pressure(0.7 * 11.214), 3)
    145.572
    """

    V0: rules.Real("[1e-300, inf)")  # a hundredth of it is looked at
    K0: rules.POSITIVE
    Kp: rules.Real("(1, inf)")
    form: FORM = "vinet"

    @staticmethod
    def _strain(x):
        """(x, X, f): shares of the volume V0 and its cube root, and the Eulerian strain."""
        X = np.cbrt(x)
        return x, X, (X**-2 - 1) / 2

    @property
    def _third(self):
        return 1.5 * (self.Kp - 4)

    @property
    def _eta(self):
        return 1.5 * (self.Kp - 1)

    @cached_property
    def _limit(self):
        """Smallest share of the volume on the branch that begins at V0."""
        a = self._third
        if self.form != "birch-murnaghan" or a >= 0:
            return _LEAST
        # The bulk modulus vanishes where 1 + (2a + 7) f + 9a f^2 does.
        f = (-(2 * a + 7) - np.sqrt((2 * a + 7) ** 2 - 36 * a)) / (18 * a)
        return max(float((1 + 2 * f) ** -1.5), _LEAST)

    @cached_property
    @checked
    def largest_pressure(self):
        """Pressure up to which `volume` is defined, that of the smallest volume on its branch."""
        return self.pressure(self._limit * self.V0)

    @checked
    def pressure(self, V: rules.POSITIVES):
        """Pressure at the volume `V`; negative above V0."""
        return plain(self._pressure(*self._strain(V / self.V0)))

    def _pressure(self, x, X, f):
        if self.form == "murnaghan":
            return self.K0 / self.Kp * (x**-self.Kp - 1)
        if self.form == "vinet":
            return 3 * self.K0 * (1 - X) / X**2 * np.exp(self._eta * (1 - X))
        return 3 * self.K0 * f * (1 + 2 * f) ** 2.5 * (1 + self._third * f)

    @checked
    def energy(self, V: rules.POSITIVES):
        """Work to compress from V0 to `V`, the integral of the pressure, in kJ/mol."""
        x, X, f = self._strain(V / self.V0)
        if self.form == "murnaghan":
            share = ((x ** (1 - self.Kp) - 1) / (self.Kp - 1) - (1 - x)) / self.Kp
        elif self.form == "vinet":
            y = self._eta * (1 - X)
            share = 9 / self._eta**2 * (1 + (y - 1) * np.exp(y))
        else:
            share = 4.5 * f**2 * (1 + 2 / 3 * self._third * f)
        return plain(GPA_A3_KJ_MOL * self.K0 * self.V0 * share)

    @checked
    def volume(self, P: rules.NONNEGATIVES):
        """Volume at the pressure `P`, not negative.

        Raises ValueError above `largest_pressure`: a Birch-Murnaghan curve with Kp below 4 has a
        maximum, and the volumes beyond it belong to no solid.
        """
        return plain(self._volume(P))

    def _volume(self, P):
        if self.form == "murnaghan":
            return self.V0 * (1 + self.Kp * P / self.K0) ** (-1 / self.Kp)
        if (self.largest_pressure < P).any():
            raise ValueError(
                f"P must not exceed {self.largest_pressure:.4g} GPa, where this equation of state "
                f"ends, got {P.max()}"
            )
        low, high = np.log(self._limit), 0.0

        def share(p):
            def off(u):
                return self._pressure(*self._strain(np.exp(u))) - p

            if p == 0:
                return 1.0
            # The largest pressure itself may be missed by a rounding.
            return np.exp(low if off(low) <= 0 else brentq(off, low, high, xtol=1e-14))

        return self.V0 * np.vectorize(share, otypes=[float])(P)

    @checked
    def bulk_modulus(self, P: rules.NONNEGATIVES):
        """Bulk modulus -V dP/dV at the pressure `P`."""
        _, X, f = self._strain(self._volume(P) / self.V0)
        if self.form == "murnaghan":
            return plain(self.K0 + self.Kp * P)
        if self.form == "vinet":
            y = self._eta * (1 - X)
            return plain(self.K0 / X**2 * (1 + (self._eta * X + 1) * (1 - X)) * np.exp(y))
        a = self._third
        return plain(
            self.K0 * (1 + 2 * f) ** 2.5 * ((1 + 2 * a * f) * (1 + 2 * f) + 5 * f * (1 + a * f))
        )

    @checked
    def radius(self, P: rules.NONNEGATIVES):
        """Wigner-Seitz radius at the pressure `P`: of the sphere with an atom's volume."""
        return plain(np.cbrt(3 * self._volume(P) / (4 * np.pi)))


@checked
def equation_of_state(
    name: rules.Choice(*NAMES),
    *,
    dataset: rules.Choice(*DATASETS) = "experiment",
    form: FORM = "vinet",
):
    """Equation of state of a metal of `NAMES`.

    `dataset` is "experiment", measured and brought to 0 K, or "wien2k", computed (Lejaeghere et
    al., 2014, 2016). "Fe-hcp" is the same in both (Dewaele et al., 2006).

    Examples
    --------
    >>> equation_of_state("Mg").K0 < equation_of_state("Fe").K0
    True
    """
    return EquationOfState(*_TABLE[dataset, name], form)


SOLID = rules.Of(EquationOfState)


@checked
def size_mismatch(
    P: rules.NONNEGATIVES, big: SOLID, small: SOLID, *, reference: REFERENCE = "small"
):
    """Difference of two Wigner-Seitz radii under the pressure `P`, as a signed fraction.

    Parameters
    ----------
    P : array_like
        Pressure.
    big, small : EquationOfState
        Solute and host.
    reference : {"small", "big", "mean"}
        What the difference is divided by. Hume-Rothery divides by the solvent, here the small one.
    """
    a, b = np.asarray(big.radius(P)), np.asarray(small.radius(P))
    return plain((a - b) / {"small": b, "big": a, "mean": (a + b) / 2}[reference])


@checked(infinite=True)
def crossing_pressure(
    big: SOLID,
    small: SOLID,
    *,
    limit: rules.POSITIVE = 0.15,
    p_max: rules.POSITIVE = 300.0,
    reference: REFERENCE = "small",
):
    """Lowest pressure at which the size mismatch has fallen to `limit`.

    Arguments as in `size_mismatch`; the search ends at `p_max`, or where an equation of state does.

    Returns
    -------
    float
        0.0 if the limit is met without pressure, nan if nowhere in the range.

    Examples
    --------
    >>> round(crossing_pressure(equation_of_state("Na"), equation_of_state("Ag")), 2)
    8.18
    """
    end = min([p_max, *(each.largest_pressure * (1 - 1e-9) for each in (big, small))])

    def excess(P):
        # A mismatch that is equal to the limit on paper must not miss it by the last bit.
        return size_mismatch(P, big, small, reference=reference) - limit * (1 + 1e-12)

    grid = np.concatenate(([0.0], end * np.geomspace(1e-4, 1, 120)))
    above = excess(grid) > 0
    if not above[0]:
        return 0.0
    if above.all():
        return np.nan
    first = int(np.argmin(above))
    return float(brentq(excess, grid[first - 1], grid[first], xtol=1e-12 * grid[first]))


@checked(infinite=True)
def murnaghan_crossing(
    size_ratio: rules.POSITIVES,
    K_big: rules.POSITIVES,
    K_small: rules.POSITIVES,
    Kp: rules.Reals("(1, inf)"),
    *,
    limit: rules.POSITIVES = 0.15,
):
    """Crossing pressure in closed form, for two Murnaghan equations with one Kp.

    With rho = size_ratio/(1 + limit) a crossing exists if K_small/K_big > rho^(3 Kp): a twelfth
    power at Kp = 4. The radii fall as P^(-1/(3 Kp)), so their ratio freezes.

    Parameters
    ----------
    size_ratio : array_like
        Radius of the big atom over that of the small one at zero pressure, positive.
    K_big, K_small, Kp : array_like
        Bulk moduli, positive, and the common derivative, above 1.
    limit : float
        Mismatch to be reached.

    Returns
    -------
    float or ndarray
        0 where the limit is met without pressure, nan where there is no crossing.

    Examples
    --------
    >>> murnaghan_crossing(1.88, 3.75, 192, 4.0)
    nan
    """
    rho = size_ratio / (1 + limit)
    gain = rho ** (3 * Kp)
    room = 1 - gain * (K_big / K_small)
    exists = room > 1e-12  # equal on paper, and the limit on paper: not for the last bit to decide
    found = (gain - 1) * K_big / (Kp * np.where(exists, room, 1.0))
    return plain(np.where(rho <= 1 + 1e-12, 0.0, np.where(exists, found, np.nan)))


@checked
def misfit_enthalpy(
    P: rules.NONNEGATIVE,
    solute: SOLID,
    host: SOLID,
    shear_modulus: rules.POSITIVE,
    *,
    linear: rules.Flag() = False,
):
    """Elastic enthalpy of one solute atom in the hole of a host atom, kJ per mole of solute.

    The solute, a sphere with its own equation of state, fills a hole in a host that is sheared
    linearly; the volume it takes makes the sum of both energies and of the work against the
    pressure least. The shear modulus of the host grows with its bulk modulus.

    Parameters
    ----------
    P : float
        Pressure.
    solute, host : EquationOfState
        The solute may be the larger or the smaller atom.
    shear_modulus : float
        Of the host at zero pressure.
    linear : bool
        Use the formula for a small misfit, with the moduli under pressure (Friedel; Eshelby).

    Raises
    ------
    ValueError
        Also if the solute's equation of state ends before it fits.

    Examples
    --------
    >>> round(misfit_enthalpy(0, equation_of_state("Mg"), equation_of_state("Fe"), 82), 1)
    95.2
    """
    G = shear_modulus * (host.bulk_modulus(P) / host.K0)
    if np.isinf(4 * G):
        raise OverflowError("shear modulus under pressure")
    V_s, V_h = solute.volume(P), host.volume(P)
    # Between volumes that agree to rounding the sign of a pressure is noise.
    if linear or abs(V_s - V_h) <= 1e-8 * V_h:
        K_s = solute.bulk_modulus(P)
        return GPA_A3_KJ_MOL * 2 * K_s * G * (V_s - V_h) ** 2 / (3 * K_s * V_h + 4 * G * V_s)
    free = solute.pressure(V_s)  # P but for a rounding, which must not outweigh a small modulus

    def balance(V):
        return free - solute.pressure(V) + 4 * G / 3 * (V - V_h) / V_h

    low, high = min(V_s, V_h), max(V_s, V_h)
    if balance(low) > 0 or balance(high) < 0:
        raise ValueError(f"P={P}: the solute's equation of state ends before it fits the hole")
    V = brentq(balance, low, high, xtol=1e-13 * low)

    def work(u):  # per unit of ln V; a difference of energies would lose the digits of a small one
        return (free - solute.pressure(np.exp(u))) * np.exp(u)

    stored, _ = fixed_quad(work, np.log(V_s), np.log(V), n=30)
    return GPA_A3_KJ_MOL * (float(stored) + 2 * G / 3 * (V - V_h) ** 2 / V_h)
