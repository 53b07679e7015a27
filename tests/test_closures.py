"""Closures of the two-scale model of Lorenz and their scores.

Expected values: scipy's own integrator for the same equations, and published fits (Wilks 2005;
Arnold, Moroz & Palmer 2013). Statistical tolerances are some three standard errors of the samples
used here; the means they surround come from samples several times as large.
"""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from smlib.atlas import rows
from smlib.closures import (
    SCHEMES,
    Closure,
    autocorrelation,
    ensemble_scores,
    fit_closure,
    integrate_closure,
    memory_time,
    pdf_distance,
    separation_errors,
    subgrid_tendency,
)
from smlib.lorenz96 import L96

from .test_lorenz96 import record

few = settings(max_examples=40)
runs = settings(max_examples=8)
seeds = st.integers(0, 10**6)


def test_blocks_have_noise_of_their_own():
    starts = np.full((1300, 4), 2.0)
    X = integrate_closure(starts, 8.0, Closure((0.0,), sigma=1.0, tau=0.1), 0.05)[1][-1, 0]
    assert len(np.unique(X[:, 0])) == 1300


@runs
@given(seeds, st.integers(1, 5))
def test_fit_is_least_squares(seed, degree):
    rng = np.random.default_rng(seed)
    X = rng.normal(3, 5, (200, 2, 4))
    U = 1 + X - 0.01 * X**3 + rng.normal(0, 1, X.shape)
    found = fit_closure(X, U, 0.1, degree, "lag1")
    expected = np.polynomial.Polynomial.fit(X.ravel(), U.ravel(), degree).convert().coef
    np.testing.assert_allclose(found.coef, expected, rtol=1e-6, atol=1e-8)
    residual = U - np.polynomial.polynomial.polyval(X, expected)
    assert found.sigma == pytest.approx(residual.std())
    assert found.r2 == pytest.approx(1 - residual.var() / U.var())
    assert found.x_range == (X.min(), X.max())
    np.testing.assert_allclose(found(X), U - residual, atol=1e-8)
    beyond = found(np.array([-1e9, 1e9]))
    np.testing.assert_allclose(beyond, found(np.array(found.x_range)))


def test_memory_of_a_known_process():
    """An Ornstein-Uhlenbeck process is AR(1) at any lag; 2 million samples."""
    rng, phi = np.random.default_rng(0), math.exp(-0.01 / 0.2)
    noise = rng.normal(size=(4000, 500))
    x = np.empty_like(noise)
    x[0] = noise[0]
    for n in range(1, len(x)):
        x[n] = phi * x[n - 1] + math.sqrt(1 - phi**2) * noise[n]
    assert memory_time(x, 0.01) == pytest.approx(0.2, rel=0.03)
    assert memory_time(x, 0.01, "lag1") == pytest.approx(0.2, rel=0.03)
    lags = autocorrelation(x, 40)
    np.testing.assert_allclose(lags, phi ** np.arange(41), atol=0.02)
    assert Closure((0.0,), 1.0, 0.2).phi(0.01) == pytest.approx(phi)
    assert Closure((0.0,), 1.0, 0.0).phi(0.01) == 0
    assert memory_time([1.0, -1.0, 1.0, -1.0], 0.1, "lag1") == 0


@few
@given(st.floats(-1e6, 1e6), st.integers(2, 200), st.sampled_from(["efold", "lag1"]))
def test_what_is_constant_has_no_memory(value, n, memory):
    """Whatever the last bit of its mean."""
    with pytest.raises(ValueError, match="series must vary"):
        memory_time(np.full(n, value), 0.1, memory)
    with pytest.raises(ValueError, match="autocorrelation has no finite result"):
        autocorrelation(np.full(n, value), 1)


def test_a_wave_too_slow_for_its_first_lag():
    """The mean of 100 products of neighbours exceeds that of 101 squares: nothing decays."""
    with pytest.raises(ValueError, match="longer than its memory, got 101 times of 0.1"):
        memory_time(np.sin(np.linspace(0, 2 * np.pi, 101)), 0.1, "lag1")


