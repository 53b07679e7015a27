"""What a reader does, in three engines: move, reload, go back, search, teach, print."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.book.conftest import CHAPTERS

from .conftest import SITE, pages_with
from .engines import Chromium, Firefox, Missing, WebKit
from .fuzz import disagreements, fuzz

EXPLORER_PAGES = pages_with("<sm-explorer")
#: Move every control of the page to another state and back to a third; what did not follow.
MOVED = """Promise.all([...document.querySelectorAll("sm-explorer")].map(async explorer => {
  await explorer.load();
  const seen = () => explorer.querySelector("svg").outerHTML
    + explorer.querySelector("dl").textContent + explorer.dataset.state;
  return explorer.inputs.filter(input => {
    const before = seen();
    if (input.type === "range") input.value = +input.value === +input.max ? 0 : input.max;
    else input.selectedIndex = input.selectedIndex ? 0 : input.options.length - 1;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return seen() === before;
  }).map(input => input.id);
})).then(lists => lists.flat())"""
#: Explorers that the window cuts, or a box around them.
CUT = """[...document.querySelectorAll("sm-explorer")].filter(explorer => {
  const { left, right } = explorer.getBoundingClientRect();
  if (left < 0 || right > innerWidth) return true;
  for (let box = explorer.parentElement; box; box = box.parentElement) {
    const around = box.getBoundingClientRect();
    const whole = box === document.body || box === document.documentElement
      || getComputedStyle(box).overflowX === "visible";
    if (!whole && (left < around.left || right > around.right)) return true;
  }
  return false;
}).map(explorer => explorer.id)"""


@pytest.fixture(scope="module", params=["Chromium", "Firefox", "WebKit"])
def engine(request):
    """A browser, if it is here."""
    makers = {"Firefox": Firefox, "WebKit": WebKit}
    try:
        if request.param == "Chromium":
            made = Chromium(request.getfixturevalue("chromium"))
        else:
            made = makers[request.param]()
    except Missing as missing:
        pytest.skip(str(missing))
    with made:
        made.resize(1280, 900)
        yield made


def nothing_wrong(engine):
    """All tell the same state, no script failed, nothing was asked of another host."""
    assert disagreements(engine) + engine.errors() + engine.outside == []


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_controls_move_and_agree_also_after_a_reload_and_back(engine, site, path):
    engine.open(f"{site}/{path}")
    assert engine.value(MOVED) == []
    nothing_wrong(engine)
    engine.reload()
    nothing_wrong(engine)
    engine.value(MOVED)
    engine.open(f"{site}/book/glossary.html")
    engine.back()
    engine.wait("document.querySelector('sm-explorer')")
    nothing_wrong(engine)


def test_a_hand_moves_a_slider(engine, site):
    """By keys, by the mouse, and by a finger, where the engine has fingers."""
    engine.open(f"{site}/book/labor.html")
    control = "document.querySelector('sm-explorer input')"
    engine.value(f"{control}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    engine.value(f"{control}.focus()")
    start = int(engine.value(f"{control}.value"))
    engine.press("ArrowRight")
    assert int(engine.value(f"{control}.value")) == start + 1
    x, y, width, height = engine.rect(control)
    engine.drag(
        x + 12, y + height / 2, (x + width / 2, y + height / 2), (x + width - 3, y + height / 2)
    )
    assert engine.value(f"{control}.value") == engine.value(f"{control}.max")
    nothing_wrong(engine)


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_no_edge_of_an_explorer_is_cut_on_a_phone(engine, site, path):
    engine.resize(390, 800)
    engine.open(f"{site}/{path}")
    cut = engine.value(CUT)
    engine.resize(1280, 900)
    assert cut == []


def test_dark_is_dark(engine, site):
    engine.open(f"{site}/book/labor.html")
    engine.scheme("dark")
    paper = engine.value("getComputedStyle(document.querySelector('sm-explorer')).backgroundColor")
    ink = engine.value("getComputedStyle(document.querySelector('sm-explorer')).color")
    engine.scheme("light")
    assert max(map(int, re.findall(r"\d+", paper)[:3])) < 60
    assert min(map(int, re.findall(r"\d+", ink)[:3])) > 180


@pytest.mark.parametrize("path", ["book/labor.html", "slides/labor.html"])
def test_a_page_opened_from_a_file_answers(engine, path):
    engine.open((SITE / path).as_uri())
    assert engine.value(MOVED) == []
    nothing_wrong(engine)


def test_search_finds(engine, site):
    engine.open(f"{site}/search.html?q=eigenvalue")
    engine.wait("document.querySelectorAll('#search-results li').length > 2")
    assert engine.errors() + engine.outside == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_moves_and_its_keys_page(engine, site, name):
    engine.open(f"{site}/slides/{name}.html")
    engine.wait("window.Reveal && Reveal.isReady()")
    slide = "document.querySelector('sm-explorer input, sm-explorer select')"
    h, v = engine.value(f"(at => [at.h, at.v])(Reveal.getIndices({slide}.closest('section')))")
    engine.value(f"Reveal.slide({h}, {v})")
    engine.wait(f"{slide}.getClientRects().length")
    assert engine.value(MOVED) == []
    nothing_wrong(engine)
    engine.value(f"{slide}.focus()")
    before = engine.value(f"{slide}.value")
    engine.press("PageDown")
    engine.wait(f"(at => at.h !== {h} || at.v !== {v} || at.f > -1)(Reveal.getIndices())")
    assert engine.value(f"{slide}.value") == before


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_is_printed_with_its_figures(engine, site, name):
    """Words that stand in the drawings are on the paper."""
    engine.open(f"{site}/slides/{name}.html?print-pdf")
    engine.wait("window.Reveal && Reveal.isReady() && document.querySelector('.pdf-page')")
    words = engine.value(
        """[...document.querySelectorAll("sm-explorer svg, .sm-still svg")].map(svg =>
          [...svg.querySelectorAll("text")].map(text => text.textContent)
            .filter(text => /^[a-z]{5,}$/i.test(text)))"""
    )
    try:
        pdf = engine.printed()
    except NotImplementedError:
        pytest.skip(f"{engine.name} prints for nobody but a hand")
    paper = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    plain = re.sub(r"\s", "", paper)
    assert [figure for figure in words if any(word not in plain for word in figure)] == []


def test_random_events_leave_all_in_agreement(engine, site):
    """A short round of ``make fuzz``, of a seed that is known."""
    fuzz(engine, site, EXPLORER_PAGES, seconds=15, seed=1)
    engine.resize(1280, 900)
