"""What the chapter "A network that fails in seconds and learns in days" promises of its figures."""

import numpy as np
import pytest

from smlib import physics_informed as pi
from smlib.figures.physics_informed import choose_units, tame_reaction
from smlib.studies.physics_informed import (
    PE,
    RIVERS,
    SEEDS,
    TRAVEL,
    WEIGHTS,
    domain_end,
    group,
    network,
    traces,
    trained,
    unit_key,
    valley,
)

from .conftest import value


def test_rivers_carry_for_hours_and_react_for_days():
    reaches = [pi.River(*flow, k=1 / 86400, L=1e4) for flow in RIVERS.values()]
    assert len(reaches) == 7
    assert all(1.5 < reach.t_adv / 3600 < 19 for reach in reaches)
    assert all(0.05 < reach.damkohler < 1 and 6 < reach.peclet < 200 for reach in reaches)


def test_units_by_adam():
    """Seconds: right at the inlet and a line below it, negative at the end; years: zero."""
    x = np.array([0.0, 0.85, 1.0])
    for seed in SEEDS[:3]:
        start, late, end = network(1.0).jet(trained(*unit_key("s", 1.0, "adam", seed)).theta, x)[0]
        assert start == pytest.approx(1, abs=0.03) and late < 0 and end < -0.1
        assert trained(*unit_key("d", 1.0, "adam", seed)).error < 0.01
    state = {"rate": 1.0, "optimizer": "adam"}
    years = choose_units.readouts(**state, unit="yr")
    assert float(years["Error"]) > 0.9
    seconds = choose_units.readouts(**state, unit="s")
    assert 0.4 < float(seconds["Error"]) < 0.7
    assert value(seconds["Weight of the physics"]) == pytest.approx(2.5e-9)


def test_lbfgs_stops_early_in_seconds_by_default_alone():
    state = {"rate": 1.0, "unit": "s"}
    early = choose_units.readouts(**state, optimizer="default")
    assert int(early["Iterations"]) < 30 and float(early["Error"]) > 0.4
    late = choose_units.readouts(**state, optimizer="exact")
    assert float(late["Error"]) < 0.06


def test_five_seeds_are_ordered_as_the_page_says():
    assert group("seconds, Adam").min() > 0.3
    assert group("seconds, L-BFGS").max() < 0.06
    assert group("days, Adam").max() < 0.02
    weight, both = group("Da 100, weight"), group("Da 100, weight and length")
    assert both.max() < 0.05 < weight.min() and weight.max() < 0.6
    assert np.median(weight) > 5 * np.median(both)


def test_a_fast_reaction_leaves_zero():
    told = tame_reaction.readouts(Da=100, domain="reach", weight=0)
    assert float(told["Error"]) > 0.98 and abs(float(told["At the inlet"])) < 0.05
    cut = trained(100, "cut", 1.0, "adam", 0)
    assert cut.error > 0.98
    weighted = trained(100, "reach", 1e-4, "adam", 0)
    assert network(100).jet(weighted.theta, [0.0])[0] == pytest.approx(1, abs=0.1)


def test_valleys_line_up():
    for Da in (10, 100):
        best = 10.0 ** WEIGHTS[valley(Da, "reach").argmin()] * Da**2
        assert 3 < best < 30  # the slider has powers of ten alone
        inner, ends = traces(Da)
        assert 1 < ends / inner * Da**2 < best
    assert valley(100, "reach")[0] > 1  # too small a weight is worse than c = 0


def test_domains_and_travel_time():
    assert domain_end(100, "cut") == pytest.approx(0.1618, abs=1e-4)
    assert domain_end(10, "cut") == domain_end(1, "cut") == domain_end(100, "reach") == 1
    reach = pi.River(0.5, 50, 5e-5, 1e4)
    assert (reach.t_adv, reach.peclet) == (TRAVEL, PE)
