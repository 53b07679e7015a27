"""Figures of the chapter "The mind's ruler". All people in them are simulated."""

import numpy as np
from matplotlib.patches import Rectangle

from smlib import utility_anchoring as ua
from smlib.figures.style import bare, explorer, menu, slider, still
from smlib.studies.utility_anchoring import crowd, flip_rates, harm_starts, survival

#: Minimally important differences (Walters & Brazier 2005).
IMPORTANT = {"SF-6D": 0.041, "EQ-5D": 0.074}
#: Standard deviation of every mark on a ruler, in points: an assumption.
MARK_SD = 5.0
#: Curvature r of the power law: none, the usual value, a stronger one.
EXPONENTS = {1.0: "none (r = 1)", 1.6: "r = 1.6", 2.29: "stronger (r = 2.29)"}
#: Rules of choice: colour, dash, name.
RULES = {
    "naive": ("large", "--", "naive"),
    "anchored": ("remedy", ":", "anchored"),
    "anchored_power": ("other", "-.", "anchored + curve"),
}
#: The changes of scale of `ua.SCALES`, in words.
CHANGES = ("factor", "factor and\nshift", "any\nincreasing", "a ruler\neach")
LOWEST = -0.8


def _draw_ruler(ax, y, ticks, low, high):
    ax.plot([low, high], [y, y], color="muted", lw=1)
    for at, number in ticks:
        ax.plot([at, at], [y, y - 0.07], color="muted", lw=0.8)
        ax.text(at, y - 0.12, f"{number:g}", ha="center", va="top", fontsize=9)


@explorer(
    "Two rulers",
    alt="Rating {rating}, dead at {death}, curvature {exponent}: read naively {Naive}, re-anchored "
    "{Re-anchored} with interval {95 % interval}, under risk {Under risk}.",
    size=(5.4, 3.9),
    rating=slider(0, 100, steps=11, label="Rating of the state", unit="points", start=70, fine=5),
    death=slider(0, 40, steps=9, label="Mark for dead", unit="points", start=5, fine=5),
    exponent=menu(EXPONENTS, label="Curvature under risk", start=1.0),
)
def two_rulers(fig, rating, death, exponent):
    naive, value = rating / 100, ua.reanchor(rating, death)
    low, high = ua.fieller_interval(rating, death, 100, MARK_SD, MARK_SD, MARK_SD)
    utility = ua.power_utility(value, exponent)

    ax = fig.add_axes((0.17, 0.0, 0.82, 1.0))
    ax.set(xlim=(LOWEST, 1.3), ylim=(-0.95, 2.65))
    ax.axis("off")
    for y, name in ((2, "on paper,\npoints"), (1, "value,\nno risk"), (0, "utility,\nunder risk")):
        ax.text(LOWEST - 0.41, y, name, va="center")
    _draw_ruler(ax, 2, [(p / 100, p) for p in range(0, 101, 20)], 0, 1)
    for y in (1, 0):
        _draw_ruler(ax, y, [(v, v) for v in (-0.5, 0, 0.5, 1)], LOWEST, 1.3)

    # The person's own range, and what it becomes.
    ax.plot([death / 100, 1], [2, 2], color="small", lw=4, solid_capstyle="butt")
    ax.text(-0.05, 2, "no room below 0", ha="right", va="center", fontsize=9, color="muted")
    for start, end, name in ((death / 100, 0, "dead"), (1, 1, "full health")):
        ax.plot([start, start], [1.95, 2.1], color="small", lw=1.8)
        ax.text(start, 2.16, name, ha="center", color="small")
        ax.plot([start, end], [1.66, 1.1], color="small", lw=1)
        ax.plot([end, end], [0.66, 0.1], color="line", lw=1)
    ax.text(naive, 2.4, "rating", ha="center")
    ax.plot(naive, 2, "o", color="ink", ms=7, mec="paper")

    tolerable = IMPORTANT["EQ-5D"]
    ax.add_patch(Rectangle((naive - tolerable, 1.0), tolerable, 0.2, fc="large", alpha=0.25, lw=0))
    ax.plot([naive, naive], [1.66, 1.25], color="large", lw=1.2, ls=":")
    ax.plot([naive, value], [1.66, 1.1], color="remedy", lw=1.4)
    ax.plot([max(low, LOWEST), high], [1, 1], color="remedy", lw=4, alpha=0.5)
    ax.plot(naive, 1.2, "s", mfc="paper", mec="large", ms=7, mew=1.5)
    ax.plot(value, 1, "o", color="remedy", ms=8, mec="paper")
    shown, marker = (utility, "D") if utility >= LOWEST else (LOWEST, "<")
    ax.plot([value, shown], [0.66, 0.1], color="other", lw=1.4, ls="-.")
    ax.plot(shown, 0, marker, color="other", ms=8, mec="paper", clip_on=False)

    ax.plot(-0.75, -0.5, "s", mfc="paper", mec="large", ms=6, mew=1.3)
    ax.text(-0.68, -0.5, "naive; shaded: 0.074 below it", va="center", fontsize=9, color="large")
    ax.plot(0.5, -0.5, "D", color="other", ms=6)
    ax.text(0.56, -0.5, "under risk", va="center", fontsize=9, color="other")
    ax.plot([-0.79, -0.71], [-0.75, -0.75], color="remedy", lw=4, alpha=0.5)
    ax.plot(-0.75, -0.75, "o", color="remedy", ms=6)
    ax.text(
        -0.68, -0.75, "re-anchored, with 95 % interval", va="center", fontsize=9, color="remedy"
    )
    return {
        "Naive": f"{naive:.2f}",
        "Re-anchored": f"{value:.3f}",
        "95 % interval": f"{low:.3f} to {high:.3f}",
        "Correction": f"{value - naive:+z.3f}",
        "Under risk": f"{utility:.3f}",
        "Effect of risk": f"{utility - value:+z.3f}",
    }


