"""What the chapter "Mismatch as the feature" promises of its figures.

Quenches are chaotic, so that another processor draws other samples: what is asked of them holds
with room for the scatter of three.
"""

import numpy as np
import pytest

from smlib import high_entropy_alloys as hea
from smlib.figures.metallic_glass import MAP, nose, packing
from smlib.soft_disks import bond_order
from smlib.studies.metallic_glass import GLASSES, RANDOM, density, half_value, quenched, snapshot


def three(percent, way):
    return np.array([quenched(percent, way, sample).global_order for sample in (1, 2, 3)])


def test_small_spreads_crystallize():
    assert three(0, "slow").mean() > 0.7
    assert three(3, "slow").mean() > 0.6
    assert np.mean([quenched(3, "slow", s).six_fraction for s in (1, 2, 3)]) > 0.88


@pytest.mark.parametrize("way", ["slow", "fast", "crystal"])
def test_large_spreads_do_not(way):
    assert three(17, way).mean() < 0.3


def test_at_ten_percent_the_history_counts():
    melted, kept = three(10, "slow").mean(), three(10, "crystal").mean()
    assert kept > 0.7
    assert 0.15 < melted < 0.7 and melted < kept - 0.1


def test_melts_fail_before_crystals():
    assert half_value("fast") < half_value("crystal") - 1
    assert 7 < half_value("slow") < half_value("crystal")
    assert 10.5 < half_value("crystal") < 14


def test_the_glass_is_locally_more_ordered_than_points_at_random():
    points = np.random.default_rng(0).random((2000, 2))
    assert np.abs(bond_order(points, [1, 1])[0]).mean() == pytest.approx(RANDOM, abs=0.015)
    glass = np.mean([quenched(17, "slow", s).local_order for s in (1, 2, 3)])
    assert RANDOM + 0.15 < glass < 0.7


def test_readouts_are_those_of_the_box():
    told, run = packing.readouts(percent=10, way="slow", sample=2), quenched(10, "slow", 2)
    assert told["Large over small"] == "1.222"
    assert told["Global order"] == f"{run.global_order:.2f}"
    assert told["Local order"] == f"{run.local_order:.2f}"


def test_three_packings():
    order = [snapshot(percent).global_order for percent in (3, 10, 17)]
    assert order[0] > 0.8 and order[2] < 0.35
    assert order[2] - 0.1 < order[1] < order[0]


@pytest.mark.parametrize(
    ("state", "rate", "castable"),
    [
        ({"delta": 0, "rest": 0.55, "D": 10}, "1.1 × 10⁶ K/s", "31 µm"),
        ({"delta": 3, "rest": 0.55, "D": 10}, "1180 K/s", "0.92 mm"),
        ({"delta": 3.5, "rest": 0.55, "D": 10}, "31 K/s", "5.7 mm"),
        ({"delta": 4, "rest": 0.55, "D": 10}, "0.11 K/s", "94 mm"),
        ({"delta": 0, "rest": 0.65, "D": 10}, "362 K/s", "1.7 mm"),
        ({"delta": 0, "rest": 0.55, "D": 5}, "1.4 × 10⁸ K/s", "2.7 µm"),
        ({"delta": 5, "rest": 0.7, "D": 10}, "below 10⁻⁹ K/s", "above 1 m"),
    ],
)
def test_outrunning_the_nose(state, rate, castable):
    told = nose.readouts(**state)
    assert told["Critical cooling rate"] == rate
    assert told["Castable"] == castable


def test_noses_that_can_be_told():
    assert nose.readouts(delta=3.5, rest=0.55, D=10)["Nose"].startswith("7.1 s, 76")
    assert nose.readouts(delta=5, rest=0.7, D=5)["Nose"] == "out of reach"


def test_two_glasses_lie_outside_the_window_and_every_solid_solution_does():
    (low, high), (least, most) = GLASSES
    for formula, (text, glass, _) in MAP.items():
        x, y = hea.delta(formula), hea.mixing_enthalpy(formula)
        inside = low <= x <= high and least <= y <= most
        assert inside == (glass and text not in ("Cu-Ti-Zr-Ni", "Ni-Nb"))


def test_the_mixtures_are_denser_and_nothing_overlaps():
    """Closed forms: pi (1 + r^2)/4 on squares, pi (1 + 2 r^2)/(2 sqrt 3) on triangles."""
    assert density("equal") == pytest.approx(np.pi / 12**0.5)
    assert density("ab") == pytest.approx(np.pi * (1 + (2**0.5 - 1) ** 2) / 4)
    assert density("ab2") == pytest.approx(np.pi * (1 + 2 * (2 / 3**0.5 - 1) ** 2) / 12**0.5)
    assert density("equal") < density("ab") < density("ab2")
