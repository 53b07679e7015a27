"""What a reader does, in three engines: move, reload, go back, search, teach, print."""

import re

import numpy as np
import pypdfium2
import pytest

from tests.book.conftest import CHAPTERS
from tools.serve import Quiet, server

from .conftest import SITE, address, pages_with
from .engines import WATCH, Chromium, Firefox, Missing, WebKit
from .fuzz import disagreements, fuzz

EXPLORER_PAGES = pages_with("<sm-explorer")
#: Move every control of the page to another state; what did not follow.
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
#: The page as a phone shows it, in a frame of this width, for no window is as narrow in WebKit.
ON_A_PHONE = """new Promise(done => {
  const frame = Object.assign(document.createElement("iframe"), {
    src: location.href, width: 390, height: 800, style: "position: fixed; top: 0; border: 0",
  });
  frame.onload = () => done([frame.contentWindow.innerWidth, frame.contentWindow.eval(`%s`)]);
  document.body.append(frame);
})"""


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


class Watched(Quiet):
    """Serve pages that note their errors from the first script on."""

    def do_GET(self):
        path = SITE / self.path.lstrip("/")
        if path.suffix != ".html":
            return super().do_GET()
        html = path.read_text(encoding="utf-8").replace("<head>", f"<head><script>{WATCH}</script>")
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(html.encode())


@pytest.fixture(scope="module")
def watched():
    """Address of the site whose pages note their errors."""
    yield from address(server(SITE, 0, Watched))


def test_no_script_of_any_page_fails(engine, watched):
    paths = ["genindex.html", "search.html", *pages_with("<body")]
    paths = [path for path in paths if not path.startswith(("book/api/", "book/solutions/"))]
    assert len(paths) > 20
    wrong = []
    for path in paths:
        engine.open(f"{watched}/{path}")
        wrong += [(path, error) for error in engine.value("smErrors")]
    assert wrong == []


def nothing_wrong(engine):
    """All tell the same state, no script failed, nothing was asked of another host."""
    assert disagreements(engine) + engine.errors() + engine.outside == []


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_controls_move_and_agree_also_after_a_reload_and_back(engine, site, path):
    engine.open(f"{site}/{path}")
    assert engine.value(MOVED) == []
    nothing_wrong(engine)
    assert engine.value(ON_A_PHONE % CUT) == [390, []]
    engine.reload()
    nothing_wrong(engine)
    engine.value(MOVED)
    engine.open(f"{site}/book/glossary.html")
    engine.back()
    engine.wait("document.querySelector('sm-explorer') && document.readyState === 'complete'")
    nothing_wrong(engine)


