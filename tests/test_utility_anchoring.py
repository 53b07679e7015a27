"""Private rulers: expected numbers are closed forms, quadrature, independent packages or hand work.

Monte Carlo rates at n = 100 000 have a standard error of at most 0.0016; the tolerance 0.004 used
for them is 2.5 of the largest and more of the usual ones. Seeds are fixed.
"""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import dblquad, quad
from scipy.optimize import brentq
from scipy.special import betainc
from sklearn.preprocessing import MinMaxScaler

from smlib import utility_anchoring as ua
from smlib.utility_anchoring import (
    People,
    RulerPopulation,
    choice_boundary,
    decision_flip_rate,
    fieller_interval,
    flip_direction,
    group_utility,
    invariance_rate,
    noise_free_flip_rate,
    power_utility,
    reanchor,
    reanchor_sd,
    ruler_reading,
    simulate_people,
)

RULES = ["naive", "anchored", "anchored_power"]
MONTE_CARLO = 0.004
A, B = [1, 2, 3, 4, 10], [2, 3, 3.5, 4, 5]
MID_EQ5D = 0.074  # minimally important difference (Walters & Brazier, 2005)

points = st.floats(0, 100)
values = st.floats(-3, 1)
exponents = st.floats(0.2, 5)
thresholds = st.floats(0.05, 0.95)
shapes = st.floats(1, 12)
sds = st.floats(0, 10)
rulers = st.tuples(st.floats(-20, 60), st.floats(1, 100)).map(lambda t: (t[0], t[0] + t[1]))
few = settings(max_examples=50)


# --- re-anchoring -------------------------------------------------------------------------------


def test_reanchor_the_example():
    assert reanchor(70, 5, 100) == pytest.approx(65 / 95, rel=1e-15)
    assert reanchor(70, 5) == pytest.approx(0.6842105, abs=5e-8)


def test_reanchor_the_worst_rating_reaches_far_below_dead_on_some_rulers():
    expected = [-0.05263, -0.25, -1, -9]
    np.testing.assert_allclose(reanchor(0, [5, 20, 50, 90]), expected, atol=5e-6)


@given(rulers, points)
def test_reanchor_is_min_max_scaling(ruler, rating):
    scaler = MinMaxScaler().fit(np.reshape(ruler, (2, 1)))
    assert reanchor(rating, *ruler) == pytest.approx(scaler.transform([[rating]])[0, 0], abs=1e-9)


@given(rulers, values)
def test_reanchor_undoes_the_ruler(ruler, value):
    assert reanchor(ruler_reading(value, *ruler), *ruler) == pytest.approx(value, abs=1e-9)


@given(rulers)
def test_the_marks_are_0_and_1(ruler):
    death, full = ruler
    assert reanchor(death, death, full) == 0
    assert reanchor(full, death, full) == 1
    assert ruler_reading(0, death, full) == death
    assert ruler_reading(1, death, full) == pytest.approx(full, rel=1e-12)


@given(rulers, points, st.floats(-50, 50), st.floats(0.1, 10))
def test_reanchor_removes_any_affine_change_of_the_whole_ruler(ruler, rating, shift, factor):
    death, full = ruler
    moved = reanchor(shift + factor * rating, shift + factor * death, shift + factor * full)
    assert moved == pytest.approx(reanchor(rating, death, full), abs=1e-7, rel=1e-7)


@given(st.floats(0, 90), st.floats(0, 1))
def test_naive_bias_is_the_closed_form_and_never_exceeds_the_mark(death, value):
    bias = ruler_reading(value, death) / 100 - value
    assert bias == pytest.approx(death / 100 * (1 - value), abs=1e-12)
    assert -1e-12 <= bias <= death / 100 + 1e-12


def test_a_naive_comparison_of_groups_reverses_past_the_closed_form_difference():
    u_a, u_b = 0.55, 0.5
    critical = 100 * (u_a - u_b) / (1 - u_b)
    assert critical == pytest.approx(10)
    assert ruler_reading(u_b, critical + 0.1) > ruler_reading(u_a, 0)
    assert ruler_reading(u_b, critical - 0.1) < ruler_reading(u_a, 0)


def program_gain(delta, years=10.0, extra=2.8, before=0.5, after=0.7):
    """Naive gain of better life for `years`, and of `extra` years of better life."""
    low, high = ruler_reading(np.array([before, after]), 100 * delta) / 100
    return years * (high - low), extra * high


@pytest.mark.parametrize(
    ("delta", "quality", "length"),
    [(0, 2.0, 1.96), (0.05, 1.90, 2.002), (0.10, 1.80, 2.044), (0.20, 1.60, 2.128)],
)
def test_order_of_two_programs_flips_at_a_small_mark(delta, quality, length):
    assert program_gain(delta) == pytest.approx((quality, length), abs=1e-9)


def test_break_even_mark_of_the_two_programs():
    balance = brentq(lambda delta: np.subtract(*program_gain(delta)), 0, 0.2)
    assert balance == pytest.approx(0.0141, abs=5e-5)
    assert balance == pytest.approx(0.04 / 2.84, abs=1e-9)  # 2(1-D) = 1.96 + 0.84 D


