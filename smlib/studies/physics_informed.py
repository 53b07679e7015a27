"""Experiments of the chapter "A network that fails in seconds and learns in days"."""

from functools import cache

import numpy as np

from smlib import physics_informed as pi
from smlib import pinn_training
from smlib.memo import finished, remembered
from smlib.pinn import SteadyPINN

#: Velocity m/s, dispersion m2/s. Fischer et al. 1979 as commonly quoted; see the page.
RIVERS = {
    "Copper Creek": (0.27, 20),
    "Powell": (0.15, 9.5),
    "Clinch": (0.94, 54),
    "Nooksack": (0.67, 35),
    "Yadkin": (0.43, 110),
    "Sabine": (0.64, 670),
    "Missouri": (1.55, 1500),
}

#: Travel time of the reference reach: 10 km at 0.5 m/s, in s; Pe = 100 with D = 50 m2/s.
TRAVEL, PE = 20_000, 100
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "yr": 365.25 * 86400}
#: Optimizer, iterations, and where it stops.
OPTIMIZERS = {
    "adam": ("Adam", {"optimizer": "adam", "n_iter": 3000}),
    "default": (
        "L-BFGS, default stop",
        {"optimizer": "lbfgs", "n_iter": 1000, "ftol": 2.2e-9, "gtol": 1e-5},
    ),
    "exact": ("L-BFGS, no stop", {"optimizer": "lbfgs", "n_iter": 1000}),
}
WEIGHTS = tuple(range(-6, 2))  # powers of ten
SEEDS = (0, 1, 2, 3, 4)


def domain_end(Da, domain):
    """Where the domain ends, in reaches."""
    return min(1.0, 10 * pi.decay_length(PE, Da)) if domain == "cut" else 1.0


@cache
def network(Da, domain="reach"):
    """The network of the river, on the whole reach or cut behind the layer."""
    return SteadyPINN(PE, Da, domain_end(Da, domain))


@remembered
def side_by_side(Da, domain, weights, seeds):
    """Yields the fraction done of trainings with Adam, with one weight of the residual or from one
    start, and returns their results."""
    pinn, settings = network(Da, domain), OPTIMIZERS["adam"][1]
    pairs = [(weight, 1) for weight in weights]
    for step in pinn_training.training_steps(pinn, pairs, seed=seeds, **settings):
        if step.iteration % 300 == 299:
            yield step.iteration / settings["n_iter"]
    last = step.theta, pinn.error(step.theta).tolist(), step.losses, step.weights
    return [pinn_training.PINNRun(*run, step.iteration) for run in zip(*last, strict=True)]


@remembered
def by_lbfgs(Da, domain, weight, optimizer, seed):
    """Result of a training with L-BFGS."""
    return pinn_training.train(
        network(Da, domain), (weight, 1), seed=seed, **OPTIMIZERS[optimizer][1]
    )


def training(Da, domain, weight, optimizer, seeds):
    """Yields the fraction done of trainings that differ by their start; returns their results."""
    if optimizer == "adam":
        return (yield from side_by_side(Da, domain, (weight,), seeds))
    runs = []
    for seed in seeds:
        yield len(runs) / len(seeds)
        runs.append(by_lbfgs(Da, domain, weight, optimizer, seed))
    return runs


def trained(Da, domain, weight, optimizer, seed):
    """Result of one training from one of `SEEDS`."""
    seeds = next(part for part in (SEEDS[:3], SEEDS[3:]) if seed in part)
    return finished(training(Da, domain, weight, optimizer, seeds))[seeds.index(seed)]


def unit_key(unit, Da, optimizer, seed):
    """Arguments of `trained` where time is measured in a unit."""
    return Da, "reach", pi.unit_weight(TRAVEL, UNITS[unit]), optimizer, seed


def weighted(Da, domain):
    """Yields the fraction done of trainings at all `WEIGHTS`; returns their results."""
    return side_by_side(Da, domain, tuple(10.0**w for w in WEIGHTS), SEEDS[:1])


def valley(Da, domain):
    """Errors at all `WEIGHTS`."""
    return np.array([run.error for run in finished(weighted(Da, domain))])


@cache
def traces(Da, domain="reach", seed=0):
    """Traces of the tangent kernels of residual and boundary at the start."""
    pinn = network(Da, domain)
    return tuple(kernel.sum() for kernel in pinn.ntk_eigenvalues(pinn.init(seed)))


#: Groups of five trainings: what is said, and their keys without the seed.
GROUPS = {
    "seconds, Adam": unit_key("s", 1.0, "adam", 0)[:-1],
    "seconds, L-BFGS": unit_key("s", 1.0, "exact", 0)[:-1],
    "days, Adam": unit_key("d", 1.0, "adam", 0)[:-1],
    "Da 100, weight": (100, "reach", 1e-4, "adam"),
    "Da 100, weight and length": (100, "cut", 1e-4, "adam"),
}


def group(name):
    """Errors of five trainings of `GROUPS`."""
    return np.array([trained(*GROUPS[name], seed).error for seed in SEEDS])
