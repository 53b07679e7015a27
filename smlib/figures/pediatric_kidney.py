"""Figures of the chapter "A child's kidney in an adult"."""

import math

import numpy as np

from smlib import nephrons as ne
from smlib import pediatric_kidney as pk
from smlib.figures.style import bare, explorer, log_axis, menu, number, slider, still
from smlib.studies.pediatric_kidney import KIDNEYS, MONTHS, PUBLISHED, course, grafts, threshold

#: Text, colour and dash of the three grafts.
LOOKS = {
    "single": ("one kidney of a child", "small", "-"),
    "en_bloc": ("a child's pair, with aorta", "remedy", "--"),
    "adult": ("one kidney of an adult", "large", "-."),
}
SERIES = {
    "single": "circles: published, donors of 10 to 14 kg",
    "en_bloc": "circle: published, donors up to 2 years",
}
DIAMETERS = (2.0, 2.5, 3.3, 4.0, 5.0)
GROWTH = {0.5: "half a year", 1: "1 year", 2: "2 years", 3: "3 years", 5: "5 years"} | {
    10: "10 years",
    "none": "it does not grow",
}
ILIAC = 10.0  # mm


def _change(value):
    """A change in percent, with a sign unless it is nothing."""
    rounded = round(value, 1) + 0.0
    return f"{rounded:+.1f} %" if rounded else "0 %"


def _box(ax, width, low, high, color, at=0.0):
    """A vessel, or a piece of one, upright."""
    x = at + width * np.array([-0.5, 0.5, 0.5, -0.5])
    ax.fill(x, [low, low, high, high], color=color, lw=0)


def _plan(ax, graft, name, e, shear):
    """Iliac artery, suture line, inflow vessel and kidneys; widths to scale."""
    color, d = LOOKS[name][1], graft.inflow_diameter_mm
    _box(ax, 22, 27, 27 + ILIAC, "fill")
    ax.plot([-11, 11, np.nan, -11, 11], [27, 27, 0, 27 + ILIAC, 27 + ILIAC], color="muted", lw=0.8)
    ax.text(0, 27 + ILIAC / 2, "artery of\nthe adult", color="ink", fontsize=9, ha="center",
            va="center")  # fmt: skip
    _box(ax, d, 24, 27, "line")
    _box(ax, max(d - 2 * e, 0), 23.9, 27, color)
    _box(ax, d, 6 if graft.n_kidneys == 1 else 10, 24, color)
    ax.text(d / 2 + 1, 25.5, "suture line", color="ink", fontsize=8.5, va="center")
    ax.text(d / 2 + 1, 17, f"{d:g} mm\n{shear}", color=color, fontsize=8.5, va="center")
    turn = np.linspace(0, 2 * np.pi, 41)
    if graft.n_kidneys == 1:
        ax.fill(5 * np.cos(turn), 3 + 7.5 * np.sin(turn), color=color, alpha=0.35, lw=0)
    else:
        half = graft.branch_diameter_mm / 2
        _box(ax, 12, 12 - half, 12 + half, color)
        for side in (-6.3, 6.3):
            ax.fill(side + 4 * np.cos(turn), 5.5 + 7 * np.sin(turn), color=color, alpha=0.35, lw=0)
    ax.text(0, -6, "widths to scale", color="muted", fontsize=8.5, ha="center", va="top")
    ax.set(xlim=(-11, 11), ylim=(-9, 38))
    ax.axis("off")


