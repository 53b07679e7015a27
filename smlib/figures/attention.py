"""Figures of the chapter "Why the square root"."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from scipy.signal import lfilter
from scipy.special import logsumexp

from smlib import attention as at
from smlib.figures.style import boxed, explorer, log_axis, menu, slider, still
from smlib.memo import in_advance
from smlib.studies.attention import (
    GOAL,
    KEYS,
    LONG_STEPS,
    MODELS,
    SCALES,
    SEEDS,
    SPREADS,
    STARTS,
    STEPS,
    accuracies,
    condensed,
    curves,
    needed,
    noise,
    query_gradients,
    spread,
    training,
)

#: Weights from one in ten thousand to one, in few steps so that a map packs well.
WEIGHTS = LinearSegmentedColormap.from_list("weights", ["paper", "small", "ink"], 17)
RATES = (0.3, 1, 3, 10)


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
        condensed(n, float(beta))
    beta, critical = spread(d_k, scale), at.beta_critical(n)
    entropy, _, top, mean, _ = condensed(n, float(beta))

    rows = fig.add_axes((0.03, 0.3, 0.31, 0.6))
    logits = beta * noise(n)[:24, :24]
    lost = np.log(np.exp(beta * (noise(n)[:24] - noise(n)[:24, :1])).sum(axis=1))
    weights = (logits - logits[:, :1] - lost[:, None]) / np.log(10)
    rows.imshow(weights, cmap=WEIGHTS, vmin=-4, vmax=0, interpolation="none", aspect="auto")
    rows.set(xticks=[], yticks=[], xlabel="its 24 heaviest keys →", ylabel="24 random queries")
    rows.set_title("weight of a key", fontsize=9)
    bar = fig.add_axes((0.03, 0.165, 0.31, 0.03))
    bar.imshow(np.linspace(-4, 0, 17)[None], cmap=WEIGHTS, aspect="auto", extent=(-4, 0, 0, 1))
    bar.set(yticks=[], xticks=[-4, -2, 0])
    bar.set_xticklabels(["0.0001", "0.01", "1"], fontsize=8.5)
    for ax in (rows, bar):
        boxed(ax)

    told = curves(n)
    upper, lower = fig.add_axes((0.475, 0.56, 0.5, 0.34)), fig.add_axes((0.475, 0.115, 0.5, 0.34))
    for ax in (upper, lower):
        ax.axvline(critical, color="ink", lw=1, ls=":")
        ax.axvline(beta, color="large", lw=1.4)
        ax.set(xlim=(SPREADS[0], SPREADS[-1]))
        log_axis(ax, "x", [0.1, 1, 10])
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
    lower.set(ylim=(1e-4, 1))
    log_axis(lower, "y", [1e-4, 1e-2, 1])
    lower.set_title("norm of the softmax derivative", fontsize=9)
    lower.text(0.035, 0.25, "mean", color="remedy", fontsize=8.5)
    lower.text(0.035, 0.0004, "median, dash-dot", color="ink", fontsize=8.5)
    lower.set_xlabel("spread of the logits", labelpad=1)
    typical = np.exp(-logsumexp(beta * noise(n), axis=1).mean())
    return {
        "Spread of the logits": f"{beta:.3g}",
        "Freezing point": f"{critical:.2f}",
        "Largest weight": f"{top:.3f}",
        "Entropy": f"{entropy:.0%}",
        "Derivative, mean": f"{mean:.3f}",
        "Typical key": f"{typical:.1e}",
    }


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
    yield from in_advance(training, runs)
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
    cost.set(ylim=(10, 330))
    cost.set(xlim=(0.2, 80))
    log_axis(cost, "x", [1, 10])
    log_axis(cost, "y", [10, 30, 100, 300])
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
    left.set(xlim=(1, 2000))
    log_axis(left, "x", [1, 10, 100, 1000])
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
    right.set(ylim=(10, 3e5))
    right.set(xlim=(2, 30))
    log_axis(right, "x", [2, 4, 8, 16])
    log_axis(right, "y", [10, 100, 1000, 1e4, 1e5])
    right.set_xlabel("√dₖ, spread without a scale")
    right.set_title("keys in the context", fontsize=9)


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
    ax.set(xlim=(3.6, 1100), ylim=(2e-3, 4))
    log_axis(ax, "y", [0.01, 0.1, 1])
    log_axis(ax, "x", [4, 16, 64, 256, 1024])
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
    cost.set(ylim=(20, 600))
    log_axis(cost, "y", [30, 100, 300])
    cost.set(xlim=(0.2, 80))
    log_axis(cost, "x", [1, 10])
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
