"""Experiments of the chapter "The mind's ruler". All people in them are simulated."""

from functools import cache

import numpy as np
from scipy.optimize import brentq

from smlib import utility_anchoring as ua

#: Two groups of five ratings whose means and medians disagree.
GROUP_A, GROUP_B = (1, 2, 3, 4, 10), (2, 3, 3.5, 4, 5)


def population(mean_mark, noise=0.0):
    """Rulers whose marks for dead have this mean, in points; ratings with this noise."""
    death_b = 100 / mean_mark - 1 if mean_mark else 1e6
    return ua.RulerPopulation(death_b=death_b, noise_sd=noise)


@cache
def crowd(mean_mark, noise, n):
    """The same n people for every threshold, rule and curvature."""
    return ua.simulate_people(population(mean_mark, noise), n)


def flip_rates(threshold, mean_mark, exponent, noise, rule):
    """Fractions of choices reversed toward the longer and toward the shorter life.

    Without noise by quadrature, with noise counted over 100 000 people.
    """
    if noise == 0:
        everyone = population(mean_mark)
        rate, longer = ua.noise_free_flip_rate(threshold, everyone, rule, exponent)
    else:
        way = ua.flip_direction(threshold, crowd(mean_mark, noise, 100_000), rule, exponent)
        rate, longer = np.mean(way != 0), np.mean(way > 0)
    return longer, rate - longer


@cache
def harm_starts(exponent):
    """Threshold above which anchoring alone reverses more choices than naive reading."""

    def harm(theta):
        rule = {"population": population(10), "exponent": exponent}
        naive, anchored = (
            ua.noise_free_flip_rate(theta, rule=name, **rule)[0] for name in ("naive", "anchored")
        )
        return anchored - naive

    return brentq(harm, 0.03, 0.5)


@cache
def survival(statistic, scale):
    """How often the order of the two groups survives a change of scale."""
    return ua.invariance_rate(GROUP_A, GROUP_B, statistic, scale, n=20_000)
