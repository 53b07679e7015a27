"""Experiments of the chapter "The probe and the bump"."""

from functools import cache

import numpy as np

from smlib import random_landscape as rl
from smlib.memo import remembered

TENSIONS = (0.1, 0.3, 1, 3, 10, 30, 100)

#: Critical force of a line of 1024 nodes 0.8 apart, period 410, mean of two samples; computed
#: offline.
LONG_LINE = {0.3: 0.970, 1: 0.720, 3: 0.617, 10: 0.524, 30: 0.398, 100: 0.285}

#: Distance of the nodes along the line and along the glide direction, bump sizes.
SPACING = (0.5, 0.25)
SEEDS = (0, 1, 2, 3)
WIDTHS = (0, 0.25, 0.5, 1, 2, 4)


@cache
def averaged(width, kernel):
    """A landscape of 64 by 64 bumps, four nodes a bump, averaged along the second axis."""
    field = rl.gaussian_random_field((256, 256), 0.25, 1.0, seed=0)
    return rl.core_average(field, 0.25, width, kernel=kernel)


def shape(x, width, kernel):
    """The core's own profile, 1 at its highest."""
    if kernel == "box":
        return np.where(np.abs(x) <= width / 2, 1.0, 0.0)
    q = (x / width) ** 2
    return 1 / (1 + q) if kernel == "lorentzian" else np.exp(-q / 2)


@cache
def strongest(kernel, fixed):
    """Which ratio of bump to core makes most of what is felt, if the given thing is held fixed."""
    if fixed == "stress":
        return "a sharp core"
    bumps = np.geomspace(0.02, 20, 4001)
    felt = rl.core_response(1.0, bumps, kernel=kernel).gradient
    # A box core has no maximum: its response levels off towards fine bumps.
    if felt[0] > 0.999 * felt.max():
        return "ever finer bumps"
    return f"bumps {bumps[np.argmax(felt)]:.2f} × core"


@cache
def landscape(seed, width, kernel):
    """Forces on a line of 96 nodes, averaged over the core. Without its mean: the constant part of
    one sample only adds to the load."""
    field = rl.gaussian_random_field((96, 128), SPACING, 1.0, seed=seed)
    return rl.core_average(field - field.mean(), SPACING[1], width, kernel=kernel)


@remembered
def critical_forces(tension, width, kernel):
    """Critical forces of the four samples."""
    if width == 0 and kernel != "gaussian":
        return critical_forces(tension, 0, "gaussian")
    fields = (landscape(seed, width, kernel) for seed in SEEDS)
    return np.array([rl.critical_force(field, SPACING, tension) for field in fields])


def thresholds(tension, kernel):
    """Critical forces of the four samples (columns) for every width (rows)."""
    return np.array([critical_forces(tension, float(width), kernel) for width in WIDTHS])


@remembered
def held(tension, width, kernel):
    """The line of the first sample at rest under half its critical force."""
    load = critical_forces(tension, width, kernel)[0] / 2
    field = landscape(SEEDS[0], width, kernel)
    return rl.pinned_line(field, SPACING, tension, load, start=12.0)
