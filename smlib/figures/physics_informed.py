"""Figures of the chapter "A network that fails in seconds and learns in days"."""

import numpy as np

from smlib import physics_informed as pi
from smlib.figures.style import explorer, log_axis, menu, number, slider, still
from smlib.studies.physics_informed import (
    GROUPS,
    OPTIMIZERS,
    PE,
    RIVERS,
    SEEDS,
    TRAVEL,
    UNITS,
    WEIGHTS,
    domain_end,
    group,
    network,
    traces,
    training,
    unit_key,
    valley,
    weighted,
)

RATES = {0.2: "0.86 per day (Da 0.2)", 1.0: "4.3 per day (Da 1)"}
DOMAINS = {"reach": "whole reach", "cut": "ten decay lengths"}


@explorer(
    "Choose your units",
    alt="Time in {unit}, loss {rate}, {optimizer}: the weight of the physics is "
    "{Weight of the physics} and the error of the network {Error} in the median of three "
    "trainings, after {Iterations} iterations.",
    size=(5.4, 3.3),
    rate=menu(RATES, label="Loss", start=1.0),
    optimizer=menu({key: text for key, (text, _) in OPTIMIZERS.items()}, label="Optimizer"),
    unit=menu({unit: unit for unit in UNITS}, label="Unit of time"),
)
def choose_units(fig, rate, optimizer, unit):
    weight = pi.unit_weight(TRAVEL, UNITS[unit])
    runs = yield from training(*unit_key(unit, rate, optimizer, SEEDS[:3]))
    xi = np.linspace(0, 1, 61)

    ax = fig.add_axes((0.1, 0.14, 0.5, 0.76))
    ax.axhline(0, color="line", lw=0.8)
    ax.plot(10 * xi, pi.steady_profile(xi, PE, rate), "--", color="ink", lw=2.4)
    for run in runs:
        ax.plot(10 * xi, network(rate).jet(run.theta, xi)[0], color="large", lw=1.2)
    ax.set(xlim=(0, 10), ylim=(-0.5, 1.15), yticks=[-0.5, 0, 0.5, 1])
    ax.set_xlabel("distance below the inlet, km", labelpad=1)
    ax.set_title("concentration over that at the inlet", fontsize=9)
    ax.text(0.3, -0.27, "dashed: exact", fontsize=8.5)
    ax.text(0.3, -0.42, "lines: three trainings", color="large", fontsize=8.5)

    bars = fig.add_axes((0.74, 0.14, 0.25, 0.76))
    terms = np.array([[weight * run.losses[0], run.losses[1]] for run in runs])
    shown = np.clip(terms, 2e-14, None)
    for x, color in ((0, "small"), (1, "other")):
        middle = np.median(shown[:, x])
        bars.fill_between([x - 0.3, x + 0.3], 1e-14, middle, color=color, alpha=0.35, lw=0)
        bars.plot([x - 0.12, x, x + 0.12], shown[:, x], "o", color=color, ms=4)
    bars.set(xlim=(-0.6, 1.6), ylim=(1e-14, 1e2))
    log_axis(bars, "y", [1e-12, 1e-8, 1e-4, 1])
    bars.set_xticks([0, 1], ["physics", "ends"])
    bars.set_title("what is left of the loss", fontsize=9, x=-0.3)
    found = [run.error for run in runs]
    steps = sorted(run.n_iter for run in runs)
    return {
        "Error": f"{np.median(found):.2g}",
        "Three trainings": f"{min(found):.2g} to {max(found):.2g}",
        "Weight of the physics": number(weight),
        "Iterations": f"{steps[1]}",
    }


