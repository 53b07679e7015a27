"""One visual language for the book: what each colour means, and the matplotlib settings.

Draw functions use the names of `THEME.colors`, which matplotlib knows, never a hex value. In a
page each becomes a CSS variable with a light and a dark value. Every curve also differs by dash or
marker.
"""

import math
from functools import partial

import smlib.explorer as _explorer
from smlib.explorer import Theme, menu, slider

THEME = Theme(
    colors={
        # The small, fast or weak scale; the large, slow or strong one; the remedy or the result.
        "small": ("#0068a8", "#62b6ee"),
        "large": ("#b84a00", "#ff9c63"),
        "remedy": ("#00775a", "#4fd0a8"),
        # A fourth class where three do not do.
        "other": ("#83489a", "#d0a2e2"),
        # Measured or published reference, text, axes; what is said aside; lines that only guide.
        "ink": ("#1b1f24", "#e3e7ec"),
        "muted": ("#5f6773", "#a6aeba"),
        "line": ("#d5d9df", "#3b434e"),
        # Behind everything, and a faint fill for regions.
        "paper": ("#ffffff", "#14181e"),
        "fill": ("#eef1f4", "#20262e"),
    },
    rc={
        "font.size": 10,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "muted",
        "axes.labelcolor": "ink",
        "axes.linewidth": 0.8,
        "text.color": "ink",
        "xtick.color": "muted",
        "ytick.color": "muted",
        "xtick.labelcolor": "ink",
        "ytick.labelcolor": "ink",
        "lines.linewidth": 1.8,
        "legend.frameon": False,
        "patch.linewidth": 0.8,
    },
)

THEME.name_colors()
explorer = partial(_explorer.explorer, theme=THEME)
still = partial(_explorer.still, theme=THEME)

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def ten(power):
    """A power of ten as it is printed: 10⁻⁹."""
    return f"10{str(int(power)).translate(_RAISED)}"


def scientific(value, digits=2):
    """A number with so many digits and a power of ten: 1.8 × 10⁻⁹."""
    mantissa, power = f"{value:.{digits - 1}e}".split("e")
    return f"{float(mantissa):g} × {ten(power)}"


def number(value, digits=2):
    """A number with so many digits as a reader takes it in: 0.044, 170, 1.8 × 10⁻⁹, ∞."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if value and not 1e-3 <= abs(value) < 1e4:
        return scientific(value, digits)
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0) if value else 0
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def percent(share, digits=2):
    """A share as so many hundredths: 12 %."""
    return f"{number(100 * share, digits)} %"


def log_axis(ax, axis, ticks, texts=None, **font):
    """Make an axis logarithmic, with these ticks alone."""
    getattr(ax, f"set_{axis}scale")("log")
    getattr(ax, f"set_{axis}ticks")(ticks, texts or [_tick(value) for value in ticks], **font)
    ax.minorticks_off()


def _tick(value):
    power = math.log10(value)
    return f"{value:g}" if abs(power) <= 3 or power % 1 else ten(power)


def bare(ax, *sides):
    """Take away the lines around a plot, or those of some sides."""
    for side in sides or ax.spines:
        ax.spines[side].set_visible(False)


def boxed(ax, color="line"):
    """Put a line all around a plot."""
    for side in ax.spines.values():
        side.set(visible=True, color=color)


__all__ = [
    "THEME", "bare", "boxed", "explorer", "log_axis", "menu", "number", "percent", "scientific",
    "slider", "still", "ten",
]  # fmt: skip
