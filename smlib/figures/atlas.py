"""Figures of the closing chapter "One lens"."""

import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from scipy.linalg import svdvals

from smlib.atlas import rows
from smlib.figures.boundary_layer import SHORT
from smlib.figures.style import bare, boxed, explorer, log_axis, menu, number, slider, still, ten
from smlib.rescaling import (
    compare_invariants,
    effective_condition,
    rescale_class,
)
from smlib.scales import KINDS
from smlib.studies.atlas import (
    distance,
    example,
    result,
    shown,
    with_margin,
)

#: Colour and marker of each regime.
REGIMES = {
    "matched": ("ink", "s"),
    "separated": ("remedy", "D"),
    "disparate": ("large", "o"),
    "nominal": ("other", "^"),
}
ORDERS = {"ratio": "ratio", "chapter": "chapter", "regime": "regime"}
OPERATIONS = {"none": "none", "scalar": "one scalar", "diagonal": "rows and columns"}

#: Within which axes that have a zero are linear.
LINEAR = 0.01
VIEWS = {
    "distance": "ratio − 1",
    "margin": "margin to the critical ratio",
    "digits": "digits bought, s D",
    "consequence": "consequence",
}
#: Where an infinite number of digits is drawn.
ENDLESS = 11.5
NAMES = {
    "features": "features, z-scores",
    "preconditioner": "springs, Jacobi",
    "graph_symmetric": "graph, both sides",
    "graph_left": "graph, left",
    "attention": "queries and keys",
    "units": "rates, change of units",
}
DECADES = (0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4)
#: Entries over five decades, in few steps so that a map packs well.
ENTRIES = LinearSegmentedColormap.from_list("entries", ["paper", "small"], 15)


def _short(row):
    """Name of a row that fits beside an axis."""
    return SHORT[row.system][0]


def _scale(ax, view):
    if view == "margin":
        ax.set_xscale("symlog", linthresh=LINEAR, linscale=0.6)
        ax.set(xlim=(-4, 14), xticks=[-1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10])
        ax.set_xticklabels(["−1", "−0.1", "", "0", "", "0.1", "1", "10"])
        ax.axvspan(-4, 0, color="fill", lw=0)
        ax.axvline(0, color="muted", lw=1)
        ax.set_xlabel("decades to the critical ratio, safe to the right")
    elif view == "digits":
        ax.set(xlim=(-0.4, 12), xticks=[0, 2, 4, 6, 8, 10, ENDLESS])
        ax.set_xticklabels(["0", "2", "4", "6", "8", "10", "∞"])
        ax.set_xlabel("digits bought by one scale at a time")
    else:
        low, high = (5e-3, 1e15) if view == "distance" else (0.3, 1e15)
        ax.set(xlim=(low, high))
        powers = range(-2, 15, 2) if view == "distance" else range(0, 15, 2)
        log_axis(ax, "x", [10.0**p for p in powers], [ten(p) for p in powers])
        ax.set_xlabel("larger over smaller scale, less 1" if view == "distance" else
                      "what the ratio does: ratio to the power of its leverage")  # fmt: skip


def _key(ax):
    """Regimes and effects above the chart."""
    for i, (regime, (color, marker)) in enumerate(REGIMES.items()):
        x = 0.02 + 0.2 * i
        ax.plot(x, 0.75, marker, color=color, ms=6)
        ax.text(x + 0.02, 0.75, regime, color=color, fontsize=9, va="center")
    ax.plot(0.02, 0.2, "o", color="muted", ms=6)
    ax.text(0.04, 0.2, "bug", fontsize=9, va="center", color="muted")
    ax.plot(0.22, 0.2, "o", mfc="paper", mec="muted", ms=6, mew=1.5)
    ax.text(0.24, 0.2, "feature", fontsize=9, va="center", color="muted")
    ax.plot([0.42, 0.42], [0.02, 0.38], color="ink", lw=1.5)
    ax.text(0.44, 0.2, "critical ratio", fontsize=9, va="center", color="muted")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")