@few
@given(
    seeds,
    st.lists(st.integers(-3000, 3000), min_size=1, max_size=5),
    st.sampled_from(["efold", "lag1"]),
)
def test_a_polynomial_leaves_no_noise(seed, coef, memory):
    """Only rounding is left, of which neither a spread nor a time is told."""
    X = np.random.default_rng(seed).normal(3, 5, (30, 2, 4))
    U = np.polynomial.polynomial.polyval(X, np.array(coef) / 1000)
    found = fit_closure(X, U, 0.1, memory=memory)
    assert (found.sigma, found.tau, found.r2) == (0, 0, 1)
    np.testing.assert_allclose(found(X), U, atol=1e-12 * np.abs(U).max())


def test_noise_has_the_asked_spread_and_memory():
    """In a cell without dynamics of its own: X stays near 0 and U = e is what moves it."""
    closure = Closure((0.0,), sigma=0.01, tau=0.1)
    t, X = integrate_closure(np.zeros((2000, 4)), 0.0, closure, 3.0, 0.01, save_every=5)
    # dX/dt = -X - e: X is gaussian of variance sigma^2 tau / (1 + tau).
    assert X[-20:].std() == pytest.approx(0.01 * math.sqrt(0.1 / 1.1), rel=0.05)
    assert t[-1] == pytest.approx(3)
    still = integrate_closure(np.zeros((3, 4)), 0.0, closure, 1.0, noise=False)[1]
    assert not still.any()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_resolved_step_without_closure(scheme):
    """A record made by a scheme lacks nothing under it, and only under it."""
    start = np.random.default_rng(3).normal(2, 3, (4, 6))
    _, X = integrate_closure(start, 8.0, None, 0.5, scheme=scheme)
    for other in SCHEMES:
        lacking = np.abs(subgrid_tendency(X[:, 0], 8.0, 0.005, other)).max()
        assert (lacking < 1e-9) == (other == scheme)


def test_truncated_model_against_another_integrator():
    start = np.random.default_rng(4).normal(2, 3, 8)
    line = Closure((0.5, 0.8))

    def rhs(_, x):
        return -np.roll(x, 1) * (np.roll(x, 2) - np.roll(x, -1)) - x + 20 - 0.5 - 0.8 * x

    exact = integrate.solve_ivp(rhs, (0, 1), start, method="DOP853", rtol=1e-11, atol=1e-11)
    X = integrate_closure([start], 20.0, line, 1.0)[1]
    np.testing.assert_allclose(X[-1, 0, 0], exact.y[:, -1], atol=2e-3)


@cache
def fit(c, degree, memory="efold", target="coupling"):
    """A closure fitted to 64 members of a record, or to the forward differences in it."""
    X, U = record(c).X[:, :64], record(c).U[:-1, :64]
    if target == "difference":
        U = subgrid_tendency(X, 20.0, 0.005)
    return fit_closure(X[:-1], U, 0.005, degree, memory)


def test_forward_difference_is_the_coupling_less_half_an_acceleration():
    run = record(10.0)
    X, dt = run.X[:1000], 0.005
    second = (X[2:] - 2 * X[1:-1] + X[:-2]) / dt**2
    gap = subgrid_tendency(X, 20.0, dt)[:-1] - run.U[: len(X) - 2]
    error = gap + dt / 2 * second
    assert error.std() < 0.1 * gap.std()


def test_published_fits_are_fits_to_forward_differences():
    """Arnold, Moroz & Palmer 2013 as refitted by Parthipan et al. 2023: both within the tolerance.
    The fit to the coupling is another polynomial."""
    published = fit(10.0, 3, "lag1", "difference")
    tolerance = np.array([0.03, 0.01, 0.0012, 0.00012])
    for expected in ((0.341, 1.30, -0.0136, -0.00235), (0.34484, 1.29972, -0.01271, -0.0023859)):
        assert (np.abs(published.coef - np.array(expected)) < tolerance).all()
    assert published.sigma == pytest.approx(2.00, abs=0.03)
    assert published.phi(0.005) == pytest.approx(0.9856, abs=0.0004)
    assert published.r2 == pytest.approx(0.860, abs=0.005)
    own = fit(10.0, 3)
    off = np.abs(own.coef - np.array([0.695, 1.110, 0.0002, -0.00285]))
    assert (off < [0.04, 0.01, 0.0015, 0.00015]).all()
    assert own.sigma == pytest.approx(1.84, abs=0.03)
    assert own.tau == pytest.approx(0.053, abs=0.003)
    assert fit(10.0, 3, "lag1").tau == pytest.approx(0.291, abs=0.015)
    line = fit(10.0, 1)
    assert line.coef == pytest.approx((0.827, 0.810), abs=0.02)
    assert line.coef[1] == pytest.approx(0.810, abs=0.005)


