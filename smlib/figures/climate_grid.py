"""Figures of the chapter "The thunderstorm in the grid cell"."""

import numpy as np
from matplotlib.patches import Rectangle
from scipy.stats import norm

from smlib import climate_grid as cg
from smlib import lorenz96 as l96
from smlib.figures.style import bare, explorer, log_axis, menu, percent, slider, still
from smlib.studies.climate_grid import (
    DT,
    EDGES,
    ENSEMBLE,
    LEADS,
    PAIRS,
    RATIOS,
    REGION,
    STORM,
    amplitude,
    experiment,
    fitted,
    forecasts,
    memories,
    points,
    separation,
    steppers,
)


@explorer(
    "The cell, the storm and the cloud",
    alt="Cells of {cell}, humidity {rh}, spread {sigma}: a storm covers {A storm of 1 km covers} "
    "and carries {It carries}; cloud {Cloud, cells all or nothing} with all-or-nothing cells, "
    "{Cloud, cells with a spread} with a spread.",
    size=(5.4, 3.9),
    cell=slider(values=(2, 5, 10, 25, 50, 75, 100), label="Cell side", unit="km", start=50, fine=4),
    rh=slider(0.80, 1.04, steps=13, label="Mean relative humidity", start=0.9, form="{:.2f}"),
    sigma=slider(values=(0.02, 0.05, 0.1, 0.15), label="Spread σ in 100 km", start=0.1, fine=4),
)
def the_blind_mean(fig, cell, rh, sigma):
    budget = cg.grid_cell_budget(cell, STORM)

    ax = fig.add_axes((0.02, 0.5, 0.32, 0.44))
    side = STORM / cell
    ax.add_patch(Rectangle((0, 0), 1, 1, fc="fill", ec="large", lw=1.4))
    ax.add_patch(Rectangle((0.5, 0.5), side, side, fc="small", ec="small", lw=0.8))
    ax.annotate(
        "storm, 1 km",
        (0.5, 0.5),
        (0.06, 0.14),
        color="small",
        fontsize=9,
        arrowprops={"arrowstyle": "-", "color": "small", "lw": 0.8, "shrinkB": 2},
    )
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", xticks=[], yticks=[])
    bare(ax)
    ax.set_title(f"one cell, {cell:g} km", color="large")

    ax = fig.add_axes((0.045, 0.115, 0.33, 0.27))
    share = (cell / REGION) ** (1 / 3)
    q = np.linspace(0.5, 1.5, 101)
    water = norm.pdf(q, rh, sigma) * sigma
    wet = q >= 1
    ax.fill_between(q[wet], water[wet], color="remedy", alpha=0.35, lw=0)
    ax.plot(q, water, color="remedy")
    means = sigma * np.sqrt(1 - share**2)
    if means > 1e-9:
        # As high as the other, so that a grid which resolves nothing shows a spike.
        ax.plot(q, 0.4 * np.exp(-(((q - rh) / means) ** 2) / 2), "--", color="large", lw=1.4)
    else:
        ax.plot([rh, rh], [0, 0.4], "--", color="large", lw=1.4)
    ax.axvline(1, color="ink", lw=1, ls=":")
    ax.set(xlim=(0.5, 1.5), ylim=(0, 0.43), yticks=[], xticks=[0.6, 0.8, 1, 1.2, 1.4])
    bare(ax, "left")
    ax.set_title("water: points, cell means", fontsize=9)
    ax.set_xlabel("total water / saturation", labelpad=1)

    ax = fig.add_axes((0.5, 0.115, 0.47, 0.815))
    cells = np.geomspace(1, 100, 81)
    blind = cg.domain_cloud_fraction(rh, sigma, cells, REGION, closure=False)
    truth = cg.cloud_fraction(rh, 1.0, sigma)
    ax.axhline(truth[0], color="remedy")
    ax.plot(cells, blind, "--", color="large")
    seen = cg.domain_cloud_fraction(rh, sigma, cell, REGION, closure=False)
    ax.plot(cell, truth[0], "s", color="remedy", ms=7, mec="paper", clip_on=False)
    ax.plot(cell, seen, "D", color="large", ms=7, mec="paper", clip_on=False)
    # Above the flat line if there is room above it, else below it; the curve bends the other way.
    low = truth[0] < 0.5
    for text, color, y, va in (
        ("each cell with its spread", "remedy", truth[0] + (0.02 if low else -0.02), low),
        ("each cell all or nothing", "large", truth[0] + (0.09 if low else -0.09), low),
    ):
        ax.text(1.1, y, text, color=color, fontsize=9, va="bottom" if va else "top")
    ax.set_xscale("log")
    ax.set_xticks([1, 10, 100], ["1", "10", "100"])
    ax.set(xlim=(1, 100), ylim=(0, 1))
    ax.set_xlabel("cell side / km", labelpad=1)
    ax.set_title("cloudy share of the region")
    return {
        "A storm of 1 km covers": percent(budget["area_fraction"], 3),
        "It carries": f"{budget['eddy_flux']:,.0f} W/m²",
        "Cloud, cells all or nothing": f"{seen:.3f}",
        "Cloud, cells with a spread": f"{truth[0]:.3f}",
        "Mean condensate / saturation": f"{truth[1]:.4f}",
        "Effective resolution": f"{cell * cg.effective_resolution(2):.3g} km",
    }