@explorer(
    "Who flips?",
    alt="Threshold {threshold}, mean mark for dead {mean_mark}, curvature {exponent}, noise "
    "{noise}: choices reversed naively {Naive}, anchored {Anchored}, anchored and curved "
    "{Anchored + curve}.",
    size=(5.6, 4.1),
    max_states=405,
    threshold=slider(
        0.1, 0.9, steps=9, label="θ: years in full health per year in the state", start=0.5
    ),
    mean_mark=slider(
        values=(0, 5, 10, 20, 30), label="Mean mark for dead", unit="points", start=10
    ),
    exponent=menu(EXPONENTS, label="Curvature of the truth", start=1.0),
    noise=slider(0, 10, steps=3, label="Noise of a rating", unit="points"),
)
def who_flips(fig, threshold, mean_mark, exponent, noise):
    people = crowd(mean_mark, noise, 300)
    way = ua.flip_direction(threshold, people, "naive", exponent)
    true_boundary = ua.choice_boundary(threshold, exponent=exponent)
    marks = np.linspace(0, 100 * threshold, 31)

    ax = fig.add_axes((0.105, 0.12, 0.5, 0.74))
    colors = np.array(["line", "large", "small"])[way]
    ax.scatter(people.value, people.death, s=12, lw=0, facecolors=colors, clip_on=False)
    ax.plot([true_boundary] * 2, [0, 100], color="ink", lw=1.4)
    ax.plot([threshold] * 2, [0, 100], ls=":", color="remedy", lw=1.8)
    naive_boundary = ua.choice_boundary(threshold, marks, "naive")
    ax.plot(naive_boundary, marks, "--", color="large", lw=1.6)
    ax.set(xlim=(0, 1), ylim=(0, 100), xlabel="value of the state", ylabel="mark for dead / points")
    for y, x, dash, color, name in (
        (105, 0, "-", "ink", "truth"),
        (105, 0.3, "--", "large", "naive"),
        (105, 0.62, ":", "remedy", "anchored"),
    ):
        ax.plot([x, x + 0.08], [y, y], dash, color=color, clip_on=False)
        ax.text(x + 0.1, y, name, color=color, va="center", fontsize=9)
    ax.text(0, 113, "prefer the longer life to the right of", va="center", fontsize=9)

    bars = fig.add_axes((0.69, 0.12, 0.29, 0.74))
    told = {}
    for y, (rule, (_, _, name)) in zip((2, 1, 0), RULES.items(), strict=True):
        longer, shorter = flip_rates(threshold, mean_mark, exponent, noise, rule)
        bars.barh(y, 100 * longer, height=0.3, color="large")
        bars.barh(y, -100 * shorter, height=0.3, color="small")
        told[name.capitalize()] = f"{100 * (longer + shorter):.1f} %"
        bars.plot([0, 0], [y - 0.22, y + 0.22], color="muted", lw=0.8)
        bars.text(-30, y + 0.3, f"{name}: {100 * (longer + shorter):.1f} %", fontsize=9)
    bars.set(xlim=(-30, 30), ylim=(-0.5, 2.7), xticks=[-20, 0, 20], yticks=[])
    bars.set_xticklabels(["20", "0", "20"])
    bars.set_xlabel("choices reversed / %")
    bare(bars, "left")
    bars.text(-1.5, 2.72, "wrongly\nshorter", ha="right", fontsize=9, color="small")
    bars.text(1.5, 2.72, "wrongly\nlonger", ha="left", fontsize=9, color="large")
    return told


