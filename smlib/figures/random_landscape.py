"""Figures of the chapter "The probe and the bump"."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from smlib import random_landscape as rl
from smlib.figures.style import bare, boxed, explorer, log_axis, menu, slider, still
from smlib.studies.random_landscape import (
    LONG_LINE,
    SEEDS,
    SPACING,
    TENSIONS,
    WIDTHS,
    averaged,
    critical_forces,
    held,
    landscape,
    shape,
    strongest,
    thresholds,
)

#: Kernels of the core: text, colour and dash.
CORES = {
    "lorentzian": ("Peierls-Nabarro", "small", "-"),
    "gaussian": ("gaussian", "other", "--"),
    "box": ("box", "large", "-."),
}
#: Landscape from low to high, in few steps so that a map packs well.
RELIEF = LinearSegmentedColormap.from_list("relief", ["small", "paper", "large"], 25)
HALO = {"color": "paper", "solid_capstyle": "round"}


def _relief(ax, field, extent):
    ax.imshow(
        field,
        cmap=RELIEF,
        vmin=-2.5,
        vmax=2.5,
        origin="lower",
        extent=extent,
        interpolation="none",
        aspect="auto",
    )
    ax.set(xticks=[], yticks=[])
    boxed(ax)


@explorer(
    "Drag the core across the landscape",
    alt="A {kernel} core of width {width} bumps on a random landscape leaves an rms stress of "
    "{Stress left, rms} and a range of {Range of what is left}; at fixed energy the force is "
    "{Force at fixed energy}.",
    size=(5.4, 3.9),
    width=slider(
        values=(0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.5, 2, 3, 4, 5, 7, 10),
        label="Core width / bump size",
        start=1,
        fine=3,
    ),
    kernel=menu({key: text for key, (text, _, _) in CORES.items()}, label="Core"),
    fixed=menu({"stress": "the stress", "energy": "the energy"}, label="Held fixed"),
)
def drag_the_core(fig, width, kernel, fixed):
    field, _, color = averaged(width, kernel), *CORES[kernel][:2]
    window, row = 128, 66  # 32 bumps; the row that is cut

    land = fig.add_axes((0.025, 0.385, 0.43, 0.595))
    _relief(land, field[:window:2, :window:2], (0, 32, 0, 32))
    land.plot([-0.7], [row / 4], ">", color="ink", ms=5, clip_on=False)
    land.plot([32.7], [row / 4], "<", color="ink", ms=5, clip_on=False)
    land.set(xlim=(0, 32), ylim=(0, 32))

    cut = fig.add_axes((0.025, 0.1, 0.43, 0.265))
    x = np.arange(window) / 4
    cut.fill_between(x, -4.6 + 1.6 * shape(x - 16, width, kernel), -4.6, color="fill", lw=0)
    cut.plot(x, -4.6 + 1.6 * shape(x - 16, width, kernel), color="remedy", lw=1)
    cut.axhline(0, color="line", lw=0.8)
    cut.plot(x, averaged(0, "box")[row, :window], color="muted", lw=0.8)
    cut.plot(x, field[row, :window], color=color, lw=1.8)
    cut.text(0.3, -3.75, "core", color="remedy", fontsize=8.5)
    cut.set(xlim=(0, 32), ylim=(-4.7, 2.9), xticks=[0, 8, 16, 24, 32], yticks=[])
    bare(cut, "left")
    cut.set_xlabel("glide direction / bump size", labelpad=1)

    ax = fig.add_axes((0.57, 0.135, 0.27, 0.775))
    r = np.geomspace(0.05, 10, 61)
    for key, (text, shade, dash) in CORES.items():
        felt = rl.core_response(r, 1.0, kernel=key)
        y = felt.strong if fixed == "stress" else r * np.sqrt(felt.gradient)
        ax.plot(r, y, dash, color=shade, lw=2.2 if key == kernel else 1.2)
        low = key == "lorentzian"
        place = {"va": "top" if low else "center", "color": shade, "fontsize": 8.5}
        ax.text(14, y[-1] * (1.06 if low else 1), text.replace("-", "-\n"), **place)
    felt = rl.core_response(width, 1.0, kernel=kernel)
    force = width * np.sqrt(felt.gradient)
    here = felt.strong if fixed == "stress" else force
    if fixed == "energy":
        ax.axvline(1, color="ink", lw=1, ls=":")
    ax.plot(width, here, "D", color="remedy", ms=7, mec="paper", clip_on=False)
    ax.set(xlim=(0.05, 10), ylim=(0.1, 1.3) if fixed == "stress" else (0.03, 2))
    log_axis(ax, "x", [0.1, 1, 10])
    log_axis(ax, "y", [0.1, 0.2, 0.5, 1] if fixed == "stress" else [0.05, 0.1, 0.2, 0.5, 1])
    ax.set_xlabel("core width / bump size", labelpad=1)
    ax.set_title("stress left, rms" if fixed == "stress" else "force × width / energy")
    return {
        "Stress left, rms": f"{felt.strong:.2f}",
        "Range of what is left": f"{felt.range:.3g} bumps",
        "Force at fixed energy": f"{force:.3f} U₀/w",
        "Most is felt with": strongest(kernel, fixed),
    }


@explorer(
    "Depinning",
    alt="A line of tension {tension} with a {kernel} core of {width} bumps needs a critical force "
    "of {Critical force}, samples {Samples}; Larkin length {Larkin length}.",
    size=(5.4, 3.9),
    tension=slider(values=TENSIONS, label="Tension / (rms force × bump size)", start=3),
    width=slider(values=WIDTHS, label="Core width / bump size", start=1),
    kernel=menu({key: CORES[key][0] for key in ("lorentzian", "gaussian")}, label="Core"),
)
def depinning(fig, tension, width, kernel):
    for i, each in enumerate(WIDTHS):
        yield i / len(WIDTHS)
        critical_forces(tension, float(each), kernel)
    land = fig.add_axes((0.025, 0.07, 0.4, 0.86))
    _relief(land, landscape(SEEDS[0], width, kernel)[::2, ::2], (0, 32, 0, 48))
    u = np.mod(held(tension, width, kernel), 32)
    u[1:][np.abs(np.diff(u)) > 16] = np.nan  # the far side is the near side
    y = SPACING[0] * np.arange(u.size)
    land.plot(u, y, lw=4.5, **HALO)
    land.plot(u, y, color="ink", lw=2)
    land.set(xlim=(0, 32), ylim=(0, 48))
    land.set_title("at rest, half the critical force", fontsize=8.5)
    land.set_xlabel("driven to the right →", fontsize=8.5, labelpad=2)

    ax = fig.add_axes((0.54, 0.135, 0.29, 0.795))
    found, color = thresholds(tension, kernel), CORES[kernel][1]
    mean = found.mean(axis=1)
    at = np.linspace(0, 4, 81)
    felt = rl.core_response(at, 1.0, kernel=kernel)
    for values, text, dash in ((felt.strong, "rigid\npieces", ":"), (felt.weak, "Larkin", "--")):
        ax.plot(at, mean[0] * values, dash, color="muted", lw=1.4)
        ax.text(4.25, mean[0] * values[-1], text, color="muted", fontsize=8.5, va="center")
    for sample in found.T:
        ax.plot(WIDTHS, sample, "o", ms=3.5, mfc="none", mec="ink", mew=0.8, clip_on=False)
    ax.plot(WIDTHS, mean, color=color, lw=1.8)
    place = WIDTHS.index(width)
    ax.plot(width, mean[place], "D", color="remedy", ms=7, mec="paper", clip_on=False)
    ax.set(xlim=(0, 4), ylim=(0.015, 1.3), xticks=[0, 1, 2, 3, 4])
    log_axis(ax, "y", [0.02, 0.05, 0.1, 0.2, 0.5, 1])
    ax.set_xlabel("core width / bump size", labelpad=1)
    ax.set_title("critical / rms force")
    own = rl.core_response(width, 1.0, kernel=kernel)
    length, _ = rl.larkin(tension, own.strong, own.range, 1.0)
    low, high = found[place].min(), found[place].max()
    return {
        "Critical force": f"{mean[place]:.3f} f₀",
        "Samples": f"{low:.3f} to {high:.3f} f₀",
        "A sharp core needs": f"{mean[0] / mean[place]:.1f} times as much",
        "Larkin length": f"{length:.2f} bumps",
    }


@still(
    alt="The same random landscape felt by a point, by a core as wide as a bump and by one four "
    "times wider: round bumps, smeared bumps, long stripes.",
    size=(5.4, 2.1),
)
def three_cores(fig):
    for i, (width, text) in enumerate(((0, "a point"), (1, "one bump wide"), (4, "four bumps"))):
        ax = fig.add_axes((0.01 + 0.335 * i, 0.13, 0.31, 0.8))
        _relief(ax, averaged(width, "lorentzian")[:128:2, :128:2], (0, 32, 0, 32))
        if width:
            ax.plot([16 - width, 16 + width], [2.2, 2.2], lw=5, **HALO)
            ax.plot([16 - width, 16 + width], [2.2, 2.2], color="ink", lw=2.5)
        ax.set_xlabel(text, labelpad=3)


@still(
    alt="Critical force against line tension from 0.1 to 100, for four short lines each and for a "
    "long line. It falls slower than Larkin's dotted law of minus one third.",
    size=(5.4, 3.0),
)
def stiffer_is_weaker(fig):
    ax = fig.add_axes((0.12, 0.17, 0.85, 0.78))
    found = np.array([critical_forces(t, 0.0, "gaussian") for t in TENSIONS])
    for sample in found.T:
        ax.plot(TENSIONS, sample, "o", ms=4, mfc="none", mec="small", mew=0.9)
    ax.plot(TENSIONS, found.mean(axis=1), color="small", lw=1.4)
    ax.plot(list(LONG_LINE), list(LONG_LINE.values()), "s--", color="large", ms=5, lw=1.4)
    at = np.array([1.6, 150])
    ax.plot(at, rl.larkin(at, 1.0, 1.0, 1.0)[1], ":", color="ink", lw=1.4)
    ax.text(1.1, 0.345, "lines of 48 bumps,\nfour samples", color="small", va="center", ha="center")
    ax.text(9, 0.8, "line of 819 bumps", color="large", va="center")
    ax.text(13, 0.30, "Larkin, −1/3", color="ink", va="center", ha="center")
    ax.set(xlim=(0.08, 160), ylim=(0.18, 1.3))
    log_axis(ax, "x", [0.1, 1, 10, 100])
    log_axis(ax, "y", [0.2, 0.5, 1])
    ax.set_xlabel("line tension / (rms force × bump size)")
    ax.set_ylabel("critical / rms force", labelpad=1)


@still(
    alt="Response against the ratio of sizes. Core and tyre fall steadily, the core earlier; the "
    "seismic wave has a maximum at one half; the telescope's image motion falls by a third a "
    "decade.",
    size=(5.4, 3.0),
)
def four_probes(fig):
    ax = fig.add_axes((0.12, 0.17, 0.66, 0.78))
    r = np.geomspace(0.02, 50, 121)
    for system, color, dash, text, at in (
        ("core", "other", "--", "gaussian core", (58, 0.119)),
        ("patch", "large", "-.", "tyre patch", (58, 0.223)),
        ("wave", "small", "-", "wave", (0.07, 0.17)),
        ("aperture", "remedy", (0, (5, 1.5, 1, 1.5, 1, 1.5)), "telescope", (58, 0.521)),
    ):
        ax.plot(r, rl.probe_response(r, system), ls=dash, color=color)
        ax.text(*at, text, color=color, va="center", ha="left")
    ax.set(xlim=(0.02, 50), ylim=(0.05, 2.4))
    log_axis(ax, "x", [0.1, 1, 10])
    log_axis(ax, "y", [0.1, 0.2, 0.5, 1, 2])
    ax.set_xlabel("size of the probe / size of the bumps")
    ax.set_ylabel("response", labelpad=1)