def test_a_hand_moves_a_slider(engine, site):
    """By a key and by the mouse."""
    engine.open(f"{site}/book/labor.html")
    control = "document.querySelector('sm-explorer input')"
    engine.value(f"{control}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
    engine.value(f"{control}.focus()")
    start = int(engine.value(f"{control}.value"))
    engine.press("ArrowRight")
    assert int(engine.value(f"{control}.value")) == start + 1
    x, y, width, height = engine.rect(control)
    middle = y + height / 2
    engine.drag(x + 12, middle, (x + width / 2, middle), (x + width - 3, middle))
    assert engine.value(f"{control}.value") == engine.value(f"{control}.max")
    nothing_wrong(engine)


def test_dark_is_dark(engine, site):
    engine.open(f"{site}/book/labor.html")
    engine.scheme("dark")
    style = "getComputedStyle(document.querySelector('sm-explorer'))"
    paper, ink = (engine.value(f"{style}.{name}") for name in ("backgroundColor", "color"))
    engine.scheme("light")
    assert max(map(int, re.findall(r"\d+", paper)[:3])) < 60
    assert min(map(int, re.findall(r"\d+", ink)[:3])) > 180


@pytest.mark.parametrize("path", ["book/labor.html", "slides/labor.html"])
def test_a_page_opened_from_a_file_answers(engine, path):
    engine.open((SITE / path).as_uri())
    assert engine.value(MOVED) == []
    assert disagreements(engine) + engine.outside == []
    # There is no Python for the browser in a folder.
    assert engine.value("document.querySelectorAll('a[href*=\"/lite/\"]').length") == 0
    engine.errors()  # a font that is preloaded is another origin's to Chromium


def test_search_finds(engine, site):
    engine.open(f"{site}/search.html?q=eigenvalue")
    engine.wait("document.querySelectorAll('#search-results li').length > 2")
    assert engine.errors() + engine.outside == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_moves_and_its_keys_page(engine, site, name):
    engine.open(f"{site}/slides/{name}.html")
    engine.wait("window.Reveal && Reveal.isReady()")
    control = "document.querySelector('sm-explorer input, sm-explorer select')"
    at = engine.value(f"Reveal.getIndices({control}.closest('section')).h")
    engine.value(f"Reveal.slide({at})")
    engine.wait(f"{control}.getClientRects().length")
    assert engine.value(MOVED) == []
    nothing_wrong(engine)
    engine.value(f"{control}.focus()")
    before = engine.value(f"{control}.value")
    engine.press("PageDown")
    engine.wait(f"(now => now.h !== {at} || now.v || now.f > -1)(Reveal.getIndices())")
    assert engine.value(f"{control}.value") == before


def test_the_speaker_view_opens_under_a_strict_policy(engine, strict):
    engine.open(f"{strict}/slides/labor.html")
    engine.wait("window.Reveal && Reveal.isReady()")
    engine.value("(old => void (window.open = (...how) => window.speaker = old(...how)))(open)")
    engine.press("s")
    notes = "window.speaker?.document.querySelector('.speaker-controls-notes .value')"
    engine.wait(f"{notes}?.textContent.trim()")
    assert engine.value(f"{notes}.textContent.trim()") == engine.value(
        "Reveal.getSlideNotes().replace(/<[^>]*>/g, '').trim()"
    )
    engine.value("speaker.close()")


#: Copy an element, as the reader does who marks it; then what is on the clipboard.
MARK = """(part => {
  getSelection().selectAllChildren(part);
  window.copied = null;
  addEventListener("copy", event => {
    const kept = ["text/plain", "text/html"].map(kind => event.clipboardData.getData(kind));
    window.copied = [...kept, event.defaultPrevented];
  }, { once: true });
  part.scrollIntoView({ block: "center", behavior: "instant" });
})(%s)"""


def copied(engine, part):
    """What copying an element of the page gives: text and HTML."""
    engine.value(MARK % part)
    engine.press("Control+c")
    engine.wait("window.copied")
    text, html, ours = engine.value("copied")
    assert ours
    return text, html


@pytest.mark.parametrize("path", ["book/labor.html", "slides/labor.html"])
def test_equations_are_copied_as_their_tex(engine, site, path):
    engine.open(f"{site}/{path}")
    inline = "document.querySelector('p mjx-container:not([display])')"
    if path.startswith("slides"):
        engine.wait("window.Reveal && Reveal.isReady()")
        engine.value(
            f"(at => Reveal.slide(at.h, at.v, 9))(Reveal.getIndices({inline}.closest('section')))"
        )
    text, html = copied(engine, f"{inline}.closest('p')")
    tex = engine.value(f"[...{inline}.closest('p').querySelectorAll('mjx-container')]"
                       ".map(one => `$${one.dataset.tex}$`)")  # fmt: skip
    assert tex and all(one in text for one in tex), text
    assert "mjx-" not in html and html.count("$") == text.count("$") == 2 * len(tex)
    # From within an equation to the end of its paragraph: all of it.
    engine.value(MARK % f"{inline}.closest('p')")
    engine.value(f"getSelection().setBaseAndExtent({inline}.querySelector('mjx-c'), 0, "
                 f"{inline}.closest('p'), {inline}.closest('p').childNodes.length)")  # fmt: skip
    engine.press("Control+c")
    engine.wait("window.copied")
    assert engine.value("copied")[0].startswith(tex[0])


def test_a_displayed_equation_is_copied_with_its_number(engine, site):
    engine.open(f"{site}/book/labor.html")
    text, html = copied(engine, "document.querySelector('div.math:has(.eqno)')")
    number = engine.value("document.querySelector('.eqno').firstChild.textContent")
    tex = engine.value("document.querySelector('div.math:has(.eqno) mjx-container').dataset.tex")
    assert text.strip() == f"$${tex} \\tag{{{number.strip('()')}}}$$"
    assert "mjx-" not in html


#: Where on its page each figure of a deck lies, as shares; pages without one are left out.
PLACES = """[...document.querySelectorAll(".pdf-page")].flatMap(page => {
  const figure = page.querySelector(":is(sm-explorer, .sm-still) svg");
  page.hidden = !figure;
  if (!figure) return [];
  const [inner, outer] = [figure, page].map(each => each.getBoundingClientRect());
  return [[
    (inner.left - outer.left) / outer.width, (inner.top - outer.top) / outer.height,
    (inner.right - outer.left) / outer.width, (inner.bottom - outer.top) / outer.height,
  ]];
})"""


@pytest.mark.parametrize("engine", ["Firefox"], indirect=True)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_is_printed_with_its_figures(engine, site, name):
    """There is ink where a figure lies; Chromium has tests of its own."""
    engine.open(f"{site}/slides/{name}.html?print-pdf")
    engine.wait("window.Reveal && Reveal.isReady() && document.querySelector('.pdf-page')")
    places = engine.value(PLACES)
    printed = pypdfium2.PdfDocument(engine.printed())
    assert 2 < len(places) == len(printed)
    for page, (left, top, right, bottom) in zip(printed, places, strict=True):
        paper = page.render(scale=0.5).to_numpy().min(axis=2)
        rows, columns = (np.array(span) * size for span, size in zip(
            ((top, bottom), (left, right)), paper.shape, strict=True))  # fmt: skip
        # Well inside; a line of text that reaches in where a figure is blank makes less than 0.02.
        (first, last), (start, end) = (
            (span.mean() + 0.8 * (span - span.mean())).astype(int) for span in (rows, columns)
        )
        assert np.mean(paper[first:last, start:end] < 250) > 0.03, name


def test_random_events_leave_all_in_agreement(engine, site):
    """A short round of ``make fuzz``, of a seed that is known."""
    fuzz(engine, site, EXPLORER_PAGES, seed=1, most=8)
    engine.resize(1280, 900)
