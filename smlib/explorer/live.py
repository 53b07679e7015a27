"""The live face: core ipywidgets with the same labels and the same figure."""

from __future__ import annotations

import asyncio
import time
from html import escape

import ipywidgets as widgets

from .controls import Menu
from .page import assets, figure_html

# A state that takes longer is drawn when the slider is let go, not on the way.
_SLOW_SECONDS = 0.5
# So long a drawing in steps keeps the kernel to itself: what is remembered comes at once.
_AT_ONCE_SECONDS = 0.1
# Between two steps of a long drawing the kernel looks for what the reader did meanwhile.
_LISTEN_SECONDS = 0.01


def _widget(control):
    options = [(control.text(value), value) for value in control.fine]
    start = control.values[control.start]
    kind = widgets.Dropdown if isinstance(control, Menu) else widgets.SelectionSlider
    made = kind(options=options, value=start, description=control.label)
    made.style.description_width = "initial"
    made.layout.width = "20em"
    return made


def _readouts_html(readouts: dict[str, str]) -> str:
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in readouts.items()
    )
    return f'<div class="sm"><dl class="sm-readouts simple">{rows}</dl></div>'


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class LiveFace(widgets.VBox):
    """Widgets of ``explorer``; every state is drawn once and then remembered.

    A draw function that is a generator function works beside the kernel's other tasks, with a
    bar that fills and a button that stops it; stopped, the controls go back to what is shown.
    """

    def __init__(self, explorer):
        self._explorer = explorer
        self._controls = {name: _widget(control) for name, control in explorer.controls.items()}
        self._drawn: dict[tuple, tuple[str, str]] = {}
        self._shown: tuple | None = None
        self._task: asyncio.Task | None = None
        style = assets(explorer.theme).partition("<script>")[0]
        title = widgets.HTML(f'{style}<p class="sm sm-title">{escape(explorer.title)}</p>')
        self._figure = widgets.HTML(layout=widgets.Layout(max_width="44rem"))
        self._readouts = widgets.HTML(layout=widgets.Layout(max_width="44rem"))
        self._bar = widgets.FloatProgress(min=0, max=1, description="Computing")
        self._stop = widgets.Button(description="Stop", tooltip="Stop and go back")
        self._stop.on_click(lambda _: self.stop())
        self._work = widgets.HBox([self._bar, self._stop])
        self._busy(False)
        row = list(self._controls.values())
        for control in row:
            control.observe(self._moved, names="value")
        controls = widgets.HBox(row, layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([title, self._figure, controls, self._work, self._readouts])
        self._moved()

    def _busy(self, on: bool, stoppable: bool = False) -> None:
        self._bar.value = 0
        self._stop.layout.visibility = "visible" if on and stoppable else "hidden"
        self._work.layout.visibility = "visible" if on else "hidden"

    def _state(self) -> tuple:
        return tuple(control.value for control in self._controls.values())

    def _show(self, state: tuple) -> None:
        self._shown = state
        self._figure.value, self._readouts.value = self._drawn[state]

    def _remember(self, state: tuple, frame) -> None:
        figure = self._explorer.theme.alone(figure_html(frame.svg.markup(), frame.alt))
        self._drawn[state] = f'<div class="sm">{figure}</div>', _readouts_html(frame.readouts)

    def _let_go_first(self) -> bool:
        """Whether sliders report only where they were let go."""
        return any(not getattr(c, "continuous_update", True) for c in self._controls.values())

    def _slow(self) -> None:
        for control in self._controls.values():
            if control.has_trait("continuous_update"):
                control.continuous_update = False

    def _moved(self, _change=None) -> None:
        if self._task:
            self._task.cancel()
            self._task = None
            self._busy(False)
        state = self._state()
        if state not in self._drawn:
            work = self._explorer.drawing(**dict(zip(self._controls, state, strict=True)))
            if not self._draw_at_once(work, state):
                return
        self._show(state)

    def _draw_at_once(self, work, state: tuple) -> bool:
        """Draw, unless it takes several steps and there is a loop in which to take them."""
        if self._let_go_first():
            self._busy(True)
        began = time.perf_counter()
        loop = _running_loop()
        try:
            done = next(work)
            while loop is None or time.perf_counter() - began < _AT_ONCE_SECONDS:
                done = next(work)
        except StopIteration as end:
            self._remember(state, end.value)
            if time.perf_counter() - began > _SLOW_SECONDS:
                self._slow()
            self._busy(False)
            return True
        self._slow()
        self._busy(True, stoppable=True)
        self._bar.value = done
        self._task = loop.create_task(self._draw_stepwise(work, state))
        return False

    async def _draw_stepwise(self, work, state: tuple) -> None:
        try:
            while True:
                await asyncio.sleep(_LISTEN_SECONDS)
                self._bar.value = next(work)
        except StopIteration as end:
            self._remember(state, end.value)
            self._task = None
            self._busy(False)
            self._show(state)
        finally:
            work.close()

    def stop(self) -> None:
        """Give up the drawing under way, if there is one; go back to the state that is shown."""
        if not self._task:
            return
        self._task.cancel()
        self._task = None
        self._busy(False)
        if self._shown:
            for control, value in zip(self._controls.values(), self._shown, strict=True):
                control.unobserve(self._moved, names="value")
                control.value = value
                control.observe(self._moved, names="value")
