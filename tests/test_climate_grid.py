"""The blind mean of a grid cell: closed forms, quadrature, samples and differences of a wave."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from smlib.climate_grid import (
    PDFS,
    cloud_fraction,
    domain_cloud_fraction,
    effective_resolution,
    grid_cell_budget,
    phase_speed,
)

few = settings(max_examples=40)
each_pdf = pytest.mark.parametrize("pdf", PDFS)


def test_a_storm_of_one_kilometre_in_fifty():
    found = grid_cell_budget(50, 1)
    assert found["area_fraction"] == pytest.approx(4e-4, rel=1e-9)
    assert found["mean_w"] == pytest.approx(0.004, rel=1e-9)
    assert found["eddy_flux"] == pytest.approx(39.984, rel=1e-9)
    lost = grid_cell_budget(2, 1)
    assert lost["eddy_flux"] == pytest.approx(0.75 * lost["area_fraction"] * 1e5, rel=1e-12)


@few
@given(st.floats(1, 200), st.floats(0, 1), st.floats(-20, 20), st.floats(-1e4, 1e4))
def test_flux_is_the_covariance_of_the_two_parts(cell, part, w, excess):
    found = grid_cell_budget(cell, part * cell, w, excess, rho=1.2)
    a = found["area_fraction"]
    values, weights = np.array([[w, excess], [0, 0]]), np.array([a, 1 - a])
    mean = weights @ values
    covariance = weights @ np.prod(values - mean, axis=1)
    assert found["mean_w"] == pytest.approx(mean[0], abs=1e-9)
    assert found["eddy_flux"] == pytest.approx(1.2 * covariance, rel=1e-9, abs=1e-6)


def test_a_storm_that_fills_its_cell_leaves_nothing_unresolved():
    assert grid_cell_budget(2.0, 2.0)["eddy_flux"] == 0


EXPECTED = {
    "gaussian": (0.158655, 0.0083316),
    "uniform": (0.211325, 0.00774),
    "triangular": (0.17509, 0.00846),
}
DENSITY = {
    "gaussian": stats.norm(),
    "uniform": stats.uniform(-math.sqrt(3), 2 * math.sqrt(3)),
    "triangular": stats.triang(0.5, -math.sqrt(6), 2 * math.sqrt(6)),
}


@each_pdf
def test_cloud_at_ninety_per_cent(pdf):
    assert cloud_fraction(0.9, 1.0, 0.1, pdf) == pytest.approx(EXPECTED[pdf], abs=1e-4)
    fraction, condensate = cloud_fraction(1.0, 1.0, 0.1, pdf)
    assert fraction == 0.5
    if pdf == "gaussian":
        assert condensate == pytest.approx(0.1 / math.sqrt(2 * math.pi), rel=1e-12)


@each_pdf
def test_cloud_against_a_million_samples(pdf):
    q = 0.9 + 0.1 * DENSITY[pdf].rvs(size=10**6, random_state=1)
    counted = np.mean(q > 1), np.maximum(q - 1, 0).mean()
    assert cloud_fraction(0.9, 1.0, 0.1, pdf) == pytest.approx(counted, abs=0.001)


@each_pdf
@few
@given(qt=st.floats(0.5, 1.5), sigma=st.floats(0.01, 0.3))
def test_cloud_against_quadrature(pdf, qt, sigma):
    density = DENSITY[pdf]
    low, high = (np.clip(end, -9, 9) for end in density.support())
    z = np.linspace(np.clip((1 - qt) / sigma, low, high), high, 20001)
    condensate = integrate.simpson((qt + sigma * z - 1) * density.pdf(z), x=z)
    fraction, found = cloud_fraction(qt, 1.0, sigma, pdf)
    assert fraction == pytest.approx(density.sf((1 - qt) / sigma), abs=1e-9)
    assert found == pytest.approx(condensate, abs=1e-5 * sigma + 1e-9)


@each_pdf
@few
@given(qt=st.floats(0, 3), sigma=st.floats(0, 1), factor=st.floats(0.01, 100))
def test_cloud_is_bounded_convex_and_has_no_unit(pdf, qt, sigma, factor):
    assume(max(sigma, abs(qt - 1)) > 1e-8)  # else a rounding of the water decides on the cloud
    fraction, condensate = cloud_fraction(qt, 1.0, sigma, pdf)
    assert 0 <= fraction <= 1
    assert condensate >= max(qt - 1, 0) - 1e-12  # Jensen: the mean never condenses more
    scaled = cloud_fraction(factor * qt, factor, factor * sigma, pdf)
    assert scaled[0] == pytest.approx(fraction, abs=1e-6)
    assert scaled[1] == pytest.approx(factor * condensate, abs=1e-9 * factor)
    more = cloud_fraction(qt + 0.1, 1.0, sigma, pdf)
    assert more[0] >= fraction and more[1] >= condensate


@each_pdf
def test_without_spread_a_cell_is_clear_or_overcast(pdf):
    fraction, condensate = cloud_fraction([0.9, 1.0, 1.2], 1.0, [[0.0], [1e-300]], pdf)
    assert fraction[0].tolist() == [0, 0, 1]
    assert fraction[1].tolist() == [0, 0.5, 1]
    np.testing.assert_allclose(condensate, [[0, 0, 0.2]] * 2, atol=1e-12)


CELLS = [100, 50, 25, 10, 5, 2, 1]


def test_only_cells_with_a_spread_agree_on_the_cloud():
    np.testing.assert_allclose(domain_cloud_fraction(0.9, 0.1, CELLS), 0.158655, atol=1e-5)
    blind = domain_cloud_fraction(0.9, 0.1, CELLS, closure=False)
    expected = [0, 0.05010, 0.09894, 0.12945, 0.14104, 0.14940, 0.15291]
    np.testing.assert_allclose(blind, expected, atol=1e-4)
    assert 1 - blind[-1] / 0.158655 == pytest.approx(0.036, abs=0.0005)
    assert domain_cloud_fraction(1.02, 0.1, 100.0, closure=False) == 1
    assert cloud_fraction(1.02, 1.0, 0.1)[0] == pytest.approx(0.579, abs=5e-4)


@few
@given(
    rh=st.floats(0.5, 1.3),
    sigma=st.floats(0.01, 0.3),
    cell=st.floats(0.01, 100),
    exponent=st.floats(0.1, 1),
)
@example(rh=0.5, sigma=0.25, cell=0.25, exponent=1.0)
def test_the_closed_answer_does_not_depend_on_the_grid(rh, sigma, cell, exponent):
    found = domain_cloud_fraction(rh, sigma, cell, closure=True, exponent=exponent)
    assert found == pytest.approx(stats.norm.cdf((rh - 1) / sigma), abs=1e-9)
    blind = domain_cloud_fraction(rh, sigma, cell, closure=False, exponent=exponent)
    resolved = sigma * math.sqrt(1 - (cell / 100) ** (2 * exponent))
    if resolved > 1e-3 * sigma:  # a difference of two numbers, known to 1e-10 from here on
        assert blind == pytest.approx(stats.norm.cdf((rh - 1) / resolved), abs=1e-9)


@pytest.mark.parametrize(
    ("order", "tenth", "hundredth"), [(2, 7.987, 25.61), (4, 4.505, 8.348), (6, 3.681, 5.712)]
)
def test_effective_resolution(order, tenth, hundredth):
    assert effective_resolution(order) == pytest.approx(tenth, abs=1e-3)
    assert effective_resolution(order, 0.01) == pytest.approx(hundredth, abs=5e-3)
    assert phase_speed(order, 2 * np.pi / effective_resolution(order, 0.3)) == pytest.approx(0.7)
    assert phase_speed(order, np.pi) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(("order", "share"), [(2, 6), (4, 30), (6, 140)])
def test_small_and_large_tolerances(order, share):
    """The error of a long wave is theta^order / share; a wave of two points does not move."""
    for tol in 10.0 ** np.arange(-300, -24):
        expected = 2 * np.pi / (share * tol) ** (1 / order)
        assert effective_resolution(order, tol) == pytest.approx(expected, rel=1e-4)
    for tol in 10.0 ** np.arange(-12, -1):
        off = 1 - phase_speed(order, 2 * np.pi / effective_resolution(order, tol))
        assert off == pytest.approx(tol, rel=1e-8, abs=1e-15)
    assert effective_resolution(order, np.nextafter(1, 0)) == pytest.approx(2, rel=1e-12)


@pytest.mark.parametrize("order", [2, 4, 6])
@given(n=st.integers(1, 31))
@few
def test_phase_speed_against_a_difference_of_a_wave(order, n):
    """The derivative of exp(i k x) by finite differences on a ring of 64 points."""
    theta = 2 * np.pi * n / 64
    wave = np.exp(1j * theta * np.arange(64))
    weights = {2: [1 / 2], 4: [2 / 3, -1 / 12], 6: [3 / 4, -3 / 20, 1 / 60]}[order]
    slope = sum(w * (np.roll(wave, -m) - np.roll(wave, m)) for m, w in enumerate(weights, start=1))
    np.testing.assert_allclose(slope, 1j * theta * phase_speed(order, theta) * wave, atol=1e-12)


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: grid_cell_budget(50, 51), "storm_km must not exceed cell_km = 50.0, got 51.0"),
        (
            lambda: domain_cloud_fraction(0.9, 0.1, 101),
            "cell_km must not exceed outer_km = 100.0, got 101.0",
        ),
    ],
)
def test_refused(call, told):
    with pytest.raises(ValueError, match=told):
        call()
