"""Equations and icons look as they would with the whole fonts, and need no script."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageChops

from .conftest import ROOT, SETTLED, SITE

WHOLE = ROOT / "node_modules" / "mathjax" / "es5" / "output" / "chtml" / "fonts" / "woff-v2"
FAILED = "[...document.fonts].filter(f => f.status === 'error').map(f => f.family)"
#: The theme moves these about as it likes.
HIDDEN = ".bd-sidebar-primary, .bd-sidebar-secondary { opacity: 0 !important; }"
#: How much of a page is compared, in pixels from the top.
TOP = 5000
#: The edges of an icon may lie a little elsewhere: they are fitted to pixels by letters like it.
LITTLE = 96


def wait_for_fonts(route):
    """Send a style sheet under which a page waits for its fonts, however busy the machine is."""
    css = (SITE / urlsplit(route.request.url).path.lstrip("/")).read_text(encoding="utf-8")
    css = css.replace("font-display: optional", "font-display: block")
    route.fulfill(body=css, content_type="text/css")


def drawn(page):
    """Picture of a page whose fonts have loaded, and how many equations are to be seen on it."""
    page.evaluate(SETTLED)
    assert page.evaluate(FAILED) == []
    height, seen = page.evaluate(
        """top => [Math.min(top, document.documentElement.scrollHeight),
        [...document.querySelectorAll("mjx-container")].filter(equation =>
          equation.checkVisibility() && equation.getBoundingClientRect().bottom < top).length]""",
        TOP,
    )
    clip = {"x": 0, "y": 0, "width": 1280, "height": height}
    picture = Image.open(BytesIO(page.screenshot(full_page=True, clip=clip, style=HIDDEN)))
    return picture.convert("RGB"), seen


@pytest.mark.parametrize("path", ["book/climate_grid", "book/notation", "book/solutions/attention"])
def test_a_page_is_drawn_as_with_the_whole_fonts(visit, site, path):
    answered = []

    def answer(route):
        asked = SITE / urlsplit(route.request.url).path.lstrip("/")
        answered.append(asked.name)
        route.fulfill(
            path=WHOLE / asked.name if "math" in asked.parts else asked.with_suffix(".ttf")
        )

    page = visit("about:blank", motion="reduce", apart=True).page
    page.route("**/*.css*", wait_for_fonts)
    page.goto(f"{site}/{path}.html", wait_until="load")
    slim, equations = drawn(page)
    assert equations > 12
    for pattern in ("**/fonts/math/*.woff", "**/webfonts/*.woff"):
        page.route(pattern, answer)
    page.goto(f"{site}/{path}.html", wait_until="load")
    whole, _ = drawn(page)
    assert slim.size == whole.size
    unlike = ImageChops.difference(slim, whole).convert("L").point(lambda by: (by > LITTLE) * 255)
    assert unlike.getbbox() is None, f"{path} differs in this box"
    assert "MathJax_Math-Italic.woff" in answered and "fa-solid-900.woff" in answered


def test_words_take_the_room_that_mathjax_gave_their_letters(visit, site):
    page = visit(f"{site}/book/labor.html", apart=True).page
    widths = """() => [...document.querySelectorAll("[data-word]")].filter(e => e.checkVisibility())
      .map(word => word.getBoundingClientRect().width)"""
    page.evaluate("document.fonts.ready")
    ours = page.evaluate(widths)
    page.evaluate("""() => { window.words = [...document.querySelectorAll("[data-word]")];
      words.forEach(word => word.removeAttribute("data-word")); }""")
    theirs = page.evaluate(widths.replace('[...document.querySelectorAll("[data-word]")]', "words"))
    assert len(ours) > 10
    assert ours == pytest.approx(theirs, abs=0.5)


def test_equations_need_no_script(visit, site):
    visited = visit(f"{site}/book/climate_grid.html", scripts=False)
    widths = visited.page.evaluate(
        """() => [...document.querySelectorAll("mjx-container[display=true] mjx-math")]
        .map(equation => equation.getBoundingClientRect().width)"""
    )
    assert len(widths) > 3
    assert min(widths) > 50
    visited.check()


#: Equations on lines of their own: those that scroll, and those that are stops of the keyboard.
SCROLLED = """(kept => [kept(one => one.scrollWidth > one.clientWidth),
  kept(one => one.tabIndex === 0)])(holds => [...document.querySelectorAll(
    "mjx-container[display]")].flatMap((one, i) => holds(one) ? i : []))"""


def test_an_equation_is_a_stop_of_the_keyboard_where_it_scrolls_alone(visit, site):
    visited = visit(f"{site}/book/graph_normalization.html")
    stops = []
    for width in (390, 1600, 390):
        visited.turn(width, "light")
        visited.page.wait_for_function(f"(([a, b]) => `${{a}}` === `${{b}}`)({SCROLLED})")
        stops.append(len(visited.page.evaluate(SCROLLED)[1]))
    assert stops[0] == stops[2] > stops[1] == 0
