"""Figures of the chapter "Passenger and passage". Teaching model: no clinical use."""

import math

import numpy as np

from smlib import labor as la
from smlib import labor_trial
from smlib.figures.style import bare, explorer, menu, percent, slider, still
from smlib.studies.labor import (
    MILITARY,
    PRIOR,
    STRONG,
    TRUTHS,
    dilation,
    flat_posterior,
    population,
    resolved,
    trial,
)

CIRCLE = np.linspace(0, 2 * np.pi, 73)


def _outline(matrix):
    """Ellipse whose diameter along n is sqrt(n M n)."""
    values, axes = np.linalg.eigh(matrix)
    return (axes * np.sqrt(values) / 2) @ np.array([np.cos(CIRCLE), np.sin(CIRCLE)])


def _opening_and_shadow(ax, plane, shadow, position):
    """What sticks out is filled; the line ends at the occiput."""
    hole = _outline(np.diag([plane.transverse_cm**2, plane.ap_cm**2]))
    head = _outline(shadow)
    ax.fill(*head, color="large", alpha=0.75, lw=0, zorder=1)
    ax.fill(*hole, color="fill", lw=0, zorder=2)
    ax.plot(*hole, color="ink", lw=1.6, zorder=3)
    ax.plot(*head, "--", color="small", lw=1.3, zorder=4)
    turn, half = math.radians(position), math.sqrt(_presented(shadow)) / 2 - 0.5
    way = half * np.array([-math.sin(turn), math.cos(turn)])
    ax.plot(*np.stack([-way, way], axis=1), color="small", lw=1, zorder=4)
    ax.plot(*way, "o", color="small", ms=5, zorder=5)
    ax.set(xlim=(-7.6, 7.6), ylim=(-7.6, 7.6), aspect="equal", xticks=[], yticks=[])
    bare(ax)


def _presented(shadow):
    """Larger eigenvalue of the shadow, in cm^2; never of a tilted head here."""
    return float(np.linalg.eigvalsh(shadow)[-1])


def _power(m):
    needed = la.resistance_mvu(m)
    return f"{needed:.0f} MVU" if math.isfinite(needed) else "none is enough"


# --- turn the head ------------------------------------------------------------------------------


@explorer(
    "Turn the head",
    alt="{plane}, head {head}, deflexion {deflexion}, position {position}: mismatch "
    "{Mismatch m}; power needed: {Power needed}; {With 200 MVU}.",
    size=(5.4, 3.2),
    max_states=420,
    plane=menu({"inlet": "inlet", "midpelvis": "midpelvis"}, label="Plane", start="midpelvis"),
    head=menu({0.95: "5 % smaller", 1.0: "average", 1.05: "5 % larger"}, label="Head", start=1.0),
    deflexion=slider(0, 90, steps=10, label="Deflexion", unit="°", start=40, fine=4),
    position=slider(0, 90, steps=7, label="Position", unit="°", start=90, fine=3),
)
def turn_the_head(fig, plane, head, deflexion, position):
    opening = la.PLANES[plane]
    shadow = la.head_shadow(deflexion, 0, position, head)
    m, best = la.mismatch_ratio(shadow, opening), la.least_mismatch(head, (opening,))

    ax = fig.add_axes((0.0, 0.03, 0.46, 0.9))
    _opening_and_shadow(ax, opening, shadow, position)
    ax.text(0, 7.0, "front", ha="center", va="center", color="muted", fontsize=9)
    ax.text(0, -7.1, "back", ha="center", va="center", color="muted", fontsize=9)

    ax = fig.add_axes((0.515, 0.145, 0.33, 0.785))
    x = np.linspace(0, 90, 46)
    for turn, dash, color in ((90, "--", "large"), (45, "-.", "muted"), (0, "-", "remedy")):
        y = la.mismatch_ratio(la.head_shadow(x, 0, turn, head), opening)
        ax.plot(x, y, ls=dash, color=color, lw=1.5, label=f"position {turn}°")
    ax.legend(loc="upper left", fontsize=9, handlelength=2.2, borderaxespad=0.1, labelspacing=0.25)
    for level, text, place in (
        (0.90, "bone\ntouches", 0.90), (1.02, "300 MVU", 1.005), (1.05, "no power\nhelps", 1.085)
    ):  # fmt: skip
        ax.axhline(level, color="muted", lw=0.7, zorder=0)
        ax.text(92, place, text, color="muted", fontsize=9, va="center", linespacing=0.95)
    ax.plot(deflexion, m, "D", color="small", ms=7, mec="paper", clip_on=False, zorder=5)
    ax.set(xlim=(0, 90), ylim=(0.7, 1.3), xticks=[0, 30, 60, 90])
    ax.set_xlabel("deflexion / degrees", labelpad=1)
    ax.set_title("mismatch m, by position")
    verdict = la.diagnose(la.POWER_ORDINARY, m, min(m, best))
    return {
        "Mismatch m": f"{m:.3f}",
        "Power needed": _power(m),
        "With 200 MVU": {"progress": "it moves", "dynamic": "dynamic arrest"}.get(verdict, verdict),
        "Least m of this head here": f"{best:.3f}",
    }


