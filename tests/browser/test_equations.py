"""Equations and icons look as they would with the whole fonts, and need no script."""

from urllib.parse import urlsplit

import pytest

from .conftest import ROOT, SITE

WHOLE = ROOT / "node_modules" / "mathjax" / "es5" / "output" / "chtml" / "fonts" / "woff-v2"
STATUS = """async () => { await document.fonts.ready;
  return [...document.fonts].filter(font => font.status === "error").map(font => font.family); }"""


@pytest.mark.parametrize("path", ["book/climate_grid", "book/notation", "book/solutions/attention"])
def test_a_page_is_drawn_as_with_the_whole_fonts(visit, chromium, site, path):
    visited = visit(f"{site}/{path}.html")
    assert visited.page.evaluate(STATUS) == []
    assert visited.page.locator("mjx-container").count() > 3

    def answer(route):
        asked = SITE / urlsplit(route.request.url).path.lstrip("/")
        whole = WHOLE / asked.name if "math" in asked.parts else asked.with_suffix(".ttf")
        answered.append(asked.name)
        route.fulfill(path=whole)

    answered = []
    other = chromium.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    for pattern in ("**/fonts/math/*.woff", "**/webfonts/*.woff"):
        other.route(pattern, answer)
    page = other.new_page()
    page.goto(f"{site}/{path}.html", wait_until="load")
    assert page.evaluate(STATUS) == []
    whole, slim = (each.screenshot(full_page=True) for each in (page, visited.page))
    assert "MathJax_Math-Italic.woff" in answered and "fa-solid-900.woff" in answered
    assert whole == slim
    other.close()


def test_equations_need_no_script(visit, site):
    visited = visit(f"{site}/book/climate_grid.html", java_script_enabled=False)
    equations = visited.page.locator("mjx-container[display=true] mjx-math").all()
    assert len(equations) > 3
    assert all(equation.bounding_box()["width"] > 50 for equation in equations)
    visited.check()
