"""Figures of the chapter "Why the square root"."""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from scipy.signal import lfilter
from scipy.special import logsumexp, softmax

from smlib import attention as at
from smlib.figures.style import explorer, menu, slider, still
from smlib.memo import in_advance, remembered

#: Weights from one in ten thousand to one, in few steps so that a map packs well.
WEIGHTS = LinearSegmentedColormap.from_list("weights", ["paper", "small", "ink"], 17)
KEYS = (64, 1024, 8192)
#: Name of the scale: text and power of the dimension.
SCALES = {"none": ("none", 0), "root": ("1 / √dₖ", -0.5), "full": ("1 / dₖ", -1)}
SPREADS = np.geomspace(1 / 32, 64, 34)
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
STARTS = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
RATES = (0.3, 1, 3, 10)
SEEDS = (0, 1, 2, 3, 4)
STEPS, LONG_STEPS, GOAL = 300, 500, 0.85


@cache
def _noise(n):
    """Sorted standard normal logits, the same for every spread: rows of a smooth curve."""
    rows = max(120, 600_000 // n)
    return np.sort(np.random.default_rng(n).standard_normal((rows, n)), axis=1)[:, ::-1]


@remembered
def _condensed(n, beta):
    """Mean entropy (share of its maximum), participation, largest weight; Jacobian norm, mean and
    median."""
    told = at.saturation(beta * _noise(n))
    jacobian = told.jacobian_norm
    return (
        told.entropy.mean() / np.log(n),
        told.participation.mean(),
        told.max_weight.mean(),
        jacobian.mean(),
        np.median(jacobian),
    )


def curves(n):
    """`_condensed` at all `SPREADS`, shape (5, 34)."""
    return np.array([_condensed(n, float(beta)) for beta in SPREADS]).T


def spread(d_k, scale):
    """Spread of the logits of a head with unit entries."""
    return at.logit_std(d_k, scale=d_k ** SCALES[scale][1])


def _log_x(ax, low, high, ticks):
    ax.set(xscale="log", xlim=(low, high))
    ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
    ax.minorticks_off()


@explorer(
    "Freeze the attention",
    alt="{n} keys, dimension {d_k}, scale {scale}: spread {Spread of the logits} against the "
    "freezing point {Freezing point}. The largest weight is {Largest weight}, the entropy "
    "{Entropy} of its maximum, a typical key weighs {Typical key}.",
    size=(5.4, 4.3),
    n=menu({n: f"{n}" for n in KEYS}, label="Keys", start=1024),
    d_k=slider(values=[2**i for i in range(11)], label="Dimension of a head", start=64),
    scale=menu({key: text for key, (text, _) in SCALES.items()}, label="Scale"),
)
def freeze(fig, n, d_k, scale):
    for i, beta in enumerate(SPREADS):
        yield i / SPREADS.size
        _condensed(n, float(beta))
    beta, critical = spread(d_k, scale), at.beta_critical(n)
    entropy, _, top, mean, _ = _condensed(n, float(beta))

    rows = fig.add_axes((0.03, 0.3, 0.31, 0.6))
    logits = beta * _noise(n)[:24, :24]
    lost = np.log(np.exp(beta * (_noise(n)[:24] - _noise(n)[:24, :1])).sum(axis=1))
    weights = (logits - logits[:, :1] - lost[:, None]) / np.log(10)
    rows.imshow(weights, cmap=WEIGHTS, vmin=-4, vmax=0, interpolation="none", aspect="auto")
    rows.set(xticks=[], yticks=[], xlabel="its 24 heaviest keys →", ylabel="24 random queries")
    rows.set_title("weight of a key", fontsize=9)
    bar = fig.add_axes((0.03, 0.165, 0.31, 0.03))
    bar.imshow(np.linspace(-4, 0, 17)[None], cmap=WEIGHTS, aspect="auto", extent=(-4, 0, 0, 1))
    bar.set(yticks=[], xticks=[-4, -2, 0])
    bar.set_xticklabels(["0.0001", "0.01", "1"], fontsize=8.5)
    for ax in (rows, bar):
        for side in ax.spines.values():
            side.set(visible=True, color="line")

    told = curves(n)
    upper, lower = fig.add_axes((0.475, 0.56, 0.5, 0.34)), fig.add_axes((0.475, 0.115, 0.5, 0.34))
    for ax in (upper, lower):
        ax.axvline(critical, color="ink", lw=1, ls=":")
        ax.axvline(beta, color="large", lw=1.4)
        _log_x(ax, SPREADS[0], SPREADS[-1], [0.1, 1, 10])
    energy = np.array([at.rem_prediction(n, b) for b in SPREADS]).T
    upper.plot(SPREADS, energy[0] / np.log(n), "--", color="muted", lw=1.2)
    upper.plot(SPREADS, energy[1], "--", color="muted", lw=1.2)
    upper.plot(SPREADS, told[0], color="small")
    upper.plot(SPREADS, told[1], "-.", color="other")
    upper.set(ylim=(-0.03, 1.06), yticks=[0, 0.5, 1])
    upper.set_title("entropy / ln n,  participation", fontsize=9)
    upper.text(0.035, 0.86, "entropy", color="small", fontsize=8.5)
    upper.text(0.035, 0.06, "participation, dash-dot", color="other", fontsize=8.5)
    far = critical < SPREADS
    lower.plot(SPREADS[far], at.gap_density(n) / SPREADS[far], "--", color="muted", lw=1.2)
    lower.plot(SPREADS, told[3], color="remedy")
    lower.plot(SPREADS, told[4], "-.", color="ink")
    lower.set(yscale="log", ylim=(1e-4, 1))
    lower.set_yticks([1e-4, 1e-2, 1], ["0.0001", "0.01", "1"])
    lower.minorticks_off()
    lower.set_title("norm of the softmax derivative", fontsize=9)
    lower.text(0.035, 0.25, "mean", color="remedy", fontsize=8.5)
    lower.text(0.035, 0.0004, "median, dash-dot", color="ink", fontsize=8.5)
    lower.set_xlabel("spread of the logits", labelpad=1)
    typical = np.exp(-logsumexp(beta * _noise(n), axis=1).mean())
    return {
        "Spread of the logits": f"{beta:.3g}",
        "Freezing point": f"{critical:.2f}",
        "Largest weight": f"{top:.3f}",
        "Entropy": f"{entropy:.0%}",
        "Derivative, mean": f"{mean:.3f}",
        "Typical key": f"{typical:.1e}",
    }


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
def _accuracies(ratio, rate, seed):
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
    return _accuracies(ratio, rate, seed)[STARTS.index(beta), :steps]


def needed(beta, ratio=1, rate=3, steps=STEPS):
    """Steps of the five seeds, and how many did not get there in `steps`, which stands for them."""
    runs = [at.first_success(accuracies(beta, ratio, rate, seed, steps), GOAL) for seed in SEEDS]
    return np.array([steps if run is None else run for run in runs]), runs.count(None)


@explorer(
    "Train it",
    alt="Logit spread {beta} at the start, learning rate {rate}, query over key {ratio}: the five "
    "trainings pass 85 % after {Steps to 85 %} steps.",
    size=(5.4, 3.5),
    beta=slider(values=STARTS, label="Logit spread at the start", start=1),
    rate=slider(values=RATES, label="Learning rate", start=3),
    ratio=menu({1: "of one size", 16: "queries 16 times larger"}, label="Queries and keys"),
)
def train_it(fig, beta, rate, ratio):
    runs = [(*pair, seed) for pair in {(ratio, rate), (1, 3)} for seed in SEEDS]
    yield from in_advance(_accuracies, runs)
    ax = fig.add_axes((0.1, 0.135, 0.4, 0.77))
    ax.axhline(GOAL, color="ink", lw=1, ls=":")
    steps = np.arange(STEPS)
    for seed in SEEDS:
        running = lfilter([0.1], [1, -0.9], accuracies(beta, ratio, rate, seed))
        ax.plot(steps[::4], running[::4], color="remedy", lw=1)
    ax.text(298, GOAL - 0.05, "85 %", color="ink", fontsize=8.5, ha="right")
    ax.set(xlim=(0, STEPS), ylim=(0, 1.02), yticks=[0, 0.5, 1], xlabel="step")
    ax.set_title("finds the target, five seeds", fontsize=9)

    cost = fig.add_axes((0.62, 0.135, 0.36, 0.77))
    reference = np.array([needed(start)[0] for start in STARTS])
    cost.axvline(at.beta_critical(32), color="ink", lw=1, ls=":")
    cost.text(at.beta_critical(32) * 0.85, 13, "freezing\npoint", ha="right", fontsize=8.5)
    cost.fill_between(STARTS, reference.min(1), reference.max(1), color="fill", lw=0)
    cost.plot(STARTS, np.median(reference, axis=1), "o-", color="small", ms=4, lw=1.2)
    own, late = needed(beta, ratio, rate)
    cost.plot([beta] * len(own), own, "_", color="ink", ms=9, mew=1.2)
    cost.plot(beta, np.median(own), "D", color="remedy", ms=7, mec="paper", clip_on=False)
    cost.set(yscale="log", ylim=(10, 330))
    _log_x(cost, 0.2, 80, [1, 10])
    cost.set_yticks([10, 30, 100, 300], ["10", "30", "100", "300"])
    cost.minorticks_off()
    cost.set_xlabel("logit spread at the start", labelpad=1)
    cost.set_title("steps to 85 %", fontsize=9)
    median = np.median(own)
    span = f"{own.min()} to {own.max()}"
    if late:
        span = f"from {own.min()}, {late} not in time" if late < len(own) else "none in time"
    more = "more than " if median == STEPS else ""
    return {
        "Steps to 85 %": f"{more}{median:.0f}",
        "Five seeds": span,
        "Against the best start": f"{more}{median / np.median(reference, axis=1).min():.1f} times",
        "Freezing point": f"{at.beta_critical(32):.2f}",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Largest weight and entropy of unscaled random attention against the dimension of a head, "
    "for 64, 1024 and 8192 keys, and the heads of seven released models, all of which would be "
    "frozen without a scale.",
    size=(5.4, 3.1),
)
def every_head_would_freeze(fig):
    left, right = fig.add_axes((0.09, 0.15, 0.38, 0.76)), fig.add_axes((0.58, 0.15, 0.4, 0.76))
    dims = SPREADS[SPREADS >= 1] ** 2
    for n, dash, color in zip(KEYS, ("-", "--", "-."), ("small", "remedy", "large"), strict=True):
        top = curves(n)[2][SPREADS >= 1]
        left.plot(dims, top, dash, color=color)
        left.plot(2 * np.log(n), np.interp(2 * np.log(n), dims, top), "o", color=color, ms=5)
    left.text(60, 0.26, "64 keys", color="small", fontsize=8.5)
    left.text(60, 0.16, "1024, dashed", color="remedy", fontsize=8.5)
    left.text(60, 0.06, "8192, dash-dot", color="large", fontsize=8.5)
    _log_x(left, 1, 2000, [1, 10, 100, 1000])
    left.set(ylim=(0, 1), yticks=[0, 0.5, 1], xlabel="dimension of a head, unscaled")
    left.set_title("weight of the first key", fontsize=9)
    keys = np.geomspace(10, 3e5, 60)
    line = at.beta_critical(keys)
    right.fill_between(line, keys, 3e5, color="fill", lw=0)
    right.plot(line, keys, color="ink", lw=1.2)
    right.text(2.25, 6e4, "spread", color="muted", fontsize=8.5)
    right.text(9.2, 15, "frozen", color="muted", fontsize=8.5)
    on_the_left = {"GPT-2", "Llama 3", "Llama 3.1"}
    for name, (d_k, n) in MODELS.items():
        right.plot(np.sqrt(d_k), n, "o", color="large", ms=5)
        left_of = name in on_the_left
        gap = 0.93 if left_of else 1.07
        align = "right" if left_of else "left"
        right.text(np.sqrt(d_k) * gap, n, name, ha=align, va="center", fontsize=8)
    right.set(yscale="log", ylim=(10, 3e5))
    _log_x(right, 2, 30, [2, 4, 8, 16])
    right.set_xlabel("√dₖ, spread without a scale")
    right.set_title("keys in the context", fontsize=9)


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


@still(
    alt="Norm of the gradient by a query against the dimension, 64 keys. Unscaled, its mean grows "
    "to a constant and its median falls by orders of magnitude; scaled, both stay level.",
    size=(5.2, 3.1),
)
def mean_and_median(fig):
    ax = fig.add_axes((0.12, 0.15, 0.68, 0.8))
    dims = 2 ** np.arange(2, 11)
    for power, color, mark in ((0, "large", "o"), (-0.5, "small", "s")):
        norms = [query_gradients(int(d), float(d) ** power) for d in dims]
        ax.plot(dims, [x.mean() for x in norms], "-", color=color, marker=mark, ms=4)
        ax.plot(
            dims, [np.median(x) for x in norms], "--", color=color, marker=mark, ms=4, mfc="paper"
        )
    limit = at.gap_density(64) * np.sqrt(2 / np.pi)
    ax.axhline(limit, color="ink", lw=1, ls=":")
    ax.text(4.2, limit * 1.15, "limit of the mean", fontsize=8.5)
    side = {"fontsize": 8.5, "va": "center"}
    ax.text(1150, 1.6, "unscaled, mean", color="large", **side)
    ax.text(1150, 0.0045, "median", color="large", **side)
    ax.text(1150, 0.2, "scaled, mean\nand median", color="small", **side)
    ax.set(yscale="log", ylim=(2e-3, 4))
    ax.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    _log_x(ax, 3.6, 1100, [4, 16, 64, 256, 1024])
    ax.set(xlabel="dimension of a head", ylabel="norm of the query's gradient")


@still(
    alt="Left: steps until 85 % against the logit spread at the start, flat below the freezing "
    "point and in proportion to the spread above it. Right: the logit a key needs for half the "
    "weight, against the spread of the others.",
    size=(5.4, 3.1),
)
def what_saturation_costs(fig):
    cost, need = fig.add_axes((0.1, 0.15, 0.38, 0.76)), fig.add_axes((0.59, 0.15, 0.39, 0.76))
    steps = np.array([needed(start, steps=LONG_STEPS)[0] for start in STARTS])
    cost.fill_between(STARTS, steps.min(1), steps.max(1), color="fill", lw=0)
    cost.plot(STARTS, np.median(steps, axis=1), "o-", color="small", ms=4, lw=1.2)
    guide = np.array([6, 70])
    cost.plot(guide, 7 * guide, "--", color="muted", lw=1.2)
    cost.text(9, 30, "7 × spread", color="muted", fontsize=8.5)
    cost.axvline(at.beta_critical(32), color="ink", lw=1, ls=":")
    cost.text(at.beta_critical(32) * 0.88, 120, "freezing\npoint", ha="right", fontsize=8.5)
    cost.set(yscale="log", ylim=(20, 600))
    cost.set_yticks([30, 100, 300], ["30", "100", "300"])
    _log_x(cost, 0.2, 80, [1, 10])
    cost.minorticks_off()
    cost.set_xlabel("logit spread at the start")
    cost.set_title("steps to 85 %", fontsize=9)
    beta = np.linspace(0, 10, 101)
    for n, dash, color in zip((64, 1024, 131072), ("-", "--", "-."), ("small", "remedy", "large"),
                              strict=True):  # fmt: skip
        critical = at.beta_critical(n)
        need.plot(beta, at.retrieval_threshold(n, beta), dash, color=color)
        need.plot(critical, 2 * np.log(n), "o", color=color, ms=5)
    need.text(6.3, 12, "64 keys", color="small", fontsize=8.5)
    need.text(7.1, 30, "1024", color="remedy", fontsize=8.5)
    need.text(3.2, 36, "131 072", color="large", fontsize=8.5)
    need.set(xlim=(0, 10), ylim=(0, 50), xlabel="spread of the other logits")
    need.set_title("logit for half the weight", fontsize=9)
