"""One way to ask three engines.

Chromium by Playwright; Firefox and WebKit, as Debian ships them, by WebDriver BiDi and WebDriver.
"""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import websocket

from tools.browser import ENGINES

#: How Debian brings what is missing.
HELP = f"apt-get install {' '.join(ENGINES)}"
#: Firefox asks this machine alone, and does nothing on its own.
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
}
#: Keys of WebDriver by their names in a page.
KEYS = {
    "PageUp": "\ue00e", "PageDown": "\ue00f", "End": "\ue010", "Home": "\ue011",
    "ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015",
    "Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Control": "\ue009",
}  # fmt: skip
#: The errors of a page, from before its own scripts where the engine allows that.
WATCH = """if (!window.smErrors) {
  window.smErrors = [];
  addEventListener("error", event => smErrors.push(event.message));
  addEventListener("unhandledrejection", event => smErrors.push(String(event.reason)));
}"""


#: What Firefox says where a page is left while it asks for something, also for a font, and of an
#: equation of which it has read the beginning alone; that all are whole is asked of finished pages.
PASSING = re.compile(
    "NetworkError when attempting to fetch resource|AbortError: The operation was"
    "|Invalid markup: Incorrect number of children"
    "|downloadable font: download failed .* status=2152398850"  # NS_BINDING_ABORTED
)
LOCAL = ("http://127.0.0.1", "data:", "blob:", "file:", "about:", "resource:", "chrome:", "moz-")


class Missing(Exception):
    """An engine that is not installed."""


def _first(*names: str) -> str | None:
    return next(filter(None, map(shutil.which, names)), None)


class Engine:
    """A browser with one window: what is asked of any of them."""

    name: str

    def press(self, *keys: str) -> None:
        """Press and release keys, one after another; "Control+K" both at once."""
        steps = []
        for chord in keys:
            parts = [KEYS.get(key, key) for key in re.split(r"\+(?=.)", chord)]
            steps += [{"type": "keyDown", "value": key} for key in parts]
            steps += [{"type": "keyUp", "value": key} for key in reversed(parts)]
        self.act({"type": "key", "id": "keyboard", "actions": steps})

    def drag(self, x: float, y: float, *to: tuple[float, float], touch: bool = False) -> None:
        """Press at a point of the window, move over others, let go; without others a click."""
        kind = "touch" if touch else "mouse"
        moves = [{"type": "pointerMove", "x": round(a), "y": round(b)} for a, b in to]
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0}, *moves, {"type": "pointerUp", "button": 0},
        ]  # fmt: skip
        self.act({"type": "pointer", "id": kind, "parameters": {"pointerType": kind},
                  "actions": steps})  # fmt: skip

    def wait(self, expression: str, seconds: float = 20) -> None:
        """Until an expression holds in the page."""
        held = self.value(
            f"""new Promise((done) => {{
              const end = performance.now() + {1000 * seconds};
              const ask = () => ({expression}) ? done(true)
                : performance.now() > end ? done(false) : setTimeout(ask, 20);
              ask();
            }})"""
        )
        assert held, f"{self.name}: {expression} does not hold after {seconds} s"

    def printed(self) -> bytes:
        """The page as PDF, where the engine prints for who asks by program."""
        raise NotImplementedError

    def rect(self, expression: str) -> tuple[float, float, float, float]:
        """Where an element stands in the window: left, top, width, height."""
        return tuple(self.value(
            f"(r => [r.x, r.y, r.width, r.height])(({expression}).getBoundingClientRect())"
        ))  # fmt: skip

    def scheme(self, name: str) -> None:
        """Choose light or dark as the theme's button does, for this page and those that follow."""
        self.value(f"['mode', 'theme'].forEach(key => localStorage.setItem(key, '{name}'))")
        self.reload()
        self.wait(f"document.documentElement.dataset.theme === '{name}'")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Chromium(Engine):
    """The Chromium of the other tests, a page in a context of its own."""

    name = "Chromium"

    def __init__(self, browser):
        self._context = browser.new_context(has_touch=True)
        self._page = self._context.new_page()
        self._wire = self._context.new_cdp_session(self._page)
        self.outside, self._failed = [], []
        self._page.on("request", lambda request: request.url.startswith(LOCAL)
                      or self.outside.append(request.url))  # fmt: skip
        self._page.on("pageerror", lambda error: self._failed.append(str(error)))
        self._page.on("console", lambda told: told.type == "error"
                      and self._failed.append(told.text))  # fmt: skip
        self._page.on("dialog", lambda dialog: dialog.accept())

    def close(self):
        """End the page."""
        self._context.close()

    def open(self, url):
        """Go to an address and wait until all is loaded."""
        self._page.goto(url, wait_until="load")

    def reload(self):
        """Load the page again, as F5 does."""
        self._page.reload(wait_until="load")

    def back(self):
        """Go back in the history."""
        self._page.go_back(wait_until="load")

    def resize(self, width, height):
        """Give the page this much room, in pixels."""
        self._page.set_viewport_size({"width": width, "height": height})

    def value(self, expression):
        """Value of a JavaScript expression, or what its promise gives."""
        return json.loads(
            self._page.evaluate(f"async () => JSON.stringify(await ({expression}) ?? null)")
        )

    def act(self, *sources):
        """Do what a hand does: actions of WebDriver."""
        names = {value: key for key, value in KEYS.items()}
        for source in sources:
            touch = source.get("parameters", {}).get("pointerType") == "touch"
            at = None
            for step in source["actions"]:
                kind = step["type"]
                if kind.startswith("key"):
                    key = names.get(step["value"], step["value"])
                    getattr(self._page.keyboard, kind[3:].lower())(key)
                elif touch:
                    at = (step["x"], step["y"]) if kind == "pointerMove" else at
                    self._touch(kind, at)
                elif kind == "pointerMove":
                    self._page.mouse.move(step["x"], step["y"])
                else:
                    getattr(self._page.mouse, kind[7:].lower())()

    def _touch(self, kind, at):
        if kind == "pointerMove" and not self._touching:
            return
        what = {"pointerDown": "touchStart", "pointerMove": "touchMove", "pointerUp": "touchEnd"}[
            kind
        ]
        self._touching = kind != "pointerUp"
        points = [{"x": at[0], "y": at[1]}] if self._touching else []
        self._wire.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    _touching = False

    def printed(self):
        """The page as PDF."""
        return self._page.pdf(print_background=True, prefer_css_page_size=True)

    def errors(self):
        """What went wrong in scripts since it was asked last."""
        failed, self._failed = self._failed, []
        return failed