# --- the trial ----------------------------------------------------------------------------------


def _odds(p):
    return np.log(p / (1 - p))


@explorer(
    "The trial",
    alt="{truth}; an exam every {interval}, error {error}, case {case}: Wald's test calls "
    "{Wald's test calls}; probability of anatomic then {Probability of anatomic}.",
    size=(5.4, 4.0),
    truth=menu({key: text for key, (text, _) in TRUTHS.items()}, label="Truth"),
    error=slider(0.25, 1.0, steps=4, label="Error of a reading", unit="cm", start=0.75),
    interval=slider(values=(1, 2, 4), label="An exam every", unit="h", start=2),
    case=slider(1, 6, steps=6, label="Case", start=4),
)
def the_trial(fig, truth, error, interval, case):
    t, read, record, at, verdict, full = trial(truth, interval, error, case)

    ax = fig.add_axes((0.115, 0.565, 0.865, 0.365))
    fine = np.linspace(0, 16, 161)
    path, rate, wait = dilation(truth, case, fine)
    shown = path < 10
    ax.plot(fine[shown], path[shown], color="ink", lw=1.6)
    bars = {"fmt": "o", "color": "small", "ms": 5, "lw": 1}
    ax.errorbar(t[: at + 1], read[: at + 1], error, **bars)
    if at + 1 < t.size:
        ax.errorbar(t[at + 1 :], read[at + 1 :], error, **bars, mfc="paper", alpha=0.6)
    ax.set(xlim=(-0.4, 16.4), ylim=(1, 12.9), yticks=[2, 4, 6, 8, 10], xticks=[0, 4, 8, 12, 16])
    ax.set_xticklabels([])
    ax.set_title("dilation / cm: truth (line) and readings")

    ax = fig.add_axes((0.115, 0.115, 0.865, 0.345))
    upper, lower = labor_trial.wald_thresholds(0.05, 0.05)
    after = _odds(PRIOR) - record
    belief = np.clip(after, -8, 6)
    lines = ((_odds(PRIOR) - lower, "large", "called anatomic"),
             (_odds(PRIOR) - upper, "remedy", "called dynamic"))  # fmt: skip
    for level, color, text in lines:
        ax.axhline(level, color=color, lw=1.3, ls="--")
        up = color == "large"
        ax.text(-0.3, level + (0.25 if up else -0.3), text, color=color, fontsize=9,
                va="bottom" if up else "top")  # fmt: skip
    ax.plot(t[: at + 1], belief[: at + 1], "o-", color="small", ms=4.5)
    ax.plot(t[at:], belief[at:], ":", color="small", lw=1.2)
    ax.plot(t[at + 1 :], belief[at + 1 :], "o", color="small", ms=4.5, mfc="paper")
    if verdict:
        ax.axvline(t[at], color="muted", lw=0.9, ls=":")
    ax.set(xlim=(-0.4, 16.4), ylim=(-8.5, 6.5), xticks=[0, 4, 8, 12, 16])
    marks = (0.001, 0.01, 0.1, 0.5, 0.9, 0.99)
    ax.set_yticks([_odds(p) for p in marks], ["0.1 %", "1 %", "10 %", "50 %", "90 %", "99 %"])
    ax.set_xlabel("hours since the remedy" if truth != "watched" else "hours", labelpad=1)
    ax.set_title("probability of anatomic")

    word = {1: "dynamic", -1: "anatomic"}.get(verdict)
    right = {"dynamic": "dynamic", "slow": "dynamic"}.get(truth, "anatomic")
    ended = "fully dilated first" if full else "nothing in 16 h"
    told = "no progress" if rate == 0 else f"{wait:.1f} h wait, then {rate:.2g} cm/h"
    call = f"{word} after {t[at]} h" if word else ended
    return {
        "Wald's test calls": call + (", wrongly" if word and word != right else ""),
        "Probability of anatomic": _percent(1 / (1 + math.exp(-after[at]))),
        "Bayes factor, dynamic": _factor(record[at]),
        "The truth": told,
    }