# --- errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("errors", "expected"),
    [((5, 5, 5), 0.065902), ((0, 5, 5), 0.039662), ((5, 0, 0), 0.052632), ((0, 0, 0), 0)],
)
def test_reanchor_sd_of_the_example(errors, expected):
    assert reanchor_sd(70, 5, 100, *errors) == pytest.approx(expected, abs=5e-7)


def test_anchor_errors_matter_least_in_the_middle():
    ratings = ruler_reading(np.array([0, 0.5, 1]), 5)
    anchors_only = reanchor_sd(ratings, 5, 100, 0, 5, 5)
    np.testing.assert_allclose(anchors_only, [0.0526, 0.0372, 0.0526], atol=5e-5)


@given(rulers, st.floats(0.5, 10), st.floats(0.5, 10), st.floats(-1, 2))
def test_anchor_errors_are_least_at_the_weighted_point(ruler, sd_death, sd_full, other):
    best = sd_death**2 / (sd_death**2 + sd_full**2)
    least, elsewhere = reanchor_sd(
        ruler_reading(np.array([best, other]), *ruler), *ruler, 0, sd_death, sd_full
    )
    assert least <= elsewhere * (1 + 1e-9)


def test_exercise_weighted_point():
    assert 10**2 / (10**2 + 5**2) == 0.8
    u = np.linspace(0, 1, 1001)
    spread = reanchor_sd(ruler_reading(u, 5), 5, 100, 0, 10, 5)
    assert u[spread.argmin()] == pytest.approx(0.8, abs=5e-4)


@given(rulers, points, sds, sds, sds)
def test_reanchor_sd_is_the_gradient_of_reanchor(ruler, rating, sx, sd, sf):
    death, full = ruler
    h = 1e-4 * (full - death)
    gradient = [
        (reanchor(rating + h, death, full) - reanchor(rating - h, death, full)) / (2 * h),
        (reanchor(rating, death + h, full) - reanchor(rating, death - h, full)) / (2 * h),
        (reanchor(rating, death, full + h) - reanchor(rating, death, full - h)) / (2 * h),
    ]
    expected = math.hypot(*np.multiply(gradient, (sx, sd, sf)))
    # central differences of 1/(f - d) err by (h / (f - d))^2 = 1e-8, relatively
    assert reanchor_sd(rating, death, full, sx, sd, sf) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("marks", "sd", "expected", "tolerance"),
    [
        ((70, 5, 100), 5, (0.55759, 0.81884), 6e-6),
        ((70, 5, 100), 2, (0.63308, 0.73660), 6e-6),
        ((40, 30, 60), 5, (-0.1735, 0.7497), 6e-5),
        ((50, 45, 60), 5, (-2.980, 1.703), 6e-4),
    ],
)
def test_fieller_of_the_examples(marks, sd, expected, tolerance):
    interval = fieller_interval(*marks, sd, sd, sd)
    assert interval == pytest.approx(expected, abs=tolerance)
    assert [type(end) for end in interval] == [float, float]


def test_delta_method_interval_of_the_example():
    half = stats.norm.ppf(0.975) * reanchor_sd(70, 5, 100, 5, 5, 5)
    u = reanchor(70, 5)
    assert (u - half, u + half) == pytest.approx((0.5550, 0.8134), abs=6e-5)


def test_fieller_against_simulated_rulers():
    rng = np.random.default_rng(1)
    x, d, f = np.array([[70.0], [5.0], [100.0]]) + rng.normal(0, 5, (3, 1_000_000))
    simulated = np.quantile(reanchor(x, d, f), [0.025, 0.975])
    np.testing.assert_allclose(simulated, [0.5574, 0.8191], atol=1e-3)
    # quantiles of 1e6 draws err by 0.0002; the two intervals differ in the third decimal
    np.testing.assert_allclose(fieller_interval(70, 5, 100, 5, 5, 5), simulated, atol=2e-3)


def test_short_rulers_have_no_bounded_interval():
    with pytest.raises(ValueError, match=r"225 against 232.*death=45.*full=60"):
        fieller_interval(50, 45, 60, 5.5, 5.5, 5.5)


@given(rulers, points, st.floats(0.1, 10), sds, sds, st.floats(0.5, 0.99))
def test_fieller_ends_solve_the_defining_equation(ruler, rating, sx, sd, sf, level):
    death, full = ruler
    z = stats.norm.ppf(0.5 + level / 2)
    # well above 0, or the ends run away and lose digits
    assume((full - death) ** 2 > 1.2 * z**2 * (sd**2 + sf**2))
    low, high = fieller_interval(rating, death, full, sx, sd, sf, level)
    assert low < reanchor(rating, death, full) < high
    for u in (low, high):
        gap = abs(rating - death - u * (full - death))
        allowed = z * math.sqrt(sx**2 + ((1 - u) * sd) ** 2 + (u * sf) ** 2)
        assert gap == pytest.approx(allowed, rel=1e-6)


def test_fieller_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    value, marks, n = 0.3, np.array([ruler_reading(0.3, 10, 70), 10, 70]), 3000
    intervals = np.array([fieller_interval(*rng.normal(marks, 5), 5, 5, 5) for _ in range(n)])
    covered = np.mean((intervals[:, 0] <= value) & (value <= intervals[:, 1]))
    assert covered == pytest.approx(0.95, abs=4.5 * math.sqrt(0.95 * 0.05 / n))


