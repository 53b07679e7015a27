"""The built site as a reader meets it: no kernel, no network, every explorer answers."""

import json
import random

import pytest

from smlib.explorer.__main__ import find
from smlib.explorer.lattice import canonical

from .conftest import SITE, audit, pages_with

#: Those of the library, all made alike, are looked at in test_found.py.
PAGES = [path for path in pages_with("<body") if not path.startswith("book/api/")]
EXPLORER_PAGES = pages_with("<sm-explorer")
EXPLORERS = find("smlib.figures")
#: A page whose first explorer has a slider and a button to play.
PLAYED = "book/intro.html"

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

# The figure as markup in one canonical form, hidden elements left out.
CANONICAL = """(svg) => {
  const esc = (s, q) => {
    s = s.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    return q ? s.replaceAll('"', "&quot;").replaceAll("'", "&#x27;") : s; };
  const walk = (el, root) => {
    const ours = (n) => !(root && (n === "role" || n === "aria-label"));
    const names = el.getAttributeNames().filter(ours).sort();
    const attributes = names.map(n => ` ${n}="${esc(el.getAttribute(n), true)}"`).join("");
    const shown = [...el.children].filter(c => c.getAttribute("display") !== "none");
    const text = el.children.length ? "" : esc(el.textContent, false);
    return `<${el.tagName}${attributes}>${text}${shown.map(c => walk(c)).join("")}</${el.tagName}>`;
  };
  return walk(svg, true);
}"""


def test_there_are_pages_with_explorers():
    assert len(EXPLORER_PAGES) >= 2


#: What is shown and refers to something that is not there or is hidden, and so is not drawn.
UNDEFINED = """explorer => [...explorer.querySelectorAll("svg use")]
    .filter(use => !use.closest("[display=none]"))
    .map(use => use.getAttribute("href"))
    .filter(name => document.querySelector(name)?.closest("[display=none]") !== null)"""


#: Width, colours, and the rules that are asked. What stands in a page depends on the width alone,
#: and contrast on the colours; wide pages show all that has a colour.
SETTINGS = ((1280, "light", None), (1280, "dark", ["color-contrast"]), (390, "dark", None))
EVERY_SETTING = [(width, scheme, None) for width in (1280, 390) for scheme in ("light", "dark")]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_accessible(visit, site, path):
    visited = visit(f"{site}/{path}")
    page = visited.page
    if 'class="math' in (SITE / path).read_text():
        page.wait_for_selector("mjx-container", state="attached")
    for width, scheme, rules in EVERY_SETTING if path == PLAYED else SETTINGS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("s => document.documentElement.dataset.theme === s", arg=scheme)
        page.wait_for_timeout(500)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        findings = {
            rule: [
                node
                for node in nodes
                if rule not in THEME_FINDINGS or THEME_FINDINGS[rule] not in node
            ]
            for rule, nodes in audit(page, rules=rules).items()
        }
        assert {rule: nodes for rule, nodes in findings.items() if nodes} == {}, (width, scheme)
    assert page.evaluate("[...document.images].every(i => i.alt || i.closest('a'))")
    visited.check()


def explorers_on(page):
    return page.locator("sm-explorer").all()


