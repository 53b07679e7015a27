"""The live face: core ipywidgets with the same labels and the same figure."""

from __future__ import annotations

import time
from html import escape

import ipywidgets as widgets

from .page import assets, figure_html

# A state that takes longer is drawn when the slider is let go, not on the way.
_SLOW_SECONDS = 0.5


def _widget(control):
    options = [(control.text(value), value) for value in control.fine]
    start = control.values[control.start]
    if control.kind == "menu":
        return widgets.Dropdown(options=options, value=start, description=control.label)
    return widgets.SelectionSlider(options=options, value=start, description=control.label)


def _readouts_html(readouts: dict[str, str]) -> str:
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
        for name, value in readouts.items()
    )
    return f'<div class="sm"><dl class="sm-readouts simple">{rows}</dl></div>'


def live_widget(explorer):
    """Widgets of ``explorer``; every state is drawn once and then remembered."""
    controls = {name: _widget(control) for name, control in explorer.controls.items()}
    for control in controls.values():
        control.style.description_width = "initial"
        control.layout.width = "20em"
    style = assets(explorer.theme).partition("<script>")[0]
    title = widgets.HTML(f'{style}<p class="sm sm-title">{escape(explorer.title)}</p>')
    figure = widgets.HTML(layout=widgets.Layout(max_width="44rem"))
    readouts = widgets.HTML(layout=widgets.Layout(max_width="44rem"))
    busy = widgets.FloatProgress(min=0, max=1, value=0, layout=widgets.Layout(visibility="hidden"))
    drawn: dict[tuple, tuple[str, str]] = {}

    def draw(state: tuple) -> tuple[str, str]:
        frame = explorer.frame(**dict(zip(controls, state, strict=True)))
        return f'<div class="sm">{figure_html(frame)}</div>', _readouts_html(frame.readouts)

    def show(_change=None):
        state = tuple(control.value for control in controls.values())
        if state not in drawn:
            slow = any(getattr(c, "continuous_update", True) is False for c in controls.values())
            if slow:
                busy.layout.visibility, busy.value = "visible", 0.5
            began = time.perf_counter()
            drawn[state] = draw(state)
            if time.perf_counter() - began > _SLOW_SECONDS:
                for control in controls.values():
                    if hasattr(control, "continuous_update"):
                        control.continuous_update = False
            if slow:
                busy.layout.visibility = "hidden"
        figure.value, readouts.value = drawn[state]

    for control in controls.values():
        control.observe(show, names="value")
    show()
    row = widgets.HBox(list(controls.values()), layout=widgets.Layout(flex_flow="row wrap"))
    return widgets.VBox([title, figure, row, busy, readouts])