@given(rulers, points)
def test_fieller_without_anchor_error_is_the_symmetric_interval(ruler, rating):
    half = stats.norm.ppf(0.95) * reanchor_sd(rating, *ruler, sd_rating=3)
    u = reanchor(rating, *ruler)
    interval = fieller_interval(rating, *ruler, sd_rating=3, level=0.9)
    assert interval == pytest.approx((u - half, u + half), rel=1e-7, abs=1e-7)
    assert fieller_interval(rating, *ruler) == pytest.approx((u, u), rel=1e-12, abs=1e-12)


@given(st.floats(0.5, 0.9), st.floats(0.01, 0.09))
def test_fieller_widens_with_the_level(level, step):
    low, high = fieller_interval(70, 5, 100, 5, 5, 5, level)
    wider_low, wider_high = fieller_interval(70, 5, 100, 5, 5, 5, level + step)
    assert wider_low < low < high < wider_high


# --- curvature ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "exponent", "expected"),
    [(65 / 95, 1.6, 0.84186), (65 / 95, 2.29, 0.92861), (-0.2, 1.6, -0.33872)],
)
def test_power_utility_of_the_examples(value, exponent, expected):
    assert power_utility(value, exponent) == pytest.approx(expected, abs=5e-6)


def test_curvature_moves_the_example_ten_times_as_far_as_the_anchor():
    u = reanchor(70, 5)
    curved, anchored = power_utility(u) - u, u - 0.70
    assert curved == pytest.approx(0.158, abs=5e-4)
    assert anchored == pytest.approx(-0.0158, abs=5e-5)
    assert -curved / anchored == pytest.approx(9.98, abs=5e-3)


@given(values, exponents)
def test_power_utility_is_undone_by_the_inverse_exponent(value, exponent):
    back = power_utility(min(power_utility(value, exponent), 1), 1 / exponent)
    # near full health (1 - v)^r loses digits: 1e-16 to the power 1/5 is 6e-4
    assert back == pytest.approx(value, abs=1e-3)
    if value < 0.9:
        assert back == pytest.approx(value, abs=1e-9)


@given(values, values, exponents)
def test_power_utility_keeps_order_and_the_two_anchors(one, other, exponent):
    low, high = power_utility(np.sort([one, other]), exponent)
    assert low <= high <= 1
    assert power_utility([0, 1], exponent).tolist() == [0, 1]


@given(st.floats(0, 1), st.floats(1, 5))
def test_concave_utility_lies_above_the_value_and_below_it_under_dead(value, exponent):
    assert power_utility(value, exponent) >= value - 1e-12
    assert power_utility(-value, exponent) <= -value + 1e-12


# --- groups -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "expected"),
    [("mean_of_ratios", 0.5074), ("ratio_of_means", 0.6748), ("median_of_ratios", 0.6842)],
)
def test_one_person_in_a_hundred_moves_the_mean(method, expected):
    group = ([70] * 99 + [10], [5] * 99 + [95], [100] * 100)
    assert group_utility(*group, method) == pytest.approx(expected, abs=5e-5)


def test_default_group_utility_is_the_mean_and_moves_by_a_sixth():
    group = ([70] * 99 + [10], [5] * 99 + [95], [100] * 100)
    assert group_utility(*group) - reanchor(70, 5) == pytest.approx(-0.177, abs=5e-4)


groups = st.lists(st.tuples(points, rulers), min_size=1, max_size=12).map(
    lambda people: np.array([(x, d, f) for x, (d, f) in people]).T
)
methods = st.sampled_from(["mean_of_ratios", "ratio_of_means", "median_of_ratios"])


@given(groups, methods, st.randoms())
def test_group_utility_does_not_depend_on_who_comes_first(group, method, random):
    order = list(range(group.shape[1]))
    random.shuffle(order)
    shuffled = group_utility(*group[:, order], method)
    assert shuffled == pytest.approx(group_utility(*group, method), rel=1e-9, abs=1e-9)


@given(values, st.lists(rulers, min_size=1, max_size=12), methods)
def test_people_who_agree_make_a_group_that_agrees(value, marks, method):
    death, full = np.array(marks).T
    group = group_utility(ruler_reading(value, death, full), death, full, method)
    assert group == pytest.approx(value, abs=1e-9)


@given(groups)
def test_ratio_of_means_is_the_mean_weighted_by_ruler_length(group):
    x, d, f = group
    weighted = np.average((x - d) / (f - d), weights=f - d)
    assert group_utility(x, d, f, "ratio_of_means") == pytest.approx(weighted, abs=1e-9)


def test_ratio_of_means_bears_a_person_whose_marks_coincide():
    group = ([70, 50], [5, 50], [100, 50])
    assert group_utility(*group, "ratio_of_means") == pytest.approx((60 - 27.5) / (75 - 27.5))
    with pytest.raises(ValueError, match=r"full=50.*death=50"):
        group_utility(*group, "median_of_ratios")


