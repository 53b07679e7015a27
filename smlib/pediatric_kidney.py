"""Not medical advice: must not be used to choose or manage a transplant; teaching values.

Scaling laws that meet in one organ, for the chapter "A child's kidney in an adult". Three
mismatches in one operation: the pipe (steady flow through a suture line, an artery and a bed in
series), the load (demand per nephron, by two scaling laws) and growth (loss of nephrons that feeds
on itself, against a graft that grows).

Flows in mL/min, pressures in mmHg, resistances in mmHg min/mL, diameters and lengths in mm, times
in years, counts of nephrons for the whole graft.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from smlib import rules
from smlib.checks import checked, plain

__all__ = [
    "GRAFTS",
    "S_REF_NL_MIN",
    "Course",
    "Graft",
    "PressureDrops",
    "collapse_time",
    "critical_growth_time",
    "donor_capacity",
    "gfr_maturation",
    "graft_flow",
    "graft_gfr",
    "half_flow_encroachment",
    "load_ratio",
    "nephron_course",
    "nephron_load",
    "poiseuille_resistance",
    "pressure_drops",
    "wall_shear",
]

DEMAND = 115.0  # mL/min, filtration of two kidneys of an adult (Denic et al. 2017)
ADULT_NEPHRONS = 860_000  # of one kidney, the same study
CHILD_NEPHRONS = 900_000  # of one kidney (Bertram et al. 2011)
#: Filtration of one nephron of an adult, nL/min: a ratio of two means, with the 2017 counts.
S_REF_NL_MIN = 1e6 * DEMAND / (2 * ADULT_NEPHRONS)
AGING, INJURY, LOAD_CRIT, EXPONENT, GFR_FAIL = 0.0131, 0.10, 3.0, 0.45, 15.0
VISCOSITY, DENSITY, K_T = 3.5e-3, 1060.0, 1.52  # Pa s, kg/m^3, Young & Tsai 1973
DRIVE = 87.0  # mmHg: mean arterial pressure 95 less venous 8

_MMHG = 133.322  # Pa
_ML_MIN = 1e-6 / 60  # m^3/s
_RESISTANCE = _MMHG / _ML_MIN  # Pa s/m^3 in one mmHg min/mL

#: Of compensation, and of the maturity of a nephron.
POWER, MATURITY = rules.Real("(0, 1)"), rules.Real("(0, 1]")


# --- the pipe -----------------------------------------------------------------------------------


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


#: Kidneys of a child of 10 kg and one year, singly or as a pair with its aorta, and of an adult. A
#: bed is the donor's own pressure drop over the donor's own flow (textbook values, from memory);
#: diameters of arteries by Murray's law.
GRAFTS = {
    "single": Graft(1, 3.3, 25.0, 55 / 115.5),
    "en_bloc": Graft(2, 7.0, 40.0, 55 / 115.5, 3.3, 15.0),
    "adult": Graft(1, 5.5, 40.0, 90 / 550),
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
    jet = K_T * DENSITY / (2 * area**2) * ((d / narrow) ** 2 - 1) ** 2 * _ML_MIN**2 / _MMHG
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


# --- the load -----------------------------------------------------------------------------------


@checked
def load_ratio(
    small_kg: rules.POSITIVES, large_kg: rules.POSITIVES, exponent: rules.NUMBERS = 0.75
):
    """Ratio of two bodies' metabolic rates, (large/small)^exponent (Kleiber 1932).

    Parameters
    ----------
    small_kg, large_kg : array_like
        Body masses, positive.
    exponent : array_like

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> round(load_ratio(10, 70), 3)
    4.304
    """
    return plain((large_kg / small_kg) ** exponent)


@checked
def gfr_maturation(weight_kg: rules.POSITIVES, pma_weeks: rules.POSITIVES):
    """Filtration of both kidneys of a growing child (Rhodin et al. 2009).

    Parameters
    ----------
    weight_kg : array_like
        Positive.
    pma_weeks : array_like
        Postmenstrual age, weeks: 40 at birth in time; positive.

    Returns
    -------
    float or ndarray
        mL/min, of the broadcast shape.

    Examples
    --------
    >>> round(gfr_maturation(12, 126.9), 2)
    31.17
    """
    size = (weight_kg / 70) ** 0.75
    return plain(121.2 * size / (1 + (47.7 / pma_weeks) ** 3.4))


@checked
def donor_capacity(
    weight_kg: rules.POSITIVES,
    pma_weeks: rules.POSITIVES,
    nephrons: rules.POSITIVES = CHILD_NEPHRONS,
):
    """Maturity of a donor's nephron: what it filtered, over what an adult's filters.

    Parameters
    ----------
    weight_kg, pma_weeks : array_like
        As in `gfr_maturation`.
    nephrons : array_like
        Of one kidney, positive.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> round(donor_capacity(12, 126.9), 4)
    0.259
    """
    return plain(1e6 * gfr_maturation(weight_kg, pma_weeks) / (2 * nephrons * S_REF_NL_MIN))


def _supply(nephrons, capacity):
    """What the nephrons would filter at rest, mL/min."""
    return nephrons * capacity * (S_REF_NL_MIN * 1e-6)


@checked
def nephron_load(
    nephrons: rules.POSITIVES,
    capacity: rules.Reals("(0, 1]") = 1.0,
    demand_ml_min: rules.POSITIVES = DEMAND,
):
    """Demand on a nephron over what it filters at rest: 1 in an adult with two kidneys.

    Parameters
    ----------
    nephrons, capacity, demand_ml_min : array_like
        Number in the graft, maturity in (0, 1], demand of the body; positive.

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> round(nephron_load(860_000), 9)  # one kidney of an adult
    2.0
    """
    return plain(demand_ml_min / _supply(nephrons, capacity))


@checked
def graft_gfr(
    nephrons: rules.POSITIVES,
    capacity: rules.Reals("(0, 1]") = 1.0,
    demand_ml_min: rules.POSITIVES = DEMAND,
    exponent: rules.Reals("(0, 1)") = EXPONENT,
):
    """Filtration of a graft whose nephrons compensate with load^exponent each.

    Parameters
    ----------
    nephrons, capacity, demand_ml_min : array_like
        As in `nephron_load`.
    exponent : array_like
        In (0, 1).

    Returns
    -------
    float or ndarray
        mL/min, (N k s)^(1-c) D^c.

    Examples
    --------
    >>> round(graft_gfr(860_000) / 115, 2)  # what a living donor keeps
    0.68
    """
    load = nephron_load(nephrons, capacity, demand_ml_min)
    return plain(demand_ml_min * np.power(load, exponent - 1))


# --- loss and growth ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Course:
    """A graft over the years; arrays are nan after the failure."""

    t_years: np.ndarray
    nephrons: np.ndarray
    gfr: np.ndarray  # mL/min
    load: np.ndarray  # per nephron, 1 in an adult with two kidneys
    failure_year: float  # inf if the graft outlives the time asked for


@checked(infinite=True)
def nephron_course(
    nephrons: rules.POSITIVE,
    capacity0: MATURITY = 1.0,
    growth_time_years: rules.Real("(0, inf]") = 1.0,
    demand_ml_min: rules.POSITIVE = DEMAND,
    years: rules.POSITIVE = 20.0,
    aging_per_year: rules.NONNEGATIVE = AGING,
    injury_per_year: rules.NONNEGATIVE = INJURY,
    load_crit: rules.POSITIVE = LOAD_CRIT,
    exponent: POWER = EXPONENT,
    gfr_fail: rules.POSITIVE = GFR_FAIL,
    n: rules.Whole(2) = 401,
):
    """Nephrons, filtration and load of a graft that grows and loses nephrons to overload.

    dN/dt = -N [aging + injury max(0, l^c - l_crit^c)] with the load l of a nephron and its maturity
    k = 1 - (1 - k0) exp(-t/tau). The idea that overload injures: Brenner, Meyer & Hostetter 1982;
    the form and the constants are choices of the chapter.

    Parameters
    ----------
    nephrons : float
        At the start, of the whole graft; positive.
    capacity0 : float
        Maturity k0 of a nephron at the start, in (0, 1].
    growth_time_years : float
        tau, positive; inf for a graft that does not grow.
    demand_ml_min, years, load_crit, gfr_fail : float
        Positive; below the last the graft has failed.
    aging_per_year, injury_per_year : float
        Not negative.
    exponent : float
        c, in (0, 1).
    n : int
        Number of times, at least 2.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        Also if the graft starts below `gfr_fail`.

    Examples
    --------
    >>> course = nephron_course(900_000, 0.2590, growth_time_years=float("inf"))
    >>> round(course.failure_year, 2)
    9.07
    """
    N0, k0, tau, D = nephrons, capacity0, growth_time_years, demand_ml_min
    aging, kappa, l_c, c, fail = aging_per_year, injury_per_year, load_crit, exponent, gfr_fail
    times = np.linspace(0, years, n)
    start = graft_gfr(N0, k0, D, c)
    if start < fail * (1 - 1e-12):  # two that are equal on paper pass
        raise ValueError(
            f"gfr_fail must not exceed the first GFR {start:.4g}, got {fail} at nephrons={N0}, "
            f"capacity0={k0}, demand_ml_min={D}, exponent={c}"
        )
    h_c, load1 = l_c**c, D / _supply(1.0, 1.0)  # load of one grown nephron alone

    def log_load(t, log_n):
        return math.log(load1 / (1 - (1 - k0) * math.exp(-t / tau))) - log_n

    # Log load at failure, not below that at the start by a rounding: it is found as it is passed.
    last = max(math.log(D / fail) / (1 - c), log_load(0.0, math.log(N0)) + 1e-12)

    def slope(t, y, over):
        return [-aging - kappa * (math.exp(c * log_load(t, y[0])) - h_c) if over else -aging]

    def failing(t, y, _over):
        return log_load(t, y[0]) - last

    def crossing(t, y, _over):
        return log_load(t, y[0]) - math.log(l_c)

    # The slope has a kink where the load is critical: one smooth piece after another.
    failing.terminal, failing.direction, crossing.terminal = True, 1, True
    N, failure, t, y = np.full(times.size, np.nan), math.inf, 0.0, math.log(N0)
    over = log_load(t, y) > math.log(l_c)
    while t < years and math.isinf(failure):
        crossing.direction = -1 if over else 1
        found = solve_ivp(
            slope, (t, years), [y], events=(failing, crossing), args=(over,),
            dense_output=True, max_step=1.0, rtol=1e-8, atol=1e-10,
        )  # fmt: skip
        inside = (times >= t) & (times <= found.t[-1])
        if inside.any():
            N[inside] = np.exp(found.sol(times[inside])[0])
        t, y, over = float(found.t[-1]), found.y[0, -1], not over
        if found.t_events[0].size:
            failure = t
    load = load1 / N / (1 - (1 - k0) * np.exp(-times / tau))
    return Course(times, N, D * load ** (c - 1), load, failure)


@checked
def collapse_time(
    nephrons: rules.POSITIVE,
    capacity: MATURITY = 1.0,
    demand_ml_min: rules.POSITIVE = DEMAND,
    aging_per_year: rules.NONNEGATIVE = AGING,
    injury_per_year: rules.NONNEGATIVE = INJURY,
    load_crit: rules.POSITIVE = LOAD_CRIT,
    exponent: POWER = EXPONENT,
    gfr_fail: rules.POSITIVE = GFR_FAIL,
):
    """Years to failure of an overloaded graft that does not grow, in closed form.

    u = N^c obeys the linear equation u' = a (u - u*): the excess of u* grows from u(0) loss c / a.

    Parameters
    ----------
    nephrons, capacity : float
        Number in the whole graft, positive, and their constant maturity, in (0, 1].
    demand_ml_min, aging_per_year, injury_per_year, load_crit, exponent, gfr_fail : float
        As in `nephron_course`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        Also if the load does not exceed `load_crit`, if injury times the critical stress does not
        exceed aging, or if the graft starts below `gfr_fail`.

    Examples
    --------
    >>> round(collapse_time(2 * 860_000 / 8), 2)  # an eighth of two kidneys
    8.26
    """
    N0, k, D = nephrons, capacity, demand_ml_min
    aging, kappa, l_c, c, fail = aging_per_year, injury_per_year, load_crit, exponent, gfr_fail
    load, start = nephron_load(N0, k, D), graft_gfr(N0, k, D, c)
    if load <= l_c * (1 + 1e-12):  # or equal on paper; so below
        raise ValueError(
            f"load_crit must be below the load {load:.4g} at the start, got {l_c} at "
            f"nephrons={N0}, capacity={k}, demand_ml_min={D}"
        )
    growth = kappa * l_c**c - aging
    if growth <= 1e-12 * aging:
        raise ValueError(
            f"injury_per_year must exceed aging_per_year / load_crit^exponent "
            f"{aging / l_c**c:.4g}, got {kappa}"
        )
    if start < fail * (1 - 1e-12):
        raise ValueError(
            f"gfr_fail must not exceed the first GFR {start:.4g}, got {fail} at nephrons={N0}, "
            f"capacity={k}, demand_ml_min={D}, exponent={c}"
        )
    last = math.log(D / fail) / (1 - c)  # log load at failure
    share = -math.expm1(c * min(math.log(load) - last, 0.0))  # of u(0) that is lost by then
    loss = aging + kappa * l_c**c * math.expm1(c * math.log(load / l_c))  # a year, at the start
    return math.log1p(growth * share / loss) / (c * growth)


@checked(infinite=True)
def critical_growth_time(
    nephrons: rules.POSITIVE,
    capacity0: MATURITY,
    injury_per_year: rules.NONNEGATIVE = INJURY,
    years: rules.POSITIVE = 20.0,
):
    """Longest growth time with which a graft outlives the given years.

    Parameters
    ----------
    nephrons, capacity0, injury_per_year, years : float
        As in `nephron_course`.

    Returns
    -------
    float
        Years, to one part in a thousand; inf if the graft lasts without growth, and 0 if it fails
        although it grows within days.

    Examples
    --------
    >>> round(critical_growth_time(900_000, 0.2590, injury_per_year=0.2), 2)
    4.59
    """

    def lasts(tau):
        course = nephron_course(
            nephrons, capacity0, tau, years=years, injury_per_year=injury_per_year, n=2
        )
        return math.isinf(course.failure_year)

    if lasts(math.inf):
        return math.inf
    low, high = 0.01, 1.0
    if not lasts(low):
        return 0.0
    while lasts(high):
        low, high = high, 4 * high
    while high > low * 1.001:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if lasts(middle) else (low, middle)
    return math.sqrt(low * high)
