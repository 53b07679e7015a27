"""Figures of the chapter "Forcing atoms to get along"."""

import numpy as np

from smlib import pressure_alloying as pa
from smlib.elements import ELEMENTS
from smlib.figures.style import explorer, log_axis, menu, slider, still
from smlib.studies.pressure_alloying import (
    CHANGES,
    PAIRS,
    P,
    cost,
    crossing,
    equations,
    moduli,
    radii,
    square,
)
from smlib.units import GPA_A3_KJ_MOL

FORM_NAMES = {"murnaghan": "Murnaghan", "birch-murnaghan": "Birch", "vinet": "Vinet"}
STYLES = {"murnaghan": ("other", ":"), "birch-murnaghan": ("small", "--"), "vinet": ("remedy", "-")}


def _name(pair):
    return "-".join(pair)


def _text(pressure):
    return "none below 300 GPa" if np.isnan(pressure) else f"{pressure:.3g} GPa"


@explorer(
    "Squeeze",
    alt="{pair}, {form}, {dataset}: the radii come within {limit} at {They fit at}; the other "
    "equations of state say {All three}. Ratio of the moduli {Moduli}.",
    size=(5.4, 3.9),
    pair=menu({_name(pair): _name(pair) for pair in PAIRS}, label="Metals"),
    form=menu(FORM_NAMES, label="Equation of state", start="vinet"),
    dataset=menu({"experiment": "measured", "wien2k": "computed"}, label="Constants"),
    limit=slider(values=(8, 10, 12, 14, 15, 17, 20), label="Limit", unit="%", start=15),
)
def squeeze(fig, pair, form, dataset, limit):
    metals = tuple(pair.split("-", 1))
    share, reached = limit / 100, PAIRS[metals]
    left, right = fig.add_axes((0.09, 0.125, 0.33, 0.79)), fig.add_axes((0.53, 0.125, 0.455, 0.79))
    looks = ("large", "-", ", solid"), ("small", "--", ", dashed")
    for i, (radius, metal, look) in enumerate(
        zip(radii(metals, form, dataset), metals, looks, strict=True)
    ):
        left.plot(P, radius, look[1], color=look[0])
        left.text(149, 2.54 - 0.12 * i, metal + look[2], color=look[0], ha="right", fontsize=9)
    left.set(xlim=(0, 150), ylim=(1, 2.65), xticks=[0, 50, 100, 150], xlabel="pressure / GPa")
    left.set_title("radius / Å", fontsize=9)

    right.axhline(limit, color="ink", lw=1, ls=(0, (1, 2)))
    for key, (color, dash) in STYLES.items():
        a, b = radii(metals, key, dataset)
        right.plot(P, 100 * (a / b - 1), dash, color=color, lw=2.4 if key == form else 1.2)
    at = crossing(metals, form, dataset, share)
    if at <= 150:
        right.plot(at, limit, "D", color=STYLES[form][0], ms=7, mec="paper", clip_on=False)
    for change in sorted({c for metal in metals for c in CHANGES.get(metal, ())}):
        right.plot(change, -8, "|", color="muted", ms=8, mew=1.4, clip_on=False)
    right.text(150, 49, "| new structure", color="muted", fontsize=8.5, ha="right")
    if reached:
        a, b = (metal.radius(reached) for metal in equations(metals, form, dataset))
        right.plot(reached, 100 * (a / b - 1), "*", color="ink", ms=11, mec="paper", clip_on=False)
        right.text(150, 77, "★ an experiment", color="ink", fontsize=8.5, ha="right")
    for i, (key, (color, _)) in enumerate(STYLES.items()):
        dash = {"murnaghan": ", dotted", "birch-murnaghan": ", dashed", "vinet": ", solid"}[key]
        right.text(150, 70 - 7 * i, FORM_NAMES[key] + dash, color=color, fontsize=8.5, ha="right")
    right.set(xlim=(0, 150), ylim=(-12, 92), xticks=[0, 50, 100, 150], xlabel="pressure / GPa")
    right.set_title("size mismatch / %", fontsize=9)
    found = (crossing(metals, key, dataset, share) for key in STYLES)
    need, there = moduli(metals, dataset, share)
    return {
        "They fit at": _text(at),
        "All three": ", ".join("never" if np.isnan(x) else f"{x:.3g}" for x in found),
        "Moduli": f"{there:.3g} there, {need:.3g} needed",
    }


