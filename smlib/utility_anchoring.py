"""When do two people's ratings on a 0-to-100 scale mean the same? (Chapter "The mind's ruler".)

Every person reads the scale off a private ruler, with "dead" at a mark d and "full health" at a
mark f. The module re-anchors such ratings, with errors; bends them into risk utilities; and counts
what the private rulers do to averages, comparisons of groups, and choices.

This is a model of measurement, not a decision aid: nobody's treatment should be chosen by a
formula of this module. All people in it are simulated.

Ratings, marks and their standard deviations are points of the 0-100 scale. Values and utilities are
1 in full health, 0 at "dead", negative for states rated worse than dead. Arrays broadcast; scalars
give a float. On every ruler full must lie above death.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import special

from smlib import rules
from smlib.checks import checked, first, plain

__all__ = ["People", "RulerPopulation", "choice_boundary", "decision_flip_rate"]
__all__ += ["fieller_interval", "flip_direction", "group_utility", "invariance_rate"]
__all__ += ["noise_free_flip_rate", "power_utility", "reanchor", "reanchor_sd"]
__all__ += ["ruler_reading", "simulate_people"]

RULES = ("naive", "anchored", "anchored_power")
RULE, THRESHOLDS, LIST = rules.Choice(*RULES), rules.Reals("(0, 1)"), rules.Reals(ndim=1)
# Relative difference below which two statistics count as tied: far above the rounding error of
# an average, far below any difference between ratings.
_TIE = 1e-12


def _in_order(death, full):
    if (wrong := np.less_equal(full, death)).any():
        raise ValueError(
            "full must lie above death on every ruler, "
            f"got full={first(full, wrong)!r}, death={first(death, wrong)!r}"
        )


@checked
def ruler_reading(value: rules.NUMBERS, death: rules.NUMBERS, full: rules.NUMBERS = 100.0):
    """Mark at which this ruler puts a state, d + (f - d) value; off the paper outside 0 to 100.

    >>> ruler_reading(0.5, death=20)
    60.0
    """
    _in_order(death, full)
    return plain(death + (full - death) * value)


@checked
def reanchor(rating: rules.NUMBERS, death: rules.NUMBERS, full: rules.NUMBERS = 100.0):
    """Value of a rated state, (x - d) / (f - d): dead becomes 0, full health 1. Not clipped.

    >>> round(reanchor(70, death=5), 4)
    0.6842
    """
    _in_order(death, full)
    return plain((rating - death) / (full - death))


@checked
def reanchor_sd(
    rating: rules.NUMBERS,
    death: rules.NUMBERS,
    full: rules.NUMBERS = 100.0,
    sd_rating: rules.NONNEGATIVES = 0.0,
    sd_death: rules.NONNEGATIVES = 0.0,
    sd_full: rules.NONNEGATIVES = 0.0,
):
    """Standard error of a re-anchored rating, to first order in independent errors (delta method):
    sqrt(sx^2 + (1 - u)^2 sd^2 + u^2 sf^2) / (f - d) with u = (x - d) / (f - d).

    >>> round(reanchor_sd(70, 5, 100, 5, 5, 5), 4)
    0.0659
    """
    u = reanchor(rating, death, full)
    square = sd_rating**2 + ((1 - u) * sd_death) ** 2 + (u * sd_full) ** 2
    return plain(np.sqrt(square) / (full - death))


@checked
def fieller_interval(
    rating: rules.NUMBER,
    death: rules.NUMBER,
    full: rules.NUMBER = 100.0,
    sd_rating: rules.NONNEGATIVE = 0.0,
    sd_death: rules.NONNEGATIVE = 0.0,
    sd_full: rules.NONNEGATIVE = 0.0,
    level: rules.Real("(0, 1)") = 0.95,
):
    """Confidence interval of a re-anchored rating, exact for normal errors (Fieller, 1954): all u
    with (x - d - u (f - d))^2 <= z^2 (sx^2 + (1 - u)^2 sd^2 + u^2 sf^2).

    Scalars only. Returns (low, high), not symmetric about `reanchor`. A ValueError is raised if the
    marks for dead and full health are not distinct at this level: then no bounded interval exists.

    >>> low, high = fieller_interval(70, 5, 100, 5, 5, 5)
    >>> round(low, 3), round(high, 3)
    (0.558, 0.819)
    """
    _in_order(death, full)
    sx2, sd2, sf2 = sd_rating**2, sd_death**2, sd_full**2
    z2 = float(special.ndtri((1 - level) / 2)) ** 2
    above_dead, length = rating - death, full - death
    a = length**2 - z2 * (sd2 + sf2)
    if a <= 0:
        raise ValueError(
            f"the marks for dead and full health are not distinct at level {level!r}: squared "
            f"distance {length**2:g} against {z2 * (sd2 + sf2):g}, got {death=!r}, {full=!r}, "
            f"{sd_death=!r}, {sd_full=!r}"
        )
    # A quarter of the discriminant, multiplied out to avoid cancellation. Never negative for
    # a > 0, except by rounding where a is nearly 0.
    anchors = sd2 * (length - above_dead) ** 2 + sf2 * above_dead**2 - z2 * sd2 * sf2
    half = np.sqrt(z2 * max(sx2 * a + anchors, 0.0))
    middle = above_dead * length - z2 * sd2
    return float((middle - half) / a), float((middle + half) / a)


@checked
def power_utility(value: rules.Reals("(-inf, 1]"), exponent: rules.POSITIVES = 1.6):
    """Risk utility of a re-anchored value by the power law 1 - (1 - v)^r (Torrance, 1976).

    Noise can produce a value above 1, which is full health: clip it yourself, and say so.

    >>> power_utility(0.5, exponent=2)
    0.75
    """
    return plain(1 - (1 - value) ** exponent)


@checked
def group_utility(
    ratings: LIST,
    death: LIST,
    full: LIST,
    method: rules.Choice("mean_of_ratios", "ratio_of_means", "median_of_ratios") = "mean_of_ratios",
):
    """Value of a state for a group of people, each with a ruler of their own.

    Parameters
    ----------
    ratings, death, full : array_like, shape (n,)
        Points.
    method : {"mean_of_ratios", "ratio_of_means", "median_of_ratios"}
        Average re-anchored ratings (ruled by people whose marks nearly coincide), re-anchor
        average ratings (only the averages need full > death), or take the median.

    Examples
    --------
    >>> round(group_utility([70, 40], [5, 20], [100, 95]), 4)
    0.4754
    """
    columns = ratings, death, full
    if not ratings.size == death.size == full.size:
        sizes = [column.size for column in columns]
        raise ValueError(f"ratings, death, full must have one length, got {sizes}")
    if method == "ratio_of_means":
        return reanchor(*(column.mean() for column in columns))
    ratios = reanchor(*columns)
    return float(ratios.mean() if method == "mean_of_ratios" else np.median(ratios))


@checked
@dataclass(frozen=True)
class RulerPopulation:
    """A population of private rulers; all have full health at 100.

    The value of the state and a hundredth of the mark for dead have Beta distributions, ratings a
    normal error with SD `noise_sd` (points). The default mark has mean 10 and SD 9 points: an
    assumption for teaching, not a measurement.
    """

    value_a: rules.POSITIVE = 1.0
    value_b: rules.POSITIVE = 1.0
    death_a: rules.POSITIVE = 1.0
    death_b: rules.POSITIVE = 9.0
    noise_sd: rules.NONNEGATIVE = 0.0


POPULATION, _DEFAULT_POPULATION = rules.Of(RulerPopulation), RulerPopulation()


class People(NamedTuple):
    """Simulated people, one array element each, shape (n,)."""

    value: np.ndarray  # true value of the state, 0 to 1
    death: np.ndarray  # mark for dead, points
    rating: np.ndarray  # rating of the state, points, noise included and not clipped


@checked
def simulate_people(
    population: POPULATION = _DEFAULT_POPULATION, n: rules.Whole() = 600, seed: rules.Seed() = 0
):
    """Draw n `People`. With equal `n`, shape parameters and seed the same people return, whatever
    the noise.

    >>> people = simulate_people(n=3)
    >>> bool((people.rating >= 100 * people.value).all())  # a mark above 0 lifts every rating
    True
    """
    value = seed.beta(population.value_a, population.value_b, n)
    death = 100 * seed.beta(population.death_a, population.death_b, n)
    noise = population.noise_sd * seed.standard_normal(n)
    return People(value, death, death + (100 - death) * value + noise)


@checked
def choice_boundary(
    threshold: THRESHOLDS,
    death: rules.NUMBERS = 0.0,
    rule: rules.Choice("truth", *RULES) = "truth",
    exponent: rules.POSITIVES = 1.0,
):
    """Value of a state above which a noise-free rule prefers the longer life in that state.

    Longer life in the state is worth more than a shorter life in full health if its utility
    exceeds the ratio of the two durations, the threshold, in (0, 1). The truth and
    "anchored_power" compare 1 - (1 - v)^r with the threshold, r being `exponent`; "anchored"
    compares v; "naive" a hundredth of the rating. Only "naive" depends on `death`; its boundary
    is negative if dead lies above the threshold.

    >>> choice_boundary(0.5, death=20, rule="naive")
    0.375
    """
    naive = reanchor(100 * threshold, death)
    if rule == "naive":
        return naive
    boundary = threshold if rule == "anchored" else 1 - (1 - threshold) ** (1 / exponent)
    shape = np.broadcast_shapes(np.shape(naive), np.shape(boundary))
    return plain(np.broadcast_to(boundary, shape).copy())


@checked
def flip_direction(
    threshold: THRESHOLDS,
    people: rules.Of(People),
    rule: RULE = "naive",
    exponent: rules.POSITIVE = 1.0,
):
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

    Examples
    --------
    >>> people = People(np.array([0.4, 0.45]), np.array([5.0, 20.0]), np.array([43.0, 56.0]))
    >>> flip_direction(0.5, people)
    array([0, 1], dtype=int8)
    """
    theta = threshold[..., None]
    curved = choice_boundary(theta, exponent=exponent)
    # Comparing ratings with the mark of the boundary is comparing utilities with the threshold, and
    # spares clipping the noisy values above 1, for which the power law is not defined. What is
    # equal on paper is not preferred, by whatever last bit.
    if rule == "naive":
        cut = 100 * theta
    else:
        death = rules.reals("death", people.death)
        _in_order(death, 100.0)
        cut = death + (100.0 - death) * (theta if rule == "anchored" else curved)
    rule_prefers_long = people.rating - cut > 100 * _TIE
    return rule_prefers_long.astype(np.int8) - (people.value - curved > _TIE)


