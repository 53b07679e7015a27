"""Random fields, core averages and the critical force of an elastic line.

Expected values: closed forms, quadrature, exact limits of the line, a slow time-stepping simulation
written here, and published scaling laws (Larkin & Ovchinnikov 1979, Noll 1976). Tolerances of
simulated means are about three standard errors; others are half of the last digit quoted.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special
from scipy.ndimage import map_coordinates

from smlib.random_landscape import (
    KERNELS,
    alloy_stress_rms,
    core_average,
    core_response,
    critical_force,
    gaussian_random_field,
    larkin,
    pinned_line,
    probe_response,
)

SPACING = (0.5, 0.25)
few = settings(max_examples=50)
lines = settings(max_examples=8)
each_kernel = pytest.mark.parametrize("kernel", KERNELS)
positive = st.floats(0.01, 100)
seeds = st.integers(0, 10**6)


def terrain(seed, shape=(24, 64), xi=1.0):
    return gaussian_random_field(shape, SPACING, xi, seed=seed)


def threshold(shape, tension, w, kernel, seed, mean=True):
    """Critical force in units of the amplitude, with or without the mean force of the sample."""
    field = terrain(seed, shape)
    field -= 0 if mean else field.mean()
    return critical_force(core_average(field, SPACING[1], w, kernel=kernel), SPACING, tension)


def residual(force, spacing, tension, load, u):
    """Total force on every node, coded apart from the module."""
    pinning = [
        np.interp(x, np.arange(row.size + 1) * spacing[1], np.append(row, row[0]))
        for x, row in zip(np.mod(u, force.shape[1] * spacing[1]), force, strict=True)
    ]
    bend = np.roll(u, 1) + np.roll(u, -1) - 2 * u
    return load + np.array(pinning) + tension * bend / spacing[0] ** 2


def time_stepping(force, spacing, tension, tol=0.01):
    """The slow way: raise the load by tol standard deviations, let an explicit Euler scheme come to
    rest at each, stop when every node has crossed a period. The mean force should be 0."""
    nodes, columns = force.shape
    scale, rows = force.std(), np.arange(nodes)
    steepest = np.abs(np.diff(force, axis=1, append=force[:, :1])).max() / spacing[1]
    dt = 0.4 / (steepest / 2 + 2 * tension / spacing[0] ** 2)
    u, load = np.zeros(nodes), 0.0
    while True:
        start = u
        while True:
            at = [rows, u / spacing[1]]
            bend = np.roll(u, 1) + np.roll(u, -1) - 2 * u
            speed = load + map_coordinates(force, at, order=1, mode="grid-wrap")
            speed = speed + tension * bend / spacing[0] ** 2
            if np.abs(speed).max() <= tol * scale / 10:
                break
            u = u + dt * speed
            if (u - start).min() >= columns * spacing[1]:
                return load - tol * scale / 2
        load += tol * scale


# --- fields -------------------------------------------------------------------------------------


@pytest.mark.parametrize("correlation", ["gaussian", "exponential"])
@pytest.mark.parametrize(
    ("shape", "spacing", "xi"),
    [(64, 0.5, 2.0), ((16, 15), (1.0, 0.3), 0.05), ((8, 9, 10), 1.0, 3.0), ((5,), 1.0, 100.0)],
)
def test_variance_is_one_on_any_grid(shape, spacing, xi, correlation):
    """Over 1500 fields the relative standard error of the variance at a node is 3.7 %."""
    rng = np.random.default_rng(1)
    first = [
        gaussian_random_field(shape, spacing, xi, correlation=correlation, seed=rng).flat[:1]
        for _ in range(1500)
    ]
    assert np.var(first) == pytest.approx(1, rel=0.12)
    assert np.mean(first) == pytest.approx(0, abs=0.09)


@pytest.mark.parametrize(
    ("correlation", "law", "tolerance"),
    [
        ("gaussian", lambda r: math.exp(-(r**2) / 2), 0.05),
        ("exponential", lambda r: math.exp(-r), 0.06),
    ],
)
def test_correlation_in_the_plane(correlation, law, tolerance):
    fields = [
        gaussian_random_field((256, 256), 0.5, 2.0, correlation=correlation, seed=s)
        for s in range(4)
    ]
    for lag in (2, 4, 8):  # nodes, 4 to a correlation length
        for axis in (0, 1):
            found = np.mean([f * np.roll(f, lag, axis) for f in fields])
            assert found / np.mean(np.square(fields)) == pytest.approx(law(lag / 4), abs=tolerance)


@few
@given(seeds, positive, st.sampled_from(["gaussian", "exponential"]))
def test_only_the_ratio_of_spacing_and_correlation_length_matters(seed, factor, correlation):
    options = {"correlation": correlation, "seed": seed}
    one = gaussian_random_field((6, 7), (0.5, 0.25), 1.0, **options)
    two = gaussian_random_field((6, 7), (0.5 * factor, 0.25 * factor), factor, **options)
    np.testing.assert_allclose(one, two, atol=1e-9)
    assert one.shape == (6, 7) and one.dtype == float


def test_a_generator_is_as_good_as_its_seed():
    again = [gaussian_random_field(8, 1.0, 1.0, seed=s) for s in (3, np.random.default_rng(3))]
    np.testing.assert_array_equal(*again)


# --- averages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kernel", "variance", "stretch", "weak"),
    [("gaussian", 0.577350, 1.732051, 0.577350), ("lorentzian", 0.336204, 1.985875, 0.384665),
     ("box", 0.924310, 1.083773, None)],
)  # fmt: skip
def test_matched_core(kernel, variance, stretch, weak):
    felt = core_response(1, 1, kernel=kernel)
    assert felt.variance == pytest.approx(variance, rel=1e-5)
    assert felt.range == pytest.approx(stretch, rel=1e-5)
    assert weak is None or felt.weak == pytest.approx(weak, rel=1e-5)
    assert felt.strong == math.sqrt(felt.variance)


TRANSFER = {
    "gaussian": lambda k, w: np.exp(-((k * w) ** 2) / 2),
    "lorentzian": lambda k, w: np.exp(-k * w),
    "box": lambda k, w: np.sinc(k * w / 2 / np.pi),
}


@each_kernel
@given(w=st.floats(0.001, 30), xi=st.floats(0.1, 10))
@few
def test_closed_forms_against_quadrature(kernel, w, xi):
    edges = np.append(0, np.geomspace(1e-5, 10, 1000))
    at, weight = np.polynomial.legendre.leggauss(20)
    half = np.diff(edges)[:, None] / 2
    k = ((edges[:-1, None] + half + half * at) / xi).ravel()
    dk = (half * weight / xi).ravel()

    def moment(n, w):
        return dk @ (k**n * np.exp(-((k * xi) ** 2) / 2) * TRANSFER[kernel](k, w) ** 2)

    felt = core_response(w, xi, kernel=kernel)
    assert felt.variance == pytest.approx(moment(0, w) / moment(0, 0), rel=1e-8)
    assert felt.range == pytest.approx(math.sqrt(moment(0, w) / moment(2, w)), rel=1e-8)
    assert felt.gradient == pytest.approx(felt.variance / felt.range**2)
    assert felt.weak == pytest.approx(felt.variance ** (2 / 3) * (felt.range / xi) ** (-1 / 3))


def test_lorentzian_core_for_all_widths():
    r = np.geomspace(1e-3, 1e3, 200)
    felt = core_response(r, 1, kernel="lorentzian")
    np.testing.assert_allclose(felt.variance, special.erfcx(math.sqrt(2) * r), rtol=1e-12)
    wide = core_response([20, 14, 16], 1, kernel="lorentzian")
    assert wide.variance[0] == pytest.approx(1 / (math.sqrt(2 * math.pi) * 20), rel=2e-3)
    np.testing.assert_allclose(wide.range, [28.328, 19.86183, 22.6824], rtol=2e-5)
    around = core_response([15 * (1 - 1e-12), 15 * (1 + 1e-12)], 1, kernel="lorentzian").range
    assert around[1] / around[0] == pytest.approx(1, abs=1e-9)  # two formulae meet at w = 15 xi


@pytest.mark.parametrize(
    ("kernel", "limit", "stretch"),
    [
        ("gaussian", 1 / math.sqrt(2), math.sqrt(2)),
        ("lorentzian", (2 * math.pi) ** -0.5, math.sqrt(2)),
        ("box", math.sqrt(2 * math.pi), None),
    ],
)
def test_limits(kernel, limit, stretch):
    sharp, blunt = core_response(0, 2, kernel=kernel), core_response(2e6, 2, kernel=kernel)
    assert [sharp.variance, sharp.range, sharp.gradient] == pytest.approx([1, 2, 0.25], rel=1e-12)
    assert [sharp.weak, sharp.strong] == pytest.approx([1, 1], rel=1e-12)
    assert blunt.variance == pytest.approx(limit / 1e6, rel=1e-5)
    assert stretch is None or blunt.range == pytest.approx(stretch * 2e6, rel=1e-5)


def test_critical_force_of_a_gaussian_core_falls_like_the_variance():
    felt = core_response(np.geomspace(0.01, 100, 30), 1)
    np.testing.assert_allclose(felt.weak, felt.variance, rtol=1e-12)


@each_kernel
@few
@given(w=st.floats(0, 100), xi=positive, factor=st.floats(1.01, 10))
def test_response_falls_with_the_width_and_has_no_unit(kernel, w, xi, factor):
    felt = core_response(w, xi, kernel=kernel)
    wider = core_response(w * factor, xi, kernel=kernel)
    assert 0 < wider.variance <= felt.variance <= 1
    assert felt.range >= xi * (1 - 1e-9)
    scaled = core_response(w * factor, xi * factor, kernel=kernel)
    assert scaled.variance == pytest.approx(felt.variance)
    assert scaled.range == pytest.approx(factor * felt.range)
    assert scaled.gradient == pytest.approx(felt.gradient / factor**2)


@each_kernel
def test_response_falls_from_one_at_the_smallest_widths(kernel):
    felt = core_response(np.append(0, np.geomspace(1e-12, 1, 5000)), 1, kernel=kernel).variance
    assert felt[0] == 1 and (np.diff(felt) <= 0).all()


@pytest.mark.parametrize(
    ("kernel", "at", "value"), [("gaussian", 1, 3**-1.5), ("lorentzian", 0.8925, 0.085797)]
)
def test_resonance_at_fixed_energy_and_none_at_fixed_stress(kernel, at, value):
    def force(xi):
        return core_response(1, xi, kernel=kernel).gradient

    best = optimize.minimize_scalar(lambda xi: -force(xi), bounds=(0.1, 10), method="bounded")
    assert best.x == pytest.approx(at, abs=1e-3)
    assert -best.fun == pytest.approx(value, rel=1e-3)
    xi = np.geomspace(0.01, 100, 200)
    assert (np.diff(core_response(1, xi, kernel=kernel).variance) > 0).all()
    # fixed noise density, amplitude^2 times xi: no maximum either
    assert (np.diff(core_response(1, xi, kernel=kernel).variance / xi) < 0).all()


@pytest.mark.parametrize(
    ("kernel", "expected"), [("gaussian", 0.5774), ("lorentzian", 0.3362), ("box", 0.9243)]
)
def test_averaged_field_has_the_predicted_variance(kernel, expected):
    field = gaussian_random_field((64, 4096), SPACING, 2.0, seed=0)
    left = core_average(field, 0.25, 2.0, kernel=kernel, axis=1)
    assert left.var() / field.var() == pytest.approx(expected, rel=0.025)


@each_kernel
@few
@given(seed=seeds, w=st.floats(0, 5), axis=st.sampled_from([0, 1, -1]), shift=st.integers(-9, 9))
def test_core_average_is_a_linear_filter(kernel, seed, w, axis, shift):
    one, two = np.random.default_rng(seed).standard_normal((2, 9, 10))

    def mean(field, width=w):
        return core_average(field, 0.5, width, kernel=kernel, axis=axis)

    assert mean(one).shape == one.shape
    np.testing.assert_allclose(mean(one).sum(axis), one.sum(axis), atol=1e-9)
    np.testing.assert_allclose(mean(2 * one - two), 2 * mean(one) - mean(two), atol=1e-9)
    moved = np.roll(mean(one), shift, axis)
    np.testing.assert_allclose(mean(np.roll(one, shift, axis)), moved, atol=1e-9)
    assert mean(one).var() <= one.var() + 1e-12
    np.testing.assert_array_equal(mean(one, 0), one)
    if kernel != "box":  # widths add: variances of gaussians, half widths of lorentzians
        both = w * math.sqrt(2) if kernel == "gaussian" else 2 * w
        np.testing.assert_allclose(mean(mean(one)), mean(one, both), atol=1e-9)


def test_core_average_of_a_spike_is_the_core():
    x = np.arange(-200, 200) * 0.1
    spike = np.where(x == 0, 10.0, 0.0)  # area 1
    gauss = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    np.testing.assert_allclose(core_average(spike, 0.1, 1.0), gauss, atol=1e-9)
    peak = core_average(spike, 0.1, 0.5, kernel="lorentzian")
    near = np.abs(x) < 2  # the images of the periodic core add 0.001
    np.testing.assert_allclose(peak[near], (0.5 / np.pi / (x**2 + 0.25))[near], atol=2e-3)


# --- the line -----------------------------------------------------------------------------------

WAVE = np.tile(-np.sin(2 * np.pi * np.arange(64) / 64), (32, 1))


@pytest.mark.parametrize("tension", [0.1, 1, 10])
def test_a_corrugated_landscape_holds_with_its_amplitude(tension):
    found = critical_force(WAVE, SPACING, tension)
    assert found == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("seed", range(4))
def test_a_stiff_line_feels_the_mean_over_its_length(seed):
    field = terrain(seed, (64, 128))
    field -= field.mean(axis=1, keepdims=True)
    found = critical_force(field, SPACING, 1e5)
    assert found == pytest.approx(-field.mean(axis=0).min(), abs=0.01 * field.std())


@pytest.mark.parametrize(
    ("tension", "shape"), [(0.2, (32, 64)), (0.2, (48, 96)), (1.0, (16, 48)), (3.0, (8, 32))]
)
def test_against_slow_time_stepping(tension, shape):
    field = terrain(1, shape)
    field -= field.mean()
    slow = time_stepping(field, SPACING, tension)
    assert critical_force(field, SPACING, tension) == pytest.approx(slow, abs=0.011 * field.std())


@lines
@given(seeds, st.floats(0.2, 30))
def test_bounds_of_the_critical_force(seed, tension):
    """Below: a line on a landscape without net force rests somewhere. Above: each node alone."""
    field = terrain(seed)
    found, slack = critical_force(field, SPACING, tension), 0.01 * field.std()
    assert -field.mean() - slack <= found <= -field.min(axis=1).mean() + slack


@lines
@given(seeds, st.floats(0.3, 10), st.floats(0.1, 10), st.floats(-5, 5), st.integers(1, 40))
def test_symmetries_of_the_critical_force(seed, tension, factor, push, shift):
    field = terrain(seed)
    found, slack = critical_force(field, SPACING, tension), 0.02 * field.std()
    scaled = critical_force(factor * field, SPACING, factor * tension)
    assert scaled == pytest.approx(factor * found, abs=factor * slack)
    pushed = critical_force(field + push, SPACING, tension)
    assert pushed == pytest.approx(found - push, abs=slack)
    for axis in (0, 1):
        rolled = critical_force(np.roll(field, shift, axis), SPACING, tension)
        assert rolled == pytest.approx(found, abs=slack)
    longer = critical_force(field, [factor * step for step in SPACING], factor * tension)
    assert longer == pytest.approx(found, abs=slack)
    help_ = np.random.default_rng(seed).random(field.shape)  # a force forward can only help
    assert critical_force(field + help_, SPACING, tension) <= found + slack


def test_tolerance_is_kept():
    field = terrain(5)
    exact = critical_force(field, SPACING, 1.0, tol=1e-4)
    for tol in (0.1, 0.03, 0.003):
        found = critical_force(field, SPACING, 1.0, tol=tol)
        assert found == pytest.approx(exact, abs=(tol / 2 + 1e-4) * field.std())


def test_a_line_of_copies_is_held_like_one():
    """Also the two ways to solve for the tension, matrix and transform."""
    field = terrain(2, (65, 64))
    one, eight = (critical_force(np.tile(field, (n, 1)), SPACING, 1.0) for n in (1, 8))
    assert eight == pytest.approx(one, abs=0.01 * field.std())


def test_degenerate_landscapes():
    assert critical_force(np.full((4, 8), 2.5), SPACING, 1.0) == -2.5
    rows = np.repeat([[1.0], [2.0], [6.0]], 4, axis=1)  # nothing changes along the glide direction
    assert critical_force(rows, SPACING, 1.0) == pytest.approx(-3, abs=0.01 * rows.std())
    for ulps in (1, 2):  # constant but for the last bit
        noise = np.random.default_rng(ulps).integers(0, ulps + 1, (8, 16)) * np.spacing(0.1)
        assert critical_force(0.1 + noise, SPACING, 1.0, max_steps=1) == pytest.approx(
            -0.1, rel=1e-15
        )
    one = np.array([[0.0, 2.0, -1.0, 0.5]])  # a single node
    assert critical_force(one, SPACING, 1.0) == pytest.approx(1, abs=0.005 * one.std() + 1e-9)


@lines
@given(seeds, st.floats(0.3, 10), st.floats(0.1, 0.97))
def test_a_pinned_line_is_at_rest(seed, tension, part):
    field = terrain(seed)
    field -= field.mean()
    critical = critical_force(field, SPACING, tension)
    u = pinned_line(field, SPACING, tension, part * critical)
    assert u.shape == (24,)
    left = residual(field, SPACING, tension, part * critical, u)
    assert np.abs(left).max() <= 1.001e-3 * field.std()
    again = pinned_line(field, SPACING, tension, part * critical, start=u)
    np.testing.assert_allclose(again, u, atol=0.05)
    with pytest.raises(ValueError, match="no line can be at rest under the load"):
        pinned_line(field, SPACING, tension, critical + 0.03 * field.std())


def test_a_line_that_follows_the_load_moves_forward_only():
    field = terrain(3) - terrain(3).mean()
    critical = critical_force(field, SPACING, 1.0)
    u = pinned_line(field, SPACING, 1.0, 0.0)
    for part in (0.3, 0.6, 0.9):
        ahead = pinned_line(field, SPACING, 1.0, part * critical, start=u)
        assert (ahead >= u - 0.02).all()
        u = ahead


def test_steps_can_be_watched_and_run_out():
    seen = []

    def progress(steps):
        for step in steps:
            seen.append(step)
            yield step

    plain = critical_force(terrain(0), SPACING, 1.0)
    assert critical_force(terrain(0), SPACING, 1.0, progress=progress) == plain
    assert len(seen) > 100 and seen == list(range(len(seen)))
    with pytest.raises(RuntimeError, match="no result in 50 steps; is the tension 1.0"):
        critical_force(terrain(0), SPACING, 1.0, max_steps=50)
    with pytest.raises(RuntimeError, match="2 steps under the load 0.3"):
        pinned_line(terrain(0), SPACING, 1.0, 0.3, max_steps=2)


def test_core_averaging_lowers_the_critical_force_like_the_weak_limit():
    """T = 3, four samples; below the closed form at w = 4, above it between 0.25 and 1, to 10 %."""
    simulated = {
        "gaussian": {0.25: 0.955, 0.5: 0.839, 1: 0.621, 2: 0.362, 4: 0.190},
        "lorentzian": {0.25: 0.751, 0.5: 0.605, 1: 0.411, 2: 0.249, 4: 0.125},
    }
    sharp = sum(threshold((128, 256), 3, 0, "gaussian", seed) for seed in range(4))
    for kernel, rows in simulated.items():
        for w, expected in rows.items():
            blunt = sum(threshold((128, 256), 3, w, kernel, seed) for seed in range(4))
            assert blunt / sharp == pytest.approx(expected, rel=0.2)
            assert blunt / sharp == pytest.approx(core_response(w, 1, kernel=kernel).weak, rel=0.2)


def test_strong_pinning_lies_between_the_weak_and_the_strong_limit():
    sharp, blunt = (
        sum(threshold((128, 256), 0.1, w, "lorentzian", seed) for seed in range(4)) for w in (0, 4)
    )
    assert blunt / sharp == pytest.approx(0.179, rel=0.2)
    limits = core_response(4, 1, kernel="lorentzian")
    assert limits.weak < blunt / sharp < limits.strong


# --- estimates ----------------------------------------------------------------------------------


@few
@given(positive, positive, positive, positive)
def test_larkin_balances_tension_and_pinning(tension, f0, r_f, xi_line):
    length, force = larkin(tension, f0, r_f, xi_line)
    assert tension * r_f**2 / length == pytest.approx(f0 * r_f * math.sqrt(xi_line * length))
    assert force == pytest.approx(f0 ** (4 / 3) * xi_line ** (2 / 3) * (tension * r_f) ** (-1 / 3))
    lengths, forces = larkin([tension, 8 * tension], f0, r_f, xi_line)
    assert lengths[1] / length == pytest.approx(4) and forces[1] / force == pytest.approx(0.5)


@pytest.mark.parametrize(("smear", "stress"), [(0.10, 225), (0.15, 114), (0.20, 71)])
def test_cantor_alloy(smear, stress):
    b, tension = 0.2545e-9, 0.123 * 80e9 * 0.2545e-9**2
    assert tension == pytest.approx(6.37e-10, rel=1e-3)
    rms = alloy_stress_rms(80e9, 0.26, 0.4294, 11.804, 10 * smear)
    xi = math.sqrt(2) * smear * 1e-9
    length, force = larkin(tension, b * rms, xi, xi)
    assert force / b / 1e6 == pytest.approx(stress, rel=0.01)
    if smear == 0.15:
        assert rms / 1e6 == pytest.approx(365, rel=0.01)
        assert b * rms == pytest.approx(0.0928, rel=0.01)
        assert b * rms * xi / tension == pytest.approx(0.031, rel=0.01)  # weak pinning
        assert length == pytest.approx(2.15e-9, rel=0.01)
        assert 1e-6 / length == pytest.approx(465, rel=0.01)  # pieces of a line of one micrometre


@few
@given(positive, st.floats(-0.9, 0.49), positive, positive, positive, st.floats(0.1, 10))
def test_alloy_stress_scales(mu, nu, misfit, volume, smear, factor):
    rms = alloy_stress_rms(mu, nu, misfit, volume, smear)
    assert alloy_stress_rms(factor * mu, nu, misfit, volume, smear) == pytest.approx(factor * rms)
    assert alloy_stress_rms(mu, nu, factor**2 * misfit, volume, smear) == pytest.approx(
        factor * rms
    )
    unit = alloy_stress_rms(mu, nu, factor**6 * misfit, factor**3 * volume, factor * smear)
    assert unit == pytest.approx(rms)
    assert alloy_stress_rms(mu, nu, 0.0, volume, smear) == 0


def test_alloy_stress_against_a_solid_of_random_dilatations():
    """Stress of white-noise eigenstrain on a grid of 64^3 nodes, a = 2 nodes."""
    n, a, mu, nu = 64, 2.0, 3.0, 0.3
    noise = np.random.default_rng(0).standard_normal((n, n, n))  # one atom of volume 1 a node
    k = 2 * np.pi * np.fft.fftfreq(n)
    kx, ky, kz = k[:, None, None], k[:, None], k
    k2 = kx**2 + ky**2 + kz**2
    green = np.divide(kx * ky, k2, out=np.zeros_like(k2), where=k2 > 0)
    eigenstrain = np.fft.fftn(noise) / 3
    stress = np.fft.ifftn(
        2 * mu * (1 + nu) / (1 - nu) * green * np.exp(-k2 * a**2 / 2) * eigenstrain
    )
    assert stress.real.std() == pytest.approx(alloy_stress_rms(mu, nu, 1.0, 1.0, a), rel=0.02)


@few
@given(st.floats(1e-3, 1e3))
def test_four_probes(ratio):
    assert probe_response(ratio, "core") == core_response(ratio, 1).strong
    assert probe_response(ratio, "patch") == core_response(ratio, 1, kernel="box").strong
    assert probe_response(ratio, "wave") <= 1 == probe_response(0.5, "wave")
    mirrored = probe_response(0.25 / ratio, "wave")
    assert probe_response(ratio, "wave") == pytest.approx(mirrored)
    assert probe_response(ratio, "aperture") == pytest.approx(ratio ** (-1 / 6))


# --- what the chapter shows and asks ------------------------------------------------------------


@pytest.mark.parametrize(
    ("w", "rms", "stretch"), [(0.1, 0.93, 1.08), (1, 0.58, 1.99), (10, 0.20, 14.2)]
)
def test_three_cores_on_one_landscape(w, rms, stretch):
    felt = core_response(w, 1, kernel="lorentzian")
    assert felt.strong == pytest.approx(rms, abs=0.005)
    assert felt.range == pytest.approx(stretch, abs=0.05)


def test_loss_of_variance_at_the_same_width():
    lost = {k: 1 - core_response(1, 1, kernel=k).variance for k in ("lorentzian", "box")}
    assert lost == pytest.approx({"lorentzian": 0.66, "box": 0.08}, abs=0.005)
    assert core_response(0.1, 1, kernel="lorentzian").variance == pytest.approx(0.86, abs=0.005)


def test_settings_of_the_depinning_explorer():
    """Four samples of 96 x 128 nodes without mean force, F_c / f0: the spread from sample to sample
    is 0.08 and 0.02 at w = 0 and 4 xi for T = 0.3, and 0.11 and 0.025 for T = 30."""
    shown = {(0.3, 0): 0.73, (0.3, 1): 0.38, (0.3, 4): 0.10, (3, 0): 0.62, (3, 1): 0.26}
    shown |= {(3, 4): 0.060, (30, 0): 0.42, (30, 1): 0.19, (30, 4): 0.065}
    found = {
        (tension, w): np.mean(
            [threshold((96, 128), tension, w, "lorentzian", seed, mean=False) for seed in range(4)]
        )
        for tension, w in shown
    }
    for state, value in shown.items():
        assert abs(found[state] - value) < 0.02 + 0.1 * value
    for tension in (0.3, 3, 30):  # a core four times wider than the bumps
        assert 6 < found[tension, 0] / found[tension, 4] < 12
    assert found[0.3, 0] / found[30, 0] == pytest.approx(1.7, abs=0.2)  # a line 100 times stiffer
    assert larkin(0.3, 1, 1, 1)[0] == pytest.approx(0.45, abs=0.005)


def test_core_that_cuts_the_variance_tenfold():
    for kernel, width in (("gaussian", 7.04), ("lorentzian", 3.93)):
        root = optimize.brentq(lambda w: core_response(w, 1, kernel=kernel).variance - 0.1, 0.1, 50)  # noqa: B023
        assert root == pytest.approx(width, abs=0.005)


def test_blunt_probes_work_better_in_more_dimensions():
    left = core_response(3, 1).variance ** np.arange(1, 4)
    np.testing.assert_allclose(left, [0.229, 0.0526, 0.0121], rtol=3e-3)
    field = gaussian_random_field((256, 256), 0.5, 1.0, seed=1)
    blurred = core_average(core_average(field, 0.5, 3.0, axis=0), 0.5, 3.0, axis=1)
    assert blurred.var() / field.var() == pytest.approx(left[1], rel=0.4)  # 40 patches only


def test_tyre_and_telescope():
    assert probe_response(0.12 / 0.3, "patch") == pytest.approx(0.993, abs=5e-4)
    assert probe_response(0.12 / 0.03, "patch") == pytest.approx(0.708, abs=5e-4)
    motion = probe_response(1, "aperture") / probe_response(10, "aperture")
    assert motion == pytest.approx(1.47, abs=0.005)
    variance = 1.0299 * 10 ** (5 / 3)  # of the phase, piston removed (Noll 1976)
    assert variance == pytest.approx(47.8, abs=0.05)


def test_tension_at_which_a_line_of_64_bumps_is_stiff():
    assert larkin(512, 1, 1, 1)[0] == pytest.approx(64)


# --- bad input ----------------------------------------------------------------------------------

GOOD = terrain(0, (4, 8))


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: gaussian_random_field((8, 8), (1.0, 1.0, 1.0), 1.0), "[1.0, 1.0, 1.0]"),
        (lambda: gaussian_random_field((8, 0), 1.0, 1.0), "0"),
        (lambda: gaussian_random_field((2, 2, 2, 2), 1.0, 1.0), "(2, 2, 2, 2)"),
        (lambda: gaussian_random_field(8.5, 1.0, 1.0), "8.5"),
        (lambda: gaussian_random_field((), 1.0, 1.0), "()"),
        (lambda: core_average(GOOD, 1.0, 1.0, axis=2), "axis 2"),
        (lambda: critical_force(GOOD, (0.5,), 1.0), "(d_line, d_glide), got [0.5]"),
        (lambda: pinned_line(GOOD, SPACING, 1.0, 1e3), "1000.0"),
        (lambda: pinned_line(GOOD, SPACING, 1.0, -1e3), "-1000.0"),
        (lambda: pinned_line(GOOD, SPACING, 1.0, 0.0, start=[0.0, 1.0]), "(2,)"),
    ],
)
def test_refused(call, shown):
    with pytest.raises(ValueError) as caught:
        call()
    assert shown in str(caught.value)
