"""When do two people's ratings on a 0-to-100 scale mean the same?

Every person reads the scale off a private ruler: "dead" and "full health" stand at marks d and f
of their own. The module re-anchors such ratings, with errors; bends them into risk utilities; and
counts what the private rulers do to averages, group comparisons and choices. It serves the
chapter "The mind's ruler" (``utility_anchoring``).

This is a model of measurement, not a decision aid: nobody's treatment should be chosen by a
formula of this module. All people in it are simulated.

Units: ratings and marks are points of the 0-100 scale; values and utilities are 1 in full health,
0 at "dead" and negative for states rated worse than dead.
"""

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import (
    betainc,
    betaincc,
    betainccinv,
    betaincinv,
    betaln,
    ndtri,
    roots_legendre,
    xlog1py,
    xlogy,
)

__all__ = [
    "People",
    "RulerPopulation",
    "choice_boundary",
    "decision_flip_rate",
    "fieller_interval",
    "flip_direction",
    "group_utility",
    "invariance_rate",
    "noise_free_flip_rate",
    "power_utility",
    "reanchor",
    "reanchor_sd",
    "ruler_reading",
    "simulate_people",
]

RULES = ("naive", "anchored", "anchored_power")
# Relative difference below which two statistics count as tied: far above the rounding error of
# an average, far below any difference between ratings.
_TIE = 1e-12


def _require(valid, value, message):
    """Raise ValueError with the first element of `value` for which `valid` is false."""
    valid, value = np.broadcast_arrays(valid, value)
    if not valid.all():
        raise ValueError(f"{message}, got {value[~valid].flat[0].item()!r}")


def _finite(name, value):
    value = np.asarray(value, dtype=float)
    _require(np.isfinite(value), value, f"{name} must be finite")
    return value


def _member(name, value, known):
    if value not in known:
        raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")


def _plain(value):
    return float(value) if np.ndim(value) == 0 else value


def _anchors(death, full):
    death, full = np.broadcast_arrays(_finite("death", death), _finite("full", full))
    if not (full > death).all():
        bad = ~(full > death)
        raise ValueError(
            f"full must lie above death on every ruler, "
            f"got full={full[bad][0].item()!r}, death={death[bad][0].item()!r}"
        )
    return death, full


def _errors(sd_rating, sd_death, sd_full):
    named = {"sd_rating": sd_rating, "sd_death": sd_death, "sd_full": sd_full}
    sds = [_finite(name, sd) for name, sd in named.items()]
    for name, sd in zip(named, sds, strict=True):
        _require(sd >= 0, sd, f"{name} must not be negative")
    return sds


def _exponent(exponent):
    exponent = _finite("exponent", exponent)
    _require(exponent > 0, exponent, "exponent must be positive")
    return exponent


def _threshold(threshold):
    theta = np.asarray(threshold, dtype=float)
    _require((theta > 0) & (theta < 1), theta, "threshold must lie strictly between 0 and 1")
    return theta


def ruler_reading(value, death, full=100.0):
    """Mark at which a person with this ruler puts a state: ``d + (f - d) value``.

    Parameters
    ----------
    value : array_like
        Value of the state (1 full health, 0 dead).
    death, full : array_like
        Marks for dead and full health (points); broadcast with `value`.

    Returns
    -------
    float or ndarray
        Reading in points; outside [0, 100] if the state does not fit on the paper.

    Raises
    ------
    ValueError
        Non-finite input, or full <= death.

    Examples
    --------
    >>> ruler_reading(0.5, death=20)
    60.0
    """
    death, full = _anchors(death, full)
    return _plain(death + (full - death) * _finite("value", value))


