"""Shadows, forces, durations and the sequential test of the chapter on labor.

Expected values: named diameters of textbooks, brute-force projection, SciPy's eigenvalues,
quadrature and multivariate normal, simulation, and published numbers (Zhang et al. 2010, Rouse et
al. 1999). A simulated share is compared within some three standard errors.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.linalg import eigh
from scipy.spatial.transform import Rotation

from smlib import labor as la
from smlib.labor import PLANES, PelvicPlane

few = settings(max_examples=60)
angle = st.floats(-180, 180)
diameter = st.floats(5, 20)
INLET, MID = PLANES["inlet"], PLANES["midpelvis"]


def m(plane, deflexion=0.0, position=0.0, size=1.0):
    return la.mismatch_ratio(la.head_shadow(deflexion, 0, position, size), plane)


# --- the shadow ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deflexion", "diameter"),
    [(0, 9.5), (19.0, 10.0), (27.79, 10.5), (42.506, 11.5), (90, 13.5), (180, 9.5)],
)
def test_named_diameters_of_the_head(deflexion, diameter):
    """Suboccipitobregmatic, two values of the suboccipitofrontal, occipitofrontal, mentovertical,
    submentobregmatic: textbooks. The angle of the second is printed to 0.1 degrees."""
    tolerance = 0.005 if deflexion == 19.0 else 0.001
    assert math.sqrt(la.head_shadow(deflexion)[1, 1]) == pytest.approx(diameter, abs=tolerance)


def test_a_head_turned_three_ways():
    expected = [[119.411, -7.464], [-7.464, 92.161]]
    assert la.head_shadow(30, 20, 45) == pytest.approx(np.array(expected), abs=0.005)


@few
@given(angle, angle, angle, st.floats(0.8, 1.2), st.floats(0, 360))
def test_widths_are_those_of_a_cloud_of_points(deflexion, tilt, position, size, direction):
    """Farthest points of the turned ellipsoid, by SciPy's rotations, seen along the canal."""
    half = np.diag(list(la.HEAD_CM.values())) * size / 2
    turned = (
        Rotation.from_euler("xyz", [deflexion, tilt, position], degrees=True).as_matrix() @ half
    )
    u, v = np.meshgrid(np.linspace(0, np.pi, 181), np.linspace(0, 2 * np.pi, 361))
    ball = np.stack([np.sin(u) * np.cos(v), np.sin(u) * np.sin(v), np.cos(u)]).reshape(3, -1)
    n = np.array([math.cos(math.radians(direction)), math.sin(math.radians(direction))])
    seen = np.ptp(n @ (turned @ ball)[:2])
    shadow = la.head_shadow(deflexion, tilt, position, size)
    # Neighbours among the points are 1 degree apart: at most 0.5 degrees from the farthest.
    assert seen == pytest.approx(math.sqrt(n @ shadow @ n), rel=2e-4)


def test_asynclitism_of_the_ellipsoid_enlarges():
    """What the model cannot do: the super-subparietal diameter of 8.5 cm of a tilted head."""
    assert math.sqrt(la.head_shadow(0, 15)[0, 0]) == pytest.approx(9.8, abs=0.05)


def test_shadows_have_two_axes_of_their_own():
    shadow = la.head_shadow(np.arange(4)[:, None], 0, np.arange(3), 1)
    assert la.mismatch_ratio(shadow, MID).shape == (4, 3)


# --- the mismatch ratio -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plane", "deflexion", "position", "expected"),
    [(INLET, 0, 0, 0.7806), (INLET, 0, 37, 0.7806), (MID, 0, 0, 0.8459), (MID, 0, 81, 0.8459),
     (INLET, 42.506, 0, 0.9449), (INLET, 42.506, 90, 0.8880), (MID, 42.506, 0, 0.9607),
     (MID, 42.506, 90, 1.0240), (INLET, 90, 90, 1.0425), (MID, 90, 0, 1.1278)],
)  # fmt: skip
def test_mismatch_of_two_planes(plane, deflexion, position, expected):
    assert m(plane, deflexion, position) == pytest.approx(expected, abs=2e-4)


@few
@given(angle, angle, angle, diameter, diameter)
def test_mismatch_is_the_generalized_eigenvalue(deflexion, tilt, position, wide, deep):
    shadow = la.head_shadow(deflexion, tilt, position)
    found = la.mismatch_ratio(shadow, PelvicPlane("any", wide, deep))
    exact = eigh(shadow, np.diag([wide**2, deep**2]), eigvals_only=True)[-1]
    assert found == pytest.approx(math.sqrt(exact), rel=1e-9)


