"""Random events on every explorer, and the question whether all still tell the same state.

``make fuzz`` runs two minutes in each engine that is here; ``make fuzz FUZZ="--seconds 600 --seed 7
--engines Firefox"`` as asked. The seed that is printed repeats a run.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import random
import sys
import time
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import sync_playwright

from tools import browser as browsers
from tools.serve import server

from .conftest import SITE, address, pages_with
from .engines import Chromium, Engine, Firefox, Missing, WebKit

#: What each explorer of a page tells of its state, and what it should tell in that of its controls.
TOLD = """Promise.all([...document.querySelectorAll("sm-explorer")].map(async explorer => {
  await explorer.load();
  const { spec, names, inputs, parts, data } = explorer;
  const state = inputs.map(input => input.type === "range" ? +input.value : input.selectedIndex);
  const index = state.reduce((sum, at, i) => sum * spec[names[i]].t.length + at, 0);
  const read = k => data.c[k].v ? data.c[k].v[index] : data.c[k].u[data.c[k].i[index]];
  const link = explorer.querySelector(".sm-link");
  link.dispatchEvent(new Event("focus"));
  const values = inputs.map(input => input.type === "range"
    ? [input.previousElementSibling.textContent, input.getAttribute("aria-valuetext")] : []);
  const cells = [...explorer.querySelectorAll("[data-r]")];
  return {
    name: explorer.dataset.name,
    wrong: [
      ...names.filter((name, i) => values[i].some(text => text !== spec[name].t[state[i]]))
        .map(name => `the value of ${name}`),
      ...cells.filter(cell => cell.textContent !== read(data.t["r" + cell.dataset.r]))
        .map(cell => `readout ${cell.dataset.r}`),
      ...(explorer.querySelector("svg").getAttribute("aria-label") === read(data.t.alt)
        ? [] : ["the description"]),
      ...data.p.filter(([part, name, k]) => (name === "#" ? parts[part].textContent
        : parts[part].getAttribute(name)) !== read(k)).slice(0, 3)
        .map(([part, name]) => `${name} of part ${part} of the figure`),
    ],
    link: link.href,
    keys: Object.fromEntries(names.map((name, i) => [name, spec[name].v[state[i]]])),
  };
}))"""
#: Nothing plays, nothing glides any more.
REST = """[...document.querySelectorAll(".sm-play[aria-pressed=true]")].forEach(b => b.click())
  ?? new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
#: An element stands where it stood 100 ms ago: a new window or a key may have moved the page.
STILL = """(element => new Promise(done => {
  let last = [];
  const look = () => {
    const { x, y } = element.getBoundingClientRect();
    last = [...last, `${x} ${y}`].slice(-3);
    if (last.length === 3 && new Set(last).size === 1) done(true);
    else setTimeout(look, 50);
  };
  look();
}))(%s)"""
CONTROLS = "input[type=range], select, button, .sm-link"


def disagreements(engine: Engine) -> list[str]:
    """What contradicts the controls of the explorers of the page that is open."""
    engine.value(REST)
    found = []
    for told in engine.value(TOLD):
        found += [f"{told['name']}: {what}" for what in told["wrong"]]
        linked = parse_qs(urlsplit(told["link"]).query)
        meant = {f"{told['name']}.{key}": [value] for key, value in told["keys"].items()}
        if linked != meant:
            found.append(f"{told['name']}: the link {told['link']}")
    return found


