"""Figures of the chapter "Disparity or separation?"."""

import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from smlib import boundary_layer as bl
from smlib import layered_media
from smlib.atlas import ATLAS
from smlib.figures.style import boxed, explorer, log_axis, menu, number, percent, slider, still
from smlib.studies.boundary_layer import (
    ARRANGEMENTS,
    EPS,
    LAYERS,
    composite_error,
    layer_signs,
    measured,
    medium_error,
    medium_exponent,
    scheme_error,
)

MESHES = {"uniform": "uniform", "shishkin": "Shishkin", "bakhvalov": "Bakhvalov"}
#: The two materials, and between them what an average over many layers looks like.
#: Text, dash and colour of each arrangement.
LOOKS = {
    "periodic": ("periodic", "-", "remedy"),
    "0.5": ("independent", "--", "small"),
    "0.6": ("H = 0.6", (0, (5, 1.5, 1, 1.5)), "other"),
    "0.75": ("H = 0.75", "-.", "other"),
    "0.9": ("H = 0.9", ":", "large"),
}
STRIPES = LinearSegmentedColormap.from_list("stripes", ["small", "line", "large"], 25)


def _error(x):
    return number(x) if x >= 1e-14 else "below 10⁻¹⁴"


# --- the layer ----------------------------------------------------------------------------------


@explorer(
    "Match the layers",
    alt="{problem} problem, layer {eps}: composite off by {Composite, error}; {cells} cells, "
    "{mesh} mesh, off by {Scheme, at its nodes} at the nodes and {Scheme, anywhere} between.",
    size=(5.4, 4.6),
    problem=menu({"special": "special, (1 + ε) u′", "generic": "generic, u′"}, label="Problem"),
    eps=slider(values=EPS, label="Thickness ε of the layer", start=0.05, fine=3),
    mesh=menu(
        {"uniform": "uniform", "shishkin": "Shishkin", "bakhvalov": "Bakhvalov"}, label="Mesh"
    ),
    cells=slider(values=(16, 32, 64), label="Cells"),
)
def match_the_layers(fig, problem, eps, mesh, cells):
    nodes = bl.layer_mesh(cells, eps, mesh)
    u = bl.solve_layer(nodes, eps, "upwind", problem)
    stretch = np.concatenate((np.linspace(0, 0.5, 11), np.geomspace(0.6, 8, 30)))
    views = (
        ((0.075, 0.58, 0.405, 0.31), 1, "x, the outer view"),
        ((0.565, 0.58, 0.405, 0.31), eps, "x / ε, the inner view"),
    )
    for place, unit, text in views:
        ax = fig.add_axes(place)
        fine = np.minimum(stretch * eps, 1)
        x = np.sort(np.concatenate((np.linspace(0, 1, 41), fine))) if unit == 1 else fine
        for part, color, dash, width in (
            ("exact", "ink", "-", 3),
            ("outer", "large", "--", 1.5),
            ("inner", "small", "-.", 1.5),
            ("composite", "remedy", "-", 1.2),
        ):
            y = (
                bl.exact_solution(x, eps, problem)
                if part == "exact"
                else bl.expansion(x, eps, part, problem=problem)
            )
            ax.plot(x / unit, y, ls=dash, color=color, lw=width, label=part)
        seen = nodes <= 8 * unit * 1.001
        seen[1:] |= seen[:-1]  # the line runs on to the first node that is out of sight
        style = {
            "ls": (0, (1, 1)),
            "lw": 1,
            "marker": "o",
            "ms": 3,
            "color": "other",
            "mfc": "paper",
        }
        ax.plot(nodes[seen] / unit, u[seen], **style, label="scheme", clip_on=True)
        ax.set(xlim=(0, 1 if unit == 1 else 8), ylim=(0, 2.95), yticks=[0, 1, 2])
        ax.set_xlabel(text, labelpad=1)
        if unit == 1:
            handles, labels = ax.get_legend_handles_labels()
            ax.set_xticks([0, 0.5, 1])
    fig.legend(
        handles, labels, loc="upper center", ncol=5, fontsize=9, handlelength=2.3,
        columnspacing=1.3, borderaxespad=0.1, bbox_to_anchor=(0.5, 0.995),
    )  # fmt: skip

    ax = fig.add_axes((0.105, 0.1, 0.865, 0.315))
    thin = np.geomspace(1e-4, 1, 49)
    for name, dash in (("special", "-"), ("generic", "--")):
        color, width = ("remedy", 2) if name == problem else ("muted", 1.2)
        y = [max(composite_error(float(e), name), 1e-12) for e in thin]
        ax.plot(thin, y, dash, color=color, lw=width)
    errors = np.array([scheme_error(float(e), problem, mesh, cells) for e in thin[::2]])
    ax.plot(thin[::2], errors[:, 1], "-.", color="other", lw=1.4, label="scheme, anywhere")
    ax.plot(thin[::2], errors[:, 0], ":", color="other", lw=1.4, label="scheme, at its nodes")
    ax.legend(loc="lower left", fontsize=9, handlelength=2.3, borderaxespad=0.2)
    ax.text(2.2e-4, 4e-5, "generic composite", fontsize=9, color="ink")
    ax.text(0.085, 2e-7, "special composite", fontsize=9, color="ink")
    ax.axvline(eps, color="line", lw=0.8, zorder=0)
    matched, (nodal, uniform) = (
        composite_error(eps, problem),
        scheme_error(eps, problem, mesh, cells),
    )
    ax.plot(
        eps, max(matched, 3e-10), "D" if matched > 3e-10 else "v", color="remedy", ms=7, mec="paper"
    )
    ax.plot([eps, eps], [nodal, uniform], "o", color="other", ms=5, mec="paper")
    ax.set(xlim=(8e-5, 1.15), ylim=(1e-10, 30))
    log_axis(ax, "x", [1e-4, 1e-3, 1e-2, 0.1, 1], ["10⁻⁴", "0.001", "0.01", "0.1", "1"])
    log_axis(ax, "y", [1e-9, 1e-6, 1e-3, 1])
    ax.set_xlabel("thickness ε", labelpad=1)
    ax.set_title("largest error", fontsize=9)
    return {
        "Composite, error": _error(matched),
        "e × ε": number(math.e * eps),
        "Scheme, at its nodes": _error(nodal),
        "Scheme, anywhere": _error(uniform),
        "Nodes within 3 ε": f"{np.count_nonzero(nodes[1:] <= 3 * eps)} of {cells}",
    }


