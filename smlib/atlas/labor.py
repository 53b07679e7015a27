"""Rows of the atlas: chapter `labor`."""

import numpy as np

from smlib.labor import HEAD_CM, PLANES, critical_mismatch, head_shadow
from smlib.labor_trial import ProgressLaw
from smlib.scales import Mismatch, Scale

_LAW = ProgressLaw()
# Deflexion at which the head presents the 11.5 cm from forehead to occiput.
_UPRIGHT = float(np.sqrt(head_shadow(42.506, 0, 90)[0, 0]))

ROWS = (
    Mismatch(
        chapter="labor",
        system="head held upright, across the midpelvis",
        small=Scale("interspinous diameter", PLANES["midpelvis"].transverse_cm, "cm"),
        large=Scale("presenting diameter", _UPRIGHT, "cm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="adapt",
        breaks="progress",
        critical=critical_mismatch(),
        source="pelvis: Keller et al. 2003; head: textbooks; limit: a teaching value",
    ),
    Mismatch(
        chapter="labor",
        system="bent head in a midpelvis of 9 cm",
        small=Scale("interspinous diameter", 9, "cm"),
        large=Scale("biparietal diameter", HEAD_CM["biparietal"], "cm"),
        kind="size",
        regime="matched",
        effect="bug",
        remedy="select",
        breaks="progress in every admissible state",
        critical=critical_mismatch(),
        source="head: textbooks; pelvis: an example; limit: a teaching value",
    ),
    Mismatch(
        chapter="labor",
        system="progress in an hour and the error of an exam",
        small=Scale("error of a reading", _LAW.reading_sd_cm, "cm"),
        large=Scale("progress in an hour", _LAW.rate_median_cm_h, "cm"),
        kind="measurement",
        regime="matched",
        effect="bug",
        remedy="average",
        breaks="the verdict of a single exam",
        source="rate: Rouse et al. 2001; error: Phelps et al. 1995, Nizard et al. 2009",
    ),
)
