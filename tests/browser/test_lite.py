"""Chapters as notebooks in the browser: opened by the page's button, run, moved, offline."""

import contextlib
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError

from tests.book.conftest import CHAPTERS
from tests.lite import OPENED
from tools.serve import Quiet, server

from .conftest import POLLED, SITE, address, link_at_the_end


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_button_leads_to_the_notebook_of_the_chapter(name):
    page = (SITE / "book" / f"{name}.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"]*lite/notebooks[^"]*)"', page))
    assert [link.rpartition("?path=")[2] for link in links] == [f"book/{name}.ipynb"]
    assert (SITE / "lite" / "files" / "book" / f"{name}.ipynb").exists()


#: Where this edition keeps what a reader changes.
STORE = json.loads((SITE / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))[
    "jupyter-config-data"
].get("contentsStorageName", "none")
#: A cell waits for its turn, or has had it.
BEGUN = r"""() => [...document.querySelectorAll(".jp-InputPrompt")]
  .some(prompt => /[*\d]/.test(prompt.textContent))"""


#: Until the store of an edition keeps a text.
KEPT = """async ([name, text]) => {
  const done = asked => new Promise(call => { asked.onsuccess = () => call(asked.result); });
  for (let kept = ""; !kept.includes(text); await new Promise(call => setTimeout(call, 50))) {
    const database = await done(indexedDB.open(name));
    if (database.objectStoreNames.contains("files"))
      kept = JSON.stringify(
        await done(database.transaction("files").objectStore("files").getAll()));
    database.close();
  }
}"""


class Edition(Quiet):
    """Serve the site as the edition of another day."""

    store = STORE

    def do_GET(self):
        path = SITE / urlsplit(self.path).path.lstrip("/")
        if path.name not in ("jupyter-lite.json", "index.html"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(path.read_bytes().replace(STORE.encode(), self.store.encode()))


@pytest.fixture
def published():
    """Address of the site, as the edition that is asked for."""
    yield from address(server(SITE, 0, Edition))


def test_an_edition_opens_its_own_text_and_offers_what_was_kept_before(visit, published):
    visited = visit("about:blank", apart=True)
    page = visited.page

    def opened():
        page.goto(f"{published}/lite/notebooks/index.html?path=book/labor.ipynb")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        page.evaluate("document.readyState === 'complete' || new Promise(d => onload = d)")

    Edition.store = "Scale Mismatch, edition 1"
    opened()
    first = page.locator(".jp-Notebook .jp-MarkdownCell").first
    first.dblclick()
    first.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("My own words. ")
    page.keyboard.press("Control+s")
    page.evaluate(KEPT, ["Scale Mismatch, edition 1", "My own words."])
    opened()
    mine = page.locator(".jp-RenderedMarkdown", has_text="My own words.")
    mine.wait_for()
    assert page.locator("#earlier").count() == 0

    Edition.store = STORE
    opened()
    offer = page.locator("#earlier")
    offer.wait_for()
    assert mine.count() == 0
    offer.locator("summary").click()
    with page.expect_download() as download:
        offer.get_by_role("link", name="book/labor.ipynb").click()
    assert download.value.suggested_filename == "labor.ipynb"
    cells = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[0]["source"]).startswith("My own words. ")
    offer.get_by_role("button", name="Forget them").click()
    offer.wait_for(state="detached")
    opened()
    assert page.locator("#earlier").count() == 0
    assert visited.outside == []


def test_the_solutions_open_beside_their_chapter(visit, site):
    """Also where nothing but this site can be reached."""
    page = visit(f"{site}/lite/notebooks/index.html?path=book/labor.ipynb", apart=True).page
    with page.expect_popup() as opened:
        link_at_the_end(page, "a page of their own").click()
    solutions = opened.value.locator(".jp-Notebook", has_text="Solutions: passenger and passage")
    solutions.wait_for(timeout=60_000)


def test_the_chapter_that_it_opens_runs_and_moves(visit, site):
    visited = visit(f"{site}/book/{OPENED}.html", width=1500, apart=True)
    page = visited.page
    told = []
    page.on("console", lambda message: told.append(message.text))
    address = page.locator("a[href*='lite/notebooks']").first.evaluate("a => a.href")
    page.goto(address)
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
    # Before a kernel is there the menu does nothing, without a word, or asks which is meant.
    for _ in range(10):
        asked = page.locator(".jp-Dialog .jp-mod-accept")
        while asked.count():
            told += page.locator(".jp-Dialog").all_inner_texts()
            asked.first.click()
            asked.first.wait_for(state="hidden")
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
    # What is shared between the extensions is of the version that each asks for.
    assert [text for text in told if "satisfying version" in text] == []
