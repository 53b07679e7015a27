"""What the chapter "Atomic architects" promises of its figures."""

import numpy as np
import pytest

from smlib import doping as do
from smlib import point_defect
from smlib.doping import BOND, DOPANTS, N_SI
from smlib.figures.doping import NAMES, SHARES, _length, ledger, wall
from smlib.studies.doping import (
    GAINS,
    LOGS,
    arsenic,
    coefficient,
    compensating,
    concentration,
    fit_and_limit,
    keating_beta,
    layer,
    limits,
    rank_correlation,
    relaxed,
    verdict,
)


def told(name, dopant="B", log_c=20):
    return ledger.readouts(dopant=dopant, log_c=log_c)[name]


def built(name, boron="none", share=0.25, thickness=20):
    return wall.readouts(boron=boron, share=share, thickness=thickness)[name]


def test_boron_at_1e20():
    assert told("Lattice constant") == "−520 ppm"
    assert told("Doped layer") == "+93.8 MPa, tension"
    assert told("Stable up to") == "331 nm"
    assert told("Volume per dopant") == "−0.78 atoms of silicon"
    assert told("Bonds of the dopant") == "stretched, +4.8 %"
    assert told("Lattice constant", log_c=19) == "−52.0 ppm"  # "parts in a million"


def test_indium_at_its_limit():
    assert told("Atoms per cm³", "In", 17.6) == "4 × 10¹⁷"
    assert told("Doped layer", "In", 17.6) == "−0.33 MPa, compression"
    assert told("Dissolves", "In", 17.6) == "yes"
    assert told("Dissolves", "In", 18) == "no, only 4 × 10¹⁷"
    assert told("Stable up to", "In", 17.6) == "168 µm"


def test_arsenic_is_larger_and_shrinks_the_crystal():
    assert told("Radius against silicon", "As", 21) == "+0.9 %"
    assert told("Lattice constant", "As", 21) == "−380 ppm"
    assert told("Doped layer", "As", 21).endswith("tension")


def test_the_sense_of_the_layer_is_that_of_the_bond():
    # Small atoms: bonds stretched, layer in tension. Arsenic is the exception.
    for symbol in NAMES:
        bond = told("Bonds of the dopant", symbol)
        sense = "tension" if bond.startswith("stretched") else "compression"
        if symbol != "As":
            assert told("Doped layer", symbol).endswith(sense)


def test_concentrations_are_1_2_and_4():
    digits = {f"{concentration(x):.0e}"[0] for x in LOGS}
    assert digits == {"1", "2", "4"}
    assert len(LOGS) == 14


def test_table_of_signs():
    boron, indium = relaxed("B"), relaxed("In")
    for found, sign in ((boron, -1), (indium, 1)):
        assert sign * (found.bond_length - BOND) > 0
        assert sign * (found.bond_length - found.natural_length) < 0
        assert sign * (found.back_bond - BOND) < 0
        assert sign * found.pressure > 0
        assert 0.65 < found.relaxation < 0.67  # "two thirds of what the radii ask for"
    assert boron.back_bond / BOND - 1 == pytest.approx(0.010, abs=5e-4)


def test_boron_and_indium_are_mirrored():
    for symbol, sign in (("B", 1), ("In", -1)):
        field = point_defect.point_defect_field(np.array([3.0, 6.0]), GAINS[symbol])
        assert (sign * field.stress_rr > 0).all() and (sign * field.stress_tt < 0).all()
        assert field.stress_tt == pytest.approx(-field.stress_rr / 2)
    assert GAINS["B"] == pytest.approx(-15.6, abs=0.01)
    assert GAINS["In"] == pytest.approx(13.9, abs=0.05)


def test_deviations_from_vegard_have_one_sign():
    for symbol in ("B", "C", "In", "Sb", "Sn"):
        assert keating_beta(symbol) < do.vegard_beta(DOPANTS[symbol].radius)
    carbon = keating_beta("C") / do.vegard_beta(DOPANTS["C"].radius)
    assert carbon == pytest.approx(1.16, abs=0.005)
    indium = keating_beta("In") / do.vegard_beta(DOPANTS["In"].radius)
    assert indium == pytest.approx(0.90, abs=0.005)


