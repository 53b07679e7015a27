"""How much size mismatch does it take before atoms cannot crystallize, and by which route does the
mismatch win: energy, packing or time? (Chapter "Mismatch as the feature".)

Three models. An alloy is a spread of radii delta (a fraction here; `smlib.high_entropy_alloys`
gives it in %), whose elastic energy lowers the melting point of the random crystal. A
`GlassFormer` turns that melting point and a viscosity into the time that crystals need. Soft disks
in a periodic box are cooled, and crystallize or do not. Temperatures of alloys are in K, energies
in kJ/mol; disks have the units of their own potential.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.constants import Avogadro, R, k
from scipy.integrate import cumulative_trapezoid
from scipy.spatial import Delaunay, QhullError, cKDTree

from smlib import rules
from smlib.checks import checked, first, plain
from smlib.size_mismatch import eshelby_factor
from smlib.workers import mapper

__all__ = ["GlassFormer", "Quench", "QuenchStep", "bond_order", "castable_thickness"]
__all__ += ["critical_cooling_rate", "elastic_energy", "minimum_solute", "quench_disks"]
__all__ += ["quench_order", "quench_steps", "ttt_time"]


@checked(infinite=True)
def minimum_solute(ratio: rules.POSITIVES, *, lambda0: rules.POSITIVES = 0.1):
    """Share of solute that makes a crystal topologically unstable (Egami and Waseda, 1984).

    c |ratio^3 - 1| = lambda0: a number of large atoms, or twice as many small ones, strains the
    neighbourhoods so far that the number of neighbours changes.

    Parameters
    ----------
    ratio : array_like
        Radius of the solute over that of the host, positive.
    lambda0 : float
        Critical local volume strain, positive.

    Returns
    -------
    float or ndarray
        Atomic share; nan where it would exceed 1.

    Examples
    --------
    >>> round(minimum_solute(0.8), 4), round(minimum_solute(1.25), 4), minimum_solute(1.02)
    (0.2049, 0.1049, nan)
    """
    strain = np.abs(ratio**3 - 1)
    with np.errstate(divide="ignore"):
        share = lambda0 / strain
    # A share of 1 on paper must not exceed it by the last bit.
    return plain(np.where(share <= 1 + 1e-12, np.minimum(share, 1), np.nan))


@checked
def elastic_energy(
    delta: rules.NONNEGATIVES,
    *,
    bulk: rules.POSITIVES = 110.0,
    shear: rules.POSITIVES = 40.0,
    molar_volume: rules.POSITIVES = 1e-5,
):
    """Elastic energy of a random solid solution, 6 G V f delta^2 (Eshelby, 1956), in kJ/mol.

    Parameters
    ----------
    delta : array_like
        Size spread as a fraction, not below 0.
    bulk, shear : array_like
        Moduli in GPa, positive.
    molar_volume : array_like
        In m^3/mol, positive.

    Returns
    -------
    float or ndarray
        By `smlib.size_mismatch.eshelby_factor`; equal to `smlib.high_entropy_alloys.strain_energy`
        for the moduli and the volume of the alloy.

    Examples
    --------
    >>> round(elastic_energy(0.1), 3)
    16.163
    """
    return plain(6e6 * shear * molar_volume * eshelby_factor(bulk, shear) * delta**2)


@checked
@dataclass(frozen=True)
class GlassFormer:
    """A melt: how fast it flows, and how much a crystal gains on it.

    Attributes
    ----------
    T_m, T_g : float
        Melting point of the crystal without mismatch and glass transition, K; T_g below T_m.
    dS_f : float
        Entropy of fusion, J/(mol K).
    D : float
        Strength of the liquid: 5 fragile, 20 strong (Angell, 1995).
    alpha : float
        Energy of an atom in the interface over the heat of fusion (Turnbull).
    V_m, a0 : float
        Molar volume, m^3/mol, and atomic distance, m.
    eta0, eta_g : float
        Viscosity at infinite temperature and at T_g, Pa s; eta_g is the larger.
    bulk, shear : float
        Moduli of the crystal, GPa.

    Examples
    --------
    >>> melt = GlassFormer()
    >>> round(melt.critical_delta, 4), round(melt.melting_point(0.04), 1)
    (0.0824, 917.2)
    """

    T_m: rules.POSITIVE = 1200.0
    T_g: rules.POSITIVE = 660.0
    dS_f: rules.POSITIVE = 1.1 * R
    D: rules.POSITIVE = 10.0
    alpha: rules.POSITIVE = 0.45
    V_m: rules.POSITIVE = 1e-5
    a0: rules.POSITIVE = 2.8e-10
    eta0: rules.POSITIVE = 4e-5
    eta_g: rules.POSITIVE = 1e12
    bulk: rules.POSITIVE = 110.0
    shear: rules.POSITIVE = 40.0

    def __post_init__(self):
        if not self.T_g < self.T_m:
            raise ValueError(f"T_g must be below T_m = {self.T_m}, got {self.T_g}")
        if not self.eta_g > self.eta0:
            raise ValueError(f"eta_g must be above eta0 = {self.eta0}, got {self.eta_g}")

    @property
    @checked
    def T_vft(self):
        """Temperature at which the viscosity diverges, K (Vogel, Fulcher and Tammann)."""
        decades = np.log(self.eta_g / self.eta0)
        return float(self.T_g * decades / (decades + self.D))

    @property
    @checked
    def critical_delta(self):
        """Size spread at which the random crystal stores the heat of fusion: no melting point."""
        return float(np.sqrt(1e-3 * self.dS_f * self.T_m / self._energy(1.0)))

    def _energy(self, delta):
        return elastic_energy(delta, bulk=self.bulk, shear=self.shear, molar_volume=self.V_m)

    @checked(infinite=True)
    def viscosity(self, T: rules.POSITIVES):
        """Viscosity at T (K, above `T_vft`) in Pa s: eta0 exp(D T_vft / (T - T_vft))."""
        T_vft = self.T_vft
        if (wrong := T_vft >= T).any():
            raise ValueError(f"T must lie above T_vft = {T_vft}, got {first(T, wrong)}")
        with np.errstate(over="ignore"):  # close to T_vft it exceeds all floats
            return plain(self.eta0 * np.exp(self.D * T_vft / (T - T_vft)))

    @checked
    def melting_point(self, delta: rules.NONNEGATIVES = 0.0):
        """Temperature at which crystal and melt of one composition are alike, K; 0 at the least.

        The elastic energy over the entropy of fusion is taken off T_m.
        """
        return plain(np.maximum(self.T_m - 1e3 * self._energy(delta) / self.dS_f, 0.0))

    @checked
    def barrier(self, theta: rules.Reals("(0, 1)")):
        """Nucleation barrier over kT, at the reduced temperature theta = T / melting point.

        16 pi/3 alpha^3 (dS_f/R) / (theta (1 - theta)^2), whatever the size spread.
        """
        scale = 16 * np.pi / 3 * self.alpha**3 * self.dS_f / R
        return plain(scale / (theta * (1 - theta) ** 2))


def _rates(T, gf, T_l):
    """Nuclei per m^3 and s, and speed of growth in m/s."""
    mobility = k * T / (3 * np.pi * gf.a0 * gf.viscosity(T))
    births = Avogadro / gf.V_m * mobility / gf.a0**2 * np.exp(-gf.barrier(T / T_l))
    return births, mobility / gf.a0 * -np.expm1(-gf.dS_f * (T_l - T) / (R * T))


@checked(infinite=True)
def ttt_time(
    T: rules.POSITIVES,
    gf: rules.Of(GlassFormer),
    *,
    delta: rules.NONNEGATIVE = 0.0,
    fraction: rules.Reals("(0, 1)") = 1e-6,
):
    """Time in which a share `fraction` of the melt crystallizes at T (Uhlmann, 1972), in s.

    Parameters
    ----------
    T : array_like
        Temperature in K, above ``gf.T_vft`` and below ``gf.melting_point(delta)``.
    gf : GlassFormer
    delta : float
        Size spread as a fraction.
    fraction : float
        In (0, 1).

    Returns
    -------
    float or ndarray
        (3 X / (pi I U^3))^(1/4), from the rates I of nucleation and U of growth.

    Examples
    --------
    >>> round(ttt_time(876.7, GlassFormer()), 6)
    0.000303
    """
    T_l = gf.melting_point(delta)
    if (wrong := (gf.T_vft >= T) | (T_l <= T)).any():
        raise ValueError(
            f"T must lie in ({gf.T_vft}, {T_l}), from T_vft to the melting point for "
            f"delta={delta}, got {first(T, wrong)}"
        )
    births, growth = _rates(T, gf, T_l)
    with np.errstate(
        divide="ignore", over="ignore"
    ):  # next to an end a rate may be below the smallest float
        return plain((3 * fraction / (np.pi * births * growth**3)) ** 0.25)


@checked
def critical_cooling_rate(
    gf: rules.Of(GlassFormer),
    *,
    delta: rules.NONNEGATIVE = 0.0,
    fraction: rules.Real("(0, 1)") = 1e-6,
    method: rules.Choice("nose", "continuous") = "nose",
    n: rules.Whole(10) = 4001,
):
    """Slowest cooling that leaves less than `fraction` of crystal, K/s.

    Parameters
    ----------
    gf : GlassFormer
    delta, fraction : float
        As in `ttt_time`.
    method : {"nose", "continuous"}
        Straight line from the melting point to the nose of the `ttt_time` curve, or the crystals
        that are born and grow on the way down, summed (Uhlmann, 1972; Davies, 1976).
    n : int
        Temperatures on the grid.

    Returns
    -------
    float
        0 if the melting point is not above ``gf.T_vft``: no crystal gains on the melt.

    Examples
    --------
    >>> [round(critical_cooling_rate(GlassFormer(), delta=d), 1) for d in (0.03, 0.035)]
    [1179.6, 30.6]
    """
    T_l = gf.melting_point(delta)
    if T_l <= gf.T_vft * (1 + 1e-9):  # nothing moves, and the grid needs room
        return 0.0
    T = np.linspace(gf.T_vft + 0.02 * (T_l - gf.T_vft), T_l, n)[:-1]
    if method == "nose":
        t = ttt_time(T, gf, delta=delta, fraction=fraction)
        best = np.argmin(t)
        return float((T_l - T[best]) / t[best])
    births, growth = _rates(T, gf, T_l)
    radius = cumulative_trapezoid(growth, T, initial=0)  # times the rate of cooling
    crystal = 4 * np.pi / (3 * fraction) * np.trapezoid(births * radius**3, T)
    return float(crystal**0.25)


@checked
def castable_thickness(rate: rules.POSITIVES):
    """Thickness in mm that cools through at `rate` in K/s: 10 sqrt(10/rate) (Lin, Johnson, 1995).

    >>> castable_thickness(10)
    10.0
    """
    return plain(10 * np.sqrt(10 / rate))


# --- disks --------------------------------------------------------------------------------------

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
    workers=1,
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
