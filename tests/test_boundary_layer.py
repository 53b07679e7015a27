"""Boundary layers, separation exponents and the four regimes.

Expected values: the matrix exponential, a dense solver coded here, closed forms, and the theory of
fitted meshes (Stynes & Stynes 2018). Tolerances are half of the last digit quoted.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from smlib import boundary_layer as bl
from smlib.atlas import ATLAS
from smlib.boundary_layer import (
    MESHES,
    PROBLEMS,
    classify,
    exact_solution,
    expansion,
    layer_mesh,
    mesh_error,
    separation_exponent,
    solve_layer,
    spectral_gap,
)
from smlib.scales import REGIMES

few = settings(max_examples=50)
each_problem = pytest.mark.parametrize("problem", PROBLEMS)
TIMES = 10.0 ** np.arange(-4, 4)


def supremum(eps, problem, order=0):
    """Largest error of the composite solution, on a sample that resolves the layer."""
    x = np.concatenate((np.linspace(0, 1, 20001), np.geomspace(1e-3 * eps, 1, 20000)))
    u = exact_solution(x, eps, problem)
    return np.abs(expansion(x, eps, order=order, problem=problem) - u).max()


# --- exact solutions ----------------------------------------------------------------------------


@few
@given(st.floats(0.02, 50), st.floats(0, 1), st.sampled_from(PROBLEMS))
def test_exact_solution_is_that_of_the_matrix_exponential(eps, x, problem):
    wind = 1 + eps if problem == "special" else 1
    system = np.array([[0, 1], [-1 / eps, -wind / eps]])
    oracle = expm(system * x)[0, 1] / expm(system)[0, 1]
    assert exact_solution(x, eps, problem) == pytest.approx(oracle, rel=1e-9, abs=1e-12)


@few
@given(st.floats(1e-12, 1e6), st.sampled_from(PROBLEMS))
def test_it_meets_its_ends_for_any_layer(eps, problem):
    u = exact_solution([0.0, 0.3, 1.0], eps, problem)
    assert u[0] == 0 and u[2] == pytest.approx(1, abs=1e-12)
    assert 0 < u[1] <= math.e


@each_problem
def test_a_very_thick_layer_is_a_straight_line_and_a_thin_one_the_outer_solution(problem):
    """With eps u'' alone the special problem keeps eps (u'' + u')."""
    x = np.linspace(0, 1, 11)
    thick = x if problem == "generic" else np.expm1(-x) / np.expm1(-1)
    np.testing.assert_allclose(exact_solution(x, 1e9, problem), thick, atol=1e-8)
    np.testing.assert_allclose(exact_solution(x[1:], 1e-9, problem), np.exp(1 - x[1:]), atol=1e-8)


def test_special_values():
    x = np.linspace(0, 1, 101)
    np.testing.assert_allclose(exact_solution(x, 1.0), x * np.exp(1 - x), atol=1e-14)
    assert exact_solution(0.5, 0.1) == pytest.approx(1.630607, abs=5e-7)
    assert exact_solution(0.5, 2.0) == pytest.approx(0.721849, abs=5e-7)
    assert exact_solution(0.5, 0.1, "generic") == pytest.approx(1.721034, abs=5e-7)
    assert exact_solution(0.5, 0.5, "generic") == pytest.approx(0.939354, abs=5e-7)


@pytest.mark.parametrize("eps", [0.25 - 1e-9, 0.25, 0.25 + 1e-9])
def test_nothing_snaps_where_the_generic_layer_ends(eps):
    x = np.linspace(0, 1, 101)
    expected = x * np.exp(2 * (1 - x))
    np.testing.assert_allclose(exact_solution(x, eps, "generic"), expected, atol=1e-6)


def test_beyond_a_quarter_the_generic_solution_oscillates():
    eps = 0.7
    w = math.sqrt(4 * eps - 1) / (2 * eps)
    x = np.linspace(0, 1, 11)
    expected = np.exp((1 - x) / (2 * eps)) * np.sin(w * x) / math.sin(w)
    np.testing.assert_allclose(exact_solution(x, eps, "generic"), expected, rtol=1e-12)
    thick = np.linspace(0.25, 5, 2000)
    assert (np.sqrt(4 * thick - 1) / (2 * thick)).max() <= 1  # never at pi: no resonance


# --- matching -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eps", "error"),
    [(0.3, 0.12197), (0.2, 0.027133), (0.15, 5.739e-3), (0.1, 2.338e-4), (0.08, 2.034e-5),
     (0.06, 3.353e-7), (0.05, 1.236e-8)],
)  # fmt: skip
def test_special_problem_is_exact_beyond_all_orders(eps, error):
    found = supremum(eps, "special")
    assert found == pytest.approx(error, rel=5e-3)
    x = np.linspace(0, 1, 200_001)
    tail = math.exp(1 - 1 / eps)
    largest = expansion(x, eps).max()
    assert found == pytest.approx(largest * tail / (1 - tail), rel=5e-3)
    assert supremum(eps, "special", order=1) == pytest.approx(found)


