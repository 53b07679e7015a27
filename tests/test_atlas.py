"""Rows of the atlas: printed values of the literature, filters, refusals."""

import math

import numpy as np
import pytest

from smlib import atlas
from smlib.elements import read_table, values
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


def test_head_and_pelvis():
    upright, narrow, exam = atlas.rows("labor")
    # Occipitofrontal diameter over the interspinous one of Keller et al. 2003.
    assert upright.ratio == pytest.approx(11.5 / 11.23, abs=1e-5)
    assert narrow.ratio == pytest.approx(9.5 / 9)
    assert upright.critical == narrow.critical == pytest.approx(1.02)
    assert upright.margin < 0 and narrow.margin < 0
    assert (upright.remedy, narrow.remedy) == ("adapt", "select")
    assert exam.ratio == pytest.approx(1.4 / 0.75)  # Rouse et al. 2001; between 0.64 and 1.28 cm


def test_clocks_of_viscoelastic_flows():
    water, boger, melt, maxwell, step = atlas.rows("viscoelastic")
    assert [row.ratio for row in (water, boger, melt)] == pytest.approx(
        [0.90, 124.2, 3.84e9], rel=1e-3
    )
    # Ends of the ringing band, ((1 + sqrt(1 - beta)) / (beta pi / 2))^2.
    for row, beta in ((boger, 0.59), (melt, 0.01)):
        end = ((1 + math.sqrt(1 - beta)) / (beta * math.pi / 2)) ** 2
        assert row.critical == pytest.approx(end) and row.margin > 0
    assert (boger.exponent, melt.exponent, maxwell.exponent) == (1, 1, 0)
    assert step.ratio == pytest.approx(7.67e10 / 1071, rel=0.02)


def test_hubs_and_leaves():
    nx = pytest.importorskip("networkx", reason="networkx, which grows the graph, is not installed")
    grown, star = atlas.rows("graph_normalization")
    degree = [d for _, d in nx.barabasi_albert_graph(1000, 2, seed=0).degree()]
    assert grown.small.value == min(degree)
    assert grown.large.value == pytest.approx(max(degree), rel=0.3)  # of a generator
    # The largest eigenvalue of a star is the root of its number of leaves.
    assert star.consequence == pytest.approx(1000)
    assert np.linalg.eigvalsh(nx.to_numpy_array(nx.star_graph(100)))[-1] == pytest.approx(
        100**star.leverage
    )


def test_spreads_of_image_segments_follow_from_the_published_statistics():
    """Variance of a mixture of classes: mean of the variances and variance of the means."""
    (row,) = atlas.rows("feature_scaling")
    table = read_table("land_cover.csv")

    def column(name):
        return np.array([float(line[name]) for line in table])

    weight = column("n") / column("n").sum()
    mean, std = column("ndvi_mean"), column("ndvi_std")
    ndvi = math.sqrt(weight @ (mean**2 + std**2) - (weight @ mean) ** 2)
    mu, sigma = column("ln_area_mean"), column("ln_area_std")
    first, second = (weight @ np.exp(k * mu + (k * sigma) ** 2 / 2) for k in (1, 2))
    assert row.small.value == pytest.approx(ndvi, rel=0.01)
    assert row.large.value == pytest.approx(math.sqrt(second - first**2), rel=0.03)
    assert row.ratio == pytest.approx(2.3e4, rel=0.03)
    assert row.consequence == pytest.approx(5e8, rel=0.12)  # ratio of the shares of the distance
    assert row.regime == "nominal"


def test_times_of_a_river():
    reaction, unit = atlas.rows("physics_informed")
    assert reaction.small.value == pytest.approx(200) and reaction.ratio == pytest.approx(100)
    assert reaction.consequence == pytest.approx(1e4)  # Da^2, by which the residual outweighs
    assert unit.ratio == 24 * 60 * 60
    assert unit.consequence == pytest.approx(7.46496e9)
    assert (reaction.regime, unit.regime) == ("separated", "nominal")


def test_atoms_and_nose_of_a_glass():
    atoms, nose = atlas.rows("metallic_glass")
    assert atoms.ratio == pytest.approx(1.1396, abs=5e-5)  # Guo & Liu 2011: delta = 13.96 %
    assert (
        atoms.margin == pytest.approx(math.log10(1.1396 / 1.066), abs=2e-5)
        and atoms.effect == "feature"
    )
    assert nose.large.value == pytest.approx(3.56e-3, rel=0.005)
    assert (atoms.regime, nose.regime) == ("matched", "separated")


def test_boron_and_its_layers():
    atom, layer = atlas.rows("doping")
    assert atom.ratio == pytest.approx(0.88 / 1.17)  # Pauling 1960
    # Matthews & Blakeslee 1974 with b = 0.384 nm: 331 nm for a misfit of 0.052 %.
    assert 0.384 * layer.critical == pytest.approx(331, abs=0.5)
    assert layer.margin < 0
    assert (atom.regime, layer.regime) == ("matched", "disparate")


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


def test_a_childs_kidney():
    artery, stitch, load, race = atlas.rows("pediatric_kidney")
    assert artery.ratio == pytest.approx(5 / 3)
    assert artery.consequence == pytest.approx(7.716, abs=1e-3)  # Poiseuille
    assert stitch.ratio == pytest.approx(1.65)
    assert stitch.critical == pytest.approx(1.354, abs=2e-3) and stitch.margin > 0
    # Rhodin et al. 2009: 31.17 mL/min at 12 kg and 20 months, two kidneys.
    assert load.ratio == pytest.approx(2 * 115 / 31.17, rel=1e-3)
    assert load.margin < 0
    assert race.ratio == pytest.approx(0.1) and race.critical == pytest.approx(0.82, rel=0.03)
