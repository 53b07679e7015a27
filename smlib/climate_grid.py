"""When is the effect of what a grid cell does not see a function of what it does see? (Chapter "The
thunderstorm in the grid cell".)

A storm on a small share of the area carries the flux; a mean cannot see condensation, because it is
nonlinear; a distribution of the unresolved part can. What is left over when it is not a function is
measured in a model with two scales, `smlib.lorenz96`.
"""

import numpy as np
from scipy.optimize import brentq
from scipy.special import hyp2f1, ndtr

from smlib import rules
from smlib.checks import checked, first, plain

__all__ = ["PDFS", "cloud_fraction", "domain_cloud_fraction", "effective_resolution"]
__all__ += ["grid_cell_budget", "phase_speed"]

PDFS = ("gaussian", "uniform", "triangular")


@checked
def grid_cell_budget(
    cell_km: rules.POSITIVES,
    storm_km: rules.NONNEGATIVES,
    w_up: rules.NUMBERS = 10.0,
    excess: rules.NUMBERS = 1e4,
    rho: rules.POSITIVES = 1.0,
):
    """What one updraft does to the mean of its cell, environment at rest (top-hat decomposition).

    Square updraft of side `storm_km` [km] in a square cell of side `cell_km` [km], at `w_up` [m/s],
    with `excess` moist static energy [J/kg] in air of density `rho` [kg/m^3]; all broadcast. The
    factor 1 - a in the flux is what a fine grid resolves itself (Arakawa & Wu 2013).

    Returns
    -------
    dict
        "area_fraction" a, "mean_w" a w_up [m/s], "eddy_flux" rho a (1 - a) w_up excess [W/m^2].

    Examples
    --------
    >>> {name: round(x, 6) for name, x in grid_cell_budget(50, 1).items()}
    {'area_fraction': 0.0004, 'mean_w': 0.004, 'eddy_flux': 39.984}
    """
    if (wrong := storm_km > cell_km).any():
        raise ValueError(
            f"storm_km must not exceed cell_km = {first(cell_km, wrong)}, "
            f"got {first(storm_km, wrong)}"
        )
    a = (storm_km / cell_km) ** 2
    found = {"area_fraction": a, "mean_w": a * w_up, "eddy_flux": rho * a * (1 - a) * w_up * excess}
    return {name: plain(value) for name, value in found.items()}


@checked
def cloud_fraction(
    qt: rules.NONNEGATIVES,
    qs: rules.POSITIVES,
    sigma: rules.NONNEGATIVES,
    pdf: rules.Choice(*PDFS) = "gaussian",
):
    """Cloudy share of a cell and its mean condensate, from a distribution of total water in it.

    Mean total water `qt`, saturation `qs` and standard deviation `sigma` in one unit; with qs = 1,
    qt is the relative humidity. `pdf` is "gaussian" (Sommeria & Deardorff 1977, Mellor 1977),
    "uniform" (as behind Sundqvist et al. 1989) or "triangular" (Smith 1990). sigma = 0 is
    all-or-nothing, with no cloud at equality. The first three arguments broadcast.

    Returns
    -------
    (fraction, condensate)
        The second in the unit of `qt`.

    Examples
    --------
    >>> fraction, condensate = cloud_fraction(0.9, 1.0, 0.1)
    >>> round(fraction, 4), round(condensate, 5)
    (0.1587, 0.00833)
    """
    qt, qs, sigma = np.broadcast_arrays(qt, qs, sigma)
    over = qt - qs
    half = sigma * {"gaussian": 1.0, "uniform": 3**0.5, "triangular": 6**0.5}[pdf]
    spread = half > 0
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        z = over / half  # of no account where the spread is 0
    z = np.clip(z, -40, 40) if pdf == "gaussian" else np.clip(z, -1, 1)
    if pdf == "gaussian":
        fraction = ndtr(z)
        inside = z * fraction + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    elif pdf == "uniform":
        fraction, inside = (1 + z) / 2, (1 + z) ** 2 / 4
    else:
        low = z <= 0
        fraction = np.where(low, (1 + z) ** 2 / 2, 1 - (1 - z) ** 2 / 2)
        inside = np.where(low, (1 + z) ** 3 / 6, z + (1 - z) ** 3 / 6)
    whole_cell = ~spread | (over >= half * (40 if pdf == "gaussian" else 1))
    fraction = np.where(spread, fraction, over > 0)
    return plain(fraction), plain(np.where(whole_cell, np.maximum(over, 0), half * inside))


