"""Rows of the atlas: chapter `pediatric_kidney`."""

from smlib.nephrons import (
    CHILD_NEPHRONS,
    DEMAND,
    INJURY,
    LOAD_CRIT,
    critical_growth_time,
    donor_capacity,
    nephron_load,
)
from smlib.pediatric_kidney import GRAFTS, half_flow_encroachment
from smlib.scales import Mismatch, Scale

# One kidney of a child of 12 kg and 20 months: what it filtered in the child, and how slowly it may
# grow in an adult, as a share of the time of injury at 0.5 per year.
_CAPACITY = donor_capacity(12, 126.9)
_LOAD = nephron_load(CHILD_NEPHRONS, _CAPACITY)
_GROWTH_OVER_INJURY = 0.5 * critical_growth_time(CHILD_NEPHRONS, _CAPACITY, injury_per_year=0.5)

ROWS = (
    Mismatch(
        chapter="pediatric_kidney",
        system="renal arteries of a child and of an adult",
        small=Scale("radius in the child", GRAFTS["single"].inflow_diameter_mm / 2, "mm"),
        large=Scale("radius in the adult", GRAFTS["adult"].inflow_diameter_mm / 2, "mm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="exploit",
        leverage=4,
        source="Poiseuille's law; a hundredth of the whole resistance, it breaks nothing",
    ),
    Mismatch(
        chapter="pediatric_kidney",
        system="suture line of a child's artery",
        small=Scale("error at the suture line", 1, "mm"),
        large=Scale("radius of the artery", GRAFTS["single"].inflow_diameter_mm / 2, "mm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="exploit",
        breaks="blood flow",
        critical=GRAFTS["single"].inflow_diameter_mm / 2 / half_flow_encroachment(GRAFTS["single"]),
        safe="above",
        source="half of the flow; error: order of magnitude; remedy: the child's aorta, 3.5 mm",
    ),
    Mismatch(
        chapter="pediatric_kidney",
        system="nephrons of a child's kidney in an adult",
        small=Scale("filtration in the child", DEMAND / _LOAD, "mL/min"),
        large=Scale("demand of the adult", DEMAND, "mL/min"),
        kind="magnitude",
        regime="disparate",
        effect="bug",
        remedy="adapt",
        breaks="nephrons",
        critical=LOAD_CRIT,
        exponent=0,
        source="donor of 12 kg: Rhodin et al. 2009; the threshold is a choice",
    ),
    # Taking growth to be over at once has an error in proportion to its time: measured.
    Mismatch(
        chapter="pediatric_kidney",
        system="growth and injury of a child's kidney",
        small=Scale("time of injury", 1 / INJURY, "yr"),
        large=Scale("growth time", 1, "yr"),
        kind="time",
        regime="separated",
        effect="bug",
        remedy="adapt",
        breaks="slowly growing grafts",
        critical=_GROWTH_OVER_INJURY,
        exponent=1,
        source="teaching values; for the pair the critical ratio is about 12",
    ),
)
