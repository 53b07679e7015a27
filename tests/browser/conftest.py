"""A real browser, the built site on this machine, and no way out to any other host."""

import os
import threading
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tools import browser as browsers
from tools.serve import server

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

#: The theme of the book writes this script twice.
KNOWN_ERRORS = ("Identifier 'THEBE_JS_URL' has already been declared",)


def pages_with(mark):
    """Pages of the built site that hold a mark, as paths below the site."""
    found = [path for path in sorted(SITE.glob("book/**/*.html")) if mark in path.read_text()]
    return [path.relative_to(SITE).as_posix() for path in found]


@pytest.fixture(scope="session")
def site():
    """Address of the built site."""
    if not (SITE / "index.html").exists():
        pytest.fail("The site is not built: run make site")
    served = server(SITE, 8600)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()


@pytest.fixture(scope="session")
def chromium():
    """A browser that can reach this machine alone."""
    path = browsers.find()
    if not path:
        pytest.fail(browsers.HELP)
    inside = "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=path,
            args=[*browsers.ARGUMENTS, f"--host-resolver-rules={inside}"],
            env={**os.environ, "TZ": "UTC"},
        )
        yield started
        started.close()


class Visit:
    """A page that is watched: what it asked for from outside, and what went wrong."""

    def __init__(self, context):
        self.page = context.new_page()
        self.outside, self.errors = [], []
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.on("pageerror", lambda error: self._error(str(error)))
        self.page.on("console", lambda m: m.type == "error" and self._error(m.text))

    def _request(self, request):
        if not request.url.startswith(("http://127.0.0.1", "data:", "blob:", "file:")):
            self.outside.append(request.url)

    def _response(self, response):
        if response.status >= 400:
            self._error(f"{response.status} {response.url}")

    def _error(self, text):
        if not any(known in text for known in KNOWN_ERRORS):
            self.errors.append(text)

    def check(self):
        """Nothing left this machine and nothing went wrong."""
        assert self.outside == []
        assert self.errors == []


@pytest.fixture
def visit(chromium):
    """Open an address in a fresh context: ``visit(url, width=390, scheme="dark")``."""
    contexts = []

    def open_page(url, width=1280, height=900, scheme="light", **settings):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **settings
        )
        contexts.append(context)
        visited = Visit(context)
        visited.page.goto(url, wait_until="load")
        return visited

    yield open_page
    for context in contexts:
        context.close()


def audit(page, include="html", rules=None):
    """Findings of axe-core: the rule, the elements they concern, their markup.

    Of the rules named, else of all for WCAG 2.2 AA.
    """
    rules = rules or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async ([include, rules]) =>
        (await axe.run(include, {preload: false, runOnly: rules})).violations
        .map(v => [v.id, v.nodes.map(n => n.target.join(" ") + " " + n.html)])""",
        [include, rules],
    )
    return dict(found)
