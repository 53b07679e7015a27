"""The author's contract: one declaration, the right face, errors that say what was wrong."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import matplotlib as mpl
import pytest
from ipywidgets import Widget

from smlib.explorer import ExplorerError, explorer, menu, slider, still
from smlib.explorer import core as core_module
from smlib.explorer.lattice import canonical, decode
from smlib.explorer.theme import Theme

from .example import example_line, example_still


@pytest.fixture(autouse=True)
def new_page(monkeypatch):
    """Each test builds a page of its own."""
    monkeypatch.setattr(core_module._Page, "shown", {})
    monkeypatch.setattr(core_module._Page, "size", 0)
    monkeypatch.delenv("SMLIB_EXPLORER_CACHE", raising=False)


def declare(draw=None, **changes):
    """A small valid explorer, with changes."""

    def plain(fig, x):
        return {"x": str(x)}

    settings = {"title": "T", "alt": "x is {x}.", "x": slider(0, 1, steps=3, label="x")} | changes
    return explorer(settings.pop("title"), **settings)(draw or plain)


def test_states_run_through_the_product_and_start_where_declared():
    states = list(example_line.states())
    assert len(states) == example_line.count == 10
    assert states[0] == {"slope": 0, "kind": "up"}
    assert states[1] == {"slope": 0, "kind": "down"}
    assert example_line.start == {"slope": 0.5, "kind": "up"}


def test_readouts_and_description_of_a_state():
    frame = example_line.frame(slope=1.5, kind="down")
    assert frame.readouts == {"End": "−1.50 m"}
    assert frame.alt == "Slope 1.5 m, Falling: ends at −1.50 m."
    # A value between those of the page, as the live face asks for.
    assert example_line.readouts(slope=0.25, kind="up") == {"End": "0.25 m"}


def test_workers_draw_the_same_frames_in_the_same_order():
    alone = example_line.frames(workers=1)
    shared = example_line.frames(workers=2)
    assert [f.svg.markup() for f in alone] == [f.svg.markup() for f in shared]


def test_the_page_decodes_to_the_drawn_frames():
    frames = example_line.frames(workers=1)
    lattice = example_line.encode(frames)
    for i, frame in enumerate(frames):
        assert decode(lattice, i) == canonical(frame.svg)


def test_the_build_gets_html_and_a_kernel_gets_widgets(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "static")
    bundle = example_line._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    monkeypatch.setenv("SMLIB_EXPLORER", "live")
    assert "application/vnd.jupyter.widget-view+json" in example_line._repr_mimebundle_()
    monkeypatch.delenv("SMLIB_EXPLORER")
    assert "application/vnd.jupyter.widget-view+json" in example_line._repr_mimebundle_()
    monkeypatch.setenv("SMLIB_EXPLORER", "quick")
    with pytest.raises(ValueError, match="'quick'"):
        example_line._repr_mimebundle_()


def test_a_page_of_a_site_gets_a_place_for_what_is_drawn_apart(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "deferred")
    html = example_line._repr_mimebundle_()["text/html"]
    assert html == ('<sm-explorer data-from="tests.explorer.example:example_line"></sm-explorer>')
    still = example_still._repr_mimebundle_()["text/html"]
    assert still.startswith('<div class="sm sm-still"') and "<style" not in still
    # One that is declared on the page can be drawn nowhere else.
    declared = declare()
    declared.draw.__module__ = "__main__"
    own = declared._repr_mimebundle_()["text/html"]
    assert "sm-lattice" in own and "customElements" not in own


def test_a_draft_shows_the_first_state_and_says_so():
    html = example_line.first_html()
    assert 'aria-label="Slope 0.5 m, Rising: ends at 0.50 m."' in html
    assert 'id="explorer-example_line"' in html and "draft: it does not move" in html
    assert "sm-lattice" not in html and "<input" not in html


def test_script_and_style_come_once_a_page(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "static")
    first = example_still._repr_mimebundle_()["text/html"]
    second = example_line._repr_mimebundle_()["text/html"]
    assert first.count("customElements.define") == 1
    assert "customElements.define" not in second


def test_the_static_face_stands_alone(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "static")
    html = example_line._repr_mimebundle_()["text/html"]
    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert "eval(" not in html
    assert 'aria-label="Slope 0.5 m, Rising: ends at 0.50 m."' in html
    assert html.count("<label") == 2
    assert html.count('data-lm-suppress-shortcuts="true"') == 2
    # The first state is there without the script.
    assert '<dd data-longest="−0.50 m"><span data-r="0">0.50 m</span></dd>' in html
    assert "<svg" in html


def test_two_explorers_of_one_name_fail_the_build(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "static")
    one, two = declare(name="same"), declare(name="same")
    one._repr_mimebundle_()
    with pytest.raises(ExplorerError, match="'same' has the name of another"):
        two._repr_mimebundle_()
    with pytest.raises(ExplorerError, match="'same' is shown twice"):
        one._repr_mimebundle_()


def test_a_page_holds_so_much(monkeypatch):
    monkeypatch.setenv("SMLIB_EXPLORER", "static")
    monkeypatch.setattr(core_module, "MOST_PAGE_BYTES", 1000)
    with pytest.raises(ExplorerError, match="'plain' brings this page to .* bytes"):
        declare()._repr_mimebundle_()


def test_a_heavy_explorer_warns_and_a_heavier_one_fails(monkeypatch):
    monkeypatch.setattr(core_module, "WARN_BYTES", 10)
    with pytest.warns(UserWarning, match="'plain' takes .* bytes"):
        declare().static_html()
    monkeypatch.setattr(core_module, "MOST_BYTES", 10)
    with pytest.raises(ExplorerError, match="'plain' takes .* bytes"):
        declare().static_html()


def raises_late(fig, x):
    if x > 0.7:
        raise RuntimeError("no solution")
    return {"x": str(x)}


def test_a_draw_function_that_raises_is_named_with_its_state_and_cause():
    with pytest.raises(ExplorerError, match=r"'raises_late' at x=1.0: RuntimeError: no solution"):
        declare(raises_late).static_html()


def forgets(fig, x):
    return {"x": str(x)} if x < 0.7 else {"x": str(x), "more": "m"}


def test_a_readout_missing_in_some_states_is_named():
    with pytest.raises(ExplorerError, match=r"'forgets' at x=1.0: readouts are \['x', 'more'\]"):
        declare(forgets).static_html()


@pytest.mark.parametrize("returned", [3, {"x": 3}, ["x"], {3: "x"}])
def test_readouts_of_another_type_are_named(returned):
    with pytest.raises(ExplorerError, match="readouts must be a dict of str to str, got"):
        declare(lambda fig, x: returned, name="bad").frame(x=0)


@pytest.mark.parametrize("state", [{"x": [0.5]}, {"x": "half"}, {}, {"x": 0, "z": 1}])
def test_a_state_that_is_none_is_named(state):
    with pytest.raises(ExplorerError, match="explorer 'plain' at"):
        declare(alt="A figure.").frame(**state)


def test_a_description_that_asks_for_what_is_not_there_is_named():
    with pytest.raises(ExplorerError, match="'plain' at x=0.0: alt text .* asks for 'y'"):
        declare(alt="{y}").frame(x=0)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"x": 3}, "x=3 is no control"),
        ({"y": menu(("a",), label="y")}, r"draw takes \['x'\], controls are \['x', 'y'\]"),
        ({"x": slider(0, 1, steps=401, label="x")}, "has 401 states, the limit is 400"),
        ({"max_states": 641}, "max_states=641"),
        ({"name": "No Name"}, "'No Name': the name must be"),
    ],
)
def test_a_declaration_that_cannot_work_is_refused_at_once(changes, cause):
    with pytest.raises(ExplorerError, match=cause):
        declare(**changes)


def test_an_explorer_without_controls_is_refused():
    with pytest.raises(ExplorerError, match="'draw' has no controls: declare a still"):
        explorer("T", alt="")(draw)


def draw(fig):
    """Draw nothing."""


def test_a_still_fills_its_description_and_refuses_an_unknown_name():
    assert example_still.frame().alt == "One line, ending at one."
    with pytest.raises(ExplorerError, match="'draw' at its only state: alt text"):
        still(alt="{nothing}")(draw).frame()


class TestLive:
    """The widgets of a kernel."""

    @pytest.fixture
    def widget(self):
        yield example_line.live()
        Widget.close_all()

    def test_labels_values_and_start_are_those_of_the_page(self, widget):
        sliders, menus = widget.children[2].children
        assert sliders.description == "Slope"
        assert menus.description == "Kind"
        assert [text for text, _ in menus.options] == ["Rising", "Falling"]
        assert sliders.value == 0.5
        # Finer steps than the page: two for each of its four.
        assert [value for _, value in sliders.options] == pytest.approx(
            [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2]
        )
        assert sliders.options[1][0] == "0.25 m"

    def test_a_move_changes_figure_and_readouts(self, widget):
        _, figure, controls, _, readouts = widget.children
        before = figure.value
        controls.children[0].value = 1.75
        assert figure.value != before
        assert "1.75 m" in readouts.value
        assert "ends at 1.75 m" in figure.value

    def test_a_known_state_is_not_drawn_again(self, widget, monkeypatch):
        slope = widget.children[2].children[0]
        slope.value = 1.0
        monkeypatch.setattr(example_line, "draw", None)
        slope.value = 0.5
        assert "ends at 0.50 m" in widget.children[1].value

    def test_a_slow_figure_is_drawn_when_the_slider_is_let_go(self, monkeypatch):
        monkeypatch.setattr("smlib.explorer.live._SLOW_SECONDS", 0)
        slope = example_line.live().children[2].children[0]
        assert slope.continuous_update is False
        Widget.close_all()


class TestStepwise:
    """A draw function that yields how far it is."""

    @pytest.fixture
    def steps(self):
        """An explorer whose drawing takes 5 steps, and the list of those that were taken."""
        taken = []

        def patient(fig, x):
            fig.add_axes((0.1, 0.1, 0.8, 0.8)).plot([0, x], lw=mpl.rcParams["lines.linewidth"])
            for i in range(5):
                yield i / 5
                taken.append((x, i))
            return {"x": str(x)}

        half_way = slider(0, 1, steps=3, label="x", start=0.5)
        yield declare(patient, x=half_way), taken
        Widget.close_all()

    @pytest.fixture
    def slowly(self, monkeypatch):
        monkeypatch.setattr("smlib.explorer.live._AT_ONCE_SECONDS", 0)
        monkeypatch.setattr("smlib.explorer.live._LISTEN_SECONDS", 0)

    def test_a_frame_is_that_of_a_plain_function(self, steps):
        def quick(fig, x):
            fig.add_axes((0.1, 0.1, 0.8, 0.8)).plot([0, x], lw=mpl.rcParams["lines.linewidth"])
            return {"x": str(x)}

        frame, same = steps[0].frame(x=0.5), declare(quick, name="patient").frame(x=0.5)
        assert frame.svg.markup() == same.svg.markup()
        assert frame.readouts == same.readouts

    def test_the_theme_holds_in_every_step_and_nowhere_between(self, steps):
        theme = Theme({}, {"lines.linewidth": 7})
        seen = []

        def draw(fig, x):
            seen.append(mpl.rcParams["lines.linewidth"])
            yield 0.5
            seen.append(mpl.rcParams["lines.linewidth"])
            return {}

        outside = mpl.rcParams["lines.linewidth"]
        for _ in declare(draw, alt="x", theme=theme).drawing(x=0):
            assert mpl.rcParams["lines.linewidth"] == outside != 7
        assert seen == [7, 7]

    @pytest.mark.parametrize("bad", [-0.1, 1.5, float("nan")])
    def test_what_is_no_fraction_is_refused(self, bad):
        def draw(fig, x):
            yield bad

        with pytest.raises(ExplorerError, match=f"fraction done, 0 to 1; got {bad}"):
            declare(draw).frame(x=0)

    def test_without_a_loop_it_is_drawn_at_once(self, steps):
        live = steps[0].live()
        assert "0.5" in live.children[4].value
        assert live.children[3].layout.visibility == "hidden"

    def test_the_bar_fills_and_goes(self, steps, slowly):
        async def watch():
            live = steps[0].live()
            bar, seen = live.children[3].children[0], []
            bar.observe(lambda change: seen.append(change["new"]), names="value")
            assert live.children[3].layout.visibility == "visible"
            assert live.children[4].value == ""
            await finished(live)
            return seen, live

        seen, live = run(watch)
        assert seen == pytest.approx([0.2, 0.4, 0.6, 0.8, 0])
        assert "0.5" in live.children[4].value
        assert live.children[3].layout.visibility == "hidden"

    def test_stopped_it_goes_back_to_what_is_shown(self, steps, slowly):
        explorer, taken = steps

        async def stop():
            live = explorer.live()
            await finished(live)
            control, before = live.children[2].children[0], live.children[1].value
            control.value = 1.0
            await asyncio.sleep(0)
            live.children[3].children[1].click()
            assert control.value == 0.5
            assert live.children[3].layout.visibility == "hidden"
            for _ in range(20):
                await asyncio.sleep(0)
            assert live.children[1].value == before
            # And a later visit starts anew.
            control.value = 1.0
            await finished(live)
            assert "1.0" in live.children[4].value

        run(stop)
        assert taken.count((1.0, 4)) == 1

    def test_a_move_gives_up_the_drawing_under_way(self, steps, slowly):
        explorer, taken = steps

        async def move():
            live = explorer.live()
            live.children[2].children[0].value = 1.0
            await finished(live)
            return live

        assert "1.0" in run(move).children[4].value
        assert (0.5, 4) not in taken


def run(work):
    """Result of a coroutine function, in a thread: in this one a loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


async def finished(live):
    """Wait until ``live`` has drawn."""
    for _ in range(1000):
        if live.children[3].layout.visibility == "hidden":
            return
        await asyncio.sleep(0)
    raise AssertionError("the drawing does not end")
