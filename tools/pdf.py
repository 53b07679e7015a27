"""Print a built site: ``python -m tools.pdf [FOLDER]``, or ``make pdf``.

Every deck and every chapter then has its PDF beside it, and ``scale-mismatch.pdf`` in the folder
of the site is the whole book. What leads to a page that is printed stays inside the document,
everything else leads to the public site. How pages look on paper is said in
``book/_static/book.css``, what explorers show there in ``book/_static/page.js``.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pypdf
import yaml
from playwright.sync_api import Page, Route, sync_playwright

from smlib.figures.style import THEME
from tools import browser
from tools.notebooks import CONFIG, PUBLIC
from tools.serve import SITE

BOOK, AUTHOR = "scale-mismatch.pdf", CONFIG["author"]
ASSEMBLE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
STYLE = THEME.alone(Path(__file__).with_suffix(".css").read_text(encoding="utf-8"))
#: Pages about the site and its code, which a book on paper does without.
LEFT_OUT = re.compile(r"book/(for_lecturers|guide|api/.*)$")
READY = """async () => {
  while (!window.Reveal?.isReady()) await new Promise(done => setTimeout(done, 50));
  await document.fonts.ready;
}"""


def parts(folder: Path) -> list[tuple[str, list[str]]]:
    """Parts of the book, a caption and the pages to print, by the table of contents of a site."""
    toc = yaml.safe_load((folder.resolve().parents[1] / "_toc.yml").read_text(encoding="utf-8"))
    found = [("", [toc["root"]])]
    for part in toc["parts"]:
        files = []
        for chapter in part["chapters"]:
            files += [entry["file"] for entry in [chapter, *chapter.get("sections", [])]]
        found.append((part["caption"], [name for name in files if not LEFT_OUT.match(name)]))
    return found


def serve(page: Page, folder: Path) -> None:
    """Answer for the public site from a folder, so that links are those of readers."""

    def answer(route: Route) -> None:
        path = folder / route.request.url.removeprefix(PUBLIC).partition("?")[0].partition("#")[0]
        if route.request.url.startswith(PUBLIC) and path.is_file():
            if path.suffix == ".css":  # paper waits for its fonts
                css = path.read_text(encoding="utf-8").replace("font-display: optional", "")
                route.fulfill(body=css, content_type="text/css")
            else:
                route.fulfill(path=path)
        else:
            route.abort()

    page.route("**/*", answer)


def print_deck(page: Page, address: str, target: Path) -> None:
    """Print the deck at an address, one slide a page, with all that appears step by step."""
    page.goto(f"{address}?print-pdf")
    page.evaluate(READY)
    page.wait_for_selector(".pdf-page")
    page.pdf(path=target, prefer_css_page_size=True, print_background=True)


def _print(page: Page, target: Path) -> None:
    page.pdf(
        path=target,
        format="A4",
        prefer_css_page_size=True,
        print_background=True,
        outline=True,
        tagged=True,
    )


def print_chapter(page: Page, name: str, target: Path) -> None:
    """Print one page of the site, and the works that it cites."""
    page.goto(f"{PUBLIC}{name}.html")
    page.evaluate(ASSEMBLE, {"parts": [["", [name]]], "style": STYLE, "author": ""})
    _print(page, target)


def print_book(page: Page, contents: list[tuple[str, list[str]]], target: Path) -> None:
    """Print the pages of all parts as one document with a title page and a table of contents."""
    page.goto(f"{PUBLIC}{contents[0][1][0]}.html")
    page.evaluate(ASSEMBLE, {"parts": contents, "style": STYLE, "author": AUTHOR})
    _print(page, target)
    # On which page something stands shows when it is printed.
    reader = pypdf.PdfReader(target)
    numbers = {
        name.removeprefix("/"): reader.get_destination_page_number(destination) + 1
        for name, destination in reader.named_destinations.items()
    }
    page.evaluate(
        """numbers => document.querySelectorAll(".paper-contents a").forEach(link =>
        link.nextElementSibling.textContent = numbers[link.hash.slice(1)])""",
        numbers,
    )
    _print(page, target)


def main(folder: Path = SITE) -> None:
    """Print all decks and chapters of a built site, and the book."""
    decks = sorted((folder / "slides").glob("*.html"))
    if not decks:
        sys.exit(f"{folder} has no decks: build the site first")
    contents = parts(folder)

    def said(target: Path, began: float) -> None:
        pages = len(pypdf.PdfReader(target).pages)
        size, took = target.stat().st_size / 1e6, time.perf_counter() - began
        print(f"{target}: {pages} pages, {size:.1f} MB, {took:.0f} s", flush=True)

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser.find(), args=browser.ARGUMENTS)
        page = started.new_page(color_scheme="light")
        page.set_default_timeout(300_000)
        serve(page, folder)
        for deck in decks:
            began, target = time.perf_counter(), deck.with_suffix(".pdf")
            print_deck(page, f"{PUBLIC}slides/{deck.name}", target)
            said(target, began)
        for name in [f"book/{deck.stem}" for deck in decks]:
            began, target = time.perf_counter(), folder / f"{name}.pdf"
            print_chapter(page, name, target)
            said(target, began)
        began, target = time.perf_counter(), folder / BOOK
        print_book(page, contents, target)
        said(target, began)
        started.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