class Firefox(Engine):
    """Firefox, without a window to be seen."""

    name = "Firefox"

    def __init__(self):
        binary = _first("firefox-esr", "firefox")
        if not binary:
            raise Missing(f"Firefox is not here: {HELP}")
        self._ends = contextlib.ExitStack()
        profile = self._ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        Path(profile, "user.js").write_text("\n".join(lines))
        started = subprocess.Popen(
            [binary, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile",
             profile],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": profile, "TZ": "UTC"},
        )  # fmt: skip
        self._ends.callback(started.wait)
        self._ends.callback(started.terminate)
        place = Path(profile, "WebDriverBiDiServer.json")
        _until(lambda: place.exists() and place.read_text(), "Firefox")
        told = json.loads(place.read_text())
        self._socket = websocket.create_connection(
            f"ws://{told['ws_host']}:{told['ws_port']}/session", timeout=120, suppress_origin=True
        )
        self._ends.callback(self._socket.close)
        self._number, self.outside, self._failed = itertools.count(1), [], []
        self._ask(
            "session.new",
            capabilities={},
        )
        self._ask("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        [tree] = self._ask("browsingContext.getTree")["contexts"]
        self._window = tree["context"]

    def close(self):
        """End the browser."""
        self._ends.close()

    def _ask(self, method, **params):
        number = next(self._number)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            told = json.loads(self._socket.recv())
            if told.get("id") == number:
                if told["type"] == "error":
                    raise RuntimeError(f"Firefox, {method}: {told['error']}: {told['message']}")
                return told["result"]
            self._heard(told.get("method"), told.get("params", {}))

    def _heard(self, event, told):
        if event == "network.beforeRequestSent":
            url = told["request"]["url"]
            if not url.startswith(LOCAL):
                self.outside.append(url)
        elif (
            event == "log.entryAdded"
            and told["level"] == "error"
            and not PASSING.search(told["text"])
        ):
            self._failed.append(told["text"])

    def _go(self, method, **params):
        return self._ask(f"browsingContext.{method}", context=self._window, **params)

    def open(self, url):
        """Go to an address and wait until all is loaded."""
        self._go("navigate", url=url, wait="complete")

    def reload(self):
        """Load the page again, as F5 does."""
        self._go("reload", wait="complete")

    def back(self):
        """Go back in the history."""
        self._go("traverseHistory", delta=-1)

    def resize(self, width, height):
        """Give the page this much room, in pixels."""
        self._go("setViewport", viewport={"width": width, "height": height})

    def value(self, expression):
        """Value of a JavaScript expression, or what its promise gives."""
        told = self._ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then(x => JSON.stringify(x ?? null))",
            target={"context": self._window}, awaitPromise=True, userActivation=True,
        )  # fmt: skip
        if told["type"] == "exception":
            raise RuntimeError(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def act(self, *sources):
        """Do what a hand does: actions of WebDriver."""
        self._ask("input.performActions", context=self._window, actions=list(sources))

    def printed(self):
        """The page as PDF."""
        told = self._go("print", background=True, page={"width": 21, "height": 29.7})
        return base64.b64decode(told["data"])

    def errors(self):
        """What went wrong in scripts since it was asked last."""
        self.value("0")
        failed, self._failed = self._failed, []
        return failed


class WebKit(Engine):
    """WebKitGTK's own small browser, on a screen that nobody sees."""

    name = "WebKit"

    def __init__(self):
        driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
        browsers = sorted(Path("/usr/lib").glob("*/webkit2gtk-4*/MiniBrowser"))
        if not (driver and screen and browsers):
            raise Missing(f"WebKit is not here: {HELP}")
        self._ends = contextlib.ExitStack()
        home = self._ends.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
        reading, writing = os.pipe()
        self._run([screen, "-displayfd", str(writing), "-screen", "0", "1600x1200x24",
                   "-nolisten", "tcp"], pass_fds=[writing])  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            display = f":{told.readline().strip()}"
        environment = {
            **os.environ, "HOME": home, "TZ": "UTC", "DISPLAY": display, "GDK_BACKEND": "x11",
            "XDG_CACHE_HOME": home, "XDG_DATA_HOME": home, "XDG_CONFIG_HOME": home,
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
            "WEBKIT_FORCE_SANDBOX": "0", "no_proxy": "127.0.0.1", "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9", "NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1",
        }  # fmt: skip
        port = _free_port()
        self._run([driver, f"--port={port}"], env=environment)
        self._base = f"http://127.0.0.1:{port}"
        options = {"binary": str(browsers[-1]), "args": ["--automation"]}
        wanted = {"browserName": "MiniBrowser", "webkitgtk:browserOptions": options}
        told = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}}, tries=100)
        self._base += f"/session/{told['sessionId']}"
        self._ends.callback(self._call, "DELETE", "")
        self._call("POST", "/timeouts", {"script": 120_000, "pageLoad": 120_000})
        self.outside = []

    def _run(self, command, **settings):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   **settings)  # fmt: skip
        self._ends.callback(process.wait)
        self._ends.callback(process.terminate)

    def close(self):
        """End the browser."""
        self._ends.close()

    def _call(self, method, path, body=None, tries=1):
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(self._base + path, data, method=method,
                                       headers={"Content-Type": "application/json"})  # fmt: skip
        for left in reversed(range(tries)):
            try:
                with urllib.request.urlopen(asked, timeout=150) as answer:
                    return json.load(answer)["value"]
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"WebKit, {path}: {error.read().decode()[:500]}") from None
            except urllib.error.URLError:
                if not left:
                    raise
                time.sleep(0.1)

    def open(self, url):
        """Go to an address and wait until all is loaded."""
        self._call("POST", "/url", {"url": url})
        self._call("POST", "/execute/sync", {"script": WATCH, "args": []})

    def reload(self):
        """Load the page again, as F5 does."""
        self._call("POST", "/refresh", {})
        self._call("POST", "/execute/sync", {"script": WATCH, "args": []})

    def back(self):
        """Go back in the history."""
        self._call("POST", "/back", {})

    def resize(self, width, height):
        """Give the page this much room, in pixels, as far as the window can be."""
        self._call("POST", "/window/rect", {"width": width, "height": height})
        inner = self.value("[innerWidth, innerHeight]")
        rect = {"width": 2 * width - inner[0], "height": 2 * height - inner[1]}
        self._call("POST", "/window/rect", rect)

    def value(self, expression):
        """Value of a JavaScript expression, or what its promise gives."""
        script = f"""const done = arguments[0];
          Promise.resolve().then(() => ({expression}))
            .then(x => done([JSON.stringify(x ?? null)]), error => done([null, String(error)]));"""
        told = self._call("POST", "/execute/async", {"script": script, "args": []})
        if told[0] is None:
            raise RuntimeError(told[1])
        return json.loads(told[0])

    def act(self, *sources):
        """Do what a hand does: actions of WebDriver."""
        self._call("POST", "/actions", {"actions": list(sources)})

    def errors(self):
        """What went wrong in scripts since the page was loaded."""
        return self.value("window.smErrors ?? []")


def _until(ready, name: str, seconds: float = 60) -> None:
    """Wait for what another process has begun."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError(f"{name} does not start within {seconds} s")
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
