"""The built site as a reader meets it: no kernel, no network, every explorer answers."""

import json
import random
import re
from functools import cache
from itertools import pairwise
from types import SimpleNamespace

import pytest

from smlib.explorer.__main__ import find
from smlib.explorer.drawn import Store
from smlib.explorer.lattice import canonical
from smlib.figures.style import THEME

from .conftest import ROOT, SETTLED, SITE, audit, pages_with, visiting

#: Those of the library, all made alike, are looked at in test_metadata.py.
PAGES = [path for path in pages_with("<body") if not path.startswith("book/api/")]
EXPLORER_PAGES = pages_with("<sm-explorer")
EXPLORERS = find("smlib.figures")
#: A page whose first explorer has a slider and a button to play.
PLAYED = "book/intro.html"
#: How many states of an explorer are compared with what was drawn.
COMPARED = 20

#: Of windows in which no explorer may change its height.
WIDTHS = (320, 390, 480, 600, 768, 900, 1024, 1280, 1440, 1600)

# Findings in the theme's own parts, which no page of ours can change.
THEME_FINDINGS = {
    # The search button is labelled "Search" and shows the keys Ctrl+K.
    "label-content-name-mismatch": ".search-button",
    # The arrow that opens a part of the table of contents is an icon without a name.
    "summary-name": "toctree-toggle",
    # The bibliography's list is marked up by docutils.
    "aria-required-children": ".citation",
    # So are its entries, with a role that the standard has since given up.
    "aria-deprecated-role": "doc-biblioentry",
}

#: Colours at a width, and the rules that are asked or left out. What stands in a page depends on
#: the width alone, and contrast on the colours; wide pages show all that has a colour.
DESK = ((1280, "light", {}), (1280, "dark", {"rules": ["color-contrast"]}))
PHONE = ((390, "dark", {"without": ["color-contrast"]}),)
#: One page is asked everything everywhere.
EVERYTHING = {width: [(width, scheme, {}) for scheme in ("light", "dark")] for width in (1280, 390)}


#: Equations with a fraction, root or index of which a part is missing, or is too much.
TORN = """[...document.querySelectorAll(
  "mfrac, mroot, msub, msup, munder, mover, msubsup, munderover",
)].filter(e => e.childElementCount !== (/s.bs.p|munderover/.test(e.localName) ? 3 : 2))
  .map(e => e.closest("math").textContent)"""


def test_there_are_pages_with_explorers():
    assert len(EXPLORER_PAGES) >= 2


#: The theme's button fades in while one scrolls up, as a test before may have done.
HIDE_WHAT_FADES = "document.querySelector('#pst-back-to-top')?.style.setProperty('display', 'none')"


def is_whole_and_accessible(visited, path, settings):
    """In no setting is the page wider than its window, nor finds axe-core anything."""
    page = visited.page
    for width, scheme, rules in settings:
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        visited.turn(width, scheme)
        page.evaluate(HIDE_WHAT_FADES)
        where = f"{path} at {width} px, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, where
        findings = {
            rule: [
                node
                for node in nodes
                if rule not in THEME_FINDINGS or THEME_FINDINGS[rule] not in node
            ]
            for rule, nodes in audit(page, **rules).items()
        }
        assert {rule: nodes for rule, nodes in findings.items() if nodes} == {}, where
    unnamed = "[...document.images].filter(i => !i.alt && !i.closest('a')).map(i => i.outerHTML)"
    assert page.evaluate(unnamed) == [], path
    assert page.evaluate(TORN) == [], path
    visited.check()


@pytest.mark.parametrize("path", [path for path in PAGES if path not in EXPLORER_PAGES])
def test_a_page_is_whole_and_accessible(visit, site, path):
    is_whole_and_accessible(visit(f"{site}/{path}"), path, [*DESK, *PHONE])