@explorer(
    "Plumbing",
    alt="{graft}, artery of the child's kidney {diameter} wide, suture line narrowed by "
    "{encroachment}: {Flow}, {Against the open graft}; at the suture line is lost "
    "{Lost at the suture line}.",
    size=(5.4, 4.0),
    graft=menu({key: text for key, (text, _, _) in LOOKS.items()}, label="Graft"),
    diameter=slider(values=DIAMETERS, label="Artery of the child's kidney", unit="mm", start=3.3),
    encroachment=slider(
        values=[i / 10 for i in range(17)], label="Suture line narrowed all round by", unit="mm",
        start=1.0,
    ),
)  # fmt: skip
def plumbing(fig, graft, diameter, encroachment):
    every, e = grafts(diameter), encroachment
    own = every[graft]
    drops, opened = pk.pressure_drops(own, e), pk.graft_flow(own)
    d = own.inflow_diameter_mm
    shear = pk.wall_shear(drops.flow, d)
    _plan(fig.add_axes((0.0, 0.02, 0.34, 0.96)), own, graft, e, f"{shear:.2f} Pa")

    ax = fig.add_axes((0.47, 0.49, 0.5, 0.33))
    at = np.linspace(0, 1.6, 65)
    for key, (text, color, dash) in LOOKS.items():
        flow = pk.graft_flow(every[key], at)
        ax.plot(at, 100 * flow / pk.graft_flow(every[key]), dash, color=color, label=text,
                lw=2.4 if key == graft else 1.2)  # fmt: skip
    ax.plot(e, 100 * drops.flow / opened, "D", color="ink", ms=7, mec="paper", clip_on=False)
    ax.set(xlim=(0, 1.6), ylim=(0, 105), xticks=[0, 0.5, 1, 1.5], yticks=[0, 50, 100])
    ax.set_xlabel("narrowing / mm", labelpad=1)
    fig.text(0.40, 0.955, "flow, % of the open graft", color="ink")
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), fontsize=8.5, borderaxespad=0.2,
              handlelength=2.4, labelspacing=0.2)  # fmt: skip

    ax = fig.add_axes((0.47, 0.06, 0.4, 0.24))
    lost = np.maximum([drops.bed, drops.artery, drops.suture], 0)
    ax.barh([0, 1, 2], np.maximum(lost, 1e-3), left=1e-3, height=0.62, color=LOOKS[graft][1])
    for y, value in enumerate(lost):
        ax.text(150, y, number(value), fontsize=9, va="center")
    ax.set(xlim=(0.01, 100), ylim=(-0.5, 2.5))
    log_axis(ax, "x", [0.01, 1, 100])
    ax.set_yticks([0, 1, 2], ["bed", "artery", "suture"])
    ax.tick_params(axis="y", length=0)
    ax.set_title("pressure lost / mmHg", fontsize=10)
    area = math.pi * (d / 2) ** 2 / 100  # cm^2
    return {
        "Flow": f"{drops.flow:.0f} mL/min",
        "Flow per kidney": f"{drops.flow / own.n_kidneys:.0f} mL/min",
        "Against the open graft": _change(100 * (drops.flow / opened - 1)),
        "Lost at the suture line": f"{number(100 * drops.suture / pk.DRIVE)} % of the pressure",
        "Shear on the wall": f"{shear:.2f} Pa",
        "Mean velocity": f"{drops.flow / 60 / area:.0f} cm/s",
        "Half the flow at": f"{pk.half_flow_encroachment(own):.2f} mm",
    }


