"""Everything that is drawn can be read: contrasts by WCAG 2.2 in both themes, numbers, axes."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from smlib.figures.style import THEME, log_axis, number, percent
from tests.test_architecture import ROOT, tracked

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


def test_a_colour_is_written_once():
    """In `style.py`; white, which the recommendation names as well, is no colour of the book."""
    values = {value for pair in THEME.colors.values() for value in pair} - {"#ffffff"}
    written = [
        (name, value)
        for name in tracked()
        for value in re.findall("#[0-9a-f]{6}", (ROOT / name).read_bytes().decode(errors="replace"))
        if value in values
    ]
    assert [name for name, _ in written] == ["smlib/figures/style.py"] * len(values), written


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5, 3, "0.5"), (0.97816, 3, "0.978"), (1.79e-9, 2, "1.8 × 10⁻⁹"), (2.04e7, 2, "2 × 10⁷"),
        (0.0999, 2, "0.1"), (99.7, 2, "100"), (1234.5, 2, "1234"), (-0.0444, 2, "-0.044"),
        (0, 2, "0"), (float("inf"), 2, "∞"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_a_text(value, digits, text):
    assert number(value, digits) == text


@given(st.floats(1e-12, 1e12), st.integers(1, 5))
def test_a_written_number_is_the_number(value, digits):
    """To half a unit of the last digit asked for, by definition of a significant digit."""
    raised = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    text = number(value, digits).replace(" × 10", "e").translate(raised)
    assert float(text) == pytest.approx(value, rel=0.5000001 * 10 ** (1 - digits))


def test_shares_are_written_in_hundredths():
    assert [percent(share) for share in (0.0123, 0.5, 0.997, 1)] == [
        "1.2 %",
        "50 %",
        "100 %",
        "100 %",
    ]


def test_a_logarithmic_axis_has_the_ticks_asked_for():
    ax = Figure().add_subplot()
    ax.set(xlim=(1e-5, 1e5))
    log_axis(ax, "x", [1e-4, 0.02, 1, 1000, 1e4])
    assert ax.get_xlim() == (1e-5, 1e5) and ax.get_xscale() == "log"
    assert [text.get_text() for text in ax.get_xticklabels()] == [
        "10⁻⁴",
        "0.02",
        "1",
        "1000",
        "10⁴",
    ]
    assert not ax.get_xticks(minor=True).size
