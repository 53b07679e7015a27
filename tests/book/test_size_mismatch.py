"""What the chapter "Bricks that do not fit" promises of its figures."""

import pytest

from smlib.figures.size_mismatch import derived_rule, one_wrong_brick, where_to_draw_the_line
from smlib.studies.size_mismatch import critical_misfits


@pytest.mark.parametrize(
    ("host", "cost", "dissolved", "pressure"),
    [("Nb", "1.85", "15.7", "+17"), ("Cu", "2.63", "7.2", "+18.5"), ("Ir", "5.97", "0.25", "+70")],
)
def test_fifteen_per_cent_in_three_hosts(host, cost, dissolved, pressure):
    told = one_wrong_brick.readouts(host=host, misfit=15)
    assert told["In units of kTₘ"] == cost
    assert told["Dissolves at Tₘ"].startswith(dissolved)
    assert told["Pressure inside"].startswith(pressure)


def test_chromium_fits_copper_and_hardly_dissolves():
    assert "Cr 0.89" in one_wrong_brick.readouts(host="Cu", misfit=0)["Measured near here, at%"]


def test_the_sign_changes_the_pressure_and_not_the_energy():
    large, small = (one_wrong_brick.readouts(host="Ag", misfit=m) for m in (15, -15))
    assert large["Elastic energy"] == small["Elastic energy"]
    assert large["Pressure inside"][0] == "+"
    assert small["Pressure inside"] == "−" + large["Pressure inside"][1:]


@pytest.mark.parametrize(
    ("hosts", "promises", "vetoes"),
    [
        ("all", "78 of 118 (66%)", "29 of 37 (78%)"),
        ("complete", "26 of 64 (41%)", "25 of 29 (86%)"),
        ("Al", "5 of 25 (20%)", "8 of 8 (100%)"),
    ],
)
def test_promises_and_vetoes(hosts, promises, vetoes):
    told = where_to_draw_the_line.readouts(limit=15, extensive=5, hosts=hosts)
    assert told["Promises kept"] == promises
    assert told["Vetoes right"] == vetoes


def test_the_best_line_of_the_slider_is_at_twelve():
    control = where_to_draw_the_line.controls["limit"]
    scores = {
        limit: float(
            where_to_draw_the_line.readouts(limit=limit, extensive=5, hosts="all")["Youden J"]
        )
        for limit in control.values
    }
    assert max(scores, key=scores.get) == 12
    assert scores[15] == pytest.approx(0.327, abs=0.0006)


def test_the_derived_rule():
    assert derived_rule.readouts()["mean"] == "15.4 ± 2.5 percent"
    assert critical_misfits().size == 34
