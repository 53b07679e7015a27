"""Figures of the chapter "Hubs, leaves and the price of fairness"."""

from functools import cache
from itertools import pairwise

import numpy as np

from smlib import graph_normalization as gn
from smlib.checks import extra
from smlib.figures.style import bare, explorer, log_axis, menu, slider, still
from smlib.studies.graph_normalization import (
    DEEPEST,
    DEPTHS,
    accuracy,
    exponents,
    graph,
    magnitudes,
    rate,
    residual,
    survives,
    two_seeds,
)

NAMES = {
    "karate": "karate club",
    "lesmis": "Les Misérables",
    "florentine": "Florentine families",
    "davis": "Davis women",
    "ba": "grown network, 1000 nodes",
    "star": "star, 100 leaves",
}
KINDS = {"sum": "sum", "right": "right", "sym": "symmetric", "left": "left"}
FEATURES = {
    "constant": "constant, 1",
    "random": "random, mean 0",
    "mixed": "mean 0.2, spread 1",
}
LAYERS = (1, 2, 3, 5, 10)


@cache
def _places(name):
    """Coordinates of the nodes that are drawn, their indices, and the edges among them."""
    A = graph(name)
    d = gn.degrees(A)
    if name in ("ba", "star"):  # the hub and its neighbours, the greatest of them inside
        hub = int(d.argmax())
        friends = A[[hub]].nonzero()[1]
        friends = friends[np.argsort(-d[friends], kind="stable")]
        turn = np.arange(1, friends.size + 1)
        radius = np.sqrt(0.12 + 0.88 * turn / friends.size)
        angle = turn * np.pi * (3 - 5**0.5)
        at = np.vstack([[0, 0], np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])])
        ends = np.column_stack([np.zeros(friends.size, dtype=int), turn])
        return at, np.r_[hub, friends], ends
    with extra("chapters"):
        import networkx as nx

    found = nx.kamada_kawai_layout(nx.from_scipy_sparse_array(A), weight=None)
    at = np.array([found[i] for i in range(d.size)])
    at -= (at.max(axis=0) + at.min(axis=0)) / 2
    at /= np.abs(at).max(axis=0)
    return at, np.arange(d.size), np.argwhere(np.triu(A.toarray()))


def _edges(ax, name):
    at, _, ends = _places(name)
    gap = np.full((len(ends), 1), np.nan)
    x, y = (np.hstack([at[ends, i], gap]).ravel() for i in (0, 1))
    ax.plot(x, y, color="line", lw=0.6, zorder=1)
    ax.set(xlim=(-1.12, 1.12), ylim=(-1.12, 1.12), xticks=[], yticks=[])
    bare(ax)


@cache
def _shown(name):
    """Nodes of a scatter plot: all of small graphs; of a large one, all hubs and some others."""
    d = gn.degrees(graph(name))
    if d.size < 200:
        return np.arange(d.size)
    order = np.argsort(-d, kind="stable")
    return np.r_[order[:40], order[40::16]]


@explorer(
    "One exponent",
    alt="{graph}, operator {kind}, features {features}, layers {layers}: magnitude goes with the "
    "power {Fitted power of the degree} of the degree, hub {Hub}, leaf {Leaf}.",
    size=(5.4, 3.3),
    graph=menu({name: NAMES[name] for name in ("karate", "lesmis", "ba", "star")}, label="Graph",
               start="ba"),
    kind=menu(
        {
            "sum": "plain sum",
            "right": "right, α = 0",
            0.25: "α = 1/4",
            "sym": "symmetric, α = 1/2",
            0.75: "α = 3/4",
            "left": "left, α = 1",
        },
        label="Normalization",
        start="sym",
    ),
    features=menu(FEATURES, label="Features"),
    layers=slider(values=LAYERS, label="Layers", start=1),
)  # fmt: skip
def one_exponent(fig, graph, kind, features, layers):
    A = globals()["graph"](graph)
    d, h = gn.degrees(A, self_loops=True), magnitudes(graph, kind, features, layers)
    hub, leaf = int(d.argmax()), d == d.min()
    fitted = gn.degree_exponent(d, h)
    relative = h / np.median(h)

    ax = fig.add_axes((0.115, 0.145, 0.42, 0.75))
    mean, noise = exponents(kind)
    middle = np.exp(np.log(d).mean()), np.exp(np.log(relative).mean())
    line = np.array([1.7, 120])
    for slope, dash in ((mean, "--"), (noise, ":")):
        ax.plot(line, middle[1] * (line / middle[0]) ** slope, dash, color="muted", lw=1.3)
    ax.plot(line, middle[1] * (line / middle[0]) ** fitted, color="remedy", lw=1.3)
    some = _shown(graph)
    ax.plot(d[some], relative[some], "o", color="small", ms=3, mew=0, clip_on=True)
    ax.plot(d[hub], relative[hub], "D", color="large", ms=6, mec="paper", zorder=5)
    ax.set(xlim=(1.7, 120))
    log_axis(ax, "x", [2, 5, 10, 30, 100])
    ax.set(ylim=(0.015, 700))
    log_axis(ax, "y", [0.1, 1, 10, 100])
    ax.set_xlabel("degree, own loop included", labelpad=1)
    ax.set_title("magnitude / median", fontsize=9)
    ax.text(2, 380, f"dashed: means, power {mean:g}", fontsize=8.5, color="muted", va="center")
    ax.text(2, 190, f"dotted: noise, power {noise:g}", fontsize=8.5, color="muted", va="center")
    ax.text(
        2, 95, f"line: fitted, power {fitted + 0:.2f}", fontsize=8.5, color="remedy", va="center"
    )

    net = fig.add_axes((0.57, 0.06, 0.42, 0.84))
    _edges(net, graph)
    at, nodes, _ = _places(graph)
    level = np.round(np.log2(np.clip(relative[nodes], 0.12, 16)))
    others = nodes != hub
    area = 14 * 2.0**level
    net.scatter(*at[others].T, s=area[others], color="small", lw=0, zorder=2)
    place = at[~others][0]
    net.scatter(*place, s=area[~others], color="large", marker="D", lw=0, zorder=3)
    title = "hub and its friends" if graph in ("ba", "star") else NAMES[graph]
    net.set_title(f"{title}, area: magnitude", fontsize=9)
    ratio = h[hub] / np.median(h[leaf])
    return {
        "Fitted power of the degree": f"{round(fitted, 2) + 0:.2f}",
        "Hub": f"{h[hub]:.3g}",
        "Leaf": f"{np.median(h[leaf]):.3g}",
        "Hub over leaf": f"{ratio:.3g}",
        "Degree of the hub": f"{d[hub] - 1:.0f}",
    }