def test_published_fit_at_a_smaller_ratio():
    found = fit(4.0, 3, "lag1", "difference")
    # Arnold et al. as quoted in two programs; the rounding of both, and the error of a sample
    assert found.coef == pytest.approx((-0.20, 0.575, -0.0055, -0.00022), abs=0.02)
    assert found.coef[1] == pytest.approx(0.575, abs=0.01)
    assert found.coef[3] == pytest.approx(-0.00022, abs=0.0001)
    assert found.sigma == pytest.approx(2.12, abs=0.03)
    assert found.phi(0.005) == pytest.approx(0.9931, abs=0.0004)
    own = fit(4.0, 3)
    assert own.coef[:2] == pytest.approx((0.300, 0.324), abs=0.02)
    assert own.sigma == pytest.approx(1.184, abs=0.02)
    assert own.tau == pytest.approx(0.083, abs=0.005)
    assert own.r2 == pytest.approx(0.72, abs=0.01)


@pytest.mark.parametrize(("c", "shift"), [(10.0, 0.1376), (4.0, 0.2093)])
def test_bias_of_the_forward_difference(c, shift):
    """To 2 % of theory in the same record, and to 3 % of that of a larger one."""
    run, dt = record(c), 0.005
    own, other = fit(c, 1).coef[1], fit(c, 1, "lag1", "difference").coef[1]
    speed = (run.X[2:] - run.X[:-2]) / (2 * dt)
    theory = dt / 2 * np.mean(speed**2) / run.X.var()
    assert other - own == pytest.approx(theory, rel=0.02)
    assert other - own == pytest.approx(shift, rel=0.03)
    if c == 4:
        assert (other - own) / other == pytest.approx(0.42, abs=0.01)
        assert own == pytest.approx(0.291, abs=0.01)


def test_a_closure_belongs_to_a_stepper():
    """Time-scale ratio 4: KS distance and sd for two targets of the fit and two steppers."""
    X = record(4.0).X
    fits = {"coupling": fit(4.0, 3), "difference": fit(4.0, 3, "lag1", "difference")}
    reference = X[::20]
    assert reference.std() == pytest.approx(6.45, abs=0.06)
    for target, scheme, ks, sd in (
        ("coupling", "rk4", 0.004, 6.45),
        ("difference", "rk4", 0.022, 6.07),
        ("difference", "euler", 0.004, None),
        ("coupling", "euler", 0.029, 7.06),
    ):
        # With the last a ring may run away, one in some ten thousand units: it is not run for long.
        length = 18.0 if (target, scheme) == ("coupling", "euler") else 33.0
        _, Z = integrate_closure(
            X[0], 20.0, fits[target], length, noise=False, save_every=20, scheme=scheme
        )
        Z = Z[30:, 0]
        assert pdf_distance(Z, reference)["ks"] == pytest.approx(ks, abs=0.005), (target, scheme)
        assert sd is None or Z.std() == pytest.approx(sd, abs=0.06), (target, scheme)


