"""A system with a slow and a fast half: the two-scale model of Lorenz (1996). (Chapter "The
thunderstorm in the grid cell".)

K slow variables X and J fast ones Y beneath each,

    dX_k/dt = -X_{k-1} (X_{k-2} - X_{k+1}) - X_k + F - U_k,   U_k = (h c / b) sum_j Y_{j,k},
    dY_j/dt = -c b Y_{j+1} (Y_{j+2} - Y_{j-1}) - c Y_j + (h c / b) X_k,   Y one periodic chain.

One time unit is about five days of weather (Lorenz). Times are in these units, arrays of X and U
are (times, members, K).
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from smlib import rules
from smlib.checks import checked
from smlib.rules import reals
from smlib.workers import WORKERS, mapper

__all__ = ["L96", "Run", "integrate_l96"]

COUNT, SEED = rules.Whole(), rules.Seed(sequence=True)
#: Members computed together: few enough for the cache, enough to hide the cost of a call.
_BLOCK = 64


@checked
@dataclass(frozen=True)
class L96:
    """Parameters of the two-scale model; the defaults are those of Wilks (2005).

    K slow variables (at least 4), J fast ones under each, forcing F, coupling h, amplitude ratio b,
    time-scale ratio c.

    Examples
    --------
    >>> [round(p.coupling, 6) for p in (L96(), L96(c=20), L96.held(20))]
    [3.2, 6.4, 3.2]
    """

    K: rules.Whole(4) = 8
    J: COUNT = 32
    F: rules.NUMBER = 20.0
    h: rules.NUMBER = 1.0
    b: rules.POSITIVE = 10.0
    c: rules.POSITIVE = 10.0

    @classmethod
    @checked
    def held(cls, c: rules.POSITIVE, **others):
        """Time-scale ratio `c` with b = sqrt(10 c), so that c leaves the coupling as it is (the
        scaling of Fatkullin & Vanden-Eijnden 2004); other parameters as in the class."""
        return cls(c=c, b=np.sqrt(np.multiply(10, c)), **others)

    @property
    @checked
    def coupling(self):
        """Strength of the feedback of the fast variables on the slow ones, h^2 c J / b^2."""
        return float(self.h**2 * self.c * self.J / self.b**2)


@dataclass(frozen=True)
class Run:
    """Times t (times,), X and U (times, members, K), and the last state, (X (members, K),
    Y (members, K, J)), from which a run can be continued."""

    t: np.ndarray
    X: np.ndarray
    U: np.ndarray
    state: tuple


def _ring(padded, front, back):
    """Copy the ends of a periodic chain into the `front` and `back` rows that pad it."""
    padded[:front] = padded[-back - front : -back]
    padded[-back:] = padded[front : front + back]


def _truth(p, dt, steps, skip, every, block):
    """One block of members: (X, U) at the times to be saved and the last state, members last.

    The fast variables are y = b Y, which leaves one product in their tendency, -c [y_{+1} (y_{+2} -
    y_{-1}) + y - h X]. Classical Runge-Kutta, in place, on chains padded by their own ends.
    """
    x0, y0 = block
    (K, m), n, gain = x0.shape, y0.shape[0], p.h * p.c / p.b**2
    xs, ys = np.empty((K + 3, m)), np.empty((n + 3, m))
    x, y = xs[2:-1], ys[1:-2]
    x[:], y[:] = x0, y0
    fast = y.reshape(K, p.J, m)
    kx, sx, hx, u = (np.empty((K, m)) for _ in range(4))
    ky, sy = np.empty((2, n, m))
    ky_cells = ky.reshape(K, p.J, m)
    saved = np.empty((2, (steps - skip) // every + 1, K, m))

    def slopes():
        """Minus the tendency into kx, minus that over c into ky, and the coupling into u."""
        _ring(xs, 2, 1), _ring(ys, 1, 2)
        np.add.reduce(fast, 1, out=u)
        np.multiply(u, gain, out=u)
        np.subtract(xs[:-3], xs[3:], out=kx)
        np.multiply(kx, xs[1:-2], out=kx)
        np.add(kx, x, out=kx)
        np.add(kx, u, out=kx)
        np.subtract(kx, p.F, out=kx)
        np.subtract(ys[3:], ys[:-3], out=ky)
        np.multiply(ky, ys[2:-1], out=ky)
        np.add(ky, y, out=ky)
        np.multiply(x, p.h, out=hx)
        np.subtract(ky_cells, hx[:, None], out=ky_cells)

    for step in range(steps + 1):
        slopes()
        if step >= skip and (step - skip) % every == 0:
            saved[:, (step - skip) // every] = x, u
        if step == steps:
            break
        x0[:], y0[:] = x, y
        sx[:], sy[:] = kx, ky
        for part, last in ((0.5, False), (0.25, False), (0.5, True)):  # k is doubled after use
            for k, z, start, rate in ((kx, x, x0, part * dt), (ky, y, y0, part * dt * p.c)):
                np.multiply(k, rate, out=z)
                np.subtract(start, z, out=z)
            slopes()
            for k, total in ((kx, sx), (ky, sy)):
                if not last:
                    np.multiply(k, 2, out=k)
                np.add(total, k, out=total)
        for total, z, start, rate in ((sx, x, x0, dt / 6), (sy, y, y0, dt * p.c / 6)):
            np.multiply(total, rate, out=total)
            np.subtract(start, total, out=z)
    return saved, x.copy(), y.copy()


def blocks(total, size, seed):
    """Slices of at most `size` members, each with a child of the seed, whatever the workers."""
    slices = [slice(i, min(i + size, total)) for i in range(0, total, size)]
    return slices, seed.spawn(len(slices))


def finite(array, dt):
    if not np.isfinite(array).all():
        raise FloatingPointError(f"the state is no longer finite: dt={dt} is too large")


@checked
def integrate_l96(
    p: rules.Of(L96),
    t_run: rules.NONNEGATIVE,
    dt: rules.POSITIVE = 0.005,
    n_members: COUNT = 1,
    spinup: rules.NONNEGATIVE = 5.0,
    save_every: COUNT = 1,
    seed: SEED = 0,
    state: rules.Each() | None = None,
    workers: WORKERS = 1,
):
    """Run the two-scale model of Lorenz with independent members.

    Parameters
    ----------
    p : L96
    t_run, dt, spinup : float
        Length of what is saved, step, and length of what is dropped before it (not on a restart).
        Classical Runge-Kutta; dt up to about 0.06 / c is stable, and at most 0.02.
    n_members : int
        Members start at X ~ N(3, 3^2), Y ~ N(0, 0.1^2).
    save_every : int
        Steps from one saved time to the next.
    seed : int or None
        Goes to `numpy.random.SeedSequence`.
    state : (X (members, K), Y (members, K, J)), optional
        Start here, without spin-up; `n_members` is taken from it.
    workers : int or map-like callable
        As in `scipy.optimize`: 1, n processes, -1 for one a core, or the map of a pool of processes
        or of a Dask client. Members go in blocks of 64, each with its own child of the seed, so
        that results are equal to the last bit for any number. Processes cost about a second to
        start: they pay for long climates of more than 64 members, not for a forecast.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        Also if the state does not stay finite: `dt` is too large.

    Examples
    --------
    >>> run = integrate_l96(L96(), t_run=1.0, n_members=3, save_every=20)
    >>> run.X.shape, run.state[1].shape
    ((11, 3, 8), (3, 8, 32))
    """
    run, skip, every = round(t_run / dt), round(spinup / dt), save_every
    if run < 1:
        raise ValueError(f"t_run must be at least dt={dt}, got {t_run!r}")
    n, members = p.K * p.J, n_members
    if state is not None:
        if len(state) != 2:
            raise ValueError(f"state must be a pair (X, Y), got {state!r:.60}")
        X, Y = reals("state X", state[0], ndim=2), reals("state Y", state[1], ndim=3)
        members, skip = len(X), 0
        if X.shape != (members, p.K) or Y.shape != (members, p.K, p.J):
            raise ValueError(f"state must fit K={p.K}, J={p.J}, got {X.shape} and {Y.shape}")
    slices, seeds = blocks(members, _BLOCK, seed)
    starts = []
    for part, child in zip(slices, seeds, strict=True):
        if state is None:
            rng, m = np.random.default_rng(child), part.stop - part.start
            x, y = rng.normal(3, 3, (p.K, m)), rng.normal(0, 0.1, (n, m))
        else:
            x, y = X[part].T.copy(), Y[part].reshape(-1, n).T
        starts.append((x, p.b * y))
    saved = np.empty((2, run // every + 1, p.K, members))
    last_x, last_y = np.empty((p.K, members)), np.empty((n, members))
    work = partial(quiet, _truth, p, dt, skip + run, skip, every)
    with mapper(workers) as spread:
        for part, (xu, x, y) in zip(slices, spread(work, starts), strict=True):
            saved[..., part], last_x[:, part], last_y[:, part] = xu, x, y
    for array in (saved, last_x, last_y):
        finite(array, dt)
    X, U = np.swapaxes(saved, 2, 3)
    t = dt * every * np.arange(run // every + 1)
    return Run(t, X, U, (last_x.T, (last_y / p.b).T.reshape(members, p.K, p.J)))


def quiet(function, *given):
    """Call without warnings of overflow: whoever calls looks for what is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return function(*given)
