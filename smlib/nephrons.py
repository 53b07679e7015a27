"""Not medical advice: must not be used to choose or manage a transplant; teaching values.

How long does a child's kidney last in an adult? (Chapter "A child's kidney in an adult".) The load:
demand per nephron, by two scaling laws. And growth: loss of nephrons that feeds on itself, against
a graft that grows.

Flows in mL/min, times in years, counts of nephrons for the whole graft.
"""

import math
from dataclasses import astuple, dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from smlib import rules
from smlib.checks import checked, plain

__all__ = ["S_REF_NL_MIN", "Course", "NephronLaw", "collapse_time", "critical_growth_time"]
__all__ += ["donor_capacity", "gfr_maturation", "graft_gfr", "load_ratio", "nephron_course"]
__all__ += ["nephron_load"]

DEMAND = 115.0  # mL/min, filtration of two kidneys of an adult (Denic et al. 2017)
ADULT_NEPHRONS = 860_000  # of one kidney, the same study
CHILD_NEPHRONS = 900_000  # of one kidney (Bertram et al. 2011)
#: Filtration of one nephron of an adult, nL/min: a ratio of two means, with the 2017 counts.
S_REF_NL_MIN = 1e6 * DEMAND / (2 * ADULT_NEPHRONS)
AGING, INJURY, LOAD_CRIT, EXPONENT, GFR_FAIL = 0.0131, 0.10, 3.0, 0.45, 15.0
MATURITY = rules.Real("(0, 1]")  # of a nephron


# --- load ---------------------------------------------------------------------------------------


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


@checked
@dataclass(frozen=True)
class NephronLaw:
    """How nephrons share a demand, and how overload takes them. Functions take the fields by names.

    The idea that overload injures: Brenner, Meyer & Hostetter 1982; the form and the constants are
    choices of the chapter.

    Attributes
    ----------
    demand_ml_min : float
        Of the body.
    aging_per_year, injury_per_year : float
        Share of the nephrons that is lost a year, and what the stress l^c - l_crit^c adds to it.
    load_crit : float
        Load l_crit, above which nephrons are injured.
    exponent : float
        c, in (0, 1), of a nephron's filtration against its load.
    gfr_fail : float
        Filtration below which the graft has failed, mL/min.
    """

    demand_ml_min: rules.POSITIVE = DEMAND
    aging_per_year: rules.NONNEGATIVE = AGING
    injury_per_year: rules.NONNEGATIVE = INJURY
    load_crit: rules.POSITIVE = LOAD_CRIT
    exponent: rules.Real("(0, 1)") = EXPONENT
    gfr_fail: rules.POSITIVE = GFR_FAIL