@explorer(
    "The atlas",
    alt="{view} of the systems, {kind}, sorted by {order}: {Systems} systems, from {Least} to "
    "{Most}, {Within a factor of 2} within a factor of 2.",
    size=(5.8, 5.6),
    view=menu(VIEWS, label="Shown"),
    kind=menu({"all": "all"} | {kind: kind for kind in KINDS}, label="Kind of scale"),
    order=menu(ORDERS, label="Sorted by"),
)
def atlas_chart(fig, view, kind, order):
    found, values = shown(view, kind, order)
    _key(fig.add_axes((0.0, 0.935, 1.0, 0.065)))
    everything = len(rows())
    ax = fig.add_axes((0.29, 0.075, 0.695, 0.86))
    _scale(ax, view)
    # Few rows stand twice as far apart as all of them.
    ax.set(ylim=(max(len(found), everything / 2) - 0.4, -0.6), yticks=[])
    bare(ax, "left")
    for y, (row, value) in enumerate(zip(found, values, strict=True)):
        color, marker = REGIMES[row.regime]
        face = "paper" if row.effect == "feature" else color
        x = ENDLESS if value == math.inf else value
        ax.axhline(y, color="line", lw=0.5, zorder=0)
        ax.plot(x, y, marker, mfc=face, mec=color, ms=5.5, mew=1.4, clip_on=False)
        if view == "distance" and row.critical is not None:
            x = distance(row.critical)
            ax.plot([x, x], [y - 0.36, y + 0.36], color="ink", lw=1.5)
        ax.annotate(_short(row), (0, y), (-5, 0), xycoords=("axes fraction", "data"), fontsize=8,
                    textcoords="offset points", ha="right", va="center", color=color)  # fmt: skip
    if not found:
        ax.text(0.5, 0.5, "no row of this kind has it", transform=ax.transAxes, ha="center",
                color="muted")  # fmt: skip
    return {
        "Systems": f"{len(found)} of {everything}",
        "Least": number(min(values), 3) if found else "none",
        "Most": number(max(values), 3) if found else "none",
        "Within a factor of 2": str(sum(distance(row.ratio) <= 1 for row in found)),
        "On top": _short(found[0]) if found else "none",
    }


def _kept(before, after):
    """What a matrix still has of another one, in words."""
    same = compare_invariants(before, after)
    words = {"spectrum": "eigenvalues", "inertia": "their signs", "rank": "rank"}
    return ", ".join(word for key, word in words.items() if same[key]) or "nothing"


def _map(ax, matrix, top, title):
    """Sizes of the entries as powers of ten below `top`; zeros stay empty."""
    with np.errstate(divide="ignore"):
        power = np.log10(np.abs(matrix))
    ax.imshow(power, cmap=ENTRIES, vmin=top - 5, vmax=top, interpolation="none")
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9)
    boxed(ax)


@explorer(
    "Same equation, different field",
    alt="{field}, scales over {decades} decades, divided: {operation}. Condition number {Condition "
    "number, before} before and {Condition number, after} after; kept: {Kept}.",
    size=(5.4, 3.7),
    field=menu(NAMES, label="Field"),
    decades=slider(values=DECADES, label="Spread of the scales", unit="decades", start=4),
    operation=menu(OPERATIONS, label="Divide by", start="diagonal"),
)
def same_equation(fig, field, decades, operation):
    before, after, left, right = result(field, decades, operation)
    top = math.log10(np.abs(before).max())
    _map(fig.add_axes((0.01, 0.37, 0.29, 0.52)), before, top, "before")
    _map(fig.add_axes((0.33, 0.37, 0.29, 0.52)), after,
         math.log10(np.abs(after).max()) if operation != "none" else top, "after")  # fmt: skip
    fig.text(
        0.01,
        0.325,
        "full: the largest entry; pale: 10⁻⁵ of it or less; blank: 0",
        fontsize=8.5,
        color="muted",
    )

    ax = fig.add_axes((0.75, 0.37, 0.235, 0.52))
    for matrix, color, marker, line, face in (
        (before, "large", "o", "--", "paper"), (after, "remedy", "s", "-", "remedy"),
    ):  # fmt: skip
        sigma = svdvals(matrix)
        sigma = sigma[sigma > 1e-10 * sigma[0]] / sigma[0]
        ax.plot(np.arange(1, sigma.size + 1), sigma, marker + line, color=color, mfc=face, ms=5,
                lw=1.2)  # fmt: skip
    ax.set(ylim=(1e-9, 3), xlim=(0.5, 6.5), xticks=[1, 6])
    log_axis(ax, "y", [1e-8, 1e-4, 1])
    ax.set_title("singular values", fontsize=9)
    ax.text(0.7, 2e-9, "○ before\n■ after", fontsize=8.5, color="muted", va="bottom")

    bar = fig.add_axes((0.01, 0.12, 0.975, 0.1))
    intrinsic = math.log10(effective_condition(after))
    whole = math.log10(effective_condition(before))
    taken = whole - intrinsic
    bar.barh(0, intrinsic, color="remedy", height=0.8)
    bar.barh(0, taken, left=intrinsic, fc="paper", ec="large", height=0.8, lw=1)
    bar.axvline(whole, color="large", lw=1.5)
    bar.set(xlim=(0, 9), ylim=(-0.5, 0.5), yticks=[], xticks=range(0, 10, 3))
    bar.set_xlabel("decades of the condition number; outlined: taken away", fontsize=9, labelpad=1)
    bare(bar, "left")
    kinds = sorted(rescale_class(left, right))
    off = np.abs(after - example(field, decades).native).max()
    return {
        "Condition number, before": number(10**whole, 3),
        "Condition number, after": number(10**intrinsic, 3),
        "Class": " and ".join(kinds) or "equivalence",
        "Kept": _kept(before, after),
        "Off the field's own result": "less than 10⁻¹²" if off < 1e-12 else number(off, 3),
    }


