"""What is left over when a closure has replaced the fast half of a system? (Chapter "The
thunderstorm in the grid cell".)

Closures U = P(X) + e fitted to the two-scale model `smlib.lorenz96` (Wilks 2005), and scores of
what they do. Times are in its units, arrays of X and U are (times, members, K).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from smlib import rules
from smlib.checks import checked, plain
from smlib.lorenz96 import COUNT, L96, SEED, blocks, finite, integrate_l96, quiet
from smlib.workers import WORKERS, mapper

__all__ = ["SCHEMES", "Closure", "autocorrelation", "ensemble_scores", "fit_closure"]
__all__ += ["integrate_closure", "memory_time", "pdf_distance", "separation_errors"]
__all__ += ["subgrid_tendency"]

SCHEMES = ("euler", "rk2", "rk4")
SCHEME, MEMORY = rules.Choice(*SCHEMES), rules.Choice("efold", "lag1")
#: A field is (times, members, K); a much higher degree would only fill the memory.
FIELD, DEGREE = rules.Reals(ndim=3), rules.Whole(0, 20)
_BLOCK = 512  # runs computed together


def _resolved(x, F):
    """Tendency of X without the fast variables, cells on the first axis."""
    ring = np.concatenate((x[-2:], x, x[:1]))
    slope = ring[:-3] - ring[3:]
    slope *= ring[1:-2]
    slope += x
    return np.subtract(F, slope, out=slope)


def _increment(slope, x, dt, scheme):
    """Change of x over one step, divided by dt."""
    first = slope(x)
    if scheme == "euler":
        return first
    second = slope(x + dt / 2 * first)
    if scheme == "rk2":
        return second
    third = slope(x + dt / 2 * second)
    total = slope(x + dt * third)
    total += first
    total += 2 * second
    total += 2 * third
    return total / 6


@checked
def subgrid_tendency(X: FIELD, F: rules.NUMBER, dt: rules.POSITIVE, scheme: SCHEME = "euler"):
    """What one step of the resolved model, without closure, lacks to reach the next X, over -dt.

    With "euler" this is the forward difference to which closures are usually fitted (Wilks 2005);
    it differs from the coupling U by -dt/2 times the second derivative of X. `X` is
    (times, members, K) at intervals `dt`; `scheme` is one of `SCHEMES`, "rk2" being the midpoint
    rule. Returns (times - 1, members, K).

    Examples
    --------
    >>> run = integrate_l96(L96(), t_run=0.1)
    >>> subgrid_tendency(run.X, 20.0, 0.005).shape
    (20, 1, 8)
    """
    if len(X) < 2 or X.shape[2] < 4:
        raise ValueError(f"X must have 2 times and 4 cells or more, got shape {X.shape}")
    cells = np.moveaxis(X, 2, 0)
    lacking = _increment(partial(_resolved, F=F), cells[:, :-1], dt, scheme)
    lacking -= np.diff(cells, axis=1) / dt
    return np.moveaxis(lacking, 0, 2)


@checked(infinite=True)  # the range may be
@dataclass(frozen=True)
class Closure:
    """U = P(X) + e: a polynomial, evaluated at X moved into `x_range`, and noise with a memory.

    `coef` ascending; e has standard deviation `sigma` and correlation exp(-t / tau), which is white
    for tau = 0; `r2` is the share of the variance of U that P explains. Call it for P(X).

    Examples
    --------
    >>> Closure((1.0, 2.0), x_range=(-1.0, 1.0))([0.0, 0.5, 7.0]).tolist()
    [1.0, 2.0, 3.0]
    """

    coef: rules.Each(rules.NUMBER)
    sigma: rules.NONNEGATIVE = 0.0
    tau: rules.NONNEGATIVE = 0.0
    r2: float = np.nan
    x_range: rules.Each(rules.Real("[-inf, inf]")) = (-np.inf, np.inf)

    def __post_init__(self):
        if not isinstance(self.r2, int | float | np.number):
            raise ValueError(f"r2 must be a number or nan, got {self.r2!r:.60}")
        if len(self.x_range) != 2 or self.x_range[0] > self.x_range[1]:
            raise ValueError(f"x_range must hold the lower and the upper end, got {self.x_range!r}")

    @checked
    def __call__(self, X: rules.NUMBERS):
        """Tendency that the closure puts in place of the fast variables at `X`."""
        return plain(self._at(X))

    def _at(self, x):
        """P(X) in the midst of a run, whose end tells whether it stayed finite."""
        x = np.clip(x, *self.x_range)
        value = np.full_like(x, self.coef[-1])
        for coefficient in self.coef[-2::-1]:
            value *= x
            value += coefficient
        return value

    @checked
    def phi(self, dt: rules.POSITIVES):
        """Correlation of e over a time `dt`."""
        return plain(np.exp(-dt / self.tau) if self.tau else 0.0 * dt)


def _centred(series):
    """Less its mean; all 0 if it is constant, when a mean may be off by a rounding."""
    series = np.atleast_1d(series)
    series = series - series.flat[0]
    return series - series.mean()


def _correlations(series):
    """Correlation at lag 1, 2, ... of series of mean 0 along the first axis, over all of them."""
    variance = np.mean(series**2)
    for lag in range(1, len(series)):
        yield np.mean(series[lag:] * series[:-lag]) / variance


@checked
def autocorrelation(series: rules.NUMBERS, lags: rules.Whole(0)):
    """Correlation at lags 0 ... `lags` along the first axis, over all other axes together.

    Examples
    --------
    >>> autocorrelation([1.0, -1.0, 1.0, -1.0], 2).tolist()
    [1.0, -1.0, 1.0]
    """
    centred = _centred(series)
    if lags >= len(centred):
        raise ValueError(f"lags must be below {len(centred)}, the length of series, got {lags}")
    found = _correlations(centred)
    return np.array([1.0, *(rho for rho, _ in zip(found, range(lags), strict=False))])


@checked
def memory_time(series: rules.NUMBERS, dt: rules.POSITIVE, memory: MEMORY = "efold"):
    """Correlation time of a series, first axis time at intervals `dt`, all axes together.

    "efold": when the correlation first falls to 1/e, straight lines between lags. "lag1": the time
    of the AR(1) process that has the same correlation at the first lag.
    """
    centred, before = _centred(series), 1.0
    if not centred.any():
        raise ValueError("series must vary")
    for lag, rho in enumerate(_correlations(centred), 1):
        if memory == "lag1":
            if rho >= 1:
                break
            return float(-dt / np.log(rho)) if rho > 0 else 0.0
        if rho <= np.exp(-1):
            return float(dt * (lag - (np.exp(-1) - rho) / (before - rho)))
        before = rho
    raise ValueError(f"series must be longer than its memory, got {len(centred)} times of {dt}")


@checked
def fit_closure(
    X: FIELD, U: FIELD, dt: rules.POSITIVE, degree: DEGREE = 4, memory: MEMORY = "efold"
):
    """Least squares of U on powers of X at the same place and time, over all samples.

    `X` and `U` are (times, members, K) at intervals `dt`; `degree` is at most 20; `memory` says how
    the time of the residual is read (see `memory_time`). Returns a `Closure`, whose range is that
    of X; without noise, if no more than rounding is left of U.

    Examples
    --------
    >>> x = np.linspace(-1, 1, 101)[:, None, None]
    >>> closure = fit_closure(x, 1 + 2 * x + 0.1 * np.sin(40 * x), 0.01, degree=1)
    >>> [round(a, 1) for a in closure.coef]
    [1.0, 2.0]
    """
    if X.shape != U.shape:
        raise ValueError(f"U must have the shape {X.shape} of X, got {U.shape}")
    low, high = float(X.min()), float(X.max())
    centre, half = (low + high) / 2, (high - low) / 2 or 1.0
    # Normal equations are well conditioned in Legendre polynomials of the range.
    basis = np.polynomial.legendre.legvander((X - centre) / half, degree).reshape(-1, degree + 1)
    gram, right = basis.T @ basis, basis.T @ U.reshape(-1)
    weights, *_ = np.linalg.lstsq(gram, right, rcond=None)
    residual = U - (basis @ weights).reshape(U.shape)
    series = np.polynomial.Legendre(weights, domain=(low, low + 2 * half))
    coef = series.convert(kind=np.polynomial.Polynomial, domain=(-1, 1)).coef
    coef = tuple(np.pad(coef, (0, degree + 1 - len(coef))).tolist())
    if np.abs(residual).max() <= 1e-12 * np.abs(U).max():
        return Closure(coef, r2=1.0, x_range=(low, high))
    r2 = float(1 - residual.var() / U.var())
    tau = memory_time(residual, dt, memory)
    return Closure(coef, float(residual.std()), tau, r2, (low, high))


def _closed(closure, F, dt, steps, every, scheme, noise, block):
    """One block: X at the times to be saved, members last. `closure` may be None."""
    x, child = block
    saved = np.empty((steps // every + 1, *x.shape))
    e = phi = kick = 0.0
    rng = np.random.default_rng(child)
    if noise:
        phi = closure.phi(dt)
        kick = closure.sigma * np.sqrt(1 - phi**2)
        e = closure.sigma * rng.standard_normal(x.shape)

    def slope(x):
        rate = _resolved(x, F)
        if closure is not None:
            rate -= closure._at(x)
        if noise:
            rate -= e
        return rate

    for step in range(steps + 1):
        if step % every == 0:
            saved[step // every] = x
        if step == steps:
            break
        x = x + dt * _increment(slope, x, dt, scheme)
        if noise:
            e = phi * e + kick * rng.standard_normal(x.shape)
    return saved


@checked
def integrate_closure(
    X0: rules.Reals(ndim=2),
    F: rules.NUMBER,
    closure: rules.Of(Closure) | None,
    t_run: rules.NONNEGATIVE,
    dt: rules.POSITIVE = 0.005,
    n_ens: COUNT = 1,
    noise: rules.Flag() = True,
    save_every: COUNT = 1,
    seed: SEED = 0,
    scheme: SCHEME = "rk4",
    workers: WORKERS = 1,
):
    """Run the slow variables alone, with a closure in place of the fast ones.

    Parameters
    ----------
    X0 : array_like, shape (M, K)
        Starts, say the truth at M times.
    F : float
        Forcing.
    closure : Closure or None
        None runs without one. Its noise, held over a step, starts at e ~ N(0, sigma^2).
    t_run, dt : float
        Length and step.
    n_ens : int
        Runs from each start; they differ in their noise.
    noise : bool
        False leaves the noise out.
    save_every, seed, workers
        As in `smlib.lorenz96.integrate_l96`; blocks here hold 512 runs.
    scheme : {"rk4", "rk2", "euler"}

    Returns
    -------
    (t, X)
        Shapes (times,) and (times, n_ens, M, K).

    Raises
    ------
    ValueError
        Also if the state does not stay finite: `dt` is too large.

    Examples
    --------
    >>> t, X = integrate_closure([[1.0, 2.0, 3.0, 4.0]], 8.0, Closure((0.0, 0.5)), 0.1, n_ens=2)
    >>> X.shape
    (21, 2, 1, 4)
    """
    if X0.shape[1] < 4:
        raise ValueError(f"X0 must have 4 cells or more, got shape {X0.shape}")
    steps, every = round(t_run / dt), save_every
    if steps < 1:
        raise ValueError(f"t_run must be at least dt={dt}, got {t_run!r}")
    M, K = X0.shape
    starts = np.ascontiguousarray(np.tile(X0, (n_ens, 1)).T)
    slices, seeds = blocks(n_ens * M, _BLOCK, seed)
    noise = noise and closure is not None and closure.sigma > 0
    work = partial(quiet, _closed, closure, F, dt, steps, every, scheme, noise)
    given = [(starts[:, part], child) for part, child in zip(slices, seeds, strict=True)]
    saved = np.empty((steps // every + 1, K, n_ens * M))
    with mapper(workers) as spread:
        for part, found in zip(slices, spread(work, given), strict=True):
            saved[..., part] = found
    finite(saved, dt)
    X = np.moveaxis(saved.reshape(-1, K, n_ens, M), 1, 3)
    return dt * every * np.arange(steps // every + 1), X


@checked
def pdf_distance(x: rules.NUMBERS, y: rules.NUMBERS, bins: rules.Reals(ndim=1) | None = None):
    """Distances of the distributions of two samples: 0 if they are alike, 1 if they do not overlap.

    "hellinger", sqrt(1 - sum sqrt(p q)) on `bins` (edges; default: 0.5 apart from -20 to 25), the
    ends taking what lies beyond them, and "ks", the largest difference of the two cumulative shares
    (Kolmogorov and Smirnov). Two samples of one distribution do not give 0: compare with that.

    Examples
    --------
    >>> {name: round(d, 3) for name, d in pdf_distance([0, 1, 2, 3], [2, 3, 4, 5]).items()}
    {'hellinger': 0.707, 'ks': 0.5}
    """
    edges = np.arange(-20, 25.25, 0.5) if bins is None else bins
    if len(edges) < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"bins must hold increasing edges, at least 2, got {edges.tolist()!r:.60}")
    inner = edges[1:-1]
    x, y = np.sort(x, axis=None), np.sort(y, axis=None)
    p, q = (np.diff(np.searchsorted(s, inner), prepend=0, append=s.size) / s.size for s in (x, y))
    at = np.concatenate((x, y))
    above = (np.searchsorted(s, at, side="right") / s.size for s in (x, y))
    overlap = np.sqrt(p * q).sum()
    # 1 - overlap, for samples that are alike without cancellation: 0 to the last bit if they are.
    apart = 1 - overlap if overlap < 0.5 else np.square(np.sqrt(p) - np.sqrt(q)).sum() / 2
    return {
        "hellinger": float(np.sqrt(apart)),
        "ks": float(np.abs(np.subtract(*above)).max()),
    }


@checked
def ensemble_scores(ens: rules.Reals(ndim=4), truth: FIELD):
    """Error of the ensemble mean and spread of the members, which are equal if it is reliable.

    `ens` is (times, N, M, K), `truth` (times, M, K). "rmse" and "spread" are (times,): root mean
    squares over cases and cells; the spread sqrt(variance (1 + 1/N)) is 0 for one member.

    Examples
    --------
    >>> scores = ensemble_scores(np.ones((1, 2, 1, 4)), np.zeros((1, 1, 4)))
    >>> scores["rmse"].tolist(), scores["spread"].tolist()
    ([1.0], [0.0])
    """
    nt, n, *rest = ens.shape
    if truth.shape != (nt, *rest):
        raise ValueError(f"truth must have the shape {(nt, *rest)} of ens, got {truth.shape}")
    error = ens.mean(axis=1) - truth
    variance = ens.var(axis=1, ddof=1) if n > 1 else np.zeros_like(error)
    return {
        "rmse": np.sqrt(np.mean(error**2, axis=(1, 2))),
        "spread": np.sqrt(np.mean(variance, axis=(1, 2)) * (1 + 1 / n)),
    }


@checked
def separation_errors(
    c: rules.Reals("(0, inf)", ndim=1),
    *,
    lead: rules.Real("(0, 5]") = 0.25,
    degree: DEGREE = 4,
    n_members: COUNT = 64,
    seed: SEED = 0,
    workers: WORKERS = 1,
):
    """Forecast error against the time-scale ratio at fixed coupling, with and without a closure.

    For each ratio in `c` the model `L96.held(c)` is run with `n_members` over 3 units of spin-up
    and 8 leads. A deterministic polynomial is fitted to the coupling U of the first half, and
    forecasts start from the perfect X at each lead of the second. The cost goes with c: about 2 s
    for 4, 10, 20 and 40 together.

    Returns
    -------
    dict
        "closure", "none": root mean square errors of X at `lead`; "r2" of the fit; each like `c`.

    Examples
    --------
    >>> errors = separation_errors([10.0], n_members=16)
    >>> bool(errors["closure"][0] < errors["none"][0] / 3)
    True
    """
    found = {"closure": [], "none": [], "r2": []}
    for ratio in c:
        p, inner = L96.held(ratio), int(np.ceil(4 * lead * max(ratio, 5)))  # of 5 steps, dt <= 0.01
        dt = lead / inner / 5
        run = integrate_l96(p, 8 * lead, dt, n_members, 3.0, 5, seed.entropy, workers=workers)
        X, U, half = run.X, run.U, 4 * inner
        closure = fit_closure(X[:half], U[:half], 5 * dt, degree, "lag1")
        found["r2"].append(closure.r2)
        start, end = (X[half + late : 8 * inner + late : inner] for late in (0, inner))
        start, end = start.reshape(-1, p.K), end.reshape(-1, p.K)
        for name, used in (("closure", closure), ("none", None)):
            _, forecast = integrate_closure(start, p.F, used, lead, lead / 50, noise=False)
            found[name].append(np.sqrt(np.mean((forecast[-1, 0] - end) ** 2)))
    return {name: np.array(values) for name, values in found.items()}