def _percent(p):
    return "below 0.1 %" if p < 0.001 else percent(p)


def _factor(log):
    return "over 1000" if log > math.log(1000) else f"{math.exp(log):.3g}"


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="One head in two planes and two positions. {table}.",
    size=(5.4, 3.7),
)
def two_planes(fig):
    told = []
    for i, (name, plane) in enumerate(la.PLANES.items()):
        for j, (position, text) in enumerate(((90, "to the side"), (0, "in front"))):
            ax = fig.add_axes((0.12 + 0.45 * j, 0.46 - 0.455 * i, 0.43, 0.455))
            shadow = la.head_shadow(MILITARY, 0, position)
            m = la.mismatch_ratio(shadow, plane)
            _opening_and_shadow(ax, plane, shadow, position)
            ax.text(0, 0.9 if position else 0, f"m = {m:.3f}", ha="center", zorder=6,
                    va="center", bbox={"fc": "fill", "ec": "none", "pad": 1.5})  # fmt: skip
            if i == 0:
                ax.set_title(f"occiput {text}", loc="center")
            if j == 0:
                ax.text(-8.6, 0, name, rotation=90, ha="center", va="center")
            told.append(f"{name.capitalize()}, occiput {text}: {m:.3f}")
    return {"table": "; ".join(told)}


@still(
    alt="Left: dilation against time by four rulers; the slowest twentieth in every step takes "
    "{slow} hours. Right: one centimetre an hour flags {first} per cent in the first step, the "
    "guide of 2020 at most a few.",
    size=(5.4, 3.3),
)
def four_rulers(fig):
    ax = fig.add_axes((0.085, 0.14, 0.5, 0.8))
    cm = np.arange(4, 11)
    steps = np.array(list(la.ZHANG_2010["nulliparous"].values()))
    median, late = (np.cumsum([0, *column]) for column in steps.T)
    for hours, color, dash, text, place in (
        (np.array([0, 2.5]), "other", ":", "Friedman", (0.1, 10.3)),
        (median, "remedy", "-", "medians", (4.3, 10.3)),
        (np.array([0, 6]), "large", "--", "1 cm/h", (6.1, 9.4)),
        (late, "small", "-.", "95th\npercentiles", (11.6, 6.0)),
    ):
        ax.plot(hours, cm if hours.size > 2 else (4, 10), dash, color=color, clip_on=False)
        ax.text(*place, text, color=color, fontsize=9, va="bottom" if place[1] > 10.2 else "center")
    ax.set(xlim=(0, 17), ylim=(4, 11.0), xticks=[0, 4, 8, 12, 16], yticks=cm)
    ax.set_xlabel("hours from 4 cm", labelpad=1)
    ax.set_title("dilation / cm")

    bars = fig.add_axes((0.695, 0.14, 0.285, 0.8))
    strict = [100 * la.step_exceedance(1.0, c) for c in range(4, 10)]
    bars.barh(np.arange(4, 10) + 0.19, strict, 0.36, color="large")
    guide = {c: 100 * la.step_exceedance(h, c) for c, h in la.WHO_2020.items()}
    bars.barh(np.array(list(guide)) - 0.19, list(guide.values()), 0.36, color="small")
    for c, share in guide.items():
        bars.text(share + 2, c - 0.2, f"{share:.1f}", va="center", fontsize=8.5, color="small")
    for c, share in enumerate(strict, 4):
        bars.text(share + 2, c + 0.2, f"{share:.0f}", va="center", fontsize=8.5, color="large")
    bars.set(xlim=(0, 75), ylim=(3.5, 9.7), yticks=range(4, 10), xticks=[0, 20, 40, 60])
    bars.set_yticklabels([f"{c}–{c + 1}" for c in range(4, 10)])
    bars.set_xlabel("flagged / %", labelpad=1)
    bars.text(75, 7.75, "1 h", color="large", ha="right", fontsize=9)
    bars.text(75, 7.25, "guide of 2020", color="small", ha="right", fontsize=9)
    bars.set_title("by step / cm")
    return {"slow": f"{late[-1]:.1f}", "first": f"{strict[0]:.0f}"}