def shown(explorer):
    """Everything that a state shows: figure, readouts, description."""
    return explorer.evaluate(
        """e => [e.querySelector("svg").outerHTML,
        [...e.querySelectorAll("dd")].map(d => d.textContent).join()]"""
    )


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_every_control_moves_figure_and_readouts(visit, site, path, width, scheme):
    visited = visit(f"{site}/{path}", width=width, scheme=scheme)
    for explorer in explorers_on(visited.page):
        explorer.scroll_into_view_if_needed()
        height = explorer.bounding_box()["height"]
        for control in explorer.locator("input, select").all():
            # From the first state: elsewhere two meshes, say, may be one and the same.
            explorer.locator(".sm-reset").click()
            before = shown(explorer)
            if control.evaluate("c => c.tagName") == "SELECT":
                second = control.evaluate("c => c.selectedIndex") == 1
                control.select_option(index=0 if second else 1)
                back = "ArrowDown" if second else "ArrowUp"
            else:
                # The mouse, at a quarter of the track or at three quarters, away from the start.
                start = control.evaluate("c => c.value / c.max")
                place = 0.25 if start > 0.5 else 0.75
                box = control.bounding_box()
                control.click(position={"x": place * box["width"], "y": box["height"] / 2})
                back = "ArrowRight" if control.input_value() == "0" else "ArrowLeft"
            visited.page.wait_for_function("([e, old]) => e.querySelector('svg').outerHTML !== old",
                                           arg=[explorer.element_handle(), before[0]])  # fmt: skip
            after = shown(explorer)
            assert after[1] != before[1]
            # Nothing below it moves.
            assert explorer.bounding_box()["height"] == pytest.approx(height, abs=0.5)
            # The keyboard, back by one.
            control.focus()
            visited.page.keyboard.press(back)
            visited.page.wait_for_function("([e, old]) => e.querySelector('svg').outerHTML !== old",
                                           arg=[explorer.element_handle(), after[0]])  # fmt: skip
        # Reset brings back the first state; the status line tells it to a screen reader.
        explorer.locator(".sm-reset").click()
        declared = EXPLORERS[explorer.get_attribute("data-name")]
        start = declared.frame(**declared.start)
        assert explorer.locator("svg").get_attribute("aria-label") == start.alt
        assert explorer.locator("dd").all_text_contents() == list(start.readouts.values())
        visited.page.wait_for_timeout(500)
        label = explorer.locator("svg").get_attribute("aria-label")
        assert explorer.locator("[role=status]").text_content() == label
    visited.check()


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_states_decode_to_exactly_what_was_drawn(visit, site, path):
    visited = visit(f"{site}/{path}")
    rng = random.Random(1)
    for explorer in explorers_on(visited.page):
        explorer.scroll_into_view_if_needed()
        visited.page.wait_for_function("e => e.data", arg=explorer.element_handle())
        declared = EXPLORERS[explorer.get_attribute("data-name")]
        states = list(declared.states())
        labels = set()
        # Fewer where a state is computed long; such explorers have few.
        for index in rng.sample(range(len(states)), max(2, min(4, len(states) // 30))):
            place, rest = [], index
            for size in reversed(declared.shape):
                rest, at = divmod(rest, size)
                place.insert(0, at)
            explorer.evaluate("(e, s) => e.show(s)", place)
            frame = declared.frame(**states[index])
            svg = explorer.locator("svg").element_handle()
            assert visited.page.evaluate(CANONICAL, svg) == canonical(frame.svg)
            assert explorer.locator("svg").get_attribute("aria-label") == frame.alt
            told = explorer.locator("dd").all_text_contents()
            assert told == list(frame.readouts.values())
            assert explorer.evaluate(UNDEFINED) == []
            labels.add(frame.alt)
        assert len(labels) > 1


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_without_javascript_the_first_state_is_there(visit, site, path):
    visited = visit(f"{site}/{path}", java_script_enabled=False)
    for explorer in explorers_on(visited.page):
        assert explorer.locator("svg").is_visible()
        assert explorer.locator("dd").first.is_visible()
        assert not explorer.locator("input, select").first.is_visible()


@pytest.mark.parametrize("path", EXPLORER_PAGES)
def test_a_link_leads_to_its_state_and_nonsense_is_ignored(visit, site, path):
    visited = visit(f"{site}/{path}")
    first = explorers_on(visited.page)[0]
    first.scroll_into_view_if_needed()
    control = first.locator("input[type=range], select").last
    at_end = control.evaluate("c => c.value === c.max || c.selectedIndex + 1 === c.length")
    control.focus()
    visited.page.keyboard.press("Home" if at_end else "End")
    link = first.locator(".sm-link").get_attribute("href")
    label = first.locator("svg").get_attribute("aria-label")
    name = first.get_attribute("data-name")
    assert link.endswith(f"#explorer-{name}")

    linked = visit(f"{site}/{path}{link}").page.locator("sm-explorer").first
    linked.page.wait_for_function("e => e.data", arg=linked.element_handle())
    assert linked.locator("svg").get_attribute("aria-label") == label

    controls = json.loads(first.get_attribute("data-controls"))
    key = next(iter(controls))
    odd = visit(f"{site}/{path}?{name}.{key}=1e9&{name}.nothing=3&other.{key}=1").page
    fresh = odd.locator("sm-explorer").first
    start = EXPLORERS[name].frame(**EXPLORERS[name].start)
    assert fresh.locator("svg").get_attribute("aria-label") == start.alt


def test_play_runs_to_the_end_and_stops_when_touched(visit, site):
    visited = visit(f"{site}/{PLAYED}")
    explorer = explorers_on(visited.page)[0]
    explorer.scroll_into_view_if_needed()
    play = explorer.locator(".sm-play")
    control = explorer.locator("input[type=range]").first
    play.click()
    assert play.text_content() == "Pause"
    end = control.get_attribute("max")
    visited.page.wait_for_function(
        "([c, end]) => c.value === end", arg=[control.element_handle(), end]
    )
    visited.page.wait_for_function("b => b.textContent === 'Play'", arg=play.element_handle())
    play.click()
    control.focus()
    visited.page.keyboard.press("End")
    assert play.text_content() == "Play"


def test_who_asks_for_less_motion_gets_less(visit, site):
    """Nothing glides, and what plays moves on no faster than one state a second."""
    page = visit(f"{site}/{PLAYED}", reduced_motion="reduce").page
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap((element) => {
          const style = getComputedStyle(element);
          return (style.transitionDuration + "," + style.animationDuration).split(",")
            .map(parseFloat);
        }))"""
    )
    assert longest <= 0.001
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    explorer = page.locator("sm-explorer").first
    explorer.scroll_into_view_if_needed()
    page.wait_for_function("e => e.data", arg=explorer.element_handle())
    times = explorer.evaluate(
        """async (explorer) => {
          const times = [];
          const moved = new MutationObserver(() => times.push(performance.now()));
          moved.observe(explorer, { attributes: true, attributeFilter: ["data-state"] });
          explorer.querySelector(".sm-play").click();
          while (times.length < 2) await new Promise((done) => setTimeout(done, 20));
          explorer.querySelector(".sm-play").click();
          return times;
        }"""
    )
    assert times[1] - times[0] > 1000


def test_a_page_opened_from_a_file_answers_too(visit):
    visited = visit((SITE / PLAYED).as_uri())
    explorer = explorers_on(visited.page)[0]
    explorer.scroll_into_view_if_needed()
    before = shown(explorer)
    explorer.locator("input[type=range]").first.focus()
    visited.page.keyboard.press("End")
    visited.page.wait_for_timeout(300)
    assert shown(explorer)[1] != before[1]
    assert visited.outside == []


def test_print_shows_the_figure_in_light_colours(visit, site):
    visited = visit(f"{site}/{EXPLORER_PAGES[0]}", scheme="dark")
    visited.page.emulate_media(media="print", color_scheme="dark")
    explorer = explorers_on(visited.page)[0]
    paper = explorer.evaluate("e => getComputedStyle(e).getPropertyValue('--sm-paper')")
    assert paper.strip() == "#ffffff"
    assert not explorer.locator(".sm-actions").is_visible()
