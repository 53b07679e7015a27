"""A real browser, the built site on this machine, and no way out to any other host."""

import contextlib
import os
import threading
from functools import cache, partial
from pathlib import Path

import pytest
from playwright.sync_api import TimeoutError, sync_playwright

from tools import browser as browsers
from tools import csp
from tools.serve import Quiet, server

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"


def pages_with(mark):
    """Pages of the built site that hold a mark, as paths below the site."""
    found = [path for path in sorted(SITE.glob("book/**/*.html")) if mark in path.read_text()]
    return [path.relative_to(SITE).as_posix() for path in found]


#: How often a page that computes for long is asked, in ms; each frame would take time from it.
POLLED = 200
#: What was asked for in one frame shows in the next, and may need fonts; what glides has arrived.
SETTLED = """async () => {
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise(requestAnimationFrame);
    for (const glide of document.getAnimations())
      if (glide.effect.getComputedTiming().endTime < Infinity) glide.finish();
  }
  await document.fonts.ready;
  await new Promise(requestAnimationFrame);
}"""
#: The theme lets the keyboard scroll what has become too wide, a while after a change of width.
SCROLLABLE = """() => [...document.querySelectorAll("pre, .cell_output > .output")].every(part =>
  part.tabIndex === (part.scrollWidth > part.clientWidth
    || part.scrollHeight > part.clientHeight ? 0 : -1))"""
#: Each page of a shared context begins with nothing stored, like that of a new reader.
FORGET = "try { localStorage.clear(); sessionStorage.clear(); } catch { /* nothing to clear */ }"


def address(served):
    """Serve until the end; the address, a free port of this machine."""
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    served.server_close()


@pytest.fixture(scope="package")
def site():
    """Address of the built site."""
    if not (SITE / "index.html").exists():
        pytest.fail("The site is not built: run make site")
    yield from address(server(SITE, 0))


class Strict(Quiet):
    """Serve the site under the policy that ``tools/csp.py`` prints."""

    policy = ""

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


@pytest.fixture(scope="package")
def strict():
    """Address of the site under the policy."""
    Strict.policy = csp.policy()
    yield from address(server(SITE, 0, Strict))


@pytest.fixture(scope="package")
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


class Shared:
    """A context whose pages share what they fetch; they are left blank and used again."""

    def __init__(self, chromium, scripts):
        self.context = chromium.new_context(java_script_enabled=scripts)
        self.context.add_init_script(FORGET)
        self.free = []

    def take(self):
        """A blank page."""
        return self.free.pop() if self.free else self.context.new_page()

    def leave(self, page):
        """Let others have the page, which forgets what was set for it."""
        page.goto("about:blank")
        page.emulate_media(media="null")
        self.free.append(page)


@pytest.fixture(scope="package")
def shared(chromium):
    """The shared contexts, with scripts and without."""
    return cache(partial(Shared, chromium))


class Visit:
    """A page that is watched: what it asked for from outside, and what went wrong."""

    def __init__(self, page):
        self.page, self.outside, self.errors = page, [], []
        self.watched = {
            "request": self._request,
            "response": self._response,
            "pageerror": lambda error: self.errors.append(str(error)),
            "console": lambda message: message.type == "error" and self.errors.append(message.text),
        }
        for event, seen in self.watched.items():
            page.on(event, seen)

    def end(self):
        """Watch no more."""
        for event, seen in self.watched.items():
            self.page.remove_listener(event, seen)

    def _request(self, request):
        if not request.url.startswith(("http://127.0.0.1", "data:", "blob:", "file:")):
            self.outside.append(request.url)

    def _response(self, response):
        if response.status >= 400:
            self.errors.append(f"{response.status} {response.url}")

    def turn(self, width, scheme):
        """Bring the page to the front, at a width and in colours, and wait until it stands so."""
        self.page.bring_to_front()
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)
        self.page.evaluate(SETTLED)
        with contextlib.suppress(TimeoutError):  # axe-core says what is missing
            self.page.wait_for_function(SCROLLABLE, timeout=5_000)

    def check(self):
        """Nothing left this machine and nothing went wrong."""
        assert self.outside == [], self.page.url
        assert self.errors == [], self.page.url


def visiting(chromium, shared):
    """What opens an address: ``visit(url, width=390, scheme="dark")``, until the end."""
    ends = contextlib.ExitStack()

    def visit(
        url,
        width=1280,
        height=900,
        scheme="light",
        motion="no-preference",
        scripts=True,
        apart=False,
    ):
        """Open it; ``apart`` in a context of its own, for what stores or changes more."""
        if apart:
            page = ends.enter_context(chromium.new_context()).new_page()
        else:
            page = shared(scripts).take()
            ends.callback(shared(scripts).leave, page)
        visited = Visit(page)
        ends.callback(visited.end)
        page.bring_to_front()  # others of the context stand still
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion=motion)
        page.goto(url, wait_until="load")
        return visited

    with ends:
        yield visit


@pytest.fixture
def visit(chromium, shared):
    """Opens pages for one test."""
    yield from visiting(chromium, shared)


def link_at_the_end(page, text):
    """A link near the end of a notebook, which is scrolled there: it shows what is in view."""
    page.wait_for_function(
        """text => {
        for (const view of document.querySelectorAll(".jp-WindowedPanel-outer")) {
          view.scrollTop = view.scrollHeight;
        }
        return [...document.links].some(link => link.textContent === text
          && link.checkVisibility({ visibilityProperty: true })); }""",
        arg=text,
        polling=POLLED,
        timeout=60_000,
    )
    return page.get_by_role("link", name=text)


def audit(page, include="html", rules=None, without=()):
    """Findings of axe-core: the rule, the elements they concern, their markup.

    Of the rules named, else of all for WCAG 2.2 AA but those to do ``without``.
    """
    rules = rules or ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async ([include, runOnly, without]) => {
        const rules = Object.fromEntries(without.map(rule => [rule, {enabled: false}]));
        return (await axe.run(include, {preload: false, runOnly, rules})).violations
          .map(v => [v.id, v.nodes.map(n => n.target.join(" ") + " " + n.html)]); }""",
        [include, rules, list(without)],
    )
    return dict(found)
