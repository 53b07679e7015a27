"""Teaching model, not medical advice: nothing in this module may be used to manage a birth.

How long must an experiment run to tell a fixed constraint from a state that can be changed?
(Chapter "Passenger and passage".) A remedy is given, and the dilation is read again and again:
Wald's test of "dynamic" against "anatomic" stops as soon as it is sure. Dilations are in cm, times
in hours.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp, ndtr

from smlib import rules
from smlib.checks import checked, plain

__all__ = [
    "ProgressLaw",
    "flat_probability",
    "log_bayes_factor",
    "posterior_anatomic",
    "simulate_trials",
    "wald_test",
    "wald_thresholds",
]

TIMES, ERROR = rules.Reals(ndim=1), rules.Real("(0, 1)")


@checked
@dataclass(frozen=True)
class ProgressLaw:
    """How the dilation grows once the remedy is given, and how well it is read.

    It grows at a rate of a log-normal law after a waiting time of an exponential one; readings have
    independent normal errors. Functions take the fields by their names.

    Attributes
    ----------
    rate_median_cm_h, rate_log_sd : float
        Median rate, 1.4 cm/h, and standard deviation of its logarithm, 0.626: a median of 1.4 and a
        5th percentile of 0.5 in augmented labors that ended vaginally (Rouse et al. 2001). A median
        of 0 makes an anatomic case.
    lag_mean_h : float
        Mean waiting time, 2 h: chosen so that Rouse et al. 1999 are reproduced.
    reading_sd_cm : float
        Error of a reading, 0.75 cm.
    """

    rate_median_cm_h: rules.NONNEGATIVE = 1.4
    rate_log_sd: rules.NONNEGATIVE = 0.626
    lag_mean_h: rules.NONNEGATIVE = 2.0
    reading_sd_cm: rules.NONNEGATIVE = 0.75

    def remedy(self, end, edges=(), nodes=41, step=0.25):
        """Rates, their weights (trapezoidal rule over four standard deviations), and short ranges
        of the waiting time up to `end`, and what is longer: middles, the last inf, and logarithms
        of the exact probabilities."""
        z = np.linspace(-4, 4, nodes) if self.rate_log_sd > 0 else np.zeros(1)
        rates = self.rate_median_cm_h * np.exp(self.rate_log_sd * z)
        weight = np.exp(-(z**2) / 2)
        weight /= weight.sum()
        wait = self.lag_mean_h
        if wait == 0:
            return rates, weight, np.zeros(1), np.zeros(1)
        edges = [*np.linspace(0, end, int(np.ceil(end / step)) + 1), *edges]
        edges = np.unique(np.round(edges, 9))
        middles, log_mass = (edges[1:] + edges[:-1]) / 2, -edges / wait
        log_mass[:-1] += np.log(-np.expm1(-np.diff(edges) / wait))
        return rates, weight, np.append(middles, np.inf), log_mass


def _exams(t):
    if t.size < 2 or np.any(np.diff(t) <= 0):
        raise ValueError(f"times_h must be two or more and increase, got {t.tolist()!r:.60}")
    return np.round(t - t[0], 9)  # the same hours give the same sums, whenever they begin


def _read(law):
    """The law, if readings have an error, and its variance."""
    law = ProgressLaw(**law)
    if law.reading_sd_cm == 0:
        raise ValueError("reading_sd_cm must be above 0 to weigh a reading, got 0.0")
    return law, law.reading_sd_cm**2


def _trial(times_h, readings_cm, law):
    """Times, readings of shape (trials, times), variance of a reading, `ProgressLaw.remedy`."""
    t, y = _exams(times_h), readings_cm
    if y.ndim == 0 or y.shape[-1] != t.size:
        raise ValueError(
            f"readings_cm must end with {t.size} readings, one for each of times_h, "
            f"got shape {y.shape}"
        )
    law, noise = _read(law)
    return t, y.reshape(-1, t.size), noise, law.remedy(t[-1], t)


@checked
def log_bayes_factor(times_h: TIMES, readings_cm: rules.NUMBERS, **law):
    """Natural logarithm of the Bayes factor, dynamic against anatomic, after each reading.

    Anatomic: the dilation stays. Dynamic: it grows at a log-normal rate after an exponential
    waiting time. The readings have independent normal errors; the first dilation is unknown, with
    a flat prior. Exact but for the sums over rates and waiting times: to 0.03.

    Parameters
    ----------
    times_h : array_like, shape (n + 1,)
        Increasing; the first is the baseline, when the remedy is given.
    readings_cm : array_like, shape (..., n + 1)
        Any finite values: noise may carry them below 0.
    **law : float
        Fields of `ProgressLaw`.

    Returns
    -------
    ndarray, shape (..., n + 1)
        The first entry is 0. A rate of 0 gives 0 throughout.

    Examples
    --------
    >>> log_bayes_factor([0, 2], [5, 5], rate_log_sd=0, lag_mean_h=0).round(4).tolist()
    [0.0, -3.4844]
    """
    t, y, noise, law = _trial(times_h, readings_cm, law)
    found = np.zeros(y.shape)
    if law[0].any():
        for k in range(1, t.size):
            found[:, k] = _log_ratio(t[: k + 1], y[:, : k + 1], noise, *law)
    return found.reshape(readings_cm.shape)


@checked
def wald_test(
    times_h: TIMES,
    readings_cm: rules.NUMBERS,
    alpha: ERROR = 0.05,
    beta: ERROR = 0.05,
    **law,
):
    """Wald's test (1945) along records of shape (..., n + 1): the index of the reading at which
    each stops, n if it does not, and the verdict: 1 dynamic, -1 anatomic, 0 none yet.

    `alpha` and `beta` are those of `wald_thresholds`, `law` are fields of `ProgressLaw`.

    Examples
    --------
    >>> wald_test([0, 2, 4, 6], [4.0, 4.0, 6.5, 9.5])
    (3, 1)
    """
    upper, lower = wald_thresholds(alpha, beta)
    t, y, noise, law = _trial(times_h, readings_cm, law)
    at, verdict = np.full(len(y), t.size - 1), np.zeros(len(y), int)
    open_ = np.arange(len(y) if law[0].any() else 0)
    for k in range(1, t.size):
        found = _log_ratio(t[: k + 1], y[open_, : k + 1], noise, *law)
        out = (found >= upper).astype(int) - (found <= lower)
        at[open_[out != 0]], verdict[open_] = k, out
        open_ = open_[out == 0]
    shape = readings_cm.shape[:-1]
    found = at.reshape(shape), verdict.reshape(shape)
    return found if shape else tuple(each.item() for each in found)


def _log_ratio(t, y, noise, rates, weight, lags, log_mass):
    """Log Bayes factor after the last reading of each record."""
    begun = lags < t[-1]
    ramp = np.maximum(t - lags[begun, None], 0)
    ramp -= ramp.mean(-1, keepdims=True)  # the unknown first dilation
    r, slope = rates[:, None], ramp / noise
    start = np.log(weight)[:, None] + log_mass[begun] - r**2 / 2 * (ramp * slope).sum(-1)
    none = np.logaddexp.reduce(log_mass[~begun])  # nothing has begun: no evidence either way
    found = np.empty(len(y))
    for i in range(0, len(y), 16):  # a few records at once, to stay within the cache
        part = slope @ y[i : i + 16].T
        terms = (start[..., None] + r[..., None] * part).reshape(-1, part.shape[-1])
        found[i : i + 16] = np.logaddexp(none, logsumexp(terms, axis=0))
    return found


@checked
def posterior_anatomic(log_bf: rules.NUMBERS, prior: rules.Reals("(0, 1)")):
    """Probability of "anatomic", whose probability before the trial is `prior`.

    Examples
    --------
    >>> posterior_anatomic(0.0, 0.18)
    0.18
    """
    odds = log_bf + np.log1p(-prior) - np.log(prior)
    return plain(1 / (1 + np.exp(np.minimum(odds, 700))))


@checked
def wald_thresholds(alpha: ERROR, beta: ERROR):
    """Upper and lower limit of the log Bayes factor in Wald's test (1945): at the upper one call
    dynamic, at the lower anatomic. The error probabilities are at most about `alpha` (dynamic is
    called, anatomic is true) and `beta`.

    Examples
    --------
    >>> [round(x, 3) for x in wald_thresholds(0.05, 0.10)]
    [2.89, -2.251]
    """
    if alpha + beta >= 1:
        raise ValueError(f"alpha + beta must lie below 1, got {alpha + beta}")
    return float(np.log((1 - beta) / alpha)), float(np.log(beta / (1 - alpha)))


@checked
def simulate_trials(
    times_h: TIMES,
    n: rules.Whole(),
    *,
    start_cm: rules.NUMBER = 4.0,
    seed: rules.Seed() = None,
    **law,
):
    """True dilations and readings of `n` trials, two arrays of shape (n, number of times).

    `law` are fields of `ProgressLaw`. Nothing stops at 10 cm.

    Examples
    --------
    >>> [x.shape for x in simulate_trials([0, 2, 4], 5, seed=0)]
    [(5, 3), (5, 3)]
    """
    t, rng, law = _exams(times_h), seed, ProgressLaw(**law)
    rates = law.rate_median_cm_h * np.exp(law.rate_log_sd * rng.standard_normal((n, 1)))
    lags = law.lag_mean_h * rng.exponential(size=(n, 1))
    true = start_cm + rates * np.maximum(t - lags, 0)
    return true, true + law.reading_sd_cm * rng.standard_normal(true.shape)


@checked
def flat_probability(times_h: TIMES, limit_cm: rules.NUMBER = 1.0, **law):
    """Probability that no reading after the baseline exceeds the baseline's by more than a limit,
    by integration over rate, waiting time and the error of the baseline, to 1e-3. `law` are fields
    of `ProgressLaw`.

    Examples
    --------
    >>> round(flat_probability([0, 2], rate_median_cm_h=0), 3)
    0.827
    """
    t, (law, variance) = _exams(times_h), _read(law)
    noise = np.sqrt(variance)
    rates, likely, lags, log_mass = law.remedy(t[-1], t, 81, 0.05)
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    weight /= weight.sum()
    base, flat = (limit_cm / noise + node)[:, None], 0.0
    for lag, share in zip(lags, np.exp(log_mass), strict=True):
        rise = rates[:, None, None] * np.maximum(t[1:] - lag, 0) / noise  # (rates, 1, exams)
        flat += share * likely @ (ndtr(base - rise).prod(-1) @ weight)
    return float(flat)
