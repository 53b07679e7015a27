"""Rows of the atlas: chapter `feature_scaling`."""

from smlib.feature_scaling import land_cover
from smlib.scales import Mismatch, Scale

# Spreads of the features of image segments, as the numbers that are handed to a classifier.
_SPREADS = land_cover(100_000).X.std(axis=0)

ROWS = (
    Mismatch(
        chapter="feature_scaling",
        system="vegetation index and area of a segment",
        small=Scale("spread of NDVI", float(_SPREADS[0]), "1"),
        large=Scale("spread of area in pixels", float(_SPREADS[-1]), "1"),
        kind="magnitude",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="classification by distance",
        leverage=2,
        source="Urban Land Cover, Johnson & Xie 2013; a sample with its moments",
    ),
)
