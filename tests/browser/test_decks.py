"""The deck of every chapter: long enough for a class, no slide too tall, explorers alive."""

import pytest
from playwright.sync_api import expect

from tests.book.conftest import CHAPTERS

from .conftest import SITE, audit

expect.set_options(timeout=60_000)

# Once a slide is painted: how much it is too tall and too wide, where what is on it ends, and its
# place; then all is shown that appears step by step.
MEASURE = """async () => {
  await new Promise(requestAnimationFrame);
  const slide = Reveal.getCurrentSlide();
  const parts = [...slide.querySelectorAll("*")]
    .filter(part => !part.closest("aside.notes, .sm-status, mjx-assistive-mml"));
  const bottom = Math.max(...parts.map(part => part.getBoundingClientRect().bottom));
  const tall = slide.scrollHeight - slide.clientHeight;
  const wide = slide.scrollWidth - slide.clientWidth;
  while (Reveal.availableFragments().next) Reveal.nextFragment();
  return [tall, wide, bottom, slide.querySelectorAll("sm-explorer").length];
}"""


def moves_and_keeps_the_keys(page, where):
    """The explorer of a slide moves; Space and arrows belong to it, not to the deck."""
    explorer = page.locator("section.present sm-explorer")
    slide = page.evaluate("Reveal.getIndices().h")
    before = explorer.locator("dl").text_content()
    control = explorer.locator("input[type=range], select").first
    control.focus()
    at_end = control.evaluate("c => c.value === c.max || c.selectedIndex + 1 === c.length")
    page.keyboard.press("Home" if at_end else "End")
    page.wait_for_function("([e, old]) => e.querySelector('dl').textContent !== old",
                           arg=[explorer.element_handle(), before])  # fmt: skip
    page.keyboard.press("ArrowLeft")
    explorer.locator(".sm-play, .sm-reset").first.focus()
    page.keyboard.press("Space")
    assert page.evaluate("Reveal.getIndices().h") == slide, f"{where} goes on at a key"


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_deck_carries_a_class_and_fits_its_screen(visit, site, name):
    visited = visit(f"{site}/slides/{name}.html", width=1280, height=720)
    page = visited.page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate("document.fonts.ready")
    total = page.evaluate("Reveal.getTotalSlides()")
    assert 15 <= total <= 25
    moved = 0
    for number in range(1, total + 1):
        tall, wide, bottom, explorers = page.evaluate(MEASURE)
        where = f"slide {number} of {name}"
        assert tall <= 0 and wide <= 0 and bottom <= 720, f"{where} overflows"
        if explorers:
            moves_and_keeps_the_keys(page, where)
            moved += 1
        page.evaluate("Reveal.next()")
    assert page.evaluate("Reveal.isLastSlide()"), name
    assert moved == 2, name
    assert page.evaluate("document.querySelectorAll('aside.notes').length") >= 1
    assert audit(page) == {}, name
    visited.check()


@pytest.mark.parametrize("name", CHAPTERS)
def test_what_is_for_the_deck_is_not_on_the_page(name):
    page = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    deck = (SITE / "slides" / f"{name}.html").read_text(encoding="utf-8")
    assert "<!--cell" not in page + deck
    assert "<h2>" in deck
    assert "Plan for 50 minutes" in deck
    assert "Plan for 50 minutes" not in page


def test_speaker_and_audience_see_the_same_state(visit, site):
    """Moved before the speaker's window opens, then in either."""
    page = visit(f"{site}/slides/labor.html", apart=True).page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.evaluate(
        "Reveal.slide(Reveal.getIndices(document.querySelector('sm-explorer').closest('section')).h)"
    )
    audience = page.locator("section.present sm-explorer")

    def moves(explorer):
        before = explorer.get_attribute("data-state")
        explorer.locator("input").first.press("ArrowRight")
        assert explorer.get_attribute("data-state") != before
        return explorer.get_attribute("data-state")

    state = moves(audience)
    audience.locator("input").first.evaluate("input => input.blur()")
    with page.context.expect_page() as opened:
        page.keyboard.press("s")
    frame = opened.value.frame_locator("#current-slide iframe")
    speaker = frame.locator("section.present sm-explorer")
    expect(speaker).to_have_attribute("data-state", state)
    expect(audience).to_have_attribute("data-state", moves(speaker))
    expect(speaker).to_have_attribute("data-state", moves(audience))
