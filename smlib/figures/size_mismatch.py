"""Figures of the chapter "Bricks that do not fit"."""

import numpy as np
from matplotlib.patches import Circle

from smlib import size_mismatch as sm
from smlib.elements import ELEMENTS, pair_enthalpy, values
from smlib.figures.style import explorer, log_axis, menu, slider, still
from smlib.high_entropy_alloys import confusion, roc
from smlib.studies.size_mismatch import critical_misfits, energy_of, measured
from smlib.units import BOLTZMANN_EV

RULE = 0.15  # Hume-Rothery, Mabbott & Channel Evans 1934


@explorer(
    "One wrong brick",
    alt="A solute in {host} with a misfit of {misfit}: energy {Elastic energy}, {In units of kTₘ} "
    "at the melting point; elasticity lets {Dissolves at Tₘ} dissolve; pressure inside "
    "{Pressure inside}.",
    size=(5.4, 4.9),
    host=menu(("Cu", "Ag", "Au", "Al", "Mg", "Ni", "Pb", "Nb", "W", "Ir"), label="Host metal"),
    misfit=slider(
        values=sorted({*range(-30, 31, 2), -15, 15}),
        label="Misfit of the radius",
        unit="%",
        start=14,
        fine=2,
        form="{:+g}",
    ),
)
def one_wrong_brick(fig, host, misfit):
    e, eps = ELEMENTS[host], misfit / 100
    energy = energy_of(host, eps)
    color = "large" if eps > 0 else "small" if eps < 0 else "muted"

    disc = fig.add_axes((0.02, 0.53, 0.37, 0.45))
    for ring in np.arange(1, 3.6, 0.5):
        # Rings of the crystal, moved by three times the true field so that it can be seen.
        moved = ring + 3 * float(sm.inclusion_field(ring, eps, 1.0, e.K, e.G).u)
        disc.add_patch(Circle((0, 0), ring, fill=False, ec="line", lw=0.8, ls=":"))
        disc.add_patch(Circle((0, 0), moved, fill=False, ec="muted", lw=1))
    inside = sm.inclusion_field(1.0, eps, 1.0, e.K, e.G)
    disc.add_patch(Circle((0, 0), 1 + 3 * float(inside.u), fc=color, ec="paper", alpha=0.85))
    disc.set(xlim=(-4.1, 4.1), ylim=(-4.6, 3.8), aspect="equal")
    disc.axis("off")
    disc.set_title("moved by 3 × the field", fontsize=8.5, color="muted", loc="center", y=-0.03)

    field = fig.add_axes((0.52, 0.61, 0.46, 0.36))
    r = np.concatenate([np.linspace(0.02, 1, 20), np.linspace(1.0001, 4, 90)])
    out = sm.inclusion_field(r, eps, 1.0, e.K, e.G)
    field.axvspan(0, 1, color="fill", lw=0)
    field.axhline(0, color="line", lw=0.8)
    field.plot(r, 100 * out.e_rr, color="small")
    field.plot(r, 100 * out.e_tt, "--", color="large")
    field.text(3.95, 26, "radial", color="small", ha="right")
    field.text(3.95, 19, "around, dashed", color="large", ha="right")
    field.set(xlim=(0, 4), ylim=(-45, 34), xlabel="distance / radius of the hole")
    field.set_ylabel("strain / %", labelpad=0)

    ax = fig.add_axes((0.115, 0.1, 0.865, 0.36))
    ax.axvspan(-15, 15, color="fill", lw=0)
    grid = np.linspace(-30, 30, 121)
    for share, dash, shade in ((1.0, "-", "remedy"), (0.7, "--", "remedy"), (0.5, ":", "remedy")):
        x = sm.solubility(energy_of(host, grid / 100), share * e.Tm)
        ax.plot(grid, 100 * x, dash, color=shade, lw=1.4)
    ax.text(
        -6,
        9e-4,
        "solid Tₘ, dashed 0.7 Tₘ, dotted 0.5 Tₘ",
        color="remedy",
        fontsize=8.5,
        ha="center",
        va="bottom",
    )
    near = ""
    if host in {row[0] for row in sm.BINARIES}:
        place, x, _, solute = measured((host,))
        close = np.abs(100 * place - misfit) < 1.5
        ax.plot(100 * place, 100 * x, "o", ms=4, color="ink")
        ax.plot(100 * place[close], 100 * x[close], "o", ms=7, mfc="none", mec="large", mew=1.4)
        named = [f"{s} {100 * v:.3g}" for s, v in zip(solute[close], x[close], strict=True)]
        near = ", ".join(named)
    ax.plot(misfit, 100 * sm.solubility(energy, e.Tm), "D", color="remedy", ms=7, mec="paper")
    ax.set(xlim=(-31, 31), ylim=(5e-4, 250), xlabel="misfit / %")
    ax.set_ylabel("solubility / at%", labelpad=1)
    log_axis(ax, "y", [1e-3, 1e-2, 0.1, 1, 10, 100])
    critical = sm.critical_temperature(energy) if energy else 0.0
    return {
        "Elastic energy": f"{energy:.3f} eV",
        "In units of kTₘ": f"{energy / (BOLTZMANN_EV * e.Tm):.2f}",
        "Dissolves at Tₘ": f"{100 * sm.solubility(energy, e.Tm):.3g} at%",
        "Pressure inside": f"{float(inside.pressure):+.1f} GPa",
        "Mixes fully above": f"{critical:.0f} K = {critical / e.Tm:.2f} Tₘ",
        "Measured near here, at%": near or "none in the table",
    }