def test_special_problem_from_perfect_to_useless():
    # Six and a half roundings of e: three exponentials, a product, a quotient; two, a difference.
    assert max(supremum(eps, "special") for eps in (0.02, 0.01, 1e-3, 1e-5)) <= 4e-15
    x = np.linspace(0, 1, 11)
    np.testing.assert_allclose(expansion(x, 1.0), 0, atol=1e-15)


@pytest.mark.parametrize(
    ("eps", "error"),
    [(0.1, 0.10965), (0.05, 0.08624), (0.02, 0.04418), (0.01, 0.02419), (0.005, 0.01273),
     (0.001, 0.002674), (1e-4, 2.712e-4)],
)  # fmt: skip
def test_generic_problem_at_order_0(eps, error):
    assert supremum(eps, "generic") == pytest.approx(error, rel=5e-3)


@pytest.mark.parametrize(
    ("eps", "error"),
    [(0.1, 0.02198), (0.05, 9.71e-3), (0.02, 2.11e-3), (0.01, 5.895e-4), (0.001, 6.66e-6)],
)
def test_generic_problem_at_order_1(eps, error):
    assert supremum(eps, "generic", order=1) == pytest.approx(error, rel=5e-3)


def test_limits_of_the_generic_errors():
    assert supremum(1e-6, "generic") / 1e-6 == pytest.approx(math.e, rel=1e-3)
    assert supremum(1e-4, "generic", 1) / 1e-8 == pytest.approx(2.5 * math.e, rel=0.01)
    for order, low, high in ((0, 0.97, 1.0), (1, 1.9, 2.0)):
        eps = np.array([0.01, 1e-3, 1e-4])
        s, _ = separation_exponent(1 / eps, [supremum(e, "generic", order) for e in eps])
        assert low < s < high


def test_generic_error_is_not_monotone_and_fades_at_a_quarter():
    assert supremum(0.2, "generic") == pytest.approx(0.0814, abs=5e-5)
    errors = [supremum(e, "generic") for e in (0.05, 0.1, 0.2)]
    assert max(errors) == errors[1]
    largest = exact_solution(np.linspace(0, 1, 1001), 0.25, "generic").max()
    assert supremum(0.25, "generic") / largest == pytest.approx(0.0675, abs=5e-5)


@few
@given(st.floats(1e-6, 0.5), st.floats(0, 1), st.sampled_from(PROBLEMS), st.sampled_from([0, 1]))
def test_parts_of_the_expansion_fit(eps, x, problem, order):
    """Outer and inner have one common part, which is the outer solution's Taylor polynomial in x
    at the order kept; the inner solution vanishes at the wall."""
    parts = {
        part: expansion(x, eps, part, order, problem) for part in ("composite", "outer", "inner")
    }
    common = math.e * (1 - order * x + order * eps * (problem == "generic"))
    matched = parts["outer"] + parts["inner"] - common
    assert parts["composite"] == pytest.approx(matched, abs=1e-12)
    assert expansion(0.0, eps, "inner", order, problem) == pytest.approx(0, abs=1e-12)
    assert expansion(1.0, eps, "outer", order, problem) == 1


def test_inner_solution_solves_the_inner_equation():
    """u'' + u' = 0 at order 0 in X = x/eps; order 1 adds -u at order 0 (generic)."""
    X, eps, d = np.linspace(0.2, 5, 25), 1e-2, 1e-3

    def inner(order, X):
        return expansion(eps * X, eps, "inner", order, "generic")

    def operator(f):
        return (f(X + d) - 2 * f(X) + f(X - d)) / d**2 + (f(X + d) - f(X - d)) / (2 * d)

    np.testing.assert_allclose(operator(lambda X: inner(0, X)), 0, atol=1e-5)
    first = operator(lambda X: (inner(1, X) - inner(0, X)) / eps)
    np.testing.assert_allclose(first, -inner(0, X), atol=1e-4)


