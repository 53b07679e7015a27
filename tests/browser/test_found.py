"""Pages of the library, the search, the page not found, and a strict Content-Security-Policy."""

import shutil

import pytest

from tools.serve import server

from .conftest import SITE, address, audit

LIBRARY = [path.relative_to(SITE).as_posix() for path in sorted(SITE.glob("book/api/*.html"))]
#: Where the page not found looks for the beginning of the site.
HOME = "document.querySelector('[data-to]').href"


def test_no_page_of_the_library_is_wider_than_a_phone(visit, site):
    assert len(LIBRARY) >= 25
    visited = visit(f"{site}/genindex.html", width=390)
    wide = []
    for path in [*LIBRARY, "genindex.html"]:
        visited.page.goto(f"{site}/{path}", wait_until="domcontentloaded")
        if visited.page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)
    assert wide == []
    visited.check()


@pytest.mark.parametrize("name", ["index", "scales", "metallic_glass"])
def test_pages_of_the_library_are_accessible(visit, site, name):
    visited = visit(f"{site}/book/api/{name}.html", width=390)
    visited.turn(390, "light")
    assert audit(visited.page, ".bd-article") == {}, "light"
    visited.turn(390, "dark")
    assert audit(visited.page, ".bd-article", rules=["color-contrast"]) == {}, "dark"
    visited.check()


def test_the_search_finds_a_word_of_the_book_without_a_network(visit, site):
    visited = visit(f"{site}/search.html?q=depinning")
    found = visited.page.locator("ul.search li a[href*='book/']")
    found.first.wait_for(timeout=20_000)
    visited.page.wait_for_function("!document.querySelector('#search-progress')?.textContent")
    paths = [link.get_attribute("href") for link in found.all()]
    assert any("book/random_landscape.html" in path for path in paths)
    visited.check()


@pytest.mark.parametrize("word", ["GCN", "BatchNorm", "StandardScaler", "partogram"])
def test_the_search_finds_by_names_that_the_book_does_not_prefer(visit, site, word):
    visited = visit(f"{site}/search.html?q={word}")
    found = visited.page.locator("ul.search li a[href*='book/glossary']")
    found.first.wait_for(timeout=20_000)
    visited.check()


@pytest.mark.parametrize("word", ["quad", "delta", "theta"])
def test_every_hit_shows_the_word(visit, site, word):
    """In its title or its excerpt."""
    visited = visit(f"{site}/search.html?q={word}")
    page = visited.page
    page.wait_for_function(
        "document.querySelector('.search-summary')?.textContent.includes('earch')"
    )
    page.wait_for_function("!document.querySelector('#search-progress')?.textContent")
    hits = page.locator("ul.search li").all_inner_texts()
    assert [hit for hit in hits if word not in hit.lower()] == []
    visited.check()


def test_the_address_of_the_site_leads_to_its_first_page_without_a_script(visit, site):
    visited = visit(f"{site}/", scripts=False)
    visited.page.wait_for_url("**/book/intro.html")
    visited.check()


@pytest.fixture
def elsewhere(tmp_path):
    """Address of a site that has the page not found alone, there and in a folder."""
    for folder in (tmp_path, tmp_path / "scale-mismatch"):
        folder.mkdir(exist_ok=True)
        shutil.copy(SITE / "404.html", folder)
    yield from address(server(tmp_path, 0))


def test_a_missing_page_leads_home_from_any_depth_below_any_path(visit, elsewhere):
    for path, home in {
        "/nowhere": "/",
        "/book/a/b/nowhere.html": "/",
        "/scale-mismatch/x/y/z": "/scale-mismatch/",
        "/fork/book/nowhere.html": "/fork/",
        "/a/b/slides/nowhere.html": "/a/b/",
    }.items():
        visited = visit(elsewhere + path, width=390, scheme="dark")
        assert visited.page.evaluate(HOME) == f"{elsewhere}{home}index.html"
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= 390
        assert [error for error in visited.errors if "404" not in error] == []
        assert visited.outside == []
    assert audit(visited.page) == {}


@pytest.mark.parametrize(
    "path",
    [
        "book/size_mismatch.html",
        "book/labor.html",
        "book/climate_grid.html",
        "slides/size_mismatch.html",
    ],
)
def test_under_a_strict_policy_figures_move_and_equations_stand(visit, strict, path):
    visited = visit(f"{strict}/{path}")
    page = visited.page
    if path.startswith("slides"):
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        page.evaluate(
            """() => { const slide = document.querySelector("sm-explorer").closest("section");
            const at = Reveal.getIndices(slide); Reveal.slide(at.h, at.v); }"""
        )
    figure = page.locator("sm-explorer").first
    figure.scroll_into_view_if_needed()
    before = figure.locator("svg").first.get_attribute("aria-label")
    control = figure.locator("input[type=range]").first
    at_end = control.evaluate("c => c.value === c.max")
    control.focus()
    page.keyboard.press("Home" if at_end else "End")
    page.wait_for_function(
        "([e, old]) => e.querySelector('svg').getAttribute('aria-label') !== old",
        arg=[figure.element_handle(), before],
    )
    page.wait_for_selector("mjx-container", state="attached")
    # A violation is an error on the console.
    visited.check()


def test_the_policy_is_in_force_and_the_buttons_of_the_theme_work_under_it(visit, strict):
    visited = visit(f"{strict}/book/glossary.html", apart=True)
    page = visited.page
    page.evaluate("window.print = () => { window.printed = true; }")
    page.locator("[data-press=print]").evaluate("button => button.click()")
    assert page.evaluate("window.printed")
    page.locator("[data-press=fullscreen]").click()
    page.wait_for_function("document.fullscreenElement !== null")
    visited.check()
    page.evaluate(
        """() => { const script = document.createElement("script");
        script.textContent = "window.ran = true"; document.head.append(script); }"""
    )
    assert not page.evaluate("window.ran")
    assert any("Content Security Policy" in error for error in visited.errors)
