"""Figures of the chapter "Five kinds of brick"."""

import numpy as np
from matplotlib.patches import Rectangle

from smlib import high_entropy_alloys as hea
from smlib.elements import ALLOYS, ELEMENTS
from smlib.figures.style import bare, explorer, menu, slider, still
from smlib.studies.high_entropy_alloys import (
    VEC_BCC,
    VEC_FCC,
    crystalline_limits,
    judged,
    labelled,
    roc_curves_data,
    series,
    test_set,
    vec_phase,
)

#: Classes of the labelled alloys: colour, marker, name.
CLASSES = {
    "SS": ("small", "o", "solid solution"),
    "IM": ("other", "s", "intermetallic"),
    "AM": ("large", "^", "glass"),
}
#: Friction stress in MPa: Yoshida et al. 2017; Otto et al. 2013.
FRICTION_STRESS = {"CoCrNi": 218.0, "CoCrFeMnNi": 125.0}


def _draw_map(ax, faint=False):
    size, enthalpy, classes = labelled()
    for name, (color, marker, text) in CLASSES.items():
        at = classes == name
        ax.plot(
            size[at],
            enthalpy[at],
            marker,
            ms=3.5 if faint else 4.5,
            mec=color,
            mfc="none" if faint else color,
            mew=0.7,
            alpha=0.55 if faint else 0.9,
            label=text,
        )
    for y, (color, marker, text) in zip((-33, -38.5, -44), CLASSES.values(), strict=True):
        ax.plot(0.6, y, marker, ms=4.5, mec=color, mfc="none" if faint else color)
        ax.text(1.0, y, text, color=color, va="center", fontsize=9.5)
    ax.set(xlim=(0, 17), ylim=(-50, 10), yticks=range(-50, 11, 10))
    ax.set_ylabel("mixing enthalpy ΔH / kJ mol⁻¹")


@explorer(
    "Design your own alloy",
    alt="{base} plus {amount} of {added}: size spread {Size spread δ}, mixing "
    "enthalpy {Mixing enthalpy}; stored strain energy {Strain energy} against {Entropy at Tₘ} "
    "that entropy pays for; VEC {VEC}. Nearest labelled alloy: {Nearest labelled alloy}.",
    size=(5.2, 4.9),
    base=menu(("CoCrFeNi", "CoCrFeMnNi", "CoCrCuFeNi", "WNbMoTa"), label="Base alloy"),
    added=menu(("Al", "Ti", "Mn", "Cu", "Mo", "V", "Nb", "Zr"), label="Element to add"),
    amount=slider(
        0, 2, steps=11, label="Amount x per formula unit", start=0.2, fine=4, form="{:.2g}"
    ),
)
def design_alloy(fig, base, added, amount):
    alloy = series(base, added, amount)
    here, other = hea.delta(alloy), hea.delta(alloy, "r_cn12")
    enthalpy, count = hea.mixing_enthalpy(alloy), hea.vec(alloy)
    freedom = hea.melting_temperature(alloy) * hea.mixing_entropy(alloy) / 1000
    stored = hea.strain_energy(alloy)

    ax = fig.add_axes((0.13, 0.385, 0.84, 0.595))
    _draw_map(ax, faint=True)
    ax.set_xlabel("size spread δ / %", labelpad=1)
    guo = hea.RULES["Guo 2013"]
    _draw_box(ax, guo.delta_max, guo.enthalpy_min, guo.enthalpy_max)
    ax.text(
        0.15, guo.enthalpy_min - 1, "rule: solid solution", color="muted", va="top", fontsize=8.5
    )
    path = [series(base, added, x) for x in np.linspace(0, 2, 21)]
    ax.plot(hea.delta(path), hea.mixing_enthalpy(path), color="remedy", lw=1.4)
    ax.plot([other, here], [enthalpy] * 2, color="remedy", lw=1, ls=":")
    ax.plot(other, enthalpy, "o", ms=8, mfc="paper", mec="remedy", mew=1.6)
    ax.plot(here, enthalpy, "o", ms=9, mfc="remedy", mec="paper", mew=1)

    bars = fig.add_axes((0.28, 0.165, 0.69, 0.105))
    bars.barh([1, 0], [stored, freedom], height=0.62, color=["large", "remedy"])
    bars.set(xlim=(0, 40), ylim=(-0.5, 1.5), yticks=[1, 0], yticklabels=["strain", "Tₘ × entropy"])
    bars.set_xlabel("kJ mol⁻¹", labelpad=0)
    bars.tick_params(axis="y", length=0)

    gauge = fig.add_axes((0.28, 0.045, 0.69, 0.028))
    gauge.axvspan(4, VEC_BCC, color="fill", lw=0)
    gauge.axvspan(VEC_FCC, 10, color="fill", lw=0)
    gauge.plot(count, 0.5, "D", color="ink", ms=6, clip_on=False)
    gauge.set(xlim=(4, 10), ylim=(0, 1), yticks=[0.5], yticklabels=["VEC"])
    gauge.set_xticks([5.4, VEC_BCC, VEC_FCC, 9], ["bcc", "6.87", "8", "fcc"])
    gauge.tick_params(axis="both", length=0)
    bare(gauge, "left", "bottom")

    size, heat, classes = labelled()
    nearest = int(np.argmin(((size - here) / 17) ** 2 + ((heat - enthalpy) / 60) ** 2))
    kind = CLASSES[str(classes[nearest])][2]
    return {
        "Size spread δ": f"{here:.2f} %",
        "with 12-neighbour radii": f"{other:.2f} %",
        "Mixing enthalpy": f"{enthalpy:.1f} kJ/mol",
        "Strain energy": f"{stored:.2f} kJ/mol",
        "Entropy at Tₘ": f"{freedom:.1f} kJ/mol",
        "Ω": f"{hea.omega(alloy):.2f}",
        "VEC": f"{count:.2f}: {vec_phase(count)}",
        "Nearest labelled alloy": f"{ALLOYS[nearest].formula}, {kind}",
    }


