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


def test_equations_need_no_script(visit, site):
    visited = visit(f"{site}/book/climate_grid.html", scripts=False)
    widths = visited.page.evaluate(
        """() => [...document.querySelectorAll("mjx-container[display=true] mjx-math")]
        .map(equation => equation.getBoundingClientRect().width)"""
    )
    assert len(widths) > 3
    assert min(widths) > 50
    visited.check()
