"""Start-up of a viscoelastic flow.

Expected values: the series of Waters & King (1970) in another form, matrix exponentials of single
modes, causality, and numbers that a second program found. Tolerances are half of the last digit
quoted unless stated.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from smlib import viscoelastic as ve
from smlib.viscoelastic import (
    FLOWS,
    FLUIDS,
    SPECTRUM,
    Fluid,
    creeping_velocity,
    mode_rates,
    overshoot,
    regime,
    ringing_band,
    settling_time,
    startup_velocity,
)

few = settings(max_examples=40)
elasticities = st.floats(-4, 6).map(lambda x: 10**x)
shares = st.floats(0, 1)


def centre(t, El, beta, **options):
    return startup_velocity(0, t, El, beta, **options)[:, 0]


# --- start-up -----------------------------------------------------------------------------------


def waters_king(Y, T, E, beta, terms=400):
    """Velocity over the mean one; time in relaxation times. Exponentials combined by hand."""
    T = np.asarray(T, dtype=float)[:, None]
    n = (2 * np.arange(1, terms + 1) - 1) * np.pi
    alpha = 1 + beta * E * n**2 / 4
    b = np.sqrt(alpha**2 - E * n**2 + 0j)
    gamma = 1 - (2 - beta) / 4 * E * n**2
    plus, minus = np.exp((b - alpha) * T / 2), np.exp(-(b + alpha) * T / 2)
    left = (plus + minus) / 2 + gamma / b * (plus - minus) / 2
    series = np.sum(np.sin((1 + Y) * n / 2) / n**3 * left.real, axis=1)
    return 1.5 * (1 - Y**2) - 48 * series


@pytest.mark.parametrize(("E", "beta"), [(1, 1 / 9), (10, 0.1), (0.05, 0.5)])
def test_the_series_of_waters_and_king(E, beta):
    T = np.arange(1, 9)
    found = 1.5 * startup_velocity(0.3, E * T, E, beta)[:, 0]
    np.testing.assert_allclose(found, waters_king(0.3, T, E, beta), atol=1e-8)


def test_centreline_at_five_times():
    expected = [0.49999, 0.99307, 1.64413, 1.37197, 0.87804]
    np.testing.assert_allclose(centre([0.25, 0.5, 1, 2, 4], 1, 1 / 9), expected, atol=1e-4)


@few
@given(elasticities, shares, st.floats(0.001, 20), st.sampled_from(FLOWS), st.integers(1, 6))
def test_single_modes_against_matrix_exponentials(El, beta, t, flow, count):
    """Projected equations of U and tau of each mode, integrated by another method."""
    y = np.array([0.1, 0.45, 0.9])
    k = (np.arange(1, count + 1) - (0.5 if flow == "poiseuille" else 0)) * np.pi
    total = np.zeros(3) if flow == "poiseuille" else y.copy()
    for number, q in enumerate(k, 1):
        # poiseuille: u = U cos qy, tau = T sin qy; couette: u = y + U sin qy, tau = ... + T cos qy.
        sign = 1 if flow == "poiseuille" else -1
        system = np.array([[-beta * q**2, sign * q], [-sign * (1 - beta) * q / El, -1 / El]])
        if flow == "poiseuille":
            forcing, start = np.array([4 * math.sin(q) / q, 0.0]), np.zeros(2)
        else:  # the mean of tau grows as 1 - exp(-t/El) by itself and pushes nothing
            forcing, start = np.zeros(2), np.array([2 * (-1) ** number / q, 0.0])
        big = np.zeros((3, 3))
        big[:2, :2], big[:2, 2] = system, forcing
        value = (expm(big * t) @ [*start, 1.0])[0]
        if flow == "poiseuille":
            total += value * np.cos(q * y)
        else:
            total += value * np.sin(q * y)
    found = startup_velocity(y, t, El, beta, flow, n_modes=count)[0]
    if flow == "poiseuille":  # the module adds the whole parabola, the oracle its first terms
        parts = [4 * math.sin(q) / q**3 * np.cos(q * y) for q in k]
        found = found - (1 - y**2) + np.sum(parts, axis=0)
    np.testing.assert_allclose(found, total, atol=1e-8 * max(1, 1 / El))


def test_a_core_that_no_wave_has_reached_moves_freely():
    t = np.linspace(0.5, 9, 18)
    np.testing.assert_allclose(centre(t, 100, 0, n_modes=2000), 2 * t, atol=1e-3)


@pytest.mark.parametrize("El", [1, 25, 100, 1000])
def test_peak_without_solvent(El):
    assert overshoot(El, 0)[0] == pytest.approx(2 * math.sqrt(El), rel=1e-3)
    assert centre(math.sqrt(El), El, 0, n_modes=2000) == pytest.approx(2 * El**0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("El", "peaks"), [(1e3, (1.9901, 9.1128, 15.890)), (1e5, (1.9998, 9.975, 19.83))]
)
def test_overshoot_with_solvent(El, peaks):
    found = [overshoot(El, beta)[0] for beta in (0.5, 0.1, 0.05)]
    assert found == pytest.approx(peaks, rel=1e-3)
    assert all(peak < 1 / beta for peak, beta in zip(found, (0.5, 0.1, 0.05), strict=True))


def test_readings_of_the_text():
    high, low = overshoot(10, 0.1)
    assert (high, low) == pytest.approx((3.87, 0.11), abs=0.005)
    assert overshoot(100, 0)[1] == pytest.approx(-16.19, rel=2e-3)
    assert settling_time(0.1, 0.1) == pytest.approx(0.88, abs=0.005)


def test_peak_of_a_couette_front():
    """Behind the front the middle has the wall's speed at most, twice its steady value."""
    high, low = overshoot(1e4, 0, "couette")
    assert high == pytest.approx(2, abs=0.03)
    assert low == pytest.approx(0, abs=0.03)