@still(
    alt="Left: simulated women by the mismatch of the flexed head and that of their present state; "
    "anatomic ones lie to the right of 1.02. Right: {power} per cent of the arrests end with more "
    "power, {flexion} with flexion, {both} with both.",
    size=(5.4, 3.2),
)
def state_or_constraint(fig):
    women, verdict = population()
    ax = fig.add_axes((0.1, 0.145, 0.5, 0.79))
    ax.plot([0.6, 1.3], [0.6, 1.3], color="line", lw=0.9)
    ax.axvline(la.critical_mismatch(), color="ink", lw=1.2, ls="--")
    for name, marker, color, number, size in (
        ("progress", ".", "muted", 150, 3), ("dynamic", "^", "small", 120, 4),
        ("anatomic", "s", "large", 20, 5),
    ):  # fmt: skip
        some = np.flatnonzero(verdict == name)[:number]
        style = {"color": color, "ms": size, "mec": color, "mew": 0}
        ax.plot(women.mismatch_best[some], women.mismatch_now[some], marker, **style)
    ax.set(xlim=(0.68, 1.15), ylim=(0.68, 1.25), xticks=[0.7, 0.8, 0.9, 1.0, 1.1])
    ax.set_yticks([0.7, 0.8, 0.9, 1.0, 1.1, 1.2])
    ax.text(0.72, 1.2, "▲ dynamic arrest", color="small", fontsize=9)
    ax.text(1.03, 0.8, "■ anatomic", color="large", fontsize=9)
    ax.text(0.98, 0.72, "· progress", color="muted", fontsize=9, ha="right")
    ax.set_xlabel("m of the flexed head", labelpad=1)
    ax.set_title("m in the present state")

    bars = fig.add_axes((0.69, 0.145, 0.29, 0.79))
    shares = resolved()
    for y, (name, text, color) in enumerate(
        (("anatomic", "nothing (anatomic)", "large"), ("both", "both", "remedy"),
         ("flexion", "flexion", "remedy"), ("power", f"{STRONG} MVU", "remedy"))
    ):  # fmt: skip
        bars.barh(y, shares[name], 0.42, color=color)
        bars.text(0, y + 0.28, f"{text}: {shares[name]:.0f}", fontsize=9, va="bottom")
    bars.set(xlim=(0, 100), ylim=(-0.4, 3.8), yticks=[], xticks=[0, 50, 100])
    bars.set_xlabel("of the arrests / %", labelpad=1)
    bars.set_title("ended by")
    return {name: f"{share:.0f}" for name, share in shares.items()}


@still(
    alt="Probability of anatomic along a flat line against time, for three priors; from 18 per "
    "cent it passes 95 per cent after {certain} hours. Two published points lie near that curve.",
    size=(5.4, 2.9),
)
def flat_line(fig):
    ax = fig.add_axes((0.11, 0.165, 0.87, 0.8))
    t = np.arange(17)
    for prior, color, dash in ((0.18, "large", "-"), (0.13, "other", "-."), (0.08, "small", "--")):
        label = f"{100 * prior:.0f} % before the trial"
        ax.plot(t, 100 * flat_posterior(prior), dash, color=color, label=label)
    ax.axhline(95, color="muted", lw=0.7, zorder=0)
    ax.text(0.2, 93.5, "95 %", va="top", fontsize=9)
    style = {"color": "ink", "ms": 6, "mfc": "paper", "mew": 1.5, "zorder": 5}
    ax.plot([2, 4], [26, 44], "s", **style, label="no vaginal birth, Rouse et al. 1999")
    ax.legend(loc="lower right", fontsize=9, handlelength=2.4)
    ax.set(xlim=(0, 16), ylim=(0, 102), xticks=range(0, 17, 2), yticks=[0, 20, 40, 60, 80, 100])
    ax.set_xlabel("hours of readings that do not change", labelpad=1)
    ax.set_ylabel("anatomic / %", labelpad=2)
    found = flat_posterior(PRIOR)
    return {"certain": f"{np.interp(0.95, found, t):.0f}"}