@checked
def decision_flip_rate(
    threshold: THRESHOLDS,
    population: POPULATION = _DEFAULT_POPULATION,
    rule: RULE = "naive",
    exponent: rules.POSITIVE = 1.0,
    n: rules.Whole() = 100_000,
    seed: rules.Seed() = 0,
):
    """Fraction of people whose choice between longer and better life a rule reverses, and the part
    of it that wrongly prefers the longer life. Monte Carlo with n people (standard error at most
    0.5 / sqrt(n)), the same for all rules and thresholds; arguments as in `flip_direction`.

    >>> rate, toward_long = decision_flip_rate(0.5)
    >>> round(rate, 2), rate == toward_long
    (0.06, True)
    """
    direction = flip_direction(threshold, simulate_people(population, n, seed), rule, exponent)
    return plain((direction != 0).mean(axis=-1)), plain((direction > 0).mean(axis=-1))


@checked
def noise_free_flip_rate(
    threshold: THRESHOLDS,
    population: POPULATION = _DEFAULT_POPULATION,
    rule: RULE = "naive",
    exponent: rules.POSITIVES = 1.0,
):
    """`decision_flip_rate` without noise, by Gauss-Legendre quadrature over the mark for dead.

    A choice is reversed if the value lies between the boundaries of the rule and of the truth
    (`choice_boundary`): the rate is a mean over rulers of differences of Beta distribution
    functions; for uniform values and r = 1 it is E[min(t, D (1 - t) / (1 - D))]. The error is
    below 1e-5 if no shape parameter is below 1. ValueError for a population with noise.

    >>> round(noise_free_flip_rate(0.5)[0], 4)
    0.0623
    """
    if population.noise_sd:
        raise ValueError(f"population must be without noise, got noise_sd {population.noise_sd}")
    theta, shapes = threshold, (population.death_a, population.death_b)

    def below(value):
        # A distribution function is 0 below 0 and 1 above 1: no approximation in the clip.
        return special.betainc(population.value_a, population.value_b, np.clip(value, 0, 1))

    curved = choice_boundary(theta, exponent=exponent)
    if rule != "naive":
        long = below(curved) - below(choice_boundary(theta, rule=rule, exponent=exponent))
        return plain(np.abs(long)), plain(np.maximum(long, 0))
    # The integrand has kinks where the naive boundary crosses the true one and where it reaches
    # 0: integrate piece by piece, over the support that carries all but 2e-14 of the rulers.
    kinks = [0 * theta, np.maximum(theta - curved, 0) / (1 - np.minimum(curved, theta)), theta]
    support = special.betaincinv(*shapes, 1e-14), special.betainccinv(*shapes, 1e-14)
    kinks = [np.clip(kink, *support)[..., None] for kink in kinks]
    nodes, weights = special.roots_legendre(128)
    step = (nodes + 1) / 2
    # The substitution t^2 (3 - 2 t) tames the power-law ends of Beta densities.
    smooth, slope = step**2 * (3 - 2 * step), 3 * step * (1 - step)
    parts = []
    for low, high in pairwise(kinks):
        mark = low + (high - low) * smooth
        powers = special.xlogy(shapes[0] - 1, mark) + special.xlog1py(shapes[1] - 1, -mark)
        naive = (theta[..., None] - mark) / (1 - mark)
        gap = np.abs(below(np.asarray(curved)[..., None]) - below(naive))
        density = np.exp(powers - special.betaln(*shapes))
        parts.append((gap * density * (high - low)) @ (weights * slope))
    toward_long = parts[1] + below(curved) * special.betaincc(*shapes, theta)
    return plain(parts[0] + toward_long), plain(toward_long)


