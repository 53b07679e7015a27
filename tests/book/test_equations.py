"""Equations are set when the site is built, and icons and fonts are cut down to what it shows."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from bookext import equations
from bookext.assets import pages, slim

from .conftest import CHAPTERS, ROOT

SITE = ROOT / "_build" / "html"
MATHJAX = ROOT / "node_modules" / "mathjax" / "es5"
THEME = Path(find_spec("pydata_sphinx_theme").origin).parent / "theme/pydata_sphinx_theme/static"
PAGES = [path.relative_to(SITE).as_posix() for path in pages(SITE)]


def test_the_chapters_and_their_decks_are_among_the_pages_and_have_equations():
    for name in CHAPTERS:
        for path in (f"book/{name}.html", f"slides/{name}.html"):
            assert path in PAGES
        assert "<mjx-container" in (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")


EQUATIONS = SoupStrainer(["span", "div"], class_=re.compile(r"(^|\s)math(\s|$)"))


@pytest.mark.parametrize("path", PAGES)
def test_every_equation_of_a_page_is_set_for_the_eyes_and_for_the_ear(path):
    text = (SITE / path).read_text(encoding="utf-8")
    equations = BeautifulSoup(text, "html.parser", parse_only=EQUATIONS).select("span, div")
    equations = [each for each in equations if "math" in each.get("class", [])]
    assert len(equations) >= text.count("<mjx-container")
    assert all(len(each.select(":scope > mjx-container > mjx-math")) == 1 for each in equations)
    assert all(len(each.select("mjx-assistive-mml > math")) == 1 for each in equations)
    shown = re.sub(r"<(pre|code|script)\b.*?</\1>", "", text, flags=re.S)
    assert not re.search(r"\\[()\[\]]|\\[a-z]{3}", re.sub(r"<[^>]*>", "", shown))


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_page_loads_what_would_set_them(name):
    for path in (f"book/{name}.html", f"slides/{name}.html"):
        text = (SITE / path).read_text(encoding="utf-8")
        scripts = re.findall(r"<script\b.*?</script>", text, re.S)
        assert scripts and not [script for script in scripts if "mathjax" in script.lower()]


@pytest.fixture
def mathjax():
    """MathJax, until the end of a test."""
    yield
    equations.end()
    equations.typeset.cache_clear()


@pytest.mark.parametrize("tex", [r"\frac{1", r"\nosuchcommand", r"\begin{align} a"])
def test_what_mathjax_cannot_read_ends_the_build(mathjax, tex):
    assert "<mjx-math" in equations.typeset("x", False)
    with pytest.raises(ExtensionError, match=re.escape(repr(tex))):
        equations.typeset(tex, True)


def test_mathml_says_what_is_written(mathjax):
    tex = r"\frac{a}{b_1} = \sqrt{c}"
    markup, inline = equations.typeset(tex, True), equations.typeset(tex, False)
    # No stop of the keyboard: page.js makes those that scroll one.
    assert "tabindex" not in markup + inline
    math = BeautifulSoup(markup, "html.parser").math
    assert math["display"] == "block"
    assert math.mfrac.get_text("|") == "a|b|1" and math.msqrt.get_text() == "c"


def test_an_equation_keeps_its_tex_for_who_copies_it(mathjax):
    markup = BeautifulSoup(equations.typeset('a < b\n "c"', False), "html.parser")
    assert markup.find("mjx-container")["data-tex"] == 'a < b "c"'
    assert markup.get_text().count("c") == 1


@pytest.mark.parametrize("name", CHAPTERS)
def test_letters_of_a_word_are_written_in_one_piece(name):
    """WebKit rounds the place of each box; letters of a word would lie on lines of their own."""
    page = BeautifulSoup(
        (SITE / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser"
    )
    words = [each for each in page.select("mjx-mi, mjx-mn, mjx-mtext")
             if len(each.select(":scope > mjx-c")) > 1]  # fmt: skip
    assert words
    for word in words:
        codes = [re.search(r"mjx-c([0-9A-F]+)", " ".join(letter["class"]))[1] for letter in word]
        letters = "".join(chr(int(code, 16)) for code in codes)
        assert word.get("data-word", "").replace("\u00a0", " ") == letters.replace("\u00a0", " ")


def test_a_slim_font_draws_what_is_left_as_the_whole_one_does(tmp_path):
    whole = MATHJAX / "output/chtml/fonts/woff-v2/MathJax_Main-Regular.woff"
    slim(whole, tmp_path / "slim.woff", map(ord, "a+∞♠"))
    old, new = TTFont(whole), TTFont(tmp_path / "slim.woff")
    assert set(new.getBestCmap()) == set(map(ord, "a+∞♠")) & set(old.getBestCmap())
    for code, name in new.getBestCmap().items():
        assert new["hmtx"][name] == old["hmtx"][old.getBestCmap()[code]]
    assert (tmp_path / "slim.woff").stat().st_size < whole.stat().st_size / 4


def test_every_icon_that_a_page_names_is_drawn():
    rules = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')

    def icons(path):
        css = path.read_text(encoding="utf-8")
        return {name: int(code, 16) for names, code in rules.findall(css)
                for name in re.findall(r"\.(fa-[a-z0-9-]+)", names)}  # fmt: skip

    theirs = icons(THEME / "styles" / "pydata-sphinx-theme.css")
    ours = icons(SITE / "_static" / "styles" / "pydata-sphinx-theme.css")
    named = {name for path in PAGES
             for name in re.findall(r"fa-[a-z0-9-]+", (SITE / path).read_text())}  # fmt: skip
    assert len(named & theirs.keys()) > 10 and len(ours) < len(theirs) / 10
    fonts = [TTFont(path).getBestCmap() for path in SITE.glob("_static/**/webfonts/*.woff")]
    # Nor what equations are written with, which the style sheet of an earlier build names.
    assert len(fonts) == 3 and not any(ord("0") in font for font in fonts)
    for name in named & theirs.keys():
        assert ours[name] == theirs[name]
        assert any(ours[name] in font for font in fonts), name
