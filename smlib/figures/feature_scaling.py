"""Figures of the chapter "The vote of the loudest feature"."""

import numpy as np
from matplotlib.colors import ListedColormap, to_rgba
from scipy.stats import gamma

from smlib import feature_scaling as fs
from smlib.figures.style import bare, boxed, explorer, log_axis, menu, number, slider, still
from smlib.studies.feature_scaling import (
    GROUP_OF,
    NOISE,
    SEEDS,
    accuracy,
    flagged,
    iterations,
    machine_accuracy,
    split,
    spoiled,
    two_shares,
    vote_regions,
    with_noise,
)

#: Scalers and features as the page calls them.
SCALERS = {
    "raw": "none",
    "zscore": "z-score",
    "minmax": "min-max",
    "robust": "robust",
    "whiten": "whitening",
}
SECONDS = ("brightness", "texture_sd", "glcm", "area")
GAINS = (0.001, 0.01, 0.1, 1, 10, 100, 1000)
FLAGS = (255, 4095, 65535, 1_000_000)


def _frame(ax):
    boxed(ax)


#: Colour and marker of each group.
LOOKS = {
    "plants": ("remedy", "o"),
    "built": ("large", "s"),
    "soil": ("other", "^"),
    "water, shadow": ("small", "D"),
}


@explorer(
    "Who is voting?",
    alt="NDVI and {second}, scaling {scaler}, NDVI times {gain}: NDVI has the share "
    "{Share of NDVI} of the squared distance, and 5 nearest neighbours are right for "
    "{Right with both} of the test segments.",
    size=(5.4, 3.9),
    second=menu({name: name for name in SECONDS}, label="Second feature", start="area"),
    scaler=menu(SCALERS, label="Scaling"),
    gain=slider(values=GAINS, label="NDVI, multiplied by", start=1),
)
def who_is_voting(fig, second, scaler, gain):
    column = fs.FEATURES.index(second)
    regions, (low, high) = vote_regions(scaler, column, gain)
    ax = fig.add_axes((0.115, 0.125, 0.43, 0.78))
    colors = ListedColormap([to_rgba(color, 0.4) for color, _ in LOOKS.values()])
    extent = (-0.4, 0.45, low, high)
    options = {"cmap": colors, "vmin": -0.5, "vmax": 3.5, "aspect": "auto"}
    ax.imshow(regions, origin="lower", extent=extent, interpolation="none", **options)
    train, _, own, _ = split(0, (0, column))
    for i, (color, marker) in enumerate(LOOKS.values()):
        x, y = train[GROUP_OF[own] == i].T
        inside = (y > low) & (y < high)
        ax.plot(x[inside], y[inside], marker, color=color, ms=4, mec="paper", mew=0.5)
    ax.set(xlim=(-0.4, 0.45), ylim=(low, high), xticks=[-0.4, 0, 0.4], yticks=[])
    ax.set_xlabel("NDVI", labelpad=1)
    unit = {"area": "pixels", "glcm": "1"}.get(second, "digital number")
    ax.set_ylabel(f"{second}, {low:.0f} to {high:.0f} ({unit})", labelpad=4)
    _frame(ax)
    places = (0.02, 0.225, 0.395, 0.56)
    for x, (name, (color, marker)) in zip(places, LOOKS.items(), strict=True):
        place = {"color": color, "clip_on": False, "transform": ax.transAxes}
        ax.plot([x], [1.05], marker, ms=4.5, **place)
        ax.text(x + 0.035, 1.05, name, fontsize=8.5, va="center", **place)

    shares = two_shares(scaler, column, gain)
    bars = fig.add_axes((0.6, 0.63, 0.375, 0.2))
    for y, share, color in zip((1, 0), shares, ("small", "large"), strict=True):
        bars.barh(y, share - 1e-15, left=1e-15, color=color, height=0.4, lw=0)
    bars.text(1e-15, 1.42, "NDVI", color="small", fontsize=8.5, va="center")
    bars.text(1e-15, 0.42, second, color="large", fontsize=8.5, va="center")
    bars.set(xlim=(1e-15, 1), ylim=(-0.3, 1.65), yticks=[])
    log_axis(bars, "x", [1e-15, 1e-10, 1e-5, 1])
    bare(bars, "left")
    bars.set_title("share of the squared distance", fontsize=9, pad=8)

    both = accuracy(scaler, (0, column), float(gain))
    alone = [accuracy("raw", (0,)), accuracy("raw", (column,))]
    right = fig.add_axes((0.6, 0.125, 0.375, 0.29))
    for y, value, color in zip(
        (2, 1, 0), (both, *alone), ("remedy", "small", "large"), strict=True
    ):
        right.barh(y, value, color=color, height=0.4, lw=0)
    for y, text, color in ((2, "both features", "remedy"), (1, "NDVI alone", "small"),
                           (0, f"{second} alone", "large")):  # fmt: skip
        right.text(0.0, y + 0.4, text, color=color, fontsize=8.5, va="center")
    right.set(xlim=(0, 0.7), ylim=(-0.3, 2.65), yticks=[], xticks=[0, 0.2, 0.4, 0.6])
    bare(right, "left")
    right.set_title("right, of nine classes", fontsize=9, pad=8)
    return {
        "Share of NDVI": number(shares[0], 3),
        "Share of the other": number(shares[1], 3),
        "Right with both": f"{both:.2f}",
        "NDVI alone": f"{alone[0]:.2f}",
        "The other alone": f"{alone[1]:.2f}",
    }


