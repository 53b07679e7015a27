"""The first figure of the book, and its mark."""

from matplotlib.patches import Circle

from smlib.figures.metallic_glass import disks
from smlib.figures.style import explorer, menu, slider, still
from smlib.memo import in_advance
from smlib.studies.metallic_glass import PERCENTS, SAMPLES, orders, quenched, quenching


def _disc(ax, x, y, radius):
    """A disc in the colour of what is too small, too large, or nearly right."""
    color = "muted" if abs(radius - 0.5) < 0.02 else "small" if radius < 0.5 else "large"
    ax.add_patch(Circle((x, y), radius, fc=color, ec="paper", lw=0.8, alpha=0.85))


@explorer(
    "How unequal may they be?",
    alt="144 disks cooled from a melt, their diameters differing by {percent} %, sample {sample}: "
    "{What freezes}; order over the whole box {Order over the whole box}.",
    size=(5.4, 2.75),
    percent=slider(values=PERCENTS, label="Sizes differ by", unit="%", start=3),
    sample=menu({n: f"{n}" for n in SAMPLES}, label="Sample"),
)
def first_look(fig, percent, sample):
    yield from in_advance(quenching, [(p, "slow", s) for p in PERCENTS for s in SAMPLES])
    run = quenched(percent, "slow", sample)
    disks(fig.add_axes((0.01, 0.02, 0.56, 0.56 * 5.4 / 2.75 * 0.75**0.5)), run, 5.4 * 0.56)
    ax = fig.add_axes((0.69, 0.19, 0.3, 0.68))
    mean = orders("slow")[0].mean(axis=1)
    ax.plot(PERCENTS, mean, color="small", marker="o", ms=3)
    ax.plot(percent, run.global_order, "D", color="remedy", ms=8, mec="paper", clip_on=False)
    ax.set(xlim=(0, 17.4), ylim=(0, 1.02), yticks=[0, 0.5, 1], xticks=[0, 5, 10, 15])
    ax.set_xlabel("sizes differ by, %", labelpad=1)
    ax.set_title("order, mean of three", fontsize=9)
    order = run.global_order
    found = "one crystal" if order > 0.8 else "a glass" if order < 0.3 else "pieces of crystal"
    return {"What freezes": found, "Order over the whole box": f"{order:.2f}"}


@still(alt="Three discs that do not fit.", size=(0.45, 0.45), name="mark")
def mark(fig):
    ax = fig.add_axes((0, 0, 1, 1))
    _disc(ax, 0.62, 0.63, 0.62)
    _disc(ax, -0.3, 0.05, 0.42)
    _disc(ax, 0.55, -0.38, 0.36)
    ax.set(xlim=(-0.85, 1.35), ylim=(-0.85, 1.35), aspect="equal")
    ax.axis("off")
