"""What the chapter "Two clocks in one equation" promises of its figures."""

import pytest

from smlib import viscoelastic as ve
from smlib.figures.viscoelastic import BETAS, SOLVERS, start_the_flow, truck_scale
from smlib.studies.viscoelastic import solved


def started(El, beta, flow="poiseuille"):
    return start_the_flow.readouts(elasticity=El, beta=beta, flow=flow)


def weighed(fluid="ldpe", units="SI", n=64, deborah=10):
    return truck_scale.readouts(fluid=fluid, units=units, n=n, deborah=deborah)


def number(text):
    return float(text.split()[0])


@pytest.mark.parametrize(
    ("El", "beta", "regime", "peak", "settled"),
    [(0.1, 0.1, "diffusive", "none", 0.88), (10, 0.1, "ringing", "3.87 × the end", None),
     (1000, 0.1, "creeping", "9.11 × the end", None), (100, 0.0, "ringing", "20 × the end", 1190)],
)  # fmt: skip
def test_the_settings_of_the_text(El, beta, regime, peak, settled):
    told = started(El, beta)
    assert (told["Regime"], told["Peak"]) == (regime, peak)
    if settled:
        assert number(told["Settled within 5 %"]) == pytest.approx(settled, rel=0.01)


def test_it_settles_before_a_newtonian_fluid():
    assert number(started(0.1, 0.1)["Settled within 5 %"]) < 1.2265


def test_without_solvent_the_ringing_never_ends():
    for El in start_the_flow.controls["elasticity"].values[::4]:
        assert ve.regime(El, 0.0) == ("ringing" if El > 0.1013 else "diffusive")


@pytest.mark.parametrize("beta", BETAS[1:])
def test_with_solvent_it_creeps_in_the_end_unless_the_band_is_too_long(beta):
    values = start_the_flow.controls["elasticity"].values[::6]
    regimes = [ve.regime(El, beta) for El in values]
    order = ["diffusive", "ringing", "creeping"]
    assert regimes == sorted(regimes, key=order.index)
    assert regimes[-1] == ("ringing" if beta == 0.01 else "creeping")


def test_some_high_modes_ring_while_the_regime_is_diffusive():
    told = started(0.1, 0.1)
    assert told["Regime"] == "diffusive" and int(told["Modes that ring"]) > 0


def test_a_flow_can_ring_with_two_modes():
    assert started(10, 0.1)["Modes that ring"] == "2"
    assert started(10, 0.0)["Modes that ring"] == "all"


def test_the_melt_in_si_deceives_the_solver():
    told = solved("ldpe", "SI", 64, 10, "none")
    assert 55 < told["iterations"] < 128
    assert told["history"][-1] < 1e-8
    assert told["residual"] > 10 * told["history"][-1]
    assert told["error_u"] > 1e-6
    assert weighed()["Condition number"] == "7.7 × 10¹⁰"


def test_units_cure_the_accuracy_and_not_the_steps():
    for method in SOLVERS:
        told = solved("ldpe", "dimensionless", 64, 10, method)
        assert max(told["error_u"], told["error_tau"]) < 1e-12
        assert told["iterations"] <= 3 if method == "schur" else told["iterations"] >= 126
    assert weighed(units="dimensionless")["Condition number"] == "974"


def test_the_stress_is_the_feather():
    plain = solved("peo", "SI", 64, 10, "none")
    assert plain["residual"] == pytest.approx(3e-9, rel=0.2)
    assert plain["error_u"] < 1e-5 < plain["error_tau"]
    assert solved("peo", "SI", 64, 10, "equilibrated")["error_tau"] < 1e-7


def test_schur_takes_two_steps_in_all_states():
    for state in truck_scale.states():
        if state["n"] == 16:
            case = state | {"n": 16, "method": "schur"}
            assert solved(**case)["iterations"] <= 3