#: Limits of scaled brightness, without a bad pixel.
SPAN = {"raw": (-10, 275), "zscore": (-3, 3), "minmax": (-0.15, 1.15), "robust": (-2, 2)}


@explorer(
    "One bad pixel",
    alt="{count} of 168 training segments with a brightness of {value}, scaling {scaler}: the "
    "middle 98 % of the clean segments lie within {Clean segments within}, and {Right} of the test "
    "segments are classified right, against {Right without them}.",
    size=(5.4, 3.3),
    value=menu({v: f"{v:,}".replace(",", " ") for v in FLAGS}, label="Bad value", start=65535),
    count=slider(values=range(6), label="Bad segments", start=1),
    scaler=menu({key: SCALERS[key] for key in SPAN}, label="Scaling", start="zscore"),
)
def one_bad_pixel(fig, value, count, scaler):
    train, test, _, truth = flagged(0, value, count)
    scaled = fs.scale_features(train, test, scaler)[1][:, 1]
    low, high = SPAN[scaler]
    ax = fig.add_axes((0.04, 0.15, 0.5, 0.74))
    edges = np.linspace(low, high, 49)
    dark = np.isin(truth, [fs.CLASSES.index(name) for name in ("asphalt", "shadow")])
    parts = [np.histogram(scaled[which], edges)[0] for which in (dark, ~dark)]
    ax.stairs(parts[0] / parts[0].max(), edges, color="small", fill=True, lw=0)
    ax.stairs(parts[1] / parts[1].max(), edges, color="large", lw=1.3)
    ax.set(xlim=(low, high), ylim=(0, 1.3), yticks=[])
    bare(ax, "left")
    place = {"fontsize": 8.5, "transform": ax.transAxes}
    ax.text(0.01, 0.93, "asphalt, shadow: filled", color="small", **place)
    ax.text(0.99, 0.93, "others: outline", color="large", ha="right", **place)
    ax.set_xlabel("brightness after scaling", labelpad=1)
    ax.set_title("clean test segments", fontsize=9)

    right = fig.add_axes((0.66, 0.15, 0.31, 0.74))
    clean, now = spoiled(scaler, value, 0), spoiled(scaler, value, count)
    for before, after in zip(clean, now, strict=True):
        right.plot([0, 1], [before, after], color="line", lw=0.8)
    right.plot(np.zeros(clean.size), clean, "o", mfc="none", mec="ink", ms=4, mew=0.8)
    right.plot(np.ones(now.size), now, "o", mfc="none", mec="ink", ms=4, mew=0.8)
    right.plot([0, 1], [clean.mean(), now.mean()], "D-", color="remedy", ms=7, mec="paper")
    right.set(xlim=(-0.35, 1.35), ylim=(0.25, 0.75), yticks=[0.3, 0.4, 0.5, 0.6, 0.7])
    right.set_xticks([0, 1], ["without", "with"])
    right.set_title("right, ten samples", fontsize=9)
    within = np.ptp(np.percentile(scaled, [1, 99]))
    share = np.mean([
        fs.distance_shares(fs.scale_features(*flagged(seed, value, count)[:2], scaler)[1])[1]
        for seed in SEEDS
    ])  # fmt: skip
    return {
        "Right": f"{now.mean():.2f}",
        "Right without them": f"{clean.mean():.2f}",
        "Clean segments within": f"{within:.3g}",
        "Share of brightness": number(share, 3),
    }