@few
@given(angle, angle, angle, diameter, diameter)
def test_the_enlarged_opening_just_holds_the_shadow(deflexion, tilt, position, wide, deep):
    """Widths of the enlarged ellipse and of the shadow, in every direction."""
    shadow = la.head_shadow(deflexion, tilt, position)
    factor = la.mismatch_ratio(shadow, PelvicPlane("any", wide, deep))
    n = np.array([np.cos(x := np.linspace(0, np.pi, 3601)), np.sin(x)])
    head = np.sqrt(np.einsum("in,ij,jn->n", n, shadow, n))
    opening = factor * np.hypot(wide * n[0], deep * n[1])
    assert (head <= opening * (1 + 1e-9)).all()
    assert (head / opening).max() == pytest.approx(1, abs=1e-5)


@few
@given(angle, angle, diameter, diameter, st.floats(0.1, 10), st.floats(0.1, 10))
def test_a_unit_for_each_direction_changes_nothing(deflexion, position, wide, deep, a, b):
    """A congruence by a diagonal matrix, of shadow and opening alike."""
    shadow, units = la.head_shadow(deflexion, 0, position), np.diag([a, b])
    plain = la.mismatch_ratio(shadow, PelvicPlane("any", wide, deep))
    scaled = la.mismatch_ratio(units @ shadow @ units, PelvicPlane("any", a * wide, b * deep))
    assert scaled == pytest.approx(plain, rel=1e-9)


@few
@given(angle, diameter, st.floats(-6, 6))
def test_a_round_shadow_may_be_turned_in_any_unit(position, across, decade):
    """Computed by a rotation that leaves rounding off the diagonal."""
    unit = 10**decade
    c, s = math.cos(math.radians(position)), math.sin(math.radians(position))
    turn = np.array([[c, -s], [s, c]])
    shadow = turn @ np.diag([(across * unit) ** 2] * 2) @ turn.T
    plane = PelvicPlane("any", 12 * unit, 11 * unit)
    assert la.mismatch_ratio(shadow, plane) == pytest.approx(across / 11, rel=1e-9)


@few
@given(st.floats(5, 90), diameter, diameter)
def test_the_long_axis_belongs_along_the_longer_diameter(deflexion, wide, deep):
    position = np.arange(0, 91, 5.0)
    found = m(PelvicPlane("any", wide, deep), deflexion, position)
    assert found.min() == pytest.approx(found[-1 if wide > deep else 0], rel=1e-9)


@few
@given(angle, angle, angle, st.floats(0.8, 1.2))
def test_no_state_is_better_than_the_flexed_head(deflexion, tilt, position, size):
    shadow = la.head_shadow(deflexion, tilt, position, size)
    tightest = max(la.mismatch_ratio(shadow, plane) for plane in PLANES.values())
    assert la.least_mismatch(size) <= tightest * (1 + 1e-12)
    assert la.least_mismatch(size) == pytest.approx(max(m(p, size=size) for p in PLANES.values()))


# --- forces and verdicts ------------------------------------------------------------------------


def test_resistance_at_five_ratios():
    found = la.resistance_mvu([0.80, 0.95, 1.00, 1.02, 1.05, 2.0])
    assert found == pytest.approx([100, 125, 200, 300, np.inf, np.inf], rel=1e-9)


@few
@given(st.floats(101, 1e4))
def test_critical_mismatch_inverts_the_resistance(power):
    assert la.resistance_mvu(la.critical_mismatch(power)) == pytest.approx(power, rel=1e-6)


def test_critical_mismatch_at_two_powers():
    assert la.critical_mismatch([200, 250, 300]) == pytest.approx([1.0, 1.0125, 1.02])


@pytest.mark.parametrize(
    ("power", "now", "best", "verdict"),
    [(200, 0.961, 0.846, "progress"), (120, 0.961, 0.846, "dynamic"),
     (200, 1.03, 1.03, "anatomic"), (200, 1.024, 0.961, "dynamic")],
)  # fmt: skip
def test_verdicts(power, now, best, verdict):
    assert la.diagnose(power, now, best) == verdict


@few
@given(st.floats(0, 300), st.floats(0.5, 1.2), st.floats(0.5, 1.2), st.floats(0, 200))
def test_more_that_is_admitted_only_turns_anatomic_into_dynamic(power, a, b, more):
    best, now = sorted((a, b))
    less, larger = (la.diagnose(power, now, best, 300 + extra) for extra in (0, more))
    assert less == larger or (less, larger) == ("anatomic", "dynamic")
    assert la.diagnose(power, now, best) in ("progress", "dynamic", "anatomic")


def test_equality_is_no_progress():
    at = la.critical_mismatch(200)
    assert la.diagnose(la.resistance_mvu(at), at, at) != "progress"


