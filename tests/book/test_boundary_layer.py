"""What the chapter "Disparity or separation?" promises of its figures."""

import math

import numpy as np
import pytest

from smlib.atlas import ATLAS
from smlib.boundary_layer import classify, separation_exponent
from smlib.figures.boundary_layer import SHORT, averaging, match_the_layers
from smlib.layered_media import layered_medium
from smlib.studies.boundary_layer import (
    EPS,
    composite_error,
    measured,
    medium_error,
    medium_exponent,
    scheme_error,
)


def layers(**state):
    return match_the_layers.readouts(**{"mesh": "uniform", "cells": 16} | state)


def media(n, arrangement, contrast=0.9):
    return averaging.readouts(n=n, arrangement=arrangement, contrast=contrast)


# --- the layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "eps", "error"),
    [("special", 0.05, "1.2 × 10⁻⁸"), ("generic", 0.05, "0.086"), ("special", 0.2, "0.027"),
     ("generic", 0.02, "0.044"), ("generic", 0.1, "0.11"), ("generic", 0.2, "0.081"),
     ("special", 0.02, "below 10⁻¹⁴"), ("special", 1, "1")],
)  # fmt: skip
def test_error_of_the_composite(problem, eps, error):
    assert layers(problem=problem, eps=eps)["Composite, error"] == error


def test_one_coefficient_costs_seven_million():
    """And the prediction says 0.000 000 012."""
    assert composite_error(0.05, "special") == pytest.approx(1.2e-8, abs=5e-10)
    ratio = composite_error(0.05, "generic") / composite_error(0.05, "special")
    assert ratio == pytest.approx(7e6, rel=0.01)


def test_each_step_takes_away_more_in_the_special_problem():
    a, b, c = (composite_error(eps, "special") for eps in (0.2, 0.15, 0.1))
    assert {0.2, 0.15, 0.1} <= set(EPS)
    assert b / c > a / b > 1


def test_the_generic_error_has_a_maximum_and_then_follows_e_eps():
    errors = [composite_error(eps, "generic") for eps in EPS]
    low = EPS.index(0.1)
    assert errors[low] == max(errors[: EPS.index(0.25)])
    for eps, error in zip(EPS[:4], errors, strict=False):
        assert error == pytest.approx(math.e * eps, rel=0.03)


def test_a_uniform_mesh_reports_a_false_error():
    told = layers(problem="special", eps=1e-4, cells=64)
    assert told["Scheme, at its nodes"] == "0.02"
    assert told["Scheme, anywhere"] == "2.6"
    assert told["Nodes within 3 ε"] == "0 of 64"
    fitted = layers(problem="special", eps=1e-4, cells=64, mesh="bakhvalov")
    assert fitted["Scheme, anywhere"] == "0.059"
    assert scheme_error(1e-4, "special", "uniform", 64)[1] == pytest.approx(2.61, abs=0.01)


def test_every_control_tells_from_the_start():
    start = match_the_layers.start
    for change in ({"problem": "generic"}, {"eps": 0.1}, {"mesh": "shishkin"}, {"cells": 32}):
        assert match_the_layers.readouts(**start | change) != match_the_layers.readouts(**start)
    start = averaging.start
    for change in ({"n": 128}, {"arrangement": "0.5"}, {"contrast": 0.6}):
        assert averaging.readouts(**start | change) != averaging.readouts(**start)


# --- the medium ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrangement", "n", "error"),
    [("periodic", 64, 5.5), ("periodic", 512, 0.70), ("periodic", 4096, 0.088), ("0.5", 64, 24),
     ("0.5", 512, 8.4), ("0.5", 4096, 3.1), ("0.75", 64, 38), ("0.75", 512, 21),
     ("0.75", 4096, 12), ("0.9", 64, 58), ("0.9", 512, 44), ("0.9", 4096, 35)],
)  # fmt: skip
def test_error_of_the_mean(arrangement, n, error):
    """To 5 %, three standard errors of an rms over 200 media (exact for the periodic one)."""
    found = float(media(n, arrangement)["Error of the mean"].removesuffix(" %"))
    assert found == pytest.approx(error, rel=0.01 if arrangement == "periodic" else 0.06)


