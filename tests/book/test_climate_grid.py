"""What the chapter "The thunderstorm in the grid cell" promises of its figures."""

import numpy as np
import pytest

from smlib.figures.climate_grid import closure_laboratory, the_blind_mean
from smlib.studies.climate_grid import RATIOS, memories, separation, steppers


def cloud(**state):
    told = the_blind_mean.readouts(**{"cell": 50.0, "rh": 0.9, "sigma": 0.1} | state)
    return tuple(told[f"Cloud, cells {how}"] for how in ("all or nothing", "with a spread"))


def numbers(text):
    return [float(word.strip("%,")) for word in text.replace(" and ", " ").split() if word != "%"]


def laboratory(**state):
    told = closure_laboratory.readouts(**{"c": 4.0, "h": 1.0, "coupling": "lorenz"} | state)
    return {name: numbers(text) for name, text in told.items()}


def test_the_storm_at_the_start():
    told = the_blind_mean.readouts(**the_blind_mean.start)
    assert the_blind_mean.start == {"cell": 50, "rh": 0.9, "sigma": 0.1}
    assert told["A storm of 1 km covers"] == "0.04 %"
    assert told["It carries"] == "40 W/m²"
    assert told["Effective resolution"] == "399 km"


def test_clouds_that_a_grid_finds():
    assert cloud(cell=100.0) == ("0.000", "0.159")
    assert cloud() == ("0.050", "0.159")
    assert cloud(cell=2.0) == ("0.149", "0.159")
    assert cloud(cell=100.0, rh=1.02) == ("1.000", "0.579")


def test_little_spread_is_little_blindness():
    for cell in (2.0, 50.0, 100.0):
        for rh, found in ((0.9, 0.0), (1.04, 1.0)):
            told = cloud(cell=cell, rh=rh, sigma=0.02)
            assert [float(x) for x in told] == pytest.approx([found] * 2, abs=0.025)


def test_the_slider_moves_the_coupling_as_well():
    slow, fast = laboratory(c=4.0), laboratory(c=16.0)
    held = laboratory(c=24.0, coupling="held")
    assert slow["Feedback g"] == [1.28]
    assert fast["Feedback g"] == [5.12]
    assert held["Feedback g"] == [3.2]
    none, quartic, noise = fast["KS none, quartic, noisy"]
    assert quartic > 2 * noise > 2 * fast["KS of two truths"][0]
    assert none > 0.2
    assert laboratory(c=10.0) == laboratory(c=10.0, coupling="held")


def test_separation_alone_makes_the_closure_better():
    told = [laboratory(c=c, coupling="held") for c in (1.0, 4.0, 10.0, 24.0)]
    explained = [row["Explained by X"][0] for row in told]
    assert explained == sorted(explained)
    assert explained[0] < 30 and explained[-1] > 87
    errors = [row["At 0.5: error, spread"][0] for row in told]
    assert errors[0] > 2 and max(errors[2:]) < 0.8
    none = [row["KS none, quartic, noisy"][0] for row in told]
    assert min(none) > 0.07 and max(none) < 0.13


def test_a_weaker_coupling_is_easier():
    for coupling in ("lorenz", "held"):
        strong, weak = (laboratory(c=4.0, h=h, coupling=coupling) for h in (1.0, 0.5))
        assert weak["KS none, quartic, noisy"][0] < strong["KS none, quartic, noisy"][0] / 2
        assert weak["Feedback g"][0] == pytest.approx(strong["Feedback g"][0] / 4)


def test_the_first_lag_tells_of_a_longer_memory():
    told = laboratory(c=10.0)
    short, long = told["Its memory, 1/e and lag 1"]
    assert short == pytest.approx(0.049, abs=0.003)
    assert long == pytest.approx(0.275, abs=0.02)
    assert told["Memory of X"][0] / short == pytest.approx(3.9, abs=0.3)
    error, spread = told["At 0.5: error, spread"]
    assert spread == pytest.approx(error, rel=0.25)
    rho, short, long = memories()
    assert rho[10] < 0.4 < rho[8]
    assert long / short > 5


def test_each_fit_has_its_stepper():
    found = steppers()
    floor, sd = found["truth"]
    assert floor < 0.006
    for pair in (("coupling", "rk4"), ("difference", "euler")):
        assert found[pair][0] < 2 * floor
    for pair in (("coupling", "euler"), ("difference", "rk4")):
        assert found[pair][0] > 4 * floor
    assert 1 - found["difference", "rk4"][1] / sd == pytest.approx(0.06, abs=0.01)


def test_what_separation_buys():
    errors = separation()
    ratios, closed = (np.log(values[:-1]) for values in (RATIOS, errors["closure"]))
    # each error to 6 %
    assert np.polyfit(ratios, closed, 1)[0] == pytest.approx(-0.55, abs=0.1)
    assert errors["closure"][-1] > 0.75 * errors["closure"][-2]
    none = errors["none"][RATIOS.index(4) :]
    assert none.max() / none.min() < 1.12
