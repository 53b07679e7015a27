"""What the chapter "Forcing atoms to get along" promises of its figures."""

import numpy as np
import pytest

from smlib.figures.pressure_alloying import penalty, squeeze
from smlib.studies.pressure_alloying import PAIRS, cost, moduli, square


def told(pair, form="vinet", dataset="experiment", limit=15):
    return squeeze.readouts(pair=pair, form=form, dataset=dataset, limit=limit)


def three(pair, **state):
    found = told(pair, **state)["All three"].split(", ")
    return [np.nan if text == "never" else float(text) for text in found]


def test_sodium_and_silver_agree_within_thirty_per_cent():
    found = three("Na-Ag")
    assert found == pytest.approx([10.57, 8.80, 8.18], abs=0.05)
    assert max(found) < 1.3 * min(found)


def test_magnesium_and_iron_within_the_range_of_the_experiment():
    assert three("Mg-Fe") == pytest.approx([69.7, 44.3, 38.9], abs=0.1)
    assert max(three("Mg-Fe")) < PAIRS["Mg", "Fe"]
    assert three("Mg-Fe-hcp")[2] == pytest.approx(56.1, abs=0.1)
    assert three("Mg-Fe", dataset="wien2k")[2] == pytest.approx(31, abs=0.1)


def test_potassium_and_nickel_by_one_equation_only():
    assert three("K-Ni") == pytest.approx([np.nan, np.nan, 154], abs=0.5, nan_ok=True)
    assert told("K-Ni")["Moduli"] == "51.3 there, 372 needed"


@pytest.mark.parametrize("limit", squeeze.controls["limit"].values[:5])
def test_lead_and_aluminium_never(limit):
    assert told("Pb-Al", limit=limit)["They fit at"] == "none below 300 GPa"
    assert "never, never, never" in told("Pb-Al", limit=limit)["All three"]


def test_a_looser_limit_is_met_earlier():
    found = [three("Mg-Fe", limit=limit)[2] for limit in (14, 15, 17, 20)]
    assert found == sorted(found, reverse=True)


def test_the_twelfth_power_sorts_the_pairs():
    wins = {"-".join(pair) for pair in PAIRS if moduli(pair)[1] > moduli(pair)[0]}
    assert wins == {"Mg-Fe", "Mg-Fe-hcp", "Mg-Ni", "Na-Ag", "Ca-Mg"}


def test_a_quarter_against_two_thirds():
    pressed = penalty.readouts(pair="Mg-Fe", pressure=40)
    assert pressed["Of the cost without"] == "0.77"
    assert pressed["Of the square"] == "0.36"
    free = penalty.readouts(pair="Mg-Fe", pressure=0)
    assert free["Cost"] == "95.0 kJ/mol"


def test_sodium_becomes_the_smaller_atom():
    assert penalty.readouts(pair="Na-Ag", pressure=60)["Of the cost without"] == "0.00"
    assert penalty.readouts(pair="Na-Ag", pressure=100)["Size mismatch"] == "−3.3 %"


def test_the_small_misfit_formula_rises_first_and_the_cost_falls_less_than_the_square():
    assert cost(("Mg", "Fe"), 20.0, linear=True) > cost(("Mg", "Fe"), 0.0, linear=True)
    for pair in (("Mg", "Fe"), ("K", "Ni")):
        for P in (20.0, 60.0, 100.0):
            assert cost(pair, P) / cost(pair, 0.0) > 1.5 * square(pair, P)