# --- choices ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("theta", "rate"), [(0.3, 0.0825), (0.5, 0.0623), (0.7, 0.0375), (0.9, 0.0125)]
)
def test_naive_choices_flip_toward_the_longer_life(theta, rate):
    flips, toward_long = decision_flip_rate(theta)
    assert flips == toward_long == pytest.approx(rate, abs=MONTE_CARLO)
    assert noise_free_flip_rate(theta) == pytest.approx((rate, rate), abs=6e-5)
    assert decision_flip_rate(theta, rule="anchored") == (0, 0)
    assert noise_free_flip_rate(theta, rule="anchored") == pytest.approx((0, 0), abs=1e-15)


@pytest.mark.parametrize("death_b", [2.5, 4, 9, 30])
@pytest.mark.parametrize("theta", [0.1, 0.5, 0.9])
def test_noise_free_flips_are_the_closed_form(theta, death_b):
    expected = stats.beta(1, death_b).expect(
        lambda delta: min(theta, delta * (1 - theta) / (1 - delta)), lb=0, ub=theta
    ) + theta * stats.beta(1, death_b).sf(theta)
    population = RulerPopulation(death_b=death_b)
    assert noise_free_flip_rate(theta, population)[0] == pytest.approx(expected, abs=1e-8)


def test_rule_of_thumb_and_the_exercise():
    exact = noise_free_flip_rate(0.5)[0]
    assert exact == pytest.approx(0.0623, abs=5e-5)
    assert exact == pytest.approx((1 - 0.5) / (9 - 1), abs=3e-4)  # the thumb rule gives 0.0625
    assert noise_free_flip_rate(0.5, RulerPopulation(death_b=4))[0] == pytest.approx(
        0.1458, abs=5e-5
    )


@pytest.mark.parametrize(
    ("exponent", "theta", "naive", "anchored"),
    [
        (1.6, 0.1, 0.0394, 0.0363),
        (1.6, 0.3, 0.0677, 0.1002),
        (1.6, 0.5, 0.1013, 0.1484),
        (1.6, 0.7, 0.1357, 0.1712),
        (1.6, 0.9, 0.1247, 0.1371),
        (2.29, 0.5, 0.1816, 0.2388),
    ],
)
def test_anchoring_alone_against_two_errors_that_partly_cancel(exponent, theta, naive, anchored):
    for rule, rate in zip(RULES, (naive, anchored, 0.0), strict=True):
        exact = noise_free_flip_rate(theta, rule=rule, exponent=exponent)
        assert exact[0] == pytest.approx(rate, abs=6e-5)
        simulated = decision_flip_rate(theta, rule=rule, exponent=exponent)
        assert simulated == pytest.approx(exact, abs=MONTE_CARLO)
    # anchored: toward the shorter life only, theta - v_theta of them
    assert noise_free_flip_rate(theta, rule="anchored", exponent=exponent) == pytest.approx(
        (theta - (1 - (1 - theta) ** (1 / exponent)), 0), abs=1e-12
    )


def test_curvature_past_which_anchoring_alone_harms():
    def harm(exponent):
        anchored, naive = (
            noise_free_flip_rate(0.5, rule=rule, exponent=exponent)[0]
            for rule in ("anchored", "naive")
        )
        return anchored - naive

    assert brentq(harm, 1.0, 1.6) == pytest.approx(1.142, abs=5e-4)


def noisy_rates(rule, theta, exponent, noise_sd, death_b=9.0):
    """Flip rates with noise by double quadrature; value uniform, mark Beta(1, death_b)."""
    curved = 1 - (1 - theta) ** (1 / exponent)
    cut = {"naive": None, "anchored": theta, "anchored_power": curved}[rule]

    def prefers_long(value, delta):
        if rule == "naive":
            excess = delta + (1 - delta) * value - theta
        else:
            excess = (1 - delta) * (value - cut)
        return stats.norm.cdf(100 * excess / noise_sd) * death_b * (1 - delta) ** (death_b - 1)

    # trapezium sums on 1001 x 1001 points err by less than 1e-5 for noise of 5 points
    delta = np.linspace(0, 1, 1001)[:, None]
    below, above = np.linspace(0, curved, 1001), np.linspace(curved, 1, 1001)
    density = death_b * (1 - delta) ** (death_b - 1)
    long = np.trapezoid(np.trapezoid(prefers_long(below, delta), below), delta[:, 0])
    short = np.trapezoid(np.trapezoid(density - prefers_long(above, delta), above), delta[:, 0])
    return long + short, long


@pytest.mark.parametrize(
    ("exponent", "rule", "noise_sd", "rate", "toward_long"),
    [
        (1, "naive", 5, 0.0785, 0.0703),
        (1, "anchored", 5, 0.0455, 0.0228),
        (1.6, "naive", 5, 0.108, None),
        (1.6, "anchored", 5, 0.149, None),
        (1.6, "anchored_power", 5, 0.0446, None),
        (1, "naive", 10, 0.111, None),
        (1, "anchored", 10, 0.091, None),
        (1, "anchored_power", 10, 0.091, None),
    ],
)
def test_flips_with_noise(exponent, rule, noise_sd, rate, toward_long):
    population = RulerPopulation(noise_sd=noise_sd)
    flips, long = decision_flip_rate(0.5, population, rule, exponent)
    assert flips == pytest.approx(rate, abs=MONTE_CARLO)
    if toward_long is not None:
        assert long == pytest.approx(toward_long, abs=MONTE_CARLO)
    expected = noisy_rates(rule, 0.5, exponent, noise_sd)
    assert (flips, long) == pytest.approx(expected, abs=MONTE_CARLO)
    assert expected[0] == pytest.approx(rate, abs=0.002)


