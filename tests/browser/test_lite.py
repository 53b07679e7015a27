"""Chapters as notebooks in the browser: opened by the page's button, run, moved, offline."""

import pytest

#: A chapter with data files, and one with a library of its own; `tests/lite` runs the others.
SOME = ("doping", "graph_normalization")


@pytest.mark.parametrize("name", SOME)
def test_the_button_opens_the_chapter_which_runs_and_moves(visit, site, name):
    visited = visit(f"{site}/book/{name}.html", width=1500)
    button = visited.page.locator("a[href*='lite/notebooks']").first
    address = button.evaluate("a => a.href")
    assert address.endswith(f"{name}.ipynb")

    visited = visit(address, width=1500)
    page = visited.page
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    figure = page.locator(".jupyter-widgets svg[role=img]").first
    figure.wait_for(state="attached", timeout=480_000)
    # Cells still wait while their prompt shows a star; then move the first slider or menu.
    page.wait_for_function(
        """() => { const prompts = [...document.querySelectorAll('.jp-InputPrompt')];
        return prompts.length && !prompts.some(p => p.textContent.includes('*')); }""",
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
        timeout=60_000,
    )
    assert visited.outside == []
