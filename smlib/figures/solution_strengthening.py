"""Figures of the chapter "Dislocations in bumpy terrain"."""

from functools import cache
from math import isnan

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from smlib import solution_strengthening as ss
from smlib.figures.style import bare, explorer, log_axis, menu, slider, still
from smlib.high_entropy_alloys import delta
from smlib.random_landscape import core_response, larkin
from smlib.studies.solution_strengthening import (
    LOADS,
    MEAN_OF,
    MEASURED,
    NODES,
    PUBLISHED,
    ROOM,
    SEED,
    STRENGTHS,
    core_curve,
    core_of,
    depinning_threshold,
    friction_stress,
    half_way,
    mean_threshold,
    pinned,
    predicted,
    strength,
    thresholds,
)

SPREADS = ("1.0", "1.25", "1.5", "1.75", "2.0", "2.5")
CORES = {"published": "published"} | {s: f"spread {s} b" for s in SPREADS}


@explorer(
    "No fitted parameter",
    alt="{alloy} at a strain rate of {rate}, core {core}: yield stress at 293 K {At 293 K}, "
    "measured {Measured}; at 0 K {At 0 K}; barrier {Energy barrier}; the line bows out over "
    "{Bow-out length}.",
    size=(5.5, 4.2),
    alloy=menu(tuple(ss.CANTOR_FAMILY), label="Alloy"),
    rate=slider(
        values=(-5, -3, -1, 1, 3),
        label="Strain rate, power of ten",
        unit="(1/s)",
        start=-3,
        fine=2,
    ),
    core=menu(CORES, label="Dislocation core"),
)
def no_fitted_parameter(fig, alloy, rate, core):
    about, shape, speed = ss.CANTOR_FAMILY[alloy], core_of(core), 10.0**rate
    found = strength(alloy, shape)

    ax = fig.add_axes((0.105, 0.125, 0.525, 0.85))
    T = np.linspace(0, 1000, 101)
    low, high = (
        ss.yield_stress(found.tau0, found.barrier, T, speed, branch=b) for b in ("low", "high")
    )
    cold = low >= ss.SWITCH * low[0]
    ax.plot(T, np.where(cold, np.nan, low), ":", color="small", lw=1.3)
    ax.plot(T, np.where(cold, high, np.nan), "--", color="large", lw=1.3)
    ax.plot(T, np.where(cold, low, np.nan), color="small", lw=2.2)
    ax.plot(T, np.where(cold, np.nan, high), "-.", color="large", lw=2.2)
    here = ss.yield_stress(found.tau0, found.barrier, ROOM, speed)
    ax.plot(ROOM, here, "D", color="remedy", ms=10, mec="paper")
    if not isnan(about.sigma0):
        ax.plot(ROOM, about.sigma0, "o", color="ink", ms=6, mec="paper")
    if not isnan(about.grain_yield):
        ax.plot(ROOM, about.grain_yield, "s", mfc="none", mec="ink", ms=6, mew=1.3)
    notes = [
        ("D", "remedy", "remedy", "theory, 293 K"),
        ("o", "ink", "ink", "measured, no grain boundaries"),
        ("s", "none", "ink", "measured, grains of 24 to 48 µm"),
    ]
    for i, (marker, fill, edge, text) in enumerate(notes):
        ax.plot(330, 585 - 32 * i, marker, mfc=fill, mec=edge, ms=5)
        ax.text(355, 585 - 32 * i, text, va="center", fontsize=8.5)
    ax.text(330, 585 - 96, "cold law: solid, then dotted", color="small", va="center", fontsize=8.5)
    ax.text(
        330, 585 - 128, "hot law: dashed, then dash-dot", color="large", va="center", fontsize=8.5
    )
    ax.set(xlim=(0, 1000), ylim=(0, 600), xlabel="temperature / K", ylabel="yield stress / MPa")

    bars = fig.add_axes((0.735, 0.56, 0.25, 0.37))
    volumes = dict(zip(("Ni", "Co", "Fe", "Cr", "Mn"), range(4, -1, -1), strict=True))
    symbols = [s for s in volumes if s in alloy]
    size = np.array([ss.VOLUMES[s] for s in symbols])
    misfit = size - size.mean()
    bars.barh(
        [volumes[s] for s in symbols],
        misfit,
        height=1.6 / len(symbols),
        color=["small" if m < 0 else "large" for m in misfit],
    )
    bars.axvline(0, color="muted", lw=0.8)
    bars.set(xlim=(-1, 1), ylim=(-0.6, 4.6), xticks=[-1, 0, 1], yticks=list(volumes.values()))
    bars.set_yticklabels(list(volumes))
    bars.tick_params(axis="y", length=0)
    bars.set_xlabel("ΔV / Å³", labelpad=0)
    bars.set_title("misfit volumes", fontsize=8.5)

    split = fig.add_axes((0.735, 0.125, 0.25, 0.25))
    x = np.linspace(-14, 14, 141)
    width = 1.5 if core == "published" else float(core)
    density = sum(np.exp(-((x - side) ** 2) / (2 * width**2)) for side in (-7.5, 7.5))
    density /= 2 * width * np.sqrt(2 * np.pi)
    split.fill_between(x, density, color="fill", lw=0)
    split.plot(x, density, color="other", lw=1.4)
    bare(split, "left")
    split.set(xlim=(-14, 14), ylim=(0, 0.22), yticks=[], xticks=[-10, 0, 10])
    split.set_xlabel("distance / b", labelpad=0)
    split.set_title("the two partials", fontsize=8.5)

    zeta = ss.pinning_length(about.fractions, about.volumes, about.nu, core=shape)
    measured = "nothing to compare"
    if not isnan(about.sigma0):
        measured = f"{about.sigma0:.0f} MPa"
    elif not isnan(about.grain_yield):
        measured = f"{about.grain_yield:.0f} MPa with grains of {about.grain_size:.0f} µm"
    return {
        "At 293 K": f"{here:.1f} MPa",
        "Measured": measured,
        "At 0 K": f"{3.06 * found.tau0:.0f} MPa",
        "Energy barrier": f"{found.barrier:.2f} eV",
        "Bow-out length": f"{zeta:.0f} b = {zeta * found.b / 10:.0f} nm",
        "Bow-out amplitude": f"{shape.w_c:.1f} b",
    }