def test_the_quadrature_of_these_tests_against_an_adaptive_one():
    def flipped(value, delta):
        excess = (1 - delta) * (value - 0.5) / 0.05
        return stats.norm.sf(abs(excess)) * 9 * (1 - delta) ** 8

    adaptive = sum(
        dblquad(flipped, 0, 1, low, low + 0.5, epsabs=1e-5, epsrel=1e-4)[0] for low in (0, 0.5)
    )
    assert noisy_rates("anchored", 0.5, 1, 5)[0] == pytest.approx(adaptive, abs=5e-5)


@few
@given(thresholds, exponents, st.sampled_from(RULES), shapes, shapes, shapes, shapes)
def test_simulated_and_exact_flip_rates_agree(theta, exponent, rule, va, vb, da, db):
    population = RulerPopulation(va, vb, da, db)
    exact = noise_free_flip_rate(theta, population, rule, exponent)
    simulated = decision_flip_rate(theta, population, rule, exponent, n=20_000)
    # 5 standard errors, at most 0.5 / sqrt(20 000) each
    assert simulated == pytest.approx(exact, abs=5 * 0.5 / math.sqrt(20_000))
    assert 0 <= exact[1] <= exact[0] + 1e-15 <= 1 + 1e-12


@few
@given(thresholds, exponents, shapes, shapes, shapes, shapes)
def test_naive_flip_rate_against_adaptive_quadrature(theta, exponent, va, vb, da, db):
    curved = 1 - (1 - theta) ** (1 / exponent)
    kink = max(0.0, (theta - curved) / (1 - curved))
    log_norm = math.lgamma(da + db) - math.lgamma(da) - math.lgamma(db)
    right = betainc(va, vb, curved)

    def integrand(delta):
        density = math.exp(log_norm) * delta ** (da - 1) * (1 - delta) ** (db - 1)
        return abs(betainc(va, vb, (theta - delta) / (1 - delta)) - right) * density

    ends = ((0, kink), (kink, theta))
    expected = sum(quad(integrand, *piece, epsabs=1e-8)[0] for piece in ends)
    expected += right * stats.beta.sf(theta, da, db)
    rate, _ = noise_free_flip_rate(theta, RulerPopulation(va, vb, da, db), exponent=exponent)
    assert rate == pytest.approx(expected, abs=1e-5)


@few
@given(thresholds, exponents, st.sampled_from(RULES), st.floats(0, 20))
def test_flip_direction_is_the_rule_spelled_out(theta, exponent, rule, noise_sd):
    people = simulate_people(RulerPopulation(noise_sd=noise_sd), n=300, seed=3)
    truth = power_utility(people.value, exponent) > theta
    anchored = reanchor(people.rating, people.death)
    believed = {
        "naive": people.rating / 100,
        "anchored": anchored,
        # a value above 1 has no power: it counts as full health
        "anchored_power": power_utility(np.minimum(anchored, 1), exponent),
    }[rule]
    direction = flip_direction(theta, people, rule, exponent)
    np.testing.assert_array_equal(direction, (believed > theta).astype(int) - truth)


@given(thresholds, exponents, st.floats(0, 99), st.sampled_from(["truth", *RULES]))
def test_choice_boundary_is_where_the_rule_is_indifferent(theta, exponent, death, rule):
    value = choice_boundary(theta, death, rule, exponent)
    believed = {
        "truth": lambda: power_utility(value, exponent),
        "naive": lambda: ruler_reading(value, death) / 100,
        "anchored": lambda: value,
        "anchored_power": lambda: power_utility(value, exponent),
    }[rule]()
    assert believed == pytest.approx(theta, abs=1e-9)


def test_choice_boundary_of_the_naive_rule():
    assert choice_boundary(0.5, [0, 20], "naive").tolist() == [0.5, 0.375]


@pytest.mark.parametrize("rule", RULES)
def test_choices_on_the_boundary_are_those_of_exact_arithmetic(rule):
    """Values, thresholds and marks in per cent, ratings without noise, no curvature: what is equal
    to the threshold on paper is not preferred, by the truth or by a rule."""
    for death in range(0, 100, 3):
        for percent in range(1, 100):
            rating = death + Fraction((100 - death) * percent, 100)
            people = People(
                *(np.array([float(x)]) for x in (Fraction(percent, 100), death, rating))
            )
            # The rule that reads the rating off the paper prefers it, but at a mark of 0.
            wrong = rule == "naive" and rating > percent
            assert flip_direction(percent / 100, people, rule) == wrong


def test_the_flipped_lie_between_the_boundaries():
    people = simulate_people(n=5000)
    direction = flip_direction(0.5, people, exponent=1.6)
    naive = choice_boundary(0.5, people.death, "naive")
    true = choice_boundary(0.5, exponent=1.6)
    np.testing.assert_array_equal(direction == 1, (naive < people.value) & (people.value <= true))
    np.testing.assert_array_equal(direction == -1, (true < people.value) & (people.value <= naive))
    assert {-1, 0, 1} == set(direction.tolist())