class Hand:
    """Does one random thing after another to the explorers of the page that is open."""

    def __init__(self, engine: Engine, draw: random.Random, other: str):
        self.engine, self.draw, self.other, self.done = engine, draw, other, []

    def _control(self) -> str:
        """Bring a random control into view; an expression for it."""
        count = self.engine.value(
            f"document.querySelectorAll('sm-explorer :is({CONTROLS})').length"
        )
        at = self.draw.randrange(count)
        control = f"document.querySelectorAll('sm-explorer :is({CONTROLS})')[{at}]"
        self.engine.value(f"{control}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        self.engine.value(STILL % control)
        return control

    def press(self):
        """Keys on a control."""
        control = self._control()
        self.engine.value(f"{control}.focus({{preventScroll: true}})")
        keys = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp",
                "PageDown", "a", "5", " ", "Tab"]  # fmt: skip
        self.engine.press(*self.draw.choices(keys, k=self.draw.randint(1, 6)))
        self.engine.press("Escape")  # a menu that Space has opened

    def drag(self, touch=False):
        """Drag along a slider, or press what is no slider."""
        control = self._control()
        x, y, width, height = self.engine.rect(control)
        kind = self.engine.value(f"{control}.localName + {control}.className")
        if kind == "select":
            count = self.engine.value(f"{control}.options.length")
            self.engine.value(f"{control}.focus({{preventScroll: true}})")
            self.engine.press(*["ArrowDown"] * self.draw.randrange(count))
            return
        ends = [(x + self.draw.uniform(2, width - 2), y + height / 2) for _ in range(3)]
        start, *others = ends
        if not self.engine.value(
            f"document.elementFromPoint({start[0]}, {start[1]}) === {control}"
        ):
            return  # a page that still glides after a key or a finger; a hand would wait
        self.engine.drag(*start, *(others if kind == "input" else ()), touch=touch)

    def touch(self):
        """The same with a finger."""
        self.drag(touch=True)

    def resize(self):
        """Another window."""
        self.engine.resize(self.draw.choice([500, 700, 1000, 1280]), 900)

    def theme(self):
        """The other colours."""
        self.engine.value("document.querySelector('.theme-switch-button')?.click()")

    def reload(self):
        """The page again."""
        self.engine.reload()

    def back(self):
        """Another page, and back."""
        self.engine.open(self.other)
        self.engine.back()
        self.engine.wait(
            "document.querySelector('sm-explorer') && document.readyState === 'complete'"
        )

    def printed(self):
        """Paper."""
        with contextlib.suppress(NotImplementedError):
            self.engine.printed()

    def burst(self):
        """A few random things, then the question."""
        often = [self.press] * 6 + [self.drag] * 6 + [self.touch] * 3
        seldom = [self.resize, self.theme, self.reload, self.back, self.printed]
        self.done = []
        for _ in range(self.draw.randint(2, 6)):
            thing = self.draw.choice(often + seldom)
            self.done.append(thing.__name__)
            thing()
        wrong = disagreements(self.engine) + self.engine.errors() + self.engine.outside
        assert not wrong, f"after {', '.join(self.done)}: {wrong}"


def fuzz(
    engine: Engine, site: str, pages: list[str], seed: int, seconds=math.inf, most=math.inf
) -> int:
    """Random bursts on random pages, for some time or so many; how many there were."""
    draw, end, bursts = random.Random(seed), time.monotonic() + seconds, 0
    hand = Hand(engine, draw, f"{site}/book/glossary.html")
    while time.monotonic() < end and bursts < most:
        page = draw.choice(pages)
        engine.open(f"{site}/{page}")
        for _ in range(4):
            bursts += 1
            try:
                hand.burst()
            except Exception as error:
                told = f"{engine.name}, {page}, seed {seed}, burst {bursts}"
                raise AssertionError(f"{told}, {', '.join(hand.done)}: {error}") from error
            if time.monotonic() > end or bursts >= most:
                break
    return bursts


def main() -> int:
    """Fuzz each engine in turn."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--seconds", type=float, default=120, help="in each engine")
    read.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    read.add_argument("--engines", nargs="+", default=["Chromium", "Firefox", "WebKit"])
    chosen = read.parse_args()
    pages = pages_with("<sm-explorer")
    with contextlib.ExitStack() as ends:
        site = ends.enter_context(contextlib.contextmanager(address)(server(SITE, 0)))
        play = ends.enter_context(sync_playwright())
        chromium = play.chromium.launch(executable_path=browsers.find(), args=browsers.ARGUMENTS)
        ends.callback(chromium.close)
        makers = {"Chromium": lambda: Chromium(chromium), "Firefox": Firefox, "WebKit": WebKit}
        for name in chosen.engines:
            try:
                with makers[name]() as engine:
                    done = fuzz(engine, site, pages, chosen.seed, chosen.seconds)
                    print(f"{name}: {done} bursts, seed {chosen.seed}, nothing found", flush=True)
            except Missing as missing:
                print(missing, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
