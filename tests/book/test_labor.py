"""What the chapter "Passenger and passage" promises of its figures and of its wording."""

import itertools
import re

import numpy as np
import pytest

from smlib import labor as la
from smlib.figures.labor import (
    four_rulers,
    state_or_constraint,
    the_trial,
    turn_the_head,
    two_planes,
)
from smlib.studies.labor import PRIOR, RATES, WAITS, flat_posterior, resolved, rouse, trial

from .conftest import source


def head(plane, deflexion, position, size=1.0):
    told = turn_the_head.readouts(plane=plane, head=size, deflexion=deflexion, position=position)
    return told["Mismatch m"], told["Power needed"], told["With 200 MVU"]


def call(truth, error, interval, case):
    told = the_trial.readouts(truth=truth, error=error, interval=interval, case=case)
    return told["Wald's test calls"]


# --- turn the head ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (("inlet", 40, 90), ("0.875", "100 MVU", "it moves")),
        (("midpelvis", 40, 90), ("1.008", "231 MVU", "dynamic arrest")),
        (("midpelvis", 40, 0), ("0.946", "122 MVU", "it moves")),
        (("midpelvis", 90, 90, 1.05), ("1.262", "none is enough", "dynamic arrest")),
        # Not shown by the slider: the occipitofrontal diameter.
        (("inlet", 42.5, 90), ("0.888", "100 MVU", "it moves")),
        (("midpelvis", 42.5, 90), ("1.024", "339 MVU", "dynamic arrest")),
        (("midpelvis", 42.5, 0), ("0.961", "134 MVU", "it moves")),
    ],
)
def test_settings_to_try(state, expected):
    assert head(*state) == expected


def test_a_quarter_turn_is_a_factor_of_two_in_power():
    power = [float(head("midpelvis", 40, p)[1].split()[0]) for p in (90, 0)]
    assert power[0] / power[1] == pytest.approx(1.9, abs=0.05)
    # At 42.5 degrees 2.5: the readouts are rounded to 1 MVU.
    power = [float(head("midpelvis", 42.5, p)[1].split()[0]) for p in (90, 0)]
    assert power[0] / power[1] == pytest.approx(2.5, abs=0.05)


def test_no_state_of_the_figure_is_anatomic():
    shown = turn_the_head.controls
    values = (shown[name].values for name in ("plane", "head", "deflexion", "position"))
    for plane, size, bend, turn in itertools.product(*values):
        opening = la.PLANES[plane]
        m = la.mismatch_ratio(la.head_shadow(bend, 0, turn, size), opening)
        best = la.least_mismatch(size, (opening,))
        assert la.diagnose(200, m, min(m, best)) in ("progress", "dynamic")


def test_the_two_planes_want_opposite_positions():
    for plane, better, worse in (("inlet", 90, 0), ("midpelvis", 0, 90)):
        for bend in (10, 40, 90):
            m = la.mismatch_ratio(la.head_shadow(bend, 0, [better, worse]), la.PLANES[plane])
            assert m[0] <= m[1]
    assert two_planes.readouts()["table"] == (
        "Inlet, occiput to the side: 0.888; Inlet, occiput in front: 0.945; "
        "Midpelvis, occiput to the side: 1.024; Midpelvis, occiput in front: 0.961"
    )


# --- the trial ----------------------------------------------------------------------------------


def test_watching_leaves_the_probability_where_it_was():
    told = the_trial.readouts(truth="watched", error=0.25, interval=1, case=4)
    assert told["Probability of anatomic"] == f"{100 * PRIOR:.0f} %" == "18 %"
    assert told["Bayes factor, dynamic"] == "1"
    assert told["Wald's test calls"] == "nothing in 16 h"
    for error, interval, case in itertools.product((0.25, 1.0), (1, 2, 4), (1, 4, 6)):
        t, _, record, at, verdict, full = trial("watched", interval, error, case)
        assert (t[at], verdict, full) == (16, 0, False)
        assert record == pytest.approx(np.zeros(t.size), abs=1e-9)


