"""Decks, chapters and the book on paper: all of it, with links that lead somewhere."""

import re
import unicodedata
from functools import cache
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pypdf
import pytest

from smlib.figures import labor
from tools.notebooks import PUBLIC
from tools.pdf import parts, print_book, print_chapter, print_deck, serve
from tools.student import stage

from .conftest import ROOT, SITE

CHAPTER = (ROOT / "book" / "labor.md").read_text(encoding="utf-8")
#: Enough of the book to lead from page to page.
PAGES = ["book/intro", "book/labor", "book/solutions/labor", "book/glossary", "book/bibliography"]
#: Explorers of the chapter, and of each the query and the name of the first three settings.
SETTINGS = {}
for query, figure, name in re.findall(
    r'^\d\. <a href="\?([^"#]+)#explorer-(\w+)">\*\*(.*?)\*\*', CHAPTER, re.M
):
    SETTINGS.setdefault(getattr(labor, figure), []).append((unescape(query), name))
SETTINGS = {figure: settings[:3] for figure, settings in SETTINGS.items()}


def plain(text):
    """Letters and signs alone; how a page is set decides on spaces and ligatures."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def words(path):
    """All that stands on the pages of a PDF."""
    return plain("".join(page.extract_text() for page in pypdf.PdfReader(path).pages))


def titles(outline):
    """Titles of an outline, of all levels."""
    for entry in outline:
        yield from titles(entry) if isinstance(entry, list) else [entry.title]


def links(reader):
    """Where links lead: names of destinations inside, and addresses outside."""
    inside, outside = [], []
    for page in reader.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/Dest" in link:
                inside.append(link["/Dest"])
            elif "/A" in link:
                outside.append(str(link["/A"]["/URI"]))
    return inside, outside


def state(explorer, query):
    """The state that a query names, as arguments of the explorer."""
    found = dict(explorer.start)
    for key, value in parse_qsl(query):
        name = key.partition(".")[2]
        control = explorer.controls[name]
        written = list(map(control.key, control.values))
        found[name] = control.values[written.index(value)]
    return found


@pytest.fixture(scope="module")
def printed(chromium, site, tmp_path_factory):
    """Print a chapter, and a book of a few pages; their paths."""
    folder = tmp_path_factory.mktemp("pdf")
    page = chromium.new_page(color_scheme="dark")
    serve(page, SITE)
    print_chapter(page, "book/labor", folder / "labor.pdf")
    kept = [(caption, [name for name in names if name in PAGES]) for caption, names in parts(SITE)]
    print_book(page, [part for part in kept if part[1]], folder / "book.pdf")
    page.close()
    return folder


def test_a_deck_is_printed_slide_by_slide(visit, site, tmp_path):
    visited = visit(f"{site}/slides/labor.html", width=1280, height=720)
    page = visited.page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    shown = page.evaluate(
        "[...document.querySelectorAll('section h1, section h2')].map(title => title.textContent)"
    )
    total = page.evaluate("Reveal.getTotalSlides()")
    print_deck(page, f"{site}/slides/labor.html", tmp_path / "labor.pdf")
    assert len(pypdf.PdfReader(tmp_path / "labor.pdf").pages) == total
    text = words(tmp_path / "labor.pdf")
    for title in shown:
        assert plain(title.replace("#", "")) in text
    # The plan of the class is for the speaker alone.
    assert plain("Plan for 50 minutes") not in text
    visited.check()


@pytest.mark.parametrize("name", ["labor", "book"])
class TestPrinted:
    """A chapter by itself, and the same chapter in the book."""

    def test_it_has_all_sections_and_room_for_them(self, printed, name):
        reader = pypdf.PdfReader(printed / f"{name}.pdf")
        found = [plain(title) for title in titles(reader.outline)]
        for title in re.findall(
            r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", CHAPTER, flags=re.S | re.M), re.M
        ):
            assert plain(title) in found
        # A full page of A4 holds about 600 words, and not all of them are full.
        assert len(reader.pages) > len(CHAPTER.split()) / 600
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]

    def test_explorers_show_three_settings_with_what_they_read(self, printed, name):
        text = words(printed / f"{name}.pdf")
        assert len(SETTINGS) == 2
        for explorer, settings in SETTINGS.items():
            assert plain(explorer.title) in text
            for query, called in settings:
                chosen = state(explorer, query)
                caption = called
                for key, control in explorer.controls.items():
                    caption += control.label + control.text(chosen[key])
                for key, value in explorer.readouts(**chosen).items():
                    caption += key + value
                assert plain(caption) in text

    def test_links_lead_into_the_document_or_to_the_public_site(self, printed, name):
        reader = pypdf.PdfReader(printed / f"{name}.pdf")
        inside, outside = links(reader)
        assert len(inside) > 20
        assert set(inside) <= set(reader.named_destinations)
        assert all(urlsplit(address).scheme == "https" for address in outside)
        assert not [a for a in outside if "127.0.0.1" in a or "localhost" in a]
        here = ["book/labor"] if name == "labor" else PAGES
        for address in outside:
            page = address.removeprefix(PUBLIC).partition(".html")[0]
            # Only a state of an explorer is to be had on the site alone.
            assert page not in here or "?" in address, address

    def test_what_opens_is_open_and_nothing_can_be_pressed(self, printed, name):
        text = words(printed / f"{name}.pdf")
        answers = re.findall(r"\{dropdown\} After you have decided\n(.*?)[.:`{$]", CHAPTER)
        assert answers
        assert all(plain(answer) in text for answer in answers)
        assert plain("Reset Link to this state") not in text
        assert plain("How this figure is drawn") not in text
        assert plain("Slides of this chapter") not in text


def test_the_book_lists_its_pages_where_they_are(printed):
    reader = pypdf.PdfReader(printed / "book.pdf")
    contents = reader.pages[1].extract_text()
    assert "Contents" in contents
    found = re.findall(r"^(.+?) ?(\d+)$", contents, re.M)
    assert len(found) == len(PAGES)
    for title, number in found:
        assert plain(title) in plain(reader.pages[int(number) - 1].extract_text())


def test_solutions_are_in_the_book_and_not_in_the_chapter(printed):
    # Of the first exercise of the chapter.
    answer = plain("10.0 cm and 9.31 cm.")
    assert answer not in words(printed / "labor.pdf")
    assert answer in words(printed / "book.pdf")


def test_works_that_a_chapter_cites_are_listed_after_it(printed):
    reader = pypdf.PdfReader(printed / "labor.pdf")
    assert list(titles(reader.outline))[-1] == "References"
    cited = [link for link in links(reader)[0] if link.startswith("/book-bibliography--")]
    assert cited
    last = reader.named_destinations[cited[-1]]
    assert reader.get_destination_page_number(last) >= len(reader.pages) - 5


def test_the_order_is_that_of_the_book_and_students_get_no_solutions(tmp_path):
    names = [name for _, found in parts(SITE) for name in found]
    assert names[0] == "book/intro"
    assert names[-3:] == ["book/notation", "book/glossary", "book/bibliography"]
    assert "book/solutions/labor" in names
    assert not [name for name in names if "api" in name or "lecturers" in name]
    stage(tmp_path)
    students = [name for _, found in parts(tmp_path / "_build" / "html") for name in found]
    assert students == [name for name in names if "solutions" not in name]


@pytest.mark.parametrize("by", ["button", "keys"])
def test_a_page_that_a_reader_prints_shows_the_same(visit, site, tmp_path, by):
    visited = visit(f"{site}/book/labor.html")
    page = visited.page
    if by == "button":
        page.evaluate("window.print = () => { window.printed = true; }")
        page.locator("[data-press=print]").first.evaluate("button => button.click()")
        page.wait_for_function("window.printed")
    else:  # without having scrolled
        every = "[...document.querySelectorAll('sm-explorer')].every(explorer => explorer.data)"
        page.wait_for_function(every)
    page.pdf(path=tmp_path / "labor.pdf")
    text = words(tmp_path / "labor.pdf")
    for settings in SETTINGS.values():
        for _, called in settings:
            # In the list and beside the figure.
            assert text.count(plain(called)) >= 2
    # The first page is full, and lists no pages that it has no numbers of.
    first = pypdf.PdfReader(tmp_path / "labor.pdf").pages[0].extract_text()
    assert plain("In this chapter") in plain(first)
    assert "Contents" not in first
    for gone in ("Reset Link to this state", "Skip to main content", "Five kinds of brick"):
        assert plain(gone) not in text
    assert page.locator(".sm-sheet").count() == 0
    visited.check()


def test_a_link_to_a_state_moves_the_figure_without_loading(visit, site):
    visited = visit(f"{site}/book/labor.html")
    page = visited.page
    figure = page.locator("#explorer-turn_the_head")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="Turn it to 0°.").click()
    assert figure.locator("[data-name=position]").input_value() == "0"
    page.wait_for_function("e => e.dataset.state", arg=figure.element_handle())
    position = labor.turn_the_head.controls["position"].text(0)
    assert f"position {position}" in figure.locator("svg").get_attribute("aria-label")
    assert page.evaluate("window.same")
    assert "?" not in page.url
    visited.check()