# What a state shows: the figure as markup in one canonical form, without hidden elements and
# without the colours for where there is no style sheet; its description; the readouts. And what is
# shown but refers to something that is not there or is hidden, and so is not drawn.
STATE = """(explorer) => {
  const escaped = (text, quoted) => {
    text = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return quoted ? text.replaceAll('"', "&quot;").replaceAll("'", "&#x27;") : text; };
  const bare = (value) => value.replace(/(var\\(--sm-[\\w-]+),#[0-9a-f]{6}\\)/g, "$1)");
  const walk = (element, root) => {
    const ours = (name) => !(root && (name === "role" || name === "aria-label"));
    const attributes = element.getAttributeNames().filter(ours).sort()
      .map(name => ` ${name}="${escaped(bare(element.getAttribute(name)), true)}"`).join("");
    const shown = [...element.children].filter(c => c.getAttribute("display") !== "none");
    const text = element.children.length ? "" : escaped(element.textContent, false);
    const inner = text + shown.map(child => walk(child, false)).join("");
    return `<${element.tagName}${attributes}>${inner}</${element.tagName}>`;
  };
  const svg = explorer.querySelector("svg");
  return {
    markup: walk(svg, true),
    alt: svg.getAttribute("aria-label"),
    told: [...explorer.querySelectorAll("dd")].map(each => each.textContent),
    lost: [...svg.querySelectorAll("use")].filter(use => !use.closest("[display=none]"))
      .map(use => use.getAttribute("href"))
      .filter(name => document.querySelector(name)?.closest("[display=none]") !== null),
  };
}"""

# Of some states, given by the places of the controls: `smlib.explorer.drawn.digest` of what is
# shown, the description, and what is lost.
DIGESTS = f"""async ([explorer, places]) => {{
  const look = {STATE}, found = [];
  for (const place of places) {{
    explorer.show(place);
    const {{ markup, alt, told, lost }} = look(explorer);
    const bytes = new TextEncoder().encode([markup, alt, ...told].join("\\0"));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 6);
    const digest = [...hash].map(byte => byte.toString(16).padStart(2, "0")).join("");
    found.push({{ digest, alt, lost }});
  }}
  return found;
}}"""

CONTROLS = "input, select"
# What a reader sees, once it differs from what was seen before if it is to be `moved`; and where a
# control is, which is brought into view.
SEEN = """async ([explorer, number, moved]) => {
  const svg = explorer.querySelector("svg"), end = performance.now() + 30000;
  while (moved && svg.outerHTML === explorer.seen) {
    if (performance.now() > end) return null;
    await new Promise(requestAnimationFrame);
  }
  explorer.seen = svg.outerHTML;
  const control = explorer.querySelectorAll("input, select")[number];
  control?.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = (control ?? explorer).getBoundingClientRect();
  return {
    told: [...explorer.querySelectorAll("dd")].map(each => each.textContent),
    alt: svg.getAttribute("aria-label"),
    state: explorer.dataset.state,
    height: explorer.getBoundingClientRect().height,
    value: control?.value, part: control?.value / control?.max, option: control?.selectedIndex,
    x, y: y + height / 2, width,
  };
}"""


# The heights that an explorer has in one of its states or another.
HEIGHTS = """([explorer, places]) => [...new Set(places.map(place => {
  explorer.show(place);
  return Math.round(explorer.getBoundingClientRect().height);
}))]"""


# An explorer unpacks its states when it comes near.
NEAR = """async (explorer) => {
  explorer.scrollIntoView({ block: "center", behavior: "instant" });
  const end = performance.now() + 30000;
  while (!explorer.data && performance.now() < end) await new Promise(requestAnimationFrame);
  return explorer.data !== undefined;
}"""