def _last_load(law, nephrons, **maturity):
    """Logarithm of the load at failure, if a graft of some maturity does not begin beyond it."""
    D, c, fail = law.demand_ml_min, law.exponent, law.gfr_fail
    ((name, capacity),) = maturity.items()
    start = graft_gfr(nephrons, capacity, D, c)
    if start < fail * (1 - 1e-12):  # two that are equal on paper pass
        raise ValueError(
            f"gfr_fail must not exceed the first GFR {start:.4g}, got {fail} at "
            f"nephrons={nephrons}, {name}={capacity}, demand_ml_min={D}, exponent={c}"
        )
    return math.log(D / fail) / (1 - c)


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
    *,
    years: rules.POSITIVE = 20.0,
    n: rules.Whole(2) = 401,
    **law,
):
    """Nephrons, filtration and load of a graft that grows and loses nephrons to overload.

    dN/dt = -N [aging + injury max(0, l^c - l_crit^c)] with the load l of a nephron and its maturity
    k = 1 - (1 - k0) exp(-t/tau).

    Parameters
    ----------
    nephrons : float
        At the start, of the whole graft; positive.
    capacity0 : float
        Maturity k0 of a nephron at the start, in (0, 1].
    growth_time_years : float
        tau, positive; inf for a graft that does not grow.
    years : float
        How long, positive.
    n : int
        Number of times, at least 2.
    **law : float
        Fields of `NephronLaw`.

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
    law, times = NephronLaw(**law), np.linspace(0, years, n)
    N0, k0, tau = nephrons, capacity0, growth_time_years
    D, aging, kappa, l_c, c, _ = astuple(law)
    last = _last_load(law, N0, capacity0=k0)
    h_c, load1 = l_c**c, D / _supply(1.0, 1.0)  # load of one grown nephron alone

    def log_load(t, log_n):
        return math.log(load1 / (1 - (1 - k0) * math.exp(-t / tau))) - log_n

    # Not below the load at the start by a rounding: the failure is found as it is passed.
    last = max(last, log_load(0.0, math.log(N0)) + 1e-12)

    def slope(t, y, over):
        return [-aging - kappa * (math.exp(c * log_load(t, y[0])) - h_c) if over else -aging]

    def failing(t, y, _over):
        return log_load(t, y[0]) - last

    def crossing(t, y, _over):
        return log_load(t, y[0]) - math.log(l_c)

    def below(t, solution):
        return crossing(t, solution(t), True)

    def turning(t, y, over):  # the load falls while the graft grows faster than it loses
        left = (1 - k0) * math.exp(-t / tau)
        return -slope(t, y, over)[0] - left / (tau * (1 - left))

    # The slope has a kink where the load is critical: one smooth piece after another. An overload
    # that falls turns once, and may have been below for less than a step.
    failing.terminal = crossing.terminal = turning.terminal = True
    failing.direction = turning.direction = 1
    N, failure, t, y = np.full(times.size, np.nan), math.inf, 0.0, math.log(N0)
    over, turned = log_load(t, y) > math.log(l_c), False
    while t < years and math.isinf(failure):
        crossing.direction = -1 if over else 1
        events = (failing, crossing, turning)[: 3 if over and not turned else 2]
        found = solve_ivp(
            slope, (t, years), [y], events=events, args=(over,),
            dense_output=True, method="DOP853", max_step=1.0, rtol=1e-11, atol=1e-12,
        )  # fmt: skip
        end, y, crossed = float(found.t[-1]), found.y[0, -1], bool(found.t_events[1].size)
        if len(events) == 3 and found.t_events[2].size:
            turned, crossed = True, log_load(end, y) < math.log(l_c)
            if crossed:
                end = brentq(below, t, end, args=(found.sol,), xtol=1e-13)
                y = found.sol(end)[0]
        inside = (times >= t) & (times <= end)
        if inside.any():
            N[inside] = np.exp(found.sol(times[inside])[0])
        t, over = end, over != crossed
        if found.t_events[0].size:
            failure = t
    load = load1 / N / (1 - (1 - k0) * np.exp(-times / tau))
    return Course(times, N, D * load ** (c - 1), load, failure)


@checked
def collapse_time(nephrons: rules.POSITIVE, capacity: MATURITY = 1.0, **law):
    """Years to failure of an overloaded graft that does not grow, in closed form.

    u = N^c obeys the linear equation u' = a (u - u*): the excess of u* grows from u(0) loss c / a.

    Parameters
    ----------
    nephrons, capacity : float
        Number in the whole graft, positive, and their constant maturity, in (0, 1].
    **law : float
        Fields of `NephronLaw`.

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
    law = NephronLaw(**law)
    D, aging, kappa, l_c, c, _ = astuple(law)
    load = nephron_load(nephrons, capacity, D)
    if load <= l_c * (1 + 1e-12):  # or equal on paper; so below
        raise ValueError(
            f"load_crit must be below the load {load:.4g} at the start, got {l_c} at "
            f"nephrons={nephrons}, capacity={capacity}, demand_ml_min={D}"
        )
    growth = kappa * l_c**c - aging
    if growth <= 1e-12 * aging:
        raise ValueError(
            f"injury_per_year must exceed aging_per_year / load_crit^exponent "
            f"{aging / l_c**c:.4g}, got {kappa}"
        )
    last = _last_load(law, nephrons, capacity=capacity)
    share = -math.expm1(c * min(math.log(load) - last, 0.0))  # of u(0) that is lost by then
    loss = aging + kappa * l_c**c * math.expm1(c * math.log(load / l_c))  # a year, at the start
    return math.log1p(growth * share / loss) / (c * growth)


@checked(infinite=True)
def critical_growth_time(
    nephrons: rules.POSITIVE, capacity0: MATURITY, *, years: rules.POSITIVE = 20.0, **law
):
    """Longest growth time with which a graft outlives the given years.

    Arguments as in `nephron_course`.

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
        course = nephron_course(nephrons, capacity0, tau, years=years, n=2, **law)
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
