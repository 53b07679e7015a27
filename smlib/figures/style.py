"""One visual language for the book: what each colour means, and the matplotlib settings.

Draw functions use the names below, never a hex value. In a page each becomes a CSS variable
with a light and a dark value. Every curve also differs by dash or marker.
"""

from functools import partial

import smlib.explorer as _explorer
from smlib.explorer import Theme, menu, slider

#: The small, fast or weak scale; the large, slow or strong one; the remedy or the result.
SMALL, LARGE, REMEDY = "#0068a8", "#b84a00", "#00775a"
#: A fourth class where three do not do.
OTHER = "#83489a"
#: Measured or published reference, text, axes; what is said aside; lines that only guide.
INK, MUTED, LINE = "#1b1f24", "#5f6773", "#d5d9df"
#: Behind everything, and a faint fill for regions.
PAPER, FILL = "#ffffff", "#eef1f4"

THEME = Theme(
    colors={
        "small": (SMALL, "#62b6ee"),
        "large": (LARGE, "#ff9c63"),
        "remedy": (REMEDY, "#4fd0a8"),
        "other": (OTHER, "#d0a2e2"),
        "ink": (INK, "#e3e7ec"),
        "muted": (MUTED, "#a6aeba"),
        "line": (LINE, "#3b434e"),
        "paper": (PAPER, "#14181e"),
        "fill": (FILL, "#20262e"),
    },
    rc={
        "font.size": 10,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "text.color": INK,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "lines.linewidth": 1.8,
        "legend.frameon": False,
        "patch.linewidth": 0.8,
    },
)

explorer = partial(_explorer.explorer, theme=THEME)
still = partial(_explorer.still, theme=THEME)

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ten(power):
    """A power of ten as it is printed: 10⁻⁹."""
    return f"10{str(int(power)).translate(_RAISED)}"


def scientific(value, digits=1):
    """A number as it is printed, with `digits` after the point: 1.8 × 10⁻⁹."""
    mantissa, power = f"{value:.{digits}e}".split("e")
    return f"{mantissa} × {ten(power)}"


__all__ = ["FILL", "INK", "LARGE", "LINE", "MUTED", "OTHER", "PAPER", "REMEDY", "SMALL"]
__all__ += ["THEME", "explorer", "menu", "scientific", "slider", "still", "ten"]