# --- modes and band -----------------------------------------------------------------------------


@few
@given(elasticities, shares, st.floats(0.1, 1000))
def test_rates_solve_the_quadratic_and_decay(El, beta, k):
    slow, fast = mode_rates(El, beta, k)
    alpha = 1 + beta * El * k**2
    assert slow * fast == pytest.approx(k**2 / El, rel=1e-12)
    assert slow + fast == pytest.approx(-alpha / El, rel=1e-7)
    assert fast.real <= slow.real < 0 or slow.real == pytest.approx(fast.real, rel=1e-12)


@pytest.mark.parametrize(
    ("beta", "flow", "low", "high"),
    [(0, "poiseuille", 0.101321, math.inf), (0.01, "poiseuille", 0.101831, 16130.2),
     (0.1, "poiseuille", 0.106728, 153.901), (0.5, "poiseuille", 0.139072, 4.72434),
     (0.9, "poiseuille", 0.233937, 0.866837), (0.1, "couette", 0.0266820, 38.4754)],
)  # fmt: skip
def test_ringing_band(beta, flow, low, high):
    assert ringing_band(beta, flow) == pytest.approx((low, high), rel=1e-5)


@few
@given(st.floats(0.001, 0.999), st.sampled_from(FLOWS))
def test_both_ends_of_the_band_are_double_roots_and_no_trouble(beta, flow):
    k = math.pi / (2 if flow == "poiseuille" else 1)
    for end in ringing_band(beta, flow):
        slow, fast = mode_rates(end, beta, k)
        assert abs(slow - fast) < 1e-6 * abs(slow)
        t = [0.3, 1.0, 5.0]
        at, off = (startup_velocity(0.5, t, end * x, beta, flow) for x in (1, 1 + 1e-7))
        np.testing.assert_allclose(at, off, atol=1e-5)


@few
@given(elasticities, st.just(0.0) | st.floats(1e-6, 0.99), st.sampled_from(FLOWS))
def test_inside_the_band_the_slowest_mode_rings(El, beta, flow):
    low, high = ringing_band(beta, flow)
    assume(abs(math.log(El / low)) > 1e-6 and (beta == 0 or abs(math.log(El / high)) > 1e-6))
    k = math.pi / (2 if flow == "poiseuille" else 1)
    rings = abs(mode_rates(El, beta, k)[0].imag) > 0
    assert rings == (low < El < high) == (regime(El, beta, flow) == "ringing")


def test_ends_of_the_map():
    assert all(math.isnan(end) for end in ringing_band(1))
    assert [regime(El, 1.0) for El in (0, 1, 1e9)] == ["diffusive"] * 3
    assert [regime(El, 0.0) for El in (0, 1, 1e9)] == ["diffusive", "ringing", "ringing"]


# --- limits -------------------------------------------------------------------------------------


@few
@given(shares, st.sampled_from(FLOWS))
def test_little_elasticity_and_pure_solvent_are_newtonian(beta, flow):
    y, t = [0.2, 0.7], [0.1, 0.5, 2.0]
    newtonian = startup_velocity(y, t, 0, beta, flow)
    np.testing.assert_allclose(startup_velocity(y, t, 1e-7, beta, flow), newtonian, atol=1e-5)
    np.testing.assert_allclose(startup_velocity(y, t, 3.0, 1, flow), newtonian, atol=1e-9)


