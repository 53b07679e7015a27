"""Figures of the chapter "Atomic architects"."""

import numpy as np

from smlib import doping as do
from smlib import point_defect
from smlib.doping import A_SI, BOND, DOPANTS, N_SI
from smlib.figures.style import explorer, log_axis, menu, scientific, slider, still
from smlib.studies.doping import (
    GAINS,
    LOGS,
    arsenic,
    coefficient,
    compensating,
    concentration,
    curves,
    fit_and_limit,
    keating_beta,
    layer,
    limits,
    relaxed,
    silicon_germanium,
    verdict,
)

NAMES = {
    "B": "boron",
    "Al": "aluminium",
    "Ga": "gallium",
    "In": "indium",
    "P": "phosphorus",
    "As": "arsenic",
    "Sb": "antimony",
    "C": "carbon",
    "Ge": "germanium",
    "Sn": "tin",
}
MARKS = {"acceptor": ("o", "small"), "donor": ("s", "large"), "isovalent": ("^", "other")}


def _signed(value, unit):
    """A signed number with the digits that matter."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:+.{digits}f} {unit}"


def _length(h):
    """A thickness in nm, in words."""
    if np.isnan(h):
        return "none"
    for top, by, unit in ((1e3, 1, "nm"), (1e6, 1e3, "µm")):
        if h < top:
            return f"{h / by:.3g} {unit}"
    return "above 1 mm"


def _sense(stress, small=1e-12):
    return "none" if abs(stress) < small else "tension" if stress > 0 else "compression"


GRID = np.logspace(17, np.log10(2e21), 41)


def _cluster(ax, symbol):
    """The dopant and four neighbours in projection; what differs is drawn three times as large."""
    found = relaxed(symbol)
    feet = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]]) / 2**0.5

    def at(bond):
        return feet * (BOND + 3 * (bond - BOND)) / BOND

    place, ghost, natural = at(found.bond_length), feet, at(found.natural_length)
    for end, free in zip(place, natural, strict=True):
        ax.plot([0, end[0]], [0, end[1]], color="ink", lw=2.2)
        across = 0.11 * np.array([-end[1], end[0]]) / np.linalg.norm(end)
        ax.plot(*np.array([free - across, free + across]).T, color="remedy", lw=1.8)
    ax.plot(*ghost.T, "o", ms=14, mfc="none", mec="muted", mew=1, ls="none")
    ax.plot(*place.T, "o", ms=8, color="large", mec="paper", ls="none")
    ax.plot(0, 0, "o", ms=17, color="small", mec="paper")
    ax.text(0, 0, symbol, color="paper", ha="center", va="center", fontsize=9, weight="bold")
    for y, text, color in (
        (-1.38, "● silicon neighbour", "large"),
        (-1.62, "○ its place before", "muted"),
        (-1.86, "❘ bond at rest", "remedy"),
    ):
        ax.text(-1.25, y, text, color=color, fontsize=8.5)
    ax.text(-1.25, -2.1, "displacements drawn × 3", color="muted", fontsize=8.5)
    ax.set(xlim=(-1.3, 1.3), ylim=(-2.2, 1.3), aspect="equal")
    ax.axis("off")
    return found


@explorer(
    "The misfit ledger",
    alt="{dopant}, {Atoms per cm³} in a cubic centimetre: its bonds are {Bonds of the dopant}; the "
    "lattice changes by {Lattice constant}, a doped layer is under {Doped layer} and stable up to "
    "{Stable up to}.",
    size=(5.4, 4.0),
    dopant=menu(NAMES, label="Dopant"),
    log_c=slider(values=LOGS, label="log₁₀ of atoms per cm³", start=20),
)
def ledger(fig, dopant, log_c):
    C, X = concentration(log_c), DOPANTS[dopant]
    beta, source = coefficient(dopant)
    found = _cluster(fig.add_axes((0.0, 0.11, 0.36, 0.82)), dopant)
    top, low = (fig.add_axes((0.49, y, 0.495, 0.345)) for y in (0.575, 0.115))

    limit = X.max_solubility
    inside = limit >= GRID
    lines = [(do.vegard_beta(X.radius), "other", ":", 1.4)]
    if source == "published":
        lines.append((beta, "remedy", "-", 2.0))
    for slope, color, dash, width in lines:
        strain = 100 * do.lattice_strain(GRID, slope)
        top.plot(GRID, strain, color=color, lw=0.9, ls=dash)
        top.plot(GRID[inside], strain[inside], color=color, lw=width + 0.8, ls=dash)
    strain = 100 * do.lattice_strain(C, beta)
    main = "remedy" if source == "published" else "other"
    top.axhline(0, color="line", lw=0.8)
    top.plot(C, strain, "D", color=main, ms=7, mec="paper", clip_on=False)
    top.set_yscale("symlog", linthresh=1e-4, linscale=0.4)
    top.set(ylim=(-8, 8), yticks=[-1, -0.01, 0, 0.01, 1])
    top.set_yticklabels(["−1", "−0.01", "0", "0.01", "1"])
    top.set_title("change of the lattice constant / %", fontsize=9)
    top.text(5.5e17, 1.8, "dotted: Vegard", color="other", fontsize=8.5)
    top.text(5.5e17, 0.1, "solid: published", color="remedy", fontsize=8.5)

    h = do.critical_thickness(layer(GRID, beta).misfit)
    low.fill_between(GRID, h, 1, color="fill", lw=0)
    low.plot(GRID, h, color="ink", lw=0.9)
    low.plot(GRID[inside], h[inside], color="ink", lw=2.6)
    state = layer(C, beta)
    here = do.critical_thickness(state.misfit)
    low.plot(C, here, "D", color=main, ms=7, mec="paper", clip_on=False)
    low.text(5.5e17, 2.5, "stable below", color="muted", fontsize=8.5)
    low.set(ylim=(1, 1e8))
    log_axis(low, "y", [1, 1e3, 1e6], ["1 nm", "1 µm", "1 mm"])
    low.set_title("a layer of it slips above", fontsize=9)
    low.set_xlabel("atoms per cm³", labelpad=1)
    for ax in (top, low):
        if limit < 2e21:
            ax.axvline(limit, color="muted", lw=1, ls=(0, (4, 3)))
        ax.set(xlim=(1e17, 2e21))
        log_axis(ax, "x", [1e17, 1e19, 1e21])
    top.tick_params(labelbottom=False)

    stretch = 100 * (found.bond_length / found.natural_length - 1)
    names = ("stretched", "squeezed") if stretch > 0 else ("squeezed", "stretched")
    return {
        "Atoms per cm³": scientific(C, 1),
        "Radius against silicon": f"{100 * X.misfit:+.1f} %",
        "Bonds of the dopant": f"{names[0]}, {stretch:+.1f} %",
        "Volume per dopant": f"{3 * beta * N_SI:+.2f} atoms of silicon",
        "Lattice constant": _signed(1e4 * strain, "ppm"),
        "Doped layer": f"{_signed(1e3 * state.stress, 'MPa')}, {_sense(state.stress)}",
        "Stable up to": _length(here),
        "Dissolves": "yes" if limit >= C else f"no, only {scientific(limit, 1)}",
        "Coefficient": f"{1e24 * beta:+.2f} × 10⁻²⁴ cm³, {source}",
    }


# --- will the wall crack? -----------------------------------------------------------------------

SHARES = (0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.7, 1)
THICK = (2, 5, 10, 20, 50, 100, 200, 500, 1000)
BORON = {"none": 0.0, "with": 2e20}
STATES = {"coherent": "coherent, stable", "held": "coherent, held up", "slipped": "slipped"}


def _wall(ax, state, kind, rows):
    """Substrate and layer as two lattices; strains ten times as large."""
    columns, base = 8, 4

    def lattice(x, y, color):
        lines = [[(at, y[0]), (at, y[-1]), (np.nan, 0)] for at in x]
        lines += [[(x[0], at), (x[-1], at), (np.nan, 0)] for at in y]
        ax.plot(*np.concatenate(lines).T, color=color, lw=1.1)

    lattice(np.arange(columns + 1) - columns / 2, np.arange(-base, 1.0), "muted")
    wide = 1 + 10 * state.misfit if kind == "slipped" else 1
    high = 1 + 10 * (state.misfit if kind == "slipped" else (state.a_perp / A_SI - 1))
    color = {"coherent": "remedy", "held": "other", "slipped": "large"}[kind]
    gap = 0.35 if kind == "slipped" else 0.0
    kept = columns - (2 if kind == "slipped" and wide > 1 else 0)
    x = (np.arange(kept + 1) - kept / 2) * wide
    y = gap + np.arange(rows + 1) * high
    lattice(x, y, color)
    if kind == "slipped":
        for place in (-2, 2):
            ax.text(place, 0.17, "⊥", color="large", ha="center", va="center", fontsize=11)
    ax.text(0, -base - 0.25, "silicon", color="muted", fontsize=9, ha="center", va="top")
    ax.text(0, -base - 1.6, STATES[kind], color=color, fontsize=9, ha="center", va="top")
    ax.set(xlim=(-5.6, 5.6), ylim=(-6.9, 14.8))
    ax.axis("off")


@explorer(
    "Will the wall crack?",
    alt="{thickness} with {share} germanium and {boron}: misfit {Misfit}, {State}. "
    "Stable up to {Stable up to}, grown without slip up to {Grown up to}.",
    size=(5.4, 3.7),
    boron=menu({"none": "no boron", "with": "2 × 10²⁰ boron atoms per cm³"}, label="Boron"),
    share=slider(values=SHARES, label="Fraction of germanium", start=0.25),
    thickness=slider(values=THICK, label="Thickness", unit="nm", start=20),
)
def wall(fig, boron, share, thickness):
    amount = BORON[boron]
    state = silicon_germanium(share, amount)[1]
    stable, lasts = (float(h) for h in limits(share, amount))
    kind = verdict(thickness, stable, lasts)
    _wall(fig.add_axes((0.0, 0.02, 0.36, 0.95)), state, kind, 1 + THICK.index(thickness))

    ax = fig.add_axes((0.46, 0.145, 0.525, 0.77))
    x, h_stable, h_lasts = curves(amount)
    top = 2e5
    for low, high, color, alpha in (
        (h_stable, h_lasts, "other", 0.16),
        (0.5, h_stable, "remedy", 0.2),
    ):
        ax.fill_between(
            x, np.minimum(low, top), np.minimum(high, top), color=color, alpha=alpha, lw=0
        )
    ax.plot(x, np.minimum(h_stable, 2 * top), color="remedy")
    ax.plot(x, np.minimum(h_lasts, 2 * top), "--", color="other")
    ax.plot(share, thickness, "D", color="ink", ms=7, mec="paper", clip_on=False)
    ax.text(0.98, 9e4, "slips", color="large", fontsize=9, ha="right")
    ax.text(0.98, 3.2e4, "held up, dashed: People, Bean", color="other", fontsize=8.5, ha="right")
    ax.text(0.98, 1.2e4, "stable, solid: Matthews", color="remedy", fontsize=8.5, ha="right")
    ax.set_xscale("function", functions=(lambda v: np.sqrt(np.maximum(v, 0)), np.square))
    ax.set(xlim=(0, 1), ylim=(0.5, top), xticks=[0, 0.02, 0.1, 0.3, 0.6, 1])
    ax.set_xticklabels(["0", "0.02", "0.1", "0.3", "0.6", "1"])
    log_axis(ax, "y", [1, 10, 100, 1e3, 1e4, 1e5], ["1 nm", "10", "100", "1 µm", "10", "100"])
    ax.set_xlabel("fraction of germanium", labelpad=1)
    ax.set_title("thickness of the layer", fontsize=9)
    return {
        "Misfit": f"{100 * state.misfit:+.3f} %",
        "State": STATES[kind],
        "Stress while coherent": f"{state.stress:+.2f} GPa, {_sense(state.stress)}",
        "Elastic energy": f"{1e-9 * state.energy_density * thickness:.3g} J/m²",
        "Stable up to": _length(stable),
        "Grown up to": _length(lasts),
    }


# --- stills -------------------------------------------------------------------------------------


@still(
    alt="Radial and tangential stress around a boron and an indium atom against the distance. For "
    "boron the radial stress is tension and the tangential one compression, half as large; for "
    "indium all signs are opposite. All fall with the cube of the distance.",
    size=(5.2, 3.3),
)
def signs(fig):
    ax = fig.add_axes((0.11, 0.145, 0.87, 0.82))
    r = np.linspace(BOND, 12, 80)
    ax.axhline(0, color="muted", lw=0.8)
    for symbol, color in (("B", "small"), ("In", "large")):
        field = point_defect.point_defect_field(r, GAINS[symbol])
        ax.plot(r, field.stress_rr, color=color)
        ax.plot(r, field.stress_tt, "--", color=color)
    for y, text, color in (
        (11.4, "tension", "muted"),
        (9.2, "boron, along the radius: solid", "small"),
        (7.0, "indium, around it: dashed", "large"),
        (-12.6, "compression", "muted"),
        (-10.4, "indium, along the radius: solid", "large"),
        (-8.2, "boron, around it: dashed", "small"),
    ):
        ax.text(11.9, y, text, color=color, fontsize=9, ha="right")
    ax.set(xlim=(2, 12), ylim=(-14, 14), xlabel="distance from the dopant / Å")
    ax.set_ylabel("stress / GPa, tension up", labelpad=1)


@still(
    alt="Lattice coefficients of ten dopants by Vegard's rule, by the relaxed crystal and as "
    "published, against the radius. All but arsenic follow the line. In a small panel arsenic in "
    "parts: the size swells the crystal, the electrons shrink it by more.",
    size=(5.4, 3.7),
)
def coefficients(fig):
    ax = fig.add_axes((0.11, 0.13, 0.87, 0.85))
    radius = np.array([0.74, 1.5])
    ax.axhline(0, color="line", lw=0.8)
    ax.plot(radius, 1e24 * do.vegard_beta(radius), color="other", ls=":", lw=1.4)
    for symbol, X in DOPANTS.items():
        ax.plot(X.radius, 1e24 * keating_beta(symbol), "s", mfc="none", mec="ink", ms=7)
        if X.beta is not None:
            ax.plot(X.radius, 1e24 * X.beta, "D", color="remedy", ms=6, mec="paper")
        if symbol != "Ga":
            y = 1e24 * do.vegard_beta(X.radius)
            name = "Al, Ga" if symbol == "Al" else symbol
            side, gap = ("left", 0.018) if symbol != "Al" else ("right", -0.018)
            shift = 0.45 if symbol in ("B", "C", "P", "Al") else -1.2 if symbol == "As" else -0.75
            ax.text(X.radius + gap, y + shift, name, fontsize=9, ha=side)
    for i, (mark, text, color) in enumerate(
        (
            ("D", "published", "remedy"),
            ("s", "relaxed crystal", "ink"),
            (":", "Vegard, dotted", "other"),
        )
    ):
        y = 5.2 - 0.9 * i
        if mark != ":":
            face = color if mark == "D" else "none"
            ax.plot(0.765, y + 0.17, mark, mfc=face, mec=color, ms=6)
        ax.text(0.79, y, text, color=color, fontsize=9)
    ax.set(xlim=(0.74, 1.5), ylim=(-9.8, 6), xlabel="tetrahedral radius / Å")
    ax.set_ylabel("lattice coefficient / 10⁻²⁴ cm³", labelpad=1)

    parts = fig.add_axes((0.62, 0.2, 0.35, 0.3))
    size = 1e24 * np.array([arsenic(extra)[1] for extra in (0.04, 0.06, 0.08)])
    electrons, doubt = 1e24 * do.electronic_beta(3.3), -1e24 * do.electronic_beta(0.7)
    parts.axhline(0, color="line", lw=0.8)
    rows = (
        ("size", size[1], (size[2] - size[0]) / 2, "ink", "s"),
        ("electrons", electrons, doubt, "large", "v"),
        ("sum", size[1] + electrons, np.hypot(doubt, (size[2] - size[0]) / 2), "other", "o"),
        ("measured", 1e24 * DOPANTS["As"].beta, 0.06, "remedy", "D"),
    )
    for i, (_, value, error, color, mark) in enumerate(rows):
        parts.errorbar(i, value, error, fmt=mark, color=color, ms=6, capsize=2, lw=1.2)
    parts.set(xlim=(-0.5, 3.5), ylim=(-2.5, 2.5), yticks=[-2, 0, 2])
    parts.set_xticks(range(4), [row[0] for row in rows], fontsize=8)
    parts.tick_params(axis="y", labelsize=8)
    parts.set_title("arsenic, taken apart", fontsize=9)


@still(
    alt="Largest solubility in silicon against the misfit of the radius, nine dopants. Boron has "
    "the worst fit of the acceptors and the highest solubility among them.",
    size=(5.2, 3.3),
)
def fit_and_solubility(fig):
    ax = fig.add_axes((0.12, 0.145, 0.86, 0.82))
    misfit, limit, symbols = fit_and_limit()
    for m, c, symbol in zip(misfit, limit, symbols, strict=True):
        mark, color = MARKS[DOPANTS[symbol].kind]
        ax.plot(100 * m, c, mark, color=color, ms=7, mec="paper")
        side, gap = ("right", -0.8) if symbol == "Al" else ("left", 0.8)
        ax.text(100 * m + gap, c, symbol, fontsize=9.5, va="center", ha=side)
    for i, (kind, (mark, color)) in enumerate(MARKS.items()):
        ax.plot(1, 3e18 / 3**i, mark, color=color, ms=7, mec="paper")
        ax.text(2, 3e18 / 3**i, kind, color=color, fontsize=9, va="center")
    ax.set(xlim=(0, 38), ylim=(1.5e17, 5e21), xlabel="radius misfit, either sign / %")
    log_axis(ax, "y", [1e18, 1e19, 1e20, 1e21])
    ax.set_ylabel("largest solubility / cm⁻³", labelpad=1)


@still(
    alt="Map over the concentrations of boron and germanium: along a line with about seven "
    "germanium atoms for one boron atom the misfits cancel and a layer of any thickness is stable; "
    "contours of the critical thickness, 50, 200 and 1000 nanometres, run beside it.",
    size=(5.2, 3.4),
)
def cure(fig):
    ax = fig.add_axes((0.13, 0.145, 0.85, 0.82))
    boron, germanium = np.logspace(18.5, 21, 90), np.logspace(19, np.log10(5e21), 90)
    _, state = silicon_germanium(germanium[:, None] / N_SI, boron[None])
    h = do.critical_thickness(state.misfit)
    looks = ((50, "large", "-"), (200, "other", "--"), (1000, "small", "-."))
    for thick, color, dash in looks:
        ax.contour(
            boron,
            germanium,
            np.log(h),
            [np.log(thick)],
            colors=[color],
            linestyles=dash,
            linewidths=1.4,
        )
    ax.plot(boron, N_SI * compensating(boron), color="remedy", lw=2.4)
    ax.text(1.6e19, 6e19, "they cancel", color="remedy", fontsize=9)
    for at, text, (_, color, _) in (
        (4.7e20, "50 nm", looks[0]),
        (1.45e20, "200 nm", looks[1]),
        (3.7e19, "stable up to 1000 nm", looks[2]),
    ):
        ax.text(at, 1.25e19, text, color=color, fontsize=9, ha="right")
    ax.set(xlim=(10**18.5, 1e21), ylim=(1e19, 5e21))
    log_axis(ax, "x", [1e19, 1e20, 1e21])
    log_axis(ax, "y", [1e19, 1e20, 1e21])
    ax.set_xlabel("boron atoms per cm³", labelpad=1)
    ax.set_ylabel("germanium atoms per cm³", labelpad=1)