def _draw_box(ax, size, low, high, **style):
    style = {"fc": "fill", "ec": "ink", "ls": ":", "lw": 1.2, "zorder": 0} | style
    ax.add_patch(Rectangle((0, low), size, high - low, **style))


TEST_SETS = {
    "guo": "77 alloys behind the rule",
    "borg": "486 other alloys",
    "borg_no_al": "224 of them without Al",
}


@explorer(
    "Be the referee",
    alt="Calling an alloy good below {size_limit} and {heat_limit}, judged on {test}: accuracy "
    "{Accuracy}, always saying no gives {Always saying no}; Youden J {Youden J}.",
    size=(5.4, 4.3),
    size_limit=slider(
        values=(2, 3, 4, 5, 6, 6.6, 7.5, 8.5, 9, 10, 12),
        label="Size spread δ below",
        unit="%",
        start=6.6,
    ),
    heat_limit=slider(
        values=(2, 4, 6, 8, 10, 12, 15, 20, 25, 30),
        label="|Mixing enthalpy| below",
        unit="kJ/mol",
        start=12,
    ),
    test=menu(TEST_SETS, label="Test on"),
)
def be_the_referee(fig, size_limit, heat_limit, test):
    size, heat, truth = test_set(test)
    said, score = judged(size_limit, heat_limit, test)

    ax = fig.add_axes((0.115, 0.13, 0.5, 0.83))
    _draw_box(ax, size_limit, -heat_limit, heat_limit)
    for wanted, marker in ((True, "o"), (False, "s")):
        at = truth == wanted
        right = (said == truth)[at]
        color = "small" if wanted else "other"
        ax.scatter(
            size[at],
            heat[at],
            s=13,
            marker=marker,
            lw=0.8,
            facecolors=np.where(right, color, "none"),
            edgecolors=np.where(right, color, "large"),
        )
    ax.set(xlim=(0, 15), ylim=(-42, 31), xlabel="size spread δ / %")
    ax.set_ylabel("mixing enthalpy ΔH / kJ mol⁻¹", labelpad=1)
    for i, (marker, color, filled, text) in enumerate(
        [
            ("o", "small", True, "wanted, called so"),
            ("o", "large", False, "wanted, missed"),
            ("s", "other", True, "not wanted, refused"),
            ("s", "large", False, "not wanted, let in"),
        ]
    ):
        y = 28.5 - 3.6 * i
        ax.plot(6.2, y, marker, ms=4, mec=color, mfc=color if filled else "none", mew=0.9)
        ax.text(6.7, y, text, va="center", fontsize=8.5)

    curve = fig.add_axes((0.715, 0.56, 0.27, 0.34))
    curve.plot([0, 1], [0, 1], color="line", lw=1)
    fpr, tpr, area = hea.roc(-size, truth)
    curve.plot(fpr, tpr, color="small", lw=1.4)
    curve.plot(
        1 - score["tnr"], score["tpr"], "o", color="remedy", ms=7, mec="paper", clip_on=False
    )
    curve.set(xlim=(0, 1), ylim=(0, 1), xticks=[0, 1], yticks=[0, 1])
    curve.set_xlabel("let in wrongly", labelpad=-8)
    curve.set_ylabel("found", labelpad=-6)
    curve.set_title(f"curve: δ alone, {area:.2f}", fontsize=8.5)

    table = fig.add_axes((0.715, 0.1, 0.27, 0.28))
    table.set(xlim=(0, 2), ylim=(0, 2), xticks=[0.5, 1.5], yticks=[0.5, 1.5])
    table.set_xticklabels(["called", "refused"], fontsize=8.5)
    table.set_yticklabels(["not\nwanted", "wanted"], fontsize=8.5)
    table.tick_params(length=0)
    bare(table, "left", "bottom")
    cells = [
        ("tp", 0, 1, "small"),
        ("fn", 1, 1, "large"),
        ("fp", 0, 0, "large"),
        ("tn", 1, 0, "other"),
    ]
    for name, x, y, color in cells:
        table.add_patch(Rectangle((x + 0.03, y + 0.03), 0.94, 0.94, fc="fill", lw=0))
        table.text(x + 0.5, y + 0.5, str(score[name]), ha="center", va="center", color=color)
    baseline = 1 - truth.mean()
    return {
        "Accuracy": f"{score['accuracy']:.3f}",
        "Always saying no": f"{baseline:.3f}",
        "Youden J": f"{score['youden']:.2f}",
        "Wanted, found": f"{score['tp']} of {truth.sum()}",
    }


