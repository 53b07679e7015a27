"""What the chapter "The vote of the loudest feature" promises of its figures."""

import numpy as np
import pytest

from smlib import feature_scaling as fs
from smlib.figures.feature_scaling import (
    FLAGS,
    MACHINES,
    SECONDS,
    SPAN,
    one_bad_pixel,
    who_is_voting,
)
from smlib.studies.feature_scaling import (
    REAL,
    accuracy,
    iterations,
    machine_accuracy,
    spoiled,
    two_shares,
    vote_regions,
    with_noise,
)


def voting(**state):
    return who_is_voting.readouts(**{"second": "area", "scaler": "raw", "gain": 1.0} | state)


def bad(**state):
    return one_bad_pixel.readouts(**{"value": 65535, "count": 1.0, "scaler": "zscore"} | state)


def right(told):
    return float(told["Right"])


def test_raw_area_switches_ndvi_off():
    told = voting()
    assert told["Share of NDVI"].endswith("10⁻⁹")
    assert float(told["Share of NDVI"].split()[0]) == pytest.approx(2, abs=0.5)
    assert told["Right with both"] == told["The other alone"] == "0.22"
    assert told["NDVI alone"] == "0.39"
    regions, _ = vote_regions("raw", 4, 1.0)
    assert (regions == regions[:, :1]).all()  # horizontal stripes: NDVI changes nothing


def test_z_scores_give_half_the_vote():
    told = voting(scaler="zscore")
    assert told["Share of NDVI"] == told["Share of the other"] == "0.5"
    assert float(told["Right with both"]) == pytest.approx(0.47, abs=0.01)


def test_a_gain_of_100_switches_the_area_off():
    told = voting(scaler="zscore", gain=100.0)
    assert told["Share of the other"] == "1 × 10⁻⁴"
    assert float(told["Right with both"]) == pytest.approx(0.40, abs=0.01)
    regions, _ = vote_regions("zscore", 4, 100.0)
    assert np.mean(regions == np.median(regions, axis=0)) > 0.95  # upright stripes


def test_a_gain_typed_by_hand_does_what_a_scaler_does():
    told = voting(second="brightness", gain=1000.0)
    assert float(told["Share of NDVI"]) == pytest.approx(0.865, abs=0.02)
    scaled = voting(second="brightness", scaler="zscore")
    assert float(told["Right with both"]) == pytest.approx(0.61, abs=0.01)
    assert float(scaled["Right with both"]) == pytest.approx(0.62, abs=0.01)


@pytest.mark.parametrize("second", SECONDS)
def test_z_scored_pairs_beat_their_better_half(second):
    column = fs.FEATURES.index(second)
    both = accuracy("zscore", (0, column))
    assert both > max(accuracy("raw", (0,)), accuracy("raw", (column,)))
    assert two_shares("zscore", column, 1.0) == pytest.approx([0.5, 0.5])


def test_one_no_data_pixel_is_as_if_brightness_were_not_there():
    told = bad()
    assert right(told) == pytest.approx(0.52, abs=0.01)
    assert float(told["Right without them"]) == pytest.approx(0.67, abs=0.01)
    assert float(told["Clean segments within"]) < 0.05
    assert right(told) == pytest.approx(accuracy("zscore", (0, 2, 3, 4)), abs=0.015)


def test_what_the_other_settings_show():
    assert right(bad(scaler="minmax")) == pytest.approx(0.52, abs=0.01)
    for count in (1.0, 5.0):
        assert right(bad(scaler="robust", count=count)) == pytest.approx(0.65, abs=0.01)
    raw = bad(scaler="raw")
    assert raw["Right"] == raw["Right without them"]
    assert right(bad(value=255)) == pytest.approx(0.67, abs=0.01)
    assert 0.54 < right(bad(value=4095)) < 0.58


def test_worse_values_do_more_harm():
    means = [spoiled("zscore", value, 1).mean() for value in FLAGS]
    assert means[0] > means[1] > means[2] >= means[3] - 0.01


def test_two_machines_are_deaf():
    for name in MACHINES:
        found = [machine_accuracy(name, scaler) for scaler in SPAN]
        if name in ("LDA", "forest"):
            assert np.ptp(found) < 0.005
        else:
            assert min(found[1:]) - found[0] > 0.2


def test_counted_steps_lie_below_the_line():
    for scaler in ("zscore", "minmax", "robust"):
        kappa, steps = iterations(scaler)
        assert 0.85 * fs.gd_iterations(kappa) < steps <= fs.gd_iterations(kappa) + 1
    assert iterations("raw")[0] > 1e9


def test_noise_crosses_the_raw_line_near_forty():
    raw = with_noise(40, "raw").mean()
    assert with_noise(20, "zscore").mean() > raw + 0.03
    assert with_noise(40, "zscore").mean() == pytest.approx(raw, abs=0.03)
    assert with_noise(100, "zscore").mean() < raw - 0.04


def test_real_pieces_say_the_same():
    """Accuracies computed from the pieces themselves; the samples come near."""
    assert REAL["raw"] < REAL["NDVI alone"] < REAL["brightness alone"] < REAL["whiten"]
    for method in fs.METHODS:
        assert accuracy(method) == pytest.approx(REAL[method], abs=0.08)
