"""What the chapter "Five kinds of brick" promises of its figures.

Expected values: the papers that print them (Guo & Liu 2011, Guo et al. 2013, Yang & Zhang 2012) and
counts over the labels of Guo et al. and of Borg et al. 2020, rounded as printed.
"""

import pytest

from smlib.figures.high_entropy_alloys import (
    alloy_map,
    be_the_referee,
    design_alloy,
    friction_and_radii,
    radius_conventions,
    roc_curves,
)
from smlib.studies.high_entropy_alloys import judged

from .conftest import value

SIZES, HEATS = (be_the_referee.controls[name].values for name in ("size_limit", "heat_limit"))


def alloy(base, added, amount):
    return design_alloy.readouts(base=base, added=added, amount=amount)


def spread(base, added, amount):
    return value(alloy(base, added, amount)["Size spread δ"])


def verdict(size_limit, heat_limit, test):
    score = judged(size_limit, heat_limit, test)[1]
    return round(score["accuracy"], 3), round(score["youden"], 2)


# --- design your own alloy ----------------------------------------------------------------------


def test_aluminium_saturates():
    assert spread("CoCrFeNi", "Al", 1) == 5.78
    assert spread("CoCrFeNi", "Al", 2) == 6.68
    most = max(spread("CoCrFeNi", "Al", x) for x in (2.5, 3, 3.5, 4, 5, 8))
    assert most == pytest.approx(6.94, abs=0.005)
    assert most < 11.07 - 0.50  # the elastic limit and its standard deviation: no glass


@pytest.mark.parametrize(
    ("amount", "phase"),
    [(0, "fcc"), (0.2, "fcc"), (0.4, "fcc + bcc"), (1.4, "fcc + bcc"), (1.6, "bcc"), (2, "bcc")],
)
def test_aluminium_turns_fcc_into_bcc(amount, phase):
    # VEC passes 8 at x = 0.2 and 6.87 at x = 1.43
    assert alloy("CoCrFeNi", "Al", amount)["VEC"].split(": ")[1] == phase


def test_aluminium_at_one_is_the_alloy_of_the_tables():
    told = alloy("CoCrFeNi", "Al", 1)
    assert value(told["Mixing enthalpy"]) == -12.3
    assert value(told["Strain energy"]) == pytest.approx(6.889, rel=0.01)
    assert value(told["Ω"]) == 1.83
    assert told["VEC"] == "7.20: fcc + bcc"


def test_zirconium_goes_where_the_glasses_are():
    assert spread("CoCrFeNi", "Zr", 0.25) == pytest.approx(6.6, abs=0.05)
    told = alloy("CoCrFeNi", "Zr", 1)
    assert value(told["Size spread δ"]) == pytest.approx(10.8, abs=0.05)
    assert value(told["Mixing enthalpy"]) == -22.7
    assert told["Nearest labelled alloy"].endswith("glass")


def test_manganese_jumps_with_the_table_of_radii():
    told = alloy("CoCrFeNi", "Mn", 1)
    assert value(told["Size spread δ"]) == 3.27
    assert value(told["with 12-neighbour radii"]) == 0.92
    assert told["VEC"] == "8.00: fcc"
    assert told["Nearest labelled alloy"] == "CoCrFeMnNi, solid solution"


def test_refractory_metals_take_zirconium_in_with_little_heat():
    told = alloy("WNbMoTa", "Zr", 1)
    assert value(told["Size spread δ"]) == pytest.approx(6.0, abs=0.05)
    assert value(told["Mixing enthalpy"]) == pytest.approx(-5.4, abs=0.05)


# --- be the referee -----------------------------------------------------------------------------


def test_at_home_the_rule_looks_good():
    told = be_the_referee.readouts(size_limit=6.6, heat_limit=12, test="guo")
    assert told["Accuracy"] == "0.883"
    assert told["Youden J"] == "0.60"
    assert told["Wanted, found"] == "55 of 56"


def test_elsewhere_it_is_worse_than_always_saying_no():
    told = be_the_referee.readouts(size_limit=6.6, heat_limit=12, test="borg")
    assert told["Accuracy"] == "0.500"
    assert told["Youden J"] == "0.09"
    assert told["Always saying no"] == "0.630"  # 306 of 486


def test_the_best_box():
    accuracy, youden = verdict(7.5, 8, "borg")
    assert (accuracy, youden) == (0.650, 0.32)
    assert verdict(7.5, 8, "guo") == (0.766, 0.56)
    assert max(verdict(s, h, "borg")[1] for s in SIZES[3::2] for h in HEATS[1::2]) <= youden


def test_without_aluminium_the_size_tells_nothing():
    told = be_the_referee.readouts(size_limit=6.6, heat_limit=30, test="borg_no_al")
    assert told["Wanted, found"].endswith("of 105")  # 47 % of 224
    whole = range(2, 13)  # per cent, the heat limit wide open
    assert max(verdict(size, 30, "borg_no_al")[1] for size in whole) <= 0.13


# --- stills -------------------------------------------------------------------------------------


def test_the_elastic_limit_on_the_map():
    assert alloy_map.readouts()["limit"] == "11.1 ± 0.5 percent"


def test_areas_under_the_curves():
    lines = roc_curves.readouts()["curves"].split("; ")
    areas = [float(line.rsplit(" ", 1)[1]) for line in lines]
    assert areas == pytest.approx([0.935, 0.828, 0.687, 0.605, 0.374], abs=0.0051)


def test_the_stronger_alloy_has_the_smaller_spread():
    assert friction_and_radii.readouts()["crossing"] in (
        "0.16 against 3.27 percent",
        "0.17 against 3.27 percent",
    )


def test_radii_differ_by_up_to_a_sixth():
    told = radius_conventions.readouts()
    assert value(told["low"]) == pytest.approx(-100 / 6, abs=1)
    assert 0 < value(told["high"]) < 100 / 6
