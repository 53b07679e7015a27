"""Figures of the chapter "Two clocks in one equation"."""

import numpy as np

from smlib import viscoelastic as ve
from smlib.figures.style import bare, boxed, explorer, log_axis, menu, number, slider, still
from smlib.studies.viscoelastic import (
    T_MAX,
    T_MIN,
    condition_numbers,
    middle,
    modes_that_ring,
    peak_velocity,
    settling_time,
    solved,
    system,
    trace,
)

BETAS = (0.0, 0.01, 0.1, 0.5, 0.9)
ELASTICITIES = [float(f"{10 ** (p / 4):.2g}") for p in range(-8, 17)]
SMALL_TEXT = {"fontsize": 8.5}
#: Solvers: text, colour, dash, as in the histories and in the list of errors.
SOLVERS = {
    "none": ("as it is", "large", "-"),
    "jacobi": ("diagonal", "other", "-."),
    "equilibrated": ("equilibrated", "small", "--"),
    "schur": ("Schur", "remedy", "-"),
}


# --- start-up -----------------------------------------------------------------------------------


def _clocks(ax, El, beta):
    """The four times, one a row."""
    times = {
        "diffusion": (1.0, "small", "o"),
        "wave": (np.sqrt(El / (1 - beta)), "other", "^"),
        "relaxation": (El, "large", "s"),
        "retardation": (beta * El, "large", "D"),
    }
    for row, (time, color, mark) in enumerate(times.values()):
        ax.axhline(-row, color="line", lw=0.8)
        if T_MIN <= time <= T_MAX:
            hollow = "paper" if mark == "D" else color
            ax.plot(time, -row, mark, color=color, mfc=hollow, ms=6, mew=1.4, clip_on=False)
    ax.set(xlim=(T_MIN, T_MAX), ylim=(-3.6, 0.6))
    log_axis(ax, "x", [])
    ax.set_yticks([0, -1, -2, -3], list(times), **SMALL_TEXT)
    ax.tick_params(length=0)
    bare(ax)


def _symlog(ax, axis, threshold, ticks, texts, linscale=0.6):
    getattr(ax, f"set_{axis}scale")("symlog", linthresh=threshold, linscale=linscale)
    getattr(ax, f"set_{axis}ticks")(ticks, texts, **SMALL_TEXT)
    ax.minorticks_off()