HOSTED = {("Mg", "Fe"): "Mg in Fe", ("K", "Ni"): "K in Ni", ("Na", "Ag"): "Na in Ag"}
STEPS = np.arange(0, 101, 5)


@explorer(
    "The penalty",
    alt="{pair} at {pressure}: the misfit costs {Cost}, {Of the cost without} of that without "
    "pressure, and its square is {Of the square} of what it was.",
    size=(5.4, 3.6),
    pair=menu({_name(pair): text for pair, text in HOSTED.items()}, label="Solute and host"),
    pressure=slider(values=[int(p) for p in STEPS], label="Pressure", unit="GPa", start=40),
)
def penalty(fig, pair, pressure):
    metals = tuple(pair.split("-", 1))
    big, small = equations(metals)
    left, right = fig.add_axes((0.1, 0.135, 0.4, 0.77)), fig.add_axes((0.6, 0.135, 0.39, 0.77))
    V_h, V_s = small.volume(pressure), big.volume(pressure)
    G = ELEMENTS[metals[1]].G * small.bulk_modulus(pressure) / small.K0
    edge = 0.25 * abs(V_s - V_h) + 0.02 * V_h
    low, high = min(V_s, V_h), max(V_s, V_h)
    V = np.linspace(max(low - edge, 0.5 * low), high + edge, 61)
    solute = big.energy(V) - big.energy(V_s) + GPA_A3_KJ_MOL * pressure * (V - V_s)
    host = GPA_A3_KJ_MOL * 2 * G / 3 * (V - V_h) ** 2 / V_h
    top = max(cost(metals, pressure), 1e-3)
    x = (V - V_h) / (V_s - V_h)
    for energy, color, dash in (
        (solute, "large", "-"),
        (host, "small", "--"),
        (solute + host, "ink", "-"),
    ):
        shown = np.where(energy < 2.75 * top, energy / top, np.nan)  # room for the labels above
        left.plot(x, shown, dash, color=color, lw=1.2 if color == "ink" else 1.8)
    best = int(np.argmin(solute + host))
    left.plot(x[best], (solute + host)[best] / top, "D", color="remedy", ms=7, mec="paper")
    left.text(0.5, 3.08, "solute squeezed", color="large", fontsize=8.5, ha="center")
    left.text(0.5, 2.86, "host stretched, dashed", color="small", fontsize=8.5, ha="center")
    left.set(xlim=(-0.3, 1.3), ylim=(0, 3.3), yticks=[0, 1, 2], xticks=[0, 1])
    left.set_xticklabels(["the hole", "the free atom"], fontsize=9)
    left.set_xlabel("volume that it takes", labelpad=1)
    left.set_title("enthalpy / its least sum", fontsize=9)

    ratio = [cost(metals, float(p)) / cost(metals, 0.0) for p in STEPS]
    right.plot(STEPS, ratio, color="remedy")
    right.plot(STEPS, [square(metals, float(p)) for p in STEPS], "--", color="other")
    here = STEPS.tolist().index(pressure)
    right.plot(pressure, ratio[here], "D", color="remedy", ms=7, mec="paper", clip_on=False)
    squared = square(metals, float(pressure))
    right.plot(pressure, squared, "s", color="other", ms=6, mec="paper", clip_on=False)
    right.text(99, 1.07, "cost", color="remedy", ha="right", fontsize=8.5)
    right.text(99, 0.99, "mismatch squared, dashed", color="other", ha="right", fontsize=8.5)
    right.set(xlim=(0, 100), ylim=(0, 1.15), yticks=[0, 0.5, 1], xlabel="pressure / GPa")
    right.set_title("over that at 0", fontsize=9)
    mismatch = pa.size_mismatch(pressure, big, small)
    return {
        "Cost": f"{cost(metals, float(pressure)):.1f} kJ/mol",
        "Of the cost without": f"{ratio[here]:.2f}",
        "Of the square": f"{squared:.2f}",
        "Size mismatch": f"{100 * mismatch:+.1f} %",
        "Shear modulus of the host": f"{G:.0f} GPa",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Size ratio against the ratio of the bulk moduli, eight pairs of metals. A curve, the "
    "twelfth power of the excess ratio, separates pairs that pressure can reconcile from those "
    "that it cannot.",
    size=(5.2, 3.4),
)
def twelfth_power(fig):
    ax = fig.add_axes((0.12, 0.14, 0.85, 0.82))
    ratio = np.linspace(1.15, 2.0, 100)
    need = (ratio / 1.15) ** 12
    ax.fill_between(ratio, need, 1e3, color="fill", lw=0)
    ax.plot(ratio, need, color="ink", lw=1.2)
    ax.text(1.17, 330, "pressure can win", color="muted", fontsize=9)
    ax.text(1.62, 1.3, "the ratio freezes first", color="muted", fontsize=9)
    left_of = {("Mg", "Fe")}
    shifts = {("Mg", "Fe-hcp"): 0.88, ("Mg", "Ni"): 1.12}
    for pair in PAIRS:
        big, small = equations(pair, "murnaghan")
        size = big.radius(0) / small.radius(0)
        there = small.K0 / big.K0
        wins = there > (size / 1.15) ** 12
        ax.plot(size, there, "o" if wins else "s", color="remedy" if wins else "large", ms=6)
        gap, align = (-0.012, "right") if pair in left_of else (0.012, "left")
        at = there * shifts.get(pair, 1)
        ax.text(size + gap, at, _name(pair), fontsize=8.5, va="center", ha=align)
    ax.set(xlim=(1.1, 2.0), ylim=(1, 600))
    ax.set_xlabel("radius of one over that of the other")
    log_axis(ax, "y", [1, 10, 100])
    ax.set_ylabel("bulk modulus of the small one over\nthat of the large one", fontsize=9)