# --- a line in bumpy terrain --------------------------------------------------------------------

WIDTHS = (0, 0.5, 1, 2)
ROWS = 128  # of the map of the terrain


@cache
def _terrain_map(core):
    """Period of the terrain, and its picture: what pushes on and what pushes back."""
    force = ss.terrain(core, NODES, SEED)
    columns = force.shape[1]
    at = (np.arange(ROWS) + 0.5) / ROWS * columns
    rows = np.array([np.interp(at, np.arange(columns), row, period=columns) for row in force]).T
    level = np.round(np.clip(rows / 2, -1, 1) * 4) / 4
    paper = np.array(to_rgb("paper"))
    ends = np.where(level[..., None] > 0, to_rgb("large"), to_rgb("small"))
    shade = paper + 0.8 * np.abs(level)[..., None] * (ends - paper)
    return columns * ss.TERRAIN_SPACING[1], np.round(255 * shade).astype(np.uint8)


def _haloed(ax, x, y, width, color, dash="-"):
    ax.plot(x, y, color="paper", lw=width + 2.2)
    ax.plot(x, y, dash, color=color, lw=width)


@explorer(
    "A line in bumpy terrain",
    alt="A line in terrain of strength {strength}, core width {core}, load {load}. "
    "Critical force {Critical force}, {Of a sharp line's} of a sharp line's; Larkin length "
    "{Larkin length}, roughness {Roughness}.",
    size=(5.4, 4.2),
    strength=slider(values=STRENGTHS, label="Strength s", start=1),
    core=slider(values=WIDTHS, label="Core width", unit="ξ"),
    load=slider(values=LOADS, label="Load", unit="% of critical", start=60),
)
def bumpy_terrain(fig, strength, core, load):
    runs = [(width, seed) for width in {0, core} for seed in MEAN_OF]
    for i, (width, seed) in enumerate(runs):
        yield i / len(runs)
        depinning_threshold(strength, width, seed=seed)
    limit, lines = pinned(strength, core)
    number = int(np.argmin(np.abs(np.array(LOADS) - load)))
    line = lines[number]
    centre = (line.max() + line.min()) / 2

    ax = fig.add_axes((0.105, 0.125, 0.52, 0.85))
    period, picture = _terrain_map(core)
    bottom = -(centre % period)
    for shift in (0, 1) if bottom + period < 16 else (-1, 0):
        low = bottom + shift * period
        tile = ax.imshow(
            picture,
            extent=(-0.5, NODES - 0.5, low - 0.03, low + period + 0.03),
            origin="lower",
            interpolation="none",
            aspect="auto",
        )
        # Clipped by a path: a clip box would crop the picture, another one in every state.
        tile.set_clip_box(Bbox.from_extents(-9999, -9999, 9999, 9999))
        tile.set_clip_path(Path.unit_rectangle(), ax.transAxes)
    nodes = np.arange(NODES)
    for earlier in lines[max(number - 2, 0) : number]:
        ax.plot(nodes, np.clip(earlier - centre, -17, 17), ":", color="muted", lw=1.2)
    _haloed(ax, nodes, line - centre, 2, "ink")
    ax.set(xlim=(-0.5, NODES - 0.5), ylim=(-16, 16), xlabel="node of the line")
    ax.set_xticks([0, 8, 16, 24, 31])
    ax.set_yticks([-16, -8, 0, 8, 16])
    ax.set_ylabel("displacement from its middle / ξ", labelpad=1)

    curve = fig.add_axes((0.775, 0.625, 0.21, 0.32))
    s = np.array([0.03, 8])
    curve.plot(s, 0.62 * s ** (1 / 3), color="line", lw=1.4)
    curve.plot(s, 0.62 * s ** (1 / 3) * core_response(core, 1).weak, "--", color="remedy", lw=1.4)
    mean, sharp = mean_threshold(strength, core), mean_threshold(strength, 0)
    curve.plot(strength, mean, "D", color="remedy", ms=7, mec="paper")
    curve.set(xlim=s, ylim=(0.05, 2))
    log_axis(curve, "x", [0.1, 1])
    log_axis(curve, "y", [0.1, 1])
    curve.set_xlabel("strength s", labelpad=0)
    curve.set_ylabel("critical force / σ", labelpad=-1, fontsize=9)

    bump = fig.add_axes((0.775, 0.125, 0.21, 0.28))
    x = np.linspace(-6, 6, 97)
    bump.plot(x, np.exp(-(x**2) / 2), color="small", lw=1.4)
    if core:
        bump.plot(x, np.exp(-(x**2) / (2 * core**2)), "--", color="large", lw=1.4)
    else:
        bump.plot([0, 0], [0, 1], "--", color="large", lw=1.4)
    bump.text(-6, 1.32, "bump, solid", color="small", fontsize=8.5, va="center")
    bump.text(-6, 1.12, "core, dashed", color="large", fontsize=8.5, va="center")
    bare(bump, "left")
    bump.set(xlim=(-6, 6), ylim=(0, 1.4), yticks=[], xticks=[-5, 0, 5])
    bump.set_xlabel("distance / ξ", labelpad=0)
    felt = core_response(core, 1)
    length = larkin(1 / strength, felt.strong, felt.range, 1.0)[0]
    return {
        "Critical force": f"{mean:.2f} σ",
        "Of a sharp line's": f"{mean / sharp:.0%} (theory {felt.weak:.0%})",
        "In the terrain shown": f"{limit:.2f} σ",
        "Larkin length": f"{length:.1f} nodes",
        "Roughness": f"{line.std():.1f} ξ",
        "Advance": f"{line.mean():.1f} ξ",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Left: predicted against measured yield stress of five alloys. Three lie near the "
    "diagonal; CoCrNi is measured far above it, and two measurements of CoMnNi enclose it. "
    "Right: the same measured values against the spread of handbook radii show no order.",
    size=(5.5, 3.1),
)
def predicted_and_measured(fig):
    ax = fig.add_axes((0.105, 0.16, 0.43, 0.81))
    ax.fill_between([0, 300], [0, 264], [0, 336], color="fill", lw=0)
    ax.plot([0, 300], [0, 300], color="line", lw=1)
    places = {
        "CoCrFeMnNi": (116, 148, "right"),
        "CoCrFeNi": (126, 106, "left"),
        "CoCrNi": (147, 212, "left"),
        "FeMnNi": (101, 90, "right"),
        "CoMnNi": (138, 40, "left"),
    }
    for name in MEASURED:
        x, (y, error) = predicted(name), friction_stress(name)
        if error == error:
            ax.errorbar(x, y, error, fmt="none", ecolor="ink", elinewidth=1.2)
        ax.plot(x, y, "o", color="ink", ms=6, mec="paper")
        tx, ty, side = places[name]
        ax.text(tx, ty, name, ha=side, va="center", fontsize=9)
    doubt = ss.CANTOR_FAMILY["CoMnNi"]
    x = predicted("CoMnNi")
    ax.plot([x, x], [58, doubt.grain_yield - 6], ":", color="muted", lw=1.2)
    ax.plot(x, doubt.grain_yield, "s", mfc="none", mec="ink", ms=6, mew=1.3)
    ax.text(x, doubt.grain_yield + 15, "CoMnNi, 32 µm", ha="center", va="center", fontsize=9)
    ax.text(8, 28, "within 12 %", color="muted", rotation=39, fontsize=8.5)
    ax.set(xlim=(0, 200), ylim=(0, 270), xlabel="predicted / MPa")
    ax.set_ylabel("measured / MPa")

    other = fig.add_axes((0.6, 0.16, 0.385, 0.81))
    measured = [friction_stress(name)[0] for name in MEASURED]
    for radii, color, marker, y, text in (
        ("r_gl", "large", "s", 258, "radii of the alloy literature"),
        ("r_cn12", "small", "o", 241, "12-neighbour radii"),
    ):
        size = [delta(name, radii) for name in MEASURED]
        other.plot(size, measured, marker, color=color, ms=5.5, mec="paper")
        other.plot(0.35, y, marker, color=color, ms=5)
        other.text(0.55, y, text, color=color, va="center", fontsize=9)
    other.text(1.35, measured[2], "CoCrNi", va="center", fontsize=9)
    other.set(xlim=(0, 4.6), ylim=(0, 270), xlabel="size spread δ / %", yticklabels=[])