@explorer(
    "The race",
    alt="{graft}, donor of {weight}, growth time {growth}, injury {injury}: {GFR after 5 years}; "
    "overloaded for {Overloaded for}; failure: {Failure}.",
    size=(5.4, 4.2),
    graft=menu({key: LOOKS[key][0] for key in KIDNEYS}, label="Graft"),
    weight=slider(values=tuple(MONTHS), label="Weight of the donor", unit="kg", start=12),
    injury=slider(values=(0.05, 0.1, 0.2, 0.3, 0.5), label="Injury rate", unit="1/year", start=0.1),
    growth=menu(GROWTH, label="Growth time", start=1),
)
def race(fig, graft, weight, injury, growth):
    found, other = course(graft, growth, injury, weight), course("adult", injury=injury)
    color, dash = LOOKS[graft][1:]
    top, low = (fig.add_axes((0.095, y, 0.885, h)) for y, h in ((0.5, 0.42), (0.105, 0.29)))
    step = slice(None, None, 10)
    ends = found.failure_year < 20
    for ax, name, fails in ((top, "gfr", ne.GFR_FAIL), (low, "load", None)):
        y, t = getattr(found, name), found.t_years
        ax.plot(t[step], getattr(other, name)[step], color="muted", lw=1.2)
        ax.plot(t[step], y[step], dash, color=color, lw=2.4)
        if ends:
            last = fails or (ne.DEMAND / ne.GFR_FAIL) ** (1 / (1 - ne.EXPONENT))
            ax.plot(found.failure_year, last, "X", color="ink", ms=9, mec="paper", clip_on=False)
        ax.set(xlim=(0, 20), xticks=[0, 5, 10, 15, 20])
    top.axhline(ne.GFR_FAIL, color="ink", lw=1, ls=":")
    top.plot(*PUBLISHED[graft], "o", mfc="paper", mec="ink", ms=6, ls="none")
    top.text(19.9, 13.5, "failure", fontsize=9, ha="right", va="top")
    top.text(19.9, 127, SERIES[graft], fontsize=9, ha="right", va="top")
    top.set(ylim=(0, 130), yticks=[0, 50, 100])
    top.tick_params(labelbottom=False)
    top.set_title("filtration / (mL/min); thin: graft of an adult")
    low.axhspan(ne.LOAD_CRIT, 60, color="fill", lw=0)
    low.axhline(ne.LOAD_CRIT, color="ink", lw=1, ls=":")
    low.set(ylim=(0.8, 60), xlabel="years after the transplant")
    log_axis(low, "y", [1, 3, 10, 30])
    low.set_title("load of a nephron, 1 in a healthy adult; shaded: overload")
    over = np.count_nonzero(found.load > ne.LOAD_CRIT) / 100
    left = found.nephrons[1000] / found.nephrons[0]
    five = found.gfr[500]
    return {
        "GFR after 5 years": "none" if math.isnan(five) else f"{five:.0f} mL/min",
        "Load at the start": f"{found.load[0]:.1f}",
        "Overloaded for": f"{over:.3g} years",
        "Nephrons lost by year 10": "all" if math.isnan(left) else f"{100 * (1 - left):.0f} %",
        "Failure": f"after {found.failure_year:.1f} years" if ends else "not in 20 years",
        "Growth time × injury rate": "∞" if growth == "none" else f"{growth * injury:.3g}",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Resistance of suture line, artery and bed for three grafts, open and narrowed by 1.2 mm, "
    "on a logarithmic axis. Open, the bed is a hundred times the artery in all three; narrowed, "
    "the suture line equals the bed in the single graft of a child alone.",
    size=(5.4, 2.9),
)
def resistances(fig):
    ax = fig.add_axes((0.24, 0.165, 0.74, 0.69))
    parts = (("bed", "o", "ink"), ("artery", "s", "small"), ("suture", "v", "large"))
    for i, (name, graft) in enumerate(pk.GRAFTS.items()):
        for j, e in enumerate((0.0, 1.2)):
            y = -(2.6 * i + j)
            drops = pk.pressure_drops(graft, e)
            ax.plot([2e-5, 2], [y, y], color="line", lw=0.8, zorder=0)
            for part, marker, color in parts:
                first = part if y == 0 else None
                face, size = ("paper", 11) if part == "bed" else (color, 7)
                ax.plot(getattr(drops, part) / drops.flow, y, marker, mfc=face, mec=color, ms=size,
                        label=first, ls="none")  # fmt: skip
            ax.text(1.4e-5, y, f"{'pair' if name == 'en_bloc' else name}, {e:g} mm", fontsize=9,
                    ha="right", va="center")  # fmt: skip
    ax.set(xlim=(2e-5, 2), ylim=(-6.8, 0.6), yticks=[])
    log_axis(ax, "x", [1e-4, 1e-3, 1e-2, 0.1, 1])
    bare(ax, "left")
    ax.set_xlabel("resistance / (mmHg min/mL)", labelpad=1)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncol=3, borderaxespad=0,
              handletextpad=0.2)  # fmt: skip


@still(
    alt="Filtration over ten years of a child's pair, one kidney of a child and one of an adult, "
    "with published points, which lie near the curves. Without growth the pair falls from 56 to "
    "40 and the single kidney is lost in the tenth year.",
    size=(5.4, 3.4),
)
def model_and_data(fig):
    ax = fig.add_axes((0.1, 0.14, 0.88, 0.84))
    for name, (text, color, dash) in LOOKS.items():
        found = course(name)
        shown = slice(0, 1001, 5)
        ax.plot(found.t_years[shown], found.gfr[shown], dash, color=color)
        if name != "adult":
            still_ = course(name, "none")
            ax.plot(still_.t_years[shown], still_.gfr[shown], ":", color=color, lw=1.4)
        marker = {"single": "o", "en_bloc": "D", "adult": "s"}[name]
        ax.plot(*PUBLISHED[name], marker, mfc="paper", mec=color, mew=1.4, ms=7, ls="none")
        y = {"single": 80, "en_bloc": 118, "adult": 61}[name]
        ax.text(9.9, y, text, color=color, fontsize=9, ha="right", va="center")
    ax.axhline(ne.GFR_FAIL, color="ink", lw=1, ls=":")
    ax.text(0.1, 12.5, "failure", fontsize=9, va="top")
    for y, name in ((52.5, "en_bloc"), (27.5, "single")):
        ax.text(9.9, y, "without growth", color=LOOKS[name][1], fontsize=9, ha="right", va="center")
    ax.set(xlim=(0, 10), ylim=(0, 130), xlabel="years after the transplant")
    ax.set_ylabel("filtration / (mL/min)", labelpad=2)