@explorer(
    "How deep before everyone agrees?",
    alt="Karate club, operator {kind}, {loops} self-loops, restart {restart}, layers {layers}: "
    "{On the right side} are on their side, {With the officer} with the officer.",
    size=(5.4, 3.4),
    kind=menu(KINDS, label="Normalization", start="left"),
    loops=menu({"no": "without", "yes": "with"}, label="Self-loops"),
    restart=menu({0.0: "none", 0.1: "0.1"}, label="Restart"),
    layers=slider(values=DEPTHS, label="Layers", start=3),
)
def how_deep(fig, kind, loops, restart, layers):
    H, share = two_seeds(kind, loops == "yes", restart)
    clubs, now = gn.karate_clubs(), H[layers]
    side, undecided = now.argmax(axis=1), now[:, 0] == now[:, 1]
    net = fig.add_axes((0.0, 0.03, 0.47, 0.85))
    _edges(net, "karate")
    at = _places("karate")[0]
    for club, mark, color in ((0, "o", "small"), (1, "s", "large")):
        there = (side == club) & ~undecided
        net.plot(*at[there].T, mark, color=color, ms=6, mew=0, zorder=2)
    net.plot(*at[undecided].T, "o", color="paper", ms=6, mec="muted", mew=1, zorder=2)
    wrong = side != clubs
    net.plot(*at[wrong].T, "x", color="ink", ms=10, mew=1.2, zorder=3)
    for who, text in ((0, "Mr. Hi"), (33, "officer")):
        box = {"fc": "paper", "ec": "none", "pad": 0.8}
        net.annotate(text, at[who], (0, 7), textcoords="offset points", ha="center", fontsize=8.5,
                     bbox=box, zorder=4)  # fmt: skip
    net.set_title("side; cross: wrong", fontsize=9)

    steps = np.arange(DEEPEST + 1)
    right = fig.add_axes((0.575, 0.58, 0.405, 0.3))
    told = accuracy(H)
    right.axhline(0.5, color="muted", lw=1, ls=":")
    right.plot(steps[1:], told[1:], color="remedy")
    right.plot(layers, told[layers], "o", color="ink", ms=6)
    right.set(xlim=(0, 41), ylim=(0.4, 1.03), yticks=[0.5, 1], xticks=[0, 10, 20, 30, 40])
    right.set_title("on the right side", fontsize=9)
    rest = fig.add_axes((0.575, 0.135, 0.405, 0.3))
    decay = rate(kind, loops == "yes")
    rest.plot(steps, share[10] * decay ** (steps - 10.0), "--", color="muted", lw=1.2)
    rest.plot(steps, share, color="small")
    rest.plot(layers, share[layers], "o", color="ink", ms=6)
    rest.set(ylim=(1e-3, 1.4))
    log_axis(rest, "y", [0.001, 0.01, 0.1, 1])
    rest.set(xlim=(0, 41), xticks=[0, 10, 20, 30, 40])
    rest.set_title("differences left; dashed: rate", fontsize=9)
    rest.set_xlabel("layers", labelpad=1)
    return {
        "On the right side": f"{told[layers]:.3f}",
        "With the officer": f"{np.sum(side == 1)} of 34",
        "Undecided": f"{undecided.sum()}",
        "Differences left": f"{share[layers]:.1%}",
        "Half-life": f"{-np.log(2) / np.log(decay):.1f} layers",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Magnitude against degree on a grown network, for constant and for random features and "
    "four normalizations, after 1, 3 and 10 layers. The level panels are left for constant "
    "features and symmetric for random ones.",
    size=(5.4, 3.6),
)
def means_and_noise(fig):
    d = gn.degrees(graph("ba"), self_loops=True)
    edges = np.array([3, 4, 5, 7, 10, 15, 22, 33, 50, 102])
    groups = [np.flatnonzero((d >= low) & (d < high)) for low, high in pairwise(edges)]
    x = [np.exp(np.log(d[g]).mean()) for g in groups]
    for row, features in enumerate(("constant", "random")):
        for column, kind in enumerate(KINDS):
            ax = fig.add_axes((0.1 + 0.228 * column, 0.56 - 0.43 * row, 0.205, 0.355))
            ax.axhline(1, color="muted", lw=0.8, ls=":")
            for layers, color, dash in (
                (1, "small", "-"),
                (3, "remedy", "--"),
                (10, "large", "-."),
            ):
                h = magnitudes("ba", kind, features, layers)
                y = np.array([np.exp(np.log(h[g]).mean()) for g in groups])
                ax.plot(x, y / y[0], dash, color=color, lw=1.5)
            ax.set(xlim=(2.7, 120))
            log_axis(ax, "x", [10, 100])
            ax.set(ylim=(0.1, 500))
            log_axis(ax, "y", [0.1, 1, 10, 100])
            if column:
                ax.set_yticklabels([])
            else:
                ax.set_ylabel(features)
            if row:
                ax.set_xlabel("degree", labelpad=0)
            else:
                ax.set_xticklabels([])
                ax.set_title(KINDS[kind], fontsize=9)
            if column == 3 and row == 0:
                ax.text(3, 200, "1 layer", color="small", fontsize=8.5)
                ax.text(3, 80, "3, dashed", color="remedy", fontsize=8.5)
                ax.text(3, 32, "10, dash-dot", color="large", fontsize=8.5)


