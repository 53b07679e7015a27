"""What the chapter "Hubs, leaves and the price of fairness" promises of its figures."""

import numpy as np
import pytest

from smlib import graph_normalization as gn
from smlib.figures.graph_normalization import KINDS, LAYERS, how_deep, one_exponent
from smlib.studies.graph_normalization import (
    DEPTHS,
    accuracy,
    exponents,
    graph,
    magnitudes,
    rate,
    residual,
    survives,
    two_seeds,
)

from .conftest import value


def told(name, **state):
    start = {"graph": "ba", "kind": "left", "features": "random", "layers": 1}
    return value(one_exponent.readouts(**(start | state))[name])


def club(name, **state):
    start = {"kind": "left", "loops": "no", "restart": 0.0, "layers": 40}
    return how_deep.readouts(**(start | state))[name]


@pytest.mark.parametrize("name", ["karate", "lesmis", "ba", "star"])
@pytest.mark.parametrize("layers", LAYERS)
def test_left_is_level_for_constant_features(name, layers):
    state = {"graph": name, "features": "constant", "layers": layers}
    assert told("Fitted power of the degree", **state) == 0
    assert told("Hub over leaf", **state) == 1


def test_left_silences_a_hub_of_random_features():
    assert told("Fitted power of the degree") == -0.5
    assert told("Hub") == pytest.approx(0.0995, abs=1e-4)
    assert told("Leaf") == pytest.approx(0.577, abs=1e-3)
    assert 1 / told("Hub over leaf") == pytest.approx(5.8, abs=0.1)  # "nearly six times quieter"


def test_symmetric_balances_random_features_for_a_few_layers():
    assert told("Fitted power of the degree", kind="sym") == pytest.approx(0.01, abs=0.005)
    assert told("Hub", kind="sym") == pytest.approx(0.458, abs=1e-3)
    assert told("Leaf", kind="sym") == pytest.approx(0.450, abs=1e-3)
    assert told("Fitted power of the degree", kind="sym", layers=10) == pytest.approx(
        0.37, abs=0.01
    )
    powers = [told("Fitted power of the degree", kind="sym", layers=k) for k in LAYERS]
    assert powers == sorted(powers)


def test_constant_features_are_louder_at_the_hub_under_symmetric():
    found = told("Hub over leaf", kind="sym", features="constant")
    assert found == pytest.approx(5.9, abs=0.1)
    assert told("Hub over leaf", kind="sum", features="constant", layers=10) > 100


def test_no_power_is_level_for_means_and_noise():
    for kind in ("sum", "right", 0.25, "sym", 0.75, "left"):
        mean, noise = exponents(kind)
        assert mean - noise == 0.5
        for features, power in (("constant", mean), ("random", noise)):
            found = told("Fitted power of the degree", kind=kind, features=features)
            assert found == pytest.approx(power, abs=0.035)


def test_mean_and_noise_meet_at_25():
    d = gn.degrees(graph("ba"), self_loops=True)
    coherent, incoherent = (magnitudes("ba", "sum", f, 1) for f in ("constant", "random"))
    assert (0.2 * coherent > incoherent)[d > 25].all()
    assert (0.2 * coherent < incoherent)[d < 25].all()


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("kind", ["sum", "right", 0.25, "left"])
def test_magnitudes_are_those_of_the_module(kind, layers):
    P = gn.propagation_matrix(graph("karate"), kind, self_loops=True)
    rms = gn.response_rms(np.linalg.matrix_power(P.toarray(), layers))
    assert magnitudes("karate", kind, "random", layers) == pytest.approx(rms, rel=1e-10)
    last = gn.propagate(P, np.ones(34), layers)[-1]
    assert magnitudes("karate", kind, "constant", layers) == pytest.approx(last, rel=1e-10)


def test_the_club_follows_the_officer_in_the_end():
    assert club("On the right side", layers=3) == "0.971"
    assert club("On the right side") == "0.500"
    assert club("With the officer") == "34 of 34"
    assert club("On the right side", kind="sym") == "0.500"
    assert club("On the right side", kind="right") == "0.941"
    for kind in ("left", "sym", "right"):
        assert club("On the right side", kind=kind, restart=0.1) == "0.971"
    assert club("On the right side", kind="sum", restart=0.1) == "0.500"
    told = accuracy(two_seeds("left", False, 0.1)[0])
    assert told[10:] == pytest.approx(33 / 34)


def test_all_of_the_family_have_one_half_life():
    for loops, half in (("no", "4.9 layers"), ("yes", "6.3 layers")):
        found = {club("Half-life", kind=kind, loops=loops) for kind in KINDS if kind != "sum"}
        assert found == {half}


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("loops", [False, True])
def test_differences_fall_at_the_dashed_rate(kind, loops):
    share = two_seeds(kind, loops, 0.0)[1]
    assert (share[40] / share[30]) ** 0.1 == pytest.approx(rate(kind, loops), rel=0.02)


def test_with_a_restart_differences_stay():
    share = two_seeds("left", False, 0.1)[1]
    assert share[max(DEPTHS)] == pytest.approx(share[30], rel=1e-3)
    assert share[max(DEPTHS)] > 0.3


def test_davis_women_never_settle_without_loops():
    share = residual("davis", False, [10, 20, 40])
    assert np.ptp(share) < 0.01 and share.min() > 0.5
    assert residual("davis", True, [40])[0] < 1e-3


@pytest.mark.parametrize("name", ["karate", "florentine", "davis"])
def test_residuals_by_sampled_features(name):
    A = graph(name)
    x = np.random.default_rng(0).standard_normal((A.shape[0], 4000))
    H = gn.propagate(gn.propagation_matrix(A, "sym", True), x, 8)
    u = gn.fixed_point(A, "sym", True)
    rest = H - u[:, None] * (u @ H)[:, None]
    found = np.linalg.norm(rest, axis=(1, 2)) / np.linalg.norm(H, axis=(1, 2))
    assert residual(name, True, [0, 2, 8]) == pytest.approx(found[[0, 2, 8]], rel=0.05)


def test_count_and_fraction_are_mirror_images():
    for name in ("ba", "karate"):
        assert survives(name, "sum", "count") == pytest.approx(1)
        assert survives(name, "left", "fraction") == pytest.approx(1)
        lost = survives(name, "left", "count")
        assert lost == pytest.approx(survives(name, "sum", "fraction"))
        for target in ("count", "fraction"):
            assert lost < survives(name, "sym", target) < 1