def test_forecasts():
    """From the perfect X, errors at 0.5, 1 and 2, and the spread of ensembles of 20."""
    truth = record(10.0, members=192, length=2.0, seed=12)

    def scores(closure, n_ens=1, noise=True):
        _, X = integrate_closure(
            truth.X[0], 20.0, closure, 2.0, n_ens=n_ens, noise=noise, save_every=100
        )
        found = ensemble_scores(X[[1, 2, 4]], truth.X[[100, 200, 400]])
        return found["rmse"], found["spread"]

    quartic, close = fit(10.0, 4), {"rel": 0.12}
    assert scores(None)[0] == pytest.approx([4.0, 8.6, 9.0], **close)
    assert scores(quartic, noise=False)[0] == pytest.approx([0.66, 2.1, 4.9], **close)
    rmse, spread = scores(quartic, 20)
    assert rmse == pytest.approx([0.70, 2.05, 3.9], **close)
    assert spread == pytest.approx([0.75, 2.15, 4.0], **close)
    rmse, spread = scores(fit(10.0, 4, "lag1"), 20)
    assert rmse == pytest.approx([0.77, 2.26, 4.0], **close)
    assert spread == pytest.approx([1.16, 2.86, 4.4], **close)
    assert scores(quartic)[0] == pytest.approx([1.0, 2.9, 5.3], **close)
    white = Closure(quartic.coef, quartic.sigma, 0.0, x_range=quartic.x_range)
    assert scores(white, 20)[1][0] == pytest.approx(0.19, **close)


CLIMATES = {
    (None, False): (3.34, 7.46, 0.257, 0.116),
    (1, "coupling", False): (3.585, 5.010, 0.025, 0.017),
    (3, "coupling", False): (3.571, 4.983, 0.031, 0.0235),
    (3, "coupling", True): (3.703, 5.057, 0.025, 0.0127),
    (4, "coupling", False): (3.651, 5.017, 0.020, 0.016),
    (4, "coupling", True): (3.735, 5.065, 0.018, 0.0087),
    (3, "difference", False): (3.901, 4.919, 0.042, 0.016),
    (3, "difference", True): (3.831, 4.916, 0.0315, 0.0125),
}


@cache
def climate(degree, *target):
    """X over 60 units at intervals of 0.2, from 512 starts: the standard error of the mean of one
    climate is 0.01. With a closure, or with None, of the given degree."""
    *target, noise = target
    memory = "lag1" if target == ["difference"] else "efold"
    closure = fit(10.0, degree, memory, *target) if degree else None
    dt = 0.005 if noise else 0.01  # converged; with noise, held for a step, the step counts
    start = record(10.0).X[::2000].reshape(-1, 8)
    every = round(0.2 / dt)
    return integrate_closure(
        start, 20.0, closure, 60.0, dt, noise=noise, save_every=every, seed=13
    )[1][:, 0]


@pytest.mark.parametrize("which", CLIMATES)
def test_climates(which):
    mean, sd, hellinger, ks = CLIMATES[which]
    # Rings of the cubic and the quartic get stuck: their climate is that of the times 5 to 60.
    X = climate(*which)[25:]
    found = pdf_distance(X, record(10.0).X[::10])
    assert X.mean() == pytest.approx(mean, abs=0.03)
    assert X.std() == pytest.approx(sd, abs=0.03)
    assert found["hellinger"] == pytest.approx(hellinger, abs=0.006)
    assert found["ks"] == pytest.approx(ks, abs=0.004)


def test_rings_without_noise_get_stuck():
    """Rings with a mean below 3.3 over 12 units. The truth has one in fifty at most; a quartic
    without noise gathers them, one with noise does not. Of 512 rings that part at the last bit, the
    standard errors are 0.02 and, with noise, 0.006."""
    share = {"truth": np.mean(record(10.0).X[-2400::10].mean(axis=(0, 2)) < 3.3)}
    for noise in (False, True):
        X = climate(4, "coupling", noise)
        share[noise] = np.mean(X[-60:].mean(axis=(0, 2)) < 3.3)
        share[noise, "early"] = np.mean(X[:60].mean(axis=(0, 2)) < 3.3)
    assert share["truth"] < 0.02
    assert share[True] < 0.05
    assert share[False] > 0.15
    assert share[False] > 1.5 * share[False, "early"]


def test_separation_at_fixed_coupling():
    """The better separated, the better closed: the central limit's square root, until what is left
    is no longer fast."""
    c = np.array([4.0, 10.0, 20.0, 40.0])
    found = separation_errors(c, n_members=128)
    assert found["closure"] == pytest.approx([0.606, 0.307, 0.205, 0.180], rel=0.12)
    assert ((found["none"] > 1.5) & (found["none"] < 1.8)).all()
    assert found["r2"] == pytest.approx([0.73, 0.848, 0.885, 0.90], abs=0.01)
    slope = np.polyfit(np.log(c), np.log(found["closure"]), 1)[0]
    assert slope == pytest.approx(-0.54, abs=0.08)
    assert [L96.held(x).coupling for x in c] == pytest.approx([3.2] * 4)