def _regime_map(ax, flow, low, high):
    """The band in which the slowest mode rings, over El and beta."""
    beta = np.concatenate([[0], np.geomspace(1e-3, 0.999, 60), [1]])
    left, right = ve.ringing_band(np.minimum(beta, 1 - 1e-9), flow)
    ax.fill_betweenx(beta, left, np.minimum(right, 1e12), color="fill", lw=0)
    ax.plot(left, beta, color="ink", lw=1)
    ax.plot(np.minimum(right, 1e12), beta, color="ink", lw=1, ls="--")
    ax.set(xlim=(low, high), ylim=(0, 1))
    _symlog(ax, "y", 0.01, [0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"])


@explorer(
    "Start the flow",
    alt="El {elasticity}, solvent share {beta}, {flow}: {Regime}; the peak is {Peak}, "
    "within 5 % after {Settled within 5 %}; ringing modes: {Modes that ring}.",
    size=(5.4, 4.6),
    elasticity=slider(
        values=ELASTICITIES, label="Elasticity number El", start=10, fine=3, form="{:.3g}"
    ),
    beta=menu({b: f"{b:g}" for b in BETAS}, label="Solvent share β", start=0.1),
    flow=menu({"poiseuille": "pressure switched on", "couette": "wall set moving"}, label="Flow"),
)
def start_the_flow(fig, elasticity, beta, flow):
    El, (t, envelope) = elasticity, trace(elasticity, beta, flow)
    where, (peak, _) = ve.regime(El, beta, flow), ve.overshoot(El, beta, flow)
    settled = settling_time(El, beta, flow)
    _clocks(fig.add_axes((0.175, 0.87, 0.805, 0.12)), El, beta)

    ax = fig.add_axes((0.175, 0.475, 0.805, 0.385))
    for time in (np.sqrt(El / (1 - beta)), beta * El):
        if T_MIN <= time <= T_MAX:
            ax.axvline(time, color="line", lw=0.8)
    ax.axhline(1, color="line", lw=0.8)
    if envelope:
        begin, low, high = envelope
        ax.fill_between(begin, low, high, color="fill", lw=0)
        ax.plot(begin, low, color="remedy", lw=0.8)
        ax.plot(begin, high, color="remedy", lw=0.8)
    newtonian = np.geomspace(T_MIN, T_MAX, 120)
    ax.plot(newtonian, middle(newtonian, 0.0, 1.0, flow), ":", color="ink", lw=1.4)
    ax.plot(t, middle(t, El, beta, flow), color="remedy", lw=1.8)
    unit = {"diffusive": 0.3, "ringing": np.sqrt(El), "creeping": beta * El}[where]
    shots = np.array([0.1, 0.5, 1, 2, 3]) * unit
    seen = shots[(shots >= T_MIN) & (shots <= T_MAX)]
    ax.plot(seen, middle(seen, El, beta, flow), "o", color="ink", ms=3.5)
    ax.set(xlim=(T_MIN, T_MAX), ylim=(-250, 250))
    ticks = ["−100", "−10", "−1", "0", "1", "10", "100"]
    _symlog(ax, "y", 1, [-100, -10, -1, 0, 1, 10, 100], ticks)
    log_axis(ax, "x", [0.01, 1, 100, 1e4])
    ax.set_xlabel("time / (h²/ν)", labelpad=0)
    ax.set_ylabel("middle / its end", labelpad=2)

    ax = fig.add_axes((0.065, 0.09, 0.225, 0.255))
    y = np.linspace(-1, 1, 41) if flow == "poiseuille" else np.linspace(0, 1, 81)
    profiles = middle(shots, El, beta, flow, y)
    for width, u in zip((0.6, 0.9, 1.3, 1.7, 2.1), profiles, strict=True):
        ax.plot(u / np.abs(profiles).max(), y, color="remedy", lw=width)
    ax.axvline(0, color="line", lw=0.8)
    ax.set(xlim=(-1.02, 1.02), ylim=(y[0], y[-1]), yticks=[y[0], y[-1]])
    ax.set_xticks([-1, 0, 1], ["−1", "0", "1"], **SMALL_TEXT)
    ax.set_yticks([y[0], y[-1]], [f"{v:g}" for v in (y[0], y[-1])], **SMALL_TEXT)
    ax.set_title("profiles, scaled", **SMALL_TEXT)
    ax.set_xlabel("velocity", labelpad=1, **SMALL_TEXT)

    ax = fig.add_axes((0.4, 0.09, 0.225, 0.255))
    k = (np.arange(1, 17) - (0.5 if flow == "poiseuille" else 0)) * np.pi
    slow, fast = ve.mode_rates(El, beta, k).T
    for roots, mark in ((slow, "o"), (fast, "v")):
        ax.plot(-roots.real, np.abs(roots.imag), mark, color="muted", ms=3, mfc="none", mew=0.7)
        ax.plot(-roots.real[:1], np.abs(roots.imag[:1]), mark, color="remedy", ms=6, mec="paper")
    ax.set(xlim=(1e-5, 1e5), ylim=(-2e-4, 1e3))
    log_axis(ax, "x", [1e-4, 1, 1e4], **SMALL_TEXT)
    _symlog(ax, "y", 1e-3, [0, 0.01, 1, 100], ["0", "0.01", "1", "100"], linscale=0.4)
    ax.set_title("frequency of modes", **SMALL_TEXT)
    ax.set_xlabel("rate of decay", labelpad=1, **SMALL_TEXT)

    ax = fig.add_axes((0.735, 0.09, 0.25, 0.255))
    _regime_map(ax, flow, 5e-3, 2e4)
    ax.plot(El, beta, "D", color="remedy", ms=7, mec="paper", clip_on=False)
    log_axis(ax, "x", [0.01, 1, 100, 1e4], **SMALL_TEXT)
    ax.text(2.2 if flow == "poiseuille" else 0.7, 0.0035, "rings", ha="center", **SMALL_TEXT)
    ax.text(1500, 0.22, "creeps", ha="center", va="center", **SMALL_TEXT)
    ax.set_title("solvent share β", **SMALL_TEXT)
    ax.set_xlabel("El", labelpad=1, **SMALL_TEXT)
    return {
        "Regime": where,
        "Peak": f"{peak:.3g} × the end" if peak > 1.005 else "none",
        "Settled within 5 %": f"{settled:.3g} h²/ν" if settled < 1000 else f"{settled:.0f} h²/ν",
        "Modes that ring": modes_that_ring(El, beta, flow),
    }


# --- solvers ------------------------------------------------------------------------------------


def _blocks(ax, A, title):
    """Largest entry of each of the four blocks, as a square whose side grows with its logarithm."""
    n = len(A) // 2
    for i, row in enumerate((slice(None, n), slice(n, None))):
        for j, column in enumerate((slice(None, n), slice(n, None))):
            largest = np.abs(A[row, column]).max()
            size = np.clip((np.log10(largest) + 4) / 17, 0.03, 1)
            ax.plot(j, -i + 0.1, "s", color="large" if j else "small", ms=17 * size, mew=0)
            ax.text(j, -i - 0.43, number(largest), ha="center", va="center", **SMALL_TEXT)
    ax.set(xlim=(-0.55, 1.55), ylim=(-1.62, 0.55))
    ax.set_xticks([0, 1], ["u", "τ"])
    ax.set_yticks([0, -1], ["m", "p"])
    ax.tick_params(length=0, pad=2)
    ax.set_title(title, **SMALL_TEXT)
    boxed(ax)


@explorer(
    "A feather on a truck scale",
    alt="{fluid}, {units}, {n} cells, De {deborah}: condition number {Condition number}, "
    "equilibrated {Equilibrated}; GMRES steps {Steps}; worst error {Worst error, as it is}.",
    size=(5.4, 4.3),
    fluid=menu({key: f.name for key, f in ve.FLUIDS.items()}, label="Fluid", start="ldpe"),
    units=menu({"SI": "SI", "dimensionless": "none (dimensionless)"}, label="Units"),
    n=slider(values=(16, 32, 64), label="Cells", start=64),
    deborah=slider(values=(1, 3, 10, 30, 100), label="De = λ/Δt", start=10),
)
def truck_scale(fig, fluid, units, n, deborah):
    setting = fluid, units, n, deborah
    A, _, even = system(*setting)
    A, reports = A.toarray(), {}
    for name in SOLVERS:
        reports[name] = solved(*setting, name)
        yield len(reports) / len(SOLVERS)
    _blocks(fig.add_axes((0.04, 0.585, 0.215, 0.345)), A, "largest entries")
    _blocks(fig.add_axes((0.3, 0.585, 0.215, 0.345)), even, "equilibrated")

    ax = fig.add_axes((0.625, 0.585, 0.36, 0.345))
    condition = []
    for matrix, color, dash in ((A, "large", "-"), (even, "small", "--")):
        sigma = np.linalg.svd(matrix, compute_uv=False)
        condition.append(number(sigma[0] / sigma[-1]))
        ax.plot(np.linspace(0, 1, sigma.size), sigma / sigma[0], dash, color=color, lw=1.6)
    ax.set(xlim=(0, 1), ylim=(1e-13, 3), yticks=[1e-12, 1e-8, 1e-4, 1])
    ax.set_xticks([0, 0.5, 1], ["first", "", "last"], **SMALL_TEXT)
    ax.get_xticklabels()[-1].set_ha("right")
    log_axis(ax, "y", [1e-12, 1e-8, 1e-4, 1], **SMALL_TEXT)
    ax.set_title("singular values / largest", **SMALL_TEXT)

    ax = fig.add_axes((0.095, 0.1, 0.42, 0.365))
    ax.axhline(1e-8, color="ink", lw=1, ls=":")
    for name, (_, color, dash) in SOLVERS.items():
        history = np.maximum(np.concatenate([[1.0], reports[name]["history"]]), 1e-17)
        mark = {"marker": "D", "ms": 3.5} if name == "schur" else {}
        ax.plot(np.arange(history.size), history, dash, color=color, lw=1.5, **mark)
    ax.set(xlim=(0, 132), ylim=(1e-17, 10), xticks=[0, 32, 64, 96, 128])
    log_axis(ax, "y", [1e-16, 1e-8, 1], **SMALL_TEXT)
    ax.set_title("residual that GMRES reports", **SMALL_TEXT)
    ax.set_xlabel("steps", labelpad=1)

    ax = fig.add_axes((0.72, 0.1, 0.265, 0.365))
    ax.axvline(1e-8, color="ink", lw=1, ls=":")
    for row, (name, (_, color, dash)) in enumerate(SOLVERS.items()):
        told = reports[name]
        believed = max(float(np.append(1, told["history"])[-1]), 1e-17)
        ax.axhline(-row, color="line", lw=0.8)
        place = {"clip_on": False, "transform": ax.get_yaxis_transform()}
        ax.plot([-0.74, -0.61], [-row, -row], dash, color=color, lw=1.6, **place)
        ax.plot(believed, -row, "|", color="muted", ms=11, mew=1.8)
        ax.plot(max(told["error_u"], 1e-17), -row + 0.14, "o", color="small", ms=5.5)
        ax.plot(max(told["error_tau"], 1e-17), -row - 0.14, "s", color="large", ms=5)
    ax.set(xlim=(1e-17, 1), ylim=(-3.6, 0.6))
    ax.set_yticks([0, -1, -2, -3], [text for text, _, _ in SOLVERS.values()], **SMALL_TEXT)
    log_axis(ax, "x", [1e-16, 1e-8, 1], **SMALL_TEXT)
    ax.tick_params(axis="y", length=0)
    ax.set_title("believed, and true", **SMALL_TEXT)
    ax.set_xlabel("| residual  ● u  ■ τ", labelpad=1, **SMALL_TEXT)
    worst = max(reports["none"]["error_u"], reports["none"]["error_tau"])
    steps = [reports[name]["iterations"] for name in SOLVERS]
    return {
        "Condition number": condition[0],
        "Equilibrated": condition[1],
        "Steps": "{} as it is, {} diagonal, {} equilibrated, {} Schur".format(*steps),
        "Worst error, as it is": number(worst),
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Map of elasticity number against solvent share. A wedge of ringing opens towards little "
    "solvent; the polymer in water lies in it, the Boger fluid and the melt right of it.",
    size=(5.4, 3.1),
)
def regime_map(fig):
    ax = fig.add_axes((0.13, 0.165, 0.85, 0.81))
    _regime_map(ax, "poiseuille", 1e-3, 3e10)
    for key, name, x, y, side in (
        ("peo", "PEO", 0.9, 0.29, "center"),
        ("boger", "Boger fluid", 400, 0.59, "left"),
        ("ldpe", "melt", 3.8e9, 0.013, "center"),
    ):
        fluid = ve.FLUIDS[key]
        ax.plot(fluid.El, fluid.beta, "D", color="large", ms=7, mec="paper")
        va = "bottom" if key == "ldpe" else "center"
        ax.text(x, y, name, color="large", ha=side, va=va)
    ax.text(0.008, 0.045, "diffuses", ha="center", va="center")
    ax.text(4, 0.014, "rings", ha="center", va="center")
    ax.text(2e6, 0.12, "creeps", ha="center", va="center")
    ax.annotate(
        "no solvent: rings at any El", (2e8, 0.0), (2e8, 0.0035), ha="center", color="muted"
    )
    log_axis(ax, "x", [1e-3, 1, 1e3, 1e6, 1e9])
    ax.set_yticks([0, 0.01, 0.1, 1], ["0", "0.01", "0.1", "1"], fontsize=10)
    ax.set_xlabel("elasticity number El = relaxation time / viscous time", labelpad=1)
    ax.set_ylabel("solvent share β", labelpad=1)


@still(
    alt="Peak velocity against elasticity number. Without solvent it grows as two root El; with "
    "solvent it leaves that line and levels off at one over the solvent share.",
    size=(5.4, 3.0),
)
def peaks(fig):
    ax = fig.add_axes((0.1, 0.165, 0.76, 0.8))
    for beta, color, dash in (
        (0.0, "ink", "-"),
        (0.01, "other", "-."),
        (0.1, "large", "--"),
        (0.5, "small", (0, (5, 1.5, 1, 1.5))),
    ):
        El, peak = peak_velocity(beta)
        ax.plot(El, peak, ls=dash, color=color)
        ax.text(1.4e5, peak[-1], f"β = {beta:g}", color=color, va="center")
    ax.plot(El[6:], 2 * np.sqrt(El[6:]), ":", color="remedy", lw=3)
    ax.text(300, 75, "2√El", color="remedy", ha="right")
    ax.set(xlim=(0.03, 1e5), ylim=(0.8, 900))
    log_axis(ax, "x", [0.1, 10, 1000, 1e5])
    log_axis(ax, "y", [1, 2, 10, 100])
    ax.set_xlabel("elasticity number El", labelpad=1)
    ax.set_ylabel("peak / steady velocity", labelpad=1)


@still(
    alt="Condition numbers. Left, at a fast step: they grow in proportion to El and collapse to 18 "
    "when equilibrated. Right, at a slow step: they grow as the square of the number of cells, "
    "equilibrated or not.",
    size=(5.4, 3.0),
)
def two_kinds(fig):
    cases = (
        (
            np.geomspace(1, 1e6, 7),
            lambda El: condition_numbers(El, 64, 0.01 / El),
            "fast step: Δt = 0.01 h²/ν",
        ),
        (
            np.array([16, 32, 64, 128]),
            lambda n: condition_numbers(1e4, int(n), 0.1),
            "slow step: Δt = λ/10",
        ),
    )
    for place, (x, kappa, title) in zip((0.105, 0.61), cases, strict=True):
        ax = fig.add_axes((place, 0.165, 0.375, 0.72))
        raw, even = np.transpose([kappa(value) for value in x])
        ax.plot(x, raw, "-o", color="large", ms=5)
        ax.plot(x, even, "--s", color="small", ms=5)
        ax.set(ylim=(3, 3e6), xlim=(x[0] / 1.2, x[-1] * 1.2))
        ax.set_title(title)
        log_axis(ax, "x", [1, 1e3, 1e6] if place < 0.5 else x)
        log_axis(ax, "y", [10, 1e3, 1e5])
        if place < 0.5:
            ax.set_xlabel("elasticity number El", labelpad=1)
            ax.set_ylabel("condition number", labelpad=1)
            ax.text(3e3, 3e4, "as it is", color="large", ha="right")
            ax.text(1e3, 30, "equilibrated", color="small", ha="center")
        else:
            ax.set_xlabel("cells n", labelpad=1)
            ax.plot([32, 96], [4e2, 3.6e3], ":", color="ink", lw=1.4)
            ax.text(75, 1.1e3, "n²", va="center")