# --- the laboratory -----------------------------------------------------------------------------


@explorer(
    "The closure laboratory",
    alt="Time-scale ratio {c}, coupling {h}, {coupling}: feedback {Feedback g}, a quartic explains "
    "{Explained by X} of U; climates differ from the truth by {KS none, quartic, noisy}.",
    size=(5.4, 4.3),
    c=slider(values=(1, 2, 4, 6, 10, 16, 24), label="Time-scale ratio c", start=4),
    h=slider(values=(0.5, 0.75, 1), label="Coupling h", start=1),
    coupling=menu({"lorenz": "b = 10 (Lorenz)", "held": "b = √(10c)"}, label="Amplitude ratio"),
)
def closure_laboratory(fig, c, h, coupling):
    b = amplitude(c, coupling)
    found = yield from experiment(c, b, h)
    closure, other = found["closure"], fitted(c, b, h, target="difference", memory="lag1")
    errors, ks = found["scores"], found["ks"]
    styles = {
        "none": ("none", "muted", ":"),
        "quartic": ("quartic", "large", "--"),
        "noise": ("with noise", "remedy", "-"),
    }

    ax = fig.add_axes((0.09, 0.585, 0.37, 0.35))
    ax.plot(*points(c, b, h), "o", color="small", ms=2, mew=0, alpha=0.6)
    x = np.linspace(*found["range"], 41)
    ax.plot(x, closure(x), color="ink", lw=1.8)
    ax.plot(x, other(x), color="other", lw=1.6, ls="--")
    ax.text(-14.3, 24.5, "U itself", color="ink", fontsize=9, va="top")
    ax.text(-14.3, 20.3, "dashed: differences", color="other", fontsize=9, va="top")
    ax.set(xlim=(-15, 20), ylim=(-11, 25), xticks=[-10, 0, 10, 20], yticks=[-10, 0, 10, 20])
    ax.set_title("U against X")

    ax = fig.add_axes((0.59, 0.585, 0.38, 0.35))
    for name, score in errors.items():
        text, color, dash = styles[name]
        ax.plot(LEADS, score["rmse"], dash, color=color)
    ax.plot(LEADS, errors["noise"]["spread"], color="remedy", lw=1, ls="-.")
    ax.text(0.04, 8.8, "error of X", color="ink", fontsize=9, va="top")
    ax.text(0.04, 7.8, "dash-dotted:\nspread", color="remedy", fontsize=9, va="top")
    ax.set(xlim=(0, 1.5), ylim=(0, 9), xticks=[0, 0.5, 1, 1.5], yticks=[0, 3, 6, 9])
    ax.set_title("forecasts")
    ax.set_xlabel("lead / time units", labelpad=1)

    ax = fig.add_axes((0.09, 0.105, 0.88, 0.34))
    middle, density = (EDGES[1:] + EDGES[:-1]) / 2, found["density"]
    ax.fill_between(middle, density["truth"], color="fill", lw=0)
    ax.plot(middle, density["truth"], color="ink", lw=1.2)
    for name, (_, color, dash) in styles.items():
        ax.plot(middle, density[name], dash, color=color, lw=1.5)
    for row, (text, color) in enumerate(
        (("truth, filled", "ink"), ("dotted: no closure", "muted"), ("dashed: quartic", "large"),
         ("with noise", "remedy"))
    ):  # fmt: skip
        ax.text(-14.6, 0.224 - 0.029 * row, text, color=color, fontsize=9, va="top")
    ax.set(xlim=(-15, 20), ylim=(0, 0.23), yticks=[0, 0.1, 0.2], xticks=[-10, 0, 10, 20])
    ax.set_title("climate: share of X per unit")
    ax.set_xlabel("X", labelpad=1)
    half = int(np.argmin(np.abs(LEADS - 0.5)))
    err, spread = (errors["noise"][key][half] for key in ("rmse", "spread"))
    return {
        "Feedback g": f"{l96.L96(c=c, b=b, h=h).coupling:.2f}",
        "Explained by X": f"{100 * closure.r2:.0f} %",
        "What is left, σ": f"{closure.sigma:.2f}",
        "Its memory, 1/e and lag 1": f"{closure.tau:.3f} and {found['lag1']:.2f}",
        "Memory of X": f"{found['memory']:.3f}",
        "At 0.5: error, spread": f"{err:.2f}, {spread:.2f}",
        "KS none, quartic, noisy": f"{ks['none']:.3f}, {ks['quartic']:.3f}, {ks['noise']:.3f}",
        "KS of two truths": f"{ks['truth']:.3f}",
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Speed of a wave on a grid against its length in grid spacings. At two spacings it stands "
    "still; within a tenth of the true speed it is from 8 spacings at second order, 4.5 at fourth "
    "and 3.7 at sixth.",
    size=(5.4, 2.7),
)
def what_a_grid_moves(fig):
    ax = fig.add_axes((0.11, 0.185, 0.86, 0.77))
    length = np.geomspace(2, 40, 161)
    ax.axhline(0.9, color="ink", lw=1, ls=":")
    ax.text(39, 0.885, "a tenth too slow", ha="right", va="top", fontsize=9)
    for order, color, dash in ((2, "large", "-"), (4, "small", "--"), (6, "other", "-.")):
        ax.plot(length, cg.phase_speed(order, 2 * np.pi / length), dash, color=color)
        at = cg.effective_resolution(order)
        ax.plot(at, 0.9, "D", color=color, ms=6, mec="paper")
        line = {"-": "solid", "--": "dashed", "-.": "dash-dotted"}[dash]
        text = f"order {order}, {line}: from {at:.1f} spacings"
        ax.text(39, 0.72 - 0.06 * order, text, color=color, ha="right", va="top")
    log_axis(ax, "x", [2, 4, 8, 16, 32])
    ax.set(xlim=(2, 40), ylim=(0, 1.03))
    ax.set_xlabel("wavelength / grid spacing", labelpad=1)
    ax.set_ylabel("speed / true speed", labelpad=2)


