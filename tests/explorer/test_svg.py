"""The SVG of a frame: exact to its grid, deterministic, safe, in the colours of the page."""

import io
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from smlib.explorer import Theme, explorer, slider
from smlib.explorer.lattice import decode, encode
from smlib.explorer.svg import _Nodes, _path, _short, drawing

THEME = Theme({"blue": ("#0000fe", "#8888ff"), "ink": ("#010203", "#eeeeee")})


def absolute(d):
    """Points of relative path data with commands m, l, q, c and z, written independently."""
    points, here, start, command = [], np.zeros(2), np.zeros(2), ""
    tokens = re.findall(r"[a-z]|-?(?:\d+\.?\d*|\.\d+)", d)
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        if command == "z":
            here = start
            continue
        count = {"m": 1, "l": 1, "q": 2, "c": 3}[command]
        pairs = [np.array([float(tokens.pop(0)), float(tokens.pop(0))]) for _ in range(count)]
        points += [here + pair for pair in pairs]
        here = points[-1]
        if command == "m":
            start, command = here, "l"
    return points


coordinate = st.floats(-500, 500, allow_nan=False)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=40))
def test_path_data_stay_on_a_tenth_of_a_point(points):
    d = "M " + "\nL ".join(f"{x:.6f} {y:.6f}" for x, y in points)
    kept = absolute(_path(d))
    # Points that fall together on the grid are dropped: each original has a near neighbour.
    for point in points:
        assert min(np.abs(np.array(kept) - point).max(axis=1)) <= 0.05 + 1e-6
    assert np.abs(kept[-1] - np.array(points[-1])).max() <= 0.05 + 1e-6


def test_curves_and_closed_shapes_keep_every_point():
    d = "M 1 2 Q 3 4 5 6 C 7 8 9 10 11 12 z M 20 20 L 21 22 z"
    expected = [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (20, 20), (21, 22)]
    assert np.array(absolute(_path(d))) == pytest.approx(np.array(expected))


@pytest.mark.parametrize("d", ["M 0 0 A 1 1 0 0 0 2 2", "m 0 0 l 1 1"])
def test_path_commands_that_matplotlib_never_writes_are_refused(d):
    with pytest.raises(ValueError, match="path command"):
        _path(d)


@given(st.floats(-1e4, 1e4))
def test_short_numbers_are_the_rounded_numbers(value):
    text = _short(value)
    assert float(text) == pytest.approx(round(value, 1), abs=1e-9)
    assert len(text) <= len(f"{value:.1f}")


def line(figure):
    ax = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    ax.plot([0, 1, 2], [1, 3, 2], color="#0000fe")
    ax.text(1, 2, "<tag> & Ω")
    ax.imshow(np.eye(4), extent=(0, 1, 0, 1))


def draw_svg(*what):
    """The tree and the answer of a draw function that is no generator."""
    work = drawing(*what)
    with pytest.raises(StopIteration) as end:
        next(work)
    return end.value.value


def test_a_frame_is_the_same_every_time_and_parses():
    first, _ = draw_svg(line, (4, 3), THEME, "a-", {})
    second, _ = draw_svg(line, (4, 3), THEME, "a-", {})
    assert first.markup() == second.markup()
    root = ET.fromstring(first.markup())
    assert "<tag> & Ω" in [element.text for element in root.iter("text")]
    assert root.get("viewBox") == "0 0 288 216"


def test_colours_of_the_theme_become_variables():
    markup = draw_svg(line, (4, 3), THEME, "a-", {})[0].markup()
    assert "var(--sm-blue)" in markup and "#0000fe" not in markup
    alone = THEME.alone(markup)
    assert "var(--sm-blue,#0000fe)" in alone and "var(--sm-blue)" not in alone


def test_ids_belong_to_one_explorer_and_unused_ones_go():
    markup = draw_svg(line, (4, 3), THEME, "a-", {})[0].markup()
    ids = set(re.findall(r'id="([^"]+)"', markup))
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', markup))
    assert ids == used
    assert all(name.startswith("a-") for name in ids)


def test_images_become_smaller_without_loss():
    markup = draw_svg(line, (4, 3), THEME, "a-", {})[0].markup()
    assert "data:image/webp" in markup or "data:image/png" in markup


@pytest.mark.parametrize("bad", ["script", "a", "foreignObject", "animate", "pattern", "style"])
def test_elements_outside_the_list_are_refused(bad):
    with pytest.raises(ValueError, match=f"<{bad}> is not allowed"):
        _Nodes((), "a-").element(bad, "alert(1)")


def linked(fig):
    fig.add_axes((0, 0, 1, 1)).text(0, 0, "away", url="https://example.org")


def hatched(fig):
    fig.add_axes((0, 0, 1, 1)).bar([0], [1], hatch="/")


@pytest.mark.parametrize("draw", [linked, hatched])
def test_a_figure_that_asks_for_them_is_refused(draw):
    with pytest.raises(ValueError, match="is not allowed in an explorer"):
        draw_svg(draw, (4, 3), THEME, "a-", {})


def test_event_handlers_and_foreign_links_do_not_survive():
    nodes = _Nodes((), "a-")
    nodes.element("path", d="M 0 0", onclick="x()")
    assert "onclick" not in nodes.root.markup() and "m0 0" in nodes.root.markup()
    with pytest.raises(ValueError, match="https://example"):
        nodes.element("use", attrib={"xlink:href": "https://example.org/x.svg#a"})