@explorer(
    "Tame the fast reaction",
    alt="Da = {Da}, {domain}, weight of the physics {weight}: error {Error}; the network starts at "
    "{At the inlet} where it should start at 1.",
    size=(5.4, 3.3),
    Da=slider(values=(1, 10, 30, 100), label="Damköhler number", start=100),
    domain=menu(DOMAINS, label="Domain"),
    weight=slider(values=WEIGHTS, label="Weight of the physics, power of ten", start=0),
)
def tame_reaction(fig, Da, domain, weight):
    if domain_end(Da, domain) == 1:
        domain = "reach"
    runs = yield from weighted(Da, domain)
    run, end = runs[WEIGHTS.index(weight)], domain_end(Da, domain)
    xi = end * np.linspace(0, 1, 101) ** 2  # dense at the inlet
    ax = fig.add_axes((0.1, 0.14, 0.4, 0.76))
    ax.axhline(0, color="line", lw=0.8)
    found = network(Da, domain).jet(run.theta, xi)[0]
    ax.plot(xi / end, pi.steady_profile(xi, PE, Da), "--", color="ink", lw=2.4)
    ax.plot(xi / end, np.clip(found, -2, 2), color="large", lw=1.4)
    ax.set(xlim=(-0.02, 1), ylim=(-0.5, 1.15), xticks=[0, 0.5, 1], yticks=[-0.5, 0, 0.5, 1])
    ax.set_xlabel("share of the domain", labelpad=1)
    ax.set_title("dashed: exact; line: network", fontsize=9)

    right = fig.add_axes((0.61, 0.14, 0.38, 0.76))
    scaled = 10.0 ** np.array(WEIGHTS) * Da**2
    inner, border = traces(Da, domain)
    right.axvline(border / inner * Da**2, color="ink", lw=1, ls=":")
    right.text(border / inner * Da**2 * 0.5, 4e-4, "kernels", fontsize=8.5, ha="right")
    errors = valley(Da, domain)
    right.plot(scaled, errors, "o-", color="small", ms=4, lw=1.2)
    right.plot(10.0**weight * Da**2, run.error, "D", color="large", ms=7, mec="paper", zorder=4)
    right.set(xlim=(2e-7, 5e5), ylim=(3e-4, 8))
    log_axis(right, "x", [1e-6, 1e-3, 1, 1e3])
    log_axis(right, "y", [1e-3, 1e-2, 0.1, 1])
    right.set_xlabel("weight × Da²", labelpad=1)
    right.set_title("error", fontsize=9)
    return {
        "Error": f"{run.error:.2g}",
        "At the inlet": f"{found[0]:.2f}",
        "Weight × Da²": number(10.0**weight * Da**2),
        "Residual, mean square": f"{run.losses[0]:.1e}",
        "Domain": f"{10 * end:.2g} km",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Errors of five trainings each on a log axis: in seconds with Adam above 0.4, with L-BFGS "
    "about 0.03, in days below 0.01; at Da 100 with a weight alone 0.1 to 0.5, with weight and "
    "length near 0.015.",
    size=(5.2, 2.5),
)
def five_seeds(fig):
    ax = fig.add_axes((0.36, 0.17, 0.61, 0.8))
    for y, name in enumerate(reversed(GROUPS)):
        found = group(name)
        ax.plot([found.min(), found.max()], [y, y], color="line", lw=3)
        ax.plot(found, [y] * 5, "o", color="large" if y > 1 else "small", ms=4.5, clip_on=False)
        ax.plot(np.median(found), y, "|", color="ink", ms=15, mew=1.6)
    ax.set(xlim=(3e-4, 1.5), ylim=(-0.6, len(GROUPS) - 0.4))
    log_axis(ax, "x", [1e-3, 1e-2, 0.1, 1])
    ax.set_yticks(range(len(GROUPS)), list(reversed(GROUPS)))
    ax.set_xlabel("relative error of the profile", labelpad=1)


