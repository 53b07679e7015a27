"""The cover of the book and its mark: one lattice, whose parts fit less and less."""

import numpy as np
from matplotlib.patches import Circle

from smlib.figures.style import LARGE, MUTED, PAPER, SMALL, still


def _disc(ax, x, y, radius):
    """A disc in the colour of what is too small, too large, or nearly right."""
    color = MUTED if abs(radius - 0.5) < 0.02 else SMALL if radius < 0.5 else LARGE
    ax.add_patch(Circle((x, y), radius, fc=color, ec=PAPER, lw=0.8, alpha=0.85))


@still(
    alt="A wall of discs on one regular lattice. At the left all discs are equal and touch; "
    "towards the right their sizes spread up to 14 percent, and they overlap or leave gaps.",
    size=(7.2, 2.3),
)
def cover(fig):
    rng = np.random.default_rng(7)
    columns, lines = 33, 9
    ax = fig.add_axes((0, 0, 1, 1))
    for row in range(lines):
        for column in range(columns):
            # The spread of the radii grows from nothing to that of a metallic glass, 14 %.
            spread = 0.14 * max(0.0, (column - 4) / (columns - 5))
            radius = 0.5 * (1 + spread * rng.choice([-1, 1]) * np.sqrt(rng.uniform(0.3, 1.7)))
            _disc(ax, column + 0.5 * (row % 2), row * np.sqrt(0.75), radius)
    ax.set(xlim=(-0.6, columns + 0.1), ylim=(-0.7, lines * np.sqrt(0.75) - 0.2), aspect="equal")
    ax.axis("off")


@still(alt="Three discs that do not fit.", size=(0.45, 0.45), name="mark")
def mark(fig):
    ax = fig.add_axes((0, 0, 1, 1))
    _disc(ax, 0.62, 0.63, 0.62)
    _disc(ax, -0.3, 0.05, 0.42)
    _disc(ax, 0.55, -0.38, 0.36)
    ax.set(xlim=(-0.85, 1.35), ylim=(-0.85, 1.35), aspect="equal")
    ax.axis("off")