def reanchor(rating, death, full=100.0):
    """Re-anchor a rating so that dead is 0 and full health is 1: ``(x - d) / (f - d)``.

    Min-max scaling with personal end points; the usual transformation of EuroQol VAS ratings.

    Parameters
    ----------
    rating, death, full : array_like
        Rating of the state and the person's marks for dead and full health (points; they
        broadcast).

    Returns
    -------
    float or ndarray
        Value of the state. Not clipped: negative for a state rated worse than dead.

    Raises
    ------
    ValueError
        Non-finite input, or full <= death anywhere.

    Examples
    --------
    >>> round(reanchor(70, death=5), 4)
    0.6842
    """
    death, full = _anchors(death, full)
    return _plain((_finite("rating", rating) - death) / (full - death))


def reanchor_sd(rating, death, full=100.0, sd_rating=0.0, sd_death=0.0, sd_full=0.0):
    """Standard error of a re-anchored rating (delta method, independent errors).

    ``sd = sqrt(sx^2 + (1 - u)^2 sd^2 + u^2 sf^2) / (f - d)`` with ``u = (x - d) / (f - d)``.

    Parameters
    ----------
    rating, death, full : array_like
        As in `reanchor` (points).
    sd_rating, sd_death, sd_full : array_like
        Standard deviations of the three marks (points).

    Returns
    -------
    float or ndarray
        Standard error of the value, to first order.

    Raises
    ------
    ValueError
        A negative SD, non-finite input, or full <= death.

    Examples
    --------
    >>> round(reanchor_sd(70, 5, 100, 5, 5, 5), 4)
    0.0659
    """
    death, full = _anchors(death, full)
    sx, sd, sf = _errors(sd_rating, sd_death, sd_full)
    u = reanchor(rating, death, full)
    return _plain(np.sqrt(sx**2 + ((1 - u) * sd) ** 2 + (u * sf) ** 2) / (full - death))


def fieller_interval(
    rating, death, full=100.0, sd_rating=0.0, sd_death=0.0, sd_full=0.0, level=0.95
):
    """Confidence interval of a re-anchored rating, exact for normal errors (Fieller, 1954).

    All u with ``(x - d - u (f - d))^2 <= z^2 (sx^2 + (1 - u)^2 sd^2 + u^2 sf^2)``.

    Parameters
    ----------
    rating, death, full, sd_rating, sd_death, sd_full : float
        As in `reanchor_sd` (points), scalars.
    level : float
        Confidence level, in (0, 1).

    Returns
    -------
    low, high : float
        Ends of the interval; not symmetric about `reanchor`.

    Raises
    ------
    ValueError
        As in `reanchor_sd`; level outside (0, 1); or marks for dead and full health so uncertain
        that they are not distinct at this level: then no bounded interval exists.

    Examples
    --------
    >>> low, high = fieller_interval(70, 5, 100, 5, 5, 5)
    >>> round(low, 3), round(high, 3)
    (0.558, 0.819)
    """
    death, full = (mark.item() for mark in _anchors(death, full))
    sx2, sd2, sf2 = (sd.item() ** 2 for sd in _errors(sd_rating, sd_death, sd_full))
    _require(0 < level < 1, level, "level must lie strictly between 0 and 1")
    z2 = float(ndtri((1 - level) / 2)) ** 2
    above_dead, length = _finite("rating", rating).item() - death, full - death
    a = length**2 - z2 * (sd2 + sf2)
    if a <= 0:
        raise ValueError(
            f"the marks for dead and full health are not distinct at level {level!r}: "
            f"squared distance {length**2:g} against {z2 * (sd2 + sf2):g}, got death={death!r}, "
            f"full={full!r}"
        )
    # A quarter of the discriminant, multiplied out to avoid cancellation. Never negative for
    # a > 0, except by rounding where a is nearly 0.
    anchors = sd2 * (length - above_dead) ** 2 + sf2 * above_dead**2 - z2 * sd2 * sf2
    half = np.sqrt(z2 * max(sx2 * a + anchors, 0.0))
    middle = above_dead * length - z2 * sd2
    return float((middle - half) / a), float((middle + half) / a)