@still(
    alt="Core coefficient f1 against the spread of the partials. It falls from {first} at one "
    "Burgers vector to {last} at two and a half; the published 0.35 belongs to 1.5.",
    size=(5.2, 2.9),
)
def core_and_strength(fig):
    ax = fig.add_axes((0.12, 0.17, 0.85, 0.8))
    s, f1 = core_curve()
    ax.plot(s, 0.347 * (s / 1.5) ** -1.6, "--", color="muted", lw=1.2)
    ax.plot(s, f1, color="remedy")
    ax.axhline(PUBLISHED.f1, color="ink", ls=":", lw=1.2)
    ax.plot(1.5, PUBLISHED.f1, "o", color="ink", ms=7, mec="paper")
    ax.text(2.98, 0.375, "published, 0.35", ha="right")
    ax.text(1.09, 0.66, "lattice sum", color="remedy")
    ax.text(2.98, 0.225, "dashed: spread to the power −1.6", color="muted", fontsize=9, ha="right")
    ax.set(xlim=(0.8, 3), ylim=(0, 1.05), xlabel="spread of each partial / b")
    ax.set_ylabel("core coefficient f₁")
    ends = [ss.core_coefficients(s=x).f1 for x in (1.0, 2.5)]
    return {"first": f"{ends[0]:.2f}", "last": f"{ends[1]:.2f}"}