@still(
    alt="Matrices of four fields before and after their remedies. Before, all their dark entries "
    "stand in a corner, a row or a column; after, all four are evenly filled.",
    size=(5.4, 3.0),
)
def four_fields(fig):
    for i, field in enumerate(("features", "graph_symmetric", "attention", "units")):
        before, after, *_ = result(field, 4, "diagonal")
        for k, matrix in enumerate((before, after)):
            ax = fig.add_axes((0.085 + 0.23 * i, 0.49 - 0.47 * k, 0.2, 0.4))
            _map(ax, matrix, math.log10(np.abs(matrix).max()), NAMES[field] if k == 0 else "")
            if i == 0:
                ax.set_ylabel(("before", "after")[k], fontsize=9)


#: Where the name of a row stands beside its point: points to the right and up, alignment.
BESIDE = {
    "growth and injury of a child's kidney": (-8, 0, "right"),
    "unscaled head of 64 dimensions, 1024 keys": (-8, 0, "right"),
    "magnesium in iron at 40 GPa": (7, 6, "left"),
    "head held upright, across the midpelvis": (7, -7, "left"),
}


@still(
    alt="Margin to the critical ratio against decades between the scales. Systems on both sides "
    "of zero at every number of decades; no trend.",
    size=(5.4, 3.9),
)
def margins(fig):
    ax = fig.add_axes((0.115, 0.12, 0.87, 0.86))
    ax.set_xscale("symlog", linthresh=LINEAR, linscale=0.5)
    ax.set_yscale("symlog", linthresh=LINEAR, linscale=0.5)
    ax.axhspan(-3, 0, color="fill", lw=0)
    ax.axhline(0, color="muted", lw=1)
    for row in with_margin()[0]:
        color, marker = REGIMES[row.regime]
        face = "paper" if row.effect == "feature" else color
        ax.plot(row.decades, row.margin, marker, mfc=face, mec=color, ms=6, mew=1.4)
        right, up, side = BESIDE.get(row.system, (7, 0, "left"))
        ax.annotate(_short(row), (row.decades, row.margin), (right, up), fontsize=8.5, color=color,
                    textcoords="offset points", ha=side, va="center")  # fmt: skip
    ax.set(xlim=(0.005, 30), ylim=(-3, 20))
    ax.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    ax.set_yticks([-1, -0.1, 0, 0.1, 1, 10], ["−1", "−0.1", "0", "0.1", "1", "10"])
    ax.minorticks_off()
    ax.text(0.006, -2.2, "past the critical ratio", color="muted", fontsize=9)
    ax.text(0.006, 13, "on the safe side", color="muted", fontsize=9)
    ax.set_xlabel("decades between the two scales", labelpad=1)
    ax.set_ylabel("margin, decades", labelpad=0)