@checked
def domain_cloud_fraction(
    rh: rules.NONNEGATIVES,
    sigma: rules.POSITIVES,
    cell_km: rules.POSITIVES,
    outer_km: rules.POSITIVES = 100.0,
    closure: rules.Flag() = True,
    exponent: rules.POSITIVES = 1 / 3,
):
    """Cloudy share of a region, computed on a grid of cells of side `cell_km`.

    Moisture is gaussian in the region of side `outer_km` [km], with mean `rh` and standard
    deviation `sigma` (saturation is 1). The part within a cell has the deviation
    sigma (cell/outer)^exponent; 1/3 belongs to a k^(-5/3) spectrum, which Nastrom & Gage (1985)
    found for wind and temperature, and which is an assumption for moisture. With `closure` every
    cell knows that deviation, without it a cell is clear or overcast. All numbers broadcast.

    Examples
    --------
    >>> domain_cloud_fraction(0.9, 0.1, [50.0, 10.0]).round(4).tolist()
    [0.1587, 0.1587]
    >>> domain_cloud_fraction(0.9, 0.1, [50.0, 10.0], closure=False).round(4).tolist()
    [0.0501, 0.1295]
    """
    if (wrong := cell_km > outer_km).any():
        raise ValueError(
            f"cell_km must not exceed outer_km = {first(outer_km, wrong)}, "
            f"got {first(cell_km, wrong)}"
        )
    share = (cell_km / outer_km) ** exponent
    resolved = sigma * np.sqrt(1 - share**2)
    if not closure:
        return plain(cloud_fraction(rh, 1.0, resolved)[0])
    # Between the cells and within them: the narrower part is summed, so that the integrand is
    # smooth. Trapezoids are then exponentially accurate.
    narrow, wide = np.sort([resolved, sigma * share * np.ones_like(resolved)], axis=0)
    z = np.linspace(-9, 9, 2001)
    weight = np.exp(-(z**2) / 2)
    q = rh[..., None] + narrow[..., None] * z  # may be negative: a gaussian has no end
    inside = ndtr((q - 1) / wide[..., None])
    return plain(inside @ (weight / weight.sum()))


ORDER = rules.Whole(only=(2, 4, 6))


@checked
def phase_speed(order: ORDER, theta: rules.Reals(f"(0, {np.pi}]")):
    """Speed of a wave on a grid over its true speed, centred first difference of `order` 2, 4, 6.

    `theta` is wavenumber times grid spacing, in (0, pi]; at pi, two points a wave, nothing moves.

    Examples
    --------
    >>> round(phase_speed(2, np.pi / 2), 4)
    0.6366
    """
    weights = {2: (1,), 4: (8 / 6, -1 / 6), 6: (45 / 30, -9 / 30, 1 / 30)}[order]
    return plain(sum(w * np.sin(n * theta) for n, w in enumerate(weights, 1)) / theta)


@checked
def effective_resolution(order: ORDER, tol: rules.Real("(0, 1)") = 0.1):
    """Shortest wave whose speed is right to `tol`, in grid spacings (see `phase_speed`).

    Examples
    --------
    >>> round(effective_resolution(2), 2)
    7.99
    """
    tol = min(tol, 1 - 1e-15)  # below 1, at any rounding
    first = {2: 4 / 3, 4: 16 / 15, 6: 32 / 35}[order]

    def lacking(theta):
        """1 - `phase_speed`; of long waves without cancellation, as what is left of the series of
        the derivative in sin(theta/2), of which the scheme is the beginning."""
        if theta > 1:
            return 1 - phase_speed(order, theta)
        s = np.sin(theta / 2)
        rest = hyp2f1(0.5, (order + 1) / 2, (order + 3) / 2, s * s)
        return first * s**order * (s / theta) * rest

    low = tol ** (1 / order)
    high = min(4 * low, np.pi)
    theta = brentq(lambda theta: lacking(theta) / tol - 1, low, high, xtol=1e-13 * low)
    return float(2 * np.pi / theta)