@still(
    alt="Map of 101 alloys, size spread against mixing enthalpy. Solid solutions lie left of "
    "6.6 percent, glasses straddle the elastic limit of {limit}.",
    size=(5.2, 3.7),
)
def alloy_map(fig):
    ax = fig.add_axes((0.13, 0.14, 0.84, 0.83))
    _draw_map(ax)
    limits = crystalline_limits()
    mean, spread = limits.mean(), limits.std(ddof=1)
    ax.axvspan(mean - spread, mean + spread, color="fill", lw=0, zorder=0)
    ax.axvline(mean, color="ink", lw=1.2)
    ax.axvline(6.6, color="ink", lw=1.2, ls=":")
    ax.text(6.75, 9.5, "6.6 %:\nexperience", va="top", fontsize=9)
    ax.text(mean + spread + 0.1, 9.5, f"{mean:.1f} %:\nelasticity", va="top", fontsize=9)
    ax.set_xlabel("size spread δ / %")
    return {"limit": f"{mean:.1f} ± {spread:.1f} percent"}


@still(
    alt="Five ROC curves. From top to bottom: {curves}. The last lies below the diagonal.",
    size=(5.2, 3.5),
)
def roc_curves(fig):
    ax = fig.add_axes((0.12, 0.14, 0.56, 0.83))
    ax.plot([0, 1], [0, 1], color="line", lw=1)
    styles = [("remedy", "-"), ("small", "-"), ("other", "-."), ("small", "--"), ("large", ":")]
    widths = [3, 1.4, 1.8, 1.8, 1.8]
    curves = roc_curves_data()
    for (name, (fpr, tpr, area)), (color, dash), lw, y in zip(
        curves.items(), styles, widths, (0.92, 0.74, 0.56, 0.38, 0.2), strict=True
    ):
        ax.plot(fpr, tpr, dash, color=color, lw=lw)
        ax.plot([1.06, 1.16], [y, y], dash, color=color, lw=lw, clip_on=False)
        ax.text(1.19, y, f"{area:.2f}", color=color, va="center", weight="bold")
        ax.text(1.06, y - 0.065, name, color=color, va="center", fontsize=9)
    ax.set(xlim=(0, 1), ylim=(0, 1), xlabel="unwanted alloys let in")
    ax.set_ylabel("wanted alloys found")
    return {"curves": "; ".join(f"{name} {curve[2]:.2f}" for name, curve in curves.items())}


