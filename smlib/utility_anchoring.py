"""When do two people's ratings on a 0-to-100 scale mean the same? (Chapter "The mind's ruler".)

Every person reads the scale off a private ruler, with "dead" at a mark d and "full health" at a
mark f. The module re-anchors such ratings, with errors; bends them into risk utilities; and counts
what the private rulers do to averages, comparisons of groups, and choices.

This is a model of measurement, not a decision aid: nobody's treatment should be chosen by a
formula of this module. All people in it are simulated.

Ratings, marks and their standard deviations are points of the 0-100 scale. Values and utilities are
1 in full health, 0 at "dead", negative for states rated worse than dead. Arrays broadcast; scalars
give a float. Every function raises a ValueError, which shows the value, for a number that is not
finite, a negative SD, an exponent that is not positive, and a ruler with full <= death.
"""

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy import special

from smlib.checks import choice, generator, instance, plain, reals, representable, whole

__all__ = ["People", "RulerPopulation", "choice_boundary", "decision_flip_rate"]
__all__ += ["fieller_interval", "flip_direction", "group_utility", "invariance_rate"]
__all__ += ["noise_free_flip_rate", "power_utility", "reanchor", "reanchor_sd"]
__all__ += ["ruler_reading", "simulate_people"]

RULES = ("naive", "anchored", "anchored_power")
# Relative difference below which two statistics count as tied: far above the rounding error of
# an average, far below any difference between ratings.
_TIE = 1e-12


def _require(valid, value, message):
    """Raise ValueError with the first element of `value` for which `valid` is false."""
    valid, value = np.broadcast_arrays(valid, value)
    if not valid.all():
        raise ValueError(f"{message}, got {value[~valid].flat[0].item()!r}")


def _anchors(death, full):
    death, full = np.broadcast_arrays(reals("death", death), reals("full", full))
    if not (full > death).all():
        marks = [mark[~(full > death)][0].item() for mark in (full, death)]
        raise ValueError(
            "full must lie above death on every ruler, got full={!r}, death={!r}".format(*marks)
        )
    return death, full


def _errors(*sds):
    named = zip(("sd_rating", "sd_death", "sd_full"), sds, strict=True)
    return [reals(name, sd, "[0, inf)") for name, sd in named]


@representable
def ruler_reading(value, death, full=100.0):
    """Mark at which this ruler puts a state, d + (f - d) value; off the paper outside 0 to 100.

    >>> ruler_reading(0.5, death=20)
    60.0
    """
    death, full = _anchors(death, full)
    return plain(death + (full - death) * reals("value", value))


@representable
def reanchor(rating, death, full=100.0):
    """Value of a rated state, (x - d) / (f - d): dead becomes 0, full health 1. Not clipped.

    >>> round(reanchor(70, death=5), 4)
    0.6842
    """
    death, full = _anchors(death, full)
    return plain((reals("rating", rating) - death) / (full - death))


@representable
def reanchor_sd(rating, death, full=100.0, sd_rating=0.0, sd_death=0.0, sd_full=0.0):
    """Standard error of a re-anchored rating, to first order in independent errors (delta method):
    sqrt(sx^2 + (1 - u)^2 sd^2 + u^2 sf^2) / (f - d) with u = (x - d) / (f - d).

    >>> round(reanchor_sd(70, 5, 100, 5, 5, 5), 4)
    0.0659
    """
    death, full = _anchors(death, full)
    sx, sd, sf = _errors(sd_rating, sd_death, sd_full)
    u = reanchor(rating, death, full)
    return plain(np.sqrt(sx**2 + ((1 - u) * sd) ** 2 + (u * sf) ** 2) / (full - death))