@still(
    alt="Critical force of a simulated line against the strength of its terrain, doubly "
    "logarithmic: it follows a slope of one third over 2.4 decades. Three lines at rest, "
    "from gently waving to ragged.",
    size=(5.4, 3.2),
)
def simulated_line(fig):
    ax = fig.add_axes((0.115, 0.15, 0.5, 0.82))
    s, found = thresholds()
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1)
    ax.plot(s, 0.62 * s ** (1 / 3), "--", color="remedy")
    ax.errorbar(s, mean, error, fmt="o", color="ink", ms=5, elinewidth=1.2, mec="paper")
    ax.text(0.06, 0.47, "slope 1/3", color="remedy", ha="center")
    ax.set(xlim=(0.014, 8), ylim=(0.1, 1.6))
    log_axis(ax, "x", [0.02, 0.1, 1, 5])
    log_axis(ax, "y", [0.1, 0.2, 0.5, 1])
    ax.set(xlabel="strength s", ylabel="critical force / σ")
    for i, (s, color) in enumerate(((5, "large"), (0.5, "other"), (0.05, "small"))):
        one = fig.add_axes((0.665, 0.73 - 0.29 * i, 0.32, 0.24))
        line = half_way(s)
        one.plot(line - line.mean(), color=color, lw=1.4)
        one.set(xlim=(0, 127), ylim=(-26, 20), yticks=[-10, 0, 10])
        one.text(3, -20, f"s = {s}", color=color, va="center", fontsize=9)
        one.set_xticks([0, 64, 127], [])
    one.set_xticklabels(["0", "64", "127"])
    one.set_xlabel("node; displacement / ξ", labelpad=0)