# --- the medium ---------------------------------------------------------------------------------


def _strip(ax, arrangement, n, medium=0):
    """The layers in 256 columns; where there are more layers than that, their mean."""
    signs = layer_signs(arrangement, n)[medium].astype(float)
    columns = signs.reshape(256, -1).mean(axis=1) if n > 256 else np.repeat(signs, 256 // n)
    ax.imshow(
        columns[None], cmap=STRIPES, vmin=-1, vmax=1, extent=(0, 1, 0, 1), aspect="auto",
        interpolation="none",
    )  # fmt: skip
    ax.set(xticks=[], yticks=[])
    boxed(ax)


def _solutions(ax, arrangement, n, contrast, media, nodes=64):
    """u in some media, by its mean, and by the wrong mean."""
    x, u = layered_media.solve_medium(2 * (1 + contrast * layer_signs(arrangement, n)[:media]))
    step = max(1, n // nodes)
    for i, row in enumerate(u):
        ax.plot(x[::step], row[::step], color="ink", lw=0.9, label="" if i else "media", zorder=2)
    parabola = np.linspace(0, 1, 41)
    parabola = parabola, parabola * (1 - parabola)
    ax.plot(*parabola, "--", color="remedy", lw=2.4, label="harmonic mean", zorder=3)
    ax.plot(
        parabola[0], (1 - contrast**2) * parabola[1], ":", color="large", lw=2,
        label="arithmetic mean",
    )  # fmt: skip
    ax.set(xlim=(0, 1), xticks=[0, 0.5, 1])


@explorer(
    "Averaging laboratory",
    alt="{n} layers, arrangement {arrangement}, contrast {contrast}: {Disparity D}, exponent "
    "{Exponent s}, error {Error of the mean}.",
    size=(5.4, 3.9),
    n=slider(values=LAYERS, label="Layers, the ratio of the scales", start=64),
    arrangement=menu(
        {
            "periodic": "periodic",
            "0.5": "random, independent",
            "0.6": "random, memory H = 0.6",
            "0.75": "random, memory H = 0.75",
            "0.9": "random, memory H = 0.9",
        },
        label="Arrangement",
    ),
    contrast=slider(values=(0.3, 0.6, 0.9), label="Contrast c", start=0.9),
)
def averaging(fig, n, arrangement, contrast):
    ax = fig.add_axes((0.075, 0.865, 0.9, 0.07))
    _strip(ax, arrangement, n)
    ax.set_title("one medium, coarse-grained to 256 columns" if n > 256 else "one medium",
                 fontsize=9)  # fmt: skip

    ax = fig.add_axes((0.075, 0.12, 0.37, 0.67))
    _solutions(ax, arrangement, n, contrast, 1 if arrangement == "periodic" else 5)
    ax.set(ylim=(0, 0.66), yticks=[0, 0.1, 0.2, 0.3, 0.4])
    ax.legend(loc="upper center", fontsize=9, handlelength=2.2, borderaxespad=0)
    ax.set_xlabel("x", labelpad=1)
    ax.set_title("u", fontsize=9)

    ax = fig.add_axes((0.565, 0.12, 0.235, 0.67))
    for name, (text, dash, color) in LOOKS.items():
        y = [medium_error(name, m, contrast) for m in LAYERS]
        ax.plot(LAYERS, y, ls=dash, color=color, lw=2.4 if name == arrangement else 1.2)
        ax.text(6600, y[-1], text, color=color, fontsize=9, va="center")
    error = medium_error(arrangement, n, contrast)
    ax.plot(n, error, "D", color="ink", ms=7, mec="paper", clip_on=False)
    ax.set(xlim=(16, 4096), ylim=(2e-4, 1.1))
    log_axis(ax, "x", [16, 256, 4096])
    log_axis(ax, "y", [1e-3, 0.01, 0.1, 1], ["0.1 %", "1 %", "10 %", "100 %"])
    ax.set_xlabel("layers n", labelpad=1)
    ax.set_title("error of the mean, rms", fontsize=9)
    s, decades = medium_exponent(arrangement, contrast), math.log10(n)
    hurst = ARRANGEMENTS[arrangement][1]
    spread = contrast * n ** (hurst - 1) * (1 if hurst == 0.5 else math.sqrt(2 / math.pi))
    return {
        "Disparity D": f"{decades:.2f} decades",
        "Exponent s": f"{s:.2f}",
        "Digits s × D": f"{s * decades:.2f}",
        "Error of the mean": percent(error),
        "Spread of the mean resistivity": (
            "none" if arrangement == "periodic" else percent(spread)
        ),
    }


@still(
    alt="Two materials in three arrangements: 64 layers in turn, 64 independent layers, 4096 "
    "layers with memory. The media lie on the mean, near it, and far from it.",
    size=(5.4, 2.6),
)
def same_materials(fig):
    for i, (name, n, text) in enumerate(
        (
            ("periodic", 64, "64 in turn"),
            ("0.5", 64, "64 independent"),
            ("0.9", 4096, "4096 with memory, H = 0.9"),
        )
    ):
        left = 0.06 + 0.325 * i
        ax = fig.add_axes((left, 0.86, 0.29, 0.09))
        _strip(ax, name, n)
        ax = fig.add_axes((left, 0.26, 0.29, 0.56))
        _solutions(ax, name, n, 0.9, 8 if i else 1)
        ax.set(ylim=(0, 0.45), yticks=[0, 0.2, 0.4])
        ax.set_xticks([0, 0.5, 1], ["0", "½", "1"])
        if i:
            ax.set_yticklabels([])
        error = 100 * medium_error(name, n, 0.9)
        ax.set_xlabel(f"{text}\noff by {error:.2g} %", fontsize=9)


# --- all systems --------------------------------------------------------------------------------


#: Where the names of the chart stand: ratio, error, alignment; colour and dash.
NAMES = {
    "special layer": (20, 4e-7, "left", "other", "-"),
    "layer, order 0": (100, 1.4e-3, "left", "remedy", "-"),
    "layer, order 1": (950, 4.5e-6, "left", "remedy", "--"),
    "channel": (4e4, 1.6e-4, "left", "remedy", "-."),
    "periodic": (4800, 1.0e-3, "left", "remedy", ":"),
    "independent": (4800, 0.033, "left", "small", "--"),
    "probe": (1150, 0.021, "left", "small", ":"),
    "weather, closed": (1.1, 0.19, "left", "small", "-"),
    "H = 0.75": (4800, 0.115, "left", "large", "-."),
    "H = 0.9": (4800, 0.35, "left", "large", "--"),
    "weather, cut off": (50, 1.7, "left", "large", "-"),
}


@still(
    alt="Error against the ratio of the scales, both logarithmic, for eleven descriptions. The "
    "special layer falls off a cliff; layer, channel and periodic medium fall with slope 1 or 2; "
    "independent layers, probe and closed weather model with one half; media with memory hardly "
    "fall; the weather model cut off stays level.",
    size=(5.4, 4.4),
)
def separation_chart(fig):
    ax = fig.add_axes((0.105, 0.11, 0.875, 0.86))
    ratio = np.array([1, 1e5])
    for s, start, text, x, y in (
        (0, 1, "0", 9e4, 0.75), (0.5, 1, "½", 9e4, 5.2e-3), (1, 0.1, "1", 9e4, 2.5e-6)
    ):  # fmt: skip
        ax.plot(ratio, start * ratio**-s, color="line", lw=1, zorder=0)
        ax.text(x, y, f"s = {text}", color="muted", fontsize=9, ha="right", va="center")
    for name, (r, error) in measured().items():
        x, y, side, color, dash = NAMES[name]
        ax.plot(r, error, ls=dash, color=color)
        ax.text(x, y, name, color=color, fontsize=9, ha=side, va="center")
    ax.set(xlim=(1, 1.3e5), ylim=(1e-7, 4))
    log_axis(ax, "x", 10.0 ** np.arange(6))
    log_axis(ax, "y", 10.0 ** np.arange(-6, 1, 2))
    ax.set_xlabel("ratio R of the scales", labelpad=1)
    ax.set_ylabel("error of the reduced description", labelpad=1)


#: Short names of rows of the atlas, and where they stand: points to the right and up, alignment.
#: A row without one is drawn without a name.
SHORT = {
    "silver atom in copper": ("silver in copper", 7, 0, "left"),
    "Cantor alloy CoCrFeMnNi (1 + delta)": ("Cantor alloy", 7, 0, "left"),
    "bump and bow-out length in CoCrFeMnNi": ("bow-out", -7, 0, "right"),
    "head held upright, across the midpelvis": ("upright head", 7, 0, "left"),
    "bent head in a midpelvis of 9 cm": ("narrow pelvis", 7, 0, "left"),
    "progress in an hour and the error of an exam": ("exam", 7, 0, "left"),
    "dislocation core on the bumps": ("core and bump", 7, 0, "left"),
    "Larkin length and dislocation": ("Larkin length", -2, 10, "center"),
    "thunderstorm in a grid cell": ("storm in a cell", 0, -10, "center"),
    "fast and slow variables of Lorenz at c = 10": ("weather model", 6, 10, "center"),
    "polymer in water, 0.2 mm channel": ("polymer in water", 7, 0, "left"),
    "Boger fluid, 2 cm channel": ("Boger fluid", 3, -10, "center"),
    "polyethylene melt, 2 mm slit": ("melt", -7, 0, "right"),
    "polymer without solvent": ("no solvent", 7, 0, "left"),
    "one time step of the melt, in pascal": ("time step in pascal", 0, 0, "right"),
    "unscaled head of 64 dimensions, 1024 keys": ("attention", 0, 0, "right"),
    "layer with special coefficients": ("special layer", 0, 10, "center"),
    "layer with generic coefficients": ("generic layer", 0, 10, "center"),
    "1000 layers in turn": ("layers in turn", 7, 0, "left"),
    "1000 independent layers": ("layers by lot", 7, 0, "left"),
    "1000 layers with long memory": ("layers with memory", 7, 0, "left"),
    "boron atom in silicon": ("boron in silicon", 7, 0, "left"),
    "etch stop of 2 µm, 1e20 boron atoms per cm³": ("etch stop", 7, 0, "left"),
    "magnesium in iron without pressure": ("Mg in Fe", 7, 0, "left"),
    "magnesium in iron at 40 GPa": ("Mg in Fe, 40 GPa", 7, 0, "left"),
    "Vitreloy 1 (1 + delta)": ("Vitreloy 1", 7, 0, "left"),
    "nose of a melt with a size spread of 2 %": ("nose", 0, 10, "center"),
    "vegetation index and area of a segment": ("NDVI and area", 0, 0, "right"),
    "hub and leaf of a grown network": ("hub and leaf", 3, 11, "center"),
    "star of a million leaves": ("star", 7, 0, "left"),
    "dechlorination in ten kilometres of river": ("fast reaction", 7, 0, "left"),
    "a second or a day as the unit of time": ("a day in seconds", 0, 0, "right"),
    "renal arteries of a child and of an adult": ("two arteries", 7, 0, "left"),
    "suture line of a child's artery": ("artery and stitch", 7, 0, "left"),
    "nephrons of a child's kidney in an adult": ("nephron and load", -7, 0, "right"),
    "growth and injury of a child's kidney": ("growth, injury", -3, -10, "center"),
    "70 on a ruler from 5 to 100": ("ruler", 7, 0, "left"),
}


def _words(row):
    return SHORT.get(row.system, ("", 7, 0, "left"))


@still(
    alt="Systems of the book by disparity and separation exponent. Matched ones on the left; above "
    "the exponent 0.4 separated ones, below it disparate ones at the same disparity.",
    size=(5.4, 4.0),
)
def two_coordinates(fig):
    ax = fig.add_axes((0.1, 0.115, 0.885, 0.865))
    widest = max(5.4, 1.1 * max(row.decades for row in ATLAS))
    ax.set_xscale("function", functions=(np.sqrt, np.square))
    edge, top = math.log10(bl.MATCHED), 1.45
    ax.axvspan(0, edge, color="fill", lw=0)
    ax.plot([edge, widest], [bl.SEPARATED] * 2, color="muted", lw=1, ls=(0, (4, 3)))
    ax.axhline(-0.17, color="line", lw=0.8)
    for x, y, text, side in (
        (edge * 0.02, top - 0.06, "matched", "left"),
        (widest * 0.98, top - 0.06, "separated", "right"),
        (widest * 0.98, 0.34, "disparate", "right"),
        (widest * 0.98, -0.46, "nominal", "right"),
    ):
        ax.text(x, y, text, color="muted", fontsize=11, ha=side, va="center")
    matched = [row for row in ATLAS if row.regime == "matched"]
    # Their height means nothing; too many in too little room for their names.
    place = {row.system: 1.1 - 0.08 * i for i, row in enumerate(matched)}
    ax.text(
        edge * 0.02, top - 0.16, f"{len(matched)} systems", color="muted", fontsize=9, va="center"
    )
    nominal = [row for row in ATLAS if row.regime == "nominal"]
    bars = [(row.decades, _words(row)[0]) for row in nominal]
    for i, (decades, text) in enumerate(bars):
        y = -0.26 - 0.1 * i
        ax.plot([0, decades], [y, y], color="other", lw=1.6)
        ax.plot(decades, y, "o", mfc="paper", mec="other", ms=6, clip_on=False)
        ends = decades >= 6
        ax.annotate(
            text,
            (decades, y),
            (-9, 5) if ends else (7, 0),
            fontsize=9,
            color="other",
            textcoords="offset points",
            va="bottom" if ends else "center",
            ha="right" if ends else "left",
        )
    for row in ATLAS:
        # A row whose exponent nobody measured has no place in this plane.
        if row.regime == "nominal" or (row.regime != "matched" and row.exponent is None):
            continue
        text, right, up, side = _words(row)
        if row.regime == "matched":
            text = ""
        y = place.get(row.system, row.exponent)
        y = 1.22 if y == math.inf else y
        color, marker = {
            "matched": ("ink", "s"), "separated": ("remedy", "D"), "disparate": ("large", "o")
        }[row.regime]  # fmt: skip
        ax.plot(row.decades, y, marker, color=color, ms=6, mec="paper", clip_on=False)
        ax.annotate(text, (row.decades, y), (right, up), textcoords="offset points", fontsize=9,
                    color=color, ha=side, va="center")  # fmt: skip
    ticks = [0, 0.1, 0.5, 1, 2, 3, 5, 10]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set(xlim=(0, widest), ylim=(-0.3 - 0.1 * len(bars), top))
    ax.set_yticks([0, 0.5, 1, 1.22], ["0", "½", "1", "∞"])
    ax.set_xlabel("disparity D, decades", labelpad=1)
    ax.set_ylabel("separation exponent s", labelpad=1, y=0.55)
