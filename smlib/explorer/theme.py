"""Colours that follow the page: each named colour is a hex value in matplotlib and, in the
page, a CSS variable with one value for light and one for dark."""

from __future__ import annotations

from dataclasses import dataclass, field

from matplotlib.colors import get_named_colors_mapping

_BASE_RC = {
    # Text stays text (the page's own font, selectable, small); ids do not change between builds.
    "svg.fonttype": "none",
    "svg.hashsalt": "smlib",
    "path.simplify_threshold": 0.25,
    # A title stays above its axes; finding what it might run into takes a tenth of the drawing.
    "axes.titley": 1.0,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "savefig.edgecolor": "none",
}


@dataclass(frozen=True)
class Theme:
    """Named colours and matplotlib settings of a set of figures.

    Parameters
    ----------
    colors : dict of str to (str, str)
        Name to (light, dark), both as ``#rrggbb``. The light value is what draw functions
        use; wherever it appears in a figure it becomes the variable ``--sm-<name>``.
    rc : dict
        Matplotlib settings for every figure of the theme.

    Raises
    ------
    ValueError
        If a colour is not ``#rrggbb`` or two names share one light value.
    """

    colors: dict[str, tuple[str, str]]
    rc: dict[str, object] = field(default_factory=dict)

    def __post_init__(self):
        seen: dict[str, str] = {}
        for name, pair in self.colors.items():
            for value in pair:
                if len(value) != 7 or value[0] != "#" or value != value.lower():
                    raise ValueError(f"colour {name!r} must be lower-case '#rrggbb', got {value!r}")
            other = seen.setdefault(pair[0], name)
            if other != name:
                raise ValueError(f"colours {other!r} and {name!r} share the value {pair[0]!r}")

    def settings(self) -> dict[str, object]:
        """Matplotlib settings: the theme's own over those that every explorer needs."""
        return {**_BASE_RC, **self.rc}

    def name_colors(self) -> None:
        """Let matplotlib know the colours by their names, in all figures of this process."""
        for name, (light, _) in self.colors.items():
            get_named_colors_mapping()[name] = light

    def alone(self, markup: str) -> str:
        """Markup whose colours show their light values also where no style sheet is."""
        for name, (light, _) in self.colors.items():
            markup = markup.replace(f"var(--sm-{name})", f"var(--sm-{name},{light})")
        return markup

    def names(self) -> dict[str, str]:
        """Every light and dark value, and the name that is meant."""
        return {value: f"color {name}" for name, pair in self.colors.items() for value in pair}

    def variables(self, scheme: int) -> str:
        """Declarations that give every variable its light (0) or its dark (1) value."""
        return "".join(f"--sm-{name}:{pair[scheme]};" for name, pair in self.colors.items())

    def css(self) -> str:
        """Style rules that give every variable of a figure its light and its dark value."""
        light, dark = self.variables(0), self.variables(1)
        return (
            f".sm{{{light}}}"
            f"html[data-theme=dark] .sm,body[data-jp-theme-light=false] .sm{{{dark}}}"
            f"@media print{{html .sm.sm{{{light}}}}}"
        )

    def page_css(self) -> str:
        """Style rules that give them to all of a page."""
        return f"html{{{self.variables(0)}}}html[data-theme=dark]{{{self.variables(1)}}}"


PLAIN = Theme({"ink": ("#010203", "#e6e9ee"), "paper": ("#fdfefd", "#14171d")})
