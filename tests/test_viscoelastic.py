"""Start-up of a viscoelastic flow, and the linear systems of its implicit steps.

Expected values: the series of Waters & King (1970) in another form, matrix exponentials of single
modes, causality, exact polynomials on the grid, linear algebra (Murphy, Golub & Wathen 2000), and
numbers that a second program found. Tolerances are half of the last digit quoted unless stated.
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
    METHODS,
    SPECTRUM,
    Fluid,
    creeping_velocity,
    equilibrate,
    gmres_report,
    mode_rates,
    overshoot,
    regime,
    ringing_band,
    settling_time,
    solver_work,
    startup_velocity,
    step_matrix,
)

few = settings(max_examples=40, deadline=None)
elasticities = st.floats(-4, 6).map(lambda x: 10**x)
shares = st.floats(0, 1)
each_flow = pytest.mark.parametrize("flow", FLOWS)


def centre(t, El, beta, **options):
    return startup_velocity(0, t, El, beta, **options)[:, 0]


def unit_fluid(El, beta):
    return Fluid(1.0, 1.0, beta, El, 1.0)


def condition(A):
    return np.linalg.cond(A.toarray() if hasattr(A, "toarray") else A)


def scaled(A):
    r, c = equilibrate(A)
    return r[:, None] * A.toarray() * c


def known(fluid, n):
    """A flow on the way to its end: u = 0.01 (1 - y^2) m/s, and 0.7 of its steady stress."""
    edge, middle = np.arange(n) / n, (np.arange(n) + 0.5) / n
    slope = (1 - fluid.beta) * fluid.viscosity / fluid.length
    return np.concatenate([0.01 * (1 - edge**2), -1.4 * slope * 0.01 * middle])


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
    assert mode_rates(El, beta, [[k, k]]).shape == (1, 2, 2)


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
    low, high = ringing_band([0.1, 0.5])
    assert low.shape == high.shape == (2,)


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


@settings(max_examples=15, deadline=None)
@given(st.floats(-2, 3).map(lambda x: 10**x), st.floats(0.01, 1), st.sampled_from(FLOWS))
def test_settled_means_settled(El, beta, flow):
    T = settling_time(El, beta, flow)
    y, steady = (0, 1) if flow == "poiseuille" else (0.5, 0.5)
    after = np.geomspace(1.02 * T, 40 * T, 3000)
    u = startup_velocity(y, after, El, beta, flow)[:, 0] / steady
    assert np.abs(u - 1).max() <= 0.0501
    just = startup_velocity(y, T * np.linspace(0.97, 1, 20), El, beta, flow)[:, 0] / steady
    assert np.abs(just - 1).max() > 0.0499


# --- discretisation -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flow", "El", "beta", "errors"),
    [("poiseuille", 1, 0.1, (4.25e-4, 1.06e-4, 2.66e-5)),
     ("couette", 10, 0.5, (2.63e-4, 6.60e-5, 1.65e-5))],
)  # fmt: skip
def test_second_order_in_space(flow, El, beta, errors):
    found = [
        solver_work(El, beta, n, 4, "Radau", flow, 1e-8, 1e-10)["error"] for n in (32, 64, 128)
    ]
    assert found == pytest.approx(errors, rel=0.005)
    assert found[0] / found[1] == pytest.approx(4, abs=0.05)


def test_a_travelling_front_does_not_converge_in_the_largest_error():
    for n in (32, 64, 128):
        work = solver_work(10, 0, n, 4, "Radau", "couette", 1e-6, 1e-8)
        assert 0.3 < work["error"] < 0.7


WORK = {
    "RK45": (24950, 7790, 2654, 4196, 43202, 432674),
    "BDF": (226, 236, 220, 182, 250, 267),
    "Radau": (317, 345, 331, 302, 420, 337),
}


@pytest.mark.parametrize("method", WORK)
def test_work_of_three_integrators(method):
    found = [solver_work(10.0**p, 0.1, method=method)["nfev"] for p in range(-3, 3)]
    assert found == pytest.approx(WORK[method], rel=0.2)
    if method == "RK45":
        assert np.argmin(found) == 2  # cheapest where the clocks match


def test_spectral_radius_is_that_of_the_solvent():
    for beta in (0.1, 0.5):
        radius = solver_work(1e4, beta, 64, 1.0)["spectral_radius"]
        assert radius == pytest.approx(4 * beta * 64**2, rel=0.01)


def test_the_matrix_is_exact_for_parabola_and_line():
    fluid, n, step = FLUIDS["boger"], 16, 0.25
    A, n_u = step_matrix(fluid, n, step)
    edge, middle = np.arange(n) / n, (np.arange(n) + 0.5) / n
    rest = fluid.density / (step * fluid.relaxation_time)
    momentum = rest * (1 - edge**2) + 2 * fluid.beta * fluid.viscosity / fluid.length**2
    rate = -2 * middle / fluid.length
    stress = 7.0 * middle
    polymer = (1 + 1 / step) * stress - (1 - fluid.beta) * fluid.viscosity * rate
    expected = np.concatenate([momentum - 7.0 / fluid.length, polymer])
    assert n_u == n
    np.testing.assert_allclose(A @ np.concatenate([1 - edge**2, stress]), expected, rtol=1e-10)

    A, n_u = step_matrix(fluid, n, step, flow="couette")
    edge = np.arange(1, n) / n
    u = edge * (1 - edge)  # no slip at both walls
    momentum = rest * u + 2 * fluid.beta * fluid.viscosity / fluid.length**2 - 7.0 / fluid.length
    rate = (1 - 2 * middle) / fluid.length
    polymer = (1 + 1 / step) * stress - (1 - fluid.beta) * fluid.viscosity * rate
    assert n_u == n - 1
    found = A @ np.concatenate([u, stress])
    np.testing.assert_allclose(found, np.concatenate([momentum, polymer]), rtol=1e-10)


@few
@given(st.sampled_from(list(FLUIDS)), st.integers(4, 20), st.floats(0.01, 10))
def test_units_are_rows_and_columns_multiplied(name, n, step):
    fluid = FLUIDS[name]
    a, n_u = step_matrix(fluid, n, step)
    b, _ = step_matrix(fluid, n, step, "dimensionless")
    velocity = fluid.length / fluid.viscous_time
    stress = fluid.viscosity / fluid.viscous_time
    columns = np.repeat([velocity, stress], [n_u, n])
    rows = np.repeat([stress / fluid.length, stress], [n_u, n])
    np.testing.assert_allclose(a.toarray() * columns / rows[:, None], b.toarray(), rtol=1e-9)


# --- condition ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("El", "kappa"), [(1e2, 1.001e2), (1e4, 1.001e4), (1e6, 1.001e6)])
def test_at_the_fast_step_all_of_it_is_nominal(El, kappa):
    A, _ = step_matrix(unit_fluid(El, 0.1), 64, 0.01 / El)
    assert condition(A) == pytest.approx(kappa, rel=1e-3)
    assert condition(scaled(A)) == pytest.approx(17.5, rel=0.01)


def test_at_the_slow_step_it_is_structural():
    before, after = [], []
    for n in (16, 32, 64, 128, 256):
        A, _ = step_matrix(unit_fluid(1e4, 0.1), n, 0.1)
        before.append(condition(A))
        after.append(condition(scaled(A)))
    assert before == pytest.approx([255, 962, 3773, 15002, 59886], rel=0.005)
    assert (after[0], after[-1]) == pytest.approx((289, 72930), rel=0.005)
    assert np.diff(np.log2(after)) == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize(
    ("name", "si", "dimensionless", "after"),
    [("ldpe", 7.67e10, 974, 1071), ("boger", 1.15e8, None, 6.16e3), ("peo", 2.24e8, None, 724)],
)
def test_units_and_condition(name, si, dimensionless, after):
    A, _ = step_matrix(FLUIDS[name], 64)
    B, _ = step_matrix(FLUIDS[name], 64, units="dimensionless")
    assert condition(A) == pytest.approx(si, rel=0.02)
    assert dimensionless is None or condition(B) == pytest.approx(dimensionless, rel=0.02)
    assert condition(scaled(A)) == pytest.approx(after, rel=0.02)
    if name == "ldpe":
        assert condition(scaled(B)) == pytest.approx(after, rel=0.02)


def test_kilopascal_megapascal_and_one_sided_scaling():
    """Stresses and their gradients in a larger unit: the column of tau grows, the rows shrink."""
    A = step_matrix(FLUIDS["ldpe"], 64)[0].toarray()
    diagonal = A.diagonal()
    for factor, kappa in ((1e3, 7.67e7), (1e6, 1.23e5)):
        B = A.copy() / factor
        B[:, 64:] *= factor
        assert condition(B) == pytest.approx(kappa, rel=0.02)
    # Beyond the reach of a singular value decomposition, but not of elimination.
    inverse = np.linalg.inv(A) * diagonal
    rows = np.linalg.norm(A / diagonal[:, None], 2) * np.linalg.norm(inverse, 2)
    assert rows == pytest.approx(1.4e18, rel=0.02)
    assert condition(A / diagonal) == pytest.approx(6.4e8, rel=0.02)


@few
@given(st.integers(0, 10**6), st.integers(2, 12), st.floats(0, 6))
def test_equilibrate(seed, size, spread):
    rng = np.random.default_rng(seed)
    A = rng.uniform(0.1, 1, (size, size)) * 10 ** rng.uniform(-spread, spread, (size, 1))
    r, c = equilibrate(A, 60)
    B = r[:, None] * A * c
    np.testing.assert_allclose([B.max(axis=0), B.max(axis=1)], 1, rtol=1e-6)
    units = 10 ** rng.uniform(-4, 4, size)
    r2, c2 = equilibrate(A * units, 60)
    np.testing.assert_allclose((r2[:, None] * A * units * c2).max(axis=0), 1, rtol=1e-6)


# --- solvers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FLUIDS)
def test_elimination_does_not_care(name):
    A, n_u = step_matrix(FLUIDS[name], 64)
    x = known(FLUIDS[name], 64)
    off = np.abs(np.linalg.solve(A.toarray(), A @ x) - x)
    for field in (slice(None, n_u), slice(n_u, None)):
        assert off[field].max() <= 1e-13 * np.abs(x[field]).max()


@pytest.mark.parametrize("name", FLUIDS)
def test_the_schur_complement_stops_after_two_steps(name):
    A, n_u = step_matrix(FLUIDS[name], 64)
    told = gmres_report(A, known(FLUIDS[name], 64), n_u, "schur")
    assert told["iterations"] <= 3
    assert max(told["error_u"], told["error_tau"]) < 1e-10


@few
@given(elasticities, st.floats(0.01, 0.99), st.floats(0.01, 10), st.sampled_from(FLOWS))
def test_schur_whatever_the_fluid_and_the_flow(El, beta, step, flow):
    A, n_u = step_matrix(unit_fluid(El, beta), 12, step, flow=flow)
    x = np.random.default_rng(0).normal(size=A.shape[0])
    assert gmres_report(A, x, n_u, "schur")["iterations"] <= 3


def test_a_small_residual_hides_the_stress():
    A, n_u = step_matrix(FLUIDS["peo"], 64)
    x = known(FLUIDS["peo"], 64)
    plain, even = (gmres_report(A, x, n_u, method) for method in ("none", "equilibrated"))
    assert plain["residual"] < 1e-7 and plain["error_tau"] > 1e-6
    assert even["error_tau"] < 1e-6
    assert plain["iterations"] == pytest.approx(66, abs=3)
    assert even["iterations"] == pytest.approx(70, abs=3)


def test_a_solver_that_deceives_itself():
    A, n_u = step_matrix(FLUIDS["ldpe"], 64)
    x = known(FLUIDS["ldpe"], 64)
    told = gmres_report(A, x, n_u)
    assert told["history"][-1] < 1e-8 < 1e-7 < told["residual"]
    assert told["error_u"] > 1e-6
    even = gmres_report(A, x, n_u, "equilibrated")
    assert even["iterations"] == pytest.approx(128, abs=2)
    assert max(even["error_u"], even["error_tau"]) < 1e-10


@pytest.mark.parametrize("method", METHODS)
def test_reports_agree_with_the_solution_of_a_mild_system(method):
    A, n_u = step_matrix(unit_fluid(1.0, 0.5), 8, 1.0)
    x = np.random.default_rng(1).normal(size=16)
    told = gmres_report(A, x, n_u, method, rtol=1e-12)
    assert told["history"].shape == (told["iterations"],)
    assert max(told["residual"], told["error_u"], told["error_tau"]) < 1e-9


@pytest.mark.parametrize(
    ("De", "beta", "radius"), [(1, 0.1, 4.5), (1, 0.34, 0.9706), (10, 0.1, 0.8182)]
)
def test_decoupled_iteration_diverges_with_little_solvent(De, beta, radius):
    A, m = step_matrix(unit_fluid(1e6, beta), 32, 1 / De)
    A = A.toarray()
    polymer = A[:m, m:] @ np.linalg.solve(A[m:, m:], A[m:, :m])
    found = np.abs(np.linalg.eigvals(np.linalg.solve(A[:m, :m], polymer))).max()
    assert found == pytest.approx(radius, abs=1e-4)
    assert found == pytest.approx((1 - beta) / (beta * (1 + De)), abs=1e-4)


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


A16, N16 = step_matrix(FLUIDS["peo"], 16)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: startup_velocity(-0.1, 1, 1, 0.5, "couette"), "-0.1"),
        (lambda: step_matrix(Fluid(1, 1, 0.5, 0, 1), 16), "relaxation_time=0"),
        (lambda: equilibrate(np.ones((2, 3))), "(2, 3)"),
        (lambda: equilibrate([[1.0, 0], [0, 0]]), "zero row"),
        (lambda: gmres_report(A16, np.ones(31), N16), "31 elements"),
        (lambda: gmres_report(A16, np.ones(32), 32), "n_u = 32"),
        (lambda: solver_work(1e-9, 0.5, method="RK45"), "got 5e+09 from El=1e-09, n=32"),
    ],
)
def test_bad_input_is_refused_by_name(call, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert shown in str(caught.value)


def test_public_names():
    assert all(hasattr(ve, name) for name in ve.__all__)
