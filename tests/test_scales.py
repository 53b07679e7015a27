"""The vocabulary of mismatches: arithmetic by hand, and what must be refused."""

import dataclasses
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from smlib.scales import EFFECTS, KINDS, REGIMES, REMEDIES, Mismatch, Scale

few = settings(max_examples=50)
positive = st.floats(min_value=1e-6, max_value=1e6)


def mismatch(updraft=1.0, cell=50.0, **changes):
    options = {
        "chapter": "climate_grid",
        "system": "thunderstorm in a grid cell",
        "small": Scale("updraft", updraft, "km"),
        "large": Scale("cell", cell, "km"),
        "kind": "size",
        "regime": "disparate",
        "effect": "bug",
        "remedy": "parameterize",
    }
    return Mismatch(**(options | changes))


def test_the_vocabulary_has_no_repeated_words():
    assert [len(set(words)) for words in (KINDS, REGIMES, EFFECTS, REMEDIES)] == [5, 4, 2, 9]


def test_hand_arithmetic_of_a_thunderstorm():
    storm = mismatch(exponent=0.5, leverage=3, critical=5.0)
    assert storm.ratio == 50
    assert storm.decades == pytest.approx(1.69897, abs=1e-5)
    assert storm.margin == pytest.approx(-1.0)  # ten times over a limit of 5
    assert storm.digits == pytest.approx(0.849485, abs=1e-6)
    assert storm.consequence == pytest.approx(125_000)


def test_published_rows():
    """Melt: 57 s against 1.5e-8 s, 9.6 digits. Silver in copper: 144.5 against 127.8 pm."""
    melt = mismatch(1.5e-8, 57, exponent=1)
    assert melt.ratio == pytest.approx(3.8e9)
    assert melt.digits == pytest.approx(9.58, abs=0.005)
    silver = mismatch(127.8, 144.5, critical=1.15)
    assert silver.ratio == pytest.approx(1.131, abs=5e-4)
    assert silver.margin == pytest.approx(0.0074, abs=5e-5)
    suture = mismatch(1, 1.65, critical=1.354, safe="above")
    assert suture.margin == pytest.approx(0.0859, abs=5e-5)


def test_properties_without_a_parameter_are_none():
    bare = mismatch()
    assert (bare.margin, bare.digits, bare.consequence) == (None, None, None)


@few
@given(positive, positive, positive)
def test_a_change_of_unit_changes_nothing(small, large, unit):
    before = mismatch(small, large, critical=2.0)
    after = mismatch(small * unit, large * unit, critical=2.0)
    assert after.ratio == pytest.approx(before.ratio)
    assert after.margin == pytest.approx(before.margin, abs=1e-9)


@few
@given(positive, positive, positive)
def test_swapping_the_scales_and_the_safe_side(small, large, critical):
    direct = mismatch(small, large, critical=critical, exponent=1.0, leverage=2.0)
    swapped = mismatch(large, small, critical=1 / critical, safe="above", leverage=-2.0)
    assert swapped.ratio == pytest.approx(1 / direct.ratio)
    assert swapped.decades == pytest.approx(direct.decades, abs=1e-9)
    assert swapped.margin == pytest.approx(direct.margin, abs=1e-9)
    assert swapped.consequence == pytest.approx(direct.consequence)
    assert direct.digits == pytest.approx(direct.decades)


@few
@given(positive, positive, positive)
def test_positive_margin_means_the_safe_side(small, large, critical):
    row = mismatch(small, large, critical=critical)
    assume(not math.isclose(row.ratio, critical))
    assert (row.margin > 0) == (row.ratio < critical)
    assert mismatch(small, large, critical=critical, safe="above").margin == -row.margin


def test_a_head_that_fits_has_a_ratio_below_one():
    assert mismatch(11.23, 9.5).ratio < 1


def test_infinite_exponent_buys_all_digits_or_none():
    assert mismatch(1, 10, exponent=math.inf).digits == math.inf
    assert mismatch(1, 1, exponent=math.inf).digits == 0
    assert mismatch(0.3, 0.1 * 3, exponent=math.inf).digits == 0  # equal on paper
    assert mismatch(1, 10, exponent=0).digits == 0


@pytest.mark.parametrize("effect", EFFECTS)
def test_sentence_says_everything(effect):
    row = mismatch(1.5e-8, 57, effect=effect, breaks="explicit steps", critical=12.5)
    for part in (
        "thunderstorm in a grid cell",
        "updraft",
        "cell",
        "3.8e+09",
        "size",
        "disparate",
        "12.5",
        effect,
        "explicit steps",
        "parameterize",
    ):
        assert part in row.sentence()
    assert row.sentence().endswith(".") and "\n" not in row.sentence()
    assert "explicit" not in mismatch().sentence() and "safe" not in mismatch().sentence()


@few
@given(positive, positive)
def test_sentence_prints_the_ratio_to_three_digits(small, large):
    row = mismatch(small, large)
    assert f"ratio {row.ratio:.3g} " in row.sentence()


def test_pure_numbers_are_printed_without_a_unit():
    assert str(Scale("spread", 8)) == "spread (8)"
    assert str(Scale("cell", 50, "km")) == "cell (50 km)"


def test_records_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        mismatch().kind = "time"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Scale("cell", 50, "km").value = 1


def test_different_units_are_refused():
    with pytest.raises(ValueError, match=r"'km' and 'h'"):
        mismatch(large=Scale("hour", 1, "h"))


def test_a_consequence_beyond_floats_is_refused():
    with pytest.raises(ValueError, match=r"leverage 10000\.0: ratio 50 to that power"):
        mismatch(leverage=1e4)  # 50**10000 is not a float


def test_a_ratio_beyond_floats_is_refused():
    with pytest.raises(ValueError, match="got inf"):
        mismatch(1e-200, 1e200)
    with pytest.raises(ValueError, match=r"got 0\.0"):
        mismatch(1e200, 1e-200)