def power_utility(value, exponent=1.6):
    """Risk utility of a riskless value by the power law ``1 - (1 - v)^r`` (Torrance, 1976).

    Apply it after re-anchoring. It describes averages of groups, and fits some data poorly.

    Parameters
    ----------
    value : array_like
        Re-anchored value, at most 1; negative for states worse than dead.
    exponent : array_like
        Curvature r; above 1 it lifts the values between dead and full health.

    Returns
    -------
    float or ndarray
        Utility; 0 and 1 stay where they are.

    Raises
    ------
    ValueError
        A value above 1 (noise can produce it: clip it yourself, and say so), exponent <= 0,
        or non-finite input.

    Examples
    --------
    >>> power_utility(0.5, exponent=2)
    0.75
    """
    value = _finite("value", value)
    _require(value <= 1, value, "value must not exceed 1 (full health)")
    return _plain(1 - (1 - value) ** _exponent(exponent))


def group_utility(ratings, death, full, method="mean_of_ratios"):
    """Value of a state for a group of people, each with a ruler of their own.

    The three methods estimate different things. The mean of ratios is ruled by people whose
    marks nearly coincide. Studies exclude those whose marks do coincide; that is a selection.

    Parameters
    ----------
    ratings, death, full : array_like, shape (n,)
        Rating and marks of each person (points).
    method : {"mean_of_ratios", "ratio_of_means", "median_of_ratios"}
        Average re-anchored ratings, re-anchor average ratings, or take the median.

    Returns
    -------
    float
        Value of the state.

    Raises
    ------
    ValueError
        Unknown method, an empty group, unequal lengths, non-finite input, or full <= death for
        any person (for "ratio_of_means": of the averages).

    Examples
    --------
    >>> round(group_utility([70, 40], [5, 20], [100, 95]), 4)
    0.4754
    """
    _member("method", method, ("mean_of_ratios", "ratio_of_means", "median_of_ratios"))
    named = {"ratings": ratings, "death": death, "full": full}
    columns = [_finite(name, column) for name, column in named.items()]
    shapes = [column.shape for column in columns]
    if len(set(shapes)) > 1 or len(shapes[0]) != 1 or not columns[0].size:
        raise ValueError(f"ratings, death, full need one equal, non-zero length, got {shapes}")
    if method == "ratio_of_means":
        return reanchor(*(column.mean() for column in columns))
    ratios = reanchor(*columns)
    return float(ratios.mean() if method == "mean_of_ratios" else np.median(ratios))


@dataclass(frozen=True)
class RulerPopulation:
    """A population of private rulers; all have full health at 100.

    Parameters
    ----------
    value_a, value_b : float
        Beta distribution of the value of the state.
    death_a, death_b : float
        Beta distribution of the mark for dead, as a fraction of 100 points. The default has
        mean 10 and SD 9 points: an assumption for teaching, not a measurement.
    noise_sd : float
        SD of the normal error of a rating (points).

    Raises
    ------
    ValueError
        A shape parameter <= 0, a negative noise, or a non-finite number.
    """

    value_a: float = 1.0
    value_b: float = 1.0
    death_a: float = 1.0
    death_b: float = 9.0
    noise_sd: float = 0.0

    def __post_init__(self):
        for field in fields(self):
            number = _finite(field.name, getattr(self, field.name))
            if field.name == "noise_sd":
                _require(number >= 0, number, "noise_sd must not be negative")
            else:
                _require(number > 0, number, f"{field.name} must be positive")


_DEFAULT_POPULATION = RulerPopulation()


class People(NamedTuple):
    """Simulated people, one array element each, shape (n,)."""

    value: np.ndarray  # true value of the state, 0 to 1
    death: np.ndarray  # mark for dead, points
    rating: np.ndarray  # rating of the state, points, noise included and not clipped


