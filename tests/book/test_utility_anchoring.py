"""What the chapter "The mind's ruler" promises of its figures.

Expected values: closed forms, quadrature by SciPy, and the differences of Walters & Brazier 2005.
Rates with noise are counted over 100 000 people: standard error at most 0.16 %.
"""

import numpy as np
import pytest
from scipy import stats

from smlib.figures.utility_anchoring import (
    naive_bias,
    two_rulers,
    two_wrongs,
    what_survives,
    who_flips,
)
from smlib.studies.utility_anchoring import GROUP_A, GROUP_B, crowd, flip_rates, population
from smlib.utility_anchoring import SCALES, STATISTICS, flip_direction

from .conftest import value

COUNTED = 0.4  # per cent; 2.5 standard errors


def ruler(rating, death, exponent):
    told = two_rulers.readouts(rating=rating, death=death, exponent=exponent)
    low, high = (value(end) for end in told.pop("95 % interval").split(" to "))
    return {name: value(text) for name, text in told.items()} | {"low": low, "high": high}


def flips(threshold, mean_mark, exponent, noise):
    told = who_flips.readouts(
        threshold=threshold, mean_mark=mean_mark, exponent=exponent, noise=noise
    )
    return [value(text) for text in told.values()]


# --- two rulers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "death", "exponent", "value", "utility"),
    [
        (70, 5, 1.0, 0.684, 0.684),
        (70, 40, 1.0, 0.500, 0.500),
        (70, 5, 1.6, 0.684, 0.842),
        (70, 5, 2.29, 0.684, 0.929),
        (0, 5, 1.0, -0.053, -0.053),
        (0, 20, 1.0, -0.250, -0.250),
        (0, 40, 1.0, -0.667, -0.667),
    ],
)
def test_settings_to_try(rating, death, exponent, value, utility):
    told = ruler(rating, death, exponent)
    assert told["Naive"] == rating / 100
    assert told["Re-anchored"] == value
    assert told["Under risk"] == utility


def test_the_correction_is_an_eighth_of_half_the_interval():
    told = ruler(70, 5, 1.0)
    assert (told["low"], told["high"]) == (0.558, 0.819)
    assert told["Correction"] == -0.016
    half = (told["high"] - told["low"]) / 2
    assert half / (0.70 - 65 / 95) == pytest.approx(8, abs=0.5)


def test_the_curve_is_ten_times_the_correction_and_points_the_other_way():
    told = ruler(70, 5, 1.6)
    assert told["Effect of risk"] == 0.158
    assert told["Effect of risk"] / (0.70 - 65 / 95) == pytest.approx(10, abs=0.05)


@pytest.mark.parametrize("death", [0, 5, 20, 40])
def test_the_curve_does_nothing_at_the_two_ends(death):
    assert ruler(death, death, 1.6)["Effect of risk"] == 0
    assert ruler(100, death, 2.29)["Effect of risk"] == 0


@pytest.mark.parametrize(("rating", "death"), [(10, 0), (40, 10), (30, 40)])
def test_nothing_is_written_as_minus_zero(rating, death):
    # Without curvature the two differ by rounding alone.
    told = two_rulers.readouts(rating=rating, death=death, exponent=1.0)
    assert told["Effect of risk"] == "+0.000"


def test_the_correction_grows_with_the_mark_and_with_badness():
    by_mark = [ruler(50, death, 1.0)["Correction"] for death in (0, 10, 20, 30, 40)]
    by_state = [ruler(rating, 20, 1.0)["Correction"] for rating in (100, 70, 40, 10)]
    assert by_mark[0] == by_state[0] == 0
    assert (np.diff(by_mark) < 0).all()
    assert (np.diff(by_state) < 0).all()


def test_the_interval_grows_as_the_ruler_gets_shorter():
    long, short = ruler(70, 0, 1.0), ruler(70, 40, 1.0)
    assert short["high"] - short["low"] > 1.3 * (long["high"] - long["low"])


# --- who flips? ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "naive", "anchored", "curved"),
    [
        ((0.5, 10, 1.0, 0), 6.2, 0.0, 0.0),
        ((0.5, 10, 1.6, 0), 10.1, 14.8, 0.0),
        ((0.5, 10, 2.29, 0), 18.2, 23.9, 0.0),
        ((0.1, 10, 1.6, 0), 3.9, 3.6, 0.0),
        ((0.7, 10, 1.6, 0), 13.6, 17.1, 0.0),
        ((0.9, 10, 1.0, 0), 1.2, 0.0, 0.0),
        ((0.5, 0, 1.0, 0), 0.0, 0.0, 0.0),
    ],
)
def test_flips_without_noise(state, naive, anchored, curved):
    # One in the last digit: 1.25 may be printed either way.
    assert flips(*state) == pytest.approx([naive, anchored, curved], abs=0.051)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ((0.5, 10, 1.0, 10), (11.1, 9.1, 9.1)),
        ((0.5, 10, 1.0, 5), (7.85, 4.55, 4.55)),
        ((0.5, 10, 1.6, 5), (10.8, 14.9, 4.46)),
    ],
)
def test_flips_with_noise(state, expected):
    assert flips(*state) == pytest.approx(expected, abs=COUNTED)


