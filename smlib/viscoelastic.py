"""How does a flow start whose momentum diffuses fast and whose polymers relax slowly?
(Chapter "Two clocks in one equation".)

A fluid of density rho, viscosity eta, of which the solvent has the share beta, and relaxation time
lambda (Oldroyd B; upper-convected Maxwell for beta = 0) starts from rest between two plates:

    rho u_t = -p_x + beta eta u_yy + tau_y,    lambda tau_t + tau = (1 - beta) eta u_y .

Length h, time h^2 rho/eta and, as velocity, that of the steady centre ("poiseuille", |y| <= 1) or
of the moving wall ("couette", 0 <= y <= 1) leave two numbers: beta and El = lambda eta/(rho h^2).
In this geometry the equations are linear, so that no flow rate enters.
"""

from dataclasses import dataclass

import numpy as np

from smlib import rules
from smlib.checks import checked, first, plain

__all__ = ["FLOWS", "FLUIDS", "SPECTRUM", "Fluid", "creeping_velocity", "mode_rates", "overshoot"]
__all__ += ["regime", "ringing_band", "settling_time", "startup_velocity"]

FLOWS = ("poiseuille", "couette")

#: Relaxation times (s) and moduli (Pa) of a polyethylene melt at 150 °C: Laun 1978, Melt I.
SPECTRUM = np.array(
    [
        [1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3],
        [1.29e5, 9.48e4, 5.86e4, 2.67e4, 9.80e3, 1.89e3, 1.80e2, 1.00],
    ]
)


@checked
@dataclass(frozen=True)
class Fluid:
    """A fluid and its channel, SI units; `Fluid(1, 1, beta, El, 1)` is the dimensionless one.

    `length` is the half width (Poiseuille) or the gap (Couette) in m, `beta` the share of the
    solvent in the viscosity, in [0, 1]; `relaxation_time` may be 0, all else is positive.

    Examples
    --------
    >>> round(FLUIDS["boger"].El, 1)
    124.2
    """

    density: rules.POSITIVE  # kg/m^3
    viscosity: rules.POSITIVE  # Pa s, of solvent and polymer together
    beta: rules.SHARE
    relaxation_time: rules.NONNEGATIVE  # s
    length: rules.POSITIVE  # m
    name: rules.Of(str) = ""

    @property
    @checked
    def viscous_time(self):
        """Time in s for momentum to diffuse across the length, h^2 rho/eta."""
        return self.length**2 * self.density / self.viscosity

    @property
    @checked(infinite=True)
    def wave_time(self):
        """Time in s of a shear wave across the length, h sqrt(lambda rho/eta_p); inf at beta 1."""
        if self.beta == 1:
            return np.inf
        return float(np.sqrt(self.relaxation_time * self.viscous_time / (1 - self.beta)))

    @property
    @checked
    def El(self):
        """Elasticity number, relaxation time over viscous time."""
        return self.relaxation_time / self.viscous_time


#: Representative solution in a microchannel; Quinzani et al. 1990; `SPECTRUM`, modes up to 10 ms
#: counted as solvent.
FLUIDS = {
    "peo": Fluid(1000, 3e-3, 0.5, 3e-3, 1e-4, "PEO in water, 0.1 mm"),
    "boger": Fluid(880, 13.76, 0.59, 0.794, 1e-2, "Boger fluid, 1 cm"),
    "ldpe": Fluid(780, 5.1e4, 0.01, 58.7, 1e-3, "polyethylene melt, 1 mm"),
}


class _Axis(rules.Reals):
    """A number or a list, as a list."""

    def __call__(self, name, value):
        return rules.reals(name, np.atleast_1d(super().__call__(name, value)), ndim=1)

    def refused(self):
        return [*super().refused(), [[0.5]]]

    def __repr__(self):
        return f"{super().__repr__()}, a number or a list"


FLOW, COUNT = rules.Choice(*FLOWS), rules.Whole()
ACROSS, TIMES = _Axis("[-1, 1]"), _Axis("[0, inf)")


def _wavenumbers(flow, count):
    """Wave numbers of the modes: cos(ky) without slip at y = 1, or sin(ky) without slip at both."""
    return (np.arange(1, count + 1) - (0.5 if flow == "poiseuille" else 0)) * np.pi