def test_the_dynamic_case_at_the_start():
    assert the_trial.start == {"truth": "dynamic", "error": 0.75, "interval": 2, "case": 4}
    told = the_trial.readouts(**the_trial.start)
    assert told["The truth"].startswith("1.8 h wait")
    found = [call("dynamic", error, 2, 4) for error in (0.25, 0.75, 1.0)]
    assert found == ["dynamic after 4 h", "dynamic after 6 h", "dynamic after 8 h"]
    record = trial("dynamic", 2, 0.75, 4)[2]
    assert record[1] > 0 > record[2] - record[1] and record[3] > record[1]


def test_a_better_ruler_hardly_shortens_an_anatomic_trial():
    hours = {}
    for error in (0.25, 0.75, 1.0):
        trials = [trial("anatomic", 2, error, case) for case in range(1, 7)]
        assert all(verdict == -1 for *_, verdict, _ in trials)
        hours[error] = [t[at] for t, _, _, at, _, _ in trials]
    assert (min(hours[0.25]), max(hours[0.25])) == (6, 8)
    assert (min(hours[1.0]), max(hours[1.0])) == (8, 10)
    assert np.mean(hours[0.75]) - np.mean(hours[0.25]) < 1.5


def test_a_slow_case_is_called_wrongly():
    assert call("slow", 1.0, 2, 3) == "anatomic after 8 h, wrongly"
    assert call("slow", 0.25, 2, 3) == "dynamic after 8 h"


def test_the_cases_stand_for_the_law():
    """The middles of six equal parts: their medians are those of the law, ln 2 times 2 h."""
    assert (np.diff(WAITS) > 0).all()
    assert np.sqrt(WAITS[2] * WAITS[3]) == pytest.approx(2 * np.log(2), rel=0.05)
    assert np.exp(np.log(RATES).mean()) == pytest.approx(1.4)


def test_a_trial_ends_at_full_dilation_and_its_verdict_is_where_it_crosses():
    for truth, interval, case in itertools.product(("dynamic", "slow"), (1, 4), range(1, 7)):
        t, read, record, at, verdict, full = trial(truth, interval, 0.75, case)
        assert t.size == read.size == record.size
        assert full == (t[-1] < 16 or truth == "dynamic")
        assert (abs(record[at]) >= np.log(19)) == (verdict != 0)


# --- stills -------------------------------------------------------------------------------------


def test_rulers_and_population():
    assert four_rulers.readouts() == {"slow": "16.6", "first": "61"}
    shares = resolved()
    found = [shares[name] for name in ("power", "flexion", "both", "anatomic")]
    assert found == pytest.approx([50, 51, 86, 13], abs=1)
    assert set(state_or_constraint.readouts()) == set(shares)


def test_priors_that_the_study_implies():
    factors, priors = rouse()
    assert factors[1] / factors[0] == pytest.approx(2.26, abs=0.03)
    assert priors == pytest.approx([0.180, 0.179], abs=0.001)


def test_ninety_five_per_cent_take_ten_hours_of_flat_readings():
    found = flat_posterior(0.18)
    assert found[0] == pytest.approx(0.18)
    assert found[9] < 0.95 < found[11]


# --- wording ------------------------------------------------------------------------------------


def test_the_warning_stands_where_it_must():
    text = source("labor")
    opening, rest = text.split("{admonition} In this chapter", 1)
    assert "It is not medical advice." in opening
    assert "nothing in it may be used to manage a birth" in opening
    assert rest.count("*Teaching model: no clinical use.*") == 2
    for name in ("turn_the_head", "the_trial"):
        after = rest.split(f"\n---\n{name}\n```", 1)[1]
        assert after.index("no clinical use") < 120
    summary = rest.split("## Summary", 1)[1].split("##", 1)[0]
    (line,) = [line for line in summary.splitlines() if "{glue:text}`in_all" in line]
    assert "harms mother and child" in line and "certainty is not the goal of care" in line


@pytest.mark.parametrize("page", ["labor", "solutions/labor"])
def test_words(page):
    text = source(page)
    assert not re.search(r"\b[Ff]ail|labour(?! (?:care|guide))|caesarean|dilatation|mould", text)
