"""The linear systems of the implicit steps of a viscoelastic flow, and the work of integrators.

Expected values: exact polynomials on the grid, linear algebra (Murphy, Golub & Wathen 2000), and
numbers that a second program found. Tolerances are half of the last digit quoted unless stated.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlib import viscoelastic_solvers as vs
from smlib.viscoelastic import FLOWS, FLUIDS, Fluid
from smlib.viscoelastic_solvers import (
    METHODS,
    equilibrate,
    gmres_report,
    solver_work,
    step_matrix,
)

few = settings(max_examples=40)
elasticities = st.floats(-4, 6).map(lambda x: 10**x)


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


A16, N16 = step_matrix(FLUIDS["peo"], 16)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
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
    assert all(hasattr(vs, name) for name in vs.__all__)
