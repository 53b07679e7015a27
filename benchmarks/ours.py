"""Our explorer: what it weighs, how fast it answers, and whether it shows what was drawn."""

from __future__ import annotations

import gzip
import importlib.util
import random
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from smlib.explorer import assets
from smlib.explorer.core import Frame
from smlib.explorer.lattice import canonical

from .browser import Measured, Probe, measure, opened
from .figure import SHAPE, spring
from .rivals import cpu_seconds
from .server import Site

_FIRST = "document.querySelector('sm-explorer')"
# The element has its inputs once it listens to them. Values count from where a control starts.
PROBE = Probe(
    f"{_FIRST}?.inputs?.length",
    f"[{_FIRST}.svg]",
    f"""{{
      const {{ spec, names, inputs }} = {_FIRST};
      const {{ s, t }} = spec[names[control]];
      set(inputs[control], (s + value) % t.length);
    }}""",
    f"{_FIRST}.svg.outerHTML",
)
# What the page shows of the figure, as `canonical` writes a frame: attributes in alphabetical
# order, what is hidden left out. Role and label are the page's, not the drawing's.
_SHOWN_JS = """(states) => {
  const attribute = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;" };
  const text = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  const escaped = (table, value) => value.replace(/[&<>"']/g, (c) => table[c] ?? c);
  const own = (element) => [...element.childNodes]
    .filter((node) => node.nodeType === 3).map((node) => node.data).join("");
  const write = (element, root) => {
    const attributes = [...element.attributes]
      .filter(({ name }) => !(root && ["role", "aria-label"].includes(name)))
      .map(({ name, value }) => [name, ` ${name}="${escaped(attribute, value)}"`])
      .sort(([a], [b]) => (a < b ? -1 : 1)).map((pair) => pair[1]).join("");
    const inner = [...element.children]
      .filter((child) => child.getAttribute("display") !== "none")
      .map((child) => write(child, false)).join("");
    const tag = element.tagName;
    return `<${tag}${attributes}>${escaped(text, own(element))}${inner}</${tag}>`;
  };
  const explorer = document.querySelector("sm-explorer");
  const readouts = () => [...explorer.querySelectorAll(".sm-readouts > div")]
    .map((row) => [row.querySelector("dt").textContent, row.querySelector("dd").textContent]);
  return states.map((state) => {
    state.forEach((value, i) => {
      const input = explorer.inputs[i];
      if (input.type === "range") input.value = value; else input.selectedIndex = value;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return { svg: write(explorer.svg, true), readouts: readouts(),
             alt: explorer.svg.getAttribute("aria-label") };
  });
}"""


@dataclass
class Ours:
    """The explorer alone on a page: sizes in bytes, times in milliseconds."""

    page: int
    script: int
    drawing: float
    exact: int
    checked: int
    measured: Measured


def write_page(folder: Path) -> tuple[list[Frame], float]:
    """Draw all states as the build does and write the page; processor time a state."""
    began = cpu_seconds()
    frames = spring.frames()
    html = spring._build_html(frames)
    drawing = (cpu_seconds() - began) / spring.count * 1000
    (folder / "ours.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Spring</title>'
        '<link rel="icon" href="data:,"></head><body style="font-family: sans-serif">'
        f"{assets(spring.theme)}{html}</body></html>",
        encoding="utf-8",
    )
    return frames, drawing


def exact_states(browser: Browser, site: Site, frames: list[Frame], count: int) -> int:
    """How many of ``count`` random states the page shows exactly as they were drawn."""
    indices = random.Random(1).sample(range(spring.count), count)
    wanted = [
        {
            "svg": canonical(frames[index].svg),
            "readouts": [list(item) for item in frames[index].readouts.items()],
            "alt": frames[index].alt,
        }
        for index in indices
    ]
    _, second, third = SHAPE
    states = [[i // (second * third), i // third % second, i % third] for i in indices]
    with opened(browser, f"{site.address}/ours.html", PROBE) as page:
        page.evaluate("bench.answered")
        shown = page.evaluate(_SHOWN_JS, states)
    return sum(a == b for a, b in zip(shown, wanted, strict=True))


def alone(browser: Browser, site: Site, frames: list[Frame], drawing: float, **how) -> Ours:
    """Measure the page that `write_page` has written."""
    html = (site.folder / "ours.html").read_bytes()
    package = Path(importlib.util.find_spec("smlib.explorer").origin).parent
    script = gzip.compress((package / "explorer.js").read_bytes(), 6)
    measured = measure(browser, site, "ours.html", PROBE, **how)
    checked = 200
    exact = exact_states(browser, site, frames, checked)
    page = len(gzip.compress(html, 6))
    return Ours(page, len(script), drawing, exact, checked, measured)


def shape_of_first(browser: Browser, url: str) -> tuple[int, ...]:
    """Numbers of values of the controls of the first explorer of a page."""
    with opened(browser, url, PROBE) as page:
        page.evaluate("bench.answered")
        return tuple(page.evaluate(f"Object.values({_FIRST}.spec).map((s) => s.t.length)"))