def simulate_people(population=_DEFAULT_POPULATION, n=600, seed=0):
    """Draw people, their rulers and their ratings.

    Parameters
    ----------
    population : RulerPopulation
        What to draw from.
    n : int
        Number of people.
    seed : int
        Seed; with equal `n` and shape parameters the same people return, whatever the noise.

    Returns
    -------
    People
        Value, mark for dead and rating of each person.

    Raises
    ------
    ValueError
        n < 1.

    Examples
    --------
    >>> people = simulate_people(n=3)
    >>> bool((people.rating >= 100 * people.value).all())  # a mark above 0 lifts every rating
    True
    """
    _require(n >= 1, n, "n must be at least 1")
    rng = np.random.default_rng(seed)
    value = rng.beta(population.value_a, population.value_b, n)
    death = 100 * rng.beta(population.death_a, population.death_b, n)
    noise = population.noise_sd * rng.standard_normal(n)
    return People(value, death, death + (100 - death) * value + noise)


def choice_boundary(threshold, death=0.0, rule="truth", exponent=1.0):
    """Value of a state above which a noise-free rule prefers the longer life in that state.

    Longer life in the state is worth more than a shorter life in full health when its utility
    exceeds the ratio of the two durations, the threshold.

    Parameters
    ----------
    threshold : array_like
        Years in full health per year in the state, in (0, 1).
    death : array_like
        Mark for dead (points); matters for "naive" only. Broadcasts with `threshold`.
    rule : {"truth", "naive", "anchored", "anchored_power"}
        The truth and "anchored_power" compare ``1 - (1 - v)^r`` with the threshold, "anchored"
        compares v, "naive" a hundredth of the rating.
    exponent : float
        Curvature r of the truth.

    Returns
    -------
    float or ndarray
        Boundary; negative if a naive ruler has dead above the threshold.

    Raises
    ------
    ValueError
        Threshold outside (0, 1), unknown rule, exponent <= 0, or death not below 100.

    Examples
    --------
    >>> choice_boundary(0.5, death=20, rule="naive")
    0.375
    """
    _member("rule", rule, ("truth", *RULES))
    theta, exponent = _threshold(threshold), _exponent(exponent)
    naive = reanchor(100 * theta, death)
    if rule == "naive":
        return naive
    boundary = theta if rule == "anchored" else 1 - (1 - theta) ** (1 / exponent)
    return _plain(np.broadcast_to(boundary, np.shape(naive)).copy())


def flip_direction(threshold, people, rule="naive", exponent=1.0):
    """Whose choice between a longer and a better life does a rule get wrong, and which way?

    Parameters
    ----------
    threshold : array_like, shape (...)
        Years in full health per year in the state, in (0, 1).
    people : People
        From `simulate_people`, n of them.
    rule : {"naive", "anchored", "anchored_power"}
        Treat a hundredth of the rating as the utility, or re-anchor it first, or bend it too.
    exponent : float
        Curvature r of the truth and of "anchored_power"; see `choice_boundary`.

    Returns
    -------
    ndarray of int, shape (..., n)
        1: the rule wrongly prefers the longer life, -1: wrongly the shorter, 0: it is right.

    Raises
    ------
    ValueError
        Threshold outside (0, 1), unknown rule, exponent <= 0, or re-anchoring a mark for dead not
        below 100.

    Examples
    --------
    >>> people = People(np.array([0.4, 0.45]), np.array([5.0, 20.0]), np.array([43.0, 56.0]))
    >>> flip_direction(0.5, people)
    array([0, 1], dtype=int8)
    """
    _member("rule", rule, RULES)
    theta = _threshold(threshold)[..., None]
    curved = choice_boundary(theta, exponent=exponent)
    # Comparing values with the boundary is comparing utilities with the threshold, and spares
    # clipping the noisy values above 1, for which the power law is not defined.
    if rule == "naive":
        rule_prefers_long = people.rating > 100 * theta
    else:
        cut = theta if rule == "anchored" else curved
        rule_prefers_long = reanchor(people.rating, people.death) > cut
    return rule_prefers_long.astype(np.int8) - (people.value > curved)