@representable
def fieller_interval(
    rating, death, full=100.0, sd_rating=0.0, sd_death=0.0, sd_full=0.0, level=0.95
):
    """Confidence interval of a re-anchored rating, exact for normal errors (Fieller, 1954): all u
    with (x - d - u (f - d))^2 <= z^2 (sx^2 + (1 - u)^2 sd^2 + u^2 sf^2).

    Scalars only. Returns (low, high), not symmetric about `reanchor`. A ValueError is raised for a
    level outside (0, 1), and if the marks for dead and full health are not distinct at this level:
    then no bounded interval exists.

    >>> low, high = fieller_interval(70, 5, 100, 5, 5, 5)
    >>> round(low, 3), round(high, 3)
    (0.558, 0.819)
    """
    named = {"rating": rating, "death": death, "full": full, "sd_rating": sd_rating}
    named |= {"sd_death": sd_death, "sd_full": sd_full, "level": level}
    for each in named.items():
        reals(*each, ndim=0)
    death, full = (mark.item() for mark in _anchors(death, full))
    sx2, sd2, sf2 = (sd.item() ** 2 for sd in _errors(sd_rating, sd_death, sd_full))
    level = float(reals("level", level, "(0, 1)"))
    z2 = float(special.ndtri((1 - level) / 2)) ** 2
    above_dead, length = reals("rating", rating).item() - death, full - death
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


@representable
def power_utility(value, exponent=1.6):
    """Risk utility of a re-anchored value by the power law 1 - (1 - v)^r (Torrance, 1976).

    A value above 1 raises a ValueError. Noise can produce it: clip it yourself, and say so.

    >>> power_utility(0.5, exponent=2)
    0.75
    """
    value = reals("value", value, "(-inf, 1]")  # 1 is full health
    return plain(1 - (1 - value) ** reals("exponent", exponent, "(0, inf)"))


@representable
def group_utility(ratings, death, full, method="mean_of_ratios"):
    """Value of a state for a group of people, each with a ruler of their own.

    Parameters
    ----------
    ratings, death, full : array_like, shape (n,)
        Points; ValueError for an empty group or unequal lengths.
    method : {"mean_of_ratios", "ratio_of_means", "median_of_ratios"}
        Average re-anchored ratings (ruled by people whose marks nearly coincide), re-anchor
        average ratings (only the averages need full > death), or take the median.

    Examples
    --------
    >>> round(group_utility([70, 40], [5, 20], [100, 95]), 4)
    0.4754
    """
    choice("method", method, ("mean_of_ratios", "ratio_of_means", "median_of_ratios"))
    named = {"ratings": ratings, "death": death, "full": full}
    columns = [reals(name, column) for name, column in named.items()]
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

    The value of the state and a hundredth of the mark for dead have Beta distributions, ratings a
    normal error with SD `noise_sd` (points). The default mark has mean 10 and SD 9 points: an
    assumption for teaching, not a measurement.
    """

    value_a: float = 1.0
    value_b: float = 1.0
    death_a: float = 1.0
    death_b: float = 9.0
    noise_sd: float = 0.0

    def __post_init__(self):
        for field in fields(self):
            within = "[0, inf)" if field.name == "noise_sd" else "(0, inf)"
            reals(field.name, getattr(self, field.name), within, ndim=0)


_DEFAULT_POPULATION = RulerPopulation()


class People(NamedTuple):
    """Simulated people, one array element each, shape (n,)."""

    value: np.ndarray  # true value of the state, 0 to 1
    death: np.ndarray  # mark for dead, points
    rating: np.ndarray  # rating of the state, points, noise included and not clipped


@representable
def simulate_people(population=_DEFAULT_POPULATION, n=600, seed=0):
    """Draw n `People`. With equal `n`, shape parameters and seed the same people return, whatever
    the noise. ValueError for n < 1.

    >>> people = simulate_people(n=3)
    >>> bool((people.rating >= 100 * people.value).all())  # a mark above 0 lifts every rating
    True
    """
    whole("n", n)
    rng, population = generator("seed", seed), instance("population", population, RulerPopulation)
    value = rng.beta(population.value_a, population.value_b, n)
    death = 100 * rng.beta(population.death_a, population.death_b, n)
    noise = population.noise_sd * rng.standard_normal(n)
    return People(value, death, death + (100 - death) * value + noise)


@representable
def choice_boundary(threshold, death=0.0, rule="truth", exponent=1.0):
    """Value of a state above which a noise-free rule prefers the longer life in that state.

    Longer life in the state is worth more than a shorter life in full health if its utility
    exceeds the ratio of the two durations, the threshold, in (0, 1). The truth and
    "anchored_power" compare 1 - (1 - v)^r with the threshold, r being `exponent`; "anchored"
    compares v; "naive" a hundredth of the rating. Only "naive" depends on `death`; its boundary
    is negative if dead lies above the threshold.

    >>> choice_boundary(0.5, death=20, rule="naive")
    0.375
    """
    choice("rule", rule, ("truth", *RULES))
    theta, exponent = (
        reals("threshold", threshold, "(0, 1)"),
        reals("exponent", exponent, "(0, inf)"),
    )
    naive = reanchor(100 * theta, death)
    if rule == "naive":
        return naive
    boundary = theta if rule == "anchored" else 1 - (1 - theta) ** (1 / exponent)
    shape = np.broadcast_shapes(np.shape(naive), np.shape(boundary))
    return plain(np.broadcast_to(boundary, shape).copy())


@representable
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

    Examples
    --------
    >>> people = People(np.array([0.4, 0.45]), np.array([5.0, 20.0]), np.array([43.0, 56.0]))
    >>> flip_direction(0.5, people)
    array([0, 1], dtype=int8)
    """
    choice("rule", rule, RULES)
    instance("people", people, People)
    theta = reals("threshold", threshold, "(0, 1)")[..., None]
    curved = choice_boundary(theta, exponent=exponent)
    # Comparing ratings with the mark of the boundary is comparing utilities with the threshold, and
    # spares clipping the noisy values above 1, for which the power law is not defined. What is
    # equal on paper is not preferred, by whatever last bit.
    if rule == "naive":
        cut = 100 * theta
    else:
        death, full = _anchors(people.death, 100.0)
        cut = death + (full - death) * (theta if rule == "anchored" else curved)
    rule_prefers_long = people.rating - cut > 100 * _TIE
    return rule_prefers_long.astype(np.int8) - (people.value - curved > _TIE)


