"""The deck of every chapter: long enough for a class, no slide too tall, explorers alive."""

import pytest

from tests.book.conftest import CHAPTERS

from .conftest import SITE, audit

OVERFLOW = """() => { const s = Reveal.getCurrentSlide();
  const parts = [...s.querySelectorAll("*")]
    .filter(e => !e.closest("aside.notes, .sm-status, mjx-assistive-mml"));
  const bottom = Math.max(...parts.map(e => e.getBoundingClientRect().bottom));
  return [s.scrollHeight - s.clientHeight, s.scrollWidth - s.clientWidth, bottom]; }"""


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_carries_a_class_and_fits_its_screen(visit, site, name):
    visited = visit(f"{site}/slides/{name}.html", width=1280, height=720)
    page = visited.page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    total = page.evaluate("Reveal.getTotalSlides()")
    assert 15 <= total <= 25
    moved = 0
    for number in range(total):
        page.wait_for_timeout(100)
        tall, wide, bottom = page.evaluate(OVERFLOW)
        assert tall <= 0 and wide <= 0 and bottom <= 720, f"slide {number + 1} overflows"
        explorer = page.locator("section.present sm-explorer")
        if explorer.count():
            slide = page.evaluate("Reveal.getIndices().h")
            before = explorer.locator("dl").text_content()
            control = explorer.locator("input[type=range], select").first
            control.focus()
            at_end = control.evaluate("c => c.value === c.max || c.selectedIndex + 1 === c.length")
            page.keyboard.press("Home" if at_end else "End")
            page.wait_for_function("([e, old]) => e.querySelector('dl').textContent !== old",
                                   arg=[explorer.element_handle(), before])  # fmt: skip
            # Space and arrows belong to the focused control, not to the deck.
            page.keyboard.press("ArrowLeft")
            explorer.locator(".sm-play, .sm-reset").first.focus()
            page.keyboard.press("Space")
            assert page.evaluate("Reveal.getIndices().h") == slide
            moved += 1
        while page.evaluate("Reveal.availableFragments().next"):
            page.evaluate("Reveal.nextFragment()")
        page.evaluate("Reveal.next()")
    assert moved == 2
    assert page.evaluate("document.querySelectorAll('aside.notes').length") >= 1
    assert audit(page) == {}
    visited.check()


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_for_the_deck_is_not_on_the_page(name):
    page = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    deck = (SITE / "slides" / f"{name}.html").read_text(encoding="utf-8")
    assert "<!--cell" not in page + deck
    assert "<h2>" in deck
    assert "Plan for 50 minutes" in deck
    assert "Plan for 50 minutes" not in page
