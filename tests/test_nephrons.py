"""A child's kidney in an adult: load of a nephron, loss against growth.

Expected values: numbers computed once with independent code, published series, the exact solutions
without growth and without overload, a Runge-Kutta scheme for the number itself, and scalings that
the equations must have.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from smlib import boundary_layer as bl
from smlib.nephrons import (
    AGING,
    S_REF_NL_MIN,
    collapse_time,
    critical_growth_time,
    donor_capacity,
    gfr_maturation,
    graft_gfr,
    load_ratio,
    nephron_course,
    nephron_load,
)

few = settings(max_examples=60)
rare = settings(max_examples=12)
SINGLE, PAIR, K0 = 900_000, 1_800_000, 0.2590


def at(years, course, what="gfr"):
    return np.interp(years, course.t_years, getattr(course, what))


class TestLoad:
    def test_two_scaling_laws_agree(self):
        assert gfr_maturation(12, 126.9) == pytest.approx(31.17, abs=0.005)
        assert gfr_maturation(3.5, 40) == pytest.approx(4.545, abs=5e-4)
        assert load_ratio(10, 70) == pytest.approx(4.304, abs=5e-4)
        assert load_ratio(12, 70) == pytest.approx(3.754, abs=5e-4)
        maturation = 115 / gfr_maturation(12, 126.9)
        assert maturation == pytest.approx(3.69, abs=0.005)
        assert load_ratio(12, 70) == pytest.approx(maturation, rel=0.02)

    def test_maturation_as_published(self):
        assert gfr_maturation(70, 1e6) == pytest.approx(121.2)
        assert gfr_maturation(70, 47.7) == pytest.approx(60.6)  # half at 47.7 weeks
        # "90 % of the adult value by 1 year" (Rhodin et al. 2009)
        assert gfr_maturation(70, 92) / 121.2 == pytest.approx(0.90, abs=0.005)

    def test_a_ratio_of_means(self):
        assert pytest.approx(66.86, abs=0.005) == S_REF_NL_MIN
        assert S_REF_NL_MIN < 80  # the mean of the ratios, Denic et al. 2017

    def test_aging(self):
        # 990 661 nephrons at 18 to 29 years, 520 410 at 70 to 75 (Denic et al. 2017)
        assert math.log(990_661 / 520_410) / 49 == pytest.approx(AGING, abs=5e-5)

    def test_donors_of_the_figure(self):
        months, weights = np.array([3, 12, 20, 36]), np.array([5, 10, 12, 15])
        found = donor_capacity(weights, 40 + 4.345 * months)
        assert found == pytest.approx([0.0820, 0.2115, 0.2590, 0.3146], abs=1e-4)

    def test_living_donors_keep_two_thirds(self):
        assert nephron_load(860_000) == pytest.approx(2)
        assert graft_gfr(2 * 860_000) == pytest.approx(115)
        assert graft_gfr(860_000) / 115 == pytest.approx(2**-0.55)
        assert 0.65 < graft_gfr(860_000) / 115 < 0.70  # textbooks

    @few
    @given(st.floats(1e4, 5e6), st.floats(0.05, 1), st.floats(10, 300), st.floats(0.05, 0.95))
    def test_compensation(self, N, k, D, c):
        load = nephron_load(N, k, D)
        each = k * S_REF_NL_MIN * load**c  # nL/min
        assert graft_gfr(N, k, D, c) == pytest.approx(N * each / 1e6)
        assert graft_gfr(2 * N, k, D, c) / graft_gfr(N, k, D, c) == pytest.approx(2 ** (1 - c))
        assert load_ratio(12, 70) == pytest.approx(1 / load_ratio(70, 12))


class TestCourse:
    @pytest.mark.parametrize(
        ("nephrons", "capacity", "years", "expected"),
        [
            (SINGLE, K0, [0, 0.5, 1, 2, 3, 5, 10, 20],
             [38.3, 57.2, 66.3, 74.0, 76.3, 76.6, 74.1, 68.9]),
            (PAIR, K0, [0, 0.5, 1, 2, 5, 6.17], [56.1, 84.6, 98.2, 109.6, 113.4, 112.6]),
            (0.83 * 860e3, 1, [0, 0.5, 1, 2, 3], [70.9, 70.6, 70.4, 69.9, 69.4]),
        ],
    )  # fmt: skip
    def test_filtration(self, nephrons, capacity, years, expected):
        course = nephron_course(nephrons, capacity, 1.0, n=4001)
        assert at(years, course) == pytest.approx(expected, abs=0.3)

    def test_published_series_are_near(self):
        # Within the scatter among patients, of the order of 24 mL/min in healthy adults.
        single = at([0.5, 1, 2, 3], nephron_course(SINGLE, K0))
        assert single == pytest.approx([53, 68, 81, 74], abs=8)
        assert at(6.17, nephron_course(PAIR, K0)) == pytest.approx(107, abs=8)
        adult = at([0.5, 1, 2, 3], nephron_course(0.83 * 860e3))
        assert adult == pytest.approx([71, 68, 70, 69], abs=3)

    def test_the_single_graft_outgrows_its_load(self):
        course = nephron_course(SINGLE, K0, n=4001)
        assert course.load[0] == pytest.approx(7.38, abs=0.005)
        below = course.t_years[np.argmax(course.load < 3)]
        assert below == pytest.approx(0.77, abs=0.01)
        assert at(10, course, "nephrons") / SINGLE == pytest.approx(0.859, abs=5e-4)
        assert course.failure_year == math.inf

    def test_without_growth_it_is_lost(self):
        for nephrons, expected in ((SINGLE, 9.070), (PAIR, 21.902)):
            course = nephron_course(nephrons, K0, math.inf, years=30)
            assert course.failure_year == pytest.approx(expected, abs=1e-3)
            assert collapse_time(nephrons, K0) == pytest.approx(course.failure_year, abs=1e-4)
            after = course.t_years > course.failure_year
            assert np.isnan(course.gfr[after]).all() and (course.gfr[~after] >= 15).all()
        assert collapse_time(2 * 860e3 / 8) == pytest.approx(8.257, abs=1e-3)
        ratio = collapse_time(PAIR, K0) / collapse_time(SINGLE, K0)
        assert ratio == pytest.approx(2.4, abs=0.05)

    @few
    @given(st.floats(1e5, 2e6), st.floats(0.1, 1), st.floats(0.2, 0.8), st.sampled_from([1, -1]))
    def test_a_start_at_the_failure(self, N0, k0, c, up):
        """A graft that only ages has failed at once, one that grows lives, one at rest is as it
        was, whatever the last bit of its filtration."""
        fail = np.nextafter(graft_gfr(N0, k0, 115, c), up * np.inf)
        settings = {"gfr_fail": fail, "exponent": c, "years": 2, "n": 2}
        aged = nephron_course(N0, k0, math.inf, **settings)
        assert aged.failure_year == pytest.approx(0, abs=1e-6)
        rest = nephron_course(N0, k0, math.inf, aging_per_year=0, injury_per_year=0, **settings)
        assert rest.failure_year == math.inf
        grown = nephron_course(
            N0, k0 / 2, 1e-3, **settings | {"gfr_fail": graft_gfr(N0, k0 / 2, 115, c)}
        )
        assert grown.failure_year > 0.1
        if nephron_load(N0, k0) > 3.1 and 3**c > 0.14:
            gone = collapse_time(N0, k0, exponent=c, gfr_fail=fail)
            assert gone == pytest.approx(0, abs=1e-12) and gone >= 0

    def test_below_the_threshold_only_age_counts(self):
        course = nephron_course(860e3)
        assert course.nephrons[-1] / 860e3 == pytest.approx(math.exp(-0.262), rel=1e-6)
        assert course.nephrons[-1] / 860e3 == pytest.approx(0.76951, abs=5e-6)

    @pytest.mark.parametrize(
        ("nephrons", "kappa", "expected"),
        [(SINGLE, 0.5, 0.82), (SINGLE, 1.0, 0.78), (PAIR, 0.5, 11.3), (SINGLE, 0.2, 0.92)],
    )
    def test_race(self, nephrons, kappa, expected):
        tau = critical_growth_time(nephrons, K0, injury_per_year=kappa)
        assert kappa * tau == pytest.approx(expected, rel=0.03)
        for faster, fails in ((0.99, False), (1.01, True)):
            course = nephron_course(nephrons, K0, faster * tau, injury_per_year=kappa)
            assert (course.failure_year < 20) == fails

    def test_two_kidneys_tolerate_slower_growth(self):
        ratio = critical_growth_time(PAIR, K0, injury_per_year=0.5) / critical_growth_time(
            SINGLE, K0, injury_per_year=0.5
        )
        assert ratio == pytest.approx(14, rel=0.03)

    def test_race_without_a_finish(self):
        assert critical_growth_time(2 * 860e3, 1.0) == math.inf
        assert critical_growth_time(2 * 860e3 / 8, 1.0, injury_per_year=0.5) == 0

    def test_growth_in_an_instant_is_a_separation_of_scales(self):
        # Error of the nephrons left after 10 years, if growth is taken to be over at once.
        grown = nephron_course(SINGLE, 1.0, years=10, n=2).nephrons[-1]
        ratios = np.array([100, 200, 400, 800])
        left = [nephron_course(SINGLE, K0, 10 / R, years=10, n=2).nephrons[-1] for R in ratios]
        s, _ = bl.separation_exponent(ratios, np.log(grown / np.array(left)))
        assert s == pytest.approx(1, abs=0.05)

    @rare
    @given(
        st.floats(3e5, 3e6), st.floats(0.1, 1), st.floats(0.2, 5), st.floats(0, 0.5),
        st.floats(0.2, 0.8),
    )  # fmt: skip
    def test_against_another_scheme(self, N0, k0, tau, kappa, c):
        assume(graft_gfr(N0, k0, 115.0, c) > 16)
        course = nephron_course(N0, k0, tau, injury_per_year=kappa, exponent=c, years=4, n=9)

        def slope(t, N):
            k = 1 - (1 - k0) * math.exp(-t / tau)
            load = 115 / (N * k * 115 / 1.72e6)
            return -N * (0.0131 + kappa * max(0.0, load**c - 3**c))

        N, h, found = N0, 0.0025, [N0]
        for i in range(1600):  # classical Runge-Kutta for the number itself
            t = i * h
            a = slope(t, N)
            b = slope(t + h / 2, N + h / 2 * a)
            d = slope(t + h / 2, N + h / 2 * b)
            N += h / 6 * (a + 2 * b + 2 * d + slope(t + h, N + h * d))
            if N < 0.2 * N0:  # near the collapse these steps are too long
                break
            if (i + 1) % 200 == 0:
                found.append(N)
        assert course.nephrons[: len(found)] == pytest.approx(found, rel=1e-5)

    @rare
    @given(st.floats(2e5, 2e6), st.floats(0.15, 0.9), st.floats(0.2, 6), st.floats(0.2, 5))
    # The overload ends for a few months, less than a step of the solver.
    @example(626356.0, 0.5, 0.5, 4.0)
    @example(626255.0, 0.5, 0.5, 5.0)
    def test_scalings(self, N0, k0, tau, by):
        assume(graft_gfr(N0, k0) > 16)
        course = nephron_course(N0, k0, tau, n=11, injury_per_year=0.3)
        faster = nephron_course(
            N0, k0, tau / by, years=20 / by, n=11,
            aging_per_year=0.0131 * by, injury_per_year=0.3 * by,
        )  # fmt: skip
        assert faster.failure_year * by == pytest.approx(course.failure_year, rel=1e-5)
        larger = nephron_course(
            by * N0, k0, tau, n=11, demand_ml_min=by * 115, injury_per_year=0.3, gfr_fail=15 * by
        )
        assert larger.load == pytest.approx(course.load, rel=1e-6, nan_ok=True)
        assert larger.gfr == pytest.approx(by * course.gfr, rel=1e-6, nan_ok=True)

    @few
    @given(st.floats(2e4, 5.7e5), st.floats(0.15, 1), st.floats(0.05, 1), st.floats(0.2, 0.8))
    def test_closed_form_solves_the_equation(self, N0, k, kappa, c):
        h_c = 3**c
        assume(nephron_load(N0, k) > 3.1 and kappa * h_c > 0.02 and graft_gfr(N0, k, 115, c) > 15.5)
        T = collapse_time(N0, k, injury_per_year=kappa, exponent=c)
        # The time is also the integral of 1/(-dN/dt) from the end to the start, here in log N.
        end = brentq(lambda y: graft_gfr(math.exp(y), k, 115, c) - 15, 0, math.log(N0))
        y, w = np.polynomial.legendre.leggauss(60)
        y = end + (math.log(N0) - end) * (y + 1) / 2
        rate = 0.0131 + kappa * (nephron_load(np.exp(y), k) ** c - h_c)
        assert pytest.approx((w / rate).sum() * (math.log(N0) - end) / 2, rel=1e-6) == T

    @few
    @given(st.floats(1.2e5, 2.5e5), st.floats(0.05, 1), st.floats(0.2, 0.8), st.integers(2, 11))
    def test_aging_as_strong_as_the_critical_stress(self, N0, kappa, c, digits):
        """Then N^c falls linearly; less aging by a small share counts by that share."""
        load, last = nephron_load(N0), (115 / 15) ** (1 / (1 - c))
        assume(last > 1.01 * load)
        expected = (1 - (load / last) ** c) / (c * kappa * load**c)
        aging = kappa * 3**c * (1 - 10.0**-digits)
        found = collapse_time(N0, aging_per_year=aging, injury_per_year=kappa, exponent=c)
        assert found == pytest.approx(expected, rel=10.0**-digits)

    @few
    @given(st.floats(-11, 0), st.floats(0.05, 1), st.floats(0.2, 0.8), st.booleans())
    def test_times_add(self, decade, kappa, c, ages):
        """From a load hardly above the critical one to twice it, and from there to eight times."""
        aging, N = 0.0131 * ages, 1.72e6 / 3
        rates = {"injury_per_year": kappa, "aging_per_year": aging, "exponent": c}
        assume(kappa * 3**c > 2 * aging)
        start = N / (1 + 10**decade)
        half, last = graft_gfr(N / 2, 1, 115, c), graft_gfr(N / 8, 1, 115, c)
        whole = collapse_time(start, gfr_fail=last, **rates)
        parts = collapse_time(start, gfr_fail=half, **rates)
        parts += collapse_time(N / 2, gfr_fail=last, **rates)
        assert whole == pytest.approx(parts, rel=1e-9)

    @rare
    @given(st.floats(1.01, 1.4), st.floats(0.2, 0.7))
    def test_more_nephrons_and_more_maturity_last_longer(self, more, k):
        assert collapse_time(more * 5e5, k) > collapse_time(5e5, k)
        assert collapse_time(5e5, more * k) > collapse_time(5e5, k)

    @rare
    @given(st.floats(3e5, 9e5), st.floats(0.3, 1), st.floats(0.1, 2))
    def test_equation_holds_along_a_course(self, N0, k0, tau):
        course = nephron_course(N0, k0, tau, years=3, injury_per_year=0.2, n=3001)
        alive = np.isfinite(course.nephrons)
        log_n, load = np.log(course.nephrons[alive]), course.load[alive]
        rate = -(0.0131 + 0.2 * np.maximum(0, load**0.45 - 3**0.45))
        # The trapezoidal rule, of second order in steps of 0.001 years.
        step = np.diff(course.t_years[:2])[0]
        assert np.diff(log_n) == pytest.approx(step * (rate[1:] + rate[:-1]) / 2, abs=1e-6)

    def test_an_extreme_course_is_finite(self):
        course = nephron_course(SINGLE, K0, 1e-9, injury_per_year=5)
        assert np.isfinite(course.gfr).all()
        assert nephron_course(SINGLE, 1.0, math.inf).gfr[0] == pytest.approx(graft_gfr(SINGLE))


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: nephron_course(9e5, 0.02), "gfr_fail"),
        (lambda: collapse_time(860e3), "load_crit"),
        (lambda: collapse_time(9e5, K0, injury_per_year=0.005), "injury_per_year"),
        (lambda: collapse_time(9e5, 0.02), "gfr_fail"),
    ],
)
def test_bad_input_is_named(call, match):
    with pytest.raises(ValueError, match=match):
        call()
