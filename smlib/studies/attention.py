"""Experiments of the chapter "Why the square root"."""

from functools import cache

import numpy as np
from scipy.special import softmax

from smlib import attention as at
from smlib.memo import remembered

#: Heads of released models: dimension of a head and context. Sources on the page.
MODELS = {
    "Transformer": (64, 512),
    "GPT-2": (64, 1024),
    "GPT-3": (128, 2048),
    "Llama 2": (128, 4096),
    "Llama 3": (128, 8192),
    "Llama 3.1": (128, 131072),
    "Gemma": (256, 8192),
}

KEYS = (64, 1024, 8192)
#: Name of the scale: text and power of the dimension.
SCALES = {"none": ("none", 0), "root": ("1 / √dₖ", -0.5), "full": ("1 / dₖ", -1)}
SPREADS = np.geomspace(1 / 32, 64, 34)
STARTS = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
SEEDS = (0, 1, 2, 3, 4)
STEPS, LONG_STEPS, GOAL = 300, 500, 0.85


@cache
def noise(n):
    """Sorted standard normal logits, the same for every spread: rows of a smooth curve."""
    rows = max(120, 600_000 // n)
    return np.sort(np.random.default_rng(n).standard_normal((rows, n)), axis=1)[:, ::-1]


@remembered
def condensed(n, beta):
    """Mean entropy (share of its maximum), participation, largest weight; Jacobian norm, mean and
    median."""
    told = at.saturation(beta * noise(n))
    jacobian = told.jacobian_norm
    return (
        told.entropy.mean() / np.log(n),
        told.participation.mean(),
        told.max_weight.mean(),
        jacobian.mean(),
        np.median(jacobian),
    )


def curves(n):
    """`condensed` at all `SPREADS`, shape (5, 34)."""
    return np.array([condensed(n, float(beta)) for beta in SPREADS]).T


def spread(d_k, scale):
    """Spread of the logits of a head with unit entries."""
    return at.logit_std(d_k, scale=d_k ** SCALES[scale][1])


class _Shared(np.random.Generator):
    """Random numbers of a seed for several who draw the same: they are drawn once."""

    def __init__(self, rng, drawn):
        super().__init__(rng.bit_generator)
        self.rng, self.drawn, self.taken = rng, drawn, 0

    def _next(self, draw, *arguments, **named):
        if self.taken == len(self.drawn):
            self.drawn.append(draw(*arguments, **named))
        self.taken += 1
        return self.drawn[self.taken - 1]

    def standard_normal(self, *arguments, **named):
        return self._next(self.rng.standard_normal, *arguments, **named)

    def integers(self, *arguments, **named):
        return self._next(self.rng.integers, *arguments, **named)


@remembered
def training(ratio, rate, seed):
    """Accuracy of every step of a training for each of `STARTS`, shape (9, steps).

    Side by side, as most of a step is to draw random numbers, which are the same for all.
    """
    rng, drawn, found = np.random.default_rng(seed), [], []
    shared = [_Shared(rng, drawn) for _ in STARTS]
    steps = LONG_STEPS if (ratio, rate) == (1, 3) else STEPS
    runs = [
        at.retrieval_steps(np.sqrt(beta * ratio), np.sqrt(beta / ratio), lr=rate, n_steps=steps,
                           seed=one)
        for beta, one in zip(STARTS, shared, strict=True)
    ]  # fmt: skip
    for together in zip(*runs, strict=True):
        found.append([step.accuracy for step in together])
        drawn.clear()
        for one in shared:
            one.taken = 0
    return np.transpose(found)


def accuracies(beta, ratio, rate, seed, steps=STEPS):
    """Accuracy of every step of one training, one of `STARTS`."""
    return training(ratio, rate, seed)[STARTS.index(beta), :steps]


def needed(beta, ratio=1, rate=3, steps=STEPS):
    """Steps of the five seeds, and how many did not get there in `steps`, which stands for them."""
    runs = [at.first_success(accuracies(beta, ratio, rate, seed, steps), GOAL) for seed in SEEDS]
    return np.array([steps if run is None else run for run in runs]), runs.count(None)


@remembered
def query_gradients(d_k, scale, n=64, rows=20_000):
    """Norms of the gradient of a scalar output by a random query, with Gaussian keys and values.

    Along the query the keys are the logits; across it they are free, and their part is a chi.
    """
    rng = np.random.default_rng(d_k)
    along, v = rng.standard_normal((2, rows, n))
    logits = scale * np.sqrt(rng.chisquare(d_k, (rows, 1))) * along
    p = softmax(logits, axis=1)
    u = p * (v - (p * v).sum(axis=1, keepdims=True))
    across = np.square(u).sum(axis=1) * rng.chisquare(max(d_k - 1, 1), rows)
    return scale * np.sqrt(np.square((along * u).sum(axis=1)) + across)
