"""Why does a network learn the physics of a river when time is in days, and not in seconds?
(Chapter "A network that fails in seconds and learns in days".)

A pollutant is carried, spread and consumed: C_t + u C_x = D C_xx - k C. In lengths of the reach and
travel times, Pe = u L / D and Da = k L / u remain. Here are the river and its exact solutions; a
choice of units is a choice of weights in the loss of a network, `smlib.pinn`.

Arrays broadcast, scalars give a float.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import erfc, erfcx

from smlib import rules
from smlib.checks import checked, plain

__all__ = ["River", "continuous_release", "decay_length", "gaussian_pulse"]
__all__ += ["steady_profile", "unit_weight"]


@checked
@dataclass(frozen=True)
class River:
    """A reach of a river with a first-order loss, in SI units.

    Parameters
    ----------
    u, D, k, L : float
        Velocity in m/s, longitudinal dispersion in m2/s, rate of loss in 1/s (may be 0), length
        in m.
    c0 : float
        Concentration at the inlet, in any unit.

    Examples
    --------
    >>> reach = River(u=0.5, D=50, k=5e-5, L=10_000)
    >>> reach.peclet, reach.damkohler, reach.t_adv
    (100.0, 1.0, 20000.0)
    """

    u: rules.POSITIVE
    D: rules.POSITIVE
    k: rules.NONNEGATIVE
    L: rules.POSITIVE
    c0: rules.POSITIVE = 1.0

    @property
    @checked
    def t_adv(self):
        """Travel time L / u, s."""
        return self.L / self.u

    @property
    @checked
    def t_disp(self):
        """Dispersion time L^2 / D, s."""
        return self.L**2 / self.D

    @property
    @checked(infinite=True)
    def t_react(self):
        """Reaction time 1 / k, s; infinite without loss."""
        return 1 / self.k if self.k else np.inf

    @property
    @checked
    def peclet(self):
        """Dispersion time over travel time."""
        return self.t_disp / self.t_adv

    @property
    @checked
    def damkohler(self):
        """Travel time over reaction time."""
        return self.t_adv / self.t_react


@checked
def unit_weight(t_adv: rules.POSITIVES, time_unit: rules.POSITIVES):
    """Weight of the squared residual if time is measured in `time_unit`: (time_unit / t_adv)^2.

    Both in the same unit. With the concentration in units of the inlet's, the residual of the
    dimensional equation is that of the dimensionless one over t_adv.

    >>> unit_weight(20_000, 86_400)
    18.6624
    """
    return plain((time_unit / t_adv) ** 2)


def _rates(Pe, Da):
    """Exponents of the steady solution, the second without cancellation."""
    root = np.sqrt(1 + 4 * Da / Pe)
    return Pe / 2 * (1 + root), -2 * Da / (1 + root)


@checked
def steady_profile(xi: rules.SHARES, Pe: rules.POSITIVES, Da: rules.NONNEGATIVES):
    """Steady concentration along a reach, c(0) = 1 and c'(1) = 0.

    Solves c''/Pe - c' - Da c = 0. `xi` is the position in [0, 1] in lengths of the reach; no
    overflow and no cancellation at any Pe.

    Examples
    --------
    >>> round(steady_profile(1, 100, 1), 4)
    0.3751
    """
    up, down = _rates(Pe, Da)
    end = down / up
    return plain(
        (np.exp(down * xi) - end * np.exp(down + up * (xi - 1))) / (1 - end * np.exp(down - up))
    )


@checked
def decay_length(Pe: rules.POSITIVES, Da: rules.POSITIVES):
    """Length, in reaches, over which the steady concentration falls by a factor e; Da > 0.

    >>> round(100 * decay_length(100, 100), 6)
    1.618034
    """
    return plain(-1 / _rates(Pe, Da)[1])


@checked
def continuous_release(
    x: rules.NONNEGATIVES,
    t: rules.POSITIVES,
    u: rules.POSITIVES,
    D: rules.POSITIVES,
    k: rules.NONNEGATIVES = 0.0,
    c0: rules.POSITIVES = 1.0,
):
    """Concentration below an inlet that is held at `c0` from t = 0 on, in an endless reach.

    Ogata and Banks (1961); with loss van Genuchten and Alves (1982).

    Parameters
    ----------
    x, t : array_like
        Position in m; time in s.
    u, D, k : array_like
        Velocity, dispersion, rate of loss; SI.
    c0 : array_like
        Its unit is that of the result.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> round(continuous_release(1e4, 2e4, u=0.5, D=50, k=5e-5), 6)
    0.216665
    """
    w = np.sqrt(u**2 + 4 * k * D)
    width = 2 * np.sqrt(D * t)
    first = np.exp(-2 * k * x / (u + w)) * erfc((x - w * t) / width)
    second = np.exp(x * (u + w) / (2 * D) - ((x + w * t) / width) ** 2)
    second = second * erfcx((x + w * t) / width)
    return plain(c0 / 2 * (first + second))


@checked
def gaussian_pulse(
    xi: rules.NUMBERS,
    tau: rules.NONNEGATIVES,
    Pe: rules.POSITIVES,
    Da: rules.NONNEGATIVES,
    xi0: rules.NUMBERS = 0.2,
    s0: rules.POSITIVES = 0.1,
):
    """Dimensionless concentration of a cloud that starts Gaussian, of height 1 and width `s0`.

    `xi` is the position in reaches, `tau` >= 0 the time in travel times, `xi0` where it starts.
    """
    square = s0**2 + 2 * tau / Pe
    return plain(s0 / np.sqrt(square) * np.exp(-((xi - xi0 - tau) ** 2) / (2 * square) - Da * tau))