@checked
def mode_rates(El: rules.POSITIVE, beta: rules.SHARE, k: rules.POSITIVES):
    """Rates s of the two modes exp(st) of wave number k: El s^2 + (1 + beta El k^2) s + k^2 = 0.

    Parameters
    ----------
    El, beta : float
        Elasticity number, positive; share of the solvent, in [0, 1].
    k : array_like
        Wave numbers times h, positive.

    Returns
    -------
    complex array, shape k.shape + (2,)
        In units of 1/viscous time; the slower root first. A mode rings if they are not real.

    Examples
    --------
    >>> mode_rates(1.0, 0.0, 0.5).real.tolist()  # a double root
    [-0.5, -0.5]
    """
    k2 = k**2
    alpha = 1 + beta * El * k2
    # The difference of the two roots loses digits at large El, their product k^2/El does not.
    fast = -(alpha + np.sqrt(alpha**2 - 4 * El * k2 + 0j)) / (2 * El)
    return np.stack([k2 / El / fast, fast], axis=-1)


@checked(infinite=True)
def ringing_band(beta: rules.SHARES, flow: FLOW = "poiseuille"):
    """Elasticity numbers between which the slowest mode rings, from alpha^2 = 4 El k^2.

    The upper end is inf at beta = 0; both are nan at beta = 1, where nothing rings. Arrays of beta
    give arrays.

    Examples
    --------
    >>> low, high = ringing_band(0.1)
    >>> round(low, 4), round(high, 1)
    (0.1067, 153.9)
    """
    k = _wavenumbers(flow, 1)[0]
    root = np.where(beta < 1, 1 + np.sqrt(1 - beta), np.nan)
    with np.errstate(divide="ignore", over="ignore"):
        return plain((k * root) ** -2.0), plain((root / (beta * k)) ** 2)


@checked
def regime(El: rules.NONNEGATIVE, beta: rules.SHARE, flow: FLOW = "poiseuille"):
    """How the flow starts: "diffusive" below the ringing band, "ringing" in it, else "creeping".

    At beta = 1 there is no band and no polymer: "diffusive".

    Examples
    --------
    >>> [regime(El, 0.1) for El in (0.05, 10, 1000)], regime(1e9, 0.0)
    (['diffusive', 'ringing', 'creeping'], 'ringing')
    """
    low, high = ringing_band(beta, flow)
    if not El > low:
        return "diffusive"
    return "ringing" if El < high else "creeping"


@checked
def startup_velocity(
    y: ACROSS,
    t: TIMES,
    El: rules.NONNEGATIVE,
    beta: rules.SHARE,
    flow: FLOW = "poiseuille",
    n_modes: COUNT = 400,
    smooth: rules.Flag() = False,
):
    """Velocity after a pressure gradient, or a wall, was switched on at t = 0 (Waters & King 1970).

    Parameters
    ----------
    y : array_like, shape (ny,)
        Position over h: in [-1, 1] (Poiseuille, walls at the ends) or [0, 1] (Couette, wall at 1
        moves).
    t : array_like, shape (nt,)
        Time over the viscous time, not negative.
    El, beta : float
        Elasticity number, 0 for a Newtonian fluid; share of the solvent.
    flow : str
        One of `FLOWS`.
    n_modes : int
        Terms of the series. Its coefficients fall as k^-3 (Poiseuille) or 1/k (Couette): at
        beta = 0 a Couette flow has a front, and the series overshoots there whatever `n_modes`.
    smooth : bool
        Multiply the terms by Lanczos' factors, which blur a front and take the overshoot away.

    Returns
    -------
    array, shape (nt, ny)
        Over the steady velocity of the centre (Poiseuille) or of the wall (Couette).

    Examples
    --------
    >>> startup_velocity(0, [1, 4], 1.0, 1 / 9).round(3).ravel().tolist()
    [1.644, 0.878]
    """
    t, k = t[:, None], _wavenumbers(flow, n_modes)
    if flow == "poiseuille":
        steady, start, kappa = 1 - y**2, -4 * np.sin(k) / k**3, k**2
        shape = np.cos(np.outer(k, y))
    else:
        if (wrong := y < 0).any():
            raise ValueError(f"y must lie in [0, 1] for flow {flow}, got {first(y, wrong)}")
        steady, start, kappa = y, 2 * np.cos(k) / k, beta * k**2
        shape = np.sin(np.outer(k, y))
    if smooth:
        start = start * np.sinc(np.arange(1, k.size + 1) / (k.size + 1))
    if El == 0:
        return steady + (start * np.exp(-(k**2) * t)) @ shape
    slow, fast = mode_rates(El, beta, k).T
    # [(s- + kappa) e^(s+ t) - (s+ + kappa) e^(s- t)]/(s- - s+), written so that a double root is
    # no exception and no exponential grows.
    z = (fast - slow) * t
    ratio = np.divide(np.expm1(z), z, out=np.ones_like(z), where=z != 0)
    left = np.exp(slow * t) * (1 - (slow + kappa) * t * ratio)
    return steady + (start * left.real) @ shape