# --- stills -------------------------------------------------------------------------------------

#: Classifier: colour, dash and marker.
MACHINES = {
    "5 neighbours": ("large", "-", "o"),
    "SVM": ("other", "--", "s"),
    "LDA": ("small", "-.", "^"),
    "forest": ("remedy", ":", "D"),
}


@still(
    alt="Left: shares of five raw features in the squared distance, from area with 0.98 to NDVI "
    "with two billionths. Right: accuracy of four classifiers under four scalings; neighbours and "
    "SVM jump from about 0.36 to 0.7, LDA and forest stay level.",
    size=(5.4, 3.1),
)
def deaf_and_hearing(fig):
    shares = fs.distance_shares(fs.land_cover(100_000).X)
    left = fig.add_axes((0.03, 0.13, 0.41, 0.77))
    for y, (name, share) in enumerate(zip(fs.FEATURES, shares, strict=True)):
        color = "large" if y else "small"
        left.barh(-y, share - 1e-10, left=1e-10, height=0.38, color=color, lw=0)
        left.text(1e-10, 0.4 - y, f"{name}  {number(share, 3)}", fontsize=8.5, va="center")
    left.set(xlim=(1e-10, 1), yticks=[], ylim=(-4.3, 0.65))
    log_axis(left, "x", [1e-10, 1e-5, 1])
    bare(left, "left")
    left.set_title("share of the squared distance, raw", fontsize=9)
    right = fig.add_axes((0.54, 0.13, 0.3, 0.77))
    scalers = list(SPAN)
    for name, (color, dash, marker) in MACHINES.items():
        values = [machine_accuracy(name, scaler) for scaler in scalers]
        right.plot(range(4), values, marker + dash, color=color, ms=5)
    for y, name in ((0.615, "5 neighbours"), (0.682, "SVM"), (0.715, "LDA"), (0.75, "forest")):
        color = MACHINES[name][0]
        right.text(3.25, y, name, color=color, fontsize=8.5, va="center")
    right.set(xlim=(-0.2, 3.2), ylim=(0.3, 0.8), yticks=[0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    right.set_xticks(range(4), ["none", "z", "min-\nmax", "rob."], fontsize=8.5)
    right.set_title("right, of nine classes", fontsize=9)


@still(
    alt="Left: gradient descent crosses a long valley in zigzag when one feature is four times "
    "larger, and goes straight when both are z-scored. Right: steps to a millionth against the "
    "condition number for five scalings, from 1 to ten billion, on the line of theory.",
    size=(5.4, 3.0),
)
def valley(fig):
    ax = fig.add_axes((0.03, 0.14, 0.41, 0.76))
    pair = fs.scale_features(fs.land_cover().X[:, [0, 3]])
    target = pair.sum(axis=1)
    for stretch, color, dash, mark in ((1, "remedy", "-", "o"), (4, "large", "--", "s")):
        design = pair * [1, stretch]
        best = np.linalg.lstsq(design, target)[0]
        steps = fs.descent_steps(design, target)
        path = np.array([next(steps)[1:] for _ in range(25)]) / best
        ax.plot(*path.T, dash, color=color, marker=mark, ms=3.5, lw=1.2)
        if stretch == 4:
            hessian = design.T @ design / len(design) * np.outer(best, best)
            u = np.linspace(0, 2 * np.pi, 121)
            ring = np.linalg.inv(np.linalg.cholesky(hessian)).T @ [np.cos(u), np.sin(u)]
            for size in (0.04, 0.08, 0.12, 0.16):
                ax.plot(*(1 + size * ring), color="line", lw=0.8)
    ax.plot(1, 1, "*", color="ink", ms=9)
    ax.text(0.3, 0.12, "z-scores", color="remedy", fontsize=8.5)
    ax.text(-0.13, 1.17, "glcm four times\nlarger, dashed", color="large", fontsize=8.5)
    ax.set(xlim=(-0.2, 1.4), ylim=(-0.2, 1.45), xticks=[0, 1], yticks=[0, 1])
    ax.set_xlabel("weight of NDVI / best", labelpad=1)
    ax.set_title("weight of glcm / best", fontsize=9)

    right = fig.add_axes((0.57, 0.14, 0.4, 0.76))
    kappa = np.geomspace(1, 1e11, 111)
    right.plot(kappa, fs.gd_iterations(kappa), color="muted", lw=1.2)
    for scaler, (right_of, up) in {
        "raw": (-8, 2), "zscore": (9, -8.5), "minmax": (9, -2), "robust": (10, 1.5),
        "whiten": (9, -1),
    }.items():  # fmt: skip
        number, steps = iterations(scaler)
        count = fs.gd_iterations(max(number, 1)) if steps is None else steps
        right.plot(
            number, count, "o", color="remedy", mfc="paper" if steps is None else "remedy", ms=6
        )
        right.annotate(SCALERS[scaler], (number, count), (right_of, up), fontsize=8.5,
                       textcoords="offset points", va="center",
                       ha="left" if right_of > 0 else "right")  # fmt: skip
    right.set(xlim=(0.1, 1e11), ylim=(0.3, 1e12))
    log_axis(right, "x", [1, 1e3, 1e6, 1e9])
    log_axis(right, "y", [1, 1e3, 1e6, 1e9])
    right.set_xlabel("condition number", labelpad=1)
    right.set_title("steps to a millionth", fontsize=9)


@still(
    alt="Accuracy against the number of noise features from 0 to 100. Z-scored it falls from 0.67 "
    "to 0.28 and crosses the level line of the raw features, 0.34, near 35.",
    size=(5.4, 2.8),
)
def noise_gets_a_vote(fig):
    ax = fig.add_axes((0.1, 0.17, 0.72, 0.79))
    for scaler, color, dash, mark in (("zscore", "remedy", "-", "o"), ("raw", "large", "--", "s")):
        found = np.array([with_noise(count, scaler) for count in NOISE])
        ax.fill_between(NOISE, found.min(1), found.max(1), color="fill", lw=0)
        ax.plot(NOISE, found.mean(axis=1), dash, color=color, marker=mark, ms=4)
    side = {"va": "center", "fontsize": 9}
    ax.text(102, 0.275, "z-score", color="remedy", **side)
    ax.text(102, 0.35, "none", color="large", **side)
    ax.set(xlim=(0, 101), ylim=(0.2, 0.75), yticks=[0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    ax.set(xlabel="features of pure noise", ylabel="right, of nine classes")


@still(
    alt="Densities of radar intensity of water and crops for 1, 4.4 and 10 looks, in linear units "
    "and in decibels, with midpoint thresholds; the errors are smaller in decibels.",
    size=(5.4, 3.7),
)
def water_and_crops(fig):
    low, high = -20, -12
    for i, looks in enumerate((1, 4.4, 10)):
        bias, _ = fs.speckle_db_moments(looks)
        for domain, bottom in (("linear", 0.59), ("db", 0.12)):
            ax = fig.add_axes((0.03 + 0.325 * i, bottom, 0.29, 0.29))
            linear = domain == "linear"
            x = np.linspace(1e-5, 0.16, 161) if linear else np.linspace(-36, -4, 161)
            intensity = x if linear else 10 ** (x / 10)
            tops = []
            for level, color, dash in ((low, "small", "-"), (high, "large", "--")):
                density = gamma.pdf(intensity, looks, scale=10 ** (level / 10) / looks)
                density *= 1 if linear else intensity
                tops.append(density.max())
                ax.plot(x, density / density.max(), dash, color=color, lw=1.4)
            middle = (10 ** (low / 10) + 10 ** (high / 10)) / 2 if linear else -16 + bias
            ax.axvline(middle, ymax=0.8, color="ink", lw=1, ls=":")
            error = fs.midpoint_error(low, high, looks, domain)
            text = f"{100 * error:.1f} % wrong"
            ax.text(0.98, 0.88, text, transform=ax.transAxes, ha="right", fontsize=8.5)
            ax.set(ylim=(0, 1.25), yticks=[], xlim=(0, 0.16) if linear else (-36, -4))
            ax.set_xticks([0, 0.1] if linear else [-30, -20, -10])
            ax.tick_params(labelsize=8.5)
            bare(ax, "left")
            ax.set_xlabel("intensity" if linear else "dB", labelpad=1, fontsize=8.5)
            if linear:
                ax.set_title(f"{looks:g} look{'s' if looks > 1 else ''}", fontsize=9)
