"""The two-scale model of Lorenz.

Expected values: a plain loop and scipy's own integrator for the same equations, and the exact
budget of the model. Statistical tolerances are some three standard errors of the samples used here;
the means they surround come from samples several times as large.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate

from smlib.closures import Closure, integrate_closure
from smlib.lorenz96 import L96, integrate_l96

runs = settings(max_examples=8)
seeds = st.integers(0, 10**6)


def slopes(p, X, Y):
    """Tendencies of X (K,) and Y (K, J) as Lorenz writes them."""
    y = Y.ravel()
    U = p.h * p.c / p.b * Y.sum(axis=1)
    dX = -np.roll(X, 1) * (np.roll(X, 2) - np.roll(X, -1)) - X + p.F - U
    dy = -p.c * p.b * np.roll(y, -1) * (np.roll(y, -2) - np.roll(y, 1)) - p.c * y
    return dX, dy.reshape(Y.shape) + p.h * p.c / p.b * X[:, None]


def member_by_member(p, X, Y, dt, steps):
    """The plain way: one member after the other, classical Runge-Kutta, arrays made as needed."""
    last = []
    for x, y in zip(X, Y, strict=True):
        for _ in range(steps):
            k1 = slopes(p, x, y)
            k2 = slopes(p, x + dt / 2 * k1[0], y + dt / 2 * k1[1])
            k3 = slopes(p, x + dt / 2 * k2[0], y + dt / 2 * k2[1])
            k4 = slopes(p, x + dt * k3[0], y + dt * k3[1])
            x, y = (
                z + dt / 6 * (a + 2 * b + 2 * c + d)
                for z, a, b, c, d in zip((x, y), k1, k2, k3, k4, strict=True)
            )
        last.append((x, y))
    return tuple(map(np.array, zip(*last, strict=True)))


def small(seed, members=3, K=5, J=3):
    rng = np.random.default_rng(seed)
    return rng.normal(2, 2, (members, K)), rng.normal(0, 0.3, (members, K, J))


@runs
@given(seeds, st.integers(4, 6), st.integers(1, 4), st.floats(1, 12), st.floats(2, 12))
def test_against_the_plain_loop(seed, K, J, c, b):
    p = L96(K=K, J=J, F=8.0, h=0.7, b=b, c=c)
    state = small(seed, K=K, J=J)
    run = integrate_l96(p, 0.2, 0.002, state=state, save_every=100)
    X, Y = member_by_member(p, *state, 0.002, 100)
    np.testing.assert_allclose(run.state[0], X, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(run.state[1], Y, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(run.X[-1], run.state[0])
    np.testing.assert_allclose(run.U[-1], p.h * c / b * Y.sum(axis=2), rtol=1e-8, atol=1e-8)


def test_against_another_integrator():
    p, (X, Y) = L96(K=6, J=4), small(1, 1, 6, 4)

    def rhs(_, z):
        return np.concatenate([d.ravel() for d in slopes(p, z[:6], z[6:].reshape(6, 4))])

    start = np.concatenate([X[0], Y[0].ravel()])
    exact = integrate.solve_ivp(rhs, (0, 0.5), start, method="DOP853", rtol=1e-11, atol=1e-11)
    errors = []
    for dt in (0.0025, 0.00125):
        run = integrate_l96(p, 0.5, dt, state=(X, Y))
        errors.append(np.abs(run.X[-1, 0] - exact.y[:6, -1]).max())
    assert errors[1] < 1e-5
    assert errors[0] / errors[1] == pytest.approx(16, rel=0.35)  # fourth order


@runs
@given(seeds, st.integers(0, 4))
def test_the_ring_has_no_first_cell(seed, shift):
    p, (X, Y) = L96(K=5, J=3), small(seed)
    one = integrate_l96(p, 0.3, 0.005, state=(X, Y))
    moved = (np.roll(X, shift, axis=1), np.roll(Y, shift, axis=1))
    two = integrate_l96(p, 0.3, 0.005, state=moved)
    np.testing.assert_allclose(two.X, np.roll(one.X, shift, axis=2), atol=1e-9)


def test_a_run_can_be_continued():
    p = L96(J=4)
    whole = integrate_l96(p, 0.4, 0.005, 3, spinup=0.1)
    first = integrate_l96(p, 0.2, 0.005, 3, spinup=0.1)
    second = integrate_l96(p, 0.2, 0.005, state=first.state)
    np.testing.assert_allclose(second.X, whole.X[40:], rtol=1e-12)
    np.testing.assert_allclose(whole.t, np.arange(81) * 0.005)
    assert whole.X.shape == whole.U.shape == (81, 3, 8)
    thin = integrate_l96(p, 0.4, 0.005, 3, spinup=0.1, save_every=16)
    np.testing.assert_array_equal(thin.X, whole.X[::16])


def test_what_a_run_starts_from():
    start = integrate_l96(L96(), 0.005, n_members=4000, spinup=0).state
    assert start[0].mean() == pytest.approx(3, abs=0.1)
    assert start[1].std() == pytest.approx(0.1, abs=0.02)


class Late:
    """What a pool of another library may hand back: a promise of the result."""

    def __init__(self, function, given):
        self.job = function, given

    def result(self):
        return self.job[0](self.job[1])


def late(function, given):
    return [Late(function, one) for one in given]


def test_workers_change_nothing():
    """150 members are three blocks."""
    p, closure = L96(J=4), Closure((0.3, 1.0), sigma=1.0, tau=0.1)
    starts = np.random.default_rng(1).normal(3, 3, (200, 8))

    def both(workers):
        run = integrate_l96(p, 0.1, n_members=150, spinup=0.1, seed=5, workers=workers)
        _, X = integrate_closure(starts, 8.0, closure, 0.1, n_ens=6, seed=5, workers=workers)
        return run.X, run.U, *run.state, X

    expected = both(1)
    with ThreadPoolExecutor(3) as pool:
        for workers in (2, pool.map, late):
            for one, other in zip(expected, both(workers), strict=True):
                np.testing.assert_array_equal(one, other)


def test_too_large_a_step_is_told():
    with pytest.raises(ValueError, match="dt=0.2"):
        integrate_l96(L96(), 20.0, 0.2)
    up = Closure((0.0, 0.0, 0.0, -1.0))  # U = -X^3 feeds what is large
    with pytest.raises(ValueError, match="dt=0.005"):
        integrate_closure([[5.0, 5.0, 5.0, 5.0]], 8.0, up, 5.0)


@cache
def record(c, F=20.0, members=None, length=30, seed=11, every=1):
    """A run of 64 members unless others are asked for; of 128 in the standard setting."""
    dt, members = min(0.005, 0.05 / c), members or (128 if (c, F) == (10, 20) else 64)
    return integrate_l96(L96(c=c, F=F), length, dt, members, 5.0, every, seed)


@pytest.mark.parametrize(
    ("F", "mean", "sd", "product"), [(20.0, 3.776, 5.073, 35.6), (18.0, None, 4.55, None)]
)
def test_climate_and_budget(F, mean, sd, product):
    run = record(10.0, F=F, length=30 if mean else 20)
    X, U = run.X, run.U
    assert X.std() == pytest.approx(sd, abs=0.03)
    assert F * X.mean() - np.mean(X**2) - np.mean(X * U) == pytest.approx(0, abs=0.5)
    if mean:
        assert X.mean() == pytest.approx(mean, abs=0.02)
        assert np.mean(X * U) == pytest.approx(product, abs=0.5)


@pytest.mark.parametrize(
    ("c", "sd"), [(1.0, 7.27), (2.0, 7.02), (4.0, 6.46), (20.0, 3.23), (40.0, 0.68)]
)
def test_lorenz_slider_moves_the_coupling_too(c, sd):
    run = record(c) if c == 4 else record(c, length=10 if c < 20 else 5, every=5)
    tolerance = {"abs": 0.15} if c == 40 else {"rel": 0.02}
    assert run.X.std() == pytest.approx(sd, **tolerance)
    assert L96(c=c).coupling == pytest.approx(0.32 * c)


P = L96(J=2)
STATE = (np.ones((2, 8)), np.ones((2, 8, 3)))


@pytest.mark.parametrize(
    ("call", "name", "shown"),
    [
        (lambda: integrate_l96(P, 0), "t_run", "0"),
        (lambda: integrate_l96(P, 1, state=STATE), "state", "(2, 8, 3)"),
        (lambda: integrate_l96(P, 0.01, workers=0), "workers", "0"),
        (lambda: L96.held(1.0, K=3), "K", "3"),
    ],
)
def test_refused(call, name, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert name in str(caught.value)
    assert shown in str(caught.value)
