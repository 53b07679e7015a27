"""Media of layers of two materials.

Expected values: linear elements coded here, closed forms, the central limit and its long-memory
counterpart. Tolerances of simulated means are about three standard errors; others are half of the
last digit quoted.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smlib.boundary_layer import separation_exponent
from smlib.layered_media import layered_medium, solve_medium

few = settings(max_examples=50)
SIZES = np.array([64, 128, 256, 512, 1024, 2048, 4096])


def rms_error(n, arrangement, hurst=0.5, contrast=0.9, samples=200, seed=0):
    """Rms over media of the largest |u - x (1 - x)|."""
    x, u = solve_medium(layered_medium(n, arrangement, hurst, contrast, samples, seed))
    return math.sqrt(np.mean(np.abs(u - x * (1 - x)).max(axis=1) ** 2))


def elements(A):
    """Linear finite elements: exact at the nodes for coefficients constant on each of them."""
    n = len(A)
    stiff = n / np.asarray(A)
    matrix = np.diag(stiff[:-1] + stiff[1:]) - np.diag(stiff[1:-1], 1) - np.diag(stiff[1:-1], -1)
    return np.concatenate(([0], np.linalg.solve(matrix, np.full(n - 1, 1 / n)), [0]))


@few
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30))
def test_medium_against_finite_elements(A):
    x, u = solve_medium(A)
    np.testing.assert_allclose(u, elements(A), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(x, np.arange(len(A) + 1) / len(A), atol=1e-15)


@few
@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=30), st.floats(0.1, 10))
def test_medium_scales_mirrors_and_stacks(A, factor):
    _, u = solve_medium(A)
    np.testing.assert_allclose(solve_medium(factor * np.array(A))[1], factor * u, rtol=1e-9)
    np.testing.assert_allclose(solve_medium(A[::-1])[1], u[::-1], rtol=1e-7, atol=1e-10)
    np.testing.assert_array_equal(solve_medium([A, A])[1][1], u)


def test_one_material_is_a_parabola_and_the_mean_is_the_harmonic_one():
    x, u = solve_medium(np.full(10, 3.0))
    np.testing.assert_allclose(u, 1.5 * x * (1 - x), atol=1e-14)
    for c in (0.3, 0.9):
        a = 1 / layered_medium(10, contrast=c)
        assert 1 / np.mean(1 / a) == pytest.approx(0.5)
        assert np.mean(a) / 0.5 == pytest.approx(1 / (1 - c**2))
    assert pytest.approx(5.263, abs=5e-4) == 1 / (1 - 0.9**2)


def test_periodic_medium():
    for n, scaled in ((64, 0.884531), (256, 0.896133), (1024, 0.899033)):
        assert n * rms_error(n, "periodic", samples=1) == pytest.approx(scaled, abs=5e-7)
    assert rms_error(64, "periodic", samples=1) == pytest.approx(0.0138208008, abs=1e-9)
    shares = [100 * rms_error(n, "periodic", samples=1) / 0.25 for n in (64, 512, 4096)]
    assert shares == pytest.approx([5.5, 0.70, 0.09], rel=0.03)
    # From n = 64 the approach to n^-1 is still seen: n error = c (1 - 1.1/n).
    s, _ = separation_exponent(SIZES, [rms_error(n, "periodic", samples=1) for n in SIZES])
    assert s == pytest.approx(0.996, abs=5e-4)
    s, _ = separation_exponent(SIZES[3:], [rms_error(n, "periodic", samples=1) for n in SIZES[3:]])
    assert s == pytest.approx(0.999, abs=5e-4)


def test_the_gradient_does_not_converge():
    n = 1024
    A = layered_medium(n)[0]
    x = np.linspace(0, 1, n + 1)
    # Gauss points: u' = A (C - x) is linear in each layer, C = 1/2 up to O(1/n).
    C = np.sum(A * np.diff(x**2) / 2) / A.mean()
    points = (x[:-1, None] + x[1:, None]) / 2 + np.array([-1, 1]) / (n * 2 * math.sqrt(3))
    wrong = A[:, None] * (C - points) - (1 - 2 * points)
    share = math.sqrt(np.mean(wrong**2) / np.mean((1 - 2 * points) ** 2))
    assert share == pytest.approx(0.9, abs=5e-4)


@pytest.mark.parametrize(("hurst", "s"), [(0.5, 0.488), (0.75, 0.274), (0.9, 0.119)])
def test_exponents_of_random_media(hurst, s):
    """Five seeds of 200 media each."""
    found = []
    for seed in range(5):
        errors = [rms_error(n, "random", hurst, seed=100 * seed + n) for n in SIZES]
        found.append(separation_exponent(SIZES, errors)[0])
    assert found == pytest.approx([s] * 5, abs=0.02)
    assert np.mean(found) == pytest.approx(1 - hurst, abs=0.035)  # theory, large n


@pytest.mark.parametrize(
    ("hurst", "n", "spread"), [(0.5, 1024, 0.0281), (0.75, 1024, 0.1269), (0.9, 16384, 0.2721)]
)
def test_spread_of_the_mean_resistivity(hurst, n, spread):
    closed = 0.9 * n**-0.5 if hurst == 0.5 else 0.9 * math.sqrt(2 / math.pi) * n ** (hurst - 1)
    assert closed == pytest.approx(spread, abs=6e-5)
    means = layered_medium(n, "random", hurst, n_samples=400, seed=5).mean(axis=1)
    assert means.std() / 2 == pytest.approx(spread, rel=0.1)


@pytest.mark.parametrize("hurst", [0.5, 0.6, 0.75, 0.9])
def test_correlation_of_the_materials(hurst):
    """Signs of gaussian variables with correlation r have the correlation 2/pi arcsin r."""
    A = layered_medium(64, "random", hurst, 0.5, 6000, seed=2)
    assert set(np.unique(A)) == {1.0, 3.0}
    signs = A - 2
    assert signs.mean() == pytest.approx(0, abs=0.02)
    for k in (1, 2, 8, 63):
        r = (abs(k + 1) ** (2 * hurst) - 2 * k ** (2 * hurst) + (k - 1) ** (2 * hurst)) / 2
        found = np.mean(signs[:, : 64 - k] * signs[:, k:])
        assert found == pytest.approx(2 / math.pi * math.asin(r), abs=0.045 if k == 63 else 0.02)


@few
@given(st.integers(1, 40), st.floats(0.01, 0.99), st.floats(0.5, 0.99), st.integers(0, 10**6))
def test_media_are_of_two_materials(half, contrast, hurst, seed):
    A = layered_medium(2 * half, "random", hurst, contrast, 3, seed)
    assert A.shape == (3, 2 * half)
    np.testing.assert_array_less(np.abs(np.abs(A - 2) - 2 * contrast), 1e-12)
    np.testing.assert_array_equal(A, layered_medium(2 * half, "random", hurst, contrast, 3, seed))
    periodic = layered_medium(2 * half, "periodic", hurst, contrast)[0]
    assert periodic[0] == 2 * (1 + contrast) and periodic.mean() == pytest.approx(2)


def test_cells_for_an_effective_coefficient_of_one_per_cent():
    """c n^-1/2 = 0.01, and c sqrt(2/pi) n^(H-1) = 0.01."""
    assert pytest.approx(8100) == (0.9 / 0.01) ** 2
    cells = [(90 * math.sqrt(2 / math.pi)) ** (1 / (1 - hurst)) for hurst in (0.75, 0.9)]
    assert cells == pytest.approx([2.66e7, 3.6e18], rel=0.02)
    assert layered_medium(2).mean() == 2


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: layered_medium(3), "n must be even, got 3"),
        (lambda: solve_medium([[[1.0]]]), "A must have 1 or 2 axes, got 3"),
    ],
)
def test_refused(call, shown):
    with pytest.raises(ValueError, match=shown):
        call()
