"""Equations and icons look as they would with the whole fonts, and need no script."""

from urllib.parse import urlsplit

import pytest

from .conftest import ROOT, SITE

WHOLE = ROOT / "node_modules" / "mathjax" / "es5" / "output" / "chtml" / "fonts" / "woff-v2"
FAILED = """async () => { await document.fonts.ready;
  return [...document.fonts].filter(font => font.status === "error").map(font => font.family); }"""


def drawn(page):
    """Pictures of the buttons and of twelve equations of a page whose fonts have loaded."""
    assert page.evaluate(FAILED) == []
    page.wait_for_timeout(500)  # the theme moves its sidebars about
    shown = [page.locator(".header-article-items__end").first]
    shown += [each for each in page.locator("mjx-container").all() if each.is_visible()][:12]
    return [each.screenshot() for each in shown]


@pytest.mark.parametrize("path", ["book/climate_grid", "book/notation", "book/solutions/attention"])
def test_a_page_is_drawn_as_with_the_whole_fonts(visit, site, path):
    still = {"reduced_motion": "reduce"}
    slim = drawn(visit(f"{site}/{path}.html", **still).page)
    assert len(slim) > 5
    answered = []

    def answer(route):
        asked = SITE / urlsplit(route.request.url).path.lstrip("/")
        answered.append(asked.name)
        route.fulfill(
            path=WHOLE / asked.name if "math" in asked.parts else asked.with_suffix(".ttf")
        )

    page = visit("about:blank", **still).page
    for pattern in ("**/fonts/math/*.woff", "**/webfonts/*.woff"):
        page.route(pattern, answer)
    page.goto(f"{site}/{path}.html", wait_until="load")
    assert drawn(page) == slim
    assert "MathJax_Math-Italic.woff" in answered and "fa-solid-900.woff" in answered


def test_equations_need_no_script(visit, site):
    visited = visit(f"{site}/book/climate_grid.html", java_script_enabled=False)
    equations = visited.page.locator("mjx-container[display=true] mjx-math").all()
    assert len(equations) > 3
    assert all(equation.bounding_box()["width"] > 50 for equation in equations)
    visited.check()
