"""The static face: HTML that works alone, from a file, in a page of the book or on a slide."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files

from .controls import Menu, Slider, widest
from .theme import Theme


@cache
def _resource(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def assets(theme: Theme) -> str:
    """Style and script that explorers and stills need, once a page (more often does no harm)."""
    style = theme.css() + _resource("explorer.css")
    return f"<style>{style}</style><script>{_resource('explorer.js')}</script>"


def figure_html(markup: str, alt: str) -> str:
    """A drawn figure with its description."""
    return f'<svg role="img" aria-label="{escape(alt)}"{markup.removeprefix("<svg")}'


def still_html(name: str, frame) -> str:
    """A figure without controls."""
    figure = figure_html(frame.svg.markup(), frame.alt)
    return f'<div class="sm sm-still" id="still-{name}">{figure}</div>'


def draft_html(explorer, frame) -> str:
    """The first state of an explorer, for a draft; nothing in it moves."""
    figure = figure_html(frame.svg.markup(), frame.alt)
    title = f'<p class="sm-title">{escape(explorer.title)} (draft: it does not move)</p>'
    return f'<div class="sm sm-still" id="explorer-{explorer.name}">{title}{figure}</div>'


def _control_html(explorer, name: str, control) -> str:
    identity = f"{explorer.name}-{name}"
    # A browser that restored what was chosen before would contradict the figure.
    common = (
        f'id="{identity}" data-name="{name}" autocomplete="off" data-lm-suppress-shortcuts="true"'
    )
    label = f'<label for="{identity}">{escape(control.label)}</label>'
    if isinstance(control, Menu):
        options = "".join(
            f'<option value="{escape(control.key(value))}"'
            f"{' selected' if i == control.start else ''}>{escape(control.text(value))}</option>"
            for i, value in enumerate(control.values)
        )
        return f'<div class="sm-control">{label}<select {common}>{options}</select></div>'
    text = escape(control.text(control.values[control.start]))
    longest = escape(widest(map(control.text, control.values)))
    return (
        f'<div class="sm-control">{label}<span class="sm-value" aria-hidden="true" '
        f'data-longest="{longest}"><span>{text}</span></span>'
        f'<input type="range" min="0" max="{len(control.values) - 1}" step="1" '
        f'value="{control.start}" aria-valuetext="{text}" {common}></div>'
    )


def explorer_html(explorer, drawn) -> str:
    """The first state as plain HTML, the others as an inert block of data.

    Readouts and values keep room for their longest text: the page does not jump when they change.
    """
    told = zip(drawn.readouts.items(), drawn.longest, strict=True)
    readouts = "".join(
        f'<div><dt>{escape(name)}</dt><dd data-longest="{escape(most)}">'
        f'<span data-r="{i}">{escape(value)}</span></dd></div>'
        for i, ((name, value), most) in enumerate(told)
    )
    controls = "".join(_control_html(explorer, n, c) for n, c in explorer.controls.items())
    values = {
        name: {
            "t": list(map(control.text, control.values)),
            "v": list(map(control.key, control.values)),
            "s": control.start,
        }
        for name, control in explorer.controls.items()
    }
    described = escape(json.dumps(values, separators=(",", ":"), ensure_ascii=False))
    slides = any(isinstance(control, Slider) for control in explorer.controls.values())
    play = '<button type="button" class="sm-play" aria-pressed="false">Play</button>'
    return (
        f'<sm-explorer class="sm" id="explorer-{explorer.name}" data-name="{explorer.name}" '
        f'data-controls="{described}" data-prevent-swipe role="group" '
        f'aria-labelledby="{explorer.name}-title">'
        f'<p class="sm-title" id="{explorer.name}-title">{escape(explorer.title)}</p>'
        f'<div class="sm-figure">{figure_html(drawn.base, drawn.alt)}</div>'
        f'<div class="sm-panel"><div class="sm-controls">{controls}</div>'
        f'<dl class="sm-readouts simple">{readouts}</dl>'
        f'<div class="sm-actions">{play if slides else ""}'
        '<button type="button" class="sm-reset">Reset</button>'
        f'<a class="sm-link" href="#explorer-{explorer.name}">Link to this state</a></div></div>'
        '<p class="sm-status" role="status"></p>'
        f'<script type="application/sm-lattice">{drawn.packed}</script>'
        '<template class="sm-end"></template></sm-explorer>'
    )