@still(
    alt="Bias of a naive reading against the value of the state; it falls to zero in full health. "
    "With dead at 5 it stays below 0.05; it exceeds 0.074 {where}.",
    size=(5.4, 3.5),
)
def naive_bias(fig):
    ax = fig.add_axes((0.12, 0.14, 0.64, 0.83))
    u = np.linspace(0, 1, 101)
    where = []
    for death, color, dash, lift in (
        (40, "large", "-", 0.01),
        (20, "other", "-.", 0.01),
        (5, "small", "--", -0.035),
    ):
        ax.plot(u, ua.ruler_reading(u, death) / 100 - u, dash, color=color)
        ax.text(0.03, death / 100 + lift, f"dead at {death}", color=color)
        if death / 100 > IMPORTANT["EQ-5D"]:
            where.append(f"below a value of {1 - 100 * IMPORTANT['EQ-5D'] / death:.3f} at {death}")
    spread = ua.reanchor_sd(ua.ruler_reading(u, 5), 5, 100, 0, MARK_SD, MARK_SD)
    ax.plot(u, spread, color="muted", lw=1)
    ax.text(1.02, 0.0575, "error of the marks", va="center", fontsize=9, color="muted")
    for (name, size), y in zip(IMPORTANT.items(), (0.03, 0.085), strict=True):
        ax.axhline(size, color="ink", lw=1.2, ls=":")
        ax.text(1.02, y, f"noticed: {size} ({name})", va="center", fontsize=9)
    ax.set(xlim=(0, 1), ylim=(0, 0.43), xlabel="value of the state")
    ax.set_ylabel("naive reading minus value")
    return {"where": " and ".join(where)}


@still(
    alt="Share of reversed choices against the threshold for three curvatures. Without curvature "
    "anchoring removes all; at r = 1.6 it does harm above a threshold of {crossing}; at r = 2.29 "
    "at every threshold.",
    size=(5.6, 3.0),
)
def two_wrongs(fig):
    theta = np.linspace(0.02, 0.98, 97)
    for i, exponent in enumerate(EXPONENTS):
        ax = fig.add_axes((0.095 + 0.31 * i, 0.165, 0.275, 0.74))
        for rule in ("naive", "anchored"):
            color, dash, _ = RULES[rule]
            rate = ua.noise_free_flip_rate(theta, rule=rule, exponent=exponent)[0]
            ax.plot(theta, 100 * rate, dash, color=color, lw=2, clip_on=False)
        ax.set(xlim=(0, 1), ylim=(0, 32), xticks=[0, 0.5, 1], yticks=[0, 10, 20, 30])
        ax.set_xticklabels(["0", "0.5", "1"])
        ax.set_title(f"r = {exponent:g}")
        if i:
            ax.set_yticklabels([])
    first, second, third = fig.axes
    first.set_ylabel("choices reversed / %")
    second.set_xlabel("θ: years in full health per year in the state")
    first.text(0.35, 9, "naive", color="large")
    first.text(0.05, 1, "anchored", color="remedy")
    third.text(0.6, 16, "naive", color="large", va="top")
    third.text(0.03, 28, "anchored", color="remedy")
    at = harm_starts(1.6)
    second.plot([at, at], [0, 21.5], ":", color="ink", lw=1.2)
    second.text(at, 22, "from here on,\nanchoring alone\ndoes harm", fontsize=9)
    return {"crossing": f"{at:.2f}"}


@still(
    alt="How often the statement that group a has the larger statistic survives a change of scale: "
    "by a factor, by factor and shift, by any increasing map, by a ruler for each. {table}.",
    size=(5.4, 2.7),
)
def what_survives(fig):
    ax = fig.add_axes((0.2, 0.02, 0.79, 0.79))
    table = []
    for i, statistic in enumerate(ua.STATISTICS):
        rates = [survival(statistic, scale) for scale in ua.SCALES]
        for j, rate in enumerate(rates):
            color, shade = ("remedy", 0.25) if rate == 1 else ("large", 0.1 + 0.35 * (1 - rate))
            ax.add_patch(Rectangle((j + 0.03, i + 0.05), 0.94, 0.9, fc=color, alpha=shade, lw=0))
            text = "always" if rate == 1 else f"{rate:.2f}"
            ax.text(j + 0.5, i + 0.5, text, ha="center", va="center")
        table.append(f"{_name(statistic)}: " + ", ".join(f"{rate:.2f}" for rate in rates))
    ax.set(xlim=(0, 4), ylim=(4, 0))
    ax.set_yticks(np.arange(4) + 0.5, [_name(statistic) for statistic in ua.STATISTICS])
    ax.set_xticks(np.arange(4) + 0.5, CHANGES)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    bare(ax, "left", "bottom")
    return {"table": "; ".join(table)}


def _name(statistic):
    return statistic.replace("_", " ")
