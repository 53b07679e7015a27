"""Experiments of the chapter "Mismatch as the feature"."""

import numpy as np

from smlib import metallic_glass as mg
from smlib import soft_disks
from smlib.memo import finished, remembered

#: Mean size of psi6 of points at random, and above which a disk is drawn as ordered.
RANDOM, ORDERED = 0.356, 0.7

#: Window of bulk glasses of Guo & Liu 2011: delta in %, enthalpy in kJ/mol.
GLASSES = ((9, 18), (-49, -5.5))

#: Ways to cool 144 disks: where they start, steps.
WAYS = {"slow": ("liquid", 3000), "fast": ("liquid", 1500), "crystal": ("crystal", 3000)}
PERCENTS = (0, 3, 6, 8, 10, 11, 12, 14, 17)
SAMPLES = (1, 2, 3)


@remembered
def quenching(percent, way, sample):
    """Yields the fraction done of a quench, one of the `WAYS`, and returns the disks at its end."""
    start, steps = WAYS[way]
    for step in soft_disks.quench_steps(12, percent / 100, start=start, n_steps=steps, seed=sample):
        yield step.done
    return step.measured()


def quenched(percent, way, sample):
    """Disks of a size spread in %, cooled in one of the `WAYS`."""
    return finished(quenching(percent, way, sample))


def orders(way):
    """Global and local order, each with a row for a spread of `PERCENTS` and a column a sample."""
    runs = [[quenched(percent, way, sample) for sample in SAMPLES] for percent in PERCENTS]
    pick = ("global_order", "local_order")
    return [np.array([[getattr(run, name) for run in row] for row in runs]) for name in pick]


def half_value(way):
    """Size spread, in %, at which the mean global order first falls below one half."""
    mean = orders(way)[0].mean(axis=1)
    at = int(np.argmax(mean < 0.5))
    if at == 0:
        return float(PERCENTS[0])
    share = (mean[at - 1] - 0.5) / (mean[at - 1] - mean[at])
    return PERCENTS[at - 1] + share * (PERCENTS[at] - PERCENTS[at - 1])


def melt(rest, D):
    """A melt with a melting point of 1200 K and a glass transition at a share of it."""
    return mg.GlassFormer(T_g=1200 * rest, D=D)


def curve(gf, delta):
    """Times and temperatures of 160 points between the end of flow and the melting point."""
    T_l = gf.melting_point(delta)
    if T_l <= gf.T_vft:
        return np.array([np.nan]), np.array([np.nan])
    part = np.linspace(0, 1, 163)[1:-1]
    T = gf.T_vft + (T_l - gf.T_vft) * (part + part**2 * (1 - part))
    t = mg.ttt_time(T, gf, delta=delta)
    shown = t < 1e30
    return (t[shown], T[shown]) if shown.any() else (np.array([np.nan]), np.array([np.nan]))


@remembered
def snapshot(percent):
    """256 disks, cooled slowly from a melt."""
    return soft_disks.quench_disks(16, percent / 100, n_steps=12000, seed=1)


#: Compact packings of two sizes: ratio, lattice vectors, place of the small disks, text.
PACKINGS = {
    "equal": (0.0, ((1, 0), (0.5, 0.75**0.5)), (), "equal"),
    "ab": (2**0.5 - 1, ((1, 0), (0, 1)), ((0.5, 0.5),), "0.414"),
    "ab2": (
        2 / 3**0.5 - 1,
        ((1, 0), (0.5, 0.75**0.5)),
        ((0.5, 12**-0.5), (1.0, 3**-0.5)),
        "0.155",
    ),
}


def density(name):
    """Share of the plane that a periodic packing of touching disks covers."""
    ratio, (a, b), small, _ = PACKINGS[name]
    return np.pi / 4 * (1 + len(small) * ratio**2) / abs(a[0] * b[1] - a[1] * b[0])