@still(
    alt="Measured friction stress against size spread for two alloys and two radius tables. "
    "With the common table the stronger alloy has the smaller spread, {crossing}.",
    size=(5.2, 2.9),
)
def friction_and_radii(fig):
    ax = fig.add_axes((0.13, 0.18, 0.84, 0.78))
    for radii, color, marker, dash, text in (
        ("r_gl", "large", "s", "--", "radii of the alloy literature"),
        ("r_cn12", "small", "o", "-", "12-neighbour radii"),
    ):
        size = hea.delta(list(FRICTION_STRESS), radii)
        ax.plot(size, list(FRICTION_STRESS.values()), dash + marker, color=color, ms=6)
        ax.text(size[1], 106, text, color=color, fontsize=9.5, ha="center")
    for name, stress in FRICTION_STRESS.items():
        ax.axhline(stress, color="line", lw=0.8, zorder=0)
        ax.text(4.75, stress + 3, name, ha="right")
    ax.set(xlim=(0, 4.8), ylim=(98, 240), xlabel="size spread δ / %")
    ax.set_ylabel("friction stress / MPa")
    sizes = [f"{hea.delta(name):.2f} against" for name in FRICTION_STRESS]
    return {"crossing": " ".join(sizes).removesuffix(" against") + " percent"}


STRUCTURES = {"bcc": "large", "fcc": "small", "hcp": "remedy"}


@still(
    alt="Difference between two tables of atomic radii for each element, from {low} to {high}; "
    "all bcc metals lie two to three percent below zero.",
    size=(5.4, 3.1),
)
def radius_conventions(fig):
    both = [e for e in ELEMENTS.values() if np.isfinite(e.r_gl) and np.isfinite(e.r_cn12)]
    both.sort(key=lambda e: e.r_gl / e.r_cn12)
    change = np.array([100 * (e.r_gl / e.r_cn12 - 1) for e in both])
    ax = fig.add_axes((0.12, 0.08, 0.86, 0.88))
    for i, (e, value) in enumerate(zip(both, change, strict=True)):
        ax.bar(i, value, color=STRUCTURES.get(e.structure, "other"), width=0.8)
        if abs(value) > 4:
            ax.annotate(
                e.symbol,
                (i, value),
                (9, 1) if value < 0 else (-9, -4),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
    metals = [i for i, e in enumerate(both) if e.structure == "bcc"]
    ax.text(np.mean(metals), -3.4, "bcc metals", ha="center", va="top", color="large", fontsize=9)
    ax.axhline(0, color="muted", lw=0.8)
    ax.set(xlim=(-0.8, len(both) - 0.2), ylim=(-18.5, 9), xticks=[])
    ax.set_ylabel("table of alloys over 12-neighbour / %")
    bare(ax, "bottom")
    for i, (text, color) in enumerate((STRUCTURES | {"other structures": "other"}).items()):
        ax.plot(16, -9 - 2 * i, "s", color=color, ms=6)
        ax.text(17, -9 - 2 * i, text, color=color, va="center")
    return {"low": f"{change.min():.1f} percent", "high": f"{change.max():+.1f} percent"}
