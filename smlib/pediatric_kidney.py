"""Not medical advice: must not be used to choose or manage a transplant; teaching values.

How much blood gets through a child's kidney in an adult? (Chapter "A child's kidney in an adult".)
Steady flow through a suture line, an artery and a bed in series.

Flows in mL/min, pressures in mmHg, resistances in mmHg min/mL, diameters and lengths in mm.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from smlib import rules
from smlib.checks import checked, plain
from smlib.units import MMHG

__all__ = ["BEDS", "GRAFTS", "Graft", "PressureDrops", "graft_flow", "half_flow_encroachment"]
__all__ += ["poiseuille_resistance", "pressure_drops", "wall_shear"]

VISCOSITY, DENSITY, K_T = 3.5e-3, 1060.0, 1.52  # Pa s, kg/m^3, Young & Tsai 1973
DRIVE = 87.0  # mmHg: mean arterial pressure 95 less venous 8

_ML_MIN = 1e-6 / 60  # m^3/s
_RESISTANCE = MMHG / _ML_MIN  # Pa s/m^3 in one mmHg min/mL


@checked
@dataclass(frozen=True)
class Graft:
    """One or two kidneys behind one inflow vessel.

    Parameters
    ----------
    n_kidneys : int
        1 or 2, in parallel.
    inflow_diameter_mm, inflow_length_mm : float
        The vessel that is sewn to the recipient's artery; positive.
    bed_resistance : float
        Of each kidney, mmHg min/mL; positive.
    branch_diameter_mm, branch_length_mm : float
        The artery from the inflow vessel to each kidney; diameter 0 for none.
    """

    n_kidneys: rules.Whole(1, 2)
    inflow_diameter_mm: rules.POSITIVE
    inflow_length_mm: rules.POSITIVE
    bed_resistance: rules.POSITIVE
    branch_diameter_mm: rules.NONNEGATIVE = 0.0
    branch_length_mm: rules.NONNEGATIVE = 0.0


#: Of a kidney in its donor, a child of 10 kg and one year or an adult: mean pressure across the
#: bed in mmHg and flow in mL/min (textbook values, from memory).
BEDS = {"child": (55.0, 115.5), "adult": (90.0, 550.0)}
_BED = {donor: drop / flow for donor, (drop, flow) in BEDS.items()}

#: Kidneys of a child, singly or as a pair with its aorta, and of an adult; diameters of arteries by
#: Murray's law.
GRAFTS = {
    "single": Graft(1, 3.3, 25.0, _BED["child"]),
    "en_bloc": Graft(2, 7.0, 40.0, _BED["child"], 3.3, 15.0),
    "adult": Graft(1, 5.5, 40.0, _BED["adult"]),
}


GRAFT = rules.Of(Graft)


@checked
def poiseuille_resistance(
    diameter_mm: rules.POSITIVES,
    length_mm: rules.NONNEGATIVES,
    viscosity_pa_s: rules.POSITIVES = VISCOSITY,
):
    """Resistance of a tube to laminar flow, 8 mu L / (pi r^4).

    Parameters
    ----------
    diameter_mm : array_like
        Positive.
    length_mm : array_like
        Not negative.
    viscosity_pa_s : array_like
        Positive.

    Returns
    -------
    float or ndarray
        mmHg min/mL, of the broadcast shape.

    Examples
    --------
    >>> round(poiseuille_resistance(1, 10) / poiseuille_resistance(2, 10), 6)
    16.0
    """
    r, length = diameter_mm * 5e-4, length_mm * 1e-3
    return plain(8 * viscosity_pa_s * length / (math.pi * r**4) / _RESISTANCE)


@checked
def wall_shear(
    flow_ml_min: rules.NUMBERS,
    diameter_mm: rules.POSITIVES,
    viscosity_pa_s: rules.POSITIVES = VISCOSITY,
):
    """Shear stress of laminar flow on the wall of a tube, 4 mu Q / (pi r^3).

    Parameters
    ----------
    flow_ml_min : array_like
        Any sign.
    diameter_mm, viscosity_pa_s : array_like
        Positive.

    Returns
    -------
    float or ndarray
        Pa, of the broadcast shape.

    Examples
    --------
    >>> round(wall_shear(100, 2), 3)
    7.427
    """
    flow, r = flow_ml_min * _ML_MIN, diameter_mm * 5e-4
    return plain(4 * viscosity_pa_s * flow / (math.pi * r**3))


class PressureDrops(NamedTuple):
    """Pressure lost on the way through a graft, mmHg, and the flow that loses it, mL/min."""

    suture: np.ndarray
    artery: np.ndarray
    bed: np.ndarray  # with the branches to the kidneys
    flow: np.ndarray


@checked
def pressure_drops(
    graft: GRAFT,
    encroachment_mm: rules.NONNEGATIVES = 0.0,
    pressure_mmHg: rules.POSITIVES = DRIVE,
    suture_length_mm: rules.NONNEGATIVES = 3.0,
):
    """Flow and pressure drops of suture line, artery and bed in series.

    The suture line is a piece of the inflow vessel that is narrower by `encroachment_mm` on all
    sides. It costs Poiseuille's loss and that of the jet behind it, proportional to the square of
    the flow (Young & Tsai 1973). Steady flow, rigid tubes, passive bed.

    Parameters
    ----------
    graft : Graft
    encroachment_mm : array_like
        Reduction of the radius at the suture line, not negative.
    pressure_mmHg : array_like
        Arterial less venous pressure, positive.
    suture_length_mm : array_like
        Not negative.

    Returns
    -------
    PressureDrops
        Floats or arrays of the broadcast shape; they add up to the pressure. If the encroachment
        reaches the radius, the flow is 0 and the whole pressure stands at the suture line.
    """
    e, p, length = np.broadcast_arrays(encroachment_mm, pressure_mmHg, suture_length_mm)
    d = graft.inflow_diameter_mm
    narrow = d - 2 * e
    closed = narrow <= 1e-3 * d
    narrow = np.where(closed, d, narrow)
    artery = poiseuille_resistance(d, graft.inflow_length_mm)
    bed = graft.bed_resistance
    if graft.branch_diameter_mm:
        bed = bed + poiseuille_resistance(graft.branch_diameter_mm, graft.branch_length_mm)
    bed = bed / graft.n_kidneys
    suture = poiseuille_resistance(narrow, length)
    area = math.pi * (d * 5e-4) ** 2
    jet = K_T * DENSITY / (2 * area**2) * ((d / narrow) ** 2 - 1) ** 2 * _ML_MIN**2 / MMHG
    total = suture + artery + bed
    # The root that loses no digits, and is right without a jet.
    flow = np.where(closed, 0.0, 2 * p / (total + np.sqrt(total**2 + 4 * jet * p)))
    lost = np.where(closed, p, (suture + jet * flow) * flow)
    return PressureDrops(*map(plain, (lost, artery * flow, bed * flow, flow)))


@checked
def graft_flow(
    graft: GRAFT,
    encroachment_mm: rules.NONNEGATIVES = 0.0,
    pressure_mmHg: rules.POSITIVES = DRIVE,
    suture_length_mm: rules.NONNEGATIVES = 3.0,
):
    """Blood flow through a graft; the flow of `pressure_drops`.

    Returns
    -------
    float or ndarray
        Total flow, mL/min, of the shape of the encroachment; 0 where the suture line is closed.

    Examples
    --------
    >>> round(graft_flow(GRAFTS["single"]), 1)
    181.1
    """
    return pressure_drops(graft, encroachment_mm, pressure_mmHg, suture_length_mm).flow


@checked
def half_flow_encroachment(graft: GRAFT, fraction: rules.Real("(0, 1)") = 0.5):
    """Encroachment in mm that leaves the given fraction, in (0, 1), of the open flow.

    Examples
    --------
    >>> round(half_flow_encroachment(GRAFTS["single"]), 2)
    1.22
    """
    target = fraction * graft_flow(graft)
    radius = graft.inflow_diameter_mm / 2
    return brentq(lambda e: graft_flow(graft, e) - target, 0.0, radius, xtol=1e-10 * radius)
