"""Wald's test of a remedy: evidence, errors and durations, against theory and simulation."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smlib import labor_trial as lt

few = settings(max_examples=60)


# --- the Bayes factor ---------------------------------------------------------------------------

ONE_RATE = {"rate_log_sd": 0, "lag_mean_h": 0}


@pytest.mark.parametrize(
    ("times", "readings", "expected"),
    [((0, 2), (5, 5), -3.48444), ((0, 2, 4), (5, 5, 5), -13.93778),
     ((0, 2, 4), (5, 7.8, 10.6), 13.93778), ((0, 1, 2, 3, 4), (5, 6, 5, 6, 7), -7.46667)],
)  # fmt: skip
def test_one_rate_without_waiting(times, readings, expected):
    found = lt.log_bayes_factor(times, readings, **ONE_RATE)
    assert found[-1] == pytest.approx(expected, abs=1e-3)
    assert found[0] == 0


@pytest.mark.parametrize("n", [1, 2, 3, 5, 12])
def test_information_grows_with_the_third_power(n):
    """A flat line: log LR = -r^2 S_tt / 2 sigma^2 with S_tt = Delta^2 n(n+1)(n+2)/12."""
    step = 0.7
    found = lt.log_bayes_factor(step * np.arange(n + 1), np.full(n + 1, 3.0), **ONE_RATE)[-1]
    s_tt = step**2 * n * (n + 1) * (n + 2) / 12
    assert found == pytest.approx(-(1.4**2) * s_tt / (2 * 0.75**2), rel=1e-9)


def test_flat_readings_of_the_default_law():
    t = np.arange(0, 17, 2.0)
    found = lt.log_bayes_factor(t, np.full(t.size, 5.0))
    expected = {2: -0.459, 4: -1.371, 6: -2.370, 8: -3.393, 12: -5.44, 16: -7.47}
    for hour, value in expected.items():
        assert found[hour // 2] == pytest.approx(value, abs=0.05)


@pytest.mark.parametrize("step", [1, 2, 4])
def test_a_flat_line_costs_half_a_unit_an_hour_whatever_the_interval(step):
    """Minus one over the mean waiting time: who is still waiting has given no evidence."""
    t = np.arange(0, 21, step)
    found = lt.log_bayes_factor(t, np.zeros(t.size))
    assert (found[-1] - found[t == 8][0]) / (t[-1] - 8) == pytest.approx(-0.5, abs=0.025)


def test_so_it_costs_however_long_the_watch():
    hours = np.array([100, 150, 200, 1000, 2000])
    found = np.array([lt.log_bayes_factor([0, each], [5, 5])[-1] for each in hours])
    assert found - found[0] == pytest.approx(-(hours - 100) / 2, rel=1e-6)
    found = np.array([lt.flat_probability([0, each]) for each in hours[:-1]])
    assert found == pytest.approx(found[0] * np.exp(-(hours[:-1] - 100) / 2), rel=1e-6, abs=0)


def test_no_wait_and_an_endless_one():
    """Waiting times end in cells of a quarter of an hour: the middle of the first is 1/16 of the
    time. Who never begins gives no evidence."""
    none = lt.log_bayes_factor([0, 2], [5, 5], lag_mean_h=0)[-1]
    for wait in (1e-6, 1e-4, 1e-3):
        found = lt.log_bayes_factor([0, 2], [5, 5], lag_mean_h=wait)[-1]
        assert found == pytest.approx(none, rel=1 - (15 / 16) ** 2)
    for wait in (1e9, 1e16, 1e20, 1e200):
        assert lt.log_bayes_factor([0, 2], [5, 5], lag_mean_h=wait)[-1] == pytest.approx(
            0, abs=2 / wait
        )


def test_posteriors_along_a_flat_line():
    t = np.arange(0, 13, 2.0)
    flat = lt.log_bayes_factor(t, np.zeros(t.size))[[2, 4, 6]]
    for prior, expected in ((0.08, (0.26, 0.72, 0.95)), (0.13, (0.37, 0.82, 0.97)),
                            (0.18, (0.46, 0.87, 0.98))):  # fmt: skip
        # The Bayes factor is known to 0.03 in its logarithm, a posterior so to 0.0075.
        found = lt.posterior_anatomic(flat, prior)
        assert found == pytest.approx(expected, abs=0.0126)


@pytest.mark.parametrize("readings", [(5, 5, 5), (5, 6.5, 9), (5, 4, 6), (5, 9, 5)])
def test_bayes_factor_against_quadrature(readings):
    """Multivariate normals with a baseline of standard deviation 1000, integrated over the rate and
    the waiting time: no centered sums."""
    t, y = np.array([0.0, 1.5, 4.0]), np.array(readings, float)
    cov = 0.75**2 * np.eye(3) + 1e6

    def likelihood(lag, z):
        mean = 5 + 1.4 * math.exp(0.626 * z) * np.maximum(t - lag, 0)
        return stats.multivariate_normal.pdf(y, mean, cov, allow_singular=True)

    lags, waits = np.polynomial.legendre.leggauss(24)
    zs, weights = np.polynomial.hermite_e.hermegauss(24)
    total = math.exp(-4 / 2) * likelihood(9.0, 0.0)
    for low, high in ((0, 1.5), (1.5, 4)):
        for lag, wait in zip((high - low) / 2 * lags + (high + low) / 2, waits, strict=True):
            density = math.exp(-lag / 2) / 2 * wait * (high - low) / 2
            total += density * sum(
                w * likelihood(lag, z) for z, w in zip(zs, weights, strict=True)
            ) / weights.sum()  # fmt: skip
    found = lt.log_bayes_factor(t, y)[-1]
    assert found == pytest.approx(math.log(total / likelihood(9.0, 0.0)), abs=0.03)


def test_a_finer_grid_changes_less_than_three_hundredths():
    t = np.arange(0, 13, 2.0)
    _, y = lt.simulate_trials(t, 12, seed=5)
    fine = lt.ProgressLaw().remedy(t[-1], t, 401, 0.05)
    found = lt.log_bayes_factor(t, y)
    for k in range(1, t.size):
        exact = lt._log_ratio(t[: k + 1], y[:, : k + 1], 0.75**2, *fine)
        # Beyond the limits of any test, 5 here, the far tail of the rates decides; 1 % then.
        assert found[:, k] == pytest.approx(exact, abs=0.03, rel=0.01)


@settings(max_examples=20)
@given(st.lists(st.floats(-3, 14), min_size=4, max_size=4), st.floats(-50, 50), st.floats(0, 9))
def test_only_differences_count(readings, shift, start):
    t, y = np.array([0, 1, 2, 4.0]), np.array(readings)
    plain = lt.log_bayes_factor(t, y)
    assert lt.log_bayes_factor(t + start, y + shift) == pytest.approx(plain, abs=1e-6, rel=1e-6)
    # Nothing that comes later changes what was known.
    assert lt.log_bayes_factor(t[:3], y[:3]) == pytest.approx(plain[:3], abs=0.03, rel=0.02)


@few
@given(st.lists(st.floats(-3, 14), min_size=4, max_size=4))
def test_watching_without_a_remedy_says_nothing(readings):
    t = [0, 1, 2, 4]
    assert not lt.log_bayes_factor(t, readings, rate_median_cm_h=0).any()
    assert lt.wald_test(t, readings, rate_median_cm_h=0)[1] == 0


@pytest.mark.parametrize("hours", [1, 4, 12])
def test_the_mean_bayes_factor_of_an_anatomic_case_is_one(hours):
    """Exact: the difference of two readings is normal with variance 2 sigma^2."""
    # The fastest of the rates in use is 17 cm/h: its share of the mean comes from rises near 17 t.
    x = np.linspace(-8, 240, 20_001)
    record = lt.log_bayes_factor([0, hours], np.stack([0 * x, x], axis=-1))[:, 1]
    density = stats.norm.logpdf(x, scale=0.75 * math.sqrt(2))
    assert np.trapezoid(np.exp(record + density), x) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("step", [1, 3])
def test_ville_for_any_schedule(step):
    t = np.arange(0, 13, step)
    _, y = lt.simulate_trials(t, 4000, rate_median_cm_h=0, seed=3)
    highest = lt.log_bayes_factor(t, y).max(axis=-1)
    for bound in (5, 20):
        share = np.mean(highest >= math.log(bound))
        assert share <= 1 / bound + 3 * math.sqrt(1 / bound / 4000)


def test_batches_are_single_records():
    t = [0, 1, 3]
    _, y = lt.simulate_trials(t, 6, seed=4)
    each = [lt.log_bayes_factor(t, row) for row in y]
    assert lt.log_bayes_factor(t, y.reshape(2, 3, 3)).reshape(6, 3) == pytest.approx(np.array(each))


# --- Wald's test --------------------------------------------------------------------------------


def test_wald_thresholds():
    assert lt.wald_thresholds(0.05, 0.10) == pytest.approx((2.89037, -2.25129), abs=1e-5)


def test_the_test_stops_where_the_record_crosses():
    t = np.arange(0, 13, 2.0)
    _, y = lt.simulate_trials(t, 200, seed=6)
    upper, lower = lt.wald_thresholds(0.05, 0.05)
    at, verdict = lt.wald_test(t, y)
    for record, k, v in zip(lt.log_bayes_factor(t, y), at, verdict, strict=True):
        assert ((record[:k] < upper) & (record[:k] > lower)).all()
        assert v == int(record[k] >= upper) - int(record[k] <= lower) or (
            v == 0 and k == t.size - 1
        )


@pytest.mark.parametrize(
    ("step", "missed", "false", "if_dynamic", "if_anatomic"),
    [(1, 0.035, 0.008, 4.6, 7.7), (2, 0.027, 0.0065, 5.3, 8.7), (4, 0.024, 0.003, 6.4, 9.4)],
)
def test_errors_and_durations(step, missed, false, if_dynamic, if_anatomic):
    """Expected: 3000 to 8000 trials by a program written apart, standard error at most 0.0033."""
    t = np.arange(0, 25, step)
    wrong, hours = [], []
    for median, error in ((1.4, -1), (0, 1)):
        _, y = lt.simulate_trials(t, 12_000, rate_median_cm_h=median, seed=7)
        at, verdict = lt.wald_test(t, y)
        wrong.append((verdict == error).mean())
        hours.append(t[at].mean())
    assert wrong == pytest.approx([missed, false], abs=0.006)
    assert hours == pytest.approx([if_dynamic, if_anatomic], abs=0.15)


def test_what_a_wrong_waiting_time_does():
    t = np.arange(0, 25, 2.0)
    _, y = lt.simulate_trials(t, 6000, seed=8)
    wrong = [(lt.wald_test(t, y, lag_mean_h=lag)[1] == -1).mean() for lag in (0, 1, 2)]
    # Expected: 5000 trials by a program written apart, standard errors 0.006, 0.004, 0.002.
    assert wrong == pytest.approx([0.226, 0.098, 0.027], abs=0.018)


@pytest.mark.parametrize(("rate", "mislabeled"), [(0.2, 0.53), (0.3, 0.20), (0.5, 0.052)])
def test_slow_progress_is_called_anatomic(rate, mislabeled):
    t = np.arange(0, 25, 2.0)
    _, y = lt.simulate_trials(t, 6000, rate_median_cm_h=rate, rate_log_sd=0, seed=9)
    # Expected: 5000 trials by a program written apart, standard error at most 0.007, as here.
    assert (lt.wald_test(t, y)[1] == -1).mean() == pytest.approx(mislabeled, abs=0.025)


# --- Rouse, Owen & Hauth 1999 -------------------------------------------------------------------


def test_no_progress_after_two_and_after_four_hours():
    dynamic = lt.flat_probability([0, 2]), lt.flat_probability([0, 2, 4])
    anatomic = [lt.flat_probability(t, rate_median_cm_h=0) for t in ([0, 2], [0, 2, 4])]
    assert dynamic == pytest.approx((0.518, 0.201), abs=0.001)
    assert anatomic == pytest.approx([0.827, 0.725], abs=0.0005)
    factor = np.divide(anatomic, dynamic)
    published = (0.44 / 0.56) / (0.26 / 0.74)
    assert factor[1] / factor[0] == pytest.approx(2.26, abs=0.03)
    assert factor[1] / factor[0] == pytest.approx(published, abs=0.03)
    odds = np.array([0.26 / 0.74, 0.44 / 0.56]) / factor
    assert odds / (1 + odds) == pytest.approx([0.180, 0.179], abs=0.001)


def test_rates_alone_would_be_overconfident():
    law = {"lag_mean_h": 0}
    step = lt.flat_probability([0, 2], **law) / lt.flat_probability([0, 2, 4], **law)
    assert step * 0.725 / 0.827 == pytest.approx(5.6, abs=0.05)


def test_fixed_rules():
    found = [lt.flat_probability([0, hours]) for hours in (2, 4, 8)]
    assert found == pytest.approx([0.52, 0.23, 0.038], abs=0.006)


@pytest.mark.parametrize("law", [{}, {"lag_mean_h": 0}, {"rate_log_sd": 0, "reading_sd_cm": 0.3}])
def test_flat_probability_against_simulation(law):
    t = np.array([0, 1, 2, 4.0])
    _, y = lt.simulate_trials(t, 200_000, seed=10, **law)
    share = (y[:, 1:] - y[:, :1] <= 1).all(axis=1).mean()
    assert lt.flat_probability(t, **law) == pytest.approx(share, abs=0.0035)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: lt.log_bayes_factor([0], [5]), "times_h.*0.0"),
        (lambda: lt.log_bayes_factor([0, 2, 2], [5, 5, 5]), "times_h.*2.0"),
        (lambda: lt.log_bayes_factor([0, 2], [5, 5, 5]), r"readings.*\(3,\)"),
        (lambda: lt.log_bayes_factor([0, 2], [5, 5], reading_sd_cm=0), "reading_sd_cm.*0.0"),
        (lambda: lt.log_bayes_factor([0, 2], [5, 5], lag_mean_h=-1), "lag_mean_h.*-1.0"),
        (lambda: lt.log_bayes_factor([0, 2], [5, 5], rate_median_cm_h=-1), "rate_median.*-1.0"),
        (lambda: lt.log_bayes_factor([0, 2], [5, 5], rate_log_sd=math.inf), "rate_log_sd.*inf"),
        (lambda: lt.wald_thresholds(0.6, 0.5), "alpha.*1.1"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ValueError, match=words):
        call()