@pytest.mark.parametrize("mean_mark", [5, 10, 20, 30])
def test_naive_flips_are_the_closed_form_and_all_toward_the_longer_life(mean_mark):
    theta, marks = 0.5, stats.beta(1, 100 / mean_mark - 1)
    assert marks.mean() == pytest.approx(mean_mark / 100)
    formula = marks.expect(lambda t: t * (1 - theta) / (1 - t), ub=theta) + theta * marks.sf(theta)
    assert flips(theta, mean_mark, 1.0, 0)[0] == pytest.approx(100 * formula, abs=0.051)
    longer, shorter = flip_rates(theta, mean_mark, 1.0, 0, "naive")
    assert longer == pytest.approx(formula, abs=1e-6)
    assert shorter == pytest.approx(0, abs=1e-12)


def test_at_the_start_dead_has_mean_10_and_standard_deviation_9():
    shapes = population(10)
    marks = stats.beta(shapes.death_a, shapes.death_b)
    assert (100 * marks.mean(), 100 * marks.std()) == pytest.approx((10, 9), abs=0.05)


def test_anchored_without_its_curve_errs_toward_the_shorter_life():
    longer, shorter = flip_rates(0.5, 10, 1.6, 0, "anchored")
    assert longer == pytest.approx(0, abs=1e-12)
    assert shorter == pytest.approx(0.5 - (1 - 0.5 ** (1 / 1.6)), abs=1e-9)


def test_noise_makes_anchored_choices_err_in_both_directions_alike():
    longer, shorter = flip_rates(0.5, 10, 1.0, 10, "anchored")
    assert longer == pytest.approx(shorter, abs=0.004)


@pytest.mark.parametrize("exponent", [1.0, 1.6, 2.29])
def test_naive_and_anchored_agree_where_everyone_puts_dead_at_0(exponent):
    naive, anchored, _ = flips(0.5, 0, exponent, 0)
    assert naive == anchored


def test_the_dots_flip_as_often_as_the_bars_say():
    way = flip_direction(0.5, crowd(30, 0, 300), "naive", 1.0)
    rate = sum(flip_rates(0.5, 30, 1.0, 0, "naive"))
    assert np.mean(way != 0) == pytest.approx(rate, abs=3 * np.sqrt(rate * (1 - rate) / 300))
    assert (way >= 0).all()


# --- stills -------------------------------------------------------------------------------------


def test_bias_reaches_what_is_noticed_only_for_high_marks():
    # d (1 - u) / 100 = 0.074
    assert naive_bias.readouts()["where"] == (
        "below a value of 0.815 at 40 and below a value of 0.630 at 20"
    )


def test_anchoring_alone_turns_harmful_between_thresholds_of_one_and_three_tenths():
    crossing = float(two_wrongs.readouts()["crossing"])
    assert 0.1 < crossing < 0.3
    for exponent in (1.6, 2.29):
        naive, anchored, _ = flips(0.3, 10, exponent, 0)
        assert anchored > naive


def test_groups_disagree_by_mean_and_median():
    assert (np.mean(GROUP_A), np.mean(GROUP_B)) == (4.0, 3.5)
    assert (np.median(GROUP_A), np.median(GROUP_B)) == (3.0, 3.5)


def test_what_survives_a_change_of_scale():
    lines = (line.split(": ") for line in what_survives.readouts()["table"].split("; "))
    table = {name: [float(rate) for rate in rates.split(", ")] for name, rates in lines}
    assert list(table) == [name.replace("_", " ") for name in STATISTICS]
    assert SCALES == ("ratio", "interval", "ordinal", "individual")
    assert table["mean"][:2] == [1, 1]
    assert table["median"][:3] == table["maximum"][:3] == [1, 1, 1]
    assert table["geometric mean"][0] == 1
    # Standard error 0.0035, and half of the last digit of the expected values.
    assert table["mean"][2:] == pytest.approx([0.71, 0.55], abs=0.02)
    assert table["geometric mean"][1] == pytest.approx(0.12, abs=0.02)
    assert all(rates[3] < 0.75 for rates in table.values())