def everything(fig):
    """Much of what matplotlib draws."""
    left, right = fig.add_axes((0.1, 0.1, 0.4, 0.8)), fig.add_axes((0.6, 0.1, 0.38, 0.8))
    left.plot(np.linspace(0, 1, 300), np.sin(40 * np.linspace(0, 1, 300)), "--o", markevery=50)
    left.fill_between([0, 1], [0, 1], alpha=0.3, color="#0000fe")
    left.set(xlabel="time / s", title="left & <right>", xlim=(0.1, 0.9))
    left.annotate("arrow\nof two lines", (0.5, 0.5), (0.2, 0.8), arrowprops={"arrowstyle": "->"})
    left.legend(["curve"])
    right.scatter([1, 2, 3], [3, 1, 2], s=[9, 40, 90], c=["#0000fe", "#010203", "#123456"])
    right.set_xscale("log")
    right.set_yscale("log")
    right.imshow(np.arange(6).reshape(2, 3), extent=(1, 2, 1, 2))
    right.text(1.5, 1.5, "turned", rotation=30, ha="center", weight="bold", style="italic")
    right.set_title("$N^c$ and 10%")


def as_saved(draw, size):
    """What matplotlib itself saves, parsed: for each element its tag, numbers, colours and text."""
    with mpl.rc_context(THEME.settings()):
        figure, file = Figure(figsize=size), io.BytesIO()
        draw(figure)
        figure.savefig(file, format="svg")
    found = []

    def walk(element, shift):
        tag = element.tag.rpartition("}")[2]
        if tag in ("metadata", "style", "defs"):
            return
        if tag in ("path", "use", "text", "tspan", "image"):
            found.append((tag, element))
        for child in element:
            walk(child, shift)

    walk(ET.fromstring(file.getvalue()), 0)
    return found


def points(d):
    """Points of path data as matplotlib writes them, on the grid, repeated ones once."""
    pairs = np.array(re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", d), float).reshape(-1, 2)
    return [tuple(pair) for pair in pairs]


def test_every_element_is_that_of_matplotlibs_own_file():
    """In the order in which they are painted: kinds, places to 0.1 pt, colours and texts."""
    saved = as_saved(everything, (6, 3))
    tree = draw_svg(everything, (6, 3), THEME, "a-", {})[0]
    ours = []

    def walk(node):
        if node.tag in ("path", "use", "text", "tspan", "image"):
            ours.append(node)
        for child in node.children:
            if child.tag != "defs":
                walk(child)

    walk(tree)
    assert [node.tag for node in ours] == [tag for tag, _ in saved] and len(ours) > 60
    for node, (tag, element) in zip(ours, saved, strict=True):
        assert node.text == (element.text or "").strip()
        if tag == "path":
            kept = np.array(absolute(node.attributes["d"]))
            for point in points(element.get("d")):
                assert np.abs(kept - point).max(axis=1).min() <= 0.05 + 1e-6
        for name in ("x", "y"):
            if element.get(name):
                assert float(node.attributes[name]) == pytest.approx(
                    float(element.get(name)), abs=0.05 + 1e-6
                )
        style, said = node.attributes.get("style", ""), element.get("style", "")
        assert ("var(--sm-blue)" in style) == ("#0000fe" in said)
        assert ("#123456" in style) == ("#123456" in said)


@pytest.mark.parametrize("colors", [{"a": ("red", "#ffffff")}, {"a": ("#FFFFFF", "#000000")}])
def test_a_theme_takes_only_hex_colours(colors):
    with pytest.raises(ValueError, match="'a' must be lower-case"):
        Theme(colors)


def test_a_theme_names_each_colour_once():
    with pytest.raises(ValueError, match="'a' and 'b' share the value '#111111'"):
        Theme({"a": ("#111111", "#222222"), "b": ("#111111", "#333333")})


def test_what_a_state_draws_is_defined_in_that_state():
    """A marker that another state uses first, in a part which is hidden now."""

    @explorer("Order", alt="{first}.", theme=THEME, first=slider(0, 15, steps=16, label="First"))
    def markers(fig, first):
        ax = fig.add_axes((0, 0, 1, 1))
        ax.axis("off")
        ax.plot([0, 1], [1, 0], "-s" if first == 1 else "-", color="#0000fe", clip_on=False)
        if first < 2:
            ax.plot([0, 1], [0, 1], "s", color="#0000fe", clip_on=False)
        # Other markers in other states.
        for marker in np.random.default_rng(int(first)).choice(list("od^v<>phs"), 2, replace=False):
            ax.plot(0, 0, marker, color="#0000fe", clip_on=False)
        return {}

    frames = [markers.frame(**state) for state in markers.states()]
    told = encode([frame.svg for frame in frames], 0, {})
    for i in range(len(frames)):
        markup = decode(told, i)
        wanted = set(re.findall(r"(?:href=\"|url\()#([^\")]+)", markup))
        defined = re.findall(r" id=\"([^\"]+)\"", markup)
        assert wanted and wanted == set(defined) and len(defined) == len(set(defined))
    # In the page all states share one document, in which no name may stand twice.
    everywhere = re.findall(r" id=\"([^\"]+)\"", told.base.markup())
    assert len(everywhere) == len(set(everywhere))