@still(
    alt="Left: rate of change of the c-th power of the number of nephrons against the number, two "
    "straight lines that meet at the critical number; to the left of it the loss speeds up. Right: "
    "longest growth time that a graft survives against the injury rate, two lines of slope near "
    "minus one, the pair's about fourteen times above the single kidney's.",
    size=(5.4, 3.1),
)
def runaway(fig):
    c, kappa, aging = ne.EXPONENT, ne.INJURY, ne.AGING
    ax = fig.add_axes((0.115, 0.155, 0.36, 0.74))
    unit = ne.S_REF_NL_MIN * 1e-6
    critical = ne.DEMAND / (ne.LOAD_CRIT * unit)
    N = np.concatenate([np.linspace(1, critical, 40), np.linspace(critical, 1.2e6, 20)])
    u, u_c = N**c, critical**c
    stress = np.maximum(0, ne.nephron_load(N) ** c - ne.LOAD_CRIT**c)
    ax.plot(u / u_c, -100 * c * (aging + kappa * stress) * u / u_c, color="small")
    slope = c * (kappa * ne.LOAD_CRIT**c - aging)
    rise = np.array([1.0, (c * kappa * (ne.DEMAND / unit) ** c / slope) / u_c])
    ax.plot(rise, 100 * (slope * rise - c * kappa * ne.LOAD_CRIT**c), ":", color="muted", lw=1.2)
    ax.axhline(0, color="muted", lw=0.8)
    ax.axvline(1, color="ink", lw=1, ls=":")
    ax.plot(rise[1], 0, "o", mfc="paper", mec="muted", ms=6)
    ax.text(rise[1], 0.35, "u*", color="muted", fontsize=9, ha="center")
    ax.annotate("", (0.28, -2.2), (0.72, -2.2), arrowprops={"arrowstyle": "->", "color": "large"})
    ax.text(0.5, -2.1, "ever faster", color="large", fontsize=9, ha="center", va="bottom")
    ax.text(1.03, -5.6, "critical\nnumber", fontsize=9, va="center")
    marks = np.array([0, 1e5, 3e5, critical, 1e6])
    ax.set_xticks(marks**c / u_c, ["0", "100", "300", f"{critical / 1e3:.0f}", "1000"], fontsize=9)
    ax.set(xlim=(0, 1.4), ylim=(-8, 1))
    ax.set_xlabel("nephrons / 1000, spaced as $N^c$", labelpad=1, fontsize=9)
    ax.set_title("$du/dt$, % of critical $u$ a year", fontsize=9)

    ax = fig.add_axes((0.6, 0.155, 0.385, 0.74))
    for name in KIDNEYS:
        color, dash = LOOKS[name][1:]
        ax.plot(*threshold(name), dash, color=color, marker="o", ms=3.5)
    ax.text(0.32, 1.25, "one kidney", color="small", fontsize=9, ha="right", va="center")
    ax.text(0.75, 30, "pair", color="remedy", fontsize=9, va="center")
    ax.text(1.9, 150, "lost", color="large", fontsize=9, ha="right")
    ax.text(0.14, 0.32, "outgrown", color="muted", fontsize=9)
    ax.set(xlim=(0.13, 2.2), ylim=(0.25, 250))
    log_axis(ax, "x", [0.2, 0.5, 1, 2])
    log_axis(ax, "y", [1, 10, 100])
    ax.set_xlabel("injury rate / (1/year)", labelpad=1, fontsize=9)
    ax.set_title("growth time that suffices / years", fontsize=9)