def test_flip_rates_take_arrays_of_thresholds_and_count_the_same_people():
    grid = np.array([[0.3, 0.5], [0.7, 0.9]])
    population = RulerPopulation(noise_sd=5)
    rate, toward_long = decision_flip_rate(grid, population, exponent=1.6, n=4000, seed=5)
    assert rate.shape == toward_long.shape == (2, 2)
    assert (toward_long <= rate).all()
    single = decision_flip_rate(0.7, population, exponent=1.6, n=4000, seed=5)
    assert single == (rate[1, 0], toward_long[1, 0])
    people = simulate_people(population, n=4000, seed=5)
    assert single[0] == np.mean(flip_direction(0.7, people, exponent=1.6) != 0)


@pytest.mark.parametrize("noise_sd", [0.0, 7.0])
def test_simulated_people_follow_the_population(noise_sd):
    population = RulerPopulation(2, 3, 1.5, 6, noise_sd)
    people = simulate_people(population, n=50_000, seed=4)
    assert stats.kstest(people.value, stats.beta(2, 3).cdf).pvalue > 1e-3
    assert stats.kstest(people.death / 100, stats.beta(1.5, 6).cdf).pvalue > 1e-3
    noise = people.rating - ruler_reading(people.value, people.death)
    if noise_sd:
        assert stats.kstest(noise / noise_sd, stats.norm.cdf).pvalue > 1e-3
    else:
        np.testing.assert_allclose(noise, 0, atol=1e-12)


def test_the_same_people_return_with_the_seed_whatever_the_noise():
    calm = simulate_people(n=50, seed=7)
    noisy = simulate_people(RulerPopulation(noise_sd=5), n=50, seed=7)
    np.testing.assert_array_equal(calm.value, noisy.value)
    np.testing.assert_array_equal(calm.death, noisy.death)


@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9))
def test_higher_marks_flip_more_choices(one, other):
    low, high = sorted([one, other])
    rates = [
        noise_free_flip_rate(0.5, RulerPopulation(death_b=1 / mean - 1))[0] for mean in (low, high)
    ]
    assert rates[0] <= rates[1] + 1e-9


@pytest.mark.parametrize("exponent", [1, 1.6, 2.29])
def test_a_mark_at_zero_leaves_the_naive_rule_as_good_as_anchoring(exponent):
    population = RulerPopulation(death_b=1e6)
    naive = noise_free_flip_rate(0.5, population, exponent=exponent)
    anchored = noise_free_flip_rate(0.5, population, "anchored", exponent)
    assert naive == pytest.approx(anchored, abs=1e-5)


def test_very_small_exponents_do_not_break_the_quadrature():
    # the true boundary rounds to 1: nobody should prefer the longer life
    assert noise_free_flip_rate(0.5, exponent=0.01)[1] == pytest.approx(0.5 + 0.0623, abs=5e-5)


def test_one_flip_rate_is_quick_enough_for_a_widget():
    """By arrays: for 20 000 people no more is called than for 20."""

    def called(n):
        own = []

        def note(frame, event, _):
            if event == "call" and frame.f_globals["__name__"].startswith("smlib."):
                own.append(frame.f_code.co_name)

        sys.setprofile(note)
        try:
            decision_flip_rate(0.5, RulerPopulation(noise_sd=5), "anchored_power", 1.6, n=n)
        finally:
            sys.setprofile(None)
        return own

    assert called(20_000) == called(20)


# --- scale types --------------------------------------------------------------------------------


def test_the_two_groups_disagree():
    assert (np.mean(A), np.mean(B), np.median(A), np.median(B)) == (4.0, 3.5, 3.0, 3.5)


@pytest.mark.parametrize(
    ("statistic", "scale"),
    [
        ("mean", "ratio"),
        ("mean", "interval"),
        ("median", "ratio"),
        ("median", "interval"),
        ("median", "ordinal"),
        ("geometric_mean", "ratio"),
        ("maximum", "ratio"),
        ("maximum", "interval"),
        ("maximum", "ordinal"),
    ],
)
def test_meaningful_statements_survive_every_map(statistic, scale):
    assert invariance_rate(A, B, statistic, scale) == 1


@pytest.mark.parametrize(
    ("statistic", "scale", "about", "low", "high"),
    [
        ("mean", "ordinal", 0.71, 0.5, 0.9),
        ("mean", "individual", 0.55, 0.25, 0.75),
        ("geometric_mean", "interval", 0.12, 0, 0.5),
    ],
)
def test_other_statements_do_not(statistic, scale, about, low, high):
    rate = invariance_rate(A, B, statistic, scale)
    assert low < rate < high
    assert rate == pytest.approx(about, abs=0.07)  # 4.5 standard errors at n = 1000


def test_geometric_mean_on_an_interval_scale_by_quadrature():
    a, b = np.array(A, float), np.array(B, float)
    shift = brentq(lambda c: np.subtract(*(stats.gmean(x + c) for x in (a, b))), 1e-6, 50)
    # the order survives while shift / factor stays below the shift that ties the two
    survives = quad(lambda t: stats.norm.pdf(t) * min(1, shift * math.exp(t) / 45), -10, 10)[0]
    rate = invariance_rate(a, b, "geometric_mean", "interval", n=20_000)
    assert rate == pytest.approx(survives, abs=4.5 * math.sqrt(0.12 / 20_000))