def test_verdicts_are_those_of_exact_arithmetic():
    """Every power in tens, against the law in fractions: resistances of 100, 120, 150, 200, 250 and
    300 MVU are met on paper."""

    def resistance(percent):
        x = max(Fraction(percent - 90, 15), Fraction(0))
        return 100 + 50 * x / (1 - x) if x < 1 else math.inf

    for now in range(80, 107):
        for best in range(80, now + 1):
            for power in range(0, 310, 10):
                found = la.diagnose(power, now / 100, best / 100)
                still = "dynamic" if resistance(best) < 300 else "anatomic"
                assert found == ("progress" if resistance(now) < power else still)


def test_the_best_state_may_be_the_present_one():
    """The flexed head, whose shadow is round, in any position."""
    for plane in PLANES.values():
        for size in (0.9, 1.0, 1.1):
            best = la.least_mismatch(size, [plane])
            for position in range(0, 181):
                assert la.diagnose(200, m(plane, 0, position, size), best) == "progress"


def test_verdicts_of_arrays():
    found = la.diagnose([200, 120, 200], [0.961, 0.961, 1.03], [0.846, 0.846, 1.03])
    assert found.tolist() == ["progress", "dynamic", "anatomic"]


def test_slow_over_median_time():
    """Power N(200, 45), no bone contact: the 5th percentile is 3.85 times as slow, inside the range
    of Zhang's percentiles per centimeter, 2.8 to 4.9."""
    slow = la.progress_factor(stats.norm(200, 45).ppf(0.05), 0.85)
    assert 1 / slow == pytest.approx(3.85, abs=0.01)
    ratios = [late / median for median, late in la.ZHANG_2010["nulliparous"].values()]
    assert (min(ratios), max(ratios)) == pytest.approx((2.8, 4.9), abs=0.05)
    assert la.progress_factor(200, 0.9) == 1 and la.progress_factor(200, 1.1) == 0


# --- populations --------------------------------------------------------------------------------


def test_disproportion_of_independent_and_of_correlated_sizes():
    assert la.disproportion_probability() == pytest.approx(0.01239, abs=1e-4)
    assert la.disproportion_probability(correlation=0.4) == pytest.approx(0.00407, abs=1e-4)
    assert la.disproportion_probability(threshold=1.0125) == pytest.approx(0.0153, abs=5e-5)


@few
@given(st.floats(0.1, 1), st.floats(0.1, 1), st.floats(-0.95, 0.95), st.floats(0.8, 1.3))
def test_disproportion_against_quadrature(head_sd, pelvis_sd, rho, threshold):
    """Condition on the pelvis, then integrate over it."""

    def given_pelvis(z):
        head = 9.5 + head_sd * rho * z
        beyond = (threshold * (11.23 + pelvis_sd * z) - head) / (head_sd * math.sqrt(1 - rho**2))
        return stats.norm.pdf(z) * stats.norm.sf(beyond)

    exact = integrate.quad(given_pelvis, -12, 12, limit=200, points=[0])[0]
    found = la.disproportion_probability(9.5, head_sd, 11.23, pelvis_sd, rho, threshold)
    assert found == pytest.approx(exact, abs=1e-6)


def test_disproportion_without_spread_is_certain():
    # The head is the pelvis times 0.9 less a constant: one decides for all.
    assert la.disproportion_probability(9.5, 0.4, 10, 0.4, 1.0, 1.0) == 0
    assert la.disproportion_probability(10.5, 0.4, 10, 0.4, 1.0, 1.0) == 1


def test_disproportion_of_sizes_that_vary_as_one():
    """Standard deviations that cancel on paper: what is left is a difference of the means."""
    for hundredths in range(1, 100):
        spread = float(Fraction(hundredths, 100) * Fraction("1.02")), hundredths / 100
        for lead in (-1e-9, 1e-9):
            found = la.disproportion_probability(10.2 + lead, spread[0], 10, spread[1], 1, 1.02)
            assert found == (lead > 0)


@pytest.fixture(scope="module")
def labors():
    women = la.sample_labors(100_000, seed=0)
    verdict = la.diagnose(women.power_mvu, women.mismatch_now, women.mismatch_best)
    return women, verdict


def test_a_hundred_thousand_women(labors):
    women, verdict = labors
    shares = [(verdict == each).mean() for each in ("progress", "dynamic", "anatomic")]
    assert shares == pytest.approx([0.92, 0.067, 0.010], abs=0.005)
    stalled = verdict != "progress"
    assert (verdict == "anatomic").sum() / stalled.sum() == pytest.approx(0.13, abs=0.01)
    power, now, best = (
        x[stalled] for x in (women.power_mvu, women.mismatch_now, women.mismatch_best)
    )
    cured = [
        (la.resistance_mvu(now) < 280).mean(),
        (power > la.resistance_mvu(best)).mean(),
        (la.resistance_mvu(best) < 280).mean(),
    ]
    assert cured == pytest.approx([0.50, 0.51, 0.86], abs=0.01)