def test_arsenic_in_parts():
    ratio, size = arsenic()
    assert point_defect.keating_relax(ratio, free_volume=True).bond_length - BOND == pytest.approx(
        0.06
    )
    assert 1e24 * size == pytest.approx(1.49, abs=0.01)
    assert 1e24 * arsenic(0.04)[1] == pytest.approx(1.00, abs=0.01)
    assert 1e24 * arsenic(0.08)[1] == pytest.approx(1.96, abs=0.01)
    together = 1e24 * (size + do.electronic_beta(3.3))
    assert together == pytest.approx(-0.32, abs=0.01)
    # "The uncertainty of each part is larger than the sum."
    assert 1e24 * abs(do.electronic_beta(0.7)) > abs(together)
    assert 1e24 * (arsenic(0.08)[1] - arsenic(0.04)[1]) / 2 > abs(together)


def test_only_published_coefficients_are_called_so():
    assert {s for s in NAMES if coefficient(s)[1] == "published"} == {"B", "As", "C", "Ge"}
    assert coefficient("In") == (do.vegard_beta(1.44), "Vegard")


def test_a_quarter_of_germanium():
    assert built("State", thickness=5) == "coherent, stable"
    assert built("State", thickness=50) == "coherent, held up"
    assert built("State", thickness=500) == "slipped"
    assert built("Stable up to") == "9.96 nm"
    assert built("Grown up to") == "153 nm"
    assert built("Stress while coherent") == "−1.69 GPa, compression"
    stable, lasts = limits(0.25)
    assert lasts / stable == pytest.approx(15, abs=0.5)  # "up to fifteen times"


def test_boron_cures_germanium():
    alone, cured = limits(0.03)[0], limits(0.03, 2e20)[0]
    assert cured > 10 * alone
    assert built("Stable up to", share=0.03) == "138 nm"
    assert built("Stable up to", "with", 0.03) == "3.46 µm"
    assert built("State", share=0.03, thickness=500) == "coherent, held up"
    assert built("State", "with", 0.03, 500) == "coherent, stable"
    assert built("Stress while coherent", "with", 0).endswith("tension")
    assert built("Stable up to", "with", 0) == "149 nm"


def test_more_germanium_is_stable_to_less():
    stable, lasts = limits(np.array(SHARES[1:]))
    assert (np.diff(stable) < 0).all() and (np.diff(lasts) < 0).all()
    assert (lasts > stable).all()
    assert limits(0.0)[0] == np.inf


def test_verdicts():
    assert [verdict(h, 10, 100) for h in (10, 11, 100, 101)] == [
        "coherent", "held", "held", "slipped"
    ]  # fmt: skip
    assert (
        _length(5.0) == "5 nm" and _length(2500.0) == "2.5 µm" and _length(np.inf) == "above 1 mm"
    )


def test_seven_germanium_for_one_boron():
    x = compensating(2e20)
    assert x == pytest.approx(0.02825, abs=1e-5)
    assert x * N_SI / 2e20 == pytest.approx(7.05, abs=0.01)
    for boron in (1e19, 1e20, 1e21):
        total = do.sige_lattice_constant(compensating(boron)) / do.A_SI - 1
        assert total == pytest.approx(-do.lattice_strain(boron, DOPANTS["B"].beta), rel=1e-9)


def test_boron_fits_worst_of_the_acceptors_and_dissolves_best():
    assert rank_correlation() == pytest.approx((-0.61, 0.08), abs=0.005)
    assert rank_correlation("acceptor")[0] == pytest.approx(0.32, abs=0.005)
    misfit, limit, symbols = fit_and_limit("acceptor")
    assert symbols[int(np.argmax(misfit))] == symbols[int(np.argmax(limit))] == "B"


@pytest.mark.parametrize("C", [1e19, 1e20, 6e20])
def test_layers_of_the_ledger(C):
    state = layer(C, DOPANTS["B"].beta)
    assert state.stress == pytest.approx(0.0938 * C / 1e20, rel=5e-3)