@checked
def creeping_velocity(y: ACROSS, t: TIMES, El: rules.POSITIVE, beta: rules.Real("(0, 1]")):
    """Poiseuille start-up without inertia, for El far above the ringing band; shape (nt, ny).

    u = (1 - y^2)[1 - (1 - 1/beta) exp(-t/(beta El))], off by O(1/El) once t >> 1: the solvent flows
    first, 1/beta times too fast, and the polymer brakes it within the retardation time beta El.
    Arguments as in `startup_velocity`; El and beta are positive: without a solvent there is no
    such limit.

    Examples
    --------
    >>> creeping_velocity(0, 0, 1e3, 0.1).item()
    10.0
    """
    return (1 - y**2) * (1 - (1 - 1 / beta) * np.exp(-t[:, None] / (beta * El)))


def _centre(t, El, beta, flow):
    """Velocity at the centre over its steady value."""
    y, steady = (0.0, 1.0) if flow == "poiseuille" else (0.5, 0.5)
    front = flow == "couette" and beta == 0
    return startup_velocity(y, t, El, beta, flow, smooth=front)[:, 0] / steady


@checked
def settling_time(
    El: rules.NONNEGATIVE,
    beta: rules.SHARE,
    flow: FLOW = "poiseuille",
    tolerance: rules.Real("(0, 1)") = 0.05,
):
    """Time, over the viscous time, from which the centre stays within `tolerance` of its end.

    Relative to the steady velocity there, to 1 %. Other arguments as in `startup_velocity`.

    Examples
    --------
    >>> round(settling_time(0.0, 0.1), 2), round(settling_time(0.1, 0.0), 2)
    (1.23, 0.84)
    """
    ringing = regime(El, beta, flow) == "ringing"
    k = _wavenumbers(flow, 400)
    rate = -(mode_rates(El, beta, k).real.max() if El > 0 else -(k[0] ** 2))
    height = max(1, np.sqrt(El)) if flow == "poiseuille" else 1.0
    # A time at which a bound of what is left has fallen below; a wave without solvent meets it.
    sharp = beta == 0 and El > 1
    end = np.log((2.2 if sharp else 12) * height / tolerance) / rate
    step = 8 * np.sqrt(El) if ringing else end
    while True:
        begin = max(end - step, 1e-6 * end)
        t = np.linspace(begin, end, 401) if ringing else np.geomspace(begin, end, 401)
        out = np.flatnonzero(np.abs(_centre(t, El, beta, flow) - 1) > tolerance)
        if out.size:
            break
        end = begin
    fine = np.linspace(t[out[-1]], t[min(out[-1] + 1, 400)], 21)
    out = np.flatnonzero(np.abs(_centre(fine, El, beta, flow) - 1) > tolerance)
    return float(fine[out[-1]])


@checked
def overshoot(El: rules.NONNEGATIVE, beta: rules.SHARE, flow: FLOW = "poiseuille"):
    """Largest velocity of the centre over its steady one, and the smallest one after it.

    To 0.1 %. A flow that rises steadily gives two numbers just below 1.

    Examples
    --------
    >>> [round(u, 1) for u in overshoot(100.0, 0.0)]
    [20.0, -16.2]
    """
    wave = np.sqrt(El) if El > 0 else 1.0
    t = np.geomspace(1e-3 * min(1, wave), 6 * max(1, wave), 600)
    u = _centre(t, El, beta, flow)
    high = int(u.argmax())
    low = high + int(u[high:].argmin())
    near = [np.linspace(t[max(i - 1, 0)], t[min(i + 1, 599)], 61) for i in (high, low)]
    above, below = (_centre(times, El, beta, flow) for times in near)
    return float(above.max()), float(below.min())