@few
@given(elasticities, st.floats(0.01, 1), st.sampled_from(FLOWS))
def test_rest_walls_symmetry_and_steady_state(El, beta, flow):
    walls = [-1, 1] if flow == "poiseuille" else [0, 1]
    t = [1e-6, 1.0, 50 * (1 + El)]
    u = startup_velocity(walls, t, El, beta, flow)
    expected = np.zeros((3, 2)) if flow == "poiseuille" else np.tile([0.0, 1.0], (3, 1))
    np.testing.assert_allclose(u, expected, atol=1e-9)
    steady = 0.75 if flow == "poiseuille" else 0.5
    inner = startup_velocity(0.5, t, El, beta, flow)[:, 0]
    assert inner[0] == pytest.approx(0, abs=0.01)
    assert inner[2] == pytest.approx(steady, abs=1e-6)
    if flow == "poiseuille":
        left, right = startup_velocity([-0.4, 0.4], t, El, beta).T
        np.testing.assert_allclose(left, right, atol=1e-12)


def test_creeping_reduction_gains_a_digit_a_decade():
    def error(El, beta):
        t = np.geomspace(0.1 * beta * El, 8 * beta * El, 400)
        return np.abs(creeping_velocity(0, t, El, beta)[:, 0] - centre(t, El, beta)).max()

    decades = (1e3, 1e4, 1e5)
    half = [error(El, 0.5) for El in decades]
    assert half == pytest.approx([2.951e-3, 2.942e-4, 2.941e-5], rel=0.02)
    assert np.diff(np.log10(half)) == pytest.approx([-1, -1], abs=0.003)
    assert [error(El, 0.1) for El in decades] == pytest.approx([0.556, 0.0656, 0.00649], rel=0.02)
    assert error(1e3, 0.02) == pytest.approx(41, rel=0.02)  # inside its band, which ends at 4012


def test_a_little_elasticity_settles_fastest():
    El = np.geomspace(0.01, 1, 4001)
    slowest = [-mode_rates(E, 0, np.array([np.pi / 2]))[0, 0].real for E in El]
    assert El[np.argmax(slowest)] == pytest.approx(1 / np.pi**2, rel=2e-3)
    best = -mode_rates(1 / np.pi**2, 0, np.pi / 2)[0].real
    assert best == pytest.approx(np.pi**2 / 2, rel=1e-6)  # twice the Newtonian pi^2/4
    times = [settling_time(E, 0) for E in (0, 0.05, 0.1013, 0.3)]
    assert times == pytest.approx([1.2265, 1.060, 0.8355, 1.5745], rel=0.01)


@settings(max_examples=15)
@given(st.floats(-2, 3).map(lambda x: 10**x), st.floats(0.01, 1), st.sampled_from(FLOWS))
def test_settled_means_settled(El, beta, flow):
    T = settling_time(El, beta, flow)
    y, steady = (0, 1) if flow == "poiseuille" else (0.5, 0.5)
    after = np.geomspace(1.02 * T, 40 * T, 3000)
    u = startup_velocity(y, after, El, beta, flow)[:, 0] / steady
    assert np.abs(u - 1).max() <= 0.0501
    just = startup_velocity(y, T * np.linspace(0.97, 1, 20), El, beta, flow)[:, 0] / steady
    assert np.abs(just - 1).max() > 0.0499


# --- fluids and bad input -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "El", "viscous", "wave"),
    [("peo", 0.90, 3.3e-3, 4.5e-3), ("boger", 124.2, 6.4e-3, 0.111), ("ldpe", 3.84e9, 1.5e-8,
     9.5e-4)],
)  # fmt: skip
def test_the_three_fluids(name, El, viscous, wave):
    fluid = FLUIDS[name]
    assert fluid.El == pytest.approx(El, rel=0.005)
    assert fluid.viscous_time == pytest.approx(viscous, rel=0.03)
    assert fluid.wave_time == pytest.approx(wave, rel=0.01)
    middle = fluid.relaxation_time * fluid.viscous_time / (1 - fluid.beta)
    assert fluid.wave_time == pytest.approx(math.sqrt(middle))
    assert Fluid(1, 1, 1, 1, 1).wave_time == math.inf


def test_the_spectrum_of_the_melt():
    times, moduli = SPECTRUM
    viscosity = (moduli * times).sum()
    assert viscosity == pytest.approx(51064, abs=0.5)
    mean = (moduli * times**2).sum() / viscosity
    assert mean == pytest.approx(58.73, abs=0.005)
    fast = (moduli * times)[times <= 1e-2].sum() / viscosity
    assert fast == pytest.approx(0.0136, abs=5e-5)
    melt = FLUIDS["ldpe"]
    assert (melt.viscosity, melt.relaxation_time) == pytest.approx((viscosity, mean), rel=2e-3)


def test_bad_input_is_refused_by_name():
    with pytest.raises(ValueError, match=r"-0\.1"):
        startup_velocity(-0.1, 1, 1, 0.5, "couette")


def test_public_names():
    assert all(hasattr(ve, name) for name in ve.__all__)
