"""Experiments of the chapter "Passenger and passage". Teaching model: no clinical use."""

import math
from functools import cache

import numpy as np
from scipy.special import ndtri

from smlib import labor as la
from smlib import labor_trial
from smlib.memo import remembered

#: Simulated trials of each kind.
TRIALS = 4000
#: Deflexion, degrees, at which the head presents its occipitofrontal diameter of 11.5 cm.
MILITARY = math.degrees(math.acos(math.sqrt((13.5**2 - 11.5**2) / (13.5**2 - 9.5**2))))
#: Share of arrested labors that are anatomic before the trial: what Rouse et al. 1999 imply.
PRIOR = 0.18
#: More power, MVU, where an arrest is tried with it.
STRONG = 280
HOURS = np.arange(17)
#: Truth of a trial and the rate of it, cm/h, None for that of the case.
TRUTHS = {
    "dynamic": ("dynamic", None),
    "slow": ("dynamic, but slow: 0.3 cm/h", 0.3),
    "anatomic": ("anatomic", 0.0),
    "watched": ("either, and nothing is changed", 0.0),
}
LAW = labor_trial.ProgressLaw()
#: Six cases: each stands for a sixth of the waiting times, and for another of the rates.
WAITS = -LAW.lag_mean_h * np.log(1 - (np.arange(6) + 0.5) / 6)
RATES = LAW.rate_median_cm_h * np.exp(
    LAW.rate_log_sd * ndtri((np.array([3, 0, 4, 1, 5, 2]) + 0.5) / 6)
)


def dilation(truth, case, t):
    """True dilation, cm, at most 10, and the rate and waiting time behind it."""
    rate, wait = TRUTHS[truth][1], WAITS[case - 1]
    rate = RATES[case - 1] if rate is None else rate
    return np.minimum(4 + rate * np.maximum(t - wait, 0), 10), rate, wait


@cache
def trial(truth, interval, error, case):
    """One trial: exam times, readings, log Bayes factor, index and verdict of Wald's test, and
    whether it ended at full dilation."""
    true, *_ = dilation(truth, case, HOURS)
    read = true + error * np.random.default_rng(case).standard_normal(HOURS.size)
    t, true, read = (x[::interval] for x in (HOURS, true, read))
    full = np.flatnonzero(true >= 10)
    t, read = (x[: full[0] + 1] if full.size else x for x in (t, read))
    rate = 0.0 if truth == "watched" else LAW.rate_median_cm_h
    law = {"reading_sd_cm": error, "rate_median_cm_h": rate}
    record = labor_trial.log_bayes_factor(t, read, **law)
    at, verdict = labor_trial.wald_test(t, read, **law)
    return t, read, record, at, verdict, bool(full.size)


@remembered
def many_trials(every, rate=LAW.rate_median_cm_h, spread=LAW.rate_log_sd, **law):
    """Of `TRIALS` of 24 hours the mean hours to a verdict, and per cent called anatomic and
    dynamic."""
    t = np.arange(0, 25, every)
    _, y = labor_trial.simulate_trials(t, TRIALS, rate_median_cm_h=rate, rate_log_sd=spread, seed=1)
    at, verdict = labor_trial.wald_test(t, y, **law)
    return t[at].mean(), 100 * np.mean(verdict == -1), 100 * np.mean(verdict == 1)


@cache
def population():
    """100 000 simulated women, and their verdicts."""
    women = la.sample_labors(100_000, seed=0)
    verdict = la.diagnose(women.power_mvu, women.mismatch_now, women.mismatch_best)
    return women, verdict


def resolved():
    """Per cent of the arrests that end with more power, with flexion, and with both."""
    women, verdict = population()
    stalled = verdict != "progress"
    power, now, best = (
        x[stalled] for x in (women.power_mvu, women.mismatch_now, women.mismatch_best)
    )
    strong = np.maximum(power, STRONG)
    cures = {"power": (strong, now), "flexion": (power, best), "both": (strong, best)}
    return {
        name: 100 * float((p > la.resistance_mvu(m)).mean()) for name, (p, m) in cures.items()
    } | {"anatomic": 100 * float((verdict == "anatomic").sum() / stalled.sum())}


def rouse():
    """What Rouse et al. 1999 imply: the Bayes factors for anatomic of no progress at 2 h and at
    2 and 4 h, and the probability of anatomic before the trial by each of their two shares."""
    factors = [
        labor_trial.flat_probability(t, rate_median_cm_h=0) / labor_trial.flat_probability(t)
        for t in ([0, 2], [0, 2, 4])
    ]
    odds = [share / (1 - share) / f for share, f in zip((0.26, 0.44), factors, strict=True)]
    return factors, [x / (1 + x) for x in odds]


@cache
def flat_posterior(prior, hours=16):
    """Probability of anatomic after flat readings every hour."""
    t = np.arange(hours + 1)
    return labor_trial.posterior_anatomic(labor_trial.log_bayes_factor(t, 0.0 * t), prior)
