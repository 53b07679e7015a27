"""What the chapter "Why the square root" promises of its figures."""

import math
from itertools import islice

import numpy as np
import pytest

from smlib.attention import retrieval_steps
from smlib.figures.attention import freeze, train_it
from smlib.studies.attention import (
    KEYS,
    MODELS,
    SPREADS,
    STARTS,
    accuracies,
    curves,
    needed,
    query_gradients,
)


def number(text):
    return float(text.split()[0].rstrip("%"))


def told(**state):
    return {name: number(text) for name, text in freeze.readouts(**state).items()}


def test_a_scaled_head_spreads_its_weight():
    for d_k in (2, 64, 1024):
        found = told(n=1024, d_k=d_k, scale="root")
        assert found["Spread of the logits"] == 1
        assert found["Largest weight"] == pytest.approx(0.016, abs=0.001)
        assert found["Entropy"] == 93
        assert found["Derivative, mean"] == pytest.approx(0.051, abs=0.002)
        assert found["Typical key"] == pytest.approx(6e-4, rel=0.05)


def test_an_unscaled_head_of_gpt2_is_frozen_and_its_mean_derivative_larger():
    found = told(n=1024, d_k=64, scale="none")
    assert found["Spread of the logits"] == 8
    assert found["Freezing point"] == pytest.approx(3.72, abs=0.01)
    assert found["Largest weight"] == pytest.approx(0.71, abs=0.03)
    assert found["Entropy"] == pytest.approx(13, abs=1)
    assert found["Derivative, mean"] == pytest.approx(0.25, abs=0.015)
    # exp(-26.4); rows of random logits differ, and the figure has some six hundred.
    assert np.log(found["Typical key"]) == pytest.approx(-26.4, abs=0.5)


def test_small_heads_did_not_need_the_factor():
    found = told(n=1024, d_k=8, scale="none")
    assert found["Spread of the logits"] < found["Freezing point"]
    assert found["Largest weight"] == pytest.approx(0.24, abs=0.02)


@pytest.mark.parametrize("n", KEYS)
def test_the_derivative_is_largest_near_the_freezing_point(n):
    best = SPREADS[curves(n)[3].argmax()]
    assert 0.8 < best / np.sqrt(2 * np.log(n)) < 2


def test_every_model_would_be_frozen_without_a_scale():
    assert len(MODELS) == 7
    assert all(np.sqrt(d_k) > np.sqrt(2 * np.log(n)) for d_k, n in MODELS.values())


def test_mean_and_median_part():
    mean = [query_gradients(d, 1.0).mean() for d in (64, 256, 1024)]
    median = [np.median(query_gradients(d, 1.0)) for d in (64, 256, 1024)]
    assert mean == sorted(mean) and mean[-1] < 1.870
    assert median[0] > 4 * median[1] > 40 * median[2]


@pytest.mark.parametrize(("beta", "ratio", "rate", "seed"), [(1, 1, 3, 0), (64, 16, 3, 4)])
def test_trainings_side_by_side_are_trainings(beta, ratio, rate, seed):
    start = {"sigma_q": math.sqrt(beta * ratio), "sigma_k": math.sqrt(beta / ratio)}
    steps = islice(retrieval_steps(**start, lr=rate, seed=seed), 60)
    assert accuracies(beta, ratio, rate, seed)[:60].tolist() == [step.accuracy for step in steps]


def training(**state):
    return train_it.readouts(**state)


@pytest.mark.parametrize(("beta", "steps", "within"), [(1, 32, 2), (8, 63, 12), (32, 211, 60)])
def test_steps_by_the_spread_at_the_start(beta, steps, within):
    found = number(training(beta=beta, rate=3, ratio=1)["Steps to 85 %"])
    assert found == pytest.approx(steps, abs=within)


def test_a_spread_of_64_learns_late():
    assert training(beta=64, rate=3, ratio=1)["Steps to 85 %"] == "more than 300"
    assert np.median(needed(64, steps=500)[0]) == pytest.approx(415, rel=0.2)


def test_no_rate_makes_a_spread_of_32_as_fast_as_1():
    found = [training(beta=32, rate=rate, ratio=1)["Steps to 85 %"] for rate in (1, 3, 10)]
    best = min(number(steps) for steps in found if "more" not in steps)
    assert best > 2 * number(training(beta=1, rate=3, ratio=1)["Steps to 85 %"])


def test_queries_larger_than_keys_do_no_harm():
    even, uneven = (
        number(training(beta=1, rate=3, ratio=ratio)["Steps to 85 %"]) for ratio in (1, 16)
    )
    assert uneven <= even


def test_the_cost_is_flat_and_then_in_proportion():
    medians = {beta: np.median(needed(beta, steps=500)[0]) for beta in STARTS}
    assert max(medians[b] for b in STARTS if b < 2.6) < 45
    assert all(medians[b] == pytest.approx(6.5 * b, rel=0.35) for b in (8, 16, 32, 64))
