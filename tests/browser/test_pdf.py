"""A deck on paper: one slide a page, and all that is on the slides."""

import pypdf

from tools.pdf import print_deck


def test_a_deck_is_printed_slide_by_slide(visit, site, tmp_path):
    visited = visit(f"{site}/slides/labor.html", width=1280, height=720)
    page = visited.page
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    titles = page.evaluate(
        "[...document.querySelectorAll('section h1, section h2')].map(title => title.textContent)"
    )
    total = page.evaluate("Reveal.getTotalSlides()")
    print_deck(page, f"{site}/slides/labor.html", tmp_path / "labor.pdf")
    pages = pypdf.PdfReader(tmp_path / "labor.pdf").pages
    assert len(pages) == total
    words = " ".join(" ".join(one.extract_text() for one in pages).split())
    for title in titles:
        assert " ".join(title.replace("#", "").split()) in words
    # The plan of the class is for the speaker alone.
    assert "Plan for 50 minutes" not in words
    visited.check()