@pytest.mark.parametrize(
    ("arrangement", "s"),
    [("periodic", 0.996), ("0.5", 0.488), ("0.6", 0.41), ("0.75", 0.274), ("0.9", 0.119)],
)
def test_exponents_and_digits(arrangement, s):
    assert medium_exponent(arrangement, 0.9) == pytest.approx(s, abs=0.02)
    told = media(4096, arrangement)
    digits = float(told["Exponent s"]) * float(told["Disparity D"].split()[0])
    assert float(told["Digits s × D"]) == pytest.approx(digits, abs=0.03)


def test_4096_layers_with_memory_are_worse_than_64_by_lot():
    assert medium_error("0.9", 4096, 0.9) > 1.3 * medium_error("0.5", 64, 0.9)


def test_from_64_to_4096_layers():
    """To a 64th, to an eighth, to six tenths."""
    falls = [medium_error(a, 64, 0.9) / medium_error(a, 4096, 0.9) for a in ("periodic", "0.5")]
    assert falls == pytest.approx([64, 8], rel=0.06)
    assert medium_error("0.9", 4096, 0.9) / medium_error("0.9", 64, 0.9) == pytest.approx(
        0.6, abs=0.03
    )


def test_contrast_moves_the_level_and_not_the_slope():
    for arrangement in ("periodic", "0.5"):
        weak, strong = (medium_exponent(arrangement, c) for c in (0.3, 0.9))
        assert weak == pytest.approx(strong, abs=0.02)
        assert medium_error(arrangement, 64, 0.3) < medium_error(arrangement, 64, 0.9) / 2.5


def test_layers_in_turn_turn_grey_and_layers_with_memory_do_not():
    """What a column of 16 layers shows, from -1 to 1."""
    for kind, hurst, low, high in (("periodic", 0.5, 0, 0), ("random", 0.9, 0.5, 1)):
        layers = layered_medium(4096, kind, hurst, 0.5, seed=4096)[0] - 2
        columns = layers.reshape(256, 16).mean(axis=1)
        assert low <= np.sqrt(np.mean(columns**2)) <= high


# --- all systems --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "s", "tolerance"),
    [("channel", 1.0, 0.01), ("layer, order 0", 1.0, 0.25), ("probe", 0.5, 0.02),
     ("weather, closed", 0.54, 0.08), ("weather, cut off", 0.0, 0.05), ("H = 0.9", 0.12, 0.03)],
)  # fmt: skip
def test_slopes_of_the_chart(name, s, tolerance):
    ratio, error = measured()[name][:2]
    assert separation_exponent(ratio, error)[0] == pytest.approx(s, abs=tolerance)


def test_weather_model_with_and_without_a_closure():
    """Errors at c = 4, 10, 20, 40 to 12 %; without closure 1.6 to 1.7 throughout, to 4 %."""
    closed, cut = (measured()[f"weather, {name}"][1] for name in ("closed", "cut off"))
    assert closed == pytest.approx([0.606, 0.307, 0.205, 0.180], rel=0.12)
    assert min(cut) > 1.54 and max(cut) < 1.77


def test_creeping_flow_in_the_chart():
    ratio, error = measured()["channel"][:2]
    found = [error[list(ratio).index(El)] for El in (1e3, 1e4, 1e5)]
    assert found == pytest.approx([2.95e-3, 2.94e-4, 2.94e-5], rel=0.02)


def test_names_in_the_plane_are_those_of_the_atlas():
    assert set(SHORT) <= {row.system for row in ATLAS}


def test_words_of_the_vote():
    assert classify(10 / 9.5, 0) == "matched"
    assert classify(86400e3, 0.5) == "separated"