@still(
    alt="U against X at time-scale ratio 4: the cubic fitted to forward differences is steeper "
    "than the one fitted to U. Table: fit to U with Runge-Kutta {ur}, with Euler {ue}; fit to "
    "differences with Runge-Kutta {dr}, with Euler {de}; two truths {floor}.",
    size=(5.4, 2.9),
)
def a_closure_belongs_to_a_stepper(fig):
    ax = fig.add_axes((0.09, 0.165, 0.44, 0.74))
    ax.plot(*points(4, 10.0, 1, 300), "o", color="small", ms=2.2, mew=0, alpha=0.6)
    x = np.linspace(-15, 20, 61)
    own, other = (fitted(4, 10.0, 1, 3, t, "lag1") for t in ("coupling", "difference"))
    ax.plot(x, own(x), color="ink")
    ax.plot(x, other(x), "--", color="other")
    ax.text(-14.3, 11.6, "fit to U", color="ink", va="top")
    ax.text(-14.3, 10.1, "dashed: to differences", color="other", va="top")
    ax.set(xlim=(-15, 20), ylim=(-6.5, 12), xticks=[-10, 0, 10, 20], yticks=[-5, 0, 5, 10])
    ax.set_xlabel("X", labelpad=1)
    ax.set_title("U")
    ax = fig.add_axes((0.57, 0.165, 0.42, 0.74))
    ax.set(xlim=(0, 3.15), ylim=(0, 3), xticks=[], yticks=[])
    bare(ax)
    found = steppers()
    floor, sd = found["truth"]
    ax.set_title("distance of the climate, KS")
    for column, scheme in enumerate(("Runge-Kutta", "Euler")):
        ax.text(1.55 + 1.05 * column, 2.6, scheme, ha="center", fontsize=9)
    for row, (target, text) in enumerate(
        (("coupling", "fit to\nU"), ("difference", "fit to\ndiffer-\nences"))
    ):
        ax.text(
            0.05, 1.85 - row, text, va="center", color="ink" if row == 0 else "other", fontsize=9
        )
        for column, scheme in enumerate(("rk4", "euler")):
            ks, spread = found[target, scheme]
            good = ks < 3 * floor
            edge = {"ec": "remedy", "lw": 1.8} if good else {"ec": "line", "lw": 0.8}
            ax.add_patch(Rectangle((1.05 + 1.05 * column, 1.4 - row), 1, 0.9, fc="fill", **edge))
            x = 1.55 + 1.05 * column
            ax.text(x, 1.95 - row, f"{ks:.3f}", ha="center", va="center", fontsize=12)
            ax.text(
                x,
                1.6 - row,
                f"sd {spread:.2f}",
                ha="center",
                va="center",
                fontsize=9,
                color="muted",
            )
    ax.text(0.05, 0.1, f"two truths {floor:.3f}, sd {sd:.2f}", fontsize=9, color="muted")
    return {
        "floor": f"{floor:.3f}",
        **{
            key: f"{found[target, scheme][0]:.3f}"
            for key, (target, scheme) in zip(("ur", "ue", "dr", "de"), PAIRS, strict=True)
        },
    }