def test_the_best_state_is_never_worse(labors):
    women, _ = labors
    assert (women.mismatch_best <= women.mismatch_now).all()
    assert women.power_mvu.min() >= 0 and women.power_mvu.max() <= 300
    assert women.power_mvu.mean() == pytest.approx(200, abs=0.6)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.8])
def test_anatomic_share_for_other_correlations(correlation):
    women = la.sample_labors(100_000, correlation, seed=1)
    share = np.mean(la.resistance_mvu(women.mismatch_best) >= 300)
    assert 0.006 < share < 0.016


# --- durations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "hours"),
    [((4, 10), 4.2), ((4, 10, 1.0, "parous"), 3.7), ((5, 8, 0.5), 3.8), ((4.5, 6), 1.45),
     ((7, 7, 0.0), 0.0), ((4, 5, 0.0), math.inf)],
)  # fmt: skip
def test_traverse_times(arguments, hours):
    assert la.traverse_time(*arguments) == pytest.approx(hours, abs=1e-9)


@few
@given(st.tuples(*[st.floats(4, 10)] * 3), st.floats(0.1, 3), st.sampled_from(list(la.ZHANG_2010)))
def test_times_add_and_scale(stations, progress, parity):
    a, b, c = sorted(stations)
    whole = la.traverse_time(a, c, progress, parity)
    parts = la.traverse_time(a, b, progress, parity) + la.traverse_time(b, c, progress, parity)
    assert whole == pytest.approx(parts, abs=1e-9)
    assert whole == pytest.approx(la.traverse_time(a, c, 1.0, parity) / progress, abs=1e-9)


def test_steps_that_take_more_than_an_hour():
    found = [la.step_exceedance(1.0, c) for c in range(4, 10)]
    assert found == pytest.approx([0.607, 0.396, 0.259, 0.163, 0.134, 0.187], abs=0.0005)
    assert 1 - np.prod(1 - np.array(found)) == pytest.approx(0.896, abs=0.0005)
    alerts = [la.step_exceedance(hours, c) for c, hours in la.WHO_2020.items()]
    assert 1 - np.prod(1 - np.array(alerts)) == pytest.approx(0.059, abs=0.0005)


@pytest.mark.parametrize("parity", la.ZHANG_2010)
def test_median_and_95th_percentile_of_a_step(parity):
    for c, (median, late) in la.ZHANG_2010[parity].items():
        assert la.step_exceedance([median, late], c, parity) == pytest.approx([0.5, 0.05])


def test_percentiles_of_a_sum():
    assert la.duration_quantile(0.95, together=True) == pytest.approx(16.6)
    steps = la.ZHANG_2010["nulliparous"].values()
    median, late = np.array(list(steps)).T
    rng = np.random.default_rng(2)
    sigma = np.log(late / median) / stats.norm.ppf(0.95)
    drawn = np.exp(np.log(median) + sigma * rng.standard_normal((400_000, 6))).sum(axis=1)
    for level in (0.05, 0.5, 0.95):
        # Standard error at most 0.02 h, at 0.95.
        exact = np.quantile(drawn, level)
        assert la.duration_quantile(level) == pytest.approx(exact, rel=0.005)
    assert la.duration_quantile(0.95) == pytest.approx(11.3, abs=0.05)


@few
@given(st.floats(0.75, 0.99), st.sampled_from(list(la.ZHANG_2010)))
def test_slow_in_every_step_is_slower_than_slow_in_some(level, parity):
    assert la.duration_quantile(level, True, parity) > la.duration_quantile(level, False, parity)


# --- refusals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: PelvicPlane("inlet", 0, 12), "transverse_cm of 'inlet'.*0"),
        (lambda: PelvicPlane("inlet", 12, math.nan), "ap_cm of 'inlet'.*nan"),
        (lambda: la.mismatch_ratio(np.eye(3), INLET), r"shadow.*\(3, 3\)"),
        (lambda: la.mismatch_ratio([[1, 2], [2, 1]], INLET), "shadow.*definite"),
        (lambda: la.resistance_mvu(1, contact=1.1), "limit.*1.05"),
        (lambda: la.critical_mismatch(100), "power_mvu.*100.0"),
        (lambda: la.diagnose(301, 1, 1), "power_mvu.*301"),
        (lambda: la.diagnose(200, 0.9, 1.0), "mismatch_best.*1.0"),
        (lambda: la.progress_factor(200, 0.9, 100), "reference_mvu.*100"),
        (lambda: la.disproportion_probability(head_sd_cm=0, pelvis_sd_cm=0), "above 0"),
        (lambda: la.traverse_time(6, 5), "end_cm.*5"),
    ],
)
def test_refusals(call, words):
    with pytest.raises(ValueError, match=words):
        call()