def test_ordinal_and_individual_maps_against_a_plain_simulation():
    rng, n = np.random.default_rng(11), 4000
    pooled = np.array([*A, *B])
    kept = {"ordinal": 0, "individual": 0}
    for _ in range(n):
        heights = np.cumsum(np.exp(2 * rng.normal(size=9)))
        bent = np.interp(pooled, np.linspace(1, 10, 9), heights)
        own = np.exp(rng.normal(size=10)) * pooled + 9 * rng.uniform(size=10)
        for scale, image in (("ordinal", bent), ("individual", own)):
            kept[scale] += image[:5].mean() > image[5:].mean()
    for scale, count in kept.items():
        rate = invariance_rate(A, B, "mean", scale, n=n)
        # difference of two rates: standard error at most 0.5 sqrt(2 / n) = 0.011
        assert rate == pytest.approx(count / n, abs=0.045)


def test_two_observations_with_rulers_of_their_own_by_quadrature():
    # 0 and 1 keep their order if U' - U < F, with U, U' uniform and F the factor of the 1
    def survives(t):
        return stats.norm.pdf(t) * (1 - max(0.0, 1 - math.exp(t)) ** 2 / 2)

    expected = quad(survives, -10, 0)[0] + 0.5
    n = 20_000
    assert invariance_rate([0], [1], "mean", "individual", n=n) == pytest.approx(
        expected, abs=4.5 * math.sqrt(expected * (1 - expected) / n)
    )


def test_the_last_step_of_an_ordinal_map_is_a_step_of_its_own():
    # with a datum on every knot, mean(0, 8) < 7 survives if step 8 is below the sum of the others
    n = 20_000
    steps = np.exp(2 * np.random.default_rng(12).normal(size=(n, 8)))
    expected = np.mean(steps[:, 7] < steps[:, :7].sum(axis=1))
    rate = invariance_rate([0, 8], [7, 7], "mean", "ordinal", n=n)
    assert rate == pytest.approx(expected, abs=4.5 * 0.5 * math.sqrt(2 / n))


odd_data = st.integers(0, 4).flatmap(
    lambda k: st.lists(st.integers(1, 40), min_size=2 * k + 1, max_size=2 * k + 1)
)


@few
@given(odd_data, odd_data, st.integers(0, 100))
def test_invariance_theorems_hold_for_any_data(a, b, seed):
    for statistic, safe in {
        "mean": ("ratio", "interval"),
        "geometric_mean": ("ratio",),
        "median": ("ratio", "interval", "ordinal"),
        "maximum": ("ratio", "interval", "ordinal"),
    }.items():
        for scale in safe:
            assert invariance_rate(a, b, statistic, scale, n=50, seed=seed) == 1


@few
@given(
    odd_data,
    odd_data,
    st.sampled_from(["mean", "median", "geometric_mean", "maximum"]),
    st.sampled_from(["ratio", "interval", "ordinal", "individual"]),
)
def test_invariance_rate_is_a_fraction(a, b, statistic, scale):
    rate = invariance_rate(a, b, statistic, scale, n=40, seed=1)
    assert 0 <= rate <= 1
    if scale != "individual":  # there, equal data no longer stay equal
        assert invariance_rate(a, a, statistic, scale, n=40) == 1


def test_ties_count_as_changed_only_when_they_are_new():
    assert invariance_rate([1, 3], [2, 2], "mean", "interval") == 1
    assert invariance_rate([1, 3], [2, 2], "mean", "ordinal") == 0
    assert invariance_rate([4], [4], "mean", "ordinal") == 1
    assert invariance_rate([4], [4], "mean", "individual") == 0


def test_median_of_an_even_number_is_not_ordinal():
    assert invariance_rate([1, 4], [2, 2.5], "median", "ordinal") < 0.9


@few
@given(st.lists(st.integers(1, 40), min_size=1, max_size=8))
def test_maps_keep_positive_data_positive(data):
    for scale in ("ratio", "interval", "ordinal", "individual"):
        maps = ua._admissible_maps(np.array(data, float), scale, 30, np.random.default_rng(0))
        assert (maps > 0).all()
        if scale != "individual":
            ordered = maps[:, np.argsort(data, kind="stable")]
            steps, equal = np.diff(ordered), np.diff(np.sort(data)) == 0
            assert (steps[:, ~equal] > 0).all()
            assert (steps[:, equal] == 0).all()


# --- settings of the figures on the page, and exercises -----------------------------------------


@pytest.mark.parametrize(
    ("rating", "death", "exponent", "naive", "anchored", "utility"),
    [
        (70, 5, 1, 0.70, 0.684, 0.684),
        (70, 40, 1, 0.70, 0.50, 0.50),
        (70, 5, 1.6, 0.70, 0.684, 0.842),
    ],
)
def test_two_rulers(rating, death, exponent, naive, anchored, utility):
    u = reanchor(rating, death)
    assert rating / 100 == naive
    assert u == pytest.approx(anchored, abs=5e-4)
    assert power_utility(u, exponent) == pytest.approx(utility, abs=5e-4)