@still(
    alt="Left: the correlation of the residual falls to 1/e within 0.05; the AR(1) process through "
    "the first lag lasts six times as long. Right: with the long memory the spread of the ensemble "
    "is half again its error; with the short one both agree.",
    size=(5.4, 2.8),
)
def two_memories(fig):
    rho, short, long = memories()
    ax = fig.add_axes((0.09, 0.185, 0.39, 0.72))
    lag = DT * np.arange(len(rho))
    ax.axhline(0, color="line", lw=0.8)
    ax.axhline(np.exp(-1), color="ink", lw=1, ls=":")
    ax.plot(lag, rho, color="ink")
    ax.plot(lag, np.exp(-lag / short), color="remedy")
    ax.plot(lag, np.exp(-lag / long), "--", color="large")
    ax.text(0.49, 0.4, "1/e", ha="right", va="bottom", fontsize=9)
    ax.text(0.15, 0.68, f"through lag 1,\nτ = {long:.2f}", color="large", fontsize=9, va="bottom")
    ax.text(0.14, 0.12, f"through 1/e, τ = {short:.3f}", color="remedy", fontsize=9, va="bottom")
    ax.text(0.2, -0.09, "residual", color="ink", fontsize=9, va="top")
    ax.set(xlim=(0, 0.5), ylim=(-0.2, 1), yticks=[0, 0.5, 1])
    ax.set_title("correlation")
    ax.set_xlabel("lag / time units", labelpad=1)
    ax = fig.add_axes((0.58, 0.185, 0.36, 0.72))
    ax.axhline(1, color="ink", lw=1, ls=":")
    where = (10, 10.0, 1)
    for memory, color, dash in (("efold", "remedy", "-"), ("lag1", "large", "--")):
        score = forecasts(*where, fitted(*where, memory=memory), ENSEMBLE)
        ax.plot(LEADS[1:], score["spread"][1:] / score["rmse"][1:], dash, color=color)
    ax.text(1.45, 1.5, "too unsure", ha="right", fontsize=9)
    ax.text(1.45, 0.62, "too sure", ha="right", fontsize=9)
    ax.set(xlim=(0, 1.5), ylim=(0.5, 2.1), xticks=[0, 0.5, 1, 1.5], yticks=[0.5, 1, 1.5, 2])
    ax.set_title("spread / error")
    ax.set_xlabel("lead / time units", labelpad=1)


@still(
    alt="Error at lead 0.25 against the time-scale ratio at fixed coupling, both logarithmic. "
    "Without closure 1.4 to 1.7 throughout; with a quartic it falls along a line of slope minus "
    "one half and levels off at 40.",
    size=(5.4, 2.7),
)
def what_separation_buys(fig):
    ax = fig.add_axes((0.11, 0.185, 0.86, 0.77))
    errors = separation()
    ax.plot(RATIOS, errors["none"], "s:", color="muted", ms=5)
    ax.plot(RATIOS, errors["closure"], "D-", color="remedy", ms=5)
    c = np.array([2.5, 60.0])
    ax.plot(c, errors["closure"][3] * (c / 10) ** -0.5, ls=":", color="ink", lw=1.2)
    ax.text(44, errors["none"][-1], "none", color="muted", va="center")
    ax.text(44, errors["closure"][-1] * 1.12, "quartic", color="remedy", va="bottom")
    ax.text(21, 0.17, "slope −1/2", ha="right", va="top")
    ax.set(xlim=(1.7, 70), ylim=(0.1, 3))
    log_axis(ax, "x", RATIOS, [str(c) for c in RATIOS])
    log_axis(ax, "y", [0.1, 0.2, 0.5, 1, 2])
    ax.set_xlabel("time-scale ratio c, coupling fixed", labelpad=1)
    ax.set_ylabel("error of X at 0.25", labelpad=2)