def decision_flip_rate(
    threshold, population=_DEFAULT_POPULATION, rule="naive", exponent=1.0, n=100_000, seed=0
):
    """Fraction of people for whom a rule reverses the choice between longer and better life.

    Monte Carlo; equal seeds give all rules and thresholds the same people.

    Parameters
    ----------
    threshold : array_like
        Years in full health per year in the state, in (0, 1).
    population : RulerPopulation
        Distribution of values, rulers and noise.
    rule, exponent
        As in `flip_direction`.
    n, seed : int
        Number of people (standard error at most ``0.5 / sqrt(n)``) and seed.

    Returns
    -------
    rate, toward_long : float or ndarray
        Fraction reversed, and the part of it that wrongly prefers the longer life.

    Raises
    ------
    ValueError
        As in `flip_direction`, or n < 1.

    Examples
    --------
    >>> rate, toward_long = decision_flip_rate(0.5)
    >>> round(rate, 2), rate == toward_long
    (0.06, True)
    """
    direction = flip_direction(threshold, simulate_people(population, n, seed), rule, exponent)
    return _plain((direction != 0).mean(axis=-1)), _plain((direction > 0).mean(axis=-1))


def noise_free_flip_rate(threshold, population=_DEFAULT_POPULATION, rule="naive", exponent=1.0):
    """`decision_flip_rate` without noise, by Gauss-Legendre quadrature over the mark for dead.

    A person is reversed when the value lies between the boundaries of the rule and of the truth
    (`choice_boundary`), so the rate is the mean over rulers of a difference of Beta
    distribution functions; for uniform values and r = 1, ``E[min(t, D (1 - t) / (1 - D))]``.

    Parameters
    ----------
    threshold, population, rule, exponent
        As in `decision_flip_rate`; the population must have ``noise_sd`` 0.

    Returns
    -------
    rate, toward_long : float or ndarray
        As in `decision_flip_rate`; error below 1e-5 if no shape parameter is below 1.

    Raises
    ------
    ValueError
        As in `flip_direction`, or a population with noise.

    Examples
    --------
    >>> round(noise_free_flip_rate(0.5)[0], 4)
    0.0623
    """
    _member("rule", rule, RULES)
    noise = population.noise_sd
    _require(noise == 0, noise, "noise_free_flip_rate needs noise_sd 0")
    theta = _threshold(threshold)
    shapes = population.death_a, population.death_b

    def below(value):
        # A distribution function is 0 below 0 and 1 above 1: no approximation in the clip.
        return betainc(population.value_a, population.value_b, np.clip(value, 0, 1))

    curved = choice_boundary(theta, exponent=exponent)
    if rule != "naive":
        long = below(curved) - below(choice_boundary(theta, rule=rule, exponent=exponent))
        return _plain(np.abs(long)), _plain(np.maximum(long, 0))
    # The integrand has kinks where the naive boundary crosses the true one and where it reaches
    # 0: integrate piece by piece, over the support that carries all but 2e-14 of the rulers.
    kinks = [0 * theta, np.maximum(theta - curved, 0) / (1 - np.minimum(curved, theta)), theta]
    support = betaincinv(*shapes, 1e-14), betainccinv(*shapes, 1e-14)
    kinks = [np.clip(kink, *support)[..., None] for kink in kinks]
    nodes, weights = roots_legendre(128)
    step = (nodes + 1) / 2
    # The substitution t^2 (3 - 2 t) tames the power-law ends of Beta densities.
    smooth, slope = step**2 * (3 - 2 * step), 3 * step * (1 - step)
    parts = []
    for low, high in pairwise(kinks):
        mark = low + (high - low) * smooth
        density = np.exp(
            xlogy(shapes[0] - 1, mark) + xlog1py(shapes[1] - 1, -mark) - betaln(*shapes)
        )
        naive = (theta[..., None] - mark) / (1 - mark)
        gap = np.abs(below(np.asarray(curved)[..., None]) - below(naive))
        parts.append((gap * density * (high - low)) @ (weights * slope))
    toward_long = parts[1] + below(curved) * betaincc(*shapes, theta)
    return _plain(parts[0] + toward_long), _plain(toward_long)


