"""How much of a random landscape does a probe of finite size feel, and how hard must one push it
across? (Chapter "The probe and the bump".)

The landscape is a Gaussian random field with bumps of the correlation length xi; the probe, say a
dislocation core, averages it over a width w along the direction of motion. What survives is one
integral, of the spectrum S(k) times the squared transfer function |H(k)|^2 of the probe. An elastic
line in the averaged landscape moves once the force on it exceeds a critical one.

Whether one ratio of the lengths is worst depends on what is held fixed. At fixed *stress* amplitude
the response falls monotonically with w/xi: no resonance. At fixed *energy* amplitude the force on a
given core is largest for bumps of its own size, xi = w (gaussian): a resonance.

Any consistent units. Arrays broadcast, scalars give a float.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import fft
from scipy.special import erf, erfcx

from smlib import rules
from smlib.checks import checked, plain

__all__ = ["KERNELS", "CoreResponse", "alloy_stress_rms", "core_average", "core_response"]
__all__ += ["critical_force", "gaussian_random_field", "larkin", "pinned_line", "probe_response"]

KERNELS = ("gaussian", "lorentzian", "box")
KERNEL = rules.Choice(*KERNELS)


@checked
def gaussian_random_field(
    shape,
    spacing: rules.POSITIVES,
    xi: rules.POSITIVE,
    *,
    correlation: rules.Choice("gaussian", "exponential") = "gaussian",
    seed: rules.Seed() = None,
):
    """Periodic Gaussian random field of ensemble mean 0 and variance 1, whatever the grid.

    `shape` is an int or up to three, `spacing` the distance of the nodes, one or one per axis, `xi`
    the correlation length in the same unit; `correlation` is "gaussian", exp(-r^2 / 2 xi^2), or
    "exponential", exp(-r / xi); `seed` goes to `numpy.random.default_rng`.

    Examples
    --------
    >>> gaussian_random_field((64, 128), (0.5, 0.25), xi=1.0, seed=0).shape
    (64, 128)
    """
    counts = np.atleast_1d(shape)
    whole = counts.dtype.kind in "iu" and (counts > 0).all()
    if counts.ndim != 1 or not 1 <= counts.size <= 3 or not whole:
        raise ValueError(f"shape must hold 1 to 3 integers above 0, got {shape!r}")
    if spacing.shape not in ((), counts.shape):
        raise ValueError(
            f"spacing must be one, or one for each of the {counts.size} axes of shape, "
            f"got {spacing.tolist()}"
        )
    axes = [fft.fftfreq] * (counts.size - 1) + [fft.rfftfreq]
    steps = np.broadcast_to(spacing, counts.shape)
    q = [2 * np.pi * xi * k(n, step) for k, n, step in zip(axes, counts, steps, strict=True)]
    q2 = sum(np.square(k) for k in np.meshgrid(*q, indexing="ij", sparse=True))
    gaussian = correlation == "gaussian"
    spectrum = np.exp(-q2 / 2) if gaussian else (1 + q2) ** (-(counts.size + 1) / 2)
    noise = seed.standard_normal(counts)
    mean = fft.irfftn(spectrum, noise.shape).flat[0]  # correlation at distance 0
    return fft.irfftn(fft.rfftn(noise) * np.sqrt(spectrum / mean), noise.shape)


@checked
def core_average(
    field: rules.NUMBERS,
    spacing: rules.POSITIVE,
    w: rules.NONNEGATIVE,
    *,
    kernel: KERNEL = "gaussian",
    axis: rules.Whole(-math.inf) = -1,
):
    """Average a periodic field, nodes `spacing` apart, over a core along one axis.

    `w` is the standard deviation of a gaussian core, the half width at half maximum of a lorentzian
    one (Peierls and Nabarro), the full width of a box; 0 leaves the field as it is.

    Examples
    --------
    >>> core_average([0.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0], 1.0, 1.0).round(2).tolist()
    [0.02, 0.21, 0.97, 1.59, 0.97, 0.21, 0.02, -0.0]
    """
    if field.ndim == 0:
        raise ValueError(f"field must have an axis, got {field}")
    if not -field.ndim <= axis < field.ndim:
        raise ValueError(f"axis must be one of the {field.ndim} of field, got axis {axis}")
    field = np.moveaxis(field, axis, -1)
    if w == 0:
        return np.moveaxis(field, -1, axis).copy()
    kw = 2 * np.pi * w * fft.rfftfreq(field.shape[-1], spacing)
    if kernel == "gaussian":
        transfer = np.exp(-(kw**2) / 2)
    else:  # numpy's sinc(x) is sin(pi x)/(pi x)
        transfer = np.exp(-kw) if kernel == "lorentzian" else np.sinc(kw / (2 * np.pi))
    return np.moveaxis(fft.irfft(fft.rfft(field) * transfer, field.shape[-1]), -1, axis)


@dataclass(frozen=True)
class CoreResponse:
    """What is left of a gaussian-correlated landscape of variance 1: floats or arrays."""

    variance: float | np.ndarray  # g
    range: float | np.ndarray  # r_f = sqrt(g / variance of the derivative), a length
    gradient: float | np.ndarray  # g / r_f^2: variance of the force if the landscape is an energy
    weak: float | np.ndarray  # critical force over that of a sharp core: g^(2/3) (r_f/xi)^(-1/3)
    strong: float | np.ndarray  # the same where rigid pieces are held one by one: sqrt(g)


@checked
def core_response(w: rules.NONNEGATIVES, xi: rules.POSITIVES, *, kernel: KERNEL = "gaussian"):
    """Closed forms for a core of width `w` (see `core_average`) averaging along the glide direction
    bumps of correlation length `xi`.

    `variance` is the response at fixed stress amplitude, monotone in w/xi; `gradient` the one at
    fixed energy amplitude, at given w largest at xi = w (gaussian) or xi = 0.89 w (lorentzian).

    Examples
    --------
    >>> round(core_response(1.0, 1.0).variance, 4)
    0.5774
    >>> core_response([0.1, 1.0, 10.0], 1.0, kernel="lorentzian").variance.round(3).tolist()
    [0.858, 0.336, 0.04]
    """
    w, xi = np.broadcast_arrays(w, xi)
    r = w / xi
    if kernel == "gaussian":
        stretch = np.hypot(1, np.sqrt(2) * r)
        variance = 1 / stretch
    elif kernel == "lorentzian":
        variance, stretch = erfcx(np.sqrt(2) * r), _lorentzian_stretch(2 * r)
    else:
        r = np.maximum(r, 1e-8)  # the limits of 0/0, to rounding
        lost = -np.expm1(-(r**2) / 2)
        variance = 2 * (np.sqrt(np.pi / 2) * erf(r / np.sqrt(2)) / r - lost / r**2)
        variance = np.where(r < 1e-4, 1 - r**2 / 12, variance)  # which would not fall, by rounding
        stretch = r * np.sqrt(variance / (2 * lost))
    gradient = (np.sqrt(variance) / (xi * stretch)) ** 2
    weak = np.cbrt(variance**2 / stretch)
    return CoreResponse(*map(plain, (variance, xi * stretch, gradient, weak, np.sqrt(variance))))


def _lorentzian_stretch(b):
    """sqrt(I/I'') of the integrals of exp(-k^2/2 - bk) and of k^2 times it over k > 0."""
    total = np.sqrt(np.pi / 2) * erfcx(b / np.sqrt(2))
    small, tail = np.minimum(b, 30), np.maximum(b, 30.0) ** -2
    second = (1 + small**2) * np.sqrt(np.pi / 2) * erfcx(small / np.sqrt(2)) - small
    series = 2 - tail * (12 - tail * (90 - tail * (840 - tail * 9450)))  # b^3 I''; no cancellation
    return np.where(b > 30, b * np.sqrt(b * total / series), np.sqrt(total / second))


@checked
def larkin(
    tension: rules.POSITIVES, f0: rules.POSITIVES, r_f: rules.POSITIVES, xi_line: rules.POSITIVES
):
    """Larkin length, (T r_f / f0 sqrt(xi_line))^(2/3), and the collective estimate of the critical
    force, f0 sqrt(xi_line / length), both to a factor of order 1 (Larkin & Ovchinnikov 1979).

    `tension` T in N, rms pinning force `f0` in N/m, range `r_f` across and correlation length
    `xi_line` along the line in m give m and N/m. Collective pinning needs a length >> xi_line.

    Examples
    --------
    >>> larkin(8.0, 1.0, 1.0, 1.0)
    (4.0, 0.5)
    """
    length = np.cbrt(tension * r_f / f0) ** 2 / np.cbrt(xi_line)
    return plain(length), plain(f0 * np.sqrt(xi_line / length))


FORCE, SPACING = rules.Reals(ndim=2), rules.Reals("(0, inf)", ndim=1)


class _Line:
    """Overdamped elastic line u(y) in a periodic force landscape, linear between the nodes.

    A step takes the tension implicitly and the landscape explicitly. With dt below the inverse of
    the steepest fall of the force both parts preserve order, so that no line passes a pinned one
    (Middleton 1992), and the fixed points are the pinned lines of the model whatever dt is.
    """

    def __init__(self, force, spacing, tension):
        if spacing.shape != (2,):
            raise ValueError(f"spacing must be (d_line, d_glide), got {spacing.tolist()}")
        self.nodes, self.columns = force.shape
        self.cell, self.scale = float(spacing[1]), float(force.std())
        self.period = self.columns * self.cell
        rise = np.roll(force, -1, axis=1) - force
        slowest = 0.1 * self.scale / self.period  # limits dt where the force never falls
        self.dt = 0.99 / max(-rise.min() / self.cell, slowest, 1e-300)
        modes = 2 - 2 * np.cos(2 * np.pi * np.arange(self.nodes) / self.nodes)
        self.relaxed = 1 / (1 + self.dt * tension / spacing[0] ** 2 * modes)
        row = np.maximum(fft.ifft(self.relaxed).real, 0)
        lag = np.subtract.outer(np.arange(self.nodes), np.arange(self.nodes))
        self.matrix = row[lag] if self.nodes <= 512 else None  # below, faster than a transform
        self.force, self.rise = force.ravel(), rise.ravel()
        self.first = np.arange(self.nodes) * self.columns

    def pinning(self, u):
        """Force of the landscape on every node."""
        position = u / self.cell
        left = np.floor(position)
        index = left.astype(int) % self.columns + self.first
        return self.force[index] + (position - left) * self.rise[index]

    def step(self, u, drive):
        """The line after dt under `drive` (landscape and load), and the elastic force on it."""
        pushed = u + self.dt * drive
        if self.matrix is not None:
            u = self.matrix @ pushed
        else:
            u = fft.irfft(fft.rfft(pushed) * self.relaxed[: self.nodes // 2 + 1], self.nodes)
        return u, (u - pushed) / self.dt


@checked
def critical_force(
    force: FORCE,
    spacing: SPACING,
    tension: rules.POSITIVE,
    *,
    tol: rules.POSITIVE = 0.01,
    max_steps: rules.Whole() = 500_000,
    progress: rules.Of(Callable) | None = None,
):
    """Critical external force of an elastic line (quenched Edwards-Wilkinson), in one pass.

    du/dt = T u'' + F(y, u) + F_ext, periodic in y and u. For any line u, -max(T u'' + F) is a lower
    bound of the critical F_ext. The line is driven a little above the best bound it has met; when
    it has crossed a period without meeting a better one, no line can rest at that drive,
    as no line passes a pinned one (Middleton 1992; compare Rosso & Krauth 2001).

    Parameters
    ----------
    force : array_like, shape (n_line, n_glide)
        F in N/m, already averaged over the core.
    spacing : (float, float)
        Distance of the nodes along the line and along the glide direction, m.
    tension : float
        T in N. Below some 0.05 rms(F) xi the number of steps explodes: RuntimeError after
        `max_steps`.
    tol : float
        The result (N/m) is within tol/2 standard deviations of F of the exact one.
    progress : callable, optional
        Wraps the iterator over the steps (at most `max_steps`), as `tqdm` does.

    Examples
    --------
    >>> wave = -np.sin(np.linspace(0, 2 * np.pi, 64, endpoint=False))
    >>> round(critical_force(np.tile(wave, (32, 1)), (0.5, 0.25), 1.0), 1)
    1.0
    """
    line, steps = _Line(force, spacing, tension), (progress or iter)(range(max_steps))
    # A landscape of the last bits is none: no step of the line would come to an end in it.
    if np.ptp(line.force) <= 4 * np.finfo(float).eps * np.abs(line.force).max():
        return -float(line.force[0])
    u = reference = np.zeros(line.nodes)
    pinning = line.pinning(u)
    best, excess = -float(pinning.max()), 16 * tol  # a coarse pass first halves the steps
    for count in steps:
        u, elastic = line.step(u, best + excess * line.scale + pinning)
        pinning = line.pinning(u)
        bound = -float((pinning + elastic).max())
        if bound > best:
            best, reference = bound, u
        elif count % 16 == 0 and (u - reference).min() >= line.period:
            if excess <= tol:
                return best + tol / 2 * line.scale
            excess, reference = max(excess / 4, tol), u
    raise RuntimeError(f"no result in {max_steps} steps; is the tension {tension} too small?")


@checked
def pinned_line(
    force: FORCE,
    spacing: SPACING,
    tension: rules.POSITIVE,
    load: rules.NUMBER,
    *,
    start: rules.NUMBERS = 0.0,
    tol: rules.POSITIVE = 1e-3,
    max_steps: rules.Whole() = 500_000,
):
    """Rest position (m) of every node under a `load` (N/m) below the critical force, for a line
    released at `start` (m; one or one per node); other parameters as in `critical_force`.

    At rest no node feels more than `tol` standard deviations of the force. ValueError if no line
    can be at rest under the load, RuntimeError if `max_steps` do not suffice.

    Examples
    --------
    >>> wave = -np.sin(np.linspace(0, 2 * np.pi, 64, endpoint=False))
    >>> pinned_line(np.tile(wave, (3, 1)), (0.5, 0.25), 1.0, load=0.5).round(2).tolist()
    [1.33, 1.33, 1.33]
    """
    line = _Line(force, spacing, tension)
    u = start = np.broadcast_to(start, line.nodes)
    pinning = line.pinning(u)
    for _ in range(max_steps):
        u, elastic = line.step(u, load + pinning)
        pinning = line.pinning(u)
        if np.abs(load + pinning + elastic).max() <= tol * line.scale:
            return u
        if np.abs(u - start).min() >= line.period:
            raise ValueError(
                f"no line can be at rest under the load {load} in this force, got {start=!r:.60}"
            )
    raise RuntimeError(f"not at rest after {max_steps} steps under the load {load}")


@checked
def alloy_stress_rms(
    mu: rules.POSITIVES,
    nu: rules.Reals("(-1, 0.5)"),
    misfit_variance: rules.NONNEGATIVES,
    atomic_volume: rules.POSITIVES,
    smear: rules.POSITIVES,
):
    """Rms of the resolved shear stress inside a random alloy, in the unit of `mu`.

    Isotropic elasticity, atoms as dilatation centres smeared by a gaussian of width `smear`; the
    stress varies over about sqrt(2) smear (compare Geslin & Rodney 2021). `misfit_variance` is
    sum c dV^2, in `atomic_volume` squared; `smear`^3 in the unit of `atomic_volume`.

    Examples
    --------
    >>> round(1e3 * alloy_stress_rms(80.0, 0.26, 0.4294, 11.804, 1.5))  # CoCrFeMnNi, MPa
    365
    """
    density = misfit_variance / atomic_volume / (8 * np.pi**1.5 * smear**3)
    return plain(2 * mu / (3 * np.sqrt(15)) * (1 + nu) / (1 - nu) * np.sqrt(density))


@checked
def probe_response(
    ratio: rules.POSITIVES, system: rules.Choice("core", "patch", "wave", "aperture")
):
    """Response of four probes to a random medium against a ratio of sizes.

    "core": rms stress on a gaussian core, ratio w/xi. "patch": rms height under a tyre patch (box),
    patch/xi. "wave": backscattering 4x/(1 + 4x^2) in a layered medium with exponential correlation
    a, x = ka; resonant at 1/2. "aperture": image motion in Kolmogorov turbulence, which has no xi:
    x^(-1/6), x = D/r0.

    Examples
    --------
    >>> probe_response(0.5, "wave")
    1.0
    """
    if system in ("core", "patch"):
        kernel = "gaussian" if system == "core" else "box"
        return core_response(ratio, 1.0, kernel=kernel).strong
    return plain(4 * ratio / (1 + 4 * ratio**2) if system == "wave" else ratio ** (-1 / 6))
