"""Experiments of the chapter "The thunderstorm in the grid cell"."""

from functools import lru_cache

import numpy as np

from smlib import closures
from smlib import lorenz96 as l96
from smlib.memo import remembered

#: Side of the storm, of the region, and the latent heat flux of the whole earth (Wild et al. 2013).
STORM, REGION, LATENT = 1.0, 100.0, 85.0  # km, km, W/m^2
#: Sampling interval of all records, which is the step of the published closures.
DT = 0.005
#: Members, spin-up and length of a record, and what of it the distributions keep.
MEMBERS, SPINUP, LENGTH, EVERY = 64, 3.0, 12.0, 10
#: Forecasts: their leads, and how many members each ensemble has.
LEADS, ENSEMBLE = np.arange(0, 1.51, 0.05), 16


@lru_cache(6)
def record(c, b, h, seed):
    """A run of the two-scale model, sampled every 0.005, with a step of at most 0.06 / c."""
    every = max(1, int(np.ceil(c / 12)))
    p = l96.L96(c=c, b=b, h=h)
    return l96.integrate_l96(p, LENGTH, DT / every, MEMBERS, SPINUP, every, seed)


@remembered
def fitted(c, b, h, degree=4, target="coupling", memory="efold", dt=DT):
    """A closure fitted to the coupling or to forward differences over `dt`."""
    run, F = record(c, b, h, 1), l96.L96().F
    X, U = run.X[:: round(dt / DT)], run.U[:: round(dt / DT)]
    if target == "difference":
        U = closures.subgrid_tendency(X, F, dt)
    return closures.fit_closure(X[: len(U)], U, dt, degree, memory)


def climate(c, b, h, closure, noise, scheme="rk4", seed=2):
    """X of a model with `closure`, as many samples as `truth` has."""
    start = record(c, b, h, 1).X[0]
    t_run = SPINUP + LENGTH
    F = l96.L96().F
    run = closures.integrate_closure(start, F, closure, t_run, DT, 1, noise, EVERY, seed, scheme)[1]
    return run[run.shape[0] - round(LENGTH / DT / EVERY) - 1 :, 0]


def truth(c, b, h, seed):
    """X of the two-scale model; another seed than 1 gives the floor of all distances."""
    return record(c, b, h, seed).X[::EVERY]


def distance(c, b, h, X):
    """Kolmogorov-Smirnov distance to the truth."""
    return closures.pdf_distance(X, truth(c, b, h, 1))["ks"]


@remembered
def forecasts(c, b, h, closure, n_ens=1):
    """Error and spread at `LEADS` from the perfect X, 128 cases of a record not fitted to."""
    run, stride = record(c, b, h, 3), round(0.05 / DT)
    begins = np.array([0, 6]) * round(1 / DT)
    start = run.X[begins].reshape(-1, run.X.shape[2])
    after = [run.X[at : at + stride * len(LEADS) : stride] for at in begins]
    after = np.concatenate(after, axis=1)
    noise = n_ens > 1
    F = l96.L96().F
    X = closures.integrate_closure(start, F, closure, LEADS[-1], DT, n_ens, noise, stride, 4)[1]
    return closures.ensemble_scores(X, after)


def amplitude(c, coupling):
    """b of the model: Lorenz's, or the one that leaves the feedback at its strength for c = 10."""
    return float(l96.L96.held(c).b) if coupling == "held" else 10.0


@remembered
def points(c, b, h, count=240):
    """X and U for a scatter, from all members and times of a record."""
    run = record(c, b, h, 1)
    at = np.random.default_rng(0).integers(0, run.X.size, count)
    return run.X.ravel()[at], run.U.ravel()[at]


#: Where the distributions of X are counted.
EDGES = np.linspace(-15, 20, 51)


def _density(X):
    return np.histogram(X, EDGES)[0] / X.size / (EDGES[1] - EDGES[0])


@remembered
def experiment(c, b, h):
    """Yields the fraction done of an experiment with a record and three models in its place.

    Returns a dict of the quartic closure, the memories of its residual by the first lag and of X,
    the sd of X and the range of most of it, and by "truth", "none", "quartic" and "noise" densities
    and distances of the climate ("truth": of another one), and scores of forecasts.
    """
    run = record(c, b, h, 1)
    yield 0.2
    closure = fitted(c, b, h)
    found = {
        "closure": closure,
        "lag1": fitted(c, b, h, memory="lag1").tau,
        "memory": closures.memory_time(run.X, DT),
        "sd": float(run.X.std()),
        "range": np.quantile(run.X[::50], (0.002, 0.998)),
        "density": {"truth": _density(truth(c, b, h, 1))},
        "ks": {},
    }
    yield 0.35
    models = {"none": (None, False), "quartic": (closure, False), "noise": (closure, True)}
    for done, (name, (used, noise)) in enumerate(models.items(), 1):
        X = climate(c, b, h, used, noise)
        found["density"][name], found["ks"][name] = _density(X), distance(c, b, h, X)
        yield 0.35 + 0.07 * done
    found["ks"]["truth"] = distance(c, b, h, truth(c, b, h, 3))
    yield 0.85
    found["scores"] = {
        name: forecasts(c, b, h, used, ENSEMBLE if noise else 1)
        for name, (used, noise) in models.items()
    }
    return found


#: The four ways to pair a fit with a stepper.
PAIRS = tuple(
    (target, scheme) for target in ("coupling", "difference") for scheme in ("rk4", "euler")
)


@remembered
def steppers():
    """For each of `PAIRS` at c = 4, cubic without noise: (KS, sd of X); and the floor and the sd of
    the truth under "truth"."""
    where = (4, 10.0, 1)
    found = {"truth": (distance(*where, truth(*where, 3)), float(truth(*where, 1).std()))}
    for target, scheme in PAIRS:
        closure = fitted(*where, 3, target, "lag1")
        X = climate(*where, closure, False, scheme)
        found[target, scheme] = distance(*where, X), float(X.std())
    return found


@remembered
def memories():
    """Autocorrelation of the residual at c = 10 at lags of 0.005, and the two readings of it."""
    run, where = record(10, 10.0, 1, 1), (10, 10.0, 1)
    closure = fitted(*where)
    rho = closures.autocorrelation(run.U - closure(run.X), 100)
    return rho, closure.tau, fitted(*where, memory="lag1").tau


#: Time-scale ratios of the still below.
RATIOS = (2, 4, 6, 10, 16, 24, 40)


@remembered
def separation():
    """Errors at lead 0.25 for `RATIOS` at fixed coupling."""
    return closures.separation_errors(RATIOS)
