"""Soft disks of many sizes in a periodic box are cooled, and crystallize or do not. (Chapter
"Mismatch as the feature".)

Langevin dynamics; lengths, energies and times are in the units of the disks' own potential.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.spatial import Delaunay, QhullError, cKDTree

from smlib import rules
from smlib.checks import checked
from smlib.workers import WORKERS, mapper

__all__ = [
    "Quench",
    "QuenchStep",
    "bond_order",
    "quench_disks",
    "quench_order",
    "quench_steps",
]

CUT, SKIN, FRICTION, STEP, EVERY = 1.8, 0.35, 1.0, 0.005, 100
HOT, COLD, MELT, MELT_STEPS, MELT_STEP, HELD = 2.0, 0.1, 4.0, 1000, 0.004, 0.5
DISTRIBUTIONS, STARTS = ("bidisperse", "uniform"), ("liquid", "crystal")
N_SIDE, SPREAD = rules.Whole(8), "[0, 0.35)"


@checked
def bond_order(positions: rules.Reals(ndim=2), box: rules.Reals("[1e-100, 1e100]", ndim=1)):
    """Sixfold order of the neighbourhood of each point in a periodic box.

    psi6 is the mean of exp(6 i angle) over the bonds to the neighbours in the Delaunay
    triangulation: of size 1 in a triangular lattice, 0.356 on average for points at random.

    Parameters
    ----------
    positions : array_like, shape (n, 2)
        At least 10 points, anywhere.
    box : array_like, shape (2,)
        Its sides, from 1e-100 to 1e100; at most 1e4 times as long as wide, since the plane is
        filled with copies of it as far as the longer side.

    Returns
    -------
    psi6 : ndarray of complex, shape (n,)
    n_neighbours : ndarray of int, shape (n,)
        Six in the mean. Where four points lie on one empty circle the neighbours are ambiguous.
    """
    if positions.shape[1] != 2 or len(positions) < 10:
        raise ValueError(f"positions need the shape (10 or more, 2), got {positions.shape}")
    if box.size != 2:
        raise ValueError(f"box must hold two sides, got {box.tolist()}")
    if box.max() > 1e4 * box.min():
        raise ValueError(f"box must not be longer than 1e4 times its width, got {box.tolist()}")
    n = len(positions)
    place = _wrapped(positions, box)
    reach, full = 6 * np.sqrt(box.prod() / n), np.hypot(*box)
    while True:
        reach = min(reach, full)
        steps = [np.arange(-c, c + 1) for c in np.ceil(reach / box)]
        shifts = np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, 2) * box
        shifts = shifts[
            np.argsort(np.abs(shifts).sum(axis=1), kind="stable")
        ]  # the box itself first
        cloud = (shifts[:, None] + place).reshape(-1, 2)
        near = np.all((cloud > -reach) & (cloud < box + reach), axis=1)
        near[:n] = True
        cloud = cloud[near]
        try:
            mesh = Delaunay(cloud)
        except QhullError:
            mesh = None
        if mesh is None or len(mesh.coplanar):
            raise ValueError(f"positions must differ from one another in box {box.tolist()}")
        corners = mesh.simplices[(mesh.simplices < n).any(axis=1)]
        # A triangle is right if its circle, at most two radii away, lies within the copies.
        if reach == full or 2 * _circumradius(cloud[corners]).max() <= reach:
            break
        reach *= 2
    ends = np.concatenate([corners[:, [a, b]] for a in range(3) for b in range(3) if a != b])
    codes = np.unique(ends[ends[:, 0] < n] @ [len(cloud), 1])
    here, there = np.divmod(codes, len(cloud))
    bond = (cloud[there] - cloud[here]) @ [1, 1j]
    turned = (bond / np.abs(bond)) ** 6
    count = np.bincount(here, minlength=n)
    psi = np.bincount(here, turned.real, n) + 1j * np.bincount(here, turned.imag, n)
    return psi / count, count


def _wrapped(x, box):
    """Into [0, box): a remainder of the smallest negative numbers is rounded up to the box."""
    return np.mod(np.mod(x, box), box)


def _circumradius(triangles):
    a, b, c = (triangles @ [1, 1j]).T
    p, q = b - a, c - a
    area = np.abs((np.conj(p) * q).imag) / 2
    with np.errstate(divide="ignore"):
        return np.abs(p) * np.abs(q) * np.abs(p - q) / (4 * area)


@dataclass(frozen=True)
class Quench:
    """Disks after `quench_disks`.

    Attributes
    ----------
    positions : ndarray, shape (n, 2)
        Inside the box.
    diameters : ndarray, shape (n,)
    box : ndarray, shape (2,)
    psi6 : ndarray of complex, shape (n,)
    n_neighbours : ndarray of int, shape (n,)
        As `bond_order` gives them.
    """

    positions: np.ndarray
    diameters: np.ndarray
    box: np.ndarray
    psi6: np.ndarray
    n_neighbours: np.ndarray

    @property
    def local_order(self):
        """Mean size of psi6: how sixfold the neighbourhoods are."""
        return float(np.abs(self.psi6).mean())

    @property
    def global_order(self):
        """Size of the mean of psi6: whether they are turned alike."""
        return float(np.abs(self.psi6.mean()))

    @property
    def six_fraction(self):
        """Share of disks with six neighbours."""
        return float((self.n_neighbours == 6).mean())


class QuenchStep(NamedTuple):
    """State of `quench_steps`: share of the steps done, temperature, and the disks."""

    done: float
    temperature: float
    positions: np.ndarray
    diameters: np.ndarray
    box: np.ndarray

    def measured(self):
        """The disks with their order, a `Quench`."""
        order = bond_order(self.positions, self.box)
        return Quench(self.positions, self.diameters, self.box, *order)


@checked
def quench_steps(
    n_side: N_SIDE = 12,
    polydispersity: rules.Real(SPREAD) = 0.1,
    *,
    distribution: rules.Choice(*DISTRIBUTIONS) = "bidisperse",
    start: rules.Choice(*STARTS) = "liquid",
    n_steps: rules.Whole() = 3000,
    seed: rules.Whole(0) = 0,
) -> Iterator[QuenchStep]:
    """Cool soft disks of several sizes, by Langevin dynamics; yield every 100 steps and at the end.

    The pair force is 12 ((sigma/r)^14 - 1.8^-14) r/sigma^2 up to r = 1.8 sigma, with sigma the mean
    of the two diameters: nearly the inverse 12th power, for which cooling is the same as
    compressing. Units: energy and mass 1, mean square of the diameters 1, one disk per unit area.

    Parameters
    ----------
    n_side : int
        Even, at least 8; there are n_side^2 disks in a box that a triangular lattice fills.
    polydispersity : float
        Standard deviation of the diameters over their mean, in [0, 0.35).
    distribution : {"bidisperse", "uniform"}
        Half of the disks of either size, or diameters spread evenly.
    start : {"liquid", "crystal"}
        Melt, then cool from 2 to 0.1 in equal ratios; or begin as a lattice with the sizes dealt at
        random, hold at 0.5 for four fifths of the steps, then cool to 0.1.
    n_steps : int
        Of 0.005 each; melting takes another 1000.
    seed : int
        Of the random numbers.

    Yields
    ------
    QuenchStep
    """
    if n_side % 2:
        raise ValueError(f"n_side must be even, got {n_side}")
    return _quenched(n_side, polydispersity, distribution, start, n_steps, seed)


def _lattice(n_side):
    """Triangular lattice of unit density that fills its periodic box."""
    a = np.sqrt(2 / np.sqrt(3))
    row, column = np.divmod(np.arange(n_side**2), n_side)
    x = a * (column + 0.25 + 0.5 * (row % 2))
    height = a * np.sqrt(0.75)
    return np.stack([x, height * (row + 0.5)]), n_side * np.array([a, height])


def _diameters(n, spread, distribution, rng):
    quantile = (np.arange(n) + 0.5) / n
    steps = (
        np.where(quantile < 0.5, -1.0, 1.0) if distribution == "bidisperse" else 2 * quantile - 1
    )
    sizes = 1 + spread * steps / steps.std()
    return rng.permutation(sizes / np.sqrt(np.mean(sizes**2)))


class _Neighbours:
    """Pairs of disks that may touch before one has moved by half a skin, and their forces."""

    def __init__(self, x, box, sigma):
        n, side = x.shape[1], box[:, None]
        tree = cKDTree(_wrapped(x, side).T, 8, False, False, boxsize=box)
        i, j = tree.query_pairs(CUT * sigma.max() + SKIN, output_type="ndarray").T.copy()
        d = np.take(x, i, axis=1)
        d -= np.take(x, j, axis=1)
        shift = np.rint(d / side)  # the same until the next list
        shift *= side
        d -= shift
        size = np.take(sigma, i)
        size += np.take(sigma, j)
        size /= 2
        d *= d
        near = np.flatnonzero(d[0] + d[1] < np.square(CUT * size + SKIN))
        self.i, self.j, size = (np.take(each, near) for each in (i, j, size))
        self.shift = np.take(shift, near, axis=1)
        self.square, self.scale = size**2, 12 / size**2
        self.start = x.copy()
        self.flat = np.concatenate([self.i, self.j, self.i + n, self.j + n])
        self.d, self.other = np.empty((2, *self.shift.shape))
        self.push = np.empty((2, 2, near.size))
        self.r2, self.p = np.empty((2, near.size))

    def stale(self, x):
        moved = x - self.start
        moved *= moved
        return (moved[0] + moved[1]).max() > SKIN**2 / 4

    def forces(self, x):
        """Of shape (2, n), by sums over the pairs."""
        d, r2, p = self.d, self.r2, self.p
        x.take(self.i, axis=1, out=d, mode="clip")
        x.take(self.j, axis=1, out=self.other, mode="clip")
        d -= self.other
        d -= self.shift
        np.multiply(d[0], d[0], out=r2)
        np.multiply(d[1], d[1], out=p)
        r2 += p
        np.divide(self.square, r2, out=r2)
        np.maximum(r2, CUT**-2, out=r2)
        np.multiply(r2, r2, out=p)
        r2 *= p  # (sigma/r)^6
        p *= p
        p *= r2  # (sigma/r)^14
        p -= CUT**-14
        p *= self.scale
        np.multiply(d, p, out=self.push[:, 0])
        np.negative(self.push[:, 0], out=self.push[:, 1])
        return np.bincount(self.flat, self.push.ravel(), x.size).reshape(x.shape)


def _quenched(n_side, spread, distribution, start, n_steps, seed):
    rng = np.random.default_rng(seed)
    x, box = _lattice(n_side)
    sigma = _diameters(n_side**2, spread, distribution, rng)
    held = int(0.8 * n_steps)
    cooling = np.geomspace(HOT, COLD, n_steps)
    if start == "crystal":
        cooling = np.concatenate([np.full(held, HELD), np.geomspace(HELD, COLD, n_steps - held)])
    melting = MELT_STEPS if start == "liquid" else 0
    schedule = np.concatenate([np.full(melting, MELT), cooling])
    v = np.sqrt(schedule[0]) * rng.standard_normal(x.shape)
    near = _Neighbours(x, box, sigma)
    force = near.forces(x)
    for step, T in enumerate(schedule, 1):
        dt = MELT_STEP if step <= melting else STEP
        keep = np.exp(-FRICTION * dt)
        if step % EVERY == 1:
            kicks = rng.standard_normal((min(EVERY, len(schedule) - step + 1), *x.shape))
        force *= dt / 2
        v += force
        # Half a drift, an exact step of friction and noise, half a drift.
        drift = v * (dt / 2 * (1 + keep))
        noise = kicks[(step - 1) % EVERY]
        noise *= np.sqrt((1 - keep**2) * T)
        v *= keep
        v += noise
        noise *= dt / 2
        drift += noise
        x += drift
        if near.stale(x):
            near = _Neighbours(x, box, sigma)
        force = near.forces(x)
        v += dt / 2 * force
        if step % EVERY == 0 or step == len(schedule):
            place = _wrapped(x.T, box)
            yield QuenchStep(step / len(schedule), float(T), place, sigma.copy(), box.copy())


@checked
def quench_disks(n_side: N_SIDE = 12, polydispersity: rules.Real(SPREAD) = 0.1, **settings):
    """Run `quench_steps` to its end; `settings` are its other arguments.

    Returns
    -------
    Quench

    Examples
    --------
    >>> quench_disks(8, 0.0, start="crystal", n_steps=100).six_fraction
    1.0
    """
    return deque(quench_steps(n_side, polydispersity, **settings), maxlen=1)[0].measured()


def _orders(n_side, settings, run):
    disks = quench_disks(n_side, run[0], seed=run[1], **settings)
    return disks.global_order, disks.local_order, disks.six_fraction


@checked
def quench_order(
    polydispersity: rules.Reals(SPREAD, ndim=1),
    *,
    seeds: rules.Each(rules.Whole(0)) = range(3),
    n_side: N_SIDE = 12,
    workers: WORKERS = 1,
    **settings,
):
    """Order after quenches of several polydispersities and seeds.

    Parameters
    ----------
    polydispersity : array_like, shape (m,)
    seeds : sequence of int, length s
    n_side : int
    workers : int or map-like callable
        See `smlib.workers.mapper`; the result does not depend on it.
    **settings
        Other arguments of `quench_steps`.

    Returns
    -------
    global_order, local_order, six_fraction : ndarray, shape (m, s)
    """
    runs = [(float(spread), seed) for spread in polydispersity for seed in seeds]
    with mapper(workers) as spread_out:
        found = list(spread_out(partial(_orders, n_side, settings), runs))
    return tuple(np.array(found).T.reshape(3, len(polydispersity), len(seeds)))