STATISTICS = {
    "mean": np.mean,
    "median": np.median,
    "geometric_mean": lambda data, axis: np.exp(np.log(data).mean(axis=axis)),
    "maximum": np.max,
}
SCALES = ("ratio", "interval", "ordinal", "individual")


def _admissible_maps(pooled, scale, n, rng):
    """Image of the pooled data under n random admissible maps, shape (n, pooled.size)."""
    spread = np.ptp(pooled)
    if scale == "ordinal":
        heights = np.exp(2 * rng.standard_normal((n, 9))).cumsum(axis=1)
        position = (pooled - pooled.min()) / (spread or 1.0) * 8
        knot = np.minimum(position.astype(int), 7)
        rest = position - knot
        return heights[:, knot] * (1 - rest) + heights[:, knot + 1] * rest
    shape = (n, pooled.size if scale == "individual" else 1)
    factor = np.exp(rng.standard_normal(shape))
    largest_shift = {"ratio": 0.0, "interval": 5.0, "individual": 1.0}[scale]
    return factor * pooled + rng.uniform(0, largest_shift, shape) * spread


@checked
def invariance_rate(
    a: rules.NUMBERS,
    b: rules.NUMBERS,
    statistic: rules.Choice(*STATISTICS) = "mean",
    scale: rules.Choice(*SCALES) = "interval",
    n: rules.Whole() = 1000,
    seed: rules.Seed() = 0,
):
    """How often "a has the larger statistic" survives a random admissible change of scale.

    A statement is meaningful on a scale type if no admissible map changes its truth (Stevens,
    1946; Krantz, Luce, Suppes & Tversky, 1971): rate 1. A new tie (relative difference below
    1e-12) counts as a change. All maps keep positive data positive.

    Parameters
    ----------
    a, b : array_like, shape (k,), (m,)
        Two groups of data (any unit); positive for the geometric mean.
    statistic : {"mean", "median", "geometric_mean", "maximum"}
        The median of an even number of values averages two: not safe on an ordinal scale.
    scale : {"ratio", "interval", "ordinal", "individual"}
        Maps, in terms of the range of the pooled data: "ratio" multiplies by exp(N(0, 1));
        "interval" also adds U(0, 5) ranges; "ordinal" is increasing, piecewise linear with 9
        equally spaced knots, first height and steps exp(2 N(0, 1)); "individual" gives each
        observation its own factor exp(N(0, 1)) and shift of U(0, 1) ranges.
    n, seed : int
        Number of maps, and seed.

    Examples
    --------
    >>> invariance_rate([1, 2, 3, 4, 10], [2, 3, 3.5, 4, 5], "median", "ordinal")
    1.0
    """
    pooled = np.concatenate([a.ravel(), b.ravel()])
    if statistic == "geometric_mean" and (wrong := pooled <= 0).any():
        raise ValueError(
            f"a and b: the geometric mean needs positive data, got {first(pooled, wrong)}"
        )

    def sign(data):
        parts = np.split(data, [a.size], axis=-1)
        gap = np.subtract(*(STATISTICS[statistic](part, axis=-1) for part in parts))
        return np.where(np.abs(gap) <= _TIE * np.abs(data).max(axis=-1), 0, np.sign(gap))

    mapped = _admissible_maps(pooled, scale, n, seed)
    return float((sign(mapped) == sign(pooled)).mean())