@still(
    alt="Size mismatch against pressure for four pairs and three equations of state. They agree "
    "for sodium and silver and differ from never to 154 GPa for potassium and nickel; the "
    "experiments on potassium lie far above the 15 % line.",
    size=(5.4, 3.6),
)
def what_the_experiments_did(fig):
    ax = fig.add_axes((0.1, 0.135, 0.74, 0.82))
    ax.axhline(15, color="ink", lw=1, ls=(0, (1, 2)))
    colors = {
        ("K", "Ni"): "large",
        ("K", "Ag"): "other",
        ("Na", "Ag"): "remedy",
        ("Mg", "Fe"): "small",
    }
    for (pair, color), marker in zip(colors.items(), "os^D", strict=True):
        for form, (_, dash) in STYLES.items():
            a, b = radii(pair, form, "experiment")
            # The marks, at 40, 80 and 120 GPa, tell the pairs apart where their curves cross.
            marked = {"marker": marker, "markevery": list(np.searchsorted(P, (40, 80, 120)))}
            ax.plot(P, 100 * (a / b - 1), dash, color=color, lw=1.4, ms=4.5, mew=0, **marked)
        stiffest, softest = radii(pair, "murnaghan", "experiment")
        end = 100 * (stiffest / softest - 1)[-1]
        ax.plot(154, end, marker, color=color, ms=4.5, mew=0, clip_on=False)
        ax.text(157, end, _name(pair), color=color, fontsize=9, va="center")
        if PAIRS[pair]:
            at = PAIRS[pair]
            big, small = equations(pair)
            value = 100 * pa.size_mismatch(at, big, small)
            ax.plot(at, value, "*", color="ink", ms=11, mec="paper")
    ax.set(xlim=(0, 150), ylim=(-8, 92), xlabel="pressure / GPa", ylabel="size mismatch / %")
    ax.set_yticks([0, 15, 40, 60, 80])


@still(
    alt="Elastic cost of the misfit and the square of the size mismatch, both over their values "
    "without pressure, for magnesium in iron, potassium in nickel and sodium in silver. For "
    "magnesium in iron the cost falls far less than the square.",
    size=(5.2, 3.2),
)
def cost_and_square(fig):
    ax = fig.add_axes((0.11, 0.145, 0.66, 0.81))
    colors = {("Mg", "Fe"): "small", ("K", "Ni"): "large", ("Na", "Ag"): "remedy"}
    for pair, color in colors.items():
        ax.plot(STEPS, [cost(pair, float(p)) / cost(pair, 0.0) for p in STEPS], color=color)
        ax.plot(STEPS, [square(pair, float(p)) for p in STEPS], "--", color=color, lw=1.2)
        end = cost(pair, 100.0) / cost(pair, 0.0)
        ax.text(102, end, HOSTED[pair], color=color, fontsize=9, va="center")
    ax.text(98, 1.0, "solid: cost,  dashed: mismatch²", color="muted", fontsize=8.5, ha="right")
    ax.axhline(0, color="line", lw=0.8)
    ax.set(xlim=(0, 100), ylim=(-0.02, 1.06), yticks=[0, 0.5, 1], xlabel="pressure / GPa")
    ax.set_ylabel("over that at 0")