def test_times_of_the_atlas():
    _, row = rows("climate_grid")
    assert memory_time(record(10.0).X, 0.005) == pytest.approx(row.large.value, abs=0.005)
    assert fit(10.0, 4).tau == pytest.approx(row.small.value, abs=0.002)
    assert row.ratio == pytest.approx(3.9, abs=0.1)


sample = st.lists(st.floats(-30, 30), min_size=1, max_size=60)


@few
@given(sample, sample)
def test_distances(x, y):
    found = pdf_distance(x, y)
    steps = [abs(np.mean(np.array(x) <= at) - np.mean(np.array(y) <= at)) for at in x + y]
    assert found["ks"] == pytest.approx(max(steps), abs=1e-12)
    assert found == pytest.approx(pdf_distance(y, x), abs=1e-7)
    assert 0 <= found["hellinger"] <= 1 and 0 <= found["ks"] <= 1
    assert pdf_distance(x, x[::-1]) == {"hellinger": 0, "ks": 0}
    apart = pdf_distance(x, np.add(x, 100), bins=np.arange(-31, 132))
    assert apart == {"hellinger": 1, "ks": 1}
    edges = np.arange(-20, 25.25, 0.5)
    p, q = (np.histogram(np.clip(s, -20, 25), edges)[0] / len(s) for s in (x, y))
    assert found["hellinger"] ** 2 == pytest.approx(1 - np.sqrt(p * q).sum(), abs=1e-9)


def test_samples_that_do_not_overlap():
    assert pdf_distance([0.0, 1.0], [10.0, 11.0]) == {"hellinger": 1, "ks": 1}


def test_a_reliable_ensemble_has_the_spread_of_its_error():
    rng = np.random.default_rng(2)
    centre = rng.normal(size=(1, 1, 400, 20))
    members = centre + rng.normal(size=(1, 10, 400, 20))
    truth = (centre + rng.normal(size=(1, 1, 400, 20)))[:, 0]
    found = ensemble_scores(members, truth)
    assert found["rmse"][0] == pytest.approx(math.sqrt(1.1), rel=0.02)
    assert found["spread"][0] == pytest.approx(found["rmse"][0], rel=0.03)
    one = ensemble_scores(members[:, :1], truth)
    assert one["spread"].tolist() == [0]
    assert one["rmse"][0] == pytest.approx(math.sqrt(2), rel=0.02)


C = Closure((0.0, 1.0))
A, X0 = np.ones((6, 2, 4)), np.ones((2, 4))


@pytest.mark.parametrize(
    ("call", "name", "shown"),
    [
        (lambda: subgrid_tendency(A[:1], 8, 0.1), "X", "(1, 2, 4)"),
        (lambda: Closure((1.0,), r2="much"), "r2", "'much'"),
        (lambda: Closure((1.0,), x_range=(1, 0)), "x_range", "(1.0, 0.0)"),
        (lambda: Closure((1.0,), x_range=(0, 1, 2)), "x_range", "(0.0, 1.0, 2.0)"),
        (lambda: fit_closure(A, A[:3], 0.1), "U", "(3, 2, 4)"),
        (lambda: memory_time([[1.0, -1.0]] * 3, 0.1), "series", "3 times"),
        (lambda: memory_time(np.ones(3), 0.1), "series", "vary"),
        (lambda: autocorrelation([1.0, 2.0], 2), "lags", "2"),
        (lambda: integrate_closure(X0[:, :3], 8, C, 1.0), "X0", "(2, 3)"),
        (lambda: integrate_closure(X0, 8, C, 0), "t_run", "0"),
        (lambda: pdf_distance([1], [1], bins=[1, 0]), "bins", "[1.0, 0.0]"),
        (lambda: ensemble_scores(np.ones((2, 3, 4, 5)), np.ones((2, 4, 4))), "truth", "(2, 4, 4)"),
    ],
)
def test_refused(call, name, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert name in str(caught.value)
    assert shown in str(caught.value)