HOST_SETS = {
    "all": (None, "all 12 hosts"),
    "Cu": (("Cu",), "Cu"),
    "Al": (("Al",), "Al"),
    "Mg": (("Mg",), "Mg"),
    "complete": (("Cu", "Al", "Mg"), "Cu, Al and Mg"),
    "noble": (("Ag", "Au", "Ni"), "Ag, Au and Ni"),
}


@explorer(
    "Where to draw the line",
    alt="A size limit of {limit}, extensive from {extensive} on, {hosts}: promises right "
    "{Promises kept}, vetoes right {Vetoes right}, Youden J {Youden J}.",
    size=(5.4, 3.9),
    limit=slider(
        values=(4, 6, 8, 10, 12, 14, 15, 16, 18, 20, 22, 24, 26, 30),
        label="Size limit",
        unit="%",
        start=15,
    ),
    extensive=slider(values=(1, 5, 10), label="Extensive means at least", unit="at%", start=5),
    hosts=menu({key: text for key, (_, text) in HOST_SETS.items()}, label="Hosts"),
)
def where_to_draw_the_line(fig, limit, extensive, hosts):
    eps, x, _, _ = measured(HOST_SETS[hosts][0])
    size, good = np.abs(eps), x >= extensive / 100
    said = size <= limit / 100 * (1 + 1e-12)
    score = confusion(said, good)

    ax = fig.add_axes((0.125, 0.135, 0.52, 0.83))
    ax.axhline(extensive, color="ink", lw=1, ls=":")
    ax.axvline(limit, color="ink", lw=1, ls=":")
    right = said == good
    for wanted, marker, color in ((True, "o", "small"), (False, "s", "other")):
        at = good == wanted
        ax.scatter(
            100 * size[at],
            100 * x[at],
            s=16,
            marker=marker,
            lw=0.9,
            facecolors=np.where(right[at], color, "none"),
            edgecolors=np.where(right[at], color, "large"),
        )
    ax.set(xlim=(0, 60), ylim=(3e-4, 200), xlabel="|misfit| / %")
    ax.set_ylabel("maximum solubility / at%", labelpad=1)
    log_axis(ax, "y", [1e-3, 1e-2, 0.1, 1, 10, 100])
    for place, name in (("tp", (58, 120)), ("tn", (58, 5e-4))):
        text = "promised, kept" if place == "tp" else "refused, rightly"
        color = "small" if place == "tp" else "other"
        ax.text(*name, text, ha="right", va="center", color=color, fontsize=8.5)
    ax.text(
        58, 60, "hollow: the rule is wrong", ha="right", va="center", color="large", fontsize=8.5
    )

    curve = fig.add_axes((0.74, 0.6, 0.245, 0.31))
    curve.plot([0, 1], [0, 1], color="line", lw=1)
    area = "-"
    if good.any() and not good.all():
        fpr, tpr, found = roc(-size, good)
        area = f"{found:.2f}"
        curve.plot(fpr, tpr, color="small", lw=1.4)
        curve.plot(
            1 - score["tnr"], score["tpr"], "o", color="remedy", ms=7, mec="paper", clip_on=False
        )
    curve.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 1], yticks=[0, 1])
    curve.set_xlabel("let in wrongly", labelpad=-8)
    curve.set_ylabel("found", labelpad=-6)
    curve.set_title(f"area {area}", fontsize=8.5)

    kept, refused = score["tp"] + score["fp"], score["tn"] + score["fn"]
    bars = fig.add_axes((0.74, 0.135, 0.245, 0.26))
    shares = [score["tp"] / kept if kept else 0, score["tn"] / refused if refused else 0]
    bars.barh([1, 0], shares, color=["small", "other"], height=0.45)
    for y, text in ((1, "promises kept"), (0, "vetoes right")):
        bars.text(0, y + 0.3, text, fontsize=8.5, va="bottom")
    bars.set(xlim=(0, 1), ylim=(-0.4, 1.75), yticks=[], xticks=[0, 0.5, 1])
    bars.set_xticklabels(["0", "½", "1"])
    return {
        "Promises kept": f"{score['tp']} of {kept}" + (f" ({shares[0]:.0%})" if kept else ""),
        "Vetoes right": f"{score['tn']} of {refused}" + (f" ({shares[1]:.0%})" if refused else ""),
        "Youden J": f"{score['youden']:.3f}" if good.any() and not good.all() else "not defined",
        "Systems": f"{good.size}, {good.sum()} extensive",
    }


