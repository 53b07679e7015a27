"""Print every deck as a PDF beside it: ``python -m tools.pdf [FOLDER]``, or ``make pdf``."""

from __future__ import annotations

import sys
import threading
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tools import browser
from tools.serve import SITE, Quiet

READY = """async () => {
  while (!window.Reveal?.isReady()) await new Promise(done => setTimeout(done, 50));
  await window.MathJax?.startup?.promise;
  await document.fonts.ready;
}"""


def print_deck(page: Page, address: str, target: Path) -> None:
    """Print the deck at an address, one slide a page, with all that appears step by step."""
    page.goto(f"{address}?print-pdf")
    page.evaluate(READY)
    page.wait_for_selector(".pdf-page")
    page.pdf(path=target, prefer_css_page_size=True, print_background=True)


def main(folder: Path = SITE) -> None:
    """Print all decks of a built site."""
    decks = sorted((folder / "slides").glob("*.html"))
    if not decks:
        sys.exit(f"{folder} has no decks: build the site first")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser.find(), args=browser.ARGUMENTS)
        page = started.new_page()
        for deck in decks:
            target = deck.with_suffix(".pdf")
            print_deck(page, f"http://127.0.0.1:{server.server_port}/slides/{deck.name}", target)
            print(target)
        started.close()
    server.shutdown()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