@still(
    alt="Differences left against layers for five graphs, without and with self-loops, with their "
    "half-lives. Loops slow the karate club and Les Misérables down, speed the Florentine families "
    "up, and let the Davis women settle at all.",
    size=(5.4, 3.2),
)
def five_half_lives(fig):
    k = np.arange(41)
    styles = {"karate": ("small", "-"), "lesmis": ("large", "--"), "florentine": ("remedy", "-."),
              "davis": ("other", ":"), "ba": ("ink", (0, (6, 1.5, 1.5, 1.5)))}  # fmt: skip
    short = {"karate": "karate", "lesmis": "Misérables", "florentine": "Florence",
             "davis": "Davis", "ba": "grown"}  # fmt: skip
    for place, loops in enumerate((False, True)):
        ax = fig.add_axes((0.1 + 0.47 * place, 0.14, 0.42, 0.77))
        for i, (name, (color, dash)) in enumerate(styles.items()):
            ax.plot(k, residual(name, loops, k), ls=dash, color=color, lw=1.6)
            half = gn.smoothing_rate(graph(name), loops).half_life
            text = f"{short[name]} {half:.1f}" if np.isfinite(half) else f"{short[name]} ∞"
            y = 40 * 0.5**i
            ax.plot([1, 6], [y, y], ls=dash, color=color, lw=1.6)
            ax.text(7, y, text, color=color, fontsize=8.5, va="center")
        ax.set(ylim=(1e-3, 80))
        log_axis(ax, "y", [0.001, 0.01, 0.1, 1])
        if place:
            ax.set_yticklabels([])
        ax.set(xlim=(0, 41), xlabel="layers")
        ax.set_title(f"{'with' if loops else 'without'} self-loops", fontsize=9)


@still(
    alt="Share of the variance of a count and of a fraction of infected neighbours that one layer "
    "keeps, by normalization, on a grown network and in the karate club. The sum keeps the count, "
    "the left normalization the fraction, and each loses the other.",
    size=(5.4, 2.9),
)
def count_or_fraction(fig):
    for place, name in enumerate(("ba", "karate")):
        ax = fig.add_axes((0.09 + 0.48 * place, 0.13, 0.42, 0.76))
        for i, kind in enumerate(KINDS):
            for shift, target, color in ((-0.19, "count", "large"), (0.19, "fraction", "small")):
                height = survives(name, kind, target)
                fill = "large" if target == "count" else "paper"
                ax.bar(i + shift, height, 0.34, color=fill, ec=color, lw=1.3)
                ax.text(i + shift, height + 0.02, f"{height:.2f}", ha="center", fontsize=7.5)
        ax.set_xticks(range(4), KINDS.values(), fontsize=9)
        ax.set(ylim=(0, 1.35), yticks=[0, 0.5, 1])
        ax.set_title(NAMES[name].split(",")[0], fontsize=9)
        if place == 0:
            ax.bar(-0.4, 0.07, 0.3, bottom=1.2, color="large", ec="large", align="edge")
            ax.text(0, 1.235, "count", fontsize=8.5, va="center")
            ax.bar(1.2, 0.07, 0.3, bottom=1.2, color="paper", ec="small", lw=1.3, align="edge")
            ax.text(1.6, 1.235, "fraction, hollow", fontsize=8.5, va="center")