@still(
    alt="For each of 34 metals the misfit at which elasticity lets five atomic percent dissolve at "
    "the melting point. They gather around {mean}; Hume-Rothery's rule says 15.",
    size=(5.4, 2.6),
)
def derived_rule(fig):
    found = critical_misfits()
    order = np.argsort(found)
    ax = fig.add_axes((0.09, 0.19, 0.89, 0.77))
    ax.axvline(15, color="ink", ls=":", lw=1.4)
    ax.axvline(found.mean(), color="remedy", lw=1.6)
    rows = {"fcc": 3, "bcc": 2, "hcp": 1, "dhcp": 1}
    marks = {
        "fcc": ("o", "small"),
        "bcc": ("s", "large"),
        "hcp": ("^", "other"),
        "dhcp": ("^", "other"),
    }
    for rank, i in enumerate(order):
        name = sm.HOSTS[i]
        structure = ELEMENTS[name].structure
        marker, color = marks[structure]
        ax.plot(found[i], rows[structure], marker, color=color, ms=6, alpha=0.85)
        if rank < 4 or rank >= len(order) - 4:
            lift = 0.28 if rank % 2 else -0.5
            ax.text(found[i], rows[structure] + lift, name, ha="center", fontsize=9)
    ax.text(14.85, 3.68, "rule, 15 %", ha="right", fontsize=9)
    ax.text(found.mean() + 0.15, 3.68, f"mean, {found.mean():.1f} %", color="remedy", fontsize=9)
    ax.set(xlim=(9.5, 24), ylim=(0.3, 4), yticks=[1, 2, 3], yticklabels=["hcp", "bcc", "fcc"])
    ax.set_xlabel("misfit at which 5 at% dissolve at Tₘ / %")
    ax.tick_params(axis="y", length=0)
    return {"mean": f"{found.mean():.1f} ± {found.std(ddof=1):.1f} percent"}


@still(
    alt="Measured maximum solubility against the elastic prediction at the melting point. Most "
    "points with strong chemistry lie far below the diagonal.",
    size=(5.2, 3.8),
)
def measured_and_predicted(fig):
    eps, x, host, solute = measured()
    columns = {name: values(name, host) for name in ("G", "K", "volume")}
    predicted = sm.solubility(sm.misfit_energy(eps, **columns), values("Tm", host))
    heat = np.array([abs(pair_enthalpy(a, b)) for a, b in zip(host, solute, strict=True)])
    ax = fig.add_axes((0.14, 0.14, 0.83, 0.83))
    ax.plot([1e-3, 100], [1e-3, 100], color="line", lw=1)
    kinds = [
        (heat < 10, "small", "o", "|ΔH| below 10 kJ/mol"),
        ((heat >= 10) & (heat < 25), "other", "s", "10 to 25"),
        (heat >= 25, "large", "^", "above 25"),
    ]
    for i, (at, color, marker, text) in enumerate(kinds):
        ax.plot(100 * predicted[at], 100 * x[at], marker, color=color, ms=4.5, alpha=0.85)
        ax.plot(1.5e-6, 60 / 3.2**i, marker, color=color, ms=5)
        ax.text(2.6e-6, 60 / 3.2**i, text, color=color, va="center", fontsize=9.5)
    ax.text(0.004, 0.011, "measured = predicted", color="muted", rotation=20, fontsize=8.5)
    ax.set(xlim=(5e-7, 200), ylim=(3e-4, 200))
    ax.set_xlabel("elastic prediction at Tₘ / at%")
    ax.set_ylabel("measured maximum / at%")
    log_axis(ax, "y", [1e-3, 1e-2, 0.1, 1, 10, 100])
    log_axis(ax, "x", [1e-6, 1e-4, 1e-2, 1, 100])


@still(
    alt="Cells of the crystal around a solute that is too large and one that is too small. Around "
    "the large one they are squeezed towards it and stretched around it, around the small one the "
    "other way round; none changes its volume.",
    size=(5.2, 2.9),
)
def pure_shear(fig):
    e = ELEMENTS["Cu"]
    angles = np.linspace(0, 2 * np.pi, 121)
    for panel, eps, color, text in (
        (0, RULE, "large", "too large: squeezed itself"),
        (1, -RULE, "small", "too small: stretched itself"),
    ):
        ax = fig.add_axes((0.02 + 0.5 * panel, 0.1, 0.46, 0.89))

        def moved(radius, eps=eps):
            return radius + 4 * np.asarray(sm.inclusion_field(radius, eps, 1.0, e.K, e.G).u)

        for radius in np.linspace(1.001, 3, 6):
            for at, shade, dash in ((radius, "line", ":"), (moved(radius), "muted", "-")):
                ax.plot(at * np.cos(angles), at * np.sin(angles), dash, color=shade, lw=0.9)
        for angle in np.linspace(0, 2 * np.pi, 25):
            ends = moved(np.array([1.001, 3.0]))
            ax.plot(ends * np.cos(angle), ends * np.sin(angle), color="muted", lw=0.9)
        ax.add_patch(Circle((0, 0), moved(1.0), fc=color, alpha=0.85, lw=0))
        ax.text(0, -3.6, text, ha="center", va="center", color=color)
        ax.set(xlim=(-3.3, 3.3), ylim=(-3.9, 3.2), aspect="equal")
        ax.axis("off")
