"""Figures of the chapter "Mismatch as the feature"."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from smlib import high_entropy_alloys as hea
from smlib import metallic_glass as mg
from smlib.figures.style import boxed, explorer, log_axis, menu, number, slider, still
from smlib.memo import in_advance
from smlib.studies.metallic_glass import (
    GLASSES,
    ORDERED,
    PACKINGS,
    PERCENTS,
    RANDOM,
    SAMPLES,
    WAYS,
    curve,
    density,
    half_value,
    melt,
    orders,
    quenched,
    quenching,
    snapshot,
)

#: Ways to cool: text, colour, dash, marker.
LOOKS = {
    "slow": ("slowly, from a melt", "small", "-", "o"),
    "fast": ("fast, from a melt", "other", "--", "s"),
    "crystal": ("slowly, from a crystal", "large", "-.", "^"),
}

#: Alloys of the map: text, delta and enthalpy are computed; glass or not; offset of the text.
MAP = {
    "Zr41.2Ti13.8Cu12.5Ni10Be22.5": ("Vitreloy 1", True, (0.3, -0.3)),
    "La55Al25Ni20": ("La-Al-Ni", True, (-0.1, -2.4)),
    "Mg65Cu25Y10": ("Mg-Cu-Y", True, (0.2, 2.2)),
    "Zr65Al7.5Ni10Cu17.5": ("Zr-Al-Ni-Cu", True, (0.3, -0.3)),
    "Pd40Cu30Ni10P20": ("Pd-Cu-Ni-P", True, (0.3, -0.4)),
    "Cu47Ti34Zr11Ni8": ("Cu-Ti-Zr-Ni", True, (-0.3, -0.6)),
    "Ni62Nb38": ("Ni-Nb", True, (-0.3, -0.4)),
    "AlCoCrFeNi": ("AlCoCrFeNi", False, (-0.3, -0.4)),
    "CoCrFeMnNi": ("CoCrFeMnNi", False, (-0.2, -1.9)),
    "CoCrFeNi": ("CoCrFeNi", False, (0.1, 2.0)),
}


def _strokes(ax, vertices, code, width, color, clip):
    """Strokes with round ends, of one width in points, as one path; two vertices each."""
    path = Path(vertices.reshape(-1, 2), [Path.MOVETO, code] * len(vertices))
    path.should_simplify = False
    look = {"fc": "none", "ec": color, "lw": width, "capstyle": "round", "clip_on": clip}
    ax.add_patch(PathPatch(path, **look))


def _bars(ax, place, half):
    ends = np.stack([place - half, place + half], axis=1)
    _strokes(ax, ends, Path.LINETO, 1.4, "small", False)


def _spots(ax, place, width, fill, edge, clip=False):
    """Round spots of one width in points: strokes without length. With an edge, if it is given."""
    place = np.stack([place, place], axis=1)
    for color, less in ((edge, 0), (fill, 1.4)) if edge else ((fill, 0),):
        if len(place):
            _strokes(ax, place, Path.CLOSEPOLY, width - less, color, clip)


def disks(ax, run, inches):
    """Disks to scale: pale with a bar along their rows if ordered, dark without if not."""
    width, height = run.box
    scale = 72 * inches / (width + 1.2)  # points a unit of length
    order = np.lexsort((run.positions[:, 0], np.round(run.positions[:, 1])))  # packs well
    place, sizes, psi6 = run.positions[order], run.diameters[order], run.psi6[order]
    ordered = np.abs(psi6) >= ORDERED
    for size in np.unique(np.round(sizes, 6)):
        one = np.isclose(sizes, size, atol=1e-5)
        _spots(ax, place[one & ordered], scale * size * 0.97, "fill", "muted")
        _spots(ax, place[one & ~ordered], scale * size * 0.97 - 1, "large", None)
    turn = np.angle(psi6[ordered]) / 6
    half = 0.27 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    if len(half):
        _bars(ax, place[ordered], half)
    ax.set(xlim=(-0.6, width + 0.6), ylim=(-0.6, height + 0.6))
    ax.axis("off")


def _ratio(percent):
    return (1 + percent / 100) / (1 - percent / 100)


@explorer(
    "Bowling balls, tennis balls, marbles",
    alt="Disks whose diameters differ by {percent} %, cooled {way}, sample {sample}: global order "
    "{Global order}, local order {Local order}, six neighbours {Six neighbours}.",
    size=(5.4, 3.9),
    percent=slider(values=PERCENTS, label="Size spread / %", start=3),
    way=menu({key: text for key, (text, *_) in LOOKS.items()}, label="Cooled"),
    sample=menu({n: f"{n}" for n in SAMPLES}, label="Sample"),
)
def packing(fig, percent, way, sample):
    yield from in_advance(quenching, [(p, w, s) for w in WAYS for p in PERCENTS for s in SAMPLES])
    run = quenched(percent, way, sample)
    inches = 5.4 * 0.5
    disks(fig.add_axes((0.01, 0.285, 0.5, 0.5 * 5.4 / 3.9 * 0.75**0.5)), run, inches)
    key = fig.add_axes((0.01, 0.03, 0.5, 0.22))
    _spots(key, np.array([[0.35, 2]]), 14, "fill", "muted")
    _spots(key, np.array([[0.35, 1]]), 13, "large", None)
    _bars(key, np.array([[0.35, 2]]), np.array([[0.11, 0]]))
    key.text(0.8, 2, "sixfold, |ψ₆| ≥ 0.7; bar: along its rows", va="center", fontsize=8.5)
    key.text(0.8, 1, "not sixfold", va="center", fontsize=8.5)
    key.set(xlim=(0, 7), ylim=(0.2, 2.8))
    key.axis("off")

    low, high = half_value("fast"), half_value("crystal")
    for name, box in zip(("global", "local"), ((0.6, 0.585), (0.6, 0.12)), strict=True):
        ax = fig.add_axes((*box, 0.385, 0.345))
        ax.axvspan(low, high, color="fill", lw=0)
        for other, (_, color, dash, marker) in LOOKS.items():
            order = orders(other)[name == "local"]
            own = other == way
            ax.plot(PERCENTS, order.mean(axis=1), dash, color=color, lw=2 if own else 1.1,
                    marker=marker, ms=3.5 if own else 2.5)  # fmt: skip
        here = run.global_order if name == "global" else run.local_order
        ax.plot(percent, here, "D", color="remedy", ms=7, mec="paper", clip_on=False)
        ax.set(xlim=(0, 17.4), ylim=(0, 1.02), yticks=[0, 0.5, 1], xticks=[0, 5, 10, 15])
        ax.set_title(f"{name} order, mean of three", fontsize=9)
    ax.axhline(RANDOM, color="ink", lw=1, ls=":")
    ax.text(0.3, RANDOM - 0.03, "points at random", fontsize=8.5, va="top")
    ax.set_xlabel("size spread / %", labelpad=1)
    upper = fig.axes[2]
    upper.tick_params(labelbottom=False)
    for i, (_, color, dash, marker) in enumerate(LOOKS.values()):
        y = 0.42 - 0.13 * i
        upper.plot([0.4, 2.6], [y, y], dash, color=color, lw=1.2, marker=marker, ms=2.5)
        text = ("slow", "fast", "crystal")[i]
        upper.text(3.1, y, text, color=color, fontsize=8.5, va="center")
    return {
        "Global order": f"{run.global_order:.2f}",
        "Local order": f"{run.local_order:.2f}",
        "Six neighbours": f"{100 * run.six_fraction:.0f} %",
        "Large over small": f"{_ratio(percent):.3f}",
    }


# --- the race -----------------------------------------------------------------------------------

SPREADS = (0, 1, 2, 2.5, 3, 3.25, 3.5, 3.75, 4, 4.25, 4.5, 5)
RESTS = (0.45, 0.5, 0.55, 0.6, 0.65, 0.7)
STRENGTHS = {5: "fragile, D = 5", 10: "D = 10", 20: "strong, D = 20"}


def _rate(rate):
    return f"{number(rate)} K/s" if rate > 1e-9 else "below 10⁻⁹ K/s"


def _thickness(rate):
    """Thickness of a casting that the rate goes through."""
    t = mg.castable_thickness(rate) if rate > 1e-9 else np.inf
    if t > 1000:
        return "above 1 m"
    return f"{t:.2g} mm" if t >= 0.1 else f"{1e3 * t:.2g} µm"


def _time_axis(ax):
    ax.set(xlim=(1e-8, 1e8), ylim=(500, 1240))
    log_axis(ax, "x", [1e-8, 1e-4, 1, 1e4, 1e8])
    ax.set_xlabel("time / s", labelpad=1)
    ax.set_ylabel("temperature / K", labelpad=2)


@explorer(
    "Outrun the nose",
    alt="Size spread {delta} %, glass transition at {rest} of the melting point, {D}: the nose is "
    "at {Nose}, the critical cooling rate {Critical cooling rate}, castable {Castable}.",
    size=(5.4, 3.6),
    delta=slider(values=SPREADS, label="Size spread of the atoms / %", start=0),
    rest=slider(
        values=RESTS, label="Glass transition / melting point without mismatch", start=0.55
    ),
    D=menu(STRENGTHS, label="Liquid", start=10),
)
def nose(fig, delta, rest, D):
    gf, d = melt(rest, D), delta / 100
    ax = fig.add_axes((0.125, 0.135, 0.655, 0.845))
    t, T = curve(gf, 0.0)
    ax.plot(t, T, color="muted", lw=1.2, ls="--")
    T_l = gf.melting_point(d)
    if delta >= 2 and t.min() > 1e-5 and abs(T_l - T[t.argmin()]) > 50:
        tip = {"ha": "right", "va": "center", "color": "muted", "fontsize": 9}
        ax.text(t.min() / 2, T[t.argmin()], "without\nmismatch", **tip)
    t, T = curve(gf, d)
    ax.plot(t, T, color="large", lw=2.2)
    for y, text, color, dash in (
        (T_l, "crystal melts", "large", (0, (1, 1.5))),
        (gf.T_g, "glass", "small", (0, (4, 2, 1, 2))),
    ):
        ax.axhline(y, color=color, lw=1.2, ls=dash)
        shift = 0 if abs(T_l - gf.T_g) > 45 else (22 if (y == T_l) == (T_l >= gf.T_g) else -22)
        ax.text(1.6e8, y + shift, text, color=color, va="center", fontsize=9)
    rate = mg.critical_cooling_rate(gf, delta=d)
    summed = mg.critical_cooling_rate(gf, delta=d, method="continuous")
    where = "out of reach"
    if np.isfinite(t).all() and rate > 1e-9:
        at = t.argmin()
        time = np.geomspace(1e-9, (T_l - 500) / rate, 120)
        ax.plot(time, T_l - rate * time, color="remedy", lw=1.8, ls=(0, (5, 1.5)))
        ax.plot(t[at], T[at], "D", color="remedy", ms=7, mec="paper")
        where = f"{number(t[at])} s, {T[at]:.0f} K"
    _time_axis(ax)
    return {
        "Crystal melts at": f"{T_l:.0f} K",
        "Nose": where,
        "Critical cooling rate": _rate(rate),
        "Summed on the way down": _rate(summed),
        "Castable": _thickness(rate),
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="256 disks after the same slow cooling: one crystal at a size spread of 3 %, patches of "
    "crystal at 10 %, no crystal at 17 %.",
    size=(5.4, 2.0),
)
def three_packings(fig):
    width = 0.32
    for i, percent in enumerate((3, 10, 17)):
        ax = fig.add_axes((0.005 + 0.335 * i, 0.14, width, width * 5.4 / 2.0 * 0.75**0.5))
        run = snapshot(percent)
        disks(ax, run, 5.4 * width)
        text = f"{percent} %, global order {run.global_order:.2f}"
        ax.text(run.box[0] / 2, -0.9, text, ha="center", va="top", fontsize=9)


@still(
    alt="Three periodic packings: equal disks, large ones on squares with a small one in each gap, "
    "large ones on triangles with a small one in each gap. The last two cover more.",
    size=(5.4, 2.1),
)
def ordered_mixtures(fig):
    width, across = 0.31, 4.0
    for i, (name, (ratio, (a, b), small, text)) in enumerate(PACKINGS.items()):
        ax = fig.add_axes((0.01 + 0.335 * i, 0.15, width, 0.83))
        tall = across * 0.83 * 2.1 / (width * 5.4)
        cells = [m * np.array(a) + n * np.array(b) for m in range(-6, 12) for n in range(-2, 8)]
        cells = [(x, y) for x, y in cells if -1 < x < across + 1 and -1 < y < tall + 1]
        unit = 72 * 5.4 * width / across
        large = np.array(cells)
        _spots(ax, large, unit * 0.98, "fill", "muted", clip=True)
        if small:
            placed = np.concatenate([large + np.array(at) for at in small])
            _spots(ax, placed, unit * ratio * 0.98 + 1, "large", "paper", clip=True)
        ax.set(xlim=(0, across), ylim=(0, tall), xticks=[], yticks=[])
        boxed(ax)
        ax.set_xlabel(f"{text}: covers {100 * density(name):.1f} %", labelpad=3, fontsize=9)


@still(
    alt="Melting point of the random crystal against the size spread, a parabola from 1200 K to "
    "zero at 8.2 %. It meets the glass transition at 5.5 %, before the empirical borders at 6.6 "
    "and 9 %.",
    size=(5.4, 2.9),
)
def melting_line(fig):
    gf = mg.GlassFormer()
    ax = fig.add_axes((0.125, 0.165, 0.855, 0.815))
    x = np.linspace(0, gf.critical_delta, 121)
    ax.axvspan(9, 12, color="fill", lw=0)
    ax.plot(100 * x, gf.melting_point(x), color="large")
    ax.axhline(gf.T_g, color="small", lw=1.4, ls=(0, (4, 2, 1, 2)))
    meet = 100 * gf.critical_delta * np.sqrt(1 - gf.T_g / gf.T_m)
    ax.plot(meet, gf.T_g, "D", color="remedy", ms=7, mec="paper")
    ax.axvline(6.6, color="ink", lw=1, ls=":")
    ax.text(0.15, gf.T_g - 25, "glass transition", color="small", va="top")
    ax.text(2.2, 1190, "the random crystal melts", color="large", va="bottom")
    ax.text(meet + 0.15, gf.T_g + 25, f"{meet:.1f} %", color="remedy", va="bottom")
    ax.text(6.7, 1130, "solid solutions\nend, 6.6 %", va="center", fontsize=9)
    ax.text(9.1, 1130, "window of\nglasses", va="center", fontsize=9)
    ax.text(100 * gf.critical_delta + 0.12, 25, f"{100 * gf.critical_delta:.1f} %", color="large")
    ax.set(xlim=(0, 12), ylim=(0, 1290), xlabel="size spread δ / %", ylabel="temperature / K")


@still(
    alt="Ten alloys by size spread and mixing enthalpy, with the windows of solid solutions and of "
    "bulk glasses. Two glasses, Cu-Ti-Zr-Ni and Ni-Nb, lie outside the window of glasses.",
    size=(5.4, 3.5),
)
def size_and_heat(fig):
    ax = fig.add_axes((0.115, 0.14, 0.87, 0.845))
    rule = hea.RULES["Guo & Liu 2011"]
    solid = ((0, rule.delta_max), (rule.enthalpy_min, rule.enthalpy_max))
    for (x, y), color, dash in ((solid, "small", "--"), (GLASSES, "large", "-")):
        corners = np.array([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1]), (x[0], y[0])])
        ax.fill(*corners.T, color="fill", lw=0)
        ax.plot(*corners.T, color=color, lw=1.2, ls=dash)
    ax.text(0.2, 5.6, "solid solutions", color="small", va="top")
    ax.text(17.8, -48, "bulk glasses", color="large", ha="right")
    for formula, (text, glass, (dx, dy)) in MAP.items():
        x, y = hea.delta(formula), hea.mixing_enthalpy(formula)
        marker, color = ("o", "large") if glass else ("s", "small")
        ax.plot(x, y, marker, color=color, ms=6, mec="paper", clip_on=False)
        ax.text(x + dx, y + dy, text, fontsize=9, va="center", ha="left" if dx > 0 else "right")
    ax.set(xlim=(-0.3, 18.6), ylim=(-51, 9), xlabel="size spread δ / %")
    ax.set_ylabel("mixing enthalpy / kJ mol⁻¹", labelpad=1)


@still(
    alt="Temperature against the time in which one part in a million crystallizes, for spreads of "
    "0, 2, 3 and 3.5 %. The noses lie at 0.3 ms, 4 ms, 0.2 s and 7 s.",
    size=(5.4, 3.1),
)
def noses(fig):
    gf = mg.GlassFormer()
    ax = fig.add_axes((0.125, 0.155, 0.77, 0.825))
    ax.axhline(gf.T_g, color="small", lw=1.2, ls=(0, (4, 2, 1, 2)))
    ax.text(2e-8, gf.T_g + 10, "glass transition", color="small")
    for delta, dash in ((0, "-"), (2, "--"), (3, "-."), (3.5, (0, (5, 1.5, 1, 1.5, 1, 1.5)))):
        t, T = curve(gf, delta / 100)
        ax.plot(t, T, color="large", ls=dash)
        at = t.argmin()
        ax.plot(t[at], T[at], "D", color="remedy", ms=6, mec="paper")
        ax.text(1.6e8, np.interp(1e8, t[at:], T[at:]), f"{delta:g} %", va="center", color="large")
    _time_axis(ax)
