"""Chapters as notebooks in the browser: opened by the page's button, run, moved, offline."""

import contextlib
import re

import pytest
from playwright.sync_api import TimeoutError

from tests.book.conftest import CHAPTERS
from tests.lite import OPENED

from .conftest import POLLED, SITE


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_button_leads_to_the_notebook_of_the_chapter(name):
    page = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"]*lite/notebooks[^"]*)"', page))
    assert [link.rpartition("?path=")[2] for link in links] == [f"book/{name}.ipynb"]
    assert (SITE / "lite" / "files" / "book" / f"{name}.ipynb").exists()


#: A cell waits for its turn, or has had it.
BEGUN = r"""() => [...document.querySelectorAll(".jp-InputPrompt")]
  .some(prompt => /[*\d]/.test(prompt.textContent))"""


def test_the_chapter_that_it_opens_runs_and_moves(visit, site):
    visited = visit(f"{site}/book/{OPENED}.html", width=1500, apart=True)
    page = visited.page
    address = page.locator("a[href*='lite/notebooks']").first.evaluate("a => a.href")
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Before a kernel is there the menu does nothing, without a word.
    for _ in range(10):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
        with contextlib.suppress(TimeoutError):
            page.wait_for_function(BEGUN, polling=POLLED, timeout=20_000)
            break
    figure = page.locator(".jupyter-widgets svg[role=img]").first
    figure.wait_for(state="attached", timeout=480_000)
    # Cells still wait while their prompt shows a star; then move the first slider or menu.
    page.wait_for_function(
        """() => { const prompts = [...document.querySelectorAll('.jp-InputPrompt')];
        return prompts.length && !prompts.some(p => p.textContent.includes('*')); }""",
        polling=POLLED,
        timeout=480_000,
    )
    errors = page.locator("[data-mime-type='application/vnd.jupyter.error']")
    assert errors.count() == 0, errors.all_inner_texts()
    before = figure.get_attribute("aria-label")
    page.locator(".jupyter-widgets select").first.evaluate(
        """select => { select.selectedIndex = (select.selectedIndex + 1) % select.length;
        select.dispatchEvent(new Event("change", {bubbles: true})); }"""
    )
    page.wait_for_function(
        """old => document.querySelector('.jupyter-widgets svg[role=img]')
        .getAttribute('aria-label') !== old""",
        arg=before,
        polling=POLLED,
        timeout=60_000,
    )
    assert visited.outside == []
