"""Rows of the atlas: printed values of the literature, filters, refusals."""

import math

import pytest

from smlib import atlas
from smlib.elements import values
from smlib.scales import EFFECTS, KINDS, REGIMES, REMEDIES, Mismatch
from smlib.utility_anchoring import reanchor, ruler_reading


def test_cantor_row_is_the_published_size_spread():
    (row,) = atlas.rows("high_entropy_alloys")
    assert row.ratio == pytest.approx(1.0327, abs=5e-5)  # Guo & Liu 2011: delta = 3.27 %
    assert row.critical == 1.066  # Yang & Zhang 2012
    assert row.margin == pytest.approx(0.0138, abs=5e-5)
    radii = values("r_gl", ["Co", "Cr", "Fe", "Mn", "Ni"])
    assert row.ratio == pytest.approx(1 + radii.std() / radii.mean(), rel=1e-9)
    assert (row.kind, row.regime, row.effect, row.remedy) == ("size", "matched", "bug", "balance")


def test_ruler_row_is_the_example_of_a_70():
    (row,) = atlas.rows("utility_anchoring")
    assert row.ratio == pytest.approx(1.053, abs=5e-4)
    assert reanchor(70, 5) == pytest.approx((70 - 5) / row.small.value)
    # Critical: naive reading of u = 0.5 is off by the difference 0.074 that matters in EQ-5D.
    assert row.critical == pytest.approx(1.174, abs=5e-4)
    dead = 100 - 100 / row.critical
    assert ruler_reading(0.5, dead) / 100 - 0.5 == pytest.approx(0.074)
    assert row.margin == pytest.approx(0.0474, abs=2e-4)
    assert row.regime == "nominal"


def test_every_row_uses_the_vocabulary_and_lies_on_a_definite_side():
    for row in atlas.ATLAS:
        assert isinstance(row, Mismatch)
        assert row.kind in KINDS and row.regime in REGIMES
        assert row.effect in EFFECTS and row.remedy in REMEDIES
        assert row.margin is None or (math.isfinite(row.margin) and row.margin != 0)
        assert row.system in row.sentence() and f"{row.ratio:.3g}" in row.sentence()
        assert row.source


def test_matched_rows_lie_within_a_factor_of_two():
    assert all(row.decades < 0.28 for row in atlas.rows(regime="matched"))


def test_no_two_rows_tell_of_the_same_system():
    assert len({(row.chapter, row.system) for row in atlas.ATLAS}) == len(atlas.ATLAS)


def test_filters_partition_and_combine():
    assert atlas.rows() == atlas.ATLAS
    for name, words in (("kind", KINDS), ("regime", REGIMES)):
        parts = [atlas.rows(**{name: word}) for word in words]
        assert sorted(map(repr, sum(parts, ()))) == sorted(map(repr, atlas.ATLAS))
    for row in atlas.ATLAS:
        found = atlas.rows(row.chapter, row.kind, row.regime)
        assert row in found
        assert all((r.chapter, r.kind) == (row.chapter, row.kind) for r in found)
    assert atlas.rows("high_entropy_alloys", kind="time") == ()


@pytest.mark.parametrize(
    "wrong",
    [{"chapter": "alchemy"}, {"chapter": ""}, {"kind": "shape"}, {"regime": "Matched"}],
)
def test_unknown_words_are_refused_by_name(wrong):
    with pytest.raises(ValueError) as caught:
        atlas.rows(**wrong)
    assert repr(next(iter(wrong.values()))) in str(caught.value)