def _statistic(name, data):
    if name == "geometric_mean":
        return np.exp(np.log(data).mean(axis=-1))
    return {"mean": np.mean, "median": np.median, "maximum": np.max}[name](data, axis=-1)


def _admissible_maps(pooled, scale, n, rng):
    """Image of the pooled data under n random admissible maps, shape (n, pooled.size)."""
    low, spread = pooled.min(), np.ptp(pooled)
    if scale == "ordinal":
        heights = np.exp(2 * rng.standard_normal((n, 9))).cumsum(axis=1)
        position = (pooled - low) / (spread or 1.0) * 8
        knot = np.minimum(position.astype(int), 7)
        rest = position - knot
        return heights[:, knot] * (1 - rest) + heights[:, knot + 1] * rest
    shape = (n, pooled.size if scale == "individual" else 1)
    factor = np.exp(rng.standard_normal(shape))
    largest_shift = {"ratio": 0.0, "interval": 5.0, "individual": 1.0}[scale]
    return factor * pooled + rng.uniform(0, largest_shift, shape) * spread


def invariance_rate(a, b, statistic="mean", scale="interval", n=1000, seed=0):
    """How often "a has the larger statistic" survives a random admissible change of scale.

    A statement is meaningful on a scale type if no admissible map changes its truth (Stevens,
    1946; Krantz, Luce, Suppes & Tversky, 1971): rate 1. Maps (range: of the pooled data):
    "ratio" multiplies by ``exp(N(0, 1))``; "interval" also adds ``U(0, 5)`` ranges; "ordinal" is
    increasing and piecewise linear with 9 equally spaced knots, first height and steps
    ``exp(2 N(0, 1))``; "individual" gives each observation its own factor ``exp(N(0, 1))`` and
    shift of ``U(0, 1)`` ranges. All keep positive data positive.

    Parameters
    ----------
    a, b : array_like, shape (k,), (m,)
        Two groups of data (any unit).
    statistic : {"mean", "median", "geometric_mean", "maximum"}
        What is compared. The median of an even number of values averages two of them, and is
        then not safe on an ordinal scale.
    scale : {"ratio", "interval", "ordinal", "individual"}
        Scale type.
    n, seed : int
        Number of maps, and seed.

    Returns
    -------
    float
        Fraction in [0, 1] of maps that keep the sign of the difference. A tie (relative
        difference below 1e-12) counts as changed unless the data are tied themselves.

    Raises
    ------
    ValueError
        Unknown names, an empty group, non-finite data, n < 1, or a geometric mean of data that
        are not positive.

    Examples
    --------
    >>> invariance_rate([1, 2, 3, 4, 10], [2, 3, 3.5, 4, 5], "median", "ordinal")
    1.0
    """
    _member("statistic", statistic, ("mean", "median", "geometric_mean", "maximum"))
    _member("scale", scale, ("ratio", "interval", "ordinal", "individual"))
    _require(n >= 1, n, "n must be at least 1")
    a, b = _finite("a", a).ravel(), _finite("b", b).ravel()
    if not (a.size and b.size):
        raise ValueError(f"a and b need at least 1 value each, got {a.size} and {b.size}")
    pooled = np.concatenate([a, b])
    if statistic == "geometric_mean":
        _require(pooled > 0, pooled, "the geometric mean needs positive data")

    def sign(data):
        gap = _statistic(statistic, data[..., : a.size]) - _statistic(
            statistic, data[..., a.size :]
        )
        return np.where(np.abs(gap) <= _TIE * np.abs(data).max(axis=-1), 0, np.sign(gap))

    mapped = _admissible_maps(pooled, scale, n, np.random.default_rng(seed))
    return float((sign(mapped) == sign(pooled)).mean())
