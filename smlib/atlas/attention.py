"""Rows of the atlas: chapter `attention`."""

from smlib.attention import beta_critical, logit_std
from smlib.scales import Mismatch, Scale

ROWS = (
    Mismatch(
        chapter="attention",
        system="unscaled head of 64 dimensions, 1024 keys",
        small=Scale("freezing point", beta_critical(1024), "logit"),
        large=Scale("spread", logit_std(64, scale=1), "logit"),
        kind="magnitude",
        regime="nominal",
        effect="bug",
        remedy="rescale",
        breaks="attention to more than a few keys",
        critical=1.0,
        source="dimensions: Vaswani et al. 2017, Radford et al. 2019",
    ),
)