# --- meshes and schemes -------------------------------------------------------------------------


@few
@given(st.integers(2, 300), st.floats(1e-10, 10), st.sampled_from(MESHES), st.floats(0.5, 4))
def test_meshes_increase_from_0_to_1(half, eps, kind, order):
    mesh = layer_mesh(2 * half, eps, kind, order)
    assert mesh.shape == (2 * half + 1,)
    assert mesh[0] == 0 and mesh[-1] == 1 and (np.diff(mesh) > 0).all()
    if order * eps >= 0.5:
        np.testing.assert_allclose(mesh, np.linspace(0, 1, 2 * half + 1), atol=1e-15)


def test_shape_of_the_fitted_meshes():
    eps, n = 1e-3, 64
    edge = 2 * eps * math.log(n)
    assert layer_mesh(n, eps, "shishkin")[n // 2] == pytest.approx(edge, rel=1e-12)
    mesh = layer_mesh(n, eps, "bakhvalov")
    # In the layer the nodes are those of exp(-x / 2 eps) = 1 - 2 t.
    t = np.linspace(0, 1, n + 1)[: n // 4]
    np.testing.assert_allclose(np.exp(-mesh[: n // 4] / (2 * eps)), 1 - 2 * t, rtol=1e-10)
    steps = np.diff(mesh)
    np.testing.assert_allclose(steps[-n // 4 :], steps[-1], rtol=1e-9)
    assert (np.diff(steps) > -1e-12).all()


def dense(mesh, eps, scheme, wind):
    """The same scheme, row by row."""
    n = mesh.size - 1
    A, b = np.zeros((n + 1, n + 1)), np.zeros(n + 1)
    A[0, 0] = A[n, n] = b[n] = 1
    for i in range(1, n):
        left, right = mesh[i] - mesh[i - 1], mesh[i + 1] - mesh[i]
        A[i, i] += 1
        for j, slope in ((i - 1, -1 / left), (i, 1 / left)):  # slope on the left cell
            A[i, j] -= eps * slope * 2 / (left + right)
        for j, slope in ((i, -1 / right), (i + 1, 1 / right)):
            A[i, j] += eps * slope * 2 / (left + right)
            if scheme == "upwind":
                A[i, j] += wind * slope
        if scheme == "central":
            A[i, i - 1] -= wind / (left + right)
            A[i, i + 1] += wind / (left + right)
    return np.linalg.solve(A, b)


@few
@given(
    st.lists(st.floats(0.05, 1), min_size=2, max_size=20),
    st.floats(0.01, 2),
    st.sampled_from(["upwind", "central"]),
    st.sampled_from(PROBLEMS),
)
def test_scheme_on_any_mesh(steps, eps, scheme, problem):
    mesh = np.concatenate(([0], np.cumsum(steps))) / sum(steps)
    mesh[-1] = 1
    expected = dense(mesh, eps, scheme, 1 + eps if problem == "special" else 1)
    assume(np.abs(expected).max() < 1e3)
    np.testing.assert_allclose(solve_layer(mesh, eps, scheme, problem), expected, atol=1e-7)


@each_problem
@pytest.mark.parametrize(("scheme", "order"), [("upwind", 1), ("central", 2)])
def test_order_of_the_schemes_on_a_thick_layer(problem, scheme, order):
    errors = []
    for n in (64, 128):
        mesh = layer_mesh(n, 0.4)
        u = solve_layer(mesh, 0.4, scheme, problem)
        errors.append(mesh_error(mesh, u, 0.4, problem)["nodal"])
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.05)


def errors_of(n, eps, kind, scheme="upwind"):
    mesh = layer_mesh(n, eps, kind)
    return mesh_error(mesh, solve_layer(mesh, eps, scheme), eps)


@pytest.mark.parametrize(
    ("kind", "nodal", "uniform"),
    [("uniform", 0.0201, 2.61), ("shishkin", 0.0924, 0.1014), ("bakhvalov", 0.0576, 0.0589)],
)
def test_a_uniform_mesh_never_sees_the_layer(kind, nodal, uniform):
    error = errors_of(64, 1e-4, kind)
    assert error["nodal"] == pytest.approx(nodal, rel=5e-3)
    assert error["uniform"] == pytest.approx(uniform, rel=2e-3)


def test_central_differences_oscillate_on_a_uniform_mesh():
    assert errors_of(64, 1e-4, "uniform", "central")["nodal"] == pytest.approx(15.0, abs=0.05)


def test_fitted_meshes_do_not_care_how_thin_the_layer_is():
    found = [
        errors_of(128, eps, "shishkin", "central")["nodal"] for eps in 10.0 ** np.arange(-8, -3)
    ]
    assert found == pytest.approx([1.95e-3] * 5, rel=8e-3)
    halved = [errors_of(n, 1e-4, "bakhvalov")["nodal"] for n in (256, 512, 1024)]
    assert [a / b for a, b in pairwise(halved)] == pytest.approx([2, 2], rel=0.01)


@pytest.mark.parametrize(
    ("scheme", "kind", "eps", "cells"),
    [("upwind", "uniform", 1e-2, 2048), ("upwind", "uniform", 1e-3, 24576),
     ("central", "uniform", 1e-2, 384), ("central", "uniform", 1e-3, 4096),
     ("central", "uniform", 1e-4, 32768)]
    + [("upwind", "shishkin", 10.0**-k, 512 if k == 2 else 384) for k in range(2, 7)]
    + [("upwind", "bakhvalov", 10.0**-k, 192) for k in range(2, 7)]
    + [("central", "shishkin", 10.0**-k, 64) for k in range(2, 7)],
)  # fmt: skip
def test_cells_for_one_per_cent(scheme, kind, eps, cells):
    """Of e, everywhere; among 2^k and 1.5 2^k."""
    fewer = cells * 3 // 4 if cells & (cells - 1) == 0 else cells * 2 // 3
    assert errors_of(cells, eps, kind, scheme)["uniform"] < 0.01 * math.e
    assert errors_of(fewer, eps, kind, scheme)["uniform"] > 0.01 * math.e


def test_64_cells_of_bakhvalov_are_enough_at_every_thickness():
    for k in range(2, 9):
        assert errors_of(64, 10.0**-k, "bakhvalov", "central")["uniform"] < 0.01 * math.e


# --- diagnostics --------------------------------------------------------------------------------

positive = st.floats(1e-3, 1e3)


@few
@given(st.floats(-2, 5), positive, st.lists(st.floats(1, 1e6), min_size=3, max_size=9, unique=True))
def test_a_power_law_is_recovered(s, constant, ratios):
    ratios = np.array(ratios)
    assume(np.ptp(np.log(ratios)) > 0.1)
    found, uncertainty = separation_exponent(ratios, constant * ratios**-s)
    assert found == pytest.approx(s, abs=1e-6)
    assert uncertainty < 1e-5


@few
@given(st.lists(st.tuples(positive, positive), min_size=3, max_size=9), positive, positive)
def test_units_of_ratio_and_error_do_not_matter(pairs, a, b):
    ratio, error = np.array(pairs).T
    assume(np.ptp(np.log(ratio)) > 0.1)
    one, two = separation_exponent(ratio, error), separation_exponent(a * ratio, b * error)
    assert two == pytest.approx(one, abs=1e-6)
    slope, _ = np.polyfit(np.log(ratio), np.log(error), 1)
    assert one[0] == pytest.approx(-slope, abs=1e-6)


@pytest.mark.parametrize(
    ("scales", "weights", "expected"),
    [
        ([1, 1000], None, (3, 3)),
        ([1000, 1], None, (3, 3)),
        ([1, 1000], [0.99, 0.01], (0, 0)),
        ([5, 5, 5], None, (0, 0)),
        (np.geomspace(1, 1000, 3000), None, (2.70, 0.03)),
        (np.geomspace(1, 1e3, 3000), np.geomspace(1, 1e3, 3000) ** (-2 / 3), (1.80, 0.10)),
        # Laun's eight modes of a melt, by viscosity: the gap is the fitter's decade.
        (TIMES, TIMES * [1.29e5, 9.48e4, 5.86e4, 2.67e4, 9.80e3, 1.89e3, 180, 1], (3, 1)),
    ],
)  # fmt: skip
def test_extent_and_gap(scales, weights, expected):
    assert spectral_gap(scales, weights) == pytest.approx(expected, abs=6e-3)


def test_a_power_law_has_no_gap_however_wide():
    k = np.geomspace(1, 1e6, 4000)
    _, gap = spectral_gap(k, k ** (-2 / 3))
    assert gap == pytest.approx(math.log10(1.2) / (2 / 3), abs=1e-3)
    assert gap == pytest.approx(0.1185, abs=5e-4)


def brute(scales, weights, edge, leak):
    """Every pair of nodes as the ends of a gap."""
    order = np.argsort(scales, kind="stable")
    scales, weights = np.log10(scales[order]), weights[order] / weights.sum()
    widest = 0.0
    for i in range(scales.size):
        for j in range(i + 1, scales.size):
            inside = weights[i + 1 : j].sum()
            below, above = weights[: i + 1].sum(), weights[j:].sum()
            if inside <= leak + 1e-12 and min(below, above) >= edge - 1e-12:
                widest = max(widest, scales[j] - scales[i])
    return widest


@few
@given(
    st.lists(st.tuples(positive, st.integers(0, 20)), min_size=2, max_size=12),
    st.floats(0.01, 0.4),
    st.floats(0, 0.3),
)
def test_gap_against_all_pairs(pairs, edge, leak):
    scales, weights = np.array(pairs, dtype=float).T
    assume(weights.sum() > 0)
    extent, gap = spectral_gap(scales, weights, edge, leak)
    assert gap == pytest.approx(brute(scales, weights, edge, leak), abs=1e-9)
    assert 0 <= extent <= np.ptp(np.log10(scales)) + 1e-12
    shifted = spectral_gap(7 * scales, 3 * weights, edge, leak)
    assert shifted == pytest.approx((extent, gap), abs=1e-9)


def test_an_error_that_stays_has_the_exponent_0():
    assert separation_exponent([1, 10, 100], [1.6, 1.6, 1.6]) == (0, 0)


def test_uncertainty_of_the_exponent():
    """Against the covariance of numpy's polynomial fit."""
    ratio, error = np.array([1.0, 3, 10, 30, 100]), np.array([1.0, 0.4, 0.3, 0.1, 0.09])
    fit, cov = np.polyfit(np.log(ratio), np.log(error), 1, cov=True)
    expected = (-fit[0], math.sqrt(cov[0, 0]))
    assert separation_exponent(ratio, error) == pytest.approx(expected)


# --- regimes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "regime"),
    [((50, 0), "disparate"), ((1.05, 1), "matched"), ((1e4, 0.5), "separated"),
     ((1e4, 0, True), "nominal"), ((0.02, 0), "disparate"), ((100, math.inf), "separated"),
     ((2.9, 0), "matched"), ((3.1, 0.39), "disparate"), ((3.1, 0.4), "separated"),
     ((1.05, 0, True), "nominal"), ((100, -1), "disparate")],
)  # fmt: skip
def test_regimes(arguments, regime):
    assert classify(*arguments) == regime


@few
@given(st.floats(1e-6, 1e6), st.floats(-1, 3), st.booleans())
def test_a_ratio_and_its_inverse_mean_the_same(ratio, exponent, nominal):
    assume(abs(max(ratio, 1 / ratio) - bl.MATCHED) > 1e-9)
    regime = classify(ratio, exponent, nominal)
    assert regime == classify(1 / ratio, exponent, nominal)
    assert regime in REGIMES


@pytest.mark.parametrize("row", ATLAS, ids=lambda row: row.system)
def test_every_row_of_the_atlas_is_in_the_regime_that_it_names(row):
    """Where no exponent was measured, the chapter's word for it stands if the scales are apart."""
    possible = (0, 1) if row.exponent is None else (row.exponent,)
    assert row.regime in [classify(row.ratio, s, row.regime == "nominal") for s in possible]


# --- bad input ----------------------------------------------------------------------------------

GOOD = np.linspace(0, 1, 5)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: layer_mesh(5, 0.1), "n must be even, got 5"),
        (lambda: solve_layer([0, 0.5, 0.4, 1], 0.1), "0.4"),
        (lambda: solve_layer([0.1, 0.5, 1], 0.1), "0.1"),
        (lambda: solve_layer([0, 0.5, 0.9], 0.1), "0.9"),
        (lambda: solve_layer([0, 1], 0.1), "mesh"),
        (lambda: mesh_error(GOOD, GOOD[:-1], 0.1), "(4,)"),
        (lambda: separation_exponent([1, 2], [1, 2]), "three pairs"),
        (lambda: separation_exponent([1, 2, 3], [1, 2]), "got 3 and 2 values"),
        (lambda: separation_exponent([2, 2, 2], [1, 2, 3]), "different ratios"),
        (lambda: spectral_gap([1]), "two or more"),
        (lambda: spectral_gap([1, 2], [0, 0]), "[0.0, 0.0]"),
        (lambda: spectral_gap([1, 2], [1, 1, 1]), "as many weights"),
    ],
)  # fmt: skip
def test_refused(call, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert shown in str(caught.value)
