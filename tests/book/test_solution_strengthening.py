"""What the chapter "Dislocations in bumpy terrain" promises of its figures."""

import re

import numpy as np
import pytest

from smlib.figures.solution_strengthening import (
    bumpy_terrain,
    core_and_strength,
    no_fitted_parameter,
)
from smlib.studies.solution_strengthening import MEASURED, friction_stress, predicted, thresholds

from .conftest import value


def at_room(alloy="CoCrFeMnNi", rate=-3.0, core="published"):
    return value(no_fitted_parameter.readouts(alloy=alloy, rate=rate, core=core)["At 293 K"])


def test_the_start_meets_the_measurement():
    told = no_fitted_parameter.readouts(**no_fitted_parameter.start)
    assert told["At 293 K"] == "122.0 MPa"
    assert told["Measured"] == "125 MPa"
    assert told["At 0 K"] == "238 MPa"
    assert told["Energy barrier"] == "1.07 eV"
    assert told["Bow-out length"] == "46 b = 12 nm"


@pytest.mark.parametrize(
    ("alloy", "stress"),
    [("CoNi", 2.0), ("CoCrNi", 140.1), ("CoCrFeNi", 117.9), ("CoMnNi", 131.1), ("CoFeNi", 67.4)],
)
def test_other_alloys(alloy, stress):
    assert at_room(alloy) == stress


@pytest.mark.parametrize(("core", "stress"), [("1.0", 191), ("1.5", 120), ("2.0", 78), ("2.5", 56)])
def test_the_core_is_worth_more_than_the_elements(core, stress):
    assert round(at_room(core=core)) == stress


def test_haste_strengthens():
    assert round(at_room(rate=1.0)) == 167


def test_an_alloy_without_friction_stress_shows_its_grains():
    told = no_fitted_parameter.readouts(alloy="CoFeNi", rate=-3.0, core="published")
    assert told["Measured"] == "211 MPa with grains of 28 µm"


def test_predictions_and_measurements():
    ratio = {name: predicted(name) / friction_stress(name)[0] for name in MEASURED}
    near = {name for name, value in ratio.items() if abs(value - 1) < 0.12}
    assert near == {"CoCrFeMnNi", "CoCrFeNi", "FeMnNi"}
    assert ratio["CoCrNi"] == pytest.approx(0.64, abs=0.005)
    assert friction_stress("CoMnNi") == pytest.approx((46, 9), abs=1)


@pytest.mark.parametrize(("strength", "force"), [(0.05, 0.23), (1, 0.64), (5, 1.11)])
def test_weak_and_strong_terrain(strength, force):
    told = bumpy_terrain.readouts(strength=strength, core=0, load=60)
    assert value(told["Critical force"]) == pytest.approx(force, abs=0.05)


def test_a_gentle_line_and_a_ragged_one():
    rough = [
        value(bumpy_terrain.readouts(strength=s, core=0, load=60)["Roughness"]) for s in (0.05, 5)
    ]
    assert rough[0] < 0.5
    assert rough[1] > 3


def test_a_wide_core_leaves_a_third():
    told = bumpy_terrain.readouts(strength=1, core=2, load=60)["Of a sharp line's"]
    left, theory = map(int, re.findall(r"(\d+)%", told))
    assert theory == 33
    assert left == pytest.approx(theory, rel=0.15)


def test_the_line_advances_with_the_load():
    places = [
        value(bumpy_terrain.readouts(strength=1, core=0, load=load)["Advance"])
        for load in (0, 40, 80, 98)
    ]
    assert places == sorted(places)


def test_the_slope_of_the_still():
    s, found = thresholds()
    slope, constant = np.polyfit(np.log(s), np.log(found.mean(axis=0)), 1)
    assert slope == pytest.approx(1 / 3, abs=0.03)
    assert np.exp(constant) == pytest.approx(0.62, abs=0.03)


def test_the_core_coefficients_of_the_still():
    assert core_and_strength.readouts() == {"first": "0.68", "last": "0.16"}
