"""What the chapter "The probe and the bump" promises of its figures."""

import numpy as np
import pytest

from smlib import random_landscape as rl
from smlib.figures.random_landscape import depinning, drag_the_core
from smlib.studies.random_landscape import TENSIONS, WIDTHS, thresholds


def number(text):
    return float(text.split()[0])


def core(kernel):
    """Rms stress left, and force at fixed energy, at each width of the slider."""
    widths = np.array(drag_the_core.controls["width"].values)
    felt = rl.core_response(widths, 1.0, kernel=kernel)
    return widths, felt.strong, widths * np.sqrt(felt.gradient)


@pytest.mark.parametrize("kernel", ["lorentzian", "gaussian", "box"])
def test_the_figure_tells_what_a_core_leaves(kernel):
    for width, left, force in list(zip(*core(kernel), strict=True))[::5]:
        told = drag_the_core.readouts(width=width, kernel=kernel, fixed="energy")
        assert told["Stress left, rms"] == f"{left:.2f}"
        assert number(told["Force at fixed energy"]) == pytest.approx(force, abs=0.0005)


@pytest.mark.parametrize(
    ("width", "left", "range_"), [(0.1, "0.93", "1.08"), (1, "0.58", "1.99"), (10, "0.20", "14.2")]
)
def test_three_widths_of_a_peierls_nabarro_core(width, left, range_):
    told = drag_the_core.readouts(width=width, kernel="lorentzian", fixed="stress")
    assert told["Stress left, rms"] == left
    assert told["Range of what is left"] == f"{range_} bumps"


def test_the_same_width_of_two_kernels():
    left = [rl.core_response(1.0, 1.0, kernel=kernel).strong for kernel in ("lorentzian", "box")]
    assert [1 - rms**2 for rms in left] == pytest.approx([0.66, 0.08], abs=0.01)


@pytest.mark.parametrize("kernel", ["lorentzian", "gaussian"])
def test_resonance_at_fixed_energy_only(kernel):
    widths, left, force = core(kernel)
    assert widths[np.argmax(force)] == 1
    assert (np.diff(left) < 0).all()
    if kernel == "gaussian":
        assert max(force) == pytest.approx(3**-0.75, abs=0.001)


def test_a_box_has_no_resonance():
    assert (np.diff(core("box")[2]) >= 0).all()


@pytest.mark.parametrize(
    ("tension", "width", "force"),
    [(0.3, 0, 0.73), (0.3, 1, 0.38), (0.3, 4, 0.10), (3, 0, 0.62), (3, 1, 0.26), (3, 4, 0.060),
     (30, 0, 0.42), (30, 1, 0.19), (30, 4, 0.065)],
)  # fmt: skip
def test_critical_forces(tension, width, force):
    """To 10 % and the tolerance of the simulation."""
    found = thresholds(tension, "lorentzian")[WIDTHS.index(width)].mean()
    assert found == pytest.approx(force, rel=0.1, abs=0.02)


def test_readouts_of_a_line():
    told = depinning.readouts(tension=0.3, width=0, kernel="lorentzian")
    assert number(told["Critical force"]) == pytest.approx(0.73, abs=0.01)
    assert told["Larkin length"] == "0.45 bumps"
    assert depinning.readouts(tension=0.3, width=0, kernel="gaussian") == told


def test_a_wide_core_costs_seven_to_eleven_and_stiffness_little():
    means = [thresholds(tension, "lorentzian").mean(axis=1) for tension in TENSIONS]
    factors = [row[0] / row[-1] for row in means]
    assert (round(min(factors)), round(max(factors))) == (7, 11)
    stiff = means[TENSIONS.index(0.3)][0] / means[TENSIONS.index(30)][0]
    assert stiff == pytest.approx(1.7, abs=0.05)


@pytest.mark.parametrize(
    ("kernel", "ratio"), [("gaussian", "bumps 1.00 × core"), ("lorentzian", "bumps 0.89 × core")]
)
def test_the_resonance_depends_on_what_is_held_fixed(kernel, ratio):
    energy, stress = (
        drag_the_core.readouts(width=1, kernel=kernel, fixed=fixed)["Most is felt with"]
        for fixed in ("energy", "stress")
    )
    assert energy == ratio
    assert stress == "a sharp core"