def test_the_correction_is_an_eighth_of_the_half_width():
    low, high = fieller_interval(70, 5, 100, 5, 5, 5)
    assert (low, high) == pytest.approx((0.558, 0.819), abs=5e-4)
    correction, half = 0.70 - reanchor(70, 5), (high - low) / 2
    assert (correction, half) == (pytest.approx(0.016, abs=5e-4), pytest.approx(0.13, abs=5e-3))
    assert half / correction == pytest.approx(8, abs=0.5)
    assert correction < 0.041 < MID_EQ5D


def test_every_state_of_two_rulers_can_be_drawn():
    for death in range(0, 41, 5):
        for rating in range(0, 101, 10):
            low, high = fieller_interval(rating, death, 100, 5, 5, 5)
            assert low < reanchor(rating, death) < high
            assert power_utility(reanchor(rating, death), 2.29) <= 1


@pytest.mark.parametrize(
    ("exponent", "noise_sd", "percent"),
    [(1, 0, (6.2, 0, 0)), (1.6, 0, (10.1, 14.8, 0)), (1, 10, (11.1, 9.1, 9.1))],
)
def test_who_flips(exponent, noise_sd, percent):
    population = RulerPopulation(death_b=1 / 0.10 - 1, noise_sd=noise_sd)
    rates = [decision_flip_rate(0.5, population, rule, exponent)[0] for rule in RULES]
    assert rates == pytest.approx(np.divide(percent, 100), abs=MONTE_CARLO)


def test_every_ruler_of_who_flips_has_the_mean_it_says():
    for mean in (0.05, 0.10, 0.20, 0.30):
        assert stats.beta(1, 1 / mean - 1).mean() == pytest.approx(mean)
    assert stats.beta(1, 9).std() == pytest.approx(0.09, abs=5e-4)


def test_exercise_rating_40():
    assert reanchor(40, 20, 95) == pytest.approx(0.2667, abs=5e-5)
    assert reanchor_sd(40, 20, 95, 5, 5, 5) == pytest.approx(0.0846, abs=5e-5)


@pytest.mark.parametrize(("value", "mark"), [(0.5, 14.8), (65 / 95, 23.4)])
def test_exercise_mark_at_which_the_bias_is_important(value, mark):
    critical = brentq(lambda d: ruler_reading(value, d) / 100 - value - MID_EQ5D, 0, 90)
    assert critical == pytest.approx(mark, abs=0.05)


def test_range_ratio_at_which_the_bias_is_important():
    # at u = 0.5 the mark is 0.148; instrument range over personal range
    ratios = 1 / (1 - 2 * MID_EQ5D), 100 / 95
    assert ratios == pytest.approx((1.17, 1.05), abs=0.005)


@given(st.lists(st.tuples(st.floats(0.1, 10), st.floats(-50, 50)), min_size=3, max_size=3))
def test_exercise_nash_products_keep_the_order_of_options(maps):
    factor, shift = np.array(maps).T
    status_quo = np.array([0.2, 0.1, 0.3])
    options = np.array([[0.9, 0.2, 0.4], [0.5, 0.5, 0.6]])

    def nash(options, status_quo):
        return (options - status_quo).prod(axis=1)

    before = nash(options, status_quo)
    after = nash(factor * options + shift, factor * status_quo + shift)
    np.testing.assert_allclose(after, before * factor.prod(), rtol=1e-8)


def test_exercise_sums_do_not():
    options = np.array([[0.9, 0.2, 0.4], [0.5, 0.5, 0.6]])
    assert options.sum(axis=1).argmax() == 1
    assert (options * [10, 1, 1]).sum(axis=1).argmax() == 0


def test_exercise_time_trade_off_with_discounting():
    years = [quad(lambda t: math.exp(-0.03 * t), 0, end)[0] for end in (7, 10)]
    assert years[0] / years[1] == pytest.approx(0.7308, abs=5e-5)


# --- bad input ----------------------------------------------------------------------------------

BAD = [
    (lambda: reanchor(70, 100, 100), r"full=100\.0, death=100\.0"),
    (lambda: reanchor(70, [5, 97], [100, 96]), r"full=96\.0, death=97\.0"),
    (lambda: ruler_reading(0.5, 120), r"death=120\.0"),
    (lambda: reanchor_sd(70, 5, 4), r"full=4\.0"),
    (lambda: fieller_interval(70, 50, 50), r"full=50\.0"),
    (lambda: group_utility([70, 60], [5], [100]), r"one length, got \[2, 1, 1\]"),
    (lambda: group_utility([70, 60], [5, 99], [100, 98]), r"full=98\.0, death=99\.0"),
    (lambda: group_utility([70], [5], [5], "ratio_of_means"), r"full=5\.0, death=5\.0"),
    (lambda: choice_boundary(0.5, death=100, rule="naive"), r"death=100\.0"),
    (lambda: noise_free_flip_rate(0.5, RulerPopulation(noise_sd=4)), r"noise_sd .*4"),
    (lambda: invariance_rate([1, -2], B, "geometric_mean"), r"positive data, got -2\.0"),
]


@pytest.mark.parametrize(("call", "message"), BAD)
def test_bad_input_is_refused_with_the_value_in_the_message(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_population_cannot_be_changed():
    with pytest.raises(AttributeError):
        RulerPopulation().noise_sd = 5


def test_the_module_says_what_it_is_not():
    assert "not a decision aid" in ua.__doc__