@representable
def decision_flip_rate(
    threshold, population=_DEFAULT_POPULATION, rule="naive", exponent=1.0, n=100_000, seed=0
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


@representable
def noise_free_flip_rate(threshold, population=_DEFAULT_POPULATION, rule="naive", exponent=1.0):
    """`decision_flip_rate` without noise, by Gauss-Legendre quadrature over the mark for dead.

    A choice is reversed if the value lies between the boundaries of the rule and of the truth
    (`choice_boundary`): the rate is a mean over rulers of differences of Beta distribution
    functions; for uniform values and r = 1 it is E[min(t, D (1 - t) / (1 - D))]. The error is
    below 1e-5 if no shape parameter is below 1. ValueError for a population with noise.

    >>> round(noise_free_flip_rate(0.5)[0], 4)
    0.0623
    """
    choice("rule", rule, RULES)
    noise = instance("population", population, RulerPopulation).noise_sd
    _require(noise == 0, noise, "population: noise_free_flip_rate needs noise_sd 0")
    theta = reals("threshold", threshold, "(0, 1)")
    shapes = population.death_a, population.death_b

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


@representable
def invariance_rate(a, b, statistic="mean", scale="interval", n=1000, seed=0):
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
    choice("statistic", statistic, STATISTICS)
    choice("scale", scale, SCALES)
    whole("n", n)
    a, b = reals("a", a).ravel(), reals("b", b).ravel()
    if not (a.size and b.size):
        raise ValueError(f"a and b need at least 1 value each, got {a.size} and {b.size}")
    pooled = np.concatenate([a, b])
    if statistic == "geometric_mean":
        _require(pooled > 0, pooled, "a and b: the geometric mean needs positive data")

    def sign(data):
        parts = np.split(data, [a.size], axis=-1)
        gap = np.subtract(*(STATISTICS[statistic](part, axis=-1) for part in parts))
        return np.where(np.abs(gap) <= _TIE * np.abs(data).max(axis=-1), 0, np.sign(gap))

    mapped = _admissible_maps(pooled, scale, n, generator("seed", seed))
    return float((sign(mapped) == sign(pooled)).mean())