@cache
def drawn(explorer):
    """What the build has kept of an explorer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMLIB_EXPLORER_CACHE", str(ROOT / "_build" / "explorers"))
        found = Store(explorer).read()
    assert found, f"the drawn states of {explorer.name} are not kept, or are of other code"
    return found


class Figure:
    """An explorer in an open page, with all its states."""

    def __init__(self, page, element):
        self.page, self.element = page, element
        self.name = element.get_attribute("data-name")
        self.declared = EXPLORERS[self.name]
        assert element.evaluate(NEAR), f"{self.name} does not unpack its states"

    def reset(self):
        """Go back to the first state."""
        self.element.evaluate("explorer => explorer.querySelector('.sm-reset').click()")

    def seen(self, number=0, moved=False):
        """What is to be seen, with the place of a control; waits until it has ``moved``."""
        found = self.page.evaluate(SEEN, [self.element, number, moved])
        return found and SimpleNamespace(**found)


def figures(visited):
    """The explorers of a page."""
    found = visited.page.query_selector_all("sm-explorer")
    assert found, visited.page.url
    return [Figure(visited.page, element) for element in found]


def places(explorer, index):
    """Where the controls stand in a state given by its number."""
    found = []
    for size in reversed(explorer.shape):
        index, place = divmod(index, size)
        found.insert(0, place)
    return found


def difference(one, other):
    """Where two texts begin to differ."""
    at = next((i for i, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), 0)
    start = max(0, at - 60)
    return f"...{one[start : at + 60]}... instead of ...{other[start : at + 60]}..."


def explain(figure, index):
    """How a state in the page differs from the same state drawn anew."""
    frame = figure.declared.frame(**list(figure.declared.states())[index])
    figure.element.evaluate("(explorer, state) => explorer.show(state)",
                            places(figure.declared, index))  # fmt: skip
    found = figure.element.evaluate(STATE)
    meant = {"markup": canonical(frame.svg), "alt": frame.alt, "told": [*frame.readouts.values()]}
    told = [
        f"{part}: {difference(str(found[part]), str(meant[part]))}"
        for part in meant
        if found[part] != meant[part]
    ]
    return "\n".join(told) or "drawn anew it is what the page shows: the kept digest is wrong"


def decode_to_what_was_drawn(figure):
    """Some states show exactly what the build has drawn, and all that they refer to."""
    explorer, kept = figure.declared, drawn(figure.declared)
    colors = {f"--sm-{name}": light for name, (light, _) in explorer.theme.colors.items()}
    markup = figure.element.evaluate("explorer => explorer.querySelector('svg').outerHTML")
    written = set(re.findall(r"var\((--sm-[\w-]+),([^)]*)\)", markup))
    assert written <= set(colors.items()), f"{figure.name}: colours without a style sheet"
    chosen = random.Random(1).sample(range(explorer.count), min(COMPARED, explorer.count))
    states = list(explorer.states())
    asked = [places(explorer, index) for index in chosen]
    found = figure.page.evaluate(DIGESTS, [figure.element, asked])
    for index, shown in zip(chosen, found, strict=True):
        where = f"{figure.name} at {states[index]}"
        assert shown["digest"] == kept.digests[index], f"{where}: {explain(figure, index)}"
        assert shown["lost"] == [], where
    assert len({shown["alt"] for shown in found}) > 1, figure.name


def controls_move_it(figure):
    """Mouse and keyboard move figure and readouts, nothing below; reset goes back and tells."""
    page, keyboard = figure.page, figure.page.keyboard
    figure.reset()
    height = figure.seen().height
    for number, control in enumerate(figure.element.query_selector_all(CONTROLS)):
        where = f"{figure.name}, {control.get_attribute('data-name')}"
        # From the first state: elsewhere two meshes, say, may be one and the same.
        figure.reset()
        before = figure.seen(number)
        if before.option is not None:
            second = before.option == 1
            control.select_option(index=0 if second else 1)
            back = "ArrowDown" if second else "ArrowUp"
        else:
            # The mouse, at a quarter of the track or at three quarters, away from the start.
            part = 0.25 if before.part > 0.5 else 0.75
            page.mouse.click(before.x + part * before.width, before.y)
            back = "ArrowRight" if control.input_value() == "0" else "ArrowLeft"
        after = figure.seen(number, moved=True)
        assert after, f"{where}: the figure does not follow"
        assert after.told != before.told, f"{where}: the readouts do not follow"
        assert after.height == pytest.approx(height, abs=0.5), f"{where}: what is below moves"
        # The keyboard, back by one.
        control.focus()
        keyboard.press(back)
        assert figure.seen(number, moved=True), f"{where}: the figure does not follow {back}"
    figure.element.query_selector(".sm-reset").click()
    start, first = figure.seen(), drawn(figure.declared)
    assert start.alt == first.alt, f"{figure.name}: another state than the first after a reset"
    assert start.told == [*first.readouts.values()], f"{figure.name}: readouts after a reset"


# Names of explorers whose status line does not come to say what the figure shows.
UNTOLD = """async (explorers) => {
  const end = performance.now() + 30000;
  const untold = () => explorers.filter(explorer =>
    explorer.querySelector("[role=status]").textContent
      !== explorer.querySelector("svg").getAttribute("aria-label"));
  while (untold().length && performance.now() < end) await new Promise(requestAnimationFrame);
  return untold().map(explorer => explorer.dataset.name);
}"""


def every_control_moves(visited):
    """All controls of a page; what the last press brought about is told to a screen reader."""
    found = figures(visited)
    for figure in found:
        controls_move_it(figure)
    untold = visited.page.evaluate(UNTOLD, [figure.element for figure in found])
    assert untold == [], "the status lines tell of no reset"
    visited.check()


@pytest.fixture(scope="class")
def opened(path, chromium, shared):
    yield from visiting(chromium, shared)


@pytest.fixture(scope="class")
def wide(path, site, opened):
    return opened(f"{site}/{path}")


@pytest.fixture
def desk(wide):
    wide.turn(1280, "light")
    return wide


@pytest.fixture(scope="class")
def linked(path, site, wide, opened):
    """On a phone, by a link to a state of the first explorer, with nonsense for the others.

    Also the link, and the state that is meant.
    """
    wide.turn(1280, "light")
    first, *others = figures(wide)
    first.reset()
    control = first.element.query_selector_all("input[type=range], select")[-1]
    at_end = control.evaluate("c => c.value === c.max || c.selectedIndex + 1 === c.length")
    control.focus()
    start = first.seen()
    wide.page.keyboard.press("Home" if at_end else "End")
    meant = first.seen(moved=True)
    assert meant and meant.state != start.state, f"{first.name} follows neither Home nor End"
    wide.page.locator(f"#explorer-{first.name} .sm-link").focus()
    link = first.element.query_selector(".sm-link").get_attribute("href")
    for other in others:
        key = next(iter(other.declared.controls))
        odd = f"?{other.name}.{key}=1e9&{other.name}.nothing=3&other.{key}=1&"
        link = link.replace("?", odd, 1)
    phone = opened(f"{site}/{path}{link}", width=390, scheme="dark")
    return SimpleNamespace(phone=phone, link=link, meant=meant)


@pytest.fixture
def phone(linked):
    linked.phone.turn(390, "dark")
    return linked.phone


@pytest.mark.parametrize("path", EXPLORER_PAGES, scope="class")
class TestExplorers:
    """A page with explorers, opened once on a desk and once, by a link, on a phone."""

    def test_the_page_is_whole_and_accessible(self, desk, path):
        is_whole_and_accessible(desk, path, EVERYTHING[1280] if path == PLAYED else DESK)

    def test_states_decode_to_exactly_what_was_drawn(self, desk):
        for figure in figures(desk):
            decode_to_what_was_drawn(figure)
        desk.check()

    def test_no_state_moves_what_is_below(self, wide):
        for figure in figures(wide):
            explorer = figure.declared
            asked = [places(explorer, index) for index in range(explorer.count)]
            for width in WIDTHS:
                wide.turn(width, "light")
                heights = figure.page.evaluate(HEIGHTS, [figure.element, asked])
                assert len(heights) == 1, f"{figure.name} at {width} px: {heights}"
            figure.reset()
        wide.check()

    def test_every_control_moves_figure_and_readouts(self, desk):
        every_control_moves(desk)

    def test_a_link_leads_to_its_state_and_nonsense_is_ignored(self, linked, visit, site, path):
        linked.phone.page.bring_to_front()
        first, *others = figures(linked.phone)
        assert linked.link.endswith(f"#explorer-{first.name}")
        found = first.seen()
        assert (found.state, found.alt, found.told) == (
            linked.meant.state,
            linked.meant.alt,
            linked.meant.told,
        ), linked.link
        if not others:
            key = next(iter(json.loads(first.element.get_attribute("data-controls"))))
            odd = f"?{first.name}.{key}=1e9&{first.name}.nothing=3&other.{key}=1"
            others = figures(visit(f"{site}/{path}{odd}"))
        for other in others:
            assert other.seen().alt == drawn(other.declared).alt, f"{linked.link}: {other.name}"
        linked.phone.check()

    def test_the_page_is_whole_and_accessible_on_a_phone(self, phone, path):
        is_whole_and_accessible(phone, path, EVERYTHING[390] if path == PLAYED else PHONE)

    def test_every_control_moves_figure_and_readouts_on_a_phone(self, phone):
        every_control_moves(phone)

    def test_without_javascript_the_first_state_is_there(self, visit, site, path):
        page = visit(f"{site}/{path}", scripts=False).page
        explorers = page.query_selector_all("sm-explorer")
        assert explorers
        for explorer in explorers:
            name = explorer.get_attribute("data-name")
            assert explorer.query_selector("svg").is_visible(), name
            assert explorer.query_selector("dd").is_visible(), name
            assert not explorer.query_selector(CONTROLS).is_visible(), name


@pytest.fixture
def played(visit, site):
    """An explorer that plays, in an open page."""

    def open_page(address=f"{site}/{PLAYED}", **settings):
        visited = visit(address, **settings)
        return visited, figures(visited)[0]

    return open_page


def test_play_runs_to_the_end_and_stops_when_touched(played):
    visited, figure = played()
    play = figure.element.query_selector(".sm-play")
    control = figure.element.query_selector("input[type=range]")
    play.click()
    assert play.text_content() == "Pause"
    end = control.get_attribute("max")
    visited.page.wait_for_function("([c, end]) => c.value === end", arg=[control, end])
    visited.page.wait_for_function("b => b.textContent === 'Play'", arg=play)
    play.click()
    control.focus()
    visited.page.keyboard.press("End")
    assert play.text_content() == "Play"


def test_who_asks_for_less_motion_gets_less(played):
    """Nothing glides, and what plays moves on no faster than one state a second."""
    visited, figure = played(motion="reduce", apart=True)
    page = visited.page
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap((element) => {
          const style = getComputedStyle(element);
          return (style.transitionDuration + "," + style.animationDuration).split(",")
            .map(parseFloat);
        }))"""
    )
    assert longest <= 0.001
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    page.clock.install()
    figure.element.query_selector(".sm-play").evaluate("button => button.click()")
    states = [figure.element.get_attribute("data-state")]
    for _ in range(40):
        page.clock.run_for(100)
        states.append(figure.element.get_attribute("data-state"))
    moved = [i for i, (old, new) in enumerate(pairwise(states)) if old != new]
    assert len(moved) >= 2
    assert all(later - sooner >= 10 for sooner, later in pairwise(moved))


def test_a_page_opened_from_a_file_answers_too(played):
    visited, figure = played((SITE / PLAYED).as_uri())
    before = figure.seen()
    figure.element.query_selector("input[type=range]").focus()
    visited.page.keyboard.press("End")
    assert figure.seen(moved=True).told != before.told
    assert visited.outside == []


def test_print_shows_the_figure_in_light_colours(visit, site):
    visited = visit(f"{site}/{EXPLORER_PAGES[0]}", scheme="dark")
    visited.page.emulate_media(media="print", color_scheme="dark")
    visited.page.evaluate(SETTLED)
    explorer = visited.page.locator("sm-explorer").first
    paper = explorer.evaluate("e => getComputedStyle(e).getPropertyValue('--sm-paper')")
    assert paper.strip() == THEME.colors["paper"][0]
    assert not explorer.locator(".sm-actions").is_visible()
