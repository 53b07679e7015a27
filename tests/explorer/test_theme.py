"""A theme's colours: known to matplotlib by name, followed by the page."""

import pytest
from matplotlib.colors import get_named_colors_mapping, to_hex

from smlib.explorer import Theme, still


@pytest.fixture
def theme():
    made = Theme({"oddly": ("#123456", "#abcdef")})
    made.name_colors()
    yield made
    del get_named_colors_mapping()["oddly"]


def test_a_colour_is_drawn_by_its_name_and_follows_the_page(theme):
    @still(alt="A line.", theme=theme)
    def figure(fig):
        fig.add_axes((0, 0, 1, 1)).plot([0, 1], color="oddly")

    assert to_hex("oddly") == "#123456"
    markup = figure.frame().svg.markup()
    assert "stroke:var(--sm-oddly)" in markup
    assert "#123456" not in markup
    assert "stroke:var(--sm-oddly,#123456)" in theme.alone(markup)


@pytest.mark.parametrize(
    ("colors", "told"),
    [
        ({"a": ("#123", "#abcdef")}, "'a' must be lower-case '#rrggbb', got '#123'"),
        ({"a": ("#123456", "#ABCDEF")}, "'a' must be lower-case '#rrggbb', got '#ABCDEF'"),
        ({"a": ("#123456", "#abcdef"), "b": ("#123456", "#000000")}, "'a' and 'b' share"),
    ],
)
def test_a_bad_theme_is_refused_with_the_value(colors, told):
    with pytest.raises(ValueError, match=told):
        Theme(colors)
