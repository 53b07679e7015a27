"""Everything that is drawn can be read: contrasts by WCAG 2.2, in both themes."""

from itertools import product

import pytest
from matplotlib.colors import to_rgb

from smlib.figures.style import THEME

#: Colours that texts and curves have, and what lies behind them. "line" only guides the eye.
DRAWN = set(THEME.colors) - {"line", "paper", "fill"}
BEHIND = ("paper", "fill")


def luminance(colour):
    """Relative luminance of WCAG 2.2, from sRGB."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    """Contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_ratio_is_that_of_the_recommendation():
    """Published: 21 for black on white, 4.54 for #767676 and 4.48 for #777777 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("drawn", "behind"), list(product(sorted(DRAWN), BEHIND)))
def test_text_and_curves_stand_out(drawn, behind, scheme):
    """4.5 is asked of text (criterion 1.4.3), 3 of curves (1.4.11); most colours do both."""
    assert contrast(THEME.colors[drawn][scheme], THEME.colors[behind][scheme]) >= 4.5