@still(
    alt="Times of seven rivers over 10 km on a log axis from a minute to a year: advection takes "
    "hours, dispersion days to months; a reaction of one per day lies at a day, dechlorination at "
    "200 seconds, below all advection times.",
    size=(5.2, 2.9),
)
def ladder(fig):
    ax = fig.add_axes((0.2, 0.15, 0.78, 0.73))
    ax.axvline(86400, color="remedy", lw=1.4, ls="--")
    ax.axvline(200, color="large", lw=1.4, ls="-.")
    for y, name in enumerate(reversed(RIVERS)):
        reach = pi.River(*RIVERS[name], k=1 / 86400, L=1e4)
        ax.plot([reach.t_adv, reach.t_disp], [y, y], color="line", lw=1)
        ax.plot(reach.t_adv, y, "o", color="small", ms=6)
        ax.plot(reach.t_disp, y, "s", color="other", ms=6)
    ax.set(xlim=(30, 6e7), ylim=(-0.6, 6.6))
    log_axis(
        ax, "x", [60, 3600, 86400, 2.63e6, 3.156e7], ["minute", "hour", "day", "month", "year"]
    )
    ax.set_yticks(range(7), list(reversed(RIVERS)))
    side = {"fontsize": 8.5, "va": "bottom", "ha": "center"}
    ax.text(200, 6.7, "dechlorination", color="large", **side)
    ax.text(5500, 6.7, "● travel", color="small", **side)
    ax.text(86400, 6.7, "sewage", color="remedy", **side)
    ax.text(4e6, 6.7, "■ dispersion", color="other", **side)


@still(
    alt="Left: eigenvalues of the tangent kernel of the residual at the start for Da 1, 10, 100; "
    "each falls by six powers of ten within five. Right: ratio of the traces against Da, which "
    "follows 0.69 Da squared plus 2.2.",
    size=(5.4, 3.0),
)
def kernels(fig):
    left, right = fig.add_axes((0.1, 0.16, 0.37, 0.75)), fig.add_axes((0.6, 0.16, 0.38, 0.75))
    for Da, dash, color in zip(
        (100, 10, 1), ("-", "--", "-."), ("large", "remedy", "small"), strict=True
    ):
        pinn = network(Da)
        inner, border = pinn.ntk_eigenvalues(pinn.init(0))
        left.plot(np.arange(1, 9), inner[:8], dash, color=color, marker="o", ms=3.5)
        x, y = {100: (2.15, 3e4), 10: (2.15, 2e2), 1: (0.8, 0.2)}[Da]
        left.text(x, y, f"Da {Da}", color=color, fontsize=8.5)
    left.plot([1, 2], border, "D", color="ink", ms=6, mec="paper", zorder=4)
    left.text(2.3, border[1], "ends ◆", fontsize=8.5, va="center")
    left.set(xlim=(0.7, 8.3), ylim=(1e-7, 3e6), xticks=[1, 2, 4, 6, 8])
    log_axis(left, "y", [1e-6, 1e-3, 1, 1e3])
    left.set_xlabel("number of the eigenvalue", labelpad=1)
    left.set_title("tangent kernel of the residual", fontsize=9)
    Das = np.array([1, 10, 30, 100])
    ratio = np.array([[np.divide(*traces(float(Da), "reach", seed)) for seed in SEEDS]
                      for Da in Das])  # fmt: skip
    right.fill_between(Das, ratio.min(1), ratio.max(1), color="fill", lw=0)
    right.plot(Das, np.median(ratio, axis=1), "o", color="small", ms=5)
    line = np.geomspace(0.3, 100, 40)
    right.plot(line, 0.69 * line**2 + 2.2, "--", color="muted", lw=1.2)
    right.text(1.6, 300, "0.69 Da² + 2.2", color="muted", fontsize=8.5, ha="center")
    right.set(xlim=(0.25, 130), ylim=(1, 2e4))
    log_axis(right, "x", [1, 10, 100])
    log_axis(right, "y", [1, 10, 100, 1000, 1e4])
    right.set_xlabel("Damköhler number", labelpad=1)
    right.set_title("trace, residual over ends", fontsize=9)
